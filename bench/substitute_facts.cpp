// What the continuation source can know of every word of its pools in place of a benchmark's targets, and
// how many people accept it: what bench/studies/fit_substitutes.py fits the source's weights to.
//
// usage: build/substitute_facts BENCHMARK [--model FILE] [--english-pipeline FOLDER] [--pool POOL] [--words
// N] [--following N] [--depth N] One JSON object a target on stdout. Targets are those of conceptune
// eval-sources; with --after LINES the first so many of them are passed over, so that a run that was stopped
// goes on behind the lines that it has written.
#include <iostream>

#include "bench/bench_program.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/evaluation/benchmark_lemma.h"
#include "conceptune/evaluation/source_evaluation.h"

namespace conceptune {
namespace {

struct Arguments {
  std::filesystem::path benchmark, model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
  std::filesystem::path pipeline = "inputs/en_core_web_sm";
  std::size_t after = 0;
  concepts::AnnotateOptions options;
};

Json json_of(const concepts::JudgedWord& judged, const std::string& lemma) {
  const auto& facts = judged.facts;
  return {{"text", judged.word.text},
          {"lemma", lemma},
          {"tokens", judged.word.ids.size()},
          {"steps", facts.steps},
          {"sense", facts.sense},
          {"first_association", facts.first_association},
          {"word", facts.word},
          {"following", facts.following},
          {"likeness", facts.likeness},
          {"association", facts.association}};
}

void run(const Arguments& arguments) {
  const auto& options = arguments.options;
  const generation::LanguageModel model(arguments.model);
  const auto models = concepts::load_annotation_models(model, arguments.pipeline, options);
  const auto wordnet = concepts::WordNet::load(options.wordnet.folder);
  const auto benchmark = evaluation::read_substitution_benchmark(arguments.benchmark);
  auto prepared = evaluation::prepare_targets(benchmark, options, models, *wordnet);
  const concepts::ContinuationSource source(models.model, wordnet, options.wordnet, options.continuation, 1);
  const auto candidates = concepts::make_candidate_source(options, models);
  auto draft = prepared.drafts.begin();
  for (std::size_t t = 0; t < prepared.targets.size(); ++t) {
    const bool has_draft = draft != prepared.drafts.end() &&
                           prepared.drafted[static_cast<std::size_t>(draft - prepared.drafts.begin())] == t;
    const auto current = has_draft ? draft++ : prepared.drafts.end();
    if (t < arguments.after) continue;
    const auto& target = prepared.targets[t];
    const auto pos = *words::part_of_speech_named(target.pos);
    Json line = target.to_json();
    line["lemma"] = evaluation::benchmark_lemma(*wordnet, target.word, pos);
    line["considered"] = Json::array();
    if (has_draft) {
      if (candidates) candidates->find({&*current, 1}, {});
      if (const auto judged = source.judge({&*current, 1}, {}).front().front())
        for (const auto& one : *judged)
          line["considered"].push_back(
              json_of(one, evaluation::benchmark_lemma(*wordnet, one.word.text, pos)));
    }
    std::cout << to_json_text(line) << std::endl;  // whole lines, so that a run that is stopped can go on
  }
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  CLI::App program{"Facts of substitutes that the continuation source considers"};
  conceptune::Arguments arguments;
  arguments.options.source = conceptune::concepts::SourceKind::continuation;
  arguments.options.continuation.shortlist = 0;
  arguments.options.type = conceptune::model::DataType::bfloat16;
  std::vector<std::string> settings;
  program.add_option("benchmark", arguments.benchmark, "Lexical substitutions in the JSON format of SWORDS")
      ->required();
  program.add_option("--model", arguments.model, "Model file or folder")->capture_default_str();
  program.add_option("--english-pipeline", arguments.pipeline, "Folder of en_core_web_sm")
      ->capture_default_str();
  program.add_option("--after", arguments.after, "Targets to pass over");
  program.add_option("--pool", arguments.options.continuation.pool, "Pool")
      ->transform(conceptune::bench::named_values<conceptune::concepts::SubstitutePool>());
  program.add_option("--words", arguments.options.continuation.words, "Words to judge at most");
  program.add_option("--following", arguments.options.continuation.following, "Tokens behind the word");
  program.add_option("--depth", arguments.options.wordnet.depth, "Steps of a relation to follow");
  return conceptune::bench::run_program(program, argc, argv, [&] { run(arguments); });
}
