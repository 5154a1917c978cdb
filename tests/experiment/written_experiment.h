// Experiments written as TOML for tests that look at what is read from them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/experiment/experiment_config.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {

class WrittenExperiment {
 public:
  Experiment load(std::string_view toml) const { return load_experiment(folder_.write("exp.toml", toml)); }

  /// The message of the error, with the folder's name left out.
  std::string problems(std::string_view toml) const {
    try {
      load(toml);
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string prefix = folder_.path().string() + "/";
      for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
        text.erase(at, prefix.size());
      return text;
    }
    return "no error";
  }

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path write(std::string_view name, std::string_view content) const {
    return folder_.write(name, content);
  }

 private:
  test::TemporaryFolder folder_;
};

/// Concepts and content-only at two weights and a next-token arm, three seeds of the first two and two of the
/// last; two benchmarks and held-out passages.
inline const std::string kStudy =
    "[model]\npath = \"m.gguf\"\n[corpus]\nfiles = [\"c4.jsonl\"]\n"
    "[evaluation]\nbenchmarks = [\"simlex999.txt\", \"men.txt\"]\n"
    "[grid]\ntraining.seed = [1, 2, 3]\ntraining.objective.concept_weight = [0.5, 1.0]\n"
    "[[arms]]\nname = \"concepts\"\n"
    "[[arms]]\nname = \"content-only\"\ntraining.objective.loss = \"content-ntp\"\n"
    "[[arms]]\nname = \"next-token\"\ntraining.objective.concept_weight = 0.0\ngrid.training.seed = [2, 3]\n";

}  // namespace conceptune::experiment
