#define PCRE2_CODE_UNIT_WIDTH 8
#include "conceptune/words/english/python_regex.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <cstdint>

#include "conceptune/base/error.h"
#include "conceptune/words/english/msgpack.h"

namespace conceptune::words {
namespace {

/// One pass over a pattern, copying all but what the two dialects spell differently.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : rest_(pattern) {}

  std::string translate() {
    constexpr std::string_view kUnicodeFlag = "(?u)";  // the default in Python 3
    if (rest_.starts_with(kUnicodeFlag)) rest_.remove_prefix(kUnicodeFlag.size());
    while (!rest_.empty()) {
      if (rest_.front() == '\\')
        translate_escape();
      else
        copy_character();
    }
    return std::move(result_);
  }

 private:
  void copy_character() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    result_ += c;
    if (!in_class_ && c == '[') {
      in_class_ = true;
      for (const char literal : {'^', ']'}) {  // "]" directly after "[" or "[^" is an ordinary character
        if (!rest_.starts_with(literal)) continue;
        result_ += literal;
        rest_.remove_prefix(1);
      }
    } else if (in_class_ && c == ']') {
      in_class_ = false;
    }
  }

  void translate_escape() {
    if (rest_.size() < 2) throw MalformedValue("regular expression ends with a backslash");
    const char kind = rest_[1];
    switch (kind) {
      case 'u':
        return translate_code_point(4);
      case 'U':
        return translate_code_point(8);
      case 'S':
        // PCRE2 counts U+180E as white space, Python does not; subjects here hold no white space.
        if (in_class_) throw MalformedValue("regular expression with \\S in a class is not supported");
        result_ += "(?s:.)";
        break;
      case 'w':
        // Spelled out: from version 10.43 on PCRE2's \w takes in marks and connectors.
        result_ += in_class_ ? "\\p{L}\\p{N}_" : "[\\p{L}\\p{N}_]";
        break;
      default:
        result_ += '\\';
        result_ += kind;
    }
    rest_.remove_prefix(2);
  }

  void translate_code_point(std::size_t digits) {
    const auto hexadecimal = rest_.substr(2, digits);
    if (hexadecimal.size() < digits ||
        hexadecimal.find_first_not_of("0123456789abcdefABCDEF") != hexadecimal.npos)
      throw MalformedValue("regular expression with an incomplete \\u escape");
    result_ += fmt::format("\\x{{{}}}", hexadecimal);
    rest_.remove_prefix(2 + digits);
  }

  std::string_view rest_;
  std::string result_;
  bool in_class_ = false;
};

std::string pcre2_message(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using MatchData = std::unique_ptr<pcre2_match_data, MatchDataDeleter>;

}  // namespace

struct PythonRegex::Compiled {
  pcre2_code* code = nullptr;
  pcre2_match_context* context = nullptr;

  ~Compiled() {
    pcre2_match_context_free(context);
    pcre2_code_free(code);
  }
};

PythonRegex::PythonRegex(std::string_view pattern) : compiled_(std::make_unique<Compiled>()) {
  const std::string translated = python_regex_to_pcre2(pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  compiled_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                  PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr);
  if (compiled_->code == nullptr)
    throw MalformedValue(fmt::format("regular expression, at byte {}: {}", offset, pcre2_message(error)));
  pcre2_jit_compile(compiled_->code, PCRE2_JIT_COMPLETE);  // where it cannot, matching works without
  compiled_->context = pcre2_match_context_create(nullptr);
  if (compiled_->context == nullptr) throw std::bad_alloc();
  // Python has no limit on backtracking: giving up would change tokens.
  pcre2_set_match_limit(compiled_->context, UINT32_MAX);
}

PythonRegex::~PythonRegex() = default;
PythonRegex::PythonRegex(PythonRegex&&) noexcept = default;
PythonRegex& PythonRegex::operator=(PythonRegex&&) noexcept = default;

std::optional<PythonRegex::Match> PythonRegex::search(std::string_view subject, std::size_t start) const {
  const MatchData data(pcre2_match_data_create_from_pattern(compiled_->code, nullptr));
  if (!data) throw std::bad_alloc();
  const auto match = [&](std::uint32_t options) {
    return pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), start,
                       PCRE2_NO_UTF_CHECK | options, data.get(), compiled_->context);
  };
  int result = match(0);
  // The machine code's stack is small and fixed; the interpreter keeps its state on the heap.
  if (result == PCRE2_ERROR_JIT_STACKLIMIT) result = match(PCRE2_NO_JIT);
  if (result == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (result < 0) throw SystemError("splitting text into words", "matching a pattern", pcre2_message(result));
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  return Match{offsets[0], offsets[1]};
}

std::string python_regex_to_pcre2(std::string_view pattern) { return Translator(pattern).translate(); }

}  // namespace conceptune::words
