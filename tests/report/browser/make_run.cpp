// Writes a made-up run of the paper's design and its report. usage: make_report_run FOLDER
#include <cstdio>
#include <exception>

#include "conceptune/report/report.h"
#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

/// What a whole run has besides: losses, examples, samples, questions, stages, and texts that try to break
/// out.
experiment::Results results_of_a_run() {
  auto results = paper_like_results({"SmolLM2-135M", "SmolLM2-360M-with-a-long-name"}, 2, "prompt");
  const auto sample = sample_results();
  results.losses = sample.losses;
  results.examples = sample.examples;
  auto& first = results.evaluations[0].results;
  first.answers = {sample_answer(0.05, 0.0001), sample_answer(0.002, 0.6), sample_answer(-0.05, 0.001)};
  first.answers[2].contrast.question = "Does </script><script>window.broken = 1</script> break out?";
  first.samples = {
      {"C4", "id", "The <b>cat</b>", "sat on the mat.", {{"base", "ran & ran"}, {"λ 1", "slept"}}}};
  return results;
}

void write_run(const char* folder) {
  experiment::RunStore store(folder, experiment::RunStore::Access::read_write);
  store.replace_results(results_of_a_run());
  store.set_fact("title", "The paper's design, <made up>");
  store.set_fact("config", "name = \"made up\"\n# " + std::string(300, 'x') + "\n");
  store.set_fact("conceptune", "0.1.0");
  store.add_stage_run({"train", "k", "concepts, C4, λ 0.5, seed 1", 61.25, "done", "2026-01-01 00:00:00"});
  write_report(store);
}

}  // namespace
}  // namespace conceptune::report

int main(int count, char** words) {
  try {
    if (count == 2) conceptune::report::write_run(words[1]);
    return count == 2 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
