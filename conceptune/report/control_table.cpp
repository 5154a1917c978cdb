#include "conceptune/report/control_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/options/option_fields.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

using experiment::StoredArm;

constexpr std::string_view kObjectiveKeys = "training.objective.";

/// What is known of an arm's loss; nothing of one that this version does not have.
const training::LossRule* rule_of(const StoredArm& arm) {
  const auto loss = value_named<training::Loss>(arm.objective);
  return loss ? &loss->rule() : nullptr;
}

bool is_control(const StoredArm& arm) {
  const auto* rule = rule_of(arm);
  return rule && !rule->uses_synonyms;
}

bool has_concepts(const StoredArm& arm) {
  const auto* rule = rule_of(arm);
  const Json::json_pointer noise("/variant/noise");
  return rule && rule->uses_synonyms && arm.concept_weight > 0 && arm.options.value(noise, "none") == "none";
}

bool belong_together(const StoredArm& arm, const StoredArm& control) {
  if (arm.model != control.model) return false;
  if (rule_of(control)->uses_concept_weight && control.concept_weight != arm.concept_weight) return false;
  for (const auto& [key, value] : arm.varied.items()) {
    const auto other = control.varied.find(key);
    if (!key.starts_with(kObjectiveKeys) && other != control.varied.end() && *other != value) return false;
  }
  return true;
}

/// The rows of one arm beside one control.
void append_rows(Table& table, const evaluation::Results& results, const std::string& arm,
                 const std::string& control) {
  for (const auto& m : results.measurements) {
    if (m.subject != arm || !is_main_metric(m.metric)) continue;
    const auto* comparison = comparison_with(m, control);
    if (!comparison) continue;
    table.rows.push_back(
        {{row_label(m), "", Tone::neutral},
         {arm, "", Tone::neutral},
         {control, "", Tone::neutral},
         {signed_text(comparison->difference), interval_text(comparison->interval), tone_of(m, *comparison)},
         {comparison->p_holm ? number_text(comparison->p_holm) : "", "", Tone::neutral}});
  }
}

}  // namespace

Table control_table(const experiment::Results& results) {
  Table table{"controls",
              "What concept sets add: arms minus controls that look at the same content words alone",
              {"metric", "arm", "control", "difference", "p (Holm)"},
              {}};
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& arm : results.arms)
      for (const auto& control : results.arms)
        if (arm.model == model && has_concepts(arm) && is_control(control) && belong_together(arm, control))
          append_rows(table, evaluated, arm.name, control.name);
  return table;
}

}  // namespace conceptune::report
