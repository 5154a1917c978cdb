// The exceptions of the library. Policy: bad input or file throws InputError; a refusal of the machine throws
// SystemError; an expected miss is a return value; an assert is for a programmer's mistake.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace conceptune {

/// Base of every exception the library throws on purpose. what() is one line that says what was being done,
/// where, and what was expected.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Bad input: a file, an option or an argument that cannot be used as it is. The program exits with 2.
class InputError : public Error {
 public:
  using Error::Error;
  /// "DOING: WHERE: PROBLEM", e.g. "reading model: m.gguf, byte 4: version is 9, expected 2 or 3".
  InputError(std::string_view doing, std::string_view where, std::string_view problem);
};

/// The machine refused: disk full, permission denied, out of memory, network down. The program exits with 1.
class SystemError : public Error {
 public:
  using Error::Error;
  SystemError(std::string_view doing, std::string_view where, std::string_view problem);
  /// The same with the text of an errno value as the problem.
  SystemError(std::string_view doing, std::string_view where, int error_number);
};

/// The caller asked to stop (std::stop_token) before the work was done; what was finished is kept.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// Process exit code that belongs to an exception: 2 for InputError, 1 for everything else.
int exit_code_of(const std::exception& error);

}  // namespace conceptune
