// The HTML page of a report, from its parts.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/glossary.h"
#include "conceptune/report/opening.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// A figure's inlined SVG.
struct Figure {
  std::string title;
  std::string svg;
};

/// Several panels under one caption.
struct FigureGroup {
  std::string title, caption;
  std::vector<Figure> panels;
};

/// What a base model and its arms wrote.
struct ModelSamples {
  std::string model;
  std::vector<evaluation::GenerationSample> samples;
};

struct PageParts {
  std::string title;
  Opening opening;
  /// Without rows: left out.
  Table answers;
  std::vector<Table> summaries;
  /// What the metrics and conventions of the tables mean.
  std::vector<Definition> glossary;
  Table comparisons;
  /// Changes beside the paper's; without rows: left out.
  Table paper;
  std::vector<Table> paper_tables;
  std::vector<FigureGroup> paper_figures;
  std::vector<Table> moved;  // pairs
  std::vector<Table> moved_words;
  Table measurements;
  std::vector<Figure> dose_figures;
  std::vector<Figure> metric_figures;
  std::vector<Figure> further_figures;
  std::vector<Figure> loss_figures;
  std::vector<experiment::StoredExample> examples;
  std::vector<ModelSamples> samples;
  Table stages;
  Table inputs;
  /// Versions and other facts of the run, by name.
  std::map<std::string, std::string> facts;
  /// The resolved configuration as TOML.
  std::string config;
};

/// What every page begins with.
inline constexpr std::string_view kPageBegin =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";

/// A complete page that needs no other file, readable at a phone's width, in light and dark.
std::string html_page(const PageParts& parts);

/// A passage with its content words marked and, below it, each word's synonyms.
std::string example_html(const experiment::StoredExample& example);

/// A beginning and, side by side, what each subject wrote after it.
std::string sample_html(const evaluation::GenerationSample& sample);

}  // namespace conceptune::report
