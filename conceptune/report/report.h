// The report of a run: one self-contained page, and its tables and figures as files.
#pragma once

#include <filesystem>

#include "conceptune/experiment/store.h"

namespace conceptune::report {

/// Writes report.html, tables/*.{csv,md,tex} and figures/*.{gp,svg} into the run folder from what its store
/// holds, and returns the path of report.html. Without gnuplot the page has no figures, and a warning says
/// so. Throws InputError when the run has no results yet, SystemError when the disk refuses.
std::filesystem::path write_report(experiment::RunStore& store);

/// The summary for a terminal: metrics by subjects, values and differences to the base.
std::string summary_text(const experiment::Results& results);

}  // namespace conceptune::report
