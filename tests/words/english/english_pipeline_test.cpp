// The whole pipeline against what spaCy 3.8 says (tests/reference/spacy, made with spaCy's full and short
// pipeline).
#include "conceptune/words/english/english_pipeline.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/random.h"
#include "conceptune/runtime/kernels/isa.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

const EnglishPipeline& pipeline() {
  static const auto loaded = EnglishPipeline::load(model_folder());
  return *loaded;
}

TEST(EnglishPipeline, TagsLikeSpacyWithoutItsParser) {
  CONCEPTUNE_REQUIRE(model_folder());
  for (const Json& vector : spacy_vectors("vectors.jsonl")) {
    const auto text = vector.at("text").get<std::string>();
    SCOPED_TRACE(text);
    const auto tokens = pipeline().annotate(text, false);
    ASSERT_EQ(tokens.size(), vector.at("tokens").size());
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const Json& expected = vector.at("tokens")[t];
      EXPECT_EQ(tokens[t].text, expected.at("text").get<std::string>());
      EXPECT_EQ(tokens[t].begin, expected.at("idx"));
      EXPECT_EQ(tokens[t].space_after, expected.at("ws"));
      EXPECT_EQ(tokens[t].tag, expected.at("tag").get<std::string>());
      EXPECT_EQ(name_of(tokens[t].pos), expected.at("pos").get<std::string>());
      EXPECT_EQ(tokens[t].dependency, "");
      EXPECT_EQ(tokens[t].head, static_cast<std::int32_t>(t));
    }
  }
}

TEST(EnglishPipeline, GivesPartsOfSpeechLikeSpacyWithItsParser) {
  CONCEPTUNE_REQUIRE(model_folder());
  for (const Json& vector : spacy_vectors("vectors.jsonl")) {
    const auto text = vector.at("text").get<std::string>();
    SCOPED_TRACE(text);
    std::vector<std::string> parts;
    for (const auto& token : pipeline().annotate(text)) parts.emplace_back(name_of(token.pos));
    EXPECT_EQ(parts, vector.at("pos_full").get<std::vector<std::string>>());
  }
}

TEST(EnglishPipeline, ParsesLikeSpacy) {
  CONCEPTUNE_REQUIRE(model_folder());
  for (const Json& vector : spacy_vectors("parser_vectors.jsonl")) {
    const auto text = vector.at("text").get<std::string>();
    SCOPED_TRACE(text);
    const auto tokens = pipeline().annotate(text);
    ASSERT_EQ(tokens.size(), vector.at("tokens").size());
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const Json& expected = vector.at("tokens")[t];
      EXPECT_EQ(tokens[t].text, expected.at("text").get<std::string>());
      EXPECT_EQ(tokens[t].begin, expected.at("idx"));
      EXPECT_EQ(tokens[t].tag, expected.at("tag").get<std::string>());
      EXPECT_EQ(name_of(tokens[t].pos), expected.at("pos").get<std::string>());
      EXPECT_EQ(tokens[t].dependency, expected.at("dep").get<std::string>());
      EXPECT_EQ(tokens[t].head, expected.at("head"));
      EXPECT_EQ(tokens[t].sentence_start, expected.at("sent_start"));
    }
  }
}

TEST(EnglishPipeline, DoesNotDependOnWhatItSawBefore) {
  CONCEPTUNE_REQUIRE(model_folder());
  const std::string text = "He didn't  like the U.S. plan (at all).";
  const auto fresh = EnglishPipeline::load(model_folder())->annotate(text);
  pipeline().annotate("He plans to like it. U.S. (at didn't all)");
  const auto later = pipeline().annotate(text);
  ASSERT_EQ(fresh.size(), later.size());
  for (std::size_t t = 0; t < fresh.size(); ++t) {
    EXPECT_EQ(fresh[t].text, later[t].text);
    EXPECT_EQ(fresh[t].pos, later[t].pos);
    EXPECT_EQ(fresh[t].head, later[t].head);
  }
}

