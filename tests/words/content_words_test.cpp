#include "conceptune/words/content_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

using ::testing::ElementsAre;

/// A text cut into tokens at "|", with a part of speech for each of its words.
struct Example {
  std::string text;
  tokenizer::Encoding encoding;
  std::vector<TaggedToken> tokens;

  Example(std::string_view cut, const std::vector<std::pair<std::string, PartOfSpeech>>& words) {
    for (const char c : cut) {
      if (c == '|') {
        end_token();
        continue;
      }
      text += c;
    }
    end_token();
    std::size_t from = 0;
    for (const auto& [word, pos] : words) {
      const std::size_t begin = text.find(word, from);
      from = begin + word.size();
      tokens.push_back({word, static_cast<std::uint32_t>(count_code_points(text.substr(0, begin))), false, "",
                        pos, "", 0, false});
    }
  }

  std::vector<ContentWord> find(const ContentWordOptions& options = {},
                                ContentWordStatistics* statistics = nullptr) const {
    return find_content_words(text, encoding, tokens, options, statistics);
  }

  /// The content word of a token.
  ContentWord word(std::uint32_t token, const std::string& word, PartOfSpeech pos,
                   const std::string& tag = "") const {
    const auto end = encoding.offsets[token].end;
    return {token, word, pos, {end - static_cast<std::uint32_t>(count_code_points(word)), end}, tag};
  }

 private:
  void end_token() {
    const auto end = static_cast<std::uint32_t>(count_code_points(text));
    const std::uint32_t begin = encoding.offsets.empty() ? 0 : encoding.offsets.back().end;
    encoding.ids.push_back(0);
    encoding.offsets.push_back({begin, end});
  }
};

constexpr auto kNoun = PartOfSpeech::noun;
constexpr auto kVerb = PartOfSpeech::verb;

TEST(ContentWords, AreSingleCompleteAlignedWords) {
  const Example example("The| big| dog|s| bark|,| we|'re| glad| é|tude|s| cat", {{"The", PartOfSpeech::det},
                                                                                 {"big", PartOfSpeech::adj},
                                                                                 {"dogs", kNoun},
                                                                                 {"bark", kVerb},
                                                                                 {",", PartOfSpeech::punct},
                                                                                 {"we", PartOfSpeech::pron},
                                                                                 {"'re", PartOfSpeech::aux},
                                                                                 {"glad", PartOfSpeech::adj},
                                                                                 {"études", kNoun},
                                                                                 {"cat", kNoun}});
  ContentWordStatistics statistics;
  EXPECT_THAT(example.find({}, &statistics),
              ElementsAre(example.word(1, "big", PartOfSpeech::adj), example.word(4, "bark", kVerb),
                          example.word(8, "glad", PartOfSpeech::adj), example.word(12, "cat", kNoun)));
  EXPECT_EQ(example.find()[3].span,
            (tokenizer::Span{37, 40}));  // characters, not bytes: "é" before it is one
  EXPECT_EQ(statistics.tokens, 13);
  EXPECT_EQ(statistics.content_words, 4);
  EXPECT_EQ(statistics.no_leading_space, 6);      // The s , 're tude s
  EXPECT_EQ(statistics.not_complete, 2);          // dog é
  EXPECT_EQ(statistics.other_part_of_speech, 1);  // we
  EXPECT_EQ(statistics.by_pos[static_cast<std::size_t>(PartOfSpeech::adj)], 2);
  EXPECT_DOUBLE_EQ(statistics.share(), 4.0 / 13);
}

TEST(ContentWords, MayNeedASpaceAfterThem) {
  const Example example(
      "a| cat|,| dog| runs|\n| cow",
      {{"a", PartOfSpeech::det}, {"cat", kNoun}, {"dog", kNoun}, {"runs", kVerb}, {"cow", kNoun}});
  ContentWordOptions options;
  EXPECT_THAT(example.find(options), ElementsAre(example.word(1, "cat", kNoun), example.word(3, "dog", kNoun),
                                                 example.word(6, "cow", kNoun)));
  options.boundary = WordBoundary::space;
  EXPECT_THAT(example.find(options),
              ElementsAre(example.word(3, "dog", kNoun), example.word(6, "cow", kNoun)));
}

TEST(ContentWords, MustBeOneWordOfBothTokenizers) {
  const Example example("I| cannot| U.S.| go", {{"can", kVerb}, {"not", PartOfSpeech::part}, {"go", kVerb}});
  ContentWordStatistics statistics;
  EXPECT_THAT(example.find({}, &statistics), ElementsAre(example.word(3, "go", kVerb)));
  EXPECT_EQ(statistics.not_aligned, 2);
}

