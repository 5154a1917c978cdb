// conceptune dataset: datasets made from datasets, and other formats in and out.
#include <fmt/format.h>

#include <functional>

#include "cli/commands.h"
#include "cli/dataset_people.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/authors_format.h"
#include "conceptune/concepts/operations.h"
#include "conceptune/concepts/sample_for_people.h"

namespace conceptune::cli {
namespace {

using concepts::DatasetStatistics;
using std::filesystem::path;

struct DatasetCommand {
  std::vector<path> inputs;
  OutputOption output;
  path model;
  std::int64_t count = 10;
  double fraction = 1;
  std::uint64_t seed = 42;
  std::string draw = "paper";
  concepts::PeopleSample sample;
  std::string allocation = "proportional";
  bool json = false;
};

using Operation = std::function<DatasetStatistics(const DatasetCommand&)>;

void print_statistics(const DatasetStatistics& statistics, bool json, const Terminal& terminal) {
  if (json) return terminal.print(to_json_text(statistics.to_json()));
  terminal.print(fmt::format("{} passages, {} content words, {} with synonyms, {} synonyms",
                             statistics.passages, statistics.words, statistics.words_with_synonyms,
                             statistics.synonyms));
}

/// Adds one operation with `inputs` datasets (0: any number).
CLI::App* add_operation(CLI::App& app, Terminal& terminal, const std::shared_ptr<DatasetCommand>& command,
                        const char* name, const char* description, int inputs, Operation operation) {
  auto* sub = app.add_subcommand(name, description);
  auto* option = sub->add_option("inputs", command->inputs, "Dataset folders to read")->required();
  if (inputs > 0) option->expected(inputs);
  command->output.add_to(*sub, "Dataset folder to write", "dataset")->required();
  sub->add_flag("--json", command->json, "Print JSON");
  sub->callback([command, &terminal, operation = std::move(operation)] {
    const auto lock = command->output.claim(ProductKind::dataset, "writing dataset", command->inputs);
    print_statistics(operation(*command), command->json, terminal);
  });
  return sub;
}

void add_reductions(CLI::App& app, Terminal& terminal, const std::shared_ptr<DatasetCommand>& command) {
  add_operation(
      app, terminal, command, "limit", "Keep the best synonyms of each word", 1,
      [](const auto& c) { return concepts::limit_synonyms(c.inputs[0], c.count, c.output.destination()); })
      ->add_option("--count", command->count, "Synonyms to keep (at least 0)")
      ->check(in_range(at_least(0)))
      ->required();
  auto* proportion = add_operation(
      app, terminal, command, "proportion", "Keep a share of each passage's words", 1, [](const auto& c) {
        return concepts::sample_words(c.inputs[0], c.fraction, c.seed, c.output.destination());
      });
  proportion->add_option("--fraction", command->fraction, "Share to keep (between 0 and 1)")
      ->check(in_range(between(0, 1)))
      ->required();
  proportion->add_option("--seed", command->seed, "Seed of the choice")->capture_default_str();
  add_operation(app, terminal, command, "last", "Keep the last word of passages that end in one", 1,
                [](const auto& c) { return concepts::keep_last_words(c.inputs[0], c.output.destination()); });
  auto* random = add_operation(
      app, terminal, command, "random", "Replace every concept set by a random one", 1, [](const auto& c) {
        const auto draw = *value_named<concepts::RandomDraw>(c.draw);
        return concepts::randomise_synonyms(c.inputs[0], draw, c.seed, c.output.destination());
      });
  random
      ->add_option(
          "--draw", command->draw,
          "As the paper describes, as its authors' code does, or beside the word itself (one of paper, "
          "authors, keep-word)")
      ->check(one_of<concepts::RandomDraw>())
      ->capture_default_str();
  random->add_option("--seed", command->seed, "Seed of the draw")->capture_default_str();
}

void add_sample(CLI::App& app, Terminal& terminal, const std::shared_ptr<DatasetCommand>& command) {
  auto* sample = add_operation(
      app, terminal, command, "sample", "Draw passages for people to judge", 1, [](const auto& c) {
        auto options = c.sample;
        options.seed = c.seed;
        options.allocation = *value_named<concepts::Allocation>(c.allocation);
        return concepts::sample_for_people(c.inputs[0], options, c.output.destination());
      });
  sample->add_option("--passages", command->sample.passages, "Passages to draw (at least 1)")
      ->check(in_range(at_least(1)))
      ->capture_default_str();
  sample->add_option("--words", command->sample.words, "Words of each to keep, drawn; 0 for all (at least 0)")
      ->check(in_range(at_least(0)))
      ->capture_default_str();
  sample
      ->add_option(
          "--allocation", command->allocation,
          "How parts of speech and certainties share the sample: as in the dataset, or evenly (one of "
          "proportional, equal)")
      ->check(one_of<concepts::Allocation>())
      ->capture_default_str();
  sample->add_option("--seed", command->seed, "Seed of the draw")->capture_default_str();
}

void add_combinations(CLI::App& app, Terminal& terminal, const std::shared_ptr<DatasetCommand>& command) {
  add_operation(app, terminal, command, "intersect", "Keep the synonyms that two datasets share", 2,
                [](const auto& c) {
                  return concepts::intersect_datasets(c.inputs[0], c.inputs[1], c.output.destination());
                });
  add_operation(app, terminal, command, "union", "Join the synonyms of two datasets", 2, [](const auto& c) {
    return concepts::unite_datasets(c.inputs[0], c.inputs[1], c.output.destination());
  });
  add_operation(app, terminal, command, "merge", "Join all shards of one annotation", 0,
                [](const auto& c) { return concepts::merge_shards(c.inputs, c.output.destination()); });
}

void add_formats(CLI::App& app, Terminal& terminal, const std::shared_ptr<DatasetCommand>& command) {
  auto* in = add_operation(
      app, terminal, command, "import", "Read a file in the authors' format", 1, [](const auto& c) {
        const auto tokenizer = tokenizer::Tokenizer::load(c.model);
        return concepts::import_authors_format(c.inputs[0], *tokenizer, c.output.destination());
      });
  add_model_option(*in, command->model, "Model file or folder whose tokenizer to use");
  auto* out = app.add_subcommand("export", "Write a dataset in the authors' format");
  out->add_option("inputs", command->inputs, "Dataset folder")->required()->expected(1);
  command->output.add_to(*out, "JSON lines file to write", "file of that format")->required();
  out->callback(
      [command] { concepts::export_authors_format(command->inputs[0], command->output.destination()); });
}

}  // namespace

void add_dataset_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand(
      "dataset", "Make datasets from datasets: fewer, random, combined, converted, judged");
  app->require_subcommand(1);
  auto command = std::make_shared<DatasetCommand>();
  add_reductions(*app, terminal, command);
  add_combinations(*app, terminal, command);
  add_formats(*app, terminal, command);
  add_sample(*app, terminal, command);
  add_people_operations(*app, terminal);
}

}  // namespace conceptune::cli
