// The paper's Figures 3 to 16 in its own layout, from what a run has.
#pragma once

#include <string>
#include <vector>

#include "conceptune/report/paper_design.h"
#include "conceptune/report/plot.h"

namespace conceptune::report {

struct PaperFigure {
  int number = 0;  // the paper's
  std::string caption;
  std::vector<Plot> panels;
};

/// Those of the paper's figures that the run has the arms and measurements for, by number. Bars as in
/// metric_plots(); panels of one metric share their vertical axis. Where the run has one of the paper's
/// models, corpora and sources, the paper's numbers stand beside, dotted.
std::vector<PaperFigure> paper_figures(const Design& design);

}  // namespace conceptune::report
