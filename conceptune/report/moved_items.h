// Per-item values of a run on both sides of "what training moved": next-token training and concepts.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/report/run_conditions.h"
#include "conceptune/report/table.h"
#include "conceptune/results/results.h"

namespace conceptune::report {

/// Rows shown of what moved the one way, and of what moved the other.
inline constexpr std::size_t kShownEachWay = 8;

/// One side of a comparison: a condition's name and its subjects, one a seed.
struct MovedSide {
  std::string name;
  std::vector<std::string> subjects;
};

/// The paper's loss at the largest λ, and next-token training beside it (the base where there is none).
struct MovedSides {
  MovedSide before, after;
};

/// Adds the tables of one model's evaluation.
using AppendMoved = std::function<void(const evaluation::Results&, const std::string& model,
                                       const MovedSides&, std::vector<Table>&)>;

/// What `append` makes of every evaluation with an arm of the paper's loss at a λ above 0. Where it throws
/// InputError a warning says that the report shows none of `what`.
std::vector<Table> moved_tables(const experiment::Results& results, std::string_view what,
                                const AppendMoved& append);

/// The item file of these three names in the folder `items`; nothing where there is none.
std::optional<std::filesystem::path> item_path(const evaluation::Results& results, std::string_view subject,
                                               std::string_view benchmark, std::string_view convention,
                                               const std::filesystem::path& items);

/// Gives `take` every item of a file. Throws InputError where the file is damaged or, naming the line, where
/// `take` throws one of nlohmann's exceptions: `expected` says what was.
void each_item(const std::filesystem::path& path, std::string_view expected,
               const std::function<void(const Json&)>& take);

}  // namespace conceptune::report
