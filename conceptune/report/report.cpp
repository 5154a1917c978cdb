#include "conceptune/report/report.h"

#include <fmt/format.h>

#include <map>

#include "conceptune/base/destination.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/visible_text.h"
#include "conceptune/experiment/stored_results.h"
#include "conceptune/report/answer_tables.h"
#include "conceptune/report/dose_plots.h"
#include "conceptune/report/glossary.h"
#include "conceptune/report/headline.h"
#include "conceptune/report/moved_pairs.h"
#include "conceptune/report/moved_words.h"
#include "conceptune/report/page.h"
#include "conceptune/report/paper_comparison.h"
#include "conceptune/report/paper_figures.h"
#include "conceptune/report/paper_interval_tables.h"
#include "conceptune/report/paper_layout.h"
#include "conceptune/report/plot.h"
#include "conceptune/report/result_plots.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/results/item_files.h"

namespace conceptune::report {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "making report";

Cell plain(std::string text) { return {std::move(text), "", Tone::neutral}; }

/// Draws plots one after the other; those that could not be drawn are left out.
class Illustrator {
 public:
  explicit Illustrator(fs::path folder) : folder_(std::move(folder)) {}

  std::vector<Figure> draw(const std::vector<Plot>& plots) {
    std::vector<Figure> figures;
    for (const auto& plot : plots) {
      if (!has_gnuplot_) break;
      const DrawOutcome outcome = draw_plot(plot, folder_);
      has_gnuplot_ = outcome != DrawOutcome::no_gnuplot;
      if (outcome != DrawOutcome::drawn) continue;
      const std::string svg = read_file(folder_ / (plot.name + ".svg"), "reading figure");
      figures.push_back({plot.title, inline_svg(svg, plot.name + "-", plot.title)});
    }
    return figures;
  }

 private:
  fs::path folder_;
  bool has_gnuplot_ = true;
};

/// Seconds spent on each product over all runs of the program, in the order of the first start.
Table stage_table(const std::vector<experiment::StageRun>& runs) {
  struct Row {
    std::string stage, subject, outcome;
    double seconds = 0;
  };
  std::vector<std::string> order;
  std::map<std::string, Row> rows;
  double total = 0;
  for (const auto& run : runs) {
    if (!rows.contains(run.product_key)) order.push_back(run.product_key);
    Row& row = rows[run.product_key];
    row.stage = run.stage;
    row.subject = run.subject;
    if (run.outcome == "reused") continue;
    row.outcome = run.outcome;
    row.seconds += run.seconds;
    total += run.seconds;
  }
  Table table{"stages", "Seconds spent on each stage", {"stage", "for", "outcome", "seconds"}, {}};
  for (const auto& key : order) {
    const Row& row = rows[key];
    table.rows.push_back({plain(row.stage), plain(row.subject), plain(row.outcome),
                          plain(fmt::format("{:.1f}", row.seconds))});
  }
  table.rows.push_back({plain("total"), plain(""), plain(""), plain(fmt::format("{:.1f}", total))});
  return table;
}

/// Models, adapters and evaluation data with their hashes. "Trained on" counts those of the items left out
/// that one of the compared models was trained on.
Table input_table(const std::vector<experiment::StoredEvaluation>& evaluations) {
  Table table{"inputs",
              "Models and data by SHA-256",
              {"name", "file", "items", "left out", "trained on", "SHA-256"},
              {}};
  for (const auto& [model, results] : evaluations) {
    for (const auto& subject : results.subjects)
      table.rows.push_back({plain(subject.name == evaluation::kBase ? model : subject.name),
                            plain(fs::path(subject.path).filename().string()), plain(""), plain(""),
                            plain(""), plain(subject.hash)});
    for (const auto& data : results.data)
      table.rows.push_back(
          {plain(data.benchmark), plain(fs::path(data.path).filename().string()),
           plain(fmt::format("{}", data.items)), plain(fmt::format("{}", data.skipped.size())),
           plain(data.trained_on ? fmt::format("{}", data.trained_on) : ""), plain(data.hash)});
  }
  return table;
}

std::vector<FigureGroup> drawn(const std::vector<PaperFigure>& figures, Illustrator& illustrator) {
  std::vector<FigureGroup> groups;
  for (const auto& figure : figures) {
    auto panels = illustrator.draw(figure.panels);
    if (!panels.empty())
      groups.push_back(
          {fmt::format("As the paper's Figure {}", figure.number), figure.caption, std::move(panels)});
  }
  return groups;
}

/// What the run has of the paper's design, in the paper's layout.
void lay_out_as_paper(const experiment::Results& results, Illustrator& illustrator, PageParts& parts) {
  const Design design(results);
  parts.paper_tables = paper_result_tables(design);
  for (auto& table : paper_interval_tables(design)) parts.paper_tables.push_back(std::move(table));
  parts.paper_figures = drawn(paper_figures(design), illustrator);
}

void write_table(const Table& table, const fs::path& folder) {
  write_file_atomically(folder / (table.name + ".csv"), to_csv(table));
  write_file_atomically(folder / (table.name + ".md"), to_markdown(table));
  write_file_atomically(folder / (table.name + ".tex"), to_latex(table));
}

}  // namespace

