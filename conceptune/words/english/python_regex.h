// Python regular expressions as spaCy's tokenizer files hold them, run by PCRE2.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace conceptune::words {

/// Immutable after construction and thread-safe.
class PythonRegex {
 public:
  /// Bytes in the subject, half-open.
  struct Match {
    std::size_t begin, end;
  };

  /// Compiles a pattern of Python's `re` module. Supported are the constructs in spaCy's tokenizer files:
  /// alternation, classes, groups, lookaround, greedy repeats, anchors, \d \w \S and \u escapes. Throws
  /// MalformedValue for a pattern that PCRE2 refuses.
  explicit PythonRegex(std::string_view pattern);
  ~PythonRegex();
  PythonRegex(PythonRegex&&) noexcept;
  PythonRegex& operator=(PythonRegex&&) noexcept;

  /// The leftmost match that begins at byte `start` or later; what lies before `start` is seen by lookbehind.
  /// `subject` is valid UTF-8. Throws SystemError when matching runs out of memory.
  std::optional<Match> search(std::string_view subject, std::size_t start = 0) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// The pattern in PCRE2's syntax, for PCRE2_UTF | PCRE2_UCP.
std::string python_regex_to_pcre2(std::string_view pattern);

}  // namespace conceptune::words
