// What an evaluation is about, read from files.
#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/evaluation/evaluate.h"

namespace conceptune::evaluation {
namespace {

bool is_model_folder(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "config.json") || std::filesystem::exists(folder / "model.gguf");
}

corpus::PassageIds trained_passages(const std::filesystem::path& folder) {
  const auto list = resolved_path(folder).parent_path() / corpus::kTrainedPassagesFile;
  return std::filesystem::exists(list) ? corpus::read_passage_ids(list) : corpus::PassageIds();
}

}  // namespace

EvaluatedAdapter load_evaluated_adapter(const std::filesystem::path& folder,
                                        const weights::ModelConfig& config,
                                        const model::DecoderOptions& options) {
  // "runs/a/" names the folder a.
  const auto name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  if (!std::filesystem::exists(folder / "adapter_config.json") && is_model_folder(folder)) {
    const auto store = weights::WeightStore::open(folder);
    if (store->config().vocabulary != config.vocabulary)
      throw InputError("evaluating", folder.string(), "is a model with another vocabulary than the base");
    return {name.string(),
            folder.string(),
            store->hash(),
            nullptr,
            std::make_shared<const model::Decoder>(store, options),
            trained_passages(folder)};
  }
  auto adapter = model::load_adapter(folder, config);
  return {name.string(),
          folder.string(),
          sha256_hex(sha256_of_file(folder / "adapter_config.json") +
                     sha256_of_file(folder / "adapter_model.safetensors")),
          std::move(adapter),
          nullptr,
          trained_passages(folder)};
}

void check_options(const EvaluationOptions& options, const tokenizer::Tokenizer& tokenizer,
                   const weights::ModelConfig& config) {
  const TextEncoder encoder(options.convention, tokenizer);
  if (options.convention.layer > config.layers)
    throw InputError("evaluating", "convention.layer",
                     fmt::format("is {}, the model has {} layers", options.convention.layer, config.layers));
  own_prompts(tokenizer, config.context_length, options.generation);
}

PassageSet load_passage_set(const std::filesystem::path& dataset, const tokenizer::Tokenizer& tokenizer) {
  const auto name = dataset.has_filename() ? dataset.filename() : dataset.parent_path().filename();
  concepts::DatasetReader reader(dataset);
  if (reader.card().tokenizer_hash != tokenizer.hash())
    throw InputError("reading passages", dataset.string(),
                     "its tokens are of another tokenizer than the model's");
  PassageSet set{name.string(), dataset.string(), sha256_of_file(dataset / "records.jsonl.zst"), {}};
  for (concepts::ConceptRecord record; reader.next(record);) set.records.push_back(record);
  return set;
}

ChoiceSet load_choice_set(ChoiceTask task, const std::filesystem::path& path) {
  std::vector<ChoiceQuestion> questions = read_choice_task(task, path);
  std::string hash = sha256_of_file(path);
  for (const auto& further : choice_task_files(task, path))
    if (further != path) hash = sha256_hex(hash + sha256_of_file(further));
  return {task, path.string(), std::move(hash), std::move(questions)};
}

}  // namespace conceptune::evaluation
