// Reads WordNet's database files; wndb(5WN) describes them.
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

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "reading WordNet";
constexpr std::uint32_t kMaxOffset = std::numeric_limits<std::int32_t>::max();
constexpr std::string_view kFollowedSymbols = "@~&$";

/// The fields of one line, with the place for messages.
class Fields {
 public:
  Fields(std::string_view line, const std::string& file, std::int64_t number)
      : rest_(line), file_(file), number_(number) {}

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
  bool at_end() const { return rest_.find_first_not_of(' ') == std::string_view::npos; }
  /// As many as the rest of the line could hold: a lying count is refused before anything is reserved.
  std::uint32_t count(int base) { return number(base, static_cast<std::uint32_t>(rest_.size() / 2)); }

  [[noreturn]] void refuse(std::string_view problem) const {
    throw InputError(kDoing, fmt::format("{}, line {}", file_, number_), problem);
  }

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

/// Calls `parse` with each line but the licence's, which begin with two spaces, and the line's first byte.
template <class Parse>
void for_each_line(std::string_view content, const std::string& file, Parse parse) {
  std::int64_t number = 0;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    const auto line = content.substr(begin, end - begin);
    ++number;
    if (!line.empty() && !line.starts_with("  "))
      parse(Fields(line, file, number), static_cast<std::uint32_t>(begin));
    begin = end + 1;
  }
}

}  // namespace

class WordNet::Loader {
 public:
  explicit Loader(fs::path folder) : folder_(std::move(folder)) {}

  std::unique_ptr<Data> load() {
    for (const auto part : kWordNetParts) read_synsets(part);
    resolve_pointers();
    for (const auto part : kWordNetParts) {
      read_senses(part);
      read_exceptions(part);
    }
    data_->hash = hash_.hex();
    return std::move(data_);
  }

 private:
  using OffsetMap = std::unordered_map<std::uint32_t, Synset>;
  struct Unresolved {
    Synset from;
    char symbol;
    WordNetPart part;
    std::uint32_t offset;
  };

  static std::size_t index(WordNetPart part) { return static_cast<std::size_t>(part); }

  std::string read(const std::string& name) {
    const fs::path path = folder_ / name;
    std::string content = read_file(path, kDoing);
    if (content.size() > kMaxOffset) throw InputError(kDoing, path.string(), "larger than 2 GiB");
    if (const auto byte = first_invalid_utf8(content))
      throw InputError(kDoing, path.string(), fmt::format("invalid UTF-8 at byte {}", *byte));
    hash_.update(content);
    return content;
  }

  void read_synsets(WordNetPart part) {
    const std::string name = fmt::format("data.{}", kWordNetSuffixes[index(part)]);
    const std::string file = (folder_ / name).string();
    for_each_line(read(name), file,
                  [&](Fields fields, std::uint32_t begin) { read_synset(fields, begin, part); });
  }

  void read_synset(Fields& fields, std::uint32_t begin, WordNetPart part) {
    if (fields.number(10, kMaxOffset) != begin)
      fields.refuse(fmt::format("the synset does not name its own offset {}", begin));
    fields.next();  // lexicographer file
    fields.next();  // synset type
    const auto synset = static_cast<Synset>(data_->synsets.size());
    WordNetSynset& entry = data_->synsets.emplace_back();
    const std::uint32_t words = fields.count(16);
    if (words == 0) fields.refuse("a synset without words");
    for (std::uint32_t i = 0; i < words; ++i) {
      entry.words.push_back(plain_word(fields.next()));
      fields.next();  // lexical id
    }
    const std::uint32_t pointers = fields.count(10);
    for (std::uint32_t i = 0; i < pointers; ++i) read_pointer(fields, synset);
    offsets_[index(part)].emplace(begin, synset);
  }

  void read_pointer(Fields& fields, Synset from) {
    const char symbol = fields.next().front();
    const std::uint32_t offset = fields.number(10, kMaxOffset);
    const auto part = part_of(fields.next());
    const bool between_synsets = fields.number(16, 0xffff) == 0;  // else between two of their words
    if (part && between_synsets && kFollowedSymbols.find(symbol) != std::string_view::npos)
      unresolved_.push_back({from, symbol, *part, offset});
  }

  static std::optional<WordNetPart> part_of(std::string_view letter) {
    if (letter == "n") return WordNetPart::noun;
    if (letter == "v") return WordNetPart::verb;
    if (letter == "a" || letter == "s") return WordNetPart::adjective;
    return std::nullopt;
  }

  Synset synset_at(WordNetPart part, std::uint32_t offset) const {
    const auto found = offsets_[index(part)].find(offset);
    if (found == offsets_[index(part)].end())
      throw InputError(kDoing, folder_.string(),
                       fmt::format("no synset at byte {} of data.{}, which is referred to", offset,
                                   kWordNetSuffixes[index(part)]));
    return found->second;
  }

  void resolve_pointers() {
    for (const auto& pointer : unresolved_)
      data_->synsets[pointer.from].pointers.push_back(
          {pointer.symbol, synset_at(pointer.part, pointer.offset)});
  }

  void read_senses(WordNetPart part) {
    const std::string name = fmt::format("index.{}", kWordNetSuffixes[index(part)]);
    const std::string file = (folder_ / name).string();
    for_each_line(read(name), file, [&](Fields fields, std::uint32_t) {
      auto& senses = data_->senses[index(part)][plain_word(fields.next())];
      fields.next();  // part of speech
      const std::uint32_t synsets = fields.count(10);
      const std::uint32_t symbols = fields.count(10);
      for (std::uint32_t i = 0; i < symbols + 2; ++i) fields.next();  // symbols and two counts
      for (std::uint32_t i = 0; i < synsets; ++i)
        senses.push_back(synset_at(part, fields.number(10, kMaxOffset)));
    });
  }

  void read_exceptions(WordNetPart part) {
    const std::string name = fmt::format("{}.exc", kWordNetSuffixes[index(part)]);
    const std::string file = (folder_ / name).string();
    for_each_line(read(name), file, [&](Fields fields, std::uint32_t) {
      auto& bases = data_->exceptions[index(part)][plain_word(fields.next())];
      bases.push_back(plain_word(fields.next()));
      while (!fields.at_end()) bases.push_back(plain_word(fields.next()));
    });
  }

  fs::path folder_;
  Sha256 hash_;
  std::unique_ptr<Data> data_ = std::make_unique<Data>();
  std::array<OffsetMap, kWordNetParts.size()> offsets_;
  std::vector<Unresolved> unresolved_;
};

std::shared_ptr<const WordNet> WordNet::load(const fs::path& folder) {
  return std::shared_ptr<const WordNet>(new WordNet(Loader(folder).load()));
}

}  // namespace conceptune::concepts
