#include "cli/dataset_people.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "conceptune/base/json.h"
#include "conceptune/concepts/adjudicate.h"
#include "conceptune/concepts/agreement.h"
#include "conceptune/concepts/judgements.h"
#include "conceptune/evaluation/people_comparison.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::cli {
namespace {

using std::filesystem::path;

struct PeopleCommand {
  std::vector<path> tables;
  std::optional<path> dataset;
  std::int64_t disputes = 10;
  bool keep_added = false;
  bool json = false;
  OutputOption output;
};

std::string figure(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : std::string("undefined");
}

void print_dispute(const Json& dispute, const Terminal& terminal) {
  terminal.print("");
  terminal.print({{"  "},
                  {dispute["word"].get<std::string>(), Emphasis::strong},
                  {fmt::format(" ({}), passage {}, character {}", dispute["pos"].get<std::string>(),
                               dispute["passage"].get<std::string>(), dispute["begin"].get<int>())}});
  for (const auto& word : dispute["words"]) {
    const auto accepted = word["accepted"].get<std::vector<std::string>>();
    const auto rejected = word["rejected"].get<std::vector<std::string>>();
    std::string line = fmt::format(
        "    {}: {} {}", word["text"].get<std::string>(), word.contains("added") ? "added by" : "accepted by",
        accepted.empty() ? "nobody" : fmt::format("{}", fmt::join(accepted, ", ")));
    if (!rejected.empty()) line += fmt::format("; rejected by {}", fmt::join(rejected, ", "));
    terminal.print(line);
  }
}

void run_agree(const PeopleCommand& command, const Terminal& terminal) {
  const auto judgements = concepts::read_judgements(command.tables, command.dataset);
  const auto agreement = concepts::agreement_of(judgements);
  const Json json = to_json(agreement, judgements, static_cast<std::size_t>(command.disputes));
  if (command.json) return terminal.print(to_json_text(json));
  terminal.print(fmt::format("{} people on dataset {}: {}", judgements.people.size(), judgements.dataset,
                             fmt::join(judgements.people, ", ")));
  terminal.print(
      fmt::format("{} sets, {} of them judged by several; {} candidates, {} of them decided by several",
                  agreement.sets, agreement.sets_of_several, agreement.units, agreement.units_of_several));
  terminal.print(fmt::format("Krippendorff's alpha {}{}", figure(agreement.alpha),
                             agreement.alpha ? ""
                                             : ": no candidate was decided by several, or all decisions are "
                                               "the same"));
  for (const auto& pair : agreement.pairs)
    terminal.print(fmt::format("{} and {}: F {}, {} of {} candidates alike in {} sets",
                               judgements.people[pair.first], judgements.people[pair.second], figure(pair.f),
                               pair.agreed, pair.units, pair.sets));
  if (json["disputes"].empty()) return;
  terminal.print(fmt::format("{} sets are disputed, most of all:", agreement.disputes.size()));
  for (const auto& dispute : json["disputes"]) print_dispute(dispute, terminal);
}

void run_adjudicate(const PeopleCommand& command, const Terminal& terminal) {
  auto inputs = command.tables;
  if (command.dataset) inputs.push_back(*command.dataset);
  const auto judgements = concepts::read_judgements(command.tables, command.dataset);
  const auto result = concepts::adjudicate(judgements, command.keep_added);
  concepts::write_judgement_table(result.table, command.output.destination(), inputs);
  if (command.json) return terminal.print(to_json_text(result.to_json()));
  terminal.print(
      fmt::format("{} sets of {} people: {} candidates accepted, {} rejected, {} of these by a tie; "
                  "{} added words stay, {} were added by too few",
                  result.table.rows.size(), judgements.people.size(), result.accepted, result.rejected,
                  result.ties, result.added, result.too_few));
}

struct ComparisonCommand {
  path dataset, table;
  bool json = false;
};

void print_measure(const char* name, const evaluation::PooledMeasure& measure, const Terminal& terminal) {
  terminal.print(fmt::format("{:8} F {}, precision {}, recall {}", name, measure.f.text(),
                             measure.precision.text(), measure.recall.text()));
}

void run_compare(const ComparisonCommand& command, const Terminal& terminal) {
  const auto comparison =
      evaluation::compare_with_people(command.dataset, command.table, {}, model::available_cores());
  if (command.json) return terminal.print(to_json_text(comparison.to_json()));
  terminal.print(fmt::format("{} of {} words have a row; percent:", comparison.compared, comparison.words));
  print_measure("strict", comparison.strict, terminal);
  print_measure("lenient", comparison.lenient, terminal);
  terminal.print(fmt::format("Krippendorff's alpha of people and the dataset {}", figure(comparison.alpha)));
}

void add_common_options(CLI::App& app, PeopleCommand& command) {
  app.add_option("tables", command.tables, "Tables that the dataset's page saved, one of each person")
      ->required();
  app.add_option("-d,--dataset", command.dataset,
                 "The judged dataset, to hold the tables to it [default: the tables to each other alone]");
  app.add_flag("--json", command.json, "Print JSON");
}

}  // namespace

void add_people_operations(CLI::App& dataset, Terminal& terminal) {
  auto command = std::make_shared<PeopleCommand>();
  auto* agree = dataset.add_subcommand("agree", "Tell how far people agree on a dataset's sets");
  add_common_options(*agree, *command);
  agree->add_option("--disputes", command->disputes, "Most disputed sets to list (at least 0)")
      ->check(in_range(at_least(0)))
      ->capture_default_str();
  agree->callback([command, &terminal] { run_agree(*command, terminal); });
  auto* adjudicate = dataset.add_subcommand("adjudicate", "Merge people's tables by majority");
  add_common_options(*adjudicate, *command);
  adjudicate->add_flag("--keep-added", command->keep_added,
                       "Keep every word that somebody added, also where the others did not");
  command->output.add_to(*adjudicate, "Table to write, for --source file", "table of judgements")->required();
  adjudicate->callback([command, &terminal] { run_adjudicate(*command, terminal); });
  auto comparison = std::make_shared<ComparisonCommand>();
  auto* compare = dataset.add_subcommand("compare", "Compare a dataset's sets with those that people chose");
  compare->add_option("dataset", comparison->dataset, "Concept dataset")->required();
  compare->add_option("table", comparison->table, "Table of people's sets, as --source file reads it")
      ->required();
  compare->add_flag("--json", comparison->json, "Print JSON");
  compare->callback([comparison, &terminal] { run_compare(*comparison, terminal); });
}

}  // namespace conceptune::cli
