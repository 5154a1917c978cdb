// The whole path of a gradient: decoder, chunked objective, backward into the adapter.
#include "conceptune/training/models/lora_trainable.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/training/models/passes.h"
#include "conceptune/training/optimizer/adamw.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::training {
namespace {

using namespace conceptune::test;

std::vector<TrainingPassage> passages() {
  return {{{3, 14, 15, 9, 2, 6}, {{1, {{14}, {4}}}, {4, {{2}, {30}, {31}}}}}, {{8, 7, 9, 3}, {{2, {{9}}}}}};
}

/// The gradient of all parameters, one after the other, and what the pass added up to.
std::pair<PassTotals, std::vector<float>> gradient_of(const Trainable& model,
                                                      const std::vector<TrainingPassage>& passages,
                                                      const UpdateBatches& batches,
                                                      const ObjectiveOptions& options) {
  std::size_t size = 0;
  for (const auto& parameter : model.parameters()) size += static_cast<std::size_t>(parameter.matrix.size());
  std::vector<float> gradient(size);
  const auto totals = accumulate_gradients(model, passages, batches, options, {1, 0}, gradient);
  return {totals, gradient};
}

TEST(LoraTrainable, GradientIsTheLossesSlope) {
  const auto decoder = small_decoder();
  const auto adapter = random_adapter(decoder.config(), {.rank = 2, .targets = {"all"}});
  const LoraTrainable model(decoder, adapter, "small");
  for (const double concept_weight : {0.0, 0.5, 1.0}) {
    ObjectiveOptions options;
    options.concept_weight = concept_weight;
    const std::vector<float> gradient = gradient_of(model, passages(), {{0}, {1}}, options).second;

    // Along its own direction the loss rises by the gradient's length.
    const double length = gradient_norm(gradient);
    const auto move = [&](double distance) {
      const float* slope = gradient.data();
      for (const auto& [name, matrix] : model.parameters())
        for (std::int64_t i = 0; i < matrix.size(); ++i)
          matrix.values()[i] += static_cast<float>(distance / length * *slope++);
    };
    const auto loss_beyond = [&](double distance) {
      move(distance);
      const auto totals = evaluate_passages(model, passages(), options);
      move(-distance);
      return loss_of(totals.sums, totals.denominators, options);
    };
    constexpr double kStep = 2e-3;
    EXPECT_NEAR((loss_beyond(kStep) - loss_beyond(-kStep)) / (2 * kStep), length, 2e-3 * length);
  }
}

std::vector<std::int32_t> integers(const weights::SafetensorsFile& golden, const char* name) {
  const auto bytes = golden.tensor(name).bytes;
  std::vector<std::int32_t> integers(bytes.size() / sizeof(std::int32_t));
  std::memcpy(integers.data(), bytes.data(), bytes.size());
  return integers;
}

/// The passages of tests/reference/make_training_golden.py with their concept sets.
std::vector<TrainingPassage> golden_passages(const weights::SafetensorsFile& golden) {
  const auto values = [&](const char* name) { return integers(golden, name); };
  const auto tokens = values("tokens"), starts = values("starts"), positions = values("word_positions"),
             owners = values("word_passages"), ids = values("set_ids"), sizes = values("set_sizes");
  std::vector<TrainingPassage> golden_passages(starts.size() - 1);
  for (std::size_t p = 0; p < golden_passages.size(); ++p)
    golden_passages[p].tokens.assign(tokens.begin() + starts[p], tokens.begin() + starts[p + 1]);
  std::size_t next_id = 0;
  for (std::size_t w = 0; w < positions.size(); ++w) {
    PassageWord word{positions[w], {}};
    for (std::int32_t k = 0; k < sizes[w]; ++k) word.tokens.push_back({ids[next_id++]});
    golden_passages[static_cast<std::size_t>(owners[w])].words.push_back(word);
  }
  return golden_passages;
}

/// Adds the golden file's synonyms of several tokens. Words of all passages are numbered in order.
void add_longer(const weights::SafetensorsFile& golden, std::vector<TrainingPassage>& passages) {
  std::vector<PassageWord*> words;
  for (auto& passage : passages)
    for (auto& word : passage.words) words.push_back(&word);
  const auto owners = integers(golden, "longer_words"), ids = integers(golden, "longer_ids"),
             sizes = integers(golden, "longer_sizes");
  auto next = ids.begin();
  for (std::size_t i = 0; i < owners.size(); next += sizes[i++])
    words[static_cast<std::size_t>(owners[i])]->longer.push_back({{next, next + sizes[i]}});
}

TEST(LoraTrainable, LossAndEveryGradientEqualTransformersAndPeft) {
  const auto folder = source("tests/reference/model/llama3");
  const weights::SafetensorsFile golden(source("tests/reference/training.safetensors"));
  const model::Decoder decoder(weights::WeightStore::open(folder));
  const LoraTrainable model(decoder, model::load_adapter(folder / "adapter", decoder.config()), "llama3");
  auto passages = golden_passages(golden);
  for (const auto& [name, concept_weight] : {std::pair{"paper", 0.25},
                                             {"blended", 0.5},
                                             {"weighted-ce", 0.0},
                                             {"content-ntp", 0.75},
                                             {"product", 0.6}}) {
    ObjectiveOptions options;
    const bool product = name == std::string_view("product");
    options.loss = value_named<Loss>(product ? "paper" : name).value();
    if (product) add_longer(golden, passages);
    options.concept_weight = concept_weight;
    const auto [totals, gradient] = gradient_of(model, passages, {{0, 1}}, options);
    const double expected = golden.load(std::string("loss.") + name).values()[0];
    EXPECT_NEAR(loss_of(totals.sums, totals.denominators, options), expected, 1e-5 * expected) << name;
    const float* next = gradient.data();
    for (const auto& parameter : model.parameters()) {
      model::Matrix own(parameter.matrix.rows(), parameter.matrix.width());
      std::copy_n(next, own.size(), own.values());
      next += own.size();
      const model::Matrix expected_own = golden.load(std::string("gradient.") + name + "." + parameter.name);
      ASSERT_EQ(expected_own.rows(), own.rows());
      ASSERT_EQ(expected_own.width(), own.width());
      EXPECT_LT(relative_difference(own, expected_own), 2e-5) << name << " " << parameter.name;
    }
  }
}

TEST(LoraTrainable, SavesWhatLoadsBackToTheSameLoss) {
  const auto decoder = small_decoder();
  const LoraTrainable model(decoder, random_adapter(decoder.config(), {}), "small");
  const TemporaryFolder folder;
  model.save(folder.path() / "adapter", "text");
  const LoraTrainable loaded(decoder, model::load_adapter(folder.path() / "adapter", decoder.config()),
                             "small");
  EXPECT_EQ(evaluate_passages(loaded, passages(), {}).sums.cross_entropy,
            evaluate_passages(model, passages(), {}).sums.cross_entropy);
}

}  // namespace
}  // namespace conceptune::training
