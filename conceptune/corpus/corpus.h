// From the files of a corpus to sampled passages, split into those to train on, to validate on and to hold
// out.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/destination.h"
#include "conceptune/base/progress.h"
#include "conceptune/corpus/documents.h"
#include "conceptune/corpus/passage.h"

namespace conceptune::corpus {

struct CorpusOptions {
  std::vector<std::filesystem::path> files;
  DocumentFormat format = DocumentFormat::automatic;
  std::string text_key = "text";
  std::int64_t longer_than = 50;
  std::int64_t shorter_than = 2000;
  std::int64_t passages = 2000;
  std::int64_t held_out = 1000;
  double validation_fraction = 0;
  std::uint64_t seed = 42;
  int readers = 1;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("files", files, "Files of the corpus; names may hold *, ? and [...]");
    visit("format", format,
          "How documents lie in a file; auto goes by its name, else by its first line, and says so");
    visit("text_key", text_key, "Key of the text in JSON lines, column of the text in tables");
    visit("longer_than", longer_than, "Documents must have more characters than this", at_least(0));
    visit("shorter_than", shorter_than, "Documents must have fewer characters than this", at_least(1));
    visit("passages", passages, "Passages to sample for training and validation", at_least(1));
    visit("held_out", held_out, "Further passages to sample and hold out for evaluation", at_least(0));
    visit(
        "validation_fraction", validation_fraction,
        "Share of the passages set apart for validation already here (training can split its dataset itself)",
        between(0, 0.9));
    visit("seed", seed, "Seed of the sample");
    visit("readers", readers, "Files read at the same time; the sample does not depend on it",
          cost(between(1, 256)));
  }

  void check(const ReportProblem& report) const {
    if (longer_than + 1 >= shorter_than)
      report("shorter_than",
             fmt::format("is {}, which leaves no length above longer_than = {}", shorter_than, longer_than));
  }
};

struct CorpusCounts {
  std::int64_t read = 0;
  std::int64_t too_short = 0;
  std::int64_t too_long = 0;
  std::int64_t duplicates = 0;  // copies of sampled passages, dropped
};

/// No text is in two of the lists.
struct CorpusSample {
  std::vector<Passage> train;
  std::vector<Passage> validation;
  std::vector<Passage> held_out;
  CorpusCounts counts;
};

/// Reads all files and samples; a message tells of formats that are guesses. When the corpus has fewer
/// passages than asked for, all are taken, shared out in the proportion asked for, and a warning says so.
/// Throws InputError for files that cannot be read and a corpus without a single passage of allowed length.
CorpusSample sample_corpus(const CorpusOptions& options, ProgressObserver* observer = nullptr,
                           std::stop_token stop = {});

/// Writes train.jsonl, validation.jsonl and held-out.jsonl (those that have passages) and the card
/// corpus.json into a folder that appears whole or not at all. Throws as check_folder_destination().
void write_sample(const Destination& folder, const CorpusSample& sample, const CorpusOptions& options);

/// Reads what write_sample wrote.
CorpusSample read_sample(const std::filesystem::path& folder);

}  // namespace conceptune::corpus
