// Runs the program while the n-th call of one kind fails (fault_injector.cpp).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

namespace conceptune::test {

/// The kinds of calls that can be let fail.
inline constexpr const char* kFaultKinds[] = {"write", "sync", "rename", "open", "map", "allocate"};

/// How many calls of the kind, on files below `folder`, the program makes with these arguments.
long count_calls(const std::string& kind, const std::filesystem::path& folder,
                 const std::vector<std::string>& arguments);

/// Runs it with the n-th of them failing, n from 1.
ProgramResult run_with_fault(const std::string& kind, long n, const std::filesystem::path& folder,
                             const std::vector<std::string>& arguments);

}  // namespace conceptune::test
