#include "conceptune/concepts/read_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/messages.h"

namespace conceptune::concepts {
namespace {

using Keys = std::vector<std::string>;

Keys unread(const AnnotateOptions& options) { return unread_options({&options, 1}); }

TEST(ReadOptions, NeedTheModelWhereNothingElseIsNamed) {
  AnnotateOptions options;
  EXPECT_TRUE(needs_model(options));
  options.source = SourceKind::wordnet;
  EXPECT_TRUE(needs_model(options)) << "for candidates";
  options.wordnet.use_candidates = false;
  EXPECT_FALSE(needs_model(options));
  options.source = SourceKind::file;
  EXPECT_FALSE(needs_model(options));
  options.source = SourceKind::prompt;
  options.candidates.server.url = "http://candidates";
  EXPECT_TRUE(needs_model(options));
  options.prompt.model = "instruct.gguf";
  EXPECT_FALSE(needs_model(options));
  options.prompt = {};
  options.prompt.server.url = "http://answers";
  EXPECT_FALSE(needs_model(options));
  options.source = SourceKind::yes_no;
  EXPECT_TRUE(needs_model(options)) << "a server does not answer by probabilities";
  options.prompt.model = "instruct.gguf";
  EXPECT_FALSE(needs_model(options));
  options.source = SourceKind::embedding;
  EXPECT_TRUE(needs_model(options)) << "which runs it itself";
  options.source = SourceKind::continuation;
  EXPECT_TRUE(needs_model(options)) << "which runs it itself";
}

TEST(ReadOptions, NeedCandidatesWhereTheSourceReadsThem) {
  AnnotateOptions options;
  EXPECT_FALSE(needs_candidates(options));
  options.continuation.pool = SubstitutePool::both;
  EXPECT_TRUE(needs_candidates(options));
  options.source = SourceKind::yes_no;
  EXPECT_FALSE(needs_candidates(options));
  options.yes_no.pool = SubstitutePool::candidates;
  EXPECT_TRUE(needs_candidates(options));
  for (const auto source :
       {SourceKind::wordnet, SourceKind::prompt, SourceKind::embedding, SourceKind::candidates}) {
    options.source = source;
    EXPECT_TRUE(needs_candidates(options)) << name_of(source);
  }
}

TEST(UnreadOptions, AreThoseThatAreSetInVain) {
  AnnotateOptions options;
  options.max_synonyms = 3;
  options.content_words.keep_repeats = !options.content_words.keep_repeats;
  options.type = model::DataType::bfloat16;
  options.continuation.words = 50;
  EXPECT_EQ(unread(options), Keys());
  options.candidates.server.url = "http://candidates";
  options.prompt.max_new_tokens = 5;
  EXPECT_EQ(unread(options), (Keys{"candidates.server.url", "prompt.max_new_tokens"}));
  options.continuation.pool = SubstitutePool::candidates;
  options.wordnet.depth = 2;
  EXPECT_EQ(unread(options), (Keys{"wordnet.depth", "prompt.max_new_tokens"}));
  options.source = SourceKind::prompt;
  EXPECT_EQ(unread(options), (Keys{"wordnet.depth", "continuation.pool", "continuation.words"}));
}

TEST(UnreadOptions, AreAlsoThoseThatAnotherOptionSwitchesOff) {
  AnnotateOptions options;
  options.source = SourceKind::prompt;
  options.prompt.model = "instruct.gguf";
  options.prompt.server.concurrency = 2;
  EXPECT_EQ(unread(options), Keys{"prompt.server.concurrency"});
  options.prompt.server.url = "http://answers";
  EXPECT_EQ(unread(options), Keys{"prompt.model"});
  options.prompt.model.clear();
  options.prompt.order = PromptOrder::paper;
  options.prompt.template_file = "prompt.txt";
  EXPECT_EQ(unread(options), Keys{"prompt.order"});
}

TEST(UnreadOptions, OfSeveralAnnotationsAreThoseThatNoneReads) {
  std::vector<AnnotateOptions> arms(2);
  for (auto& arm : arms) arm.prompt.max_new_tokens = 5;
  arms[1].source = SourceKind::wordnet;
  arms[1].embedding.candidates = 10;
  EXPECT_EQ(unread_options(arms), (Keys{"prompt.max_new_tokens", "embedding.candidates"}));
  arms[0].source = SourceKind::prompt;
  EXPECT_EQ(unread_options(arms), Keys{"embedding.candidates"});
}

TEST(UnreadOptions, AreToldInOneLine) {
  std::vector<std::string> told;
  const auto before = set_message_sink([&](Severity, std::string_view text) { told.emplace_back(text); });
  AnnotateOptions options;
  warn_of_unread_options({&options, 1}, "annotating");
  EXPECT_TRUE(told.empty());
  options.candidates.server.url = "http://candidates";
  options.prompt.max_new_tokens = 5;
  warn_of_unread_options({&options, 1}, "annotating", "annotation.");
  set_message_sink(before);
  EXPECT_THAT(told, ::testing::ElementsAre("annotating: set, but not read by source continuation: "
                                           "annotation.candidates.server.url, "
                                           "annotation.prompt.max_new_tokens"));
}

}  // namespace
}  // namespace conceptune::concepts
