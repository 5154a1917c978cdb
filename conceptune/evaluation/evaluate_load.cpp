// What an evaluation is about: read from files, and checked.
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/evaluation/evaluate.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "evaluating";

bool is_model_folder(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "config.json") || std::filesystem::exists(folder / "model.gguf");
}

corpus::PassageIds trained_passages(const std::filesystem::path& folder) {
  // Beside the folder in a training run, in it where the adapter was taken out of one.
  for (const auto& place : {folder, resolved_path(folder).parent_path()})
    if (const auto list = place / corpus::kTrainedPassagesFile; std::filesystem::exists(list))
      return corpus::read_passage_ids(list);
  return {};
}

/// "men=500"; nothing for anything else.
std::optional<std::pair<std::string, std::int64_t>> limit_from(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + equals + 1, end, count);
  if (error != std::errc() || stopped != end || count < 0) return std::nullopt;
  return std::pair(text.substr(0, equals), count);
}

}  // namespace

void EvaluationOptions::check(const ReportProblem& report) const {
  for (const auto& text : limits)
    if (!limit_from(text)) report("limits", fmt::format("has '{}', expected NAME=COUNT", text));
}

std::map<std::string, std::int64_t> limits_of(const EvaluationOptions& options) {
  std::map<std::string, std::int64_t> limits;
  for (const auto& text : options.limits)
    if (const auto limit = limit_from(text)) limits.insert_or_assign(limit->first, limit->second);
  return limits;
}

std::int64_t EvaluationOptions::limit_of(const std::string& set) const {
  const auto limits = limits_of(*this);
  const auto own = limits.find(set);
  return own == limits.end() ? limit : own->second;
}

EvaluatedAdapter load_evaluated_adapter(const std::filesystem::path& folder,
                                        const weights::ModelConfig& config,
                                        const model::DecoderOptions& options) {
  // "runs/a/" names the folder a.
  const auto name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  if (!std::filesystem::exists(folder / "adapter_config.json") && is_model_folder(folder)) {
    const auto store = weights::WeightStore::open(folder);
    if (store->config().vocabulary != config.vocabulary)
      throw InputError(kDoing, folder.string(), "is a model with another vocabulary than the base");
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
    throw InputError(kDoing, "convention.layer",
                     fmt::format("is {}, the model has {} layers", options.convention.layer, config.layers));
  own_prompts(tokenizer, config.context_length, options.generation);
}

void check_names(const EvaluationTask& task) {
  std::set<std::string> subjects = {std::string(kBase)};
  for (const auto& adapter : task.adapters)
    if (!subjects.insert(adapter.name).second)
      throw InputError(kDoing, adapter.name, "two subjects have this name");
  std::set<std::string> sets;
  const auto check_set = [&](const std::string& name) {
    if (!sets.insert(name).second)
      throw InputError(kDoing, name, "two benchmarks or passage sets have this name");
  };
  for (const auto& benchmark : task.benchmarks) check_set(benchmark.name);
  for (const auto& passages : task.passages) check_set(passages.name);
  for (const auto& choices : task.choices) check_set(std::string(name_of(choices.task)));
  for (const auto& reference : task.references)
    if (!subjects.contains(reference))
      throw InputError(kDoing, reference, "no subject to compare to has this name");
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
    if (further != path) hash = sha256_hex(hash.append(sha256_of_file(further)));
  return {task, path.string(), std::move(hash), std::move(questions)};
}

}  // namespace conceptune::evaluation