TEST(EnglishPipeline, ServesManyThreads) {
  CONCEPTUNE_REQUIRE(model_folder());
  const std::string text = "What are you looking for? I don't know.";
  const auto expected = pipeline().annotate(text);
  std::vector<std::jthread> threads;
  std::atomic<int> equal = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int repetition = 0; repetition < 20; ++repetition) {
        const auto tokens = pipeline().annotate(text);
        equal += std::ranges::equal(tokens, expected, [](const TaggedToken& a, const TaggedToken& b) {
          return a.text == b.text && a.tag == b.tag && a.head == b.head && a.dependency == b.dependency;
        });
      }
    });
  }
  threads.clear();
  EXPECT_EQ(equal, 80);
}

TEST(EnglishPipeline, RefusesTextItCannotTag) {
  CONCEPTUNE_REQUIRE(model_folder());
  EXPECT_THROW(pipeline().annotate("a\xff"), InputError);
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "é ";
  EXPECT_THROW(pipeline().annotate(text + "é"), InputError);
}

TEST(EnglishPipeline, TellsHowCloseItsClosestDecisionWas) {
  CONCEPTUNE_REQUIRE(model_folder());
  const std::string text = "Yes. I do.";
  EXPECT_NEAR(pipeline().smallest_margin(text), 7.5034F - 7.3662F, 1e-3);
  EXPECT_GT(pipeline().smallest_margin(text, false), 1);
}

/// All fields of all tokens, hashed as tests/reference/make_spacy_golden.py does.
std::string digest(const std::vector<TaggedToken>& tokens) {
  std::string lines;
  for (const TaggedToken& t : tokens)
    lines += fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", t.text, t.begin, t.tag, name_of(t.pos),
                         t.dependency, t.head);
  return sha256_hex(lines).substr(0, 16);
}

/// Compares every `step`-th document of a corpus with spaCy's. A difference is only allowed where a decision
/// is so close that rounding takes it (spaCy itself differs there between processors), and in one of 1,000
/// documents.
void expect_equal_to_spacy(const char* corpus, std::size_t step) {
  const auto golden = read_json_file(test::source("tests/reference/spacy/corpus_hashes.json"), "testing");
  const Json& expected = golden.at("corpora").at(corpus);
  constexpr float kRounding = 1e-4F;
  std::size_t documents = 0;
  std::size_t close = 0;
  LineReader lines(test::shared("data/corpora") / corpus, "testing");
  std::size_t i = 0;
  for (std::string line; lines.next(line); ++i) {
    if (i % step != 0) continue;
    const auto text = parse_json(line, "testing", corpus).at("text").get<std::string>();
    for (const auto& [pipeline_name, parse] : {std::pair{"full", true}, {"short", false}}) {
      ++documents;
      if (digest(pipeline().annotate(text, parse)) == expected.at(pipeline_name)[i].get<std::string>())
        continue;
      const float margin = pipeline().smallest_margin(text, parse);
      close += margin < kRounding ? 1 : 0;
      EXPECT_LT(margin, kRounding) << corpus << ", document " << i << ", " << pipeline_name << " pipeline";
    }
  }
  EXPECT_EQ(i, expected.at("full").size());
  EXPECT_LE(close, documents / 1000);
  ::testing::Test::RecordProperty(std::string("close_calls_") + corpus, std::to_string(close));
}

TEST(EnglishPipeline, EqualsSpacyOnASampleOfTheWeb) {
  CONCEPTUNE_REQUIRE(model_folder());
  CONCEPTUNE_REQUIRE(test::shared("data/corpora"));
  expect_equal_to_spacy("c4_sample.jsonl.gz", 13);
  expect_equal_to_spacy("openwebtext_sample.jsonl.gz", 14);
}

TEST(EnglishPipelineReference, EqualsSpacyOnWholeCorpora) {
  const char* forced = std::getenv("CONCEPTUNE_ISA");
  const auto isas = kernels::supported_isas();
  if (forced && std::ranges::find(isas, std::string_view(forced), &kernels::name_of) == isas.end())
    GTEST_SKIP() << "this processor has no " << forced;
  CONCEPTUNE_REQUIRE(model_folder());
  CONCEPTUNE_REQUIRE(test::shared("data/corpora"));
  expect_equal_to_spacy("c4_sample.jsonl.gz", 1);
  expect_equal_to_spacy("openwebtext_sample.jsonl.gz", 1);
}