fs::path write_report(experiment::RunStore& store) {
  const experiment::Results results = store.results();
  const fs::path& folder = store.run_folder();
  if (results.evaluations.empty())
    throw InputError(kDoing, folder.string(), "the run has no results yet; 'conceptune run' makes them");
  if (const auto model = experiment::altered_evaluation(results, store); !model.empty())
    throw InputError(
        kDoing, (folder / "run.sqlite").string(),
        fmt::format("holds other results of '{}' than its evaluation gave; 'conceptune run' puts them right",
                    model));
  const fs::path page = folder / "report.html";
  check_file_destination({page, Existing::replace}, "report", kDoing,
                         [](const fs::path& file) { return begins_with(file, kPageBegin); });
  PageParts parts;
  parts.facts = store.facts();
  for (const auto& [name, target] : {std::pair("title", &parts.title), std::pair("config", &parts.config)})
    if (auto node = parts.facts.extract(name)) *target = node.mapped();
  parts.facts.erase("format");
  parts.summaries = headline_tables(results);
  const auto answers = judged_answers(results);
  parts.opening = opening_of(results, answers);
  parts.answers = answer_table(answers);
  parts.comparisons = comparison_table(results.evaluations, true);
  parts.measurements = measurement_table(results.evaluations);
  parts.glossary = glossary_of(results.evaluations);
  parts.moved = moved_pair_tables(results, folder / evaluation::kItemFolder);
  parts.moved_words = moved_word_tables(results, folder / evaluation::kItemFolder);
  parts.stages = stage_table(store.stage_runs());
  parts.inputs = input_table(results.evaluations);
  parts.examples = results.examples;
  for (const auto& evaluation : results.evaluations)
    parts.samples.push_back({evaluation.model, evaluation.results.samples});
  Illustrator illustrator(folder / "figures");
  parts.dose_figures = illustrator.draw(dose_plots(results));
  lay_out_as_paper(results, illustrator, parts);
  parts.metric_figures = illustrator.draw(metric_plots(results, true));
  parts.further_figures = illustrator.draw(metric_plots(results, false));
  parts.loss_figures = illustrator.draw(loss_plots(results.losses));
  for (const auto* tables : {&parts.summaries, &parts.paper_tables, &parts.moved, &parts.moved_words})
    for (const auto& table : *tables) write_table(table, folder / "tables");
  for (const auto& table :
       {parts.measurements, comparison_table(results.evaluations, false), parts.stages, parts.inputs})
    write_table(table, folder / "tables");
  for (const auto& table : {parts.paper, answer_numbers(answers)})
    if (!table.rows.empty()) write_table(table, folder / "tables");
  write_file_atomically(page, html_page(parts));
  return page;
}

std::string summary_text(const experiment::Results& results) {
  std::string text;
  for (const auto& table : short_headline_tables(results))
    text += visible_text(table.caption) + "\n" + to_plain_text(table) + "\n";
  text += fmt::format("{}\n", kShortHeadlineNote);
  for (const auto& finding : opening_of(results, judged_answers(results)).found) {
    text += fmt::format("\n{}\n", visible_text(finding.question));
    for (const auto& group : finding.groups) {
      if (!group.is_decided) continue;
      text += fmt::format("  {}: {}\n", group.verdict, visible_text(group.sides));
      for (const auto& measured : group.measured) text += fmt::format("    {}\n", visible_text(measured));
    }
    if (finding.undecided() > 0)
      text += fmt::format("  undecided: {} of {}\n", finding.undecided(), finding.answers());
  }
  text.pop_back();  // the line feed that a terminal adds
  return text;
}

}  // namespace conceptune::report
