// The run store: one SQLite file in the folder of a run that knows every product, how long it took, and the
// results. `conceptune report` needs nothing else.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/base/product.h"
#include "conceptune/base/sqlite.h"
#include "conceptune/results/results.h"

namespace conceptune::experiment {

/// A finished product of a stage.
struct Product {  // NOLINT(bugprone-exception-escape): moving a Json throws nothing
  /// SHA-256 of the recipe: what made it.
  std::string key;
  std::string stage;
  std::filesystem::path folder;
  /// The stage's options, the hashes of its inputs and its format version.
  Json recipe;
  FileList files = {};
};

/// How one stage went in one run of the program.
struct StageRun {
  std::string stage;
  std::string product_key;
  /// What the product is for: the names of arms, or empty for one that all share.
  std::string subject;
  double seconds = 0;
  /// "done", "reused", "interrupted" or "failed".
  std::string outcome;
  /// UTC, "2026-03-01 12:00:00".
  std::string started;

  bool operator==(const StageRun&) const = default;
};

/// A trained arm.
struct StoredArm {
  std::string name;
  /// The name given in [[arms]]: arms of one group form one curve of a figure.
  std::string group;
  /// The label of the base model: the arm is compared with that model's other arms.
  std::string model;
  std::string objective;
  double concept_weight = 0;
  /// The grid's keys with what this arm's values are called.
  Json varied = Json::object();
  /// The resolved options of all stages.
  Json options = Json::object();
};

/// The evaluation of one base model and of all arms trained from it; subjects have the names of the arms.
struct StoredEvaluation {
  std::string model;
  evaluation::Results results;
};

/// One point of a curve of the training log.
struct StoredLoss {
  std::string arm;
  /// "train" or "validation".
  std::string split;
  /// "total", "next_token" or "concept".
  std::string term;
  std::int64_t step = 0;
  double value = 0;
};

/// A passage with its concept sets, for the report's examples.
struct StoredExample {
  std::string text;
  struct Word {
    /// Characters of the passage.
    std::uint32_t begin = 0, end = 0;
    std::string word, part_of_speech;
    std::vector<std::string> synonyms;
  };
  std::vector<Word> words;
};

/// Everything a report is made of.
struct Results {
  std::vector<StoredArm> arms;
  std::vector<StoredEvaluation> evaluations;
  std::vector<StoredLoss> losses;
  std::vector<StoredExample> examples;
};

class RunStore {
 public:
  using Access = Database::Access;

  /// Opens RUN/run.sqlite. Throws InputError when it is absent (read_only), no run store, or of another
  /// format version. Nothing that it says is trusted to lie in the run's folder: a product whose folder is
  /// not the one that its key gives is an InputError too.
  RunStore(const std::filesystem::path& run_folder, Access access);

  /// What RUN/run.sqlite holds (nothing where it is absent), copied into memory: the file is left alone while
  /// stages run, since several processes and machines may be at work in the folder.
  static RunStore working_copy(const std::filesystem::path& run_folder);
  /// Takes over what a working copy has come to know since it was made: products, how stages went, hashes of
  /// files.
  void take_over(RunStore& copy);

  const std::filesystem::path& run_folder() const { return run_folder_; }

  /// Named texts about the whole run: "title", "config", "conceptune version", …
  void set_fact(const std::string& name, const std::string& value);
  /// Empty when there is no such fact.
  std::string fact(const std::string& name);
  std::map<std::string, std::string> facts();

  /// Where the product of a stage with that key lies.
  std::filesystem::path product_folder(const std::string& stage, const std::string& key) const;
  /// The product with that key, when it is finished.
  std::optional<Product> find_product(const std::string& key);
  void add_product(const Product& product);
  void forget_product(const std::string& key);
  std::vector<Product> products();

  /// What SQLite finds wrong with the file; empty for nothing.
  std::string damage();

  void add_stage_run(const StageRun& run);
  /// In the order in which they were started.
  std::vector<StageRun> stage_runs();

  /// The hash of a file's content that was noted for this path, size and time of change.
  std::optional<std::string> known_hash(const std::filesystem::path& path, std::int64_t size,
                                        std::int64_t modified);
  void note_hash(const std::filesystem::path& path, std::int64_t size, std::int64_t modified,
                 const std::string& hash);

  /// Puts `results` in the place of those before.
  void replace_results(const Results& results);
  Results results();

 private:
  RunStore(const std::filesystem::path& run_folder, Database database, Access access);
  void insert_product(const Product& product);
  void copy_hashes(RunStore& other);
  void add_evaluation(const StoredEvaluation& evaluation);
  Results read_results();

  std::filesystem::path run_folder_;
  Database database_;
  // Of a working copy: what it began with.
  std::set<std::string> copied_products_;
  std::size_t copied_stage_runs_ = 0;
};

}  // namespace conceptune::experiment
