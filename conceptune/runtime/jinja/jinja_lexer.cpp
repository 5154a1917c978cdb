#include "conceptune/runtime/jinja/jinja_lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kDoing = "reading chat template";
constexpr std::string_view kSpaces = " \t\n\r\f\v";

[[noreturn]] void fail(std::size_t position, std::string_view problem) {
  throw InputError(kDoing, fmt::format("byte {}", position), problem);
}

bool is_name_start(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The value of a string literal that begins at its quote; moves past it.
std::string take_string(std::string_view code, std::size_t& i, std::size_t offset) {
  const char quote = code[i];
  std::string value;
  for (++i; i < code.size() && code[i] != quote; ++i) {
    if (code[i] != '\\' || i + 1 == code.size()) {
      value += code[i];
      continue;
    }
    switch (const char escaped = code[++i]) {
      case 'n':
        value += '\n';
        break;
      case 't':
        value += '\t';
        break;
      case 'r':
        value += '\r';
        break;
      case '\\':
      case '\'':
      case '"':
        value += escaped;
        break;
      default:
        fail(offset + i, fmt::format("escape '\\{}' is not supported", escaped));
    }
  }
  if (i >= code.size()) fail(offset, "a string does not end");
  ++i;
  return value;
}

std::vector<JinjaToken> tokens_of(std::string_view code, std::size_t offset) {
  static constexpr std::string_view kTwoCharacterSigns[] = {"==", "!=", "<=", ">=", "//"};
  std::vector<JinjaToken> tokens;
  const auto take_while = [&](std::size_t& i, auto belongs) {
    const auto begin = i;
    while (i < code.size() && belongs(code[i])) ++i;
    return std::string(code.substr(begin, i - begin));
  };
  for (std::size_t i = 0; i < code.size();) {
    if (tokens.size() >= kMaxJinjaTokens)
      fail(offset, fmt::format("a tag of more than {} words", kMaxJinjaTokens));
    if (kSpaces.find(code[i]) != std::string_view::npos) {
      ++i;
    } else if (is_name_start(code[i])) {
      tokens.push_back(
          {JinjaToken::Kind::name, take_while(i, [](char c) { return is_name_start(c) || is_digit(c); })});
    } else if (is_digit(code[i])) {
      tokens.push_back({JinjaToken::Kind::integer, take_while(i, is_digit)});
    } else if (code[i] == '\'' || code[i] == '"') {
      tokens.push_back({JinjaToken::Kind::string, take_string(code, i, offset)});
    } else {
      const auto two = code.substr(i, 2);
      const bool is_two = std::ranges::find(kTwoCharacterSigns, two) != std::end(kTwoCharacterSigns);
      const auto sign = is_two ? two : code.substr(i, 1);
      if (!is_two && std::string_view("+-*/%~<>()[]{}.,:|=").find(sign) == std::string_view::npos)
        fail(offset + i, fmt::format("'{}' is not supported", sign));
      tokens.push_back({JinjaToken::Kind::sign, std::string(sign)});
      i += sign.size();
    }
  }
  tokens.push_back({JinjaToken::Kind::end, ""});
  return tokens;
}

/// Walks from tag to tag.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {
    if (source_.ends_with('\n')) source_.remove_suffix(1);  // as Jinja's keep_trailing_newline=False
  }

  std::vector<JinjaPart> run() {
    while (position_ < source_.size()) {
      const auto tag = next_tag();
      add_text(source_.substr(position_, tag - position_), tag);
      if (tag == source_.size()) break;
      take_tag(tag);
    }
    return std::move(parts_);
  }

 private:
  std::size_t next_tag() const {
    for (std::size_t i = source_.find('{', position_); i != std::string_view::npos;
         i = source_.find('{', i + 1)) {
      const char next = i + 1 < source_.size() ? source_[i + 1] : '\0';
      if (next == '{' || next == '%' || next == '#') return i;
    }
    return source_.size();
  }

  /// Text before a tag, without the white space that the tag takes.
  void add_text(std::string_view text, std::size_t tag) {
    const char kind = tag + 1 < source_.size() ? source_[tag + 1] : '\0';
    const char control = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
    if (kind != '\0' && control == '-') {
      text = text.substr(0, text.find_last_not_of(kSpaces) + 1);
    } else if ((kind == '%' || kind == '#') && control != '+') {
      const auto line = text.rfind('\n') + 1;  // 0 when there is none
      const bool begins_line = line > 0 || at_line_start_;
      if (begins_line && text.find_first_not_of(kSpaces, line) == std::string_view::npos)
        text = text.substr(0, line);
    }
    if (!text.empty()) parts_.push_back({JinjaPart::Kind::text, std::string(text), {}});
  }

  void take_tag(std::size_t tag) {
    const char kind = source_[tag + 1];
    const auto end = end_of_tag(tag, kind);
    auto begin = tag + 2;
    if (begin < end && (source_[begin] == '-' || source_[begin] == '+')) ++begin;
    const bool trims = end > begin && source_[end - 1] == '-';
    const bool keeps = end > begin && source_[end - 1] == '+' && kind != '{';
    const auto code = source_.substr(begin, end - begin - (trims || keeps ? 1 : 0));
    if (kind == '{') parts_.push_back({JinjaPart::Kind::output, "", tokens_of(code, begin)});
    if (kind == '%') parts_.push_back({JinjaPart::Kind::statement, "", tokens_of(code, begin)});
    position_ = end + 2;
    if (trims) {
      position_ = std::min(source_.find_first_not_of(kSpaces, position_), source_.size());
    } else if (kind != '{' && !keeps && position_ < source_.size() && source_[position_] == '\n') {
      ++position_;
    }
    at_line_start_ = source_[position_ - 1] == '\n';
  }

  /// Where the closing sign of the tag begins; strings inside may hold it.
  std::size_t end_of_tag(std::size_t tag, char kind) const {
    const std::string_view closing = kind == '{' ? "}}" : kind == '%' ? "%}" : "#}";
    char quote = '\0';
    for (auto i = tag + 2; i + 1 < source_.size(); ++i) {
      const char c = source_[i];
      if (quote) {
        if (c == '\\') ++i;
        if (c == quote) quote = '\0';
      } else if (source_.substr(i, 2) == closing) {
        return i;
      } else if (kind != '#' && (c == '\'' || c == '"')) {
        quote = c;
      }
    }
    fail(tag, "a tag does not end");
  }

  std::string_view source_;
  std::size_t position_ = 0;
  bool at_line_start_ = true;
  std::vector<JinjaPart> parts_;
};

}  // namespace

std::vector<JinjaPart> lex_jinja(std::string_view source) { return Lexer(source).run(); }

}  // namespace conceptune::jinja
