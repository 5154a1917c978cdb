#include "cli/inspect_dataset.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/dataset_view.h"

namespace conceptune::cli {
namespace {

void print_counts(const Json& counts, const std::string& prefix, const Terminal& terminal) {
  for (const auto& [key, value] : counts.items()) {
    if (value.is_object())
      print_counts(value, prefix + key + ".", terminal);
    else
      terminal.print(fmt::format("  {:<36} {}", prefix + key, to_json_text(value)));
  }
}

}  // namespace

bool is_dataset(const std::filesystem::path& path) { return std::filesystem::exists(path / "dataset.json"); }

void inspect_dataset(const std::filesystem::path& path, const InspectDatasetOptions& options,
                     const Terminal& terminal) {
  concepts::DatasetReader reader(path);
  if (options.page.empty() && !options.sources.empty())
    throw InputError("inspecting", "--sources", "expected --html: only the page tells of sources");
  if (!options.page.empty())
    concepts::write_dataset_page(path, reader.passages(),
                                 {options.page, options.overwrite ? Existing::replace : Existing::refuse},
                                 options.sources);
  if (options.json) return terminal.print(to_json_text(reader.card_json()));
  terminal.print(fmt::format("concept dataset, source {}", reader.card().source));
  print_counts(reader.card().outcomes, "", terminal);
  print_counts(reader.card_json().at("statistics"), "", terminal);
  concepts::ConceptRecord record;
  for (std::int64_t i = 0; i < options.passages && reader.next(record); ++i) {
    terminal.print("");
    terminal.print(record.id);
    for (const auto& line : concepts::marked_record(record)) terminal.print(line);
  }
}

}  // namespace conceptune::cli
