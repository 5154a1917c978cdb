// Reads WordNet's database files; wndb(5WN) describes them. A file may come damaged or cut off: index and
// data are held against each other, so that nothing is silently missing.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <unordered_map>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/wordnet_data.h"
#include "conceptune/concepts/wordnet_morphology.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading WordNet";
constexpr std::uint32_t kMaxOffset = std::numeric_limits<std::int32_t>::max();
constexpr std::string_view kFollowedSymbols = "@~&$";
constexpr std::array<std::string_view, kWordNetParts.size()> kSynsetTypes = {"n", "v", "as"};

[[noreturn]] void refuse_line(const std::string& file, std::int64_t line, std::string_view problem) {
  throw InputError(kDoing, fmt::format("{}, line {}", file, line), problem);
}

/// The fields of one line, with the place for messages.
class Fields {
 public:
  Fields(std::string_view line, const std::string& file, std::int64_t number)
      : rest_(line), file_(file), number_(number) {}

  std::int64_t line() const { return number_; }

  std::string_view next() {
    const std::size_t begin = rest_.find_first_not_of(' ');
    if (begin == std::string_view::npos) refuse("the line ends too early");
    const std::size_t end = std::min(rest_.find(' ', begin), rest_.size());
    const auto field = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    return field;
  }
  std::uint32_t number(int base, std::uint32_t largest) {
    const auto field = next();
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, base);
    if (error != std::errc() || end != field.data() + field.size() || value > largest)
      refuse(fmt::format("'{}', expected a number of at most {}", field, largest));
    return value;
  }
  /// One of the letters that stand for the parts of speech.
  char letter(std::string_view letters) {
    const auto field = next();
    if (field.size() != 1 || letters.find(field.front()) == std::string_view::npos)
      refuse(fmt::format("'{}', expected a letter of '{}'", field, letters));
    return field.front();
  }
  void skip(std::uint32_t fields) {
    for (std::uint32_t i = 0; i < fields; ++i) next();
  }
  bool at_end() const { return rest_.find_first_not_of(' ') == std::string_view::npos; }
  /// As many as the rest of the line could hold: a lying count is refused before anything is reserved.
  std::uint32_t count(int base) { return number(base, static_cast<std::uint32_t>(rest_.size() / 2)); }

  [[noreturn]] void refuse(std::string_view problem) const { refuse_line(file_, number_, problem); }

 private:
  std::string_view rest_;
  const std::string& file_;
  std::int64_t number_;
};

/// Database spelling to ours: spaces for underscores, no syntactic marker ("galore(ip)").
std::string plain_word(std::string_view word) {
  if (word.ends_with(')')) word = word.substr(0, word.rfind('('));
  std::string plain(word);
  std::replace(plain.begin(), plain.end(), '_', ' ');
  return plain;
}

/// Whether it is known how the index spells a word: letters beyond ASCII may be in lower case there or not.
bool is_comparable(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) { return c < 0x80; });
}

/// Calls `parse` with each line but the licence's, which begin with two spaces, and the line's first byte.
template <class Parse>
void for_each_line(std::string_view content, const std::string& file, Parse parse) {
  std::int64_t number = 0;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = content.find('\n', begin);
    const auto line = content.substr(begin, end - begin);
    ++number;
    if (!line.starts_with("  ")) parse(Fields(line, file, number), static_cast<std::uint32_t>(begin));
    begin = end + 1;
  }
}

}  // namespace

class WordNet::Loader {
 public:
  Loader(const ReadFile& read, fs::path where) : read_(read), where_(std::move(where)) {}

  std::unique_ptr<Data> load() {
    for (const auto part : kWordNetParts) read_synsets(part);
    resolve_pointers();
    for (const auto part : kWordNetParts) {
      read_senses(part);
      read_exceptions(part);
      check_words(part);
    }
    data_->hash = hash_.hex();
    return std::move(data_);
  }

 private:
  using OffsetMap = std::unordered_map<std::uint32_t, Synset>;
  /// Where a synset comes from.
  struct Origin {
    WordNetPart part;
    std::int64_t line;
  };
  struct Unresolved {
    Synset from;
    char symbol;
    WordNetPart part;
    std::uint32_t offset;
  };

