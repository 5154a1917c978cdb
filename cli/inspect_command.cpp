// conceptune inspect: what a file holds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "cli/inspect_dataset.h"
#include "cli/inspect_product.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/product.h"
#include "conceptune/base/quantity.h"
#include "conceptune/base/visible_text.h"
#include "conceptune/runtime/weights/inspection.h"

namespace conceptune::cli {
namespace {

struct InspectCommand {
  std::filesystem::path path;
  InspectDatasetOptions dataset;
  bool json = false;
};

struct Totals {
  std::int64_t values = 0;
  std::int64_t bytes = 0;
};

Totals totals_of(const weights::Inspection& inspection) {
  Totals totals;
  for (const auto& tensor : inspection.tensors) {
    totals.values += tensor.values;
    totals.bytes += tensor.bytes;
  }
  return totals;
}

Json to_json(const weights::Inspection& inspection) {
  Json tensors = Json::array();
  for (const auto& tensor : inspection.tensors)
    tensors.push_back(
        {{"name", tensor.name}, {"type", tensor.type}, {"shape", tensor.shape}, {"bytes", tensor.bytes}});
  const Totals totals = totals_of(inspection);
  return {{"kind", inspection.kind},
          {"obstacle", inspection.obstacle.empty() ? Json() : Json(inspection.obstacle)},
          {"metadata", inspection.metadata},
          {"tensors", tensors},
          {"totals",
           {{"tensors", inspection.tensors.size()}, {"parameters", totals.values}, {"bytes", totals.bytes}}}};
}

/// A value on one line.
std::string shortened(const Json& value) {
  constexpr std::size_t kShown = 80;
  std::string text = visible_text(plain_text(value));
  if (text.size() <= kShown) return text;
  std::size_t end = kShown;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;  // a whole character
  return text.substr(0, end) + "…";
}

void print_model_file(const weights::Inspection& inspection, const Terminal& terminal) {
  terminal.print(inspection.kind);
  if (!inspection.obstacle.empty())
    terminal.print(fmt::format("cannot be computed with: {}", inspection.obstacle));
  for (const auto& [key, value] : inspection.metadata.items())
    terminal.print(fmt::format("  {:<44} {}", visible_text(key), shortened(value)));
  for (const auto& tensor : inspection.tensors)
    terminal.print(fmt::format("  {:<52} {:<5} {:>9}  [{}]", visible_text(tensor.name), tensor.type,
                               bytes_text(tensor.bytes), fmt::join(tensor.shape, ", ")));
  const Totals totals = totals_of(inspection);
  terminal.print(fmt::format("{} tensors, {} parameters, {}", inspection.tensors.size(),
                             count_text(totals.values), bytes_text(totals.bytes)));
}

/// Why a path cannot be looked at: it is part of what can be, or something else.
void refuse_others(const std::filesystem::path& path) {
  if (weights::is_model_file(path)) return;
  const auto folder = path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
  if (const auto kind = product_in(folder.empty() ? "." : folder))
    throw InputError(
        "inspecting", path.string(),
        fmt::format("is part of a folder that holds a {}; expected that folder", name_of(*kind)));
  throw InputError(
      "inspecting", path.string(),
      "expected a .gguf or .safetensors file, a folder with config.json or adapter_config.json, or a "
      "folder that conceptune made: passages, a concept dataset, a training run, results, an experiment's "
      "run");
}

void run_inspect(const InspectCommand& command, const Terminal& terminal) {
  if (!std::filesystem::exists(command.path))
    throw InputError("inspecting", command.path.string(), "No such file or directory");
  if (is_dataset(command.path)) {
    InspectDatasetOptions options = command.dataset;
    options.json = command.json;
    return inspect_dataset(command.path, options, terminal);
  }
  if (!command.dataset.page.empty())
    throw InputError("inspecting", command.path.string(),
                     "is no concept dataset: only these have a page (--html)");
  if (const auto kind = inspected_product(command.path))
    return inspect_product(command.path, *kind, command.json, terminal);
  refuse_others(command.path);
  const weights::Inspection inspection = weights::inspect(command.path);
  if (command.json) return terminal.print(to_json_text(to_json(inspection)));
  print_model_file(inspection, terminal);
}

}  // namespace

void add_inspect_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("inspect", "Look at a model file or anything that the program has made");
  auto command = std::make_shared<InspectCommand>();
  app->add_option("path", command->path, "What to look at")->required();
  app->add_option("--passages", command->dataset.passages, "Passages of a dataset to show (at least 0)")
      ->check(in_range(at_least(0)))
      ->capture_default_str();
  app->add_option("--html", command->dataset.page,
                  "Write a dataset as a web page on which people judge its sets [default: none]");
  app->add_option("--sources", command->dataset.sources,
                  "Datasets of the same passages; the page tells which has a synonym [default: none]");
  app->add_flag("--overwrite", command->dataset.overwrite, "Replace a page that is there; nothing else");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_inspect(*command, terminal); });
}

}  // namespace conceptune::cli
