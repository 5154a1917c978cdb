// Where tests find real inputs, and how they are skipped, by name, where an input is absent.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

namespace conceptune::test {

/// Fetched inputs (make inputs): the quickstart's model, English pipeline, news text, word pairs.
std::filesystem::path input(const std::filesystem::path& relative);
/// Further corpora, benchmarks and vocabularies beside the checkout; absent for most users.
std::filesystem::path shared(const std::filesystem::path& relative);
/// A file of the repository, e.g. a golden file below tests/reference.
std::filesystem::path source(const std::filesystem::path& relative);
/// The built program.
std::filesystem::path program();

}  // namespace conceptune::test

/// Skips the running test when `path` does not exist.
#define CONCEPTUNE_REQUIRE(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << (path).string()
