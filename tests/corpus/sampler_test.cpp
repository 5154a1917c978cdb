#include "conceptune/corpus/sampler.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace conceptune::corpus {
namespace {

std::vector<std::string> numbered_texts(int count) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) texts.push_back(fmt::format("text {}", i));
  return texts;
}

std::vector<Passage> sample(const std::vector<std::string>& texts, std::size_t capacity, std::uint64_t seed) {
  PassageSampler sampler(capacity, seed);
  for (const auto& text : texts) sampler.add(text);
  return sampler.passages();
}

TEST(PassageSampler, DoesNotDependOnOrderOrSharing) {
  auto texts = numbered_texts(500);
  const auto expected = sample(texts, 50, 7);
  EXPECT_EQ(expected.size(), 50U);
  std::reverse(texts.begin(), texts.end());
  EXPECT_EQ(sample(texts, 50, 7), expected);
  PassageSampler even(50, 7), odd(50, 7);
  for (std::size_t i = 0; i < texts.size(); ++i) (i % 2 ? odd : even).add(texts[i]);
  even.merge(std::move(odd));
  EXPECT_EQ(even.passages(), expected);
}

TEST(PassageSampler, KeepsItsBeginningWhenMoreAreAskedFor) {
  const auto texts = numbered_texts(500);
  const auto large = sample(texts, 80, 1);
  EXPECT_EQ(sample(texts, 30, 1), std::vector<Passage>(large.begin(), large.begin() + 30));
}

TEST(PassageSampler, CountsCopiesOfWhatItKept) {
  PassageSampler first(10, 1), second(10, 1);
  for (const char* text : {"a", "b", "a", "a"}) first.add(text);
  for (const char* text : {"b", "c"}) second.add(text);
  first.merge(std::move(second));
  EXPECT_EQ(first.passages().size(), 3U);
  EXPECT_EQ(first.duplicates(), 3);
}

TEST(PassageSampler, CopiesDoNotChangeTheSample) {
  auto texts = numbered_texts(100);
  const auto expected = sample(texts, 20, 3);
  for (int i = 0; i < 100; ++i) texts.push_back(texts[static_cast<std::size_t>(i % 10)]);
  EXPECT_EQ(sample(texts, 20, 3), expected);
}

TEST(PassageSampler, DrawsEveryTextEquallyOften) {
  const auto texts = numbered_texts(20);
  constexpr int kDraws = 4000;
  std::map<std::string, int> drawn;
  for (int seed = 0; seed < kDraws; ++seed)
    for (const auto& passage : sample(texts, 5, static_cast<std::uint64_t>(seed))) ++drawn[passage.text];
  // Each count is binomial with p = 1/4; six standard deviations.
  const double bound = 6 * std::sqrt(kDraws * 0.25 * 0.75);
  for (const auto& text : texts) EXPECT_NEAR(drawn[text], kDraws / 4, bound) << text;
}

TEST(PassageSampler, KeepsNothingWithoutCapacity) { EXPECT_TRUE(sample({"a"}, 0, 1).empty()); }

}  // namespace
}  // namespace conceptune::corpus
