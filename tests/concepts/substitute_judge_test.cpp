#include "conceptune/concepts/substitute_judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "tests/concepts/run_alone.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

using Ids = std::vector<std::int32_t>;
using test::run_alone;

class SubstituteJudgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_tiny_model(folder_.path());
    model_ = generation::LanguageModel(folder_.path());
    for (const auto* text : {"the old dog sees a small house in the city", "a big cat has the red car"})
      passages_.push_back(model_.tokenizer()->with_begin(model_.tokenizer()->encode_ids(text)));
  }

  PoolWord word(const std::string& text, int steps) const {
    return {text, model_.tokenizer()->encode_ids(" " + text), steps, 0};
  }
  JudgedPlace place(std::size_t passage, std::int32_t position, const std::string& text,
                    const std::vector<PoolWord>& pool) const {
    const Ids& ids = passages_[passage];
    const auto at = ids.begin() + position;
    JudgedPlace place{passage, position, text, {*at}, {at + 1, std::min(at + 3, ids.end())}, {}};
    for (const auto& one : pool)
      place.pool.push_back(
          {one, {.steps = one.steps, .tokens = static_cast<int>(one.ids.size()), .following = {}}});
    return place;
  }
  std::vector<JudgedPlace> places() const {
    return {place(0, 4, "dog", {word("cat", 0), word("hound", 1), word("old house", 0), word("car", 1)}),
            place(0, 8, "house", {word("home", 0), word("city car", 1)}),
            place(1, 4, "cat", {word("dog", 1), word("car", 0)}),
            place(1, static_cast<std::int32_t>(passages_[1].size()) - 1, "dog", {word("cat", 0)})};
  }
  void judge(std::span<JudgedPlace> places, std::size_t shortlist) const {
    judge_places(model_, passages_, places, shortlist, {});
  }

  test::TemporaryFolder folder_;
  generation::LanguageModel model_{""};
  std::vector<Ids> passages_;
};

TEST_F(SubstituteJudgeTest, FindsWhatTextsRunAloneGive) {
  auto judged = places();
  judge(judged, 10);
  for (const auto& place : judged) {
    const auto alone = [&](const Ids& ids) {
      return run_alone(model_.decoder(), passages_[place.passage], {place.position, ids, place.following});
    };
    const auto& tokenizer = *model_.tokenizer();
    const Ids question =
        tokenizer.with_begin(tokenizer.encode_ids("Synonyms of \"" + place.text + "\": " + place.text + ","));
    const auto associated = [&](const Ids& ids) {
      return run_alone(model_.decoder(), question, {static_cast<std::int32_t>(question.size()), ids, {}})
          .score.word;
    };
    const auto own = alone(place.own);
    for (const auto& [word, facts] : place.pool) {
      const auto other = alone(word.ids);
      EXPECT_NEAR(facts.word, other.score.word - own.score.word, 1e-4) << word.text;
      ASSERT_EQ(facts.following.size(), place.following.size());
      for (std::size_t n = 0; n < facts.following.size(); ++n)
        EXPECT_NEAR(facts.following[n], other.score.following[n] - own.score.following[n], 1e-4) << word.text;
      EXPECT_NEAR(facts.likeness, cosine(other.state.row(0), own.state.row(0), own.state.width()), 1e-5);
      EXPECT_NEAR(facts.association, associated(word.ids), 1e-4) << word.text;
      EXPECT_NEAR(facts.first_association, associated({word.ids[0]}), 1e-4) << word.text;
    }
  }
}

TEST_F(SubstituteJudgeTest, LeavesTheBestOfTheFirstLook) {
  auto all = places(), some = places();
  judge(all, 10);
  judge(some, 2);
  for (std::size_t p = 0; p < all.size(); ++p) {
    auto expected = all[p].pool;
    std::ranges::stable_sort(expected, std::greater(), [](const auto& one) { return first_look(one.facts); });
    expected.resize(std::min<std::size_t>(expected.size(), 2));
    ASSERT_EQ(some[p].pool.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto found = std::ranges::find(some[p].pool, expected[i].word, &JudgedWord::word);
      ASSERT_NE(found, some[p].pool.end()) << expected[i].word.text;
      EXPECT_NEAR(found->facts.likeness, expected[i].facts.likeness, 1e-5);
      EXPECT_NEAR(found->facts.association, expected[i].facts.association, 1e-4);
    }
  }
}

TEST_F(SubstituteJudgeTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  auto judged = places();
  EXPECT_THROW(judge_places(model_, passages_, judged, 2, stop.get_token()), Interrupted);
}

}  // namespace
}  // namespace conceptune::concepts
