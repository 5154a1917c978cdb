// The short name of a corpus, which its held-out passages have among an evaluation's benchmarks.
#pragma once

#include <filesystem>
#include <string>

namespace conceptune::experiment {

/// The file's name up to its first dot: "c4" for data/c4.jsonl.gz.
inline std::string corpus_label(const std::filesystem::path& first_file) {
  const std::string name = first_file.filename().string();
  return name.substr(0, name.find('.'));
}

}  // namespace conceptune::experiment
