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

}  // namespace

std::unique_ptr<Splitter> gpt2_splitter() { return std::make_unique<Gpt2Splitter>(); }

std::unique_ptr<Splitter> llama3_splitter(int max_digits) {
  return std::make_unique<Llama3Splitter>(max_digits);
}

}  // namespace conceptune::tokenizer
