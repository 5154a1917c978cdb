#include "conceptune/experiment/results.h"

#include <algorithm>

#include "conceptune/base/random.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/training/run/training_log.h"

namespace conceptune::experiment {
namespace {

constexpr std::size_t kExamples = 10;
constexpr std::size_t kLongestExample = 700;  // bytes; longer passages make tiring reading
constexpr std::size_t kFewestConcepts = 2;

StoredArm stored_arm(const Arm& arm, const std::string& model) {
  StoredArm stored{arm.name,
                   arm.group,
                   model,
                   std::string(name_of(arm.config.training.objective.loss)),
                   arm.config.training.objective.concept_weight,
                   Json::object(),
                   options_to_json(arm.config)};
  for (const auto& [key, label] : arm.labels) stored.varied[key] = label;
  return stored;
}

void append_losses(const std::filesystem::path& log, const std::string& arm,
                   std::vector<StoredLoss>& losses) {
  for (const auto& line : training::read_training_log(log)) {
    const std::string split = line.at("type") == "training" ? "train" : "validation";
    for (const auto& [key, term] : {std::pair("loss", "total"), std::pair("next_token_loss", "next_token"),
                                    std::pair("concept_loss", "concept")})
      if (line.contains(key) && line[key].is_number())
        losses.push_back({arm, split, term, line.at("step").get<std::int64_t>(), line[key].get<double>()});
  }
}

std::size_t concepts_of(const concepts::ConceptRecord& record) {
  return static_cast<std::size_t>(std::count_if(record.words.begin(), record.words.end(),
                                                [](const auto& word) { return !word.synonyms.empty(); }));
}

StoredExample example_of(const concepts::ConceptRecord& record) {
  StoredExample example{record.text, {}};
  for (const auto& word : record.words) {
    if (word.span == tokenizer::Span{}) continue;
    auto& stored = example.words.emplace_back();
    stored.begin = word.span.begin;
    stored.end = word.span.end;
    stored.word = word.word;
    stored.part_of_speech = words::name_of(word.pos);
    for (const auto& synonym : word.synonyms) stored.synonyms.push_back(synonym.text);
  }
  return example;
}

}  // namespace

std::vector<StoredExample> choose_examples(const std::filesystem::path& dataset, std::size_t count,
                                           std::uint64_t seed) {
  std::vector<concepts::ConceptRecord> suitable;
  concepts::DatasetReader reader(dataset);
  for (concepts::ConceptRecord record; reader.next(record);)
    if (record.text.size() <= kLongestExample && concepts_of(record) >= kFewestConcepts)
      suitable.push_back(record);
  Random(seed, "examples").shuffle(suitable);
  suitable.resize(std::min(count, suitable.size()));
  std::vector<StoredExample> examples;
  examples.reserve(suitable.size());
  for (const auto& record : suitable) examples.push_back(example_of(record));
  return examples;
}

Results collect_results(const Experiment& experiment, const std::vector<EvaluationGroup>& groups,
                        Stages& stages) {
  Results results;
  for (const auto& group : groups) {
    for (const Arm* arm : group.arms) {
      results.arms.push_back(stored_arm(*arm, group.model));
      append_losses(stages.adapter(*arm).folder / "log.jsonl", arm->name, results.losses);
    }
    results.evaluations.push_back(
        {group.model,
         evaluation::read_results(stages.evaluation(experiment, group).folder / "results.json")});
  }
  const RunConfig& first = groups.front().arms.front()->config;
  results.examples =
      choose_examples(stages.dataset(first, Split::train).folder / "dataset", kExamples, first.corpus.seed);
  return results;
}

}  // namespace conceptune::experiment
