#include "conceptune/report/moved_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "conceptune/report/moved_items.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/results/correlation.h"

namespace conceptune::report {
namespace {

namespace fs = std::filesystem;

struct Pair {
  std::string text;
  double score = 0, cosine = 0;
};

std::vector<Pair> read_pairs(const fs::path& path) {
  std::vector<Pair> pairs;
  each_item(path, "a pair with first, second, score and cosine", [&](const Json& item) {
    pairs.push_back(
        {fmt::format("{} – {}", item.at("first").get<std::string>(), item.at("second").get<std::string>()),
         item.at("score"), item.at("cosine")});
  });
  return pairs;
}

/// The pairs of some subjects, with the mean of their cosines; nothing where one has no items, or other
/// pairs.
std::optional<std::vector<Pair>> mean_pairs(const evaluation::Results& results,
                                            const evaluation::ItemFile& set,
                                            const std::vector<std::string>& subjects, const fs::path& items) {
  std::vector<Pair> mean;
  for (const auto& subject : subjects) {
    const auto path = item_path(results, subject, set.benchmark, set.convention, items);
    if (!path) return std::nullopt;
    const auto pairs = read_pairs(*path);
    if (mean.empty()) {
      mean = pairs;
      for (auto& pair : mean) pair.cosine = 0;
    }
    if (pairs.size() != mean.size()) return std::nullopt;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      mean[i].cosine += pairs[i].cosine / static_cast<double>(subjects.size());
  }
  return mean;
}

/// The share of the values below each, those that are equal counted half.
std::vector<double> places(const std::vector<Pair>& pairs, double Pair::*value) {
  std::vector<double> values;
  values.reserve(pairs.size());
  for (const auto& pair : pairs) values.push_back(pair.*value);
  std::vector<double> shares = evaluation::average_ranks(values);
  for (double& share : shares) share = (share - 0.5) / static_cast<double>(values.size());
  return shares;
}

Cell share_cell(double share) { return number_cell(share, share_text(share)); }

/// Rows of the pairs that came nearest and went farthest.
std::vector<std::vector<Cell>> moved_rows(const std::vector<Pair>& before, const std::vector<Pair>& after) {
  const auto people = places(before, &Pair::score);
  const auto old_places = places(before, &Pair::cosine), new_places = places(after, &Pair::cosine);
  std::vector<std::pair<double, std::size_t>> nearer;
  for (std::size_t i = 0; i < before.size(); ++i)
    nearer.emplace_back(std::abs(old_places[i] - people[i]) - std::abs(new_places[i] - people[i]), i);
  std::ranges::stable_sort(nearer, std::ranges::greater{}, [](const auto& entry) { return entry.first; });
  std::vector<std::vector<Cell>> rows;
  const auto add = [&](const std::pair<double, std::size_t>& entry) {
    const auto [change, i] = entry;
    rows.push_back({{before[i].text},
                    number_cell(before[i].score, number_text(before[i].score)),
                    share_cell(people[i]),
                    share_cell(old_places[i]),
                    share_cell(new_places[i]),
                    number_cell(change, change > 0 ? "nearer" : "farther",
                                fmt::format("by {}", share_text(std::abs(change))),
                                change > 0 ? Tone::better : Tone::worse)});
  };
  for (std::size_t i = 0; i < std::min(kShownEachWay, nearer.size()); ++i)
    if (nearer[i].first > 0) add(nearer[i]);
  for (std::size_t i = 0; i < std::min(kShownEachWay, nearer.size()); ++i)
    if (nearer[nearer.size() - 1 - i].first < 0) add(nearer[nearer.size() - 1 - i]);
  return rows;
}

void append_tables(const evaluation::Results& results, const std::string& model, const MovedSides& sides,
                   const fs::path& items, std::vector<Table>& tables) {
  for (const auto& set : results.item_files) {
    if (set.subject != evaluation::kBase ||
        !results.find(evaluation::kBase, set.benchmark, "spearman", set.convention))
      continue;
    const auto before = mean_pairs(results, set, sides.before.subjects, items);
    const auto after = mean_pairs(results, set, sides.after.subjects, items);
    if (!before || !after || before->size() != after->size()) continue;
    Table table{fmt::format("moved-{}", tables.size() + 1),
                fmt::format("{}, {}{}: pairs that moved most from {} to {}", model, set.benchmark,
                            set.convention.empty() ? "" : fmt::format(" ({})", set.convention),
                            sides.before.name, sides.after.name),
                {"pair", "people's score", "place by people", "place before", "place after", "to people"},
                moved_rows(*before, *after)};
    if (!table.rows.empty()) tables.push_back(std::move(table));
  }
}

}  // namespace

std::vector<Table> moved_pair_tables(const experiment::Results& results, const fs::path& items) {
  return moved_tables(
      results, "pairs",
      [&](const evaluation::Results& evaluated, const std::string& model, const MovedSides& sides,
          std::vector<Table>& tables) { append_tables(evaluated, model, sides, items, tables); });
}

}  // namespace conceptune::report
