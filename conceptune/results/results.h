// What an evaluation gives: the results file (one versioned JSON schema, docs/file-formats.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/destination.h"
#include "conceptune/base/json.h"
#include "conceptune/results/answer.h"
#include "conceptune/results/bootstrap.h"
#include "conceptune/results/correlation.h"

namespace conceptune::evaluation {

/// The name of the model without an adapter among the subjects of an evaluation.
inline constexpr std::string_view kBase = "base";

/// A metric's paired difference between a subject and a reference on the same items: subject minus reference.
struct Comparison {
  std::string reference;  // name of the other subject
  std::string unit;       // what was resampled: "pairs", "tokens", "passages", "questions"
  double difference;
  std::optional<Interval> interval;
  std::optional<double> p;  // two-sided bootstrap p-value of this comparison alone, not adjusted for others
};

/// One number of an evaluation.
struct Measurement {
  std::string subject;     // "base", or the adapter's name
  std::string benchmark;   // "simlex999", or the name given to a passage set
  std::string metric;      // a name of metrics.h, e.g. "spearman"
  std::string convention;  // name of an entry of Results::conventions; empty where none applies
  Statistic value;
  std::optional<Interval> interval;
  std::int64_t n = 0;     // items that the value is taken over
  std::string unit;       // what n counts: "pairs", "tokens", "questions"
  std::string resampled;  // what the interval resamples: as unit, or "passages", whose tokens hang together
  std::vector<Comparison> comparisons;
};

/// A model or adapter that was evaluated.
struct Subject {
  std::string name;  // "base", or the adapter's name
  std::string path;  // as it was given
  std::string hash;  // sha256 of its weight files
};

/// An item that was left out, and why.
struct Skip {
  std::string item;
  std::string reason;
};

/// A benchmark or passage set that was used.
struct DataUsed {
  std::string benchmark;
  std::string path;
  std::string hash;        // sha256 of the content
  std::int64_t items = 0;  // items used
  std::vector<Skip> skipped;
  std::int64_t trained_on = 0;  // of the skipped: passages that a subject was trained on
  /// Subjects that were trained on the corpus of these passages; nothing where that is not known.
  std::optional<std::vector<std::string>> in_domain = {};
};

/// A file with the per-item values behind measurements.
struct ItemFile {
  std::string subject;
  std::string benchmark;
  std::string convention;
  std::string path;  // relative to the results file
};

/// What the subjects wrote after the same beginning.
struct GenerationSample {
  struct Continuation {
    std::string subject;
    std::string text;
    bool operator==(const Continuation&) const = default;
  };
  std::string benchmark;  // the passage set, or "prompts"
  std::string item;       // the passage's id, or "prompt 1", …
  std::string prompt;
  std::string original;  // how the passage itself goes on; empty for a prompt of the user's
  std::vector<Continuation> continuations;
  bool operator==(const GenerationSample&) const = default;
};

/// How texts were given to the model and pooled, under a name.
struct NamedConvention {
  std::string name;
  Json fields;  // every field of TextConvention, the begin token resolved to its id or null
};

struct Results {
  std::vector<Subject> subjects;  // the base first
  std::vector<DataUsed> data;
  std::vector<ItemFile> item_files;
  std::vector<NamedConvention> conventions;
  BootstrapOptions bootstrap;
  std::vector<Measurement> measurements;
  std::vector<Answer> answers;  // to the questions of an experiment
  std::vector<GenerationSample> samples;
  double seconds = 0;

  /// The measurement with these names; null when there is none. An empty convention matches any.
  const Measurement* find(std::string_view subject, std::string_view benchmark, std::string_view metric,
                          std::string_view convention = {}) const;
};

Json to_json(const Results& results);
/// Throws InputError (`where` names the file) for another format or version, or a field that is missing or
/// of the wrong type.
Results results_from_json(const Json& document, std::string_view where);

/// Throws InputError unless an evaluation may write into the folder: absent, empty, with the items of one
/// that was stopped, or, to be replaced, a finished evaluation.
void check_results_folder(const Destination& folder, std::span<const std::filesystem::path> inputs = {});

void write_results(const std::filesystem::path& path, const Results& results);
Results read_results(const std::filesystem::path& path);

/// One flat record a measurement, as `conceptune eval --json` prints them and the results file holds them.
Json measurement_record(const Measurement& measurement);

/// A sample as the results file holds it.
Json sample_record(const GenerationSample& sample);

}  // namespace conceptune::evaluation
