#include "conceptune/concepts/file_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/utf8.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading concept table";

}  // namespace

FileSource::FileSource(const FileOptions& options, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                       int max_synonyms)
    : tokenizer_(std::move(tokenizer)), max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  if (options.table.empty()) throw InputError(kDoing, "table", "none named");
  hash_ = sha256_of_file(options.table);
  table_ = read_concept_table(options.table);
  for (const auto& row : table_.rows) {
    const bool is_new = row.begin
                            ? of_places_.emplace(Place(row.passage, *row.begin), &row).second
                            : general_.emplace(Key(ascii_lower(row.word), row.pos, row.passage), &row).second;
    if (!is_new)
      throw InputError(
          kDoing, table_.where(row),
          fmt::format("a second row for '{}'{}", ascii_lower(row.word),
                      row.begin ? "; conceptune dataset adjudicate makes one of several people's" : ""));
  }
}

const ConceptRow* FileSource::row_of(const ConceptWord& word, const std::string& passage) const {
  if (const auto row = of_places_.find(Place(passage, word.span.begin));
      row != of_places_.end() && word.span != tokenizer::Span{})
    return row->second;
  const std::string text = ascii_lower(word.word);
  const std::string pos(words::name_of(word.pos));
  const std::string any;
  for (const auto& key :
       {Key(text, pos, passage), Key(text, any, passage), Key(text, pos, any), Key(text, any, any)})
    if (const auto row = general_.find(key); row != general_.end()) return row->second;
  return nullptr;
}

void FileSource::check_places(const ConceptRecord& record) const {
  auto row = of_places_.lower_bound(Place(record.id, 0));
  if (row == of_places_.end() || row->first.first != record.id) return;
  const std::u32string text = decode_utf8(record.text);
  std::set<std::uint32_t> places;
  for (const auto& word : record.words) places.insert(word.span.begin);
  for (; row != of_places_.end() && row->first.first == record.id; ++row) {
    const std::uint32_t begin = row->first.second;
    const std::string& word = row->second->word;
    if (begin >= text.size() ||
        !equal_ignoring_case(encode_utf8(text.substr(begin, count_code_points(word))), word))
      throw InputError(
          kDoing, table_.where(*row->second),
          fmt::format("'{}' does not stand at character {} of passage {}", word, begin, record.id));
    if (!places.contains(begin) && !has_warned_.exchange(true))
      warn(
          fmt::format("{}: '{}' at character {} of passage {} is no content word here; such rows are left "
                      "out. The judged dataset had another tokenizer or other options of content words",
                      table_.where(*row->second), word, begin, record.id));
  }
}

Json FileSource::made_from() const {
  Json facts = {{"table", hash_}};
  std::set<std::string> annotators;
  for (const auto& row : table_.rows) annotators.insert(row.annotators.begin(), row.annotators.end());
  if (!annotators.empty()) facts["annotators"] = annotators;
  return facts;
}

Outcomes FileSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    check_places(draft.record);
    for (auto& word : draft.record.words) {
      const auto* row = row_of(word, draft.record.id);
      ++outcomes.asked;
      ++(!row ? outcomes.refused : row->synonyms.empty() ? outcomes.empty : outcomes.answered);
      if (!row) continue;
      if (row->begin) word.judges = static_cast<std::uint32_t>(row->annotators.size());
      for (std::size_t i = 0; i < std::min(max_synonyms_, row->synonyms.size()); ++i)
        word.synonyms.push_back({tokenizer_->encode_ids(" " + row->synonyms[i]), row->synonyms[i],
                                 1.0 / static_cast<double>(i + 1)});
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
