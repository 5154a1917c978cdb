#include "conceptune/report/moved_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/results/item_files.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReading = "reading evaluated items";

/// The paper's loss at the largest λ; null where there is none above 0.
const RunCondition* strongest(const std::vector<RunCondition>& conditions) {
  const RunCondition* chosen = nullptr;
  for (const auto& condition : conditions) {
    const auto& arm = *condition.arms.begin()->second;
    const auto loss = value_named<training::Loss>(arm.objective);
    if (!loss || !loss->rule().is_the_papers || arm.concept_weight <= 0) continue;
    if (!chosen || arm.concept_weight > chosen->arms.begin()->second->concept_weight) chosen = &condition;
  }
  return chosen;
}

MovedSide side_of(const RunCondition& condition) {
  MovedSide side{condition.name, {}};
  for (const auto& [seed, arm] : condition.arms) side.subjects.push_back(arm->name);
  return side;
}

/// Nothing where no arm has the paper's loss at a λ above 0.
std::optional<MovedSides> moved_sides(const std::vector<RunCondition>& conditions) {
  const RunCondition* after = strongest(conditions);
  if (!after) return std::nullopt;
  const RunCondition* before = next_token_beside(*after, conditions);
  const std::string base(evaluation::kBase);
  return MovedSides{before ? side_of(*before) : MovedSide{base, {base}}, side_of(*after)};
}

}  // namespace

std::vector<Table> moved_tables(const experiment::Results& results, std::string_view what,
                                const AppendMoved& append) {
  std::vector<Table> tables;
  for (const auto& [model, evaluated] : results.evaluations) try {
      if (const auto sides = moved_sides(conditions_of(results.arms, model)))
        append(evaluated, model, *sides, tables);
    } catch (const InputError& error) {
      warn(fmt::format("{}; the report shows no {} that moved", error.what(), what));
    }
  return tables;
}

std::optional<fs::path> item_path(const evaluation::Results& results, std::string_view subject,
                                  std::string_view benchmark, std::string_view convention,
                                  const fs::path& items) {
  const auto file = std::ranges::find_if(results.item_files, [&](const evaluation::ItemFile& one) {
    return one.subject == subject && one.benchmark == benchmark && one.convention == convention;
  });
  if (file == results.item_files.end()) return std::nullopt;
  fs::path path = items / fs::path(file->path).filename();
  if (!fs::exists(path)) return std::nullopt;
  return path;
}

void each_item(const fs::path& path, std::string_view expected,
               const std::function<void(const Json&)>& take) {
  int line = 1;  // says what the items are of
  for (const Json& item : evaluation::read_item_file(path)) try {
      ++line;
      take(item);
    } catch (const Json::exception&) {
      throw InputError(kReading, fmt::format("{}, line {}", path.string(), line),
                       fmt::format("expected {}", expected));
    }
}

}  // namespace conceptune::report
