#include "conceptune/concepts/concept_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading concept table";
constexpr std::string_view kColumns[] = {"word",     "synonyms", "pos",       "passage", "begin",
                                         "rejected", "added",    "annotator", "dataset"};
constexpr std::string_view kFirstLine =
    "dataset\tannotator\tpassage\tbegin\tword\tpos\tsynonyms\tadded\trejected\n";

using Texts = std::vector<std::string>;

Texts split(std::string_view text, char separator) {
  Texts parts;
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

/// The pairs of an escape's letter and what it means.
constexpr std::pair<char, char> kEscapes[] = {{'\\', '\\'}, {'t', '\t'}, {'n', '\n'},
                                              {'r', '\r'},  {'p', '|'},  {'s', ' '}};

std::string unescaped(const std::string& field, const std::string& where) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      text += field[i];
      continue;
    }
    const char letter = ++i < field.size() ? field[i] : '\0';
    const auto* escape =
        std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](auto e) { return e.first == letter; });
    if (escape == std::end(kEscapes))
      throw InputError(kDoing, where, "a backslash without one of \\, t, n, r, p and s behind it");
    text += escape->second;
  }
  return text;
}

std::string joined(const Texts& texts) {
  std::string list;
  for (const auto& text : texts) {
    if (!list.empty()) list += '|';
    list += table_escaped(text);
  }
  return list;
}

/// Takes the rows of one table apart.
class RowReader {
 public:
  RowReader(const std::string& first_line, const std::string& where) {
    const auto names = split(first_line, '\t');
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (std::find(std::begin(kColumns), std::end(kColumns), names[i]) == std::end(kColumns))
        throw InputError(kDoing, where,
                         fmt::format("unknown column '{}', expected word, synonyms, pos, passage, begin, "
                                     "rejected, added, annotator or dataset",
                                     names[i]));
      columns_[names[i]] = i;
    }
    if (!columns_.contains("word") || !columns_.contains("synonyms"))
      throw InputError(kDoing, where,
                       "expected a line that names the columns word and synonyms, separated by tabs");
    is_escaped_ = columns_.contains("dataset");
  }

  /// The row of a line, and the dataset that it names.
  std::pair<ConceptRow, std::string> read(const std::string& line, const std::string& where) {
    fields_ = split(line, '\t');
    where_ = where;
    ConceptRow row;
    row.word = text("word");
    if (row.word.empty()) refuse("a row without a word");
    row.pos = text("pos");
    if (!row.pos.empty() && !words::part_of_speech_named(row.pos))
      refuse(fmt::format("unknown part of speech '{}', expected NOUN, VERB or ADJ", row.pos));
    row.passage = text("passage");
    row.begin = begin();
    if (row.begin && row.passage.empty()) refuse("a place (begin) without its passage");
    row.synonyms = list("synonyms", row.word);
    row.rejected = list("rejected", {});
    row.added = list("added", row.word);
    row.annotators = list("annotator", {});
    for (const auto& word : row.rejected)
      if (holds(row.synonyms, word)) refuse(fmt::format("'{}' both among synonyms and rejected", word));
    for (const auto& word : row.added)
      if (!holds(row.synonyms, word)) refuse(fmt::format("'{}' was added and is not among synonyms", word));
    return {std::move(row), text("dataset")};
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const { throw InputError(kDoing, where_, problem); }

  const std::string& field(const char* name) const {
    static const std::string kNone;
    const auto column = columns_.find(name);
    return column == columns_.end() || column->second >= fields_.size() ? kNone : fields_[column->second];
  }
  std::string text(const char* name) const {
    return is_escaped_ ? unescaped(field(name), where_) : field(name);
  }
  /// Without `word` itself, empty parts and what stands twice.
  Texts list(const char* name, const std::string& word) const {
    Texts parts;
    for (auto& part : split(field(name), '|')) {
      std::string entry = is_escaped_ ? unescaped(part, where_) : std::move(part);
      if (!entry.empty() && !equal_ignoring_case(entry, word) && !holds(parts, entry))
        parts.push_back(std::move(entry));
    }
    return parts;
  }
  std::optional<std::uint32_t> begin() const {
    const std::string& digits = field("begin");
    if (digits.empty()) return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size())
      refuse(fmt::format("begin is '{}', expected the number of a character", digits));
    return value;
  }

  std::map<std::string, std::size_t> columns_;
  bool is_escaped_ = false;
  Texts fields_;
  std::string where_;
};

}  // namespace

bool holds(const Texts& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::string ConceptTable::where(const ConceptRow& row) const {
  return fmt::format("{}, line {}", path, row.line);
}

ConceptTable read_concept_table(const std::filesystem::path& path) {
  ConceptTable table{path.string(), {}, {}};
  LineReader lines(path, kDoing, LineReader::kMaxRecordBytes);
  std::string line;
  const auto next = [&] {
    if (!lines.next(line)) return false;
    if (first_invalid_utf8(line)) throw InputError(kDoing, lines.where(), "invalid UTF-8");
    return true;
  };
  if (!next()) throw InputError(kDoing, table.path, "the table is empty");
  RowReader reader(line, lines.where());
  while (next()) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto [row, dataset] = reader.read(line, lines.where());
    row.line = lines.line_number();
    if (!table.rows.empty() && dataset != table.dataset)
      throw InputError(kDoing, lines.where(),
                       fmt::format("judges dataset '{}', the rows before '{}'", dataset, table.dataset));
    table.dataset = dataset;
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_judgement_table(const ConceptTable& table, const Destination& destination,
                           const std::vector<std::filesystem::path>& inputs) {
  check_file_destination(
      destination, "table of judgements", "writing a table",
      [](const std::filesystem::path& file) { return begins_with(file, kFirstLine); }, inputs);
  AtomicFile file(destination.path, destination.existing);
  file.write(kFirstLine);
  for (const auto& row : table.rows)
    file.write(fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", table_escaped(table.dataset),
                           joined(row.annotators), table_escaped(row.passage), row.begin.value_or(0),
                           table_escaped(row.word), row.pos, joined(row.synonyms), joined(row.added),
                           joined(row.rejected)));
  file.commit();
}

std::string table_escaped(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_end = i == 0 || i + 1 == text.size();
    const auto* escape = std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](auto e) {
      return e.second == text[i] && (text[i] != ' ' || is_end);
    });
    if (escape == std::end(kEscapes))
      escaped += text[i];
    else
      escaped += {'\\', escape->first};
  }
  return escaped;
}

}  // namespace conceptune::concepts
