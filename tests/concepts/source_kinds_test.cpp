#include "conceptune/concepts/source_kinds.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

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

  options.source = SourceKind::yes_no;
  const auto questions = source_kind(options).inputs(options, model);
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_EQ(questions[2].key, "prompt.model");
  EXPECT_THROW(questions[2].look(questions[2].path), InputError) << "it has no chat template";
}

}  // namespace
}  // namespace conceptune::concepts
