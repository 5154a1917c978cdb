// conceptune export, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/gguf.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

TEST(ExportCommand, WritesAnAdapterForLlamaCpp) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  write_tiny_model(at("model"));
  model::save_adapter(at("mine"),
                      model::LoraAdapter(weights::WeightStore::open(at("model"))->config(), {}, 1), "base",
                      "text");
  const std::vector<std::string> command = {"export", at("mine"),      "-m",    at("model"),
                                            "-o",     at("mine.gguf"), "--json"};
  const auto result = run_program(command);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(parse_json(result.output, "test", "output")["tensors"], 16);  // 2 layers, q, k, v, o, A and B
  const GgufFile file(at("mine.gguf"));
  EXPECT_EQ(file.string("general.name"), "mine");
  EXPECT_EQ(file.tensors().size(), 16U);
  const auto again = run_program(command);
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.errors, testing::HasSubstr("exists"));
}

TEST(ExportCommand, ChecksItsOutputFirst) {
  const TemporaryFolder folder;
  // No adapter is there either.
  const auto result = run_program(
      {"export", (folder.path() / "a").string(), "-m", "m.gguf", "-o", (folder.path() / "out").string()});
  EXPECT_EQ(result.exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
