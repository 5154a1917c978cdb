#include "conceptune/report/glossary.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/results/metrics.h"

namespace conceptune::report {
namespace {

std::string settings_text(const Json& fields) {
  std::vector<std::string> settings;
  for (const auto& [name, value] : fields.items())
    settings.push_back(fmt::format("{} = {}", name, to_json_text(value)));
  return fmt::format("{}", fmt::join(settings, ", "));
}

}  // namespace

std::vector<Definition> glossary_of(const std::vector<experiment::StoredEvaluation>& evaluations) {
  std::set<std::string_view> used;
  for (const auto& evaluation : evaluations)
    for (const auto& measurement : evaluation.results.measurements) used.insert(measurement.metric);
  std::vector<Definition> glossary;
  for (const auto& metric : evaluation::kMetrics)
    if (used.contains(metric.name))
      glossary.push_back({std::string(metric.label), std::string(metric.meaning)});
  std::set<std::string> told;
  for (const auto& evaluation : evaluations)
    for (const auto& [name, fields] : evaluation.results.conventions) {
      Definition definition{fmt::format("({})", name), fmt::format("how texts were given to {}: {}",
                                                                   evaluation.model, settings_text(fields))};
      if (told.insert(definition.term + definition.meaning).second) glossary.push_back(std::move(definition));
    }
  return glossary;
}

}  // namespace conceptune::report
