#include "conceptune/base/error.h"

#include <fmt/format.h>

#include <system_error>

namespace conceptune {

InputError::InputError(std::string_view doing, std::string_view where, std::string_view problem)
    : Error(fmt::format("{}: {}: {}", doing, where, problem)) {}

SystemError::SystemError(std::string_view doing, std::string_view where, std::string_view problem)
    : Error(fmt::format("{}: {}: {}", doing, where, problem)) {}

SystemError::SystemError(std::string_view doing, std::string_view where, int error_number)
    : Error(fmt::format("{}: {}: {}", doing, where, std::generic_category().message(error_number))) {}

int exit_code_of(const std::exception& error) { return dynamic_cast<const InputError*>(&error) ? 2 : 1; }

}  // namespace conceptune
