#include "conceptune/runtime/tokenizer/splitter.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/runtime/tokenizer/unicode_class.h"

namespace conceptune::tokenizer {
namespace {

using enum CharacterClass;

/// The text of one piece with a position in it; nothing outside the piece is seen.
class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t begin, std::uint32_t end)
      : text_(text), position_(begin), end_(end) {}

  bool at_end() const { return position_ >= end_; }
  std::uint32_t position() const { return position_; }
  void move_to(std::uint32_t position) { position_ = position; }

  char byte(std::uint32_t ahead = 0) const {
    return position_ + ahead < end_ ? text_[position_ + ahead] : '\0';
  }
  bool is_line_break() const { return byte() == '\r' || byte() == '\n'; }
  Character peek(std::uint32_t ahead = 0) const {
    if (position_ + ahead >= end_) return {space, 0};
    return character_at(text_, position_ + ahead, classes_);
  }

  void skip(std::uint32_t bytes) { position_ += bytes; }
  /// Moves over all characters of one kind.
  void skip_run(CharacterClass kind) {
    skip_while([kind](CharacterClass c) { return c == kind; });
  }
  /// Moves over what is no letter, number or white space.
  void skip_symbols() { skip_while(is_symbol); }
  static bool is_symbol(CharacterClass c) { return c == other || c == punctuation; }

 private:
  template <class Predicate>
  void skip_while(Predicate holds) {
    while (position_ < end_) {
      const auto [kind, size] = character_at(text_, position_, classes_);
      if (!holds(kind)) return;
      position_ += size;
    }
  }

  const CharacterClass* classes_ = character_classes();
  std::string_view text_;
  std::uint32_t position_, end_;
};

/// Length of the contraction that begins with the apostrophe at the scanner, or 0. Only ASCII letters.
std::uint32_t contraction_length(const Scanner& scanner, bool ignore_case) {
  const auto letter = [&](std::uint32_t ahead) {
    const char c = scanner.byte(ahead);
    return ignore_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  };
  const char first = letter(1);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  const char second = letter(2);
  if ((first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l'))
    return 3;
  // U+017F (long s) is 's' when case is ignored (Unicode's case folding, which the regular expression uses).
  if (ignore_case && first == '\xC5' && scanner.byte(2) == '\xBF') return 3;
  return 0;
}

/// \s+(?!\S)|\s+ with the scanner on white space: a run that something follows leaves its last character.
void skip_spaces(Scanner& scanner) {
  const auto begin = scanner.position();
  auto last = begin;
  while (!scanner.at_end()) {
    const auto [kind, size] = scanner.peek();
    if (kind != space) break;
    last = scanner.position();
    scanner.skip(size);
  }
  if (!scanner.at_end() && last > begin) scanner.move_to(last);
}

class Gpt2Splitter : public Splitter {
 public:
  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    for (Scanner scanner(text, begin, end); !scanner.at_end(); ends.push_back(scanner.position()))
      skip_piece(scanner);
  }

  std::string description() const override { return "gpt2"; }

 private:
  static void skip_piece(Scanner& scanner) {
    if (scanner.byte() == '\'') {
      if (const auto length = contraction_length(scanner, false)) return scanner.skip(length);
    }
    const std::uint32_t leading_space = scanner.byte() == ' ' ? 1 : 0;
    const auto kind = scanner.peek(leading_space).kind;
    if (kind == space) return skip_spaces(scanner);
    scanner.skip(leading_space);
    if (Scanner::is_symbol(kind)) return scanner.skip_symbols();
    scanner.skip_run(kind);
  }
};

class Llama3Splitter : public Splitter {
 public:
  explicit Llama3Splitter(int max_digits) : max_digits_(max_digits) {}

  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    for (Scanner scanner(text, begin, end); !scanner.at_end(); ends.push_back(scanner.position()))
      skip_piece(scanner);
  }

  std::string description() const override { return fmt::format("llama3 {}", max_digits_); }

 private:
  void skip_piece(Scanner& scanner) const {
    if (scanner.byte() == '\'') {
      if (const auto length = contraction_length(scanner, true)) return scanner.skip(length);
    }
    const auto [kind, size] = scanner.peek();
    if (kind == letter) return scanner.skip_run(letter);
    if (kind == number) return skip_digits(scanner);
    if (!scanner.is_line_break() && scanner.peek(size).kind == letter) {
      scanner.skip(size);
      return scanner.skip_run(letter);
    }
    const std::uint32_t leading_space = scanner.byte() == ' ' ? 1 : 0;
    if (!Scanner::is_symbol(scanner.peek(leading_space).kind)) return skip_space_or_lines(scanner);
    scanner.skip(leading_space);
    scanner.skip_symbols();
    while (scanner.is_line_break()) scanner.skip(1);
  }

  void skip_digits(Scanner& scanner) const {
    for (int i = 0; i < max_digits_ && scanner.peek().kind == number; ++i) scanner.skip(scanner.peek().size);
  }

  /// \s*[\r\n]+ up to the last line break of the run of white space; without one, \s+(?!\S)|\s+.
  static void skip_space_or_lines(Scanner& scanner) {
    Scanner run = scanner;
    std::uint32_t after_break = 0;
    for (auto c = run.peek(); !run.at_end() && c.kind == space; c = run.peek()) {
      const bool is_break = run.is_line_break();
      run.skip(c.size);
      if (is_break) after_break = run.position();
    }
    if (after_break) return scanner.move_to(after_break);
    skip_spaces(scanner);
  }

  int max_digits_;
};

