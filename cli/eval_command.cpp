// conceptune eval: model (+ adapters) → results.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/evaluation/item_files.h"
#include "conceptune/evaluation/subject_names.h"

namespace conceptune::cli {
namespace {

namespace fs = std::filesystem;

struct EvalCommand {
  std::filesystem::path model;
  std::vector<std::filesystem::path> benchmarks, passages;
  std::vector<std::string> adapters, tasks;
  std::string columns, leading_space, pool_begin, pooling = "mean";
  OutputOption output;
  model::DecoderOptions decoder;
  std::vector<std::string> references = {std::string(evaluation::kBase)};
  evaluation::EvaluationOptions options;
  bool json = false;
};

constexpr const char* kConventionFlags[] = {"--leading-space", "--begin-token", "--pool-begin",
                                            "--pooling",       "--layer",       "--template"};

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
    if (c.p_holm) line += fmt::format(" p={:.3f}", *c.p_holm);
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
  auto lock = FileLock::try_take(output.path / kLockFile, "evaluating");
  if (!lock)
    throw InputError("evaluating", output.path.string(), "another process is evaluating into this folder");
  return *std::move(lock);
}

void run_eval(EvalCommand& command, Terminal& terminal) {
  if (command.benchmarks.empty() && command.passages.empty() && command.tasks.empty() &&
      command.options.generation.prompts.empty())
    throw InputError("eval: nothing to evaluate on, expected --benchmark, --passages, --task or --prompt");
  auto& convention = command.options.convention;
  if (!command.leading_space.empty()) convention.leading_space = command.leading_space == "on";
  if (!command.pool_begin.empty()) convention.pool_begin = command.pool_begin == "on";
  convention.pooling = *value_named<generation::Pooling>(command.pooling);

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
  const auto tokenizer = tokenizer::Tokenizer::load(command.model);
  std::vector<evaluation::PassageSet> passages;
  for (const auto& path : command.passages)
    passages.push_back(evaluation::load_passage_set(path, *tokenizer));
  const auto store = weights::WeightStore::open(command.model);
  std::vector<evaluation::EvaluatedAdapter> adapters;
  for (const auto& [name, folder] : named_adapters) {
    adapters.push_back(evaluation::load_evaluated_adapter(folder, store->config(), command.decoder));
    adapters.back().name = name;
  }
  const model::Decoder decoder(store, command.decoder);

  const evaluation::EvaluationTask task{
      .model = {decoder, *tokenizer, command.model.string(), store->hash()},
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

void add_convention_options(CLI::App* app, EvalCommand& command) {
  auto& convention = command.options.convention;
  app->add_option("--leading-space", command.leading_space, "Put a space before benchmark texts [on]")
      ->check(CLI::IsMember({"on", "off"}));
  app->add_option("--begin-token", convention.begin_token,
                  "Token before benchmark texts: none, own, auto (own, else <|endoftext|>) or an id")
      ->capture_default_str();
  app->add_option("--pool-begin", command.pool_begin, "Pool the begin token's position too [off]")
      ->check(CLI::IsMember({"on", "off"}));
  app->add_option("--pooling", command.pooling, "Hidden states that make a text's vector")
      ->check(one_of<generation::Pooling>())
      ->capture_default_str();
  app->add_option("--layer", convention.layer, "Layer whose output is taken, -1 for the last")
      ->check(CLI::Range(-1, 100000))
      ->capture_default_str();
  app->add_option("--template", convention.text_template, "What the model reads, with {} for the text")
      ->capture_default_str();
}

void add_statistics_options(CLI::App* app, EvalCommand& command) {
  auto& bootstrap = command.options.bootstrap;
  app->add_option("--reference", command.references, "Subjects to compare the others to, by name")
      ->capture_default_str();
  app->add_option("--limit", command.options.limit,
                  "Use the first pairs, passages or questions only, 0 for all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->add_option("--samples", bootstrap.samples, "Bootstrap resamples")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app->add_option("--confidence", bootstrap.confidence, "Confidence of intervals")
      ->check(CLI::Range(0.5, 0.9999))
      ->capture_default_str();
  app->add_option("--seed", bootstrap.seed, "Seed of the resamples")->capture_default_str();
}

}  // namespace

void add_eval_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("eval", "Measure a model and adapters on it");
  auto command = std::make_shared<EvalCommand>();
  app->add_option("--model", command->model, "Base model: a GGUF file or a model folder")->required();
  app->add_option(
      "--adapter", command->adapters,
      "Adapter on the model, or fully trained model: PATH or NAME=PATH; a training run stands for its best; "
      "may be repeated");
  app->add_option("--benchmark", command->benchmarks,
                  "File of text pairs with human scores; may be repeated");
  app->add_option("--columns", command->columns, "Names of the benchmarks' columns: FIRST,SECOND,SCORE");
  app->add_option("--passages", command->passages, "Concept dataset of held-out passages; may be repeated");
  app->add_option("--task", command->tasks,
                  "Multiple-choice task as NAME=FILE, e.g. piqa=valid.jsonl; may be repeated");
  app->add_flag("--geometry", command->options.geometry,
                "Also measure how the passages' concepts cluster in the hidden states");
  app->add_option("--device", command->decoder.device,
                  "Where the model runs: cpu, or cuda where libtorch has it")
      ->capture_default_str();
  command->options.generation.passages = 0;
  app->add_option("--generate", command->options.generation.passages,
                  "Also continue the beginnings of this many passages, side by side")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->add_option("--prompt", command->options.generation.prompts,
                  "Also continue this text, side by side; may be repeated");
  command->output.add_to(*app, "Folder for results.json and per-item values, which later runs use again",
                         "evaluation");
  add_convention_options(app, *command);
  add_statistics_options(app, *command);
  app->add_flag("--json", command->json, "Print a JSON line for each measurement");
  app->callback([command, app, &terminal] {
    // Whoever chooses a convention wants that one; the paper's stands beside it otherwise.
    for (const char* flag : kConventionFlags)
      if (app->count(flag) > 0) command->options.paper_convention = false;
    run_eval(*command, terminal);
  });
}

}  // namespace conceptune::cli
