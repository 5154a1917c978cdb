#include "conceptune/words/english/python_regex.h"

#include <gtest/gtest.h>

#include "conceptune/words/english/msgpack.h"

namespace conceptune::words {
namespace {

std::string found(const PythonRegex& regex, std::string_view subject, std::size_t start = 0) {
  const auto match = regex.search(subject, start);
  return match ? std::string(subject.substr(match->begin, match->end - match->begin)) : "no match";
}

TEST(PythonRegex, TranslatesWhatTheDialectsSpellDifferently) {
  EXPECT_EQ(python_regex_to_pcre2(R"((?u)^\u00e9[\U0002FA1F0-9]\d\.)"), R"(^\x{00e9}[\x{0002FA1F}0-9]\d\.)");
  EXPECT_EQ(python_regex_to_pcre2(R"(\w[\w\-])"), R"([\p{L}\p{N}_][\p{L}\p{N}_\-])");
  EXPECT_EQ(python_regex_to_pcre2(R"([]\[]\S[^]])"), R"([]\[](?s:.)[^]])");
}

TEST(PythonRegex, MatchesBeyondAscii) {
  EXPECT_EQ(found(PythonRegex(R"([\u00e0-\u00ff]+)"), "aéèb"), "éè");
  EXPECT_EQ(found(PythonRegex("\\w+"), "-naïve_1-"), "naïve_1");
  EXPECT_EQ(found(PythonRegex("\\S"), "\u180e"), "\u180e");
  EXPECT_EQ(found(PythonRegex("b$"), "abc"), "no match");
}

TEST(PythonRegex, LooksBehindTheStart) {
  const PythonRegex regex("(?<=[a-z])-(?=[a-z])");
  EXPECT_EQ(found(regex, "a-b", 1), "-");
  EXPECT_EQ(found(regex, "-b"), "no match");
}

TEST(PythonRegex, MatchesSubjectsThatOverflowTheMachineCodesStack) {
  std::string subject;
  for (int i = 0; i < 20'000; ++i) subject += "a.";
  EXPECT_EQ(found(PythonRegex(R"(^(?:(?:[a-z0-9][a-z0-9_-]{0,62})?[a-z0-9]\.)+(?:[a-z]{2,63})$)"), subject),
            "no match");
  EXPECT_EQ(
      found(PythonRegex(R"(^(?:(?:[a-z0-9][a-z0-9_-]{0,62})?[a-z0-9]\.)+(?:[a-z]{2,63})$)"), subject + "com"),
      subject + "com");
}

TEST(PythonRegex, RefusesMalformedPatterns) {
  for (const char* pattern : {"(", "[a", "a\\", "\\u12", "\\U0002FA1", "[\\S]", "\\uD800"})
    EXPECT_THROW(PythonRegex{pattern}, MalformedValue) << pattern;
}

}  // namespace
}  // namespace conceptune::words
