#include "conceptune/concepts/file_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/wordnet_source.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading concept table";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    std::string_view part = text.substr(0, end);
    while (!part.empty() && (part.front() == ' ' || part.front() == '\r')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\r')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::map<std::string, std::size_t> columns_of(const std::string& line, const std::string& where) {
  std::map<std::string, std::size_t> columns;
  const auto names = split(line, '\t');
  for (std::size_t i = 0; i < names.size(); ++i) {
    constexpr std::string_view kKnown[] = {"word", "synonyms", "pos", "passage"};
    if (std::find(std::begin(kKnown), std::end(kKnown), names[i]) == std::end(kKnown))
      throw InputError(kDoing, where,
                       fmt::format("unknown column '{}', expected word, synonyms, pos or passage", names[i]));
    columns[names[i]] = i;
  }
  if (!columns.contains("word") || !columns.contains("synonyms"))
    throw InputError(kDoing, where,
                     "expected a line that names the columns word and synonyms, separated by tabs");
  return columns;
}

}  // namespace

FileSource::FileSource(const FileOptions& options, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                       int max_synonyms)
    : tokenizer_(std::move(tokenizer)), max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  if (options.table.empty()) throw InputError(kDoing, "table", "none named");
  hash_ = sha256_of_file(options.table);
  read(options.table);
}

void FileSource::read(const std::filesystem::path& table) {
  LineReader lines(table, kDoing, LineReader::kMaxRecordBytes);
  std::string line;
  if (!lines.next(line)) throw InputError(kDoing, table.string(), "the table is empty");
  const auto columns = columns_of(line, lines.where());
  while (lines.next(line)) {
    if (first_invalid_utf8(line)) throw InputError(kDoing, lines.where(), "invalid UTF-8");
    if (line.find_first_not_of(" \t\r") != std::string::npos) read_row(line, columns, lines.where());
  }
}

void FileSource::read_row(const std::string& line, const std::map<std::string, std::size_t>& columns,
                          const std::string& where) {
  const auto fields = split(line, '\t');
  const auto field = [&](const char* name) {
    const auto column = columns.find(name);
    return column == columns.end() || column->second >= fields.size() ? std::string()
                                                                      : fields[column->second];
  };
  const std::string word = lower_case(field("word"));
  if (word.empty()) throw InputError(kDoing, where, "a row without a word");
  const std::string pos = field("pos");
  if (!pos.empty() && !words::part_of_speech_named(pos))
    throw InputError(kDoing, where,
                     fmt::format("unknown part of speech '{}', expected NOUN, VERB or ADJ", pos));
  std::vector<std::string> synonyms;
  for (auto& synonym : split(field("synonyms"), '|'))
    if (!synonym.empty() && !equal_ignoring_case(synonym, word) &&
        std::find(synonyms.begin(), synonyms.end(), synonym) == synonyms.end())
      synonyms.push_back(std::move(synonym));
  if (!rows_.emplace(Key(word, pos, field("passage")), std::move(synonyms)).second)
    throw InputError(kDoing, where, fmt::format("a second row for '{}'", word));
}

const std::vector<std::string>* FileSource::row_of(const ConceptWord& word,
                                                   const std::string& passage) const {
  const std::string text = lower_case(word.word);
  const std::string pos(words::name_of(word.pos));
  const std::string any;
  for (const auto& key :
       {Key(text, pos, passage), Key(text, any, passage), Key(text, pos, any), Key(text, any, any)})
    if (const auto row = rows_.find(key); row != rows_.end()) return &row->second;
  return nullptr;
}

Json FileSource::made_from() const { return {{"table", hash_}}; }

Outcomes FileSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (auto& draft : drafts) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    for (auto& word : draft.record.words) {
      const auto* synonyms = row_of(word, draft.record.id);
      ++outcomes.asked;
      ++(!synonyms ? outcomes.refused : synonyms->empty() ? outcomes.empty : outcomes.answered);
      if (!synonyms) continue;
      for (std::size_t i = 0; i < std::min(max_synonyms_, synonyms->size()); ++i)
        word.synonyms.push_back(
            {tokenizer_->encode_ids(" " + (*synonyms)[i]), (*synonyms)[i], 1.0 / static_cast<double>(i + 1)});
    }
  }
  return outcomes;
}

}  // namespace conceptune::concepts
