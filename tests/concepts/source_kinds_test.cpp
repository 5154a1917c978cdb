#include "conceptune/concepts/source_kinds.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

TEST(SourceKinds, NeedTheModelWhereNothingElseIsNamed) {
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
  options.source = SourceKind::embedding;
  EXPECT_TRUE(needs_model(options)) << "which runs it itself";
  options.source = SourceKind::continuation;
  EXPECT_TRUE(needs_model(options)) << "which runs it itself";
  EXPECT_FALSE(source_kind(options).needs_candidates(options));
  options.continuation.pool = SubstitutePool::both;
  EXPECT_TRUE(source_kind(options).needs_candidates(options));
}

TEST(SourceKinds, SayWhatTheyRead) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  const generation::LanguageModel model(folder.path());
  AnnotateOptions options;
  options.source = SourceKind::file;
  const auto table = source_kind(options).inputs(options, model);
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table[0].key, "file.table");
  EXPECT_TRUE(table[0].path.empty());
  EXPECT_FALSE(table[0].expected.empty());

  options.source = SourceKind::prompt;
  const auto asked = source_kind(options).inputs(options, model);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].path, model.path());
  EXPECT_THROW(asked[1].look(asked[1].path), InputError) << "it has no chat template";
  options.prompt.server.url = "http://answers";
  EXPECT_EQ(source_kind(options).inputs(options, model).size(), 1U);
}

}  // namespace
}  // namespace conceptune::concepts