  static std::size_t index(WordNetPart part) { return static_cast<std::size_t>(part); }
  static std::string data_name(WordNetPart part) {
    return fmt::format("data.{}", kWordNetSuffixes[index(part)]);
  }
  static std::string index_name(WordNetPart part) {
    return fmt::format("index.{}", kWordNetSuffixes[index(part)]);
  }
  std::string path(const std::string& name) const { return (where_ / name).string(); }

  std::string read(const std::string& name) {
    std::string content = read_(name);
    const auto refuse = [&](std::string_view problem) { throw InputError(kDoing, path(name), problem); };
    const auto is_control = [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; };
    if (content.empty()) refuse("the file is empty");
    if (content.size() > kMaxOffset) refuse("larger than 2 GiB");
    if (const auto byte = first_invalid_utf8(content)) refuse(fmt::format("invalid UTF-8 at byte {}", *byte));
    if (const auto at = std::find_if(content.begin(), content.end(), is_control); at != content.end())
      refuse(fmt::format("a control character at byte {}", at - content.begin()));
    if (!content.ends_with('\n')) refuse(fmt::format("cut off at byte {}, within a line", content.size()));
    hash_.update(content);
    return content;
  }

  void read_synsets(WordNetPart part) {
    const std::string name = data_name(part);
    const std::string file = path(name);
    for_each_line(read(name), file,
                  [&](Fields fields, std::uint32_t begin) { read_synset(fields, begin, part); });
  }

  void read_synset(Fields& fields, std::uint32_t begin, WordNetPart part) {
    if (fields.number(10, kMaxOffset) != begin)
      fields.refuse(fmt::format("the synset does not name its own offset {}", begin));
    fields.skip(1);  // lexicographer file
    fields.letter(kSynsetTypes[index(part)]);
    const auto synset = static_cast<Synset>(data_->synsets.size());
    WordNetSynset& entry = data_->synsets.emplace_back();
    origins_.push_back({part, fields.line()});
    const std::uint32_t words = fields.count(16);
    if (words == 0) fields.refuse("a synset without words");
    for (std::uint32_t i = 0; i < words; ++i) {
      entry.words.push_back(plain_word(fields.next()));
      fields.skip(1);  // lexical id
    }
    const std::uint32_t pointers = fields.count(10);
    for (std::uint32_t i = 0; i < pointers; ++i) read_pointer(fields, synset);
    if (part == WordNetPart::verb) fields.skip(3 * fields.count(10));  // sentence frames: + frame word
    if (fields.next() != "|") fields.refuse("expected | and the gloss after the pointers");
    offsets_[index(part)].emplace(begin, synset);
  }

  void read_pointer(Fields& fields, Synset from) {
    const char symbol = fields.next().front();
    const std::uint32_t offset = fields.number(10, kMaxOffset);
    const auto part = part_of(fields.letter("nvasr"));
    const bool between_synsets = fields.number(16, 0xffff) == 0;  // else between two of their words
    if (part && between_synsets && kFollowedSymbols.find(symbol) != std::string_view::npos)
      unresolved_.push_back({from, symbol, *part, offset});
  }

  static std::optional<WordNetPart> part_of(char letter) {
    if (letter == 'n') return WordNetPart::noun;
    if (letter == 'v') return WordNetPart::verb;
    if (letter == 'a' || letter == 's') return WordNetPart::adjective;
    return std::nullopt;  // adverbs
  }

  /// `where` gives the file of the line that refers to the synset.
  template <class Where>
  Synset synset_at(WordNetPart part, std::uint32_t offset, Where where, std::int64_t line) const {
    const auto found = offsets_[index(part)].find(offset);
    if (found == offsets_[index(part)].end())
      refuse_line(where(), line,
                  fmt::format("no synset at byte {} of {}, which is referred to", offset, data_name(part)));
    return found->second;
  }

