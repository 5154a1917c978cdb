// What benchmark programs share: texts to work on, processor time, a peer to compare with, and how they end.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::bench {

/// Seconds that all threads of this process have computed so far.
double processor_seconds();

/// Wall time of the fastest of so many rounds.
double best_seconds(int rounds, const std::function<void()>& work);

/// Of at least one value; of an even number the mean of the middle two.
double median(std::vector<double> values);

/// The first `limit` documents of a corpus (formats: corpus/documents.h, by the file's name).
std::vector<std::string> read_texts(const std::filesystem::path& corpus,
                                    std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Options of a benchmark that works on texts.
struct TextArguments {
  std::filesystem::path corpus = "inputs/lee_background.cor";
  std::filesystem::path peer;  ///< Python to compare with; none if empty
  int rounds = 5;              ///< of which the fastest counts

  void add_to(CLI::App& program);
};

/// Lets an option take an enum's values by their names.
template <class E>
CLI::CheckedTransformer named_values() {
  return CLI::CheckedTransformer(
      std::map<std::string, E>(std::begin(enum_names<E>), std::end(enum_names<E>)));
}

/// Runs a shell command and returns the JSON it printed; throws SystemError when it fails.
Json run_peer(const std::string& command);

/// Parses the command line, then calls `run`; tells an exception on stderr. Returns the exit code.
int run_program(CLI::App& program, int argc, char** argv, const std::function<void()>& run);

}  // namespace conceptune::bench
