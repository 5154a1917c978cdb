// conceptune merge: base + adapter → full model, in either format.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/results/subject_names.h"
#include "conceptune/runtime/generation/model_conversion.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/merged_model.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::cli {
namespace {

struct MergeCommand {
  std::filesystem::path model;
  std::filesystem::path adapter;
  OutputOption output;
  std::string type = "f16";
  bool json = false;
};

/// What the written model is compared with the adapted one on.
constexpr const char* kProbe =
    "A dog that lives with people is a pet, and many people think of the word friend when they see one.";

model::Matrix logits_of(const model::Decoder& decoder, const model::PackedBatch& batch,
                        const model::LoraAdapter* adapter = nullptr) {
  return decoder.project(decoder.forward(batch, adapter));
}

struct Difference {
  double largest, mean;
};

/// The probe's tokens, which the base must be able to read.
model::PackedBatch probe_of(const MergeCommand& command, const weights::ModelConfig& config) {
  const auto ids = tokenizer::Tokenizer::load(command.model)->encode_ids(kProbe);
  if (std::ranges::any_of(ids, [&](std::int32_t id) { return id >= config.vocabulary; }))
    throw InputError("merging adapter", command.model.string(),
                     "its tokenizer has tokens that its embedding has not");
  model::PackedBatch batch;
  batch.append(ids);
  return batch;
}

Difference measure(const MergeCommand& command, const model::PackedBatch& batch,
                   const std::shared_ptr<const weights::WeightStore>& store,
                   const model::LoraAdapter* adapter) {
  const model::Matrix expected_NV = logits_of(model::Decoder(store), batch, adapter);
  const model::Matrix written_NV =
      logits_of(model::Decoder(weights::WeightStore::open(command.output.path)), batch);
  Difference difference{0, 0};
  for (std::int64_t i = 0; i < expected_NV.size(); ++i) {
    const double distance = std::abs(static_cast<double>(written_NV.values()[i] - expected_NV.values()[i]));
    difference.largest = std::max(difference.largest, distance);
    difference.mean += distance / static_cast<double>(expected_NV.size());
  }
  return difference;
}

model::WeightLoader weights_of(const std::shared_ptr<const weights::WeightStore>& store,
                               const std::shared_ptr<const model::LoraAdapter>& adapter) {
  if (adapter) return model::merged_weights(store, adapter);
  return [store](std::string_view name) { return store->load(name); };
}

/// Whatever may be wrong with the inputs or the output is found before the model is computed and written.
void run_merge(const MergeCommand& command, const Terminal& terminal) {
  const auto type = *value_named<model::MergedType>(command.type);
  const auto store = weights::WeightStore::open(command.model);
  std::vector<std::filesystem::path> inputs = {command.model};
  if (!command.adapter.empty()) inputs.push_back(evaluation::trained_in(command.adapter));
  generation::check_model_output(command.model, type, command.output.destination(), inputs);
  std::shared_ptr<const model::LoraAdapter> adapter;
  if (!command.adapter.empty()) adapter = model::load_adapter(inputs.back(), store->config());
  const model::PackedBatch batch = probe_of(command, store->config());
  generation::write_model(command.model, *store, weights_of(store, adapter), type,
                          command.output.destination());
  const Difference difference = measure(command, batch, store, adapter.get());
  if (command.json)
    return terminal.print(to_json_text({{"model", command.output.path.string()},
                                        {"type", command.type},
                                        {"largest_logit_difference", difference.largest},
                                        {"mean_logit_difference", difference.mean}}));
  terminal.print(fmt::format("{} ({})", command.output.path.string(), command.type));
  terminal.print(fmt::format("logits differ from {} by {:.2g} at most, {:.2g} on average",
                             adapter ? "base + adapter" : "the base", difference.largest, difference.mean));
}

}  // namespace

void add_merge_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand(
      "merge", "Fold an adapter into its base model, or write a model in another format");
  auto command = std::make_shared<MergeCommand>();
  add_model_option(*app, command->model, "Base model: a GGUF file or a Hugging Face folder");
  app->add_option(
         "-a,--adapter", command->adapter,
         "Adapter folder (PEFT's format); a training run stands for its best. Without one the model is "
         "written as it is")
      ->default_str("none");
  command->output.add_to(*app, "New GGUF file, named ….gguf, or Hugging Face folder", "model")->required();
  app->add_option("--type", command->type, "Numbers of the matrices (one of f32, f16, bf16; q8_0 in GGUF)")
      ->check(one_of<model::MergedType>())
      ->capture_default_str();
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_merge(*command, terminal); });
}

}  // namespace conceptune::cli
