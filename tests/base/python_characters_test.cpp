#include "conceptune/base/python_characters.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <algorithm>

#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"
#include "tests/support/inputs.h"

namespace conceptune::python {
namespace {

using Append = void (*)(std::string_view, std::pmr::string&);

std::string converted(Append append, std::string_view text) {
  std::pmr::string result;
  append(text, result);
  return std::string(result);
}

/// Calls check(character) for all but surrogates.
template <class Check>
void for_all_characters(Check check) {
  for (char32_t c = 0; c < 0x110000; ++c)
    if (c < 0xD800 || c > 0xDFFF) check(c);
}

class UnicodeTest : public ::testing::Test {
 protected:
  using Ranges = std::vector<std::int64_t>;

  Ranges golden_class(const char* name) const { return golden_.at("classes").at(name).get<Ranges>(); }

  /// Whether a later Unicode than the golden Python's gave c its meaning: it is printable now and was not
  /// then. With the same Unicode no character is passed over.
  bool is_newer(char32_t c) const {
    if (std::string_view(utf8proc_unicode_version()) == "15.0.0" || !is_printable(c)) return false;
    const auto range = std::lower_bound(printable_.begin(), printable_.end(), static_cast<std::int64_t>(c));
    const bool in_range = range != printable_.end() && (*range == c || (range - printable_.begin()) % 2 == 1);
    return !in_range;
  }

  const Json golden_ = read_json_file(test::source("tests/reference/python_characters.json"), "test");

 private:
  const Ranges printable_ = golden_class("printable");
};

TEST_F(UnicodeTest, ClassifiesAllCharactersAsPython) {
  const std::pair<const char*, bool (*)(char32_t)> classes[] = {
      {"alpha", is_alpha},        {"decimal", is_decimal},     {"digit", is_digit}, {"lower", is_lower},
      {"space", is_python_space}, {"printable", is_printable}, {"upper", is_upper}};
  for (const auto& [name, belongs] : classes) {
    Ranges ranges;
    for_all_characters([&, is = belongs](char32_t c) {
      if (!is(c) || is_newer(c)) return;
      if (!ranges.empty() && ranges.back() == c - 1) {
        ranges.back() = c;
      } else {
        ranges.insert(ranges.end(), 2, c);
      }
    });
    EXPECT_EQ(ranges, golden_class(name)) << name;
  }
}

TEST_F(UnicodeTest, ChangesTheCaseOfAllCharactersAsPython) {
  const std::pair<const char*, Append> cases[] = {
      {"lower", append_lower}, {"title", append_title}, {"upper", append_upper}};
  for (const auto& [name, append] : cases) {
    const auto& changed = golden_.at("cases").at(name);
    std::size_t changes = 0;
    for_all_characters([&, convert = append](char32_t c) {
      if (is_newer(c)) return;
      const auto text = encode_utf8({&c, 1});
      const auto found = converted(convert, text);
      if (found == text) return;
      ++changes;
      const auto expected = changed.find(text);
      EXPECT_EQ(found, expected == changed.end() ? text : expected->get<std::string>())
          << name << static_cast<unsigned>(c);
    });
    EXPECT_EQ(changes, changed.size()) << name;
  }
}

TEST_F(UnicodeTest, ChangesTheCaseOfWordsAsPython) {
  const std::pair<const char*, Append> cases[] = {{"capitalize", append_capitalize},
                                                  {"lower", append_lower},
                                                  {"swapcase", append_swapcase},
                                                  {"title", append_title},
                                                  {"upper", append_upper}};
  for (const auto& word : golden_.at("words")) {
    const std::string text = word.at("word");
    for (const auto& [name, append] : cases)
      EXPECT_EQ(converted(append, text), word.at(name).get<std::string>()) << name << " " << text;
    EXPECT_EQ(is_lower_text(text), word.at("islower")) << text;
    EXPECT_EQ(is_upper_text(text), word.at("isupper")) << text;
  }
}

}  // namespace
}  // namespace conceptune::python
