#include "cli/inspect_product.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/json.h"
#include "conceptune/base/visible_text.h"
#include "conceptune/experiment/store.h"
#include "conceptune/results/results.h"

namespace conceptune::cli {
namespace {

namespace fs = std::filesystem;

Json experiment_facts(const fs::path& path) {
  experiment::RunStore store(path, experiment::RunStore::Access::read_only);
  Json facts = {{"title", store.fact("title")}, {"arms", Json::array()}, {"models", Json::array()}};
  const auto results = store.results();
  for (const auto& arm : results.arms) facts["arms"].push_back(arm.name);
  for (const auto& [model, evaluated] : results.evaluations) facts["models"].push_back(model);
  for (const auto& stage : store.stage_runs()) {
    Json& count = facts["stages"][stage.stage + " " + stage.outcome];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return facts;
}

Json results_facts(const fs::path& path) {
  const auto results = evaluation::read_results(path / "results.json");
  Json facts = {{"subjects", Json::array()}, {"measurements", results.measurements.size()}};
  for (const auto& subject : results.subjects) facts["subjects"].push_back(subject.name);
  for (const auto& data : results.data) facts["items"][data.benchmark] = data.items;
  return facts;
}

/// The first of a training's cards that is there, without the shape of each parameter.
Json training_facts(const fs::path& path) {
  const fs::path finished = path / "training.json";
  Json facts = read_json_file(fs::exists(finished) ? finished : path / "run.json", "inspecting");
  facts.erase("parameters");
  return facts;
}

Json facts_of(const fs::path& path, ProductKind kind) {
  switch (kind) {
    case ProductKind::corpus:
      return read_json_file(path / "corpus.json", "inspecting");
    case ProductKind::checkpoint:
      return read_json_file(path / "state.json", "inspecting");
    case ProductKind::training:
      return training_facts(path);
    case ProductKind::results:
      return results_facts(path);
    case ProductKind::run:
      return experiment_facts(path);
    case ProductKind::dataset:
    case ProductKind::adapter:
    case ProductKind::model:
      break;
  }
  return Json::object();
}

void print_facts(const Json& facts, const std::string& prefix, const Terminal& terminal) {
  for (const auto& [key, value] : facts.items()) {
    const bool is_list_of_objects = value.is_array() && !value.empty() && value.front().is_object();
    if (value.is_object())
      print_facts(value, prefix + key + ".", terminal);
    else if (is_list_of_objects)
      terminal.print(fmt::format("  {:<36} {} entries", visible_text(prefix + key), value.size()));
    else
      terminal.print(fmt::format("  {:<36} {}", visible_text(prefix + key), visible_text(plain_text(value))));
  }
}

}  // namespace

std::optional<ProductKind> inspected_product(const fs::path& path) {
  const auto kind = product_in(path);
  constexpr ProductKind kKnown[] = {ProductKind::corpus, ProductKind::training, ProductKind::results,
                                    ProductKind::run, ProductKind::checkpoint};
  return kind && std::ranges::find(kKnown, *kind) != std::end(kKnown) ? kind : std::nullopt;
}

void inspect_product(const fs::path& path, ProductKind kind, bool as_json, const Terminal& terminal) {
  const Json facts = facts_of(path, kind);
  const bool is_finished = kind == ProductKind::run || read_manifest(path).has_value();
  if (as_json)
    return terminal.print(
        to_json_text({{"kind", name_of(kind)}, {"finished", is_finished}, {"facts", facts}}));
  terminal.print(fmt::format("{}{}", name_of(kind), is_finished ? "" : ", not finished"));
  print_facts(facts, "", terminal);
}

}  // namespace conceptune::cli
