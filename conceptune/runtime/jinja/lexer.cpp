#include "conceptune/runtime/jinja/lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/budget.h"
#include "conceptune/runtime/jinja/literals.h"

namespace conceptune::jinja {
namespace {

using Kind = Token::Kind;

bool is_name_start(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

/// One kind of line end, and none at the end.
std::string with_plain_lines(std::string_view source) {
  std::string text;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n') continue;
    text += source[i] == '\r' ? '\n' : source[i];
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> run() {
    while (position_ < source_.size()) {
      const auto tag = next_tag();
      if (tag == source_.size()) {
        add_data(source_.substr(position_));
        position_ = tag;
      } else {
        take_tag(tag);
      }
    }
    add(Kind::end, "");
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const {
    throw InputError("reading chat template", fmt::format("line {}", line_), excerpt(problem));
  }

  void add(Kind kind, std::string text) { tokens_.push_back({kind, std::move(text), line_}); }

  void add_data(std::string_view text) {
    if (!text.empty()) add(Kind::data, std::string(text));
    count_lines(text);
  }

  void count_lines(std::string_view text) { line_ += static_cast<int>(std::ranges::count(text, '\n')); }

  char at(std::size_t i) const { return i < source_.size() ? source_[i] : '\0'; }
  bool is_here(std::string_view text) const { return source_.substr(position_).starts_with(text); }

  std::size_t after_spaces(std::size_t i) const {
    while (i < source_.size() && is_python_space(code_point_at(source_, i).value))
      i += code_point_at(source_, i).size;
    return i;
  }

  std::size_t next_tag() const {
    auto i = source_.find('{', position_);
    while (i != std::string_view::npos && at(i + 1) != '{' && at(i + 1) != '%' && at(i + 1) != '#')
      i = source_.find('{', i + 1);
    return std::min(i, source_.size());
  }

  /// Text before a tag without the white space that the tag takes: by the sign in it, or as it begins its
  /// line.
  void add_data_before_tag(std::string_view text, char sign, bool is_output) {
    auto kept = text;
    const auto spaces_at_end = [&](std::size_t from) {
      auto begin = from;  // of the white space that reaches to the end, if it is not longer than that
      for (auto i = from; i < text.size(); i += code_point_at(text, i).size)
        if (!is_python_space(code_point_at(text, i).value)) begin = i + code_point_at(text, i).size;
      return begin;
    };
    if (sign == '-') {
      kept = text.substr(0, spaces_at_end(0));
    } else if (sign != '+' && !is_output) {
      const auto line = text.rfind('\n') + 1;  // 0 where there is none
      if ((line > 0 || at_line_start_) && spaces_at_end(line) == line) kept = text.substr(0, line);
    }
    if (!kept.empty()) add(Kind::data, std::string(kept));
    count_lines(text);
  }

  void take_tag(std::size_t tag) {
    const auto text = source_.substr(position_, tag - position_);
    const char kind = source_[tag + 1];
    const char sign = at(tag + 2) == '-' || at(tag + 2) == '+' ? at(tag + 2) : '\0';
    add_data_before_tag(text, sign, kind == '{');
    position_ = tag + 2 + (sign ? 1 : 0);
    at_line_start_ = false;
    if (kind == '#') return take_comment();
    if (kind == '%' && take_raw()) return;
    add(kind == '{' ? Kind::output_begin : Kind::block_begin, "");
    while (!take_end(kind)) take_token();
  }

  /// The end of a tag here, with the white space that it takes.
  bool take_end(char kind) {
    const std::string_view closing = kind == '{' ? "}}" : kind == '%' ? "%}" : "#}";
    const bool trims = at(position_) == '-', keeps = at(position_) == '+' && kind != '{';
    if (source_.substr(position_ + (trims || keeps ? 1 : 0)).substr(0, 2) != closing) return false;
    if (kind != '#' && !open_.empty()) return false;  // signs of the expression
    if (kind != '#') add(kind == '{' ? Kind::output_end : Kind::block_end, "");
    auto end = position_ + (trims || keeps ? 3 : 2);
    if (trims) {
      end = after_spaces(end);
    } else if (!keeps && kind != '{' && at(end) == '\n') {
      ++end;
    }
    count_lines(source_.substr(position_, end - position_));
    position_ = end;
    at_line_start_ = source_[end - 1] == '\n';
    return true;
  }

  void take_comment() {
    const auto begin = position_;
    while (position_ < source_.size()) {
      const auto before = position_;
      if (take_end('#')) return count_lines(source_.substr(begin, before - begin));
      ++position_;
    }
    if (begin < source_.size()) fail("a comment does not end");
  }

  /// The signs that a tag's closing %} may have before it here, and itself: their size, or 0.
  std::size_t closing_size(std::size_t i, std::string_view signs) const {
    const std::size_t sign = signs.find(at(i)) != std::string_view::npos ? 1 : 0;
    return source_.substr(i + sign).starts_with("%}") ? sign + 2 : 0;
  }

  /// `raw %}` here, with the text up to `{% endraw %}` and that.
  bool take_raw() {
    const auto name = after_spaces(position_);
    if (!source_.substr(name).starts_with("raw")) return false;
    const auto closing = after_spaces(name + 3);
    if (closing_size(closing, "-") == 0) return false;
    const auto begin = at(closing) == '-' ? after_spaces(closing + 3) : closing + 2;
    count_lines(source_.substr(position_, begin - position_));
    at_line_start_ = source_[begin - 1] == '\n';
    position_ = begin;
    if (begin == source_.size()) return true;  // Jinja looks no further
    for (auto tag = source_.find("{%", begin); tag != std::string_view::npos;
         tag = source_.find("{%", tag + 1))
      if (take_end_of_raw(tag)) return true;
    fail("a raw block does not end");
  }

  /// The text up to a tag and the tag, if it is `{% endraw %}`.
  bool take_end_of_raw(std::size_t tag) {
    const char sign = at(tag + 2) == '-' || at(tag + 2) == '+' ? at(tag + 2) : '\0';
    const auto name = after_spaces(tag + 2 + (sign ? 1 : 0));
    if (!source_.substr(name).starts_with("endraw")) return false;
    const auto closing = after_spaces(name + 6);
    if (closing_size(closing, "-+") == 0) return false;
    add_data_before_tag(source_.substr(position_, tag - position_), sign, false);
    count_lines(source_.substr(tag, closing - tag));
    position_ = closing;
    take_end('%');
    tokens_.pop_back();  // its end is no token
    return true;
  }

  void take_token() {
    if (position_ == source_.size()) fail("a tag does not end");
    const char c = source_[position_];
    const auto begin = position_;
    if (const auto spaces = after_spaces(position_); spaces > position_) {
      position_ = spaces;
    } else if (const auto literal = number_literal(source_, position_); !literal.empty()) {
      position_ += literal.size();
      add_number(literal);
    } else if (is_name_start(c)) {
      while (is_name_part(at(position_))) ++position_;
      if (static_cast<unsigned char>(at(position_)) >= 0x80) fail("a name beyond ASCII is not supported");
      add(Kind::name, std::string(source_.substr(begin, position_ - begin)));
    } else if (c == '\'' || c == '"') {
      take_string();
    } else {
      take_sign();
    }
    count_lines(source_.substr(begin, position_ - begin));
  }

  void add_number(std::string_view literal) {
    const auto value = plain_number(literal);
    if (!value) fail(fmt::format("number '{}' is not supported", literal));
    const bool is_integer = value->find_first_not_of("0123456789") == std::string::npos;
    add(is_integer ? Kind::integer : Kind::number, *value);
  }

  void take_string() {
    const auto end = end_of_string(source_, position_);
    if (end == std::string_view::npos) fail("a string does not end");
    std::string value, problem;
    if (!unescape(source_.substr(position_ + 1, end - position_ - 1), value, problem)) fail(problem);
    add(Kind::text, std::move(value));
    position_ = end + 1;
  }

  void take_sign() {
    static constexpr std::string_view kTwo[] = {"//", "**", "==", "!=", ">=", "<="};
    const bool is_two = std::ranges::any_of(kTwo, [&](auto sign) { return is_here(sign); });
    const auto sign = source_.substr(position_, is_two ? 2 : 1);
    if (static_cast<unsigned char>(sign[0]) >= 0x80) fail("a name beyond ASCII is not supported");
    if (!is_two && std::string_view("+-/*%~[](){}><=.:|,;").find(sign[0]) == std::string_view::npos)
      fail(fmt::format("'{}' was not expected here", sign));
    balance(sign[0]);
    add(Kind::sign, std::string(sign));
    position_ += sign.size();
  }

  void balance(char sign) {
    static constexpr std::string_view kOpening = "([{", kClosing = ")]}";
    if (kOpening.find(sign) != std::string_view::npos) open_ += sign;
    const auto closing = kClosing.find(sign);
    if (closing == std::string_view::npos) return;
    if (open_.empty() || open_.back() != kOpening[closing]) fail(fmt::format("'{}' closes nothing", sign));
    open_.pop_back();
  }

  std::string_view source_;
  std::size_t position_ = 0;
  int line_ = 1;
  bool at_line_start_ = true;
  std::string open_;  // brackets of the tag at work
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> lex(std::string_view source) {
  const auto text = with_plain_lines(source);
  return Lexer(text).run();
}

}  // namespace conceptune::jinja
