#include "conceptune/base/cache_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

/// Restores the variables that decide, whatever a test does to them.
class CacheFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"CONCEPTUNE_CACHE", "XDG_CACHE_HOME", "HOME"}) {
      if (const char* value = std::getenv(name)) before_[name] = value;
      ::unsetenv(name);
    }
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::map<std::string, std::string> before_;
};

TEST_F(CacheFolder, PrefersTheMostSpecificVariable) {
  EXPECT_THROW(cache_folder(), InputError);
  ::setenv("HOME", "/home/ada", 1);
  EXPECT_EQ(cache_folder(), "/home/ada/.cache/conceptune");
  ::setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(cache_folder(), "/caches/conceptune");
  ::setenv("CONCEPTUNE_CACHE", "/here", 1);
  EXPECT_EQ(cache_folder(), "/here");
  ::setenv("CONCEPTUNE_CACHE", "", 1);
  EXPECT_EQ(cache_folder(), "/caches/conceptune");
}

}  // namespace
}  // namespace conceptune
