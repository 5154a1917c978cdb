// conceptune eval: model (+ adapters) → results.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/results/item_files.h"
#include "conceptune/results/subject_names.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::cli {
namespace {

namespace fs = std::filesystem;

struct EvalCommand {
  std::filesystem::path model;
  std::vector<std::filesystem::path> benchmarks, passages;
  std::vector<std::string> adapters, tasks;
  std::string columns;
  OutputOption output;
  model::DecoderOptions decoder;
  std::vector<std::string> references = {std::string(evaluation::kBase)};
  evaluation::EvaluationOptions options;
  bool json = false;
};

/// "a,b,c" as the three names of columns.
std::optional<evaluation::PairColumns> parse_columns(const std::string& names) {
  if (names.empty()) return std::nullopt;
  const std::size_t first = names.find(',');
  const std::size_t second = first == names.npos ? names.npos : names.find(',', first + 1);
  if (second == names.npos || names.find(',', second + 1) != names.npos)
    throw InputError("--columns", names, "expected three names: FIRST,SECOND,SCORE");
  return evaluation::PairColumns{names.substr(0, first), names.substr(first + 1, second - first - 1),
                                 names.substr(second + 1)};
}

/// "piqa=valid.jsonl" as the task read from the file.
evaluation::ChoiceSet read_task(const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto task = value_named<evaluation::ChoiceTask>(text.substr(0, equals));
  if (equals == text.npos || !task)
    throw InputError("--task", text,
                     fmt::format("expected NAME=FILE with one of {}", names_of<evaluation::ChoiceTask>()));
  return evaluation::load_choice_set(*task, text.substr(equals + 1));
}

std::string number_text(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

/// "benchmark metric (convention) subject value [low, high] n, difference to ..." for people.
std::string measurement_line(const evaluation::Measurement& m) {
  std::string line = fmt::format("{:<14} {:<20} {:<8} {:<16} {:>10}", m.benchmark, m.metric, m.convention,
                                 m.subject, number_text(m.value.value));
  if (!m.value.value) return line + "  undefined: " + m.value.undefined_because;
  if (m.interval) line += fmt::format("  [{:.4f}, {:.4f}]", m.interval->low, m.interval->high);
  line += fmt::format("  n={}", m.n);
  for (const auto& c : m.comparisons) {
    if (c.unit != m.resampled) continue;
    line += fmt::format("  {:+.4f} to {}", c.difference, c.reference);
    if (c.interval) line += fmt::format(" [{:+.4f}, {:+.4f}]", c.interval->low, c.interval->high);
  }
  return line;
}

/// A beginning and below it what each subject makes of it, for people.
void print_sample(const evaluation::GenerationSample& sample, const Terminal& terminal) {
  terminal.print("");
  terminal.print(fmt::format("{} {}: {}", sample.benchmark, sample.item, sample.prompt));
  if (!sample.original.empty()) terminal.print(fmt::format("  {:<16} {}", "(original)", sample.original));
  for (const auto& [subject, continuation] : sample.continuations)
    terminal.print(fmt::format("  {:<16} {}", subject, continuation));
}

std::vector<fs::path> inputs_of(const EvalCommand& command,
                                const std::vector<evaluation::NamedFolder>& adapters) {
  std::vector<fs::path> inputs = command.benchmarks;
  inputs.insert(inputs.end(), command.passages.begin(), command.passages.end());
  for (const auto& adapter : adapters) inputs.push_back(adapter.folder);
  inputs.push_back(command.model);
  return inputs;
}

FileLock lock_results(const OutputOption& output, const std::vector<fs::path>& inputs) {
  evaluation::check_results_folder(output.destination(), inputs);
  return FileLock::take_or_refuse(output.path / kLockFile, "evaluating", output.path,
                                  "another process is evaluating into this folder");
}

/// Whoever chooses a convention wants that one; the paper's stands beside it otherwise.
void apply(EvalCommand& command, const SettingFlags& settings) {
  if (settings.names("convention.")) command.options.paper_convention = false;
  settings.apply("evaluating");
}

void run_eval(EvalCommand& command, const SettingFlags& settings, Terminal& terminal) {
  apply(command, settings);
  if (command.benchmarks.empty() && command.passages.empty() && command.tasks.empty() &&
      command.options.generation.prompts.empty())
    throw InputError("eval: nothing to evaluate on, expected --benchmark, --passages, --task or --prompt");

  // Small inputs first: a mistake in them should not wait for the model.
  std::vector<evaluation::PairBenchmark> benchmarks;
  for (const auto& path : command.benchmarks)
    benchmarks.push_back(evaluation::read_pair_benchmark(path, parse_columns(command.columns)));
  std::vector<evaluation::ChoiceSet> choices;
  for (const auto& text : command.tasks) choices.push_back(read_task(text));
  const auto named_adapters = evaluation::name_folders(command.adapters);
  const fs::path& output = command.output.path;
  std::optional<FileLock> lock;
  if (!output.empty()) lock = lock_results(command.output, inputs_of(command, named_adapters));
  const generation::LanguageModel model(command.model, command.decoder);
  std::vector<evaluation::PassageSet> passages;
  for (const auto& path : command.passages)
    passages.push_back(evaluation::load_passage_set(path, *model.tokenizer()));
  std::vector<evaluation::EvaluatedAdapter> adapters;
  for (const auto& [name, folder] : named_adapters) {
    adapters.push_back(evaluation::load_evaluated_adapter(folder, model.config(), command.decoder));
    adapters.back().name = name;
  }

  const evaluation::EvaluationTask task{
      .model = model,
      .adapters = std::move(adapters),
      .benchmarks = std::move(benchmarks),
      .passages = std::move(passages),
      .references = command.references,
      .item_folder = output.empty() ? output : output / evaluation::kItemFolder,
      .choices = std::move(choices)};
  const auto results = evaluation::evaluate(task, command.options, &terminal, terminal.stop_token());
  if (!output.empty()) {
    evaluation::write_results(output / "results.json", results);
    write_manifest(output, ProductKind::results);
  }
  for (const auto& m : results.measurements)
    terminal.print(command.json ? to_json_text(evaluation::measurement_record(m)) : measurement_line(m));
  for (const auto& sample : results.samples)
    command.json ? terminal.print(to_json_text(evaluation::sample_record(sample)))
                 : print_sample(sample, terminal);
}

void add_inputs(CLI::App& app, EvalCommand& command) {
  add_model_option(app, command.model, "Base model: a GGUF file or a Hugging Face folder");
  app.add_option(
      "-a,--adapter", command.adapters,
      "Adapter on the model, or fully trained model: PATH or NAME=PATH; a training run stands for its best; "
      "may be repeated");
  app.add_option("--benchmark", command.benchmarks, "File of text pairs with human scores; may be repeated");
  app.add_option("--columns", command.columns,
                 "Names of the benchmarks' columns: FIRST,SECOND,SCORE [default: what their first rows say]");
  app.add_option("--passages", command.passages, "Concept dataset of held-out passages; may be repeated");
  app.add_option("--task", command.tasks,
                 "Multiple-choice task as NAME=FILE, e.g. piqa=valid.jsonl; may be repeated");
}

std::vector<experiment::ConfigField> fields_of(EvalCommand& command) {
  auto fields = experiment::list_fields(command.options);
  experiment::append_fields(command.decoder, "model.", fields);
  return fields;
}

void add_settings(SettingFlags& settings) {
  settings.add_switch("--geometry", "geometry", true,
                      "Also measure how the passages' concepts cluster in the hidden states");
  settings.add("--generate", "generation.passages",
               "Also continue the beginnings of this many passages, side by side");
  settings.add("--prompt", "generation.prompts", "Also continue this text, side by side; may be repeated");
  settings.add("--device", "model.device");
  settings.add("--type", "model.type");
  settings.add("--leading-space", "convention.leading_space");
  settings.add("--begin-token", "convention.begin_token");
  settings.add("--pool-begin", "convention.pool_begin");
  settings.add("--pooling", "convention.pooling");
  settings.add("--layer", "convention.layer");
  settings.add("--template", "convention.text_template");
  settings.add("--limit", "limit");
  settings.add("--samples", "bootstrap.samples");
  settings.add("--confidence", "bootstrap.confidence");
  settings.add("--seed", "bootstrap.seed");
  settings.add_set("keys as under [evaluation] in docs/configuration.md, and those of [model] as model.KEY");
}

}  // namespace

void add_eval_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("eval", "Measure a model and adapters on it");
  auto command = std::make_shared<EvalCommand>();
  command->options.generation.passages = 0;
  add_inputs(*app, *command);
  command->output.add_to(
      *app, "Folder for results.json and per-item values, which later runs use again [default: none]",
      "evaluation");
  app->add_option("--reference", command->references, "Subjects to compare the others to, by name")
      ->capture_default_str();
  auto settings = std::make_shared<SettingFlags>(*app, fields_of(*command));
  add_settings(*settings);
  app->add_flag("--json", command->json, "Print a JSON line for each measurement");
  app->callback([command, settings, &terminal] { run_eval(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