  void resolve_pointers() {
    for (const auto& [from, symbol, part, offset] : unresolved_) {
      const Origin& origin = origins_[from];
      const auto where = [&] { return path(data_name(origin.part)); };
      data_->synsets[from].pointers.push_back({symbol, synset_at(part, offset, where, origin.line)});
    }
  }

  void read_senses(WordNetPart part) {
    const std::string name = index_name(part);
    const std::string file = path(name);
    for_each_line(read(name), file, [&](Fields fields, std::uint32_t) {
      const std::string lemma = plain_word(fields.next());
      auto& senses = data_->senses[index(part)][lemma];
      if (!senses.empty()) fields.refuse(fmt::format("'{}' for the second time", lemma));
      fields.letter(kSynsetTypes[index(part)].substr(0, 1));
      const std::uint32_t synsets = fields.count(10);
      if (synsets == 0) fields.refuse("a word without synsets");
      fields.skip(fields.count(10) + 2);  // symbols of pointers and two counts
      for (std::uint32_t i = 0; i < synsets; ++i) {
        const std::uint32_t offset = fields.number(10, kMaxOffset);
        const Synset synset = synset_at(
            part, offset, [&] { return file; }, fields.line());
        if (is_comparable(lemma)) check_word(synset, lemma, fields);
        senses.push_back(synset);
      }
      if (!fields.at_end()) fields.refuse("more fields than it announces");
    });
  }

  void read_exceptions(WordNetPart part) {
    const std::string name = fmt::format("{}.exc", kWordNetSuffixes[index(part)]);
    const std::string file = path(name);
    for_each_line(read(name), file, [&](Fields fields, std::uint32_t) {
      const std::string form = plain_word(fields.next());
      do {
        const std::string base = plain_word(fields.next());
        data_->exceptions[index(part)][form].push_back(base);
        data_->inflections[index(part)][base].push_back(form);
      } while (!fields.at_end());
    });
  }

  void check_word(Synset synset, const std::string& lemma, const Fields& fields) const {
    const auto& words = data_->synsets[synset].words;
    const auto is_lemma = [&](const std::string& word) {
      return word.size() == lemma.size() && database_spelling(word) == lemma;
    };
    if (std::none_of(words.begin(), words.end(), is_lemma))
      fields.refuse(fmt::format("'{}' is no word of a synset that it names", lemma));
  }

  /// Every word of the data must be found through the index.
  void check_words(WordNetPart part) const {
    const auto& index_of_part = data_->senses[index(part)];
    const auto is_found = [&](const std::string& word, Synset synset) {
      const auto entry = index_of_part.find(database_spelling(word));
      return entry != index_of_part.end() &&
             std::find(entry->second.begin(), entry->second.end(), synset) != entry->second.end();
    };
    for (Synset synset = 0; synset < data_->synsets.size(); ++synset) {
      if (origins_[synset].part != part) continue;
      for (const auto& word : data_->synsets[synset].words)
        if (is_comparable(word) && !is_found(word, synset))
          refuse_line(path(data_name(part)), origins_[synset].line,
                      fmt::format("'{}' of this synset is missing in {}", word, index_name(part)));
    }
  }

  const ReadFile& read_;
  fs::path where_;
  Sha256 hash_;
  std::unique_ptr<Data> data_ = std::make_unique<Data>();
  std::array<OffsetMap, kWordNetParts.size()> offsets_;
  std::vector<Origin> origins_;  // by synset
  std::vector<Unresolved> unresolved_;
};

std::shared_ptr<const WordNet> WordNet::load(const fs::path& folder) {
  if (!fs::exists(folder / "index.noun"))
    throw InputError(kDoing, folder.string(),
                     "WordNet is not there; install Debian's wordnet-base, or name the folder that "
                     "'conceptune fetch wordnet' prints as wordnet.folder");
  return read([&](const std::string& name) { return read_file(folder / name, kDoing); }, folder.string());
}

std::shared_ptr<const WordNet> WordNet::read(const ReadFile& read, const std::string& where) {
  return std::shared_ptr<const WordNet>(new WordNet(Loader(read, where).load()));
}

}  // namespace conceptune::concepts
