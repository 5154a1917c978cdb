// Datasets on disk to an adapter on disk, with a small random decoder.
#include "conceptune/training/run/adapter_training.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/training/models/lora_trainable.h"
#include "conceptune/training/models/passes.h"
#include "tests/runtime/model/in_llama_cpp.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"
#include "tests/training/small_dataset.h"

namespace conceptune::training {
namespace {

using namespace conceptune::test;
using test::write_dataset;
namespace fs = std::filesystem;

std::string error_of(const DataRequest& request, const TrainingOptions& options = {}) {
  try {
    read_training_data(request, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(ReadTrainingData, SplitsOrTakesAnotherDatasetToValidateOn) {
  const TemporaryFolder folder;
  DataRequest request{{write_dataset(folder.path() / "a", 20)}, {}, "tokenizer", {}};
  TrainingOptions options;
  TrainingData data = read_training_data(request, options);
  EXPECT_EQ(data.training.size(), 18u);
  EXPECT_EQ(data.validation.size(), 2u);
  EXPECT_EQ(data.training[0].words.size(), 1u);
  EXPECT_EQ(data.passage_ids, (corpus::PassageIds{corpus::passage_id("text")}));
  request.validation_datasets = {write_dataset(folder.path() / "b", 3, "tokenizer", true, 0, "validated")};
  data = read_training_data(request, options);
  EXPECT_EQ(data.passage_ids,
            (corpus::PassageIds{corpus::passage_id("text"), corpus::passage_id("validated")}));
  EXPECT_EQ(data.training.size(), 20u);
  EXPECT_EQ(data.validation.size(), 3u);
}

TEST(ReadTrainingData, RefusesScoresBelow0WhereTheLossTakesThemAsShares) {
  const TemporaryFolder folder;
  const DataRequest request{
      {write_dataset(folder.path() / "a", 20, "tokenizer", true, -2)}, {}, "tokenizer", {}};
  TrainingOptions options;
  options.objective.loss = value_named<Loss>("soft-targets").value();
  EXPECT_EQ(error_of(request, options), "");
  options.objective.soft_targets.weights = SynonymWeights::scores;
  EXPECT_NE(error_of(request, options).find("the score of 'other' for 'word' is -2"), std::string::npos);
}

TEST(ReadTrainingData, AddsSwappedCopiesToTrainingAlone) {
  const TemporaryFolder folder;
  const DataRequest request{{write_dataset(folder.path() / "a", 10)}, {}, "tokenizer", {}};
  TrainingOptions options;
  options.batch.augment = 4;
  const TrainingData data = read_training_data(request, options);
  EXPECT_EQ(data.training.size(), 45u);
  EXPECT_EQ(data.validation.size(), 1u);
  EXPECT_EQ(data.training[1].tokens[3], data.training[0].tokens[3] + 1);
}

TEST(ReadTrainingData, RefusesForeignAndEmptyDatasets) {
  const TemporaryFolder folder;
  const auto own = write_dataset(folder.path() / "own", 3);
  const auto foreign = write_dataset(folder.path() / "foreign", 3, "other");
  const auto noise = write_dataset(folder.path() / "noise", 3, "tokenizer", false);
  const auto empty = write_dataset(folder.path() / "empty", 0);
  EXPECT_EQ(error_of({{own}, {}, "tokenizer", {}}), "");
  EXPECT_NE(error_of({{own, foreign}, {}, "tokenizer", {}}).find("made with tokenizer other"),
            std::string::npos);
  EXPECT_NE(error_of({{own, noise}, {}, "tokenizer", {}}).find("excludes the word"), std::string::npos);
  EXPECT_NE(error_of({{empty}, {}, "tokenizer", {}}).find("no passage"), std::string::npos);
  EXPECT_NE(error_of({{folder.path() / "missing"}, {}, "tokenizer", {}}).find("missing"), std::string::npos);
}

TEST(TrainAdapter, LeavesTheAdapterWhoseValidationLossIsBest) {
  const TemporaryFolder folder;
  const DataRequest request{{write_dataset(folder.path() / "a", 20)}, {}, "tokenizer", {}};
  TrainingOptions options;
  options.epochs = 2;
  options.optimizer.learning_rate = 0.01;
  options.lora.dropout = 0.1;
  const TrainingData data = read_training_data(request, options);
  const auto decoder = std::make_shared<model::Decoder>(small_config(), random_weights(small_config()),
                                                        model::for_training({}));
  const auto base = [&](const char* hash) {
    return generation::LanguageModel("small", hash, nullptr, decoder);
  };
  const auto result = train_model(base("hash"), "small", data, options, folder.path() / "run");
  EXPECT_EQ(result.steps, 18);
  EXPECT_LT(result.training_losses.back().loss, result.training_losses.front().loss);
  EXPECT_EQ(corpus::read_passage_ids(folder.path() / "run" / corpus::kTrainedPassagesFile), data.passage_ids);

  const LoraTrainable best(*decoder, model::load_adapter(result.adapter, decoder->config()), "small");
  const auto totals = evaluate_passages(best, data.validation, options.objective);
  EXPECT_DOUBLE_EQ(loss_of(totals.sums, totals.denominators, options.objective), result.best_loss);
  EXPECT_THROW(train_model(base("another hash"), "small", data, options, folder.path() / "run"), InputError);
}

/// A passage of plain text, without content words.
TrainingPassage passage_of(const tokenizer::Tokenizer& tokenizer, const std::string& text) {
  return {tokenizer.encode_ids(text), {}};
}

// Trained, for a random adapter drives the model to where it magnifies the least rounding.
TEST(TrainAdapterReference, RunsOnAQuantisedBaseInLlamaCpp) {
  CONCEPTUNE_REQUIRE_PEER_PACKAGE("llama_cpp");
  const fs::path gguf = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(gguf);
  const generation::LanguageModel base(gguf);
  TrainingData data;
  for (const char* text : {"The dog ran across the street and sat down beside an old wooden house.",
                           "In the morning the children went to school with bread and two red apples.",
                           "Nobody knew why the engine had stopped, and the ship drifted for three days."})
    data.training.push_back(passage_of(*base.tokenizer(), text));
  TrainingOptions options;
  options.max_steps = 12;
  options.objective.concept_weight = 0;
  options.optimizer.learning_rate = 5e-3;
  options.lora.targets = {"all"};
  const TemporaryFolder folder;
  const auto result = train_model(base, "SmolLM2", std::move(data), options, folder.path() / "run");
  const auto adapter = model::load_adapter(result.adapter, base.config());
  const auto tokens =
      base.tokenizer()->encode_ids("The children ran to the ship and sat down in the morning.");
  EXPECT_TRUE(runs_alike_in_llama_cpp(gguf, *adapter, tokens, "quantised"));
}

TEST(TrainAllWeights, NeedsAGuestThatTrainsThem) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "base");
  write_tiny_model(folder.path() / "base");
  const DataRequest request{{write_dataset(folder.path() / "a", 20)}, {}, "tokenizer", {}};
  TrainingOptions options;
  options.method = Method::full;
  const generation::LanguageModel base(folder.path() / "base");
  EXPECT_THROW(
      train_model(base, "tiny", read_training_data(request, options), options, folder.path() / "run"),
      InputError);
  EXPECT_FALSE(fs::exists(folder.path() / "run"));
}

}  // namespace
}  // namespace conceptune::training
