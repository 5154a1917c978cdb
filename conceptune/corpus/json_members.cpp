#include "conceptune/corpus/json_members.h"

#include <algorithm>

namespace conceptune::corpus {
namespace {

constexpr int kMaxDepth = 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// A recursive descent over the grammar. The functions return false, and leave the fault, where the text
/// breaks it.
class Scanner {
 public:
  Scanner(std::string_view text, std::vector<JsonMember>& members) : text_(text), members_(members) {}

  std::optional<JsonFault> run() {
    pass_spaces();
    if (!next_is('{')) return JsonFault{at_, "expected an object"};
    if (value()) {
      pass_spaces();
      if (at_ < text_.size()) fail("extra data behind the object");
    }
    return fault_;
  }

 private:
  bool fail(std::string_view problem) {
    if (!fault_) fault_ = JsonFault{at_, problem};
    return false;
  }
  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void pass_spaces() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  std::size_t pass_digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - begin;
  }

  bool value() {
    if (at_ == text_.size()) return fail("the text ends too early");
    switch (text_[at_]) {
      case '{':
        return nested(&Scanner::object);
      case '[':
        return nested(&Scanner::array);
      case '"':
        return string();
      default:
        return literal() || number();
    }
  }

  bool nested(bool (Scanner::*inside)()) {
    if (++depth_ > kMaxDepth) return fail("nested deeper than 1024 levels");
    ++at_;
    const bool good = (this->*inside)();
    --depth_;
    return good;
  }

  bool object() {
    for (bool first = true;; first = false) {
      pass_spaces();
      if (first && next_is('}')) break;
      const std::size_t key = at_;
      if (!next_is('"')) return fail("expected a key in double quotes");
      if (!string()) return false;
      const std::size_t key_end = at_;
      pass_spaces();
      if (!next_is(':')) return fail("expected ':'");
      ++at_;
      pass_spaces();
      const std::size_t begin = at_;
      if (!value()) return false;
      if (depth_ == 1)
        members_.push_back({text_.substr(key, key_end - key), text_.substr(begin, at_ - begin)});
      pass_spaces();
      if (!next_is(',')) break;
      ++at_;
    }
    return close('}', "expected ',' or '}'");
  }

  bool array() {
    for (bool first = true;; first = false) {
      pass_spaces();
      if (first && next_is(']')) break;
      if (!value()) return false;
      pass_spaces();
      if (!next_is(',')) break;
      ++at_;
    }
    return close(']', "expected ',' or ']'");
  }

  bool close(char bracket, std::string_view problem) {
    if (!next_is(bracket)) return fail(at_ == text_.size() ? "the text ends too early" : problem);
    ++at_;
    return true;
  }

  bool string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("a control character in a string");
      if (text_[at_] == '\\' && !escape()) return false;
    }
    return fail("a string that does not end");
  }

  /// Goes on to the escape's last character.
  bool escape() {
    ++at_;
    if (!next_is('u'))
      return (at_ < text_.size() &&
              std::string_view("\"\\/bfnrt").find(text_[at_]) != std::string_view::npos) ||
             fail("an unknown escape");
    const std::string_view digits = text_.substr(at_ + 1, 4);
    if (digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), is_hexadecimal))
      return fail("expected four hexadecimal digits");
    at_ += 4;
    return true;
  }

  bool literal() {
    for (const std::string_view word : {"true", "false", "null", "NaN", "Infinity", "-Infinity"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return true;
    }
    return false;
  }

  bool number() {
    if (next_is('-')) ++at_;
    if (next_is('0'))
      ++at_;
    else if (pass_digits() == 0)
      return fail("expected a value");
    if (next_is('.')) {
      ++at_;
      if (pass_digits() == 0) return fail("expected a digit");
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('+') || next_is('-')) ++at_;
      if (pass_digits() == 0) return fail("expected a digit");
    }
    return true;
  }

  std::string_view text_;
  std::vector<JsonMember>& members_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> read_json_members(std::string_view text, std::vector<JsonMember>& members) {
  return Scanner(text, members).run();
}

}  // namespace conceptune::corpus