TEST(ContentWords, DropRepeatsWhenAsked) {
  const Example example("a| cat| Cat| cat", {{"cat", kNoun}, {"Cat", kNoun}, {"cat", kNoun}});
  ContentWordOptions options;
  EXPECT_EQ(example.find(options).size(), 3U);
  options.keep_repeats = false;
  ContentWordStatistics statistics;
  EXPECT_THAT(example.find(options, &statistics),
              ElementsAre(example.word(1, "cat", kNoun), example.word(2, "Cat", kNoun)));
  EXPECT_EQ(statistics.repeated, 1);
}

TEST(ContentWords, LeaveACharacterThatTwoTokensShare) {
  Example example("a| x", {{"x", kNoun}});
  example.encoding.ids.push_back(0);
  example.encoding.offsets.push_back({2, 3});  // the rest of the bytes of "x", were it a longer character
  EXPECT_THAT(example.find(), ElementsAre());
}

TEST(ContentWords, NeedThePipelineToTagWordsAlone) {
  const Example example("a| cat", {{"cat", kNoun}});
  ContentWordOptions options;
  options.context = PartOfSpeechContext::alone;
  EXPECT_THROW(example.find(options), InputError);

  CONCEPTUNE_REQUIRE(model_folder());
  const auto pipeline = EnglishPipeline::load(model_folder());
  const Example sentence("They| hope| to| cannot| run| quickly", {});
  EXPECT_THAT(find_content_words(sentence.text, sentence.encoding, *pipeline, options),
              ElementsAre(sentence.word(1, "hope", kVerb, "VB"), sentence.word(4, "run", kVerb, "VB")));
}

TEST(ContentWordStatistics, AddUpAndPrint) {
  ContentWordStatistics sum{.tokens = 3, .content_words = 1, .by_pos = {1}, .not_complete = 2};
  sum += {.tokens = 1, .content_words = 1, .by_pos = {1}};
  EXPECT_EQ(
      to_json_text(sum.to_json()),
      R"({"tokens":4,"content_words":2,"share":0.5,"by_pos":{"NOUN":0,"VERB":0,"ADJ":2},)"
      R"("lost":{"no_leading_space":0,"not_complete":2,"not_aligned":0,"other_part_of_speech":0,"repeated":0}})");
}

/// Content words per 100 tokens in the first 150 passages of 51 to 1,999 characters.
std::pair<double, double> shares(const std::filesystem::path& corpus) {
  const auto tokenizer =
      tokenizer::Tokenizer::load(test::shared("data/tokenizers/ggml-vocab-llama-bpe.gguf"));
  const auto pipeline = EnglishPipeline::load(model_folder());
  ContentWordStatistics by_default;
  ContentWordStatistics by_space;
  int passages = 0;
  LineReader lines(corpus, "testing");
  for (std::string line; passages < 150 && lines.next(line);) {
    const auto text = parse_json(line, "testing", "corpus").at("text").get<std::string>();
    const std::size_t characters = count_code_points(text);
    if (characters <= 50 || characters >= 2000) continue;
    ++passages;
    const auto encoding = tokenizer->encode(text);
    const auto tokens = pipeline->annotate(text);
    find_content_words(text, encoding, tokens, {}, &by_default);
    find_content_words(text, encoding, tokens, {.boundary = WordBoundary::space}, &by_space);
  }
  EXPECT_EQ(passages, 150);
  return {100 * by_default.share(), 100 * by_space.share()};
}

// The paper reports 28 % of tokens (§3.1); with Llama 3's tokenizer each rule gives:
TEST(ContentWords, AreAsManyAsThePaperSays) {
  CONCEPTUNE_REQUIRE(model_folder());
  CONCEPTUNE_REQUIRE(test::shared("data/tokenizers/ggml-vocab-llama-bpe.gguf"));
  const auto [c4_default, c4_space] = shares(test::shared("data/corpora/c4_sample.jsonl.gz"));
  EXPECT_NEAR(c4_default, 29.4, 0.05);
  EXPECT_NEAR(c4_space, 24.0, 0.05);
  const auto [web_default, web_space] = shares(test::shared("data/corpora/openwebtext_sample.jsonl.gz"));
  EXPECT_NEAR(web_default, 27.0, 0.05);
  EXPECT_NEAR(web_space, 22.2, 0.05);
}

}  // namespace
}  // namespace conceptune::words
