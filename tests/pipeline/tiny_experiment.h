// A whole experiment on a tiny random model that runs in seconds.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "conceptune/base/hash.h"
#include "conceptune/experiment/store.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {

inline const std::filesystem::path kWordNet = "/usr/share/wordnet";

class TinyExperiment {
 public:
  TinyExperiment() {
    write_tiny_model(folder_.path() / "model");
    folder_.write("corpus.txt", tiny_text(40));
    folder_.write("pairs.tsv", "dog\thound\t9\ncat\thouse\t1\nbig\tlarge\t9\ncity\ttown\t8\nold\tcar\t2\n");
    config_ = folder_.write("tiny.toml", config_text());
  }

  std::filesystem::path path(const std::filesystem::path& relative) const {
    return folder_.path() / relative;
  }
  const std::filesystem::path& config() const { return config_; }
  std::filesystem::path run_folder() const { return path("run"); }
  void write(std::string_view name, std::string_view content) const { folder_.write(name, content); }

  std::vector<std::string> arguments(const std::vector<std::string>& settings = {}) const {
    std::vector<std::string> arguments = {"run", config_.string()};
    for (const auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return arguments;
  }
  ProgramResult run(const std::vector<std::string>& settings = {}) const {
    return run_program(arguments(settings));
  }

  /// Hashes of what a run gives, by file: adapters, datasets, per-item values, tables.
  std::map<std::string, std::string> products(const std::filesystem::path& folder) const {
    std::map<std::string, std::string> hashes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path(folder))) {
      const std::string name = entry.path().filename().string();
      const bool is_result = name == "adapter_model.safetensors" || name.ends_with(".jsonl.zst") ||
                             name == "log.jsonl" || name == "train.jsonl" || name == "measurements.csv";
      if (entry.is_regular_file() && is_result)
        hashes[entry.path().lexically_relative(path(folder)).string()] = sha256_of_file(entry.path());
    }
    return hashes;
  }
  std::map<std::string, std::string> products() const { return products("run"); }

  /// How often each stage ended in each way over all runs: {"train done": 3, …}.
  std::map<std::string, int> outcomes() const {
    experiment::RunStore store(run_folder(), experiment::RunStore::Access::read_only);
    std::map<std::string, int> counts;
    for (const auto& stage : store.stage_runs()) ++counts[stage.stage + " " + stage.outcome];
    return counts;
  }

 private:
  static std::string config_text() {
    return "name = \"Tiny\"\noutput = \"run\"\nthreads = 1\n[model]\npath = \"model\"\n"
           "[corpus]\nfiles = [\"corpus.txt\"]\npassages = 24\nheld_out = 8\n"
           "[annotation]\nenglish_pipeline = \"" +
           input("en_core_web_sm").string() + "\"\nsource = \"wordnet\"\nwordnet.folder = \"" +
           kWordNet.string() +
           "\"\n[training]\nepochs = 2\nvalidation_share = 0.2\noptimizer.learning_rate = 0.01\nlog_every = "
           "1\n"
           "[evaluation]\nbenchmarks = [\"pairs.tsv\"]\nbootstrap.samples = 50\n"
           "[grid]\ntraining.objective.concept_weight = [0.0, 1.0]\n";
  }

  TemporaryFolder folder_;
  std::filesystem::path config_;
};

}  // namespace conceptune::test

/// Skips the running test where the tagging pipeline or WordNet is absent.
#define CONCEPTUNE_REQUIRE_LANGUAGE_DATA()                       \
  CONCEPTUNE_REQUIRE(conceptune::test::input("en_core_web_sm")); \
  CONCEPTUNE_REQUIRE(conceptune::test::kWordNet)