/// Cuts out what `Matches` accepts, in runs or each character by itself.
template <class Matches>
class ClassSplitter : public Splitter {
 public:
  ClassSplitter(std::string name, bool each_by_itself)
      : name_(std::move(name)), each_by_itself_(each_by_itself) {}

  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    const auto* classes = character_classes();
    bool inside = false;
    for (std::uint32_t position = begin; position < end;) {
      const auto [kind, size] = character_at(text, position, classes);
      const bool matches = Matches::holds(kind, text[position]);
      if (position > begin && (matches != inside || (matches && each_by_itself_))) ends.push_back(position);
      inside = matches;
      position += size;
    }
    ends.push_back(end);
  }

  std::string description() const override { return name_ + (each_by_itself_ ? " each" : " runs"); }

 private:
  std::string name_;
  bool each_by_itself_;
};

struct IsNumber {
  static bool holds(CharacterClass kind, char) { return kind == number; }
};

struct IsPunctuation {
  static bool holds(CharacterClass kind, char first_byte) {
    return kind == punctuation ||
           (kind == other && std::string_view("$+<=>^`|~").find(first_byte) != std::string_view::npos);
  }
};

class ThreeDigitSplitter : public Splitter {
 public:
  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    const auto is_digit = [&](std::uint32_t i) { return text[i] >= '0' && text[i] <= '9'; };
    std::uint32_t piece = begin;
    for (std::uint32_t i = begin; i + 3 <= end;) {
      if (!is_digit(i) || !is_digit(i + 1) || !is_digit(i + 2)) {
        ++i;
        continue;
      }
      if (i > piece) ends.push_back(i);
      i += 3;
      ends.push_back(i);
      piece = i;
    }
    if (piece < end) ends.push_back(end);
  }

  std::string description() const override { return "three digits"; }
};

enum class Family { gpt2, llama3, qwen2, smollm, falcon };

struct NamedFamily {
  std::string_view name;
  Family family;
};

// Names that llama.cpp's conversion writes for vocabularies with these expressions.
constexpr NamedFamily kGgufNames[] = {
    {"gpt-2", Family::gpt2},
    {"llama-bpe", Family::llama3},
    {"llama3", Family::llama3},
    {"llama-v3", Family::llama3},
    {"falcon3", Family::llama3},
    {"qwen2", Family::qwen2},
    {"deepseek-r1-qwen", Family::qwen2},
    {"smollm", Family::smollm},
    {"falcon", Family::falcon},
};

SplitterChain splitters_of(Family family) {
  SplitterChain stages;
  if (family == Family::llama3) stages.push_back(llama3_splitter(3));
  if (family == Family::qwen2) stages.push_back(llama3_splitter(1));
  if (family == Family::smollm) stages.push_back(number_splitter(true));
  if (family == Family::falcon) stages.push_back(punctuation_splitter(false));
  if (family == Family::gpt2 || family == Family::smollm || family == Family::falcon)
    stages.push_back(gpt2_splitter());
  if (family == Family::falcon) stages.push_back(three_digit_splitter());
  return stages;
}

}  // namespace

std::unique_ptr<Splitter> gpt2_splitter() { return std::make_unique<Gpt2Splitter>(); }

std::unique_ptr<Splitter> llama3_splitter(int max_digits) {
  return std::make_unique<Llama3Splitter>(max_digits);
}

std::unique_ptr<Splitter> number_splitter(bool each_by_itself) {
  return std::make_unique<ClassSplitter<IsNumber>>("numbers", each_by_itself);
}

std::unique_ptr<Splitter> punctuation_splitter(bool each_by_itself) {
  return std::make_unique<ClassSplitter<IsPunctuation>>("punctuation", each_by_itself);
}

std::unique_ptr<Splitter> three_digit_splitter() { return std::make_unique<ThreeDigitSplitter>(); }

SplitterChain splitters_of_gguf_name(std::string_view name) {
  const auto* found = std::ranges::find(kGgufNames, name, &NamedFamily::name);
  return found == std::end(kGgufNames) ? SplitterChain{} : splitters_of(found->family);
}

std::string known_gguf_splitter_names() {
  std::string text;
  for (const auto& [name, family] : kGgufNames) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

std::vector<std::uint32_t> split_all(const SplitterChain& stages, std::string_view text) {
  std::vector<std::uint32_t> ends;
  if (!text.empty()) ends.push_back(static_cast<std::uint32_t>(text.size()));
  for (const auto& stage : stages) {
    std::vector<std::uint32_t> finer;
    finer.reserve(std::max<std::size_t>(ends.size(), text.size() / 4));
    std::uint32_t begin = 0;
    for (const std::uint32_t end : ends) {
      stage->split(text, begin, end, finer);
      begin = end;
    }
    ends = std::move(finer);
  }
  return ends;
}

}  // namespace conceptune::tokenizer
