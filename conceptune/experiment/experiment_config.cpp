#include "conceptune/experiment/experiment_config.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/experiment/experiment_reader.h"
#include "conceptune/options/config_field.h"
#include "conceptune/options/config_source.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDocumentationHead = R"(# Configuration

An experiment is one TOML file (`configs/`); `conceptune run CONFIG.toml` runs it and `conceptune check CONFIG.toml`
tells all of its errors at once and what it will cost. This page is made by `conceptune check --keys`;
`conceptune check --keys KEY` explains one key or a section.

- Every key has a default. Unknown keys, wrong types and values out of range are errors with file, line and the
  nearest known key.
- `--set section.key=value` comes on top of the file; the value is TOML, or a plain string. `conceptune corpus`,
  `annotate`, `train` and `eval` take `--set` too, with the keys of their own section.
- Relative paths are relative to the file (on the command line, to the working folder).
- A key decides **results**: a product that was made with another value is made anew. Or **cost**: how fast, with how
  much memory or how safely; products stay. Or the **whole experiment**: arms cannot differ in it.
- **`[grid]`** takes a key with a list of values: `training.objective.concept_weight = [0.0, 0.5, 1.0]`. All
  combinations are run, each an arm.
- **`[grid_names]`** says what a grid's values are called: `corpus.files = ["C4", "OpenWebText"]`, a name a value. Without
  it values are called by their text, files by their names.
- **`[[arms]]`** takes a `name` and keys: each arm is run at every point of the grid, except along keys that it sets
  itself. `grid.KEY = [...]` gives it values of its own in the place of the grid's.
- **`preset`**, at the top or in an arm (`paper`, `authors`), begins from the settings of the authors' released code in
  `[training]` (`conceptune train --preset`); what the file sets comes on top.
- **`[[corpora]]`** are passages for evaluation alone, **`[[questions]]`** what is asked of the results, both below.
- Arms are compared in one table where they share the base model and the settings of its evaluation; others get a
  table of their own, with the base evaluated as they are.
- `conceptune check --print` prints the configuration with every key resolved; it reads back to itself.

)";

}  // namespace

ReadExperiment read_experiment(const fs::path& path, std::span<const std::string> settings) {
  ExperimentReader reader;
  for (const auto& entry : read_config_entries(path)) reader.read(entry);
  for (const auto& setting : settings) reader.read(parse_setting(setting));
  return reader.finish(path);
}

void throw_problems(const std::vector<std::string>& problems, std::string_view doing) {
  if (problems.empty()) return;
  if (problems.size() == 1) throw InputError(fmt::format("{}: {}", doing, problems.front()));
  throw InputErrors(fmt::format("{}: {} problems", doing, problems.size()), problems);
}

Experiment load_experiment(const fs::path& path, std::span<const std::string> settings) {
  auto [experiment, problems] = read_experiment(path, settings);
  throw_problems(problems, "reading config");
  return std::move(experiment);
}

std::string document_configuration() {
  RunConfig defaults;
  std::string text(kDocumentationHead);
  text += document_fields(list_fields(defaults));
  EvaluationCorpus corpus;
  text += "\n## `[[corpora]]`: for evaluation alone\n\n" + document_table(list_fields(corpus));
  QuestionSettings question;
  text +=
      "\n## `[[questions]]`: see [questions.md](questions.md)\n\n" + document_table(list_fields(question));
  text.pop_back();  // the line feed that a terminal adds
  return text;
}

}  // namespace conceptune::experiment
