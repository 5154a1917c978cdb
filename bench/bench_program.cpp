#include "bench/bench_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "conceptune/base/error.h"
#include "conceptune/corpus/documents.h"

namespace conceptune::bench {

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double best_seconds(int rounds, const std::function<void()>& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  return best;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<std::string> read_texts(const std::filesystem::path& corpus, std::size_t limit) {
  std::vector<std::string> texts;
  const auto documents = corpus::open_documents(corpus, corpus::DocumentFormat::automatic, "text");
  for (std::string text; texts.size() < limit && documents->next(text);) texts.push_back(text);
  return texts;
}

void TextArguments::add_to(CLI::App& program) {
  program.add_option("corpus", corpus, "Texts: lines, or JSON lines with key 'text'")->capture_default_str();
  program.add_option("--rounds", rounds, "Rounds, of which the fastest counts")->capture_default_str();
  program.add_option("--peer", peer, "Python with the peer's packages, to compare with");
}

Json run_peer(const std::string& command) {
  std::FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) throw SystemError("running the peer", command, errno);
  std::string text;
  for (char buffer[4096]; std::fgets(buffer, sizeof buffer, output) != nullptr;) text += buffer;
  if (::pclose(output) != 0) throw SystemError("running the peer", command, "it failed");
  return parse_json(text, "reading the peer's report", command);
}

int run_program(CLI::App& program, int argc, char** argv, const std::function<void()>& run) {
  CLI11_PARSE(program, argc, argv);
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", std::filesystem::path(argv[0]).filename().string(), error.what());
    return exit_code_of(error);
  }
}

}  // namespace conceptune::bench
