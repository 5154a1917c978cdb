#include "conceptune/runtime/tokenizer/regex_splitter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "conceptune/base/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kDoing = "splitting text by a regular expression";

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
};

std::string text_of(int error) {
  PCRE2_UCHAR buffer[256];
  pcre2_get_error_message(error, buffer, sizeof buffer);
  return reinterpret_cast<const char*>(buffer);
}

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

class RegexSplitter : public Splitter {
 public:
  explicit RegexSplitter(std::string_view pattern) : pattern_(pattern) {
    int error = 0;
    PCRE2_SIZE position = 0;
    code_.reset(
        pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_UCP, &error, &position, nullptr));
    if (!code_) throw InputError(kDoing, fmt::format("'{}', byte {}", pattern, position), text_of(error));
    pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);
  }

  void split(std::string_view text, std::uint32_t begin, std::uint32_t end,
             std::vector<std::uint32_t>& ends) const override {
    const std::unique_ptr<pcre2_match_data, FreeMatch> match(
        pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    const auto piece = text.substr(begin, end - begin);
    std::size_t cut = 0;
    const auto cut_at = [&](std::size_t position) {
      if (position > cut) ends.push_back(begin + static_cast<std::uint32_t>(position));
      cut = std::max(cut, position);
    };
    while (cut < piece.size()) {
      const int found = pcre2_match(code_.get(), units(piece), piece.size(), cut,
                                    PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, match.get(), nullptr);
      if (found == PCRE2_ERROR_NOMATCH) break;
      if (found < 0) throw InputError(kDoing, pattern_, text_of(found));
      const auto* bounds = pcre2_get_ovector_pointer(match.get());
      cut_at(bounds[0]);
      cut_at(bounds[1]);
    }
    cut_at(piece.size());
  }

  std::string description() const override { return "regex " + pattern_; }

 private:
  std::string pattern_;
  std::unique_ptr<pcre2_code, FreeCode> code_;
};

}  // namespace

std::unique_ptr<Splitter> regex_splitter(std::string_view pattern) {
  return std::make_unique<RegexSplitter>(pattern);
}

std::unique_ptr<Splitter> literal_splitter(std::string_view text) {
  std::string pattern;
  for (const char byte : text) {
    const bool is_ascii_sign =
        static_cast<unsigned char>(byte) < 0x80 && !std::isalnum(static_cast<unsigned char>(byte));
    if (is_ascii_sign) pattern += '\\';
    pattern += byte;
  }
  return regex_splitter(pattern);
}

}  // namespace conceptune::tokenizer
