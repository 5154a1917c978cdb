// Records as lines of JSON, and what makes a record consistent.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading dataset";

void check_synonyms(const ConceptWord& word, std::int64_t vocabulary, std::string_view doing,
                    std::string_view where) {
  const auto refuse = [&](std::string_view problem) {
    throw InputError(doing, where, fmt::format("word at position {}: {}", word.position, problem));
  };
  for (std::size_t i = 0; i < word.synonyms.size(); ++i) {
    const Synonym& synonym = word.synonyms[i];
    if (synonym.ids.empty()) refuse("a synonym without token ids");
    for (const auto id : synonym.ids)
      if (id < 0 || id >= vocabulary)
        refuse(fmt::format("synonym token {}, expected 0 to {}", id, vocabulary - 1));
    if (!std::isfinite(synonym.score)) refuse("a score that is not finite");
    if (synonym.text.empty() || synonym.text == word.word)
      refuse(fmt::format("the synonym '{}', expected another word", synonym.text));
    for (std::size_t k = 0; k < i; ++k)
      if (word.synonyms[k].text == synonym.text) refuse(fmt::format("the synonym '{}' twice", synonym.text));
  }
}

Json to_json(const ConceptWord& word) {
  Json synonyms = Json::array();
  for (const auto& synonym : word.synonyms)
    synonyms.push_back({{"text", synonym.text}, {"ids", synonym.ids}, {"score", synonym.score}});
  Json object = {{"position", word.position}, {"word", word.word}, {"pos", words::name_of(word.pos)}};
  if (word.span != tokenizer::Span{}) {
    object["begin"] = word.span.begin;
    object["end"] = word.span.end;
  }
  if (word.judges > 0) object["judges"] = word.judges;
  object["synonyms"] = std::move(synonyms);
  return object;
}

template <class Integer>
Integer integer_from(const Json& value, std::string_view where) {
  if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<std::int32_t>::max())
    throw InputError(
        kDoing, where,
        fmt::format("expected an integer from 0 to {}", std::numeric_limits<std::int32_t>::max()));
  return value.get<Integer>();
}

std::vector<std::int32_t> ids_from(const Json& list, std::string_view where) {
  if (!list.is_array()) throw InputError(kDoing, where, "expected a list of token ids");
  std::vector<std::int32_t> ids;
  ids.reserve(list.size());
  for (const auto& id : list) ids.push_back(integer_from<std::int32_t>(id, where));
  return ids;
}

ConceptWord word_from(const Json& object, std::string_view where) {
  ConceptWord word;
  word.position = integer_from<std::uint32_t>(object.at("position"), where);
  word.word = object.at("word").get<std::string>();
  const auto pos = words::part_of_speech_named(object.at("pos").get<std::string>());
  if (!pos)
    throw InputError(kDoing, where, fmt::format("unknown part of speech {}", object.at("pos").dump()));
  word.pos = *pos;
  for (const auto& synonym : object.at("synonyms"))
    word.synonyms.push_back({ids_from(synonym.at("ids"), where), synonym.at("text").get<std::string>(),
                             synonym.at("score").get<double>()});
  if (object.contains("begin") || object.contains("end"))
    word.span = {integer_from<std::uint32_t>(object.at("begin"), where),
                 integer_from<std::uint32_t>(object.at("end"), where)};
  if (object.contains("judges")) word.judges = integer_from<std::uint32_t>(object.at("judges"), where);
  return word;
}

/// Whether known spans follow each other and hold their words.
void check_spans(const ConceptRecord& record, std::string_view doing, std::string_view where) {
  const bool is_known =
      std::ranges::any_of(record.words, [](const auto& w) { return w.span != tokenizer::Span{}; });
  if (!is_known) return;
  const std::u32string text = decode_utf8(record.text);
  std::uint32_t after = 0;
  for (const auto& word : record.words) {
    const auto [begin, end] = word.span;
    if (word.span == tokenizer::Span{}) continue;
    if (begin < after || end <= begin || end > text.size() ||
        encode_utf8(std::u32string_view(text).substr(begin, end - begin)) != word.word)
      throw InputError(
          doing, where,
          fmt::format("word at position {}: expected '{}' at the characters {} to {} of the text",
                      word.position, word.word, begin, end));
    after = end;
  }
}

}  // namespace

bool has_text_ignoring_case(std::span<const Synonym> synonyms, std::string_view text) {
  return std::ranges::any_of(synonyms, [&](const Synonym& s) { return equal_ignoring_case(s.text, text); });
}

void check_record(const ConceptRecord& record, std::int64_t vocabulary, std::string_view doing,
                  std::string_view where) {
  for (const auto id : record.ids)
    if (id < 0 || id >= vocabulary)
      throw InputError(doing, where, fmt::format("token {}, expected 0 to {}", id, vocabulary - 1));
  std::int64_t last = -1;
  for (const auto& word : record.words) {
    if (word.position <= last || word.position >= record.ids.size())
      throw InputError(
          doing, where,
          fmt::format("word at position {}, expected positions that rise from {} to at most {}",
                      word.position, last + 1, static_cast<std::int64_t>(record.ids.size()) - 1));
    last = word.position;
    check_synonyms(word, vocabulary, doing, where);
  }
  check_spans(record, doing, where);
}

std::string record_to_line(const ConceptRecord& record) {
  Json words = Json::array();
  for (const auto& word : record.words) words.push_back(to_json(word));
  return to_json_text(
      {{"id", record.id}, {"text", record.text}, {"ids", record.ids}, {"words", std::move(words)}});
}

ConceptRecord record_from_line(std::string_view line, std::string_view where) {
  const Json object = parse_json(line, kDoing, where);
  ConceptRecord record;
  try {
    record.id = object.at("id").get<std::string>();
    record.text = object.at("text").get<std::string>();
    record.ids = ids_from(object.at("ids"), where);
    for (const auto& word : object.at("words")) record.words.push_back(word_from(word, where));
  } catch (const nlohmann::json::exception&) {
    throw InputError(kDoing, where,
                     "expected an object with id, text, ids and words, as docs/file-formats.md says");
  }
  return record;
}

}  // namespace conceptune::concepts