/// A copy of the model folder without the parts that the pipeline does not read.
class BrokenModel : public ::testing::Test {
 protected:
  static constexpr const char* kFiles[] = {"tokenizer",    "vocab/lookups.bin", "tok2vec/model",
                                           "tagger/model", "tagger/cfg",        "parser/model",
                                           "parser/moves", "parser/cfg",        "attribute_ruler/patterns"};

  void SetUp() override {
    CONCEPTUNE_REQUIRE(model_folder());
    for (const char* file : kFiles) {
      std::filesystem::create_directories((folder_.path() / file).parent_path());
      std::filesystem::create_symlink(std::filesystem::absolute(model_folder() / file),
                                      folder_.path() / file);
    }
  }

  /// Loads the model with one file replaced; true when that succeeds, false when it is refused as it should
  /// be.
  bool loads_with(const char* file, const std::string& content) {
    std::filesystem::remove(folder_.path() / file);
    folder_.write(file, content);
    try {
      loaded_ = EnglishPipeline::load(folder_.path());
    } catch (const InputError&) {
      return false;
    }
    return true;
  }

  void restore(const char* file) {
    std::filesystem::remove(folder_.path() / file);
    std::filesystem::create_symlink(std::filesystem::absolute(model_folder() / file), folder_.path() / file);
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<const EnglishPipeline> loaded_;
};

TEST_F(BrokenModel, IsRefusedWhenAFileIsTruncatedOrMissing) {
  for (const char* file : kFiles) {
    const std::string whole = read_file(model_folder() / file, "testing");
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, whole.size() / 3, whole.size() - 1})
      EXPECT_FALSE(loads_with(file, whole.substr(0, size))) << file << " of " << size << " bytes";
    std::filesystem::remove(folder_.path() / file);
    EXPECT_THROW(EnglishPipeline::load(folder_.path()), InputError) << file;
    restore(file);
  }
}

TEST_F(BrokenModel, NeverCrashesWithFlippedBytes) {
  Random random(7);
  for (const char* file : kFiles) {
    const std::string whole = read_file(model_folder() / file, "testing");
    for (int repetition = 0; repetition < 12; ++repetition) {
      std::string broken = whole;
      // Half of the damage goes where structure is dense: to the beginning.
      const std::size_t reach = repetition % 2 == 0 ? whole.size() : std::min<std::size_t>(whole.size(), 400);
      for (int flips = 0; flips < 3; ++flips) {
        char& byte = broken[random.below(reach)];
        byte = static_cast<char>(byte ^ static_cast<char>(1U << random.below(8)));
      }
      if (loads_with(file, broken)) loaded_->annotate("What's he looking for?\n\nI (we) don't know :-) etc.");
    }
    restore(file);
  }
}

TEST(FindEnglishPipeline, TakesWhatIsGivenThenTheEnvironmentThenTheCache) {
  const test::TemporaryFolder given;
  const test::TemporaryFolder named;
  const test::TemporaryFolder cache;
  ::unsetenv("CONCEPTUNE_ENGLISH_PIPELINE");
  ::setenv("CONCEPTUNE_CACHE", cache.path().c_str(), 1);
  EXPECT_THROW(find_english_pipeline(), InputError);
  std::filesystem::create_directory(cache.path() / "en_core_web_sm");
  cache.write("en_core_web_sm/tokenizer", "");
  EXPECT_EQ(find_english_pipeline(), cache.path() / "en_core_web_sm");
  ::setenv("CONCEPTUNE_ENGLISH_PIPELINE", named.path().c_str(), 1);
  EXPECT_THROW(find_english_pipeline(), InputError);
  named.write("tokenizer", "");
  EXPECT_EQ(find_english_pipeline(), named.path());
  EXPECT_THROW(find_english_pipeline(given.path()), InputError);
  given.write("tokenizer", "");
  EXPECT_EQ(find_english_pipeline(given.path()), given.path());
  ::unsetenv("CONCEPTUNE_ENGLISH_PIPELINE");
  ::unsetenv("CONCEPTUNE_CACHE");
}

}  // namespace
}  // namespace conceptune::words
