// conceptune train on the real model: two updates on a dataset made here, and what it says to mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/dataset_card.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

namespace fs = std::filesystem;

fs::path model() { return input("SmolLM2-135M-Instruct.Q4_1.gguf"); }

fs::path write_dataset(const fs::path& folder) {
  const auto tokenizer = tokenizer::Tokenizer::load(model());
  const auto card = dataset_card(tokenizer->hash(), tokenizer->size());
  concepts::DatasetWriter writer(folder, card);
  for (const char* text : {"The old house stood on a green hill.", "She read a book about the sea.",
                           "They drank some water and went home.", "A small dog ran after the ball."}) {
    concepts::ConceptRecord record{text, text, tokenizer->encode_ids(text), {}};
    record.words.push_back(
        {2, "word", words::PartOfSpeech::noun, {{tokenizer->encode_ids(" thing"), "thing", 1}}});
    writer.write(record);
  }
  writer.commit();
  return folder;
}

std::vector<std::string> train(const fs::path& folder, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"train",    "--model",     model(), "--dataset", folder / "dataset",
                                        "--output", folder / "run"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(TrainCommand, LeavesAnAdapterAndSaysWhatItDid) {
  CONCEPTUNE_REQUIRE(model());
  const TemporaryFolder folder;
  write_dataset(folder.path() / "dataset");
  const auto command = train(folder.path(), {"--max-steps", "2", "--json"});
  const auto result = run_program(command);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json summary = parse_json(result.output, "reading", "output");
  EXPECT_EQ(summary["steps"], 2);
  EXPECT_EQ(summary["adapter"], (folder.path() / "run/best").string());
  EXPECT_TRUE(fs::exists(folder.path() / "run/best/adapter_model.safetensors"));
  EXPECT_EQ(run_program(command).output, result.output);  // finished already
  const auto for_people = run_program(train(folder.path(), {"--max-steps", "2"})).output;
  EXPECT_THAT(for_people, testing::StartsWith("adapter     " + (folder.path() / "run/best").string() +
                                              "\nsteps       2\nbest        step "));
  EXPECT_THAT(for_people, testing::ContainsRegex("tokens      [0-9,]+, [0-9,]+ a second\ntime        "));
}

TEST(TrainCommand, NamesWrongSettings) {
  CONCEPTUNE_REQUIRE(model());
  const TemporaryFolder folder;
  const auto errors = [&](const std::vector<std::string>& more) {
    const auto result = run_program(train(folder.path(), more));
    EXPECT_EQ(result.exit_code, 2);
    return result.errors;
  };
  EXPECT_NE(errors({"--set", "epoch=3"}).find("did you mean 'epochs'?"), std::string::npos);
  EXPECT_NE(errors({"--concept-weight", "1.5"}).find("expected a number, between 0 and 1"),
            std::string::npos);
  EXPECT_NE(errors({"--loss", "other"}).find("expected one of paper, blended"), std::string::npos);
  EXPECT_NE(errors({}).find("dataset"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
}

}  // namespace
}  // namespace conceptune::test
