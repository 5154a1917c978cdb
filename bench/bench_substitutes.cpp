// What the continuation source's two looks save: a first look at all of a word's pool, the best of it run in
// the text, and what words share run once; beside every word of the pool run in the text, one content word at
// a time.
//
// usage: build/bench_substitutes [CORPUS] [--model FILE.gguf] [--type TYPE] [--english-pipeline FOLDER]
//                                [--passages N] [--rounds N]
// Content words of the first N documents of at most 800 characters, WordNet's pools. Every word on a
// shortlist must be judged alike both ways (in float32) before anything counts. The two ways take turns, a
// round each; the ratio is the median over rounds of processor seconds. The last line is JSON.
#include <fmt/format.h>

#include <algorithm>

#include "bench/model_arguments.h"
#include "conceptune/base/error.h"
#include "conceptune/concepts/continuation_source.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/words/content_words.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune {
namespace {

using concepts::ContinuationSource;
using concepts::Draft;
using Judged = std::vector<std::vector<ContinuationSource::Judged>>;

struct Arguments : bench::ModelArguments {
  std::filesystem::path pipeline = "inputs/en_core_web_sm";
  std::size_t passages = 2;
};

std::vector<Draft> make_drafts(const Arguments& arguments, const tokenizer::Tokenizer& tokenizer) {
  constexpr std::size_t kLongest = 800;
  const auto pipeline = words::EnglishPipeline::load(arguments.pipeline);
  std::vector<Draft> drafts;
  for (const auto& text : bench::read_texts(arguments.corpus)) {
    if (drafts.size() == arguments.passages) break;
    if (text.size() > kLongest) continue;
    const auto encoding = tokenizer.encode(text);
    Draft draft{{"", text, encoding.ids, {}}, {}};
    for (auto& word : words::find_content_words(text, encoding, *pipeline, {})) {
      draft.record.words.push_back({word.token, std::move(word.word), word.pos, {}, word.span});
      draft.tags.push_back(std::move(word.tag));
    }
    if (!draft.record.words.empty()) drafts.push_back(std::move(draft));
  }
  if (drafts.empty())
    throw InputError("reading passages", arguments.corpus.string(), "none of at most 800 characters");
  return drafts;
}

/// Each word as if it were the only one of its passage.
Judged judge_alone(const ContinuationSource& source, const std::vector<Draft>& drafts) {
  Judged judged;
  for (const auto& draft : drafts) {
    auto& of_draft = judged.emplace_back();
    for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
      Draft alone = draft;
      alone.record.words = {draft.record.words[i]};
      alone.tags = {draft.tags[i]};
      of_draft.push_back(std::move(source.judge({&alone, 1}, {}).front().front()));
    }
  }
  return judged;
}

/// How far the scores of the words on shortlists are from those that they have among all.
double difference(const Judged& listed, const Judged& all) {
  double most = 0;
  for (std::size_t d = 0; d < listed.size(); ++d)
    for (std::size_t i = 0; i < listed[d].size(); ++i) {
      if (!listed[d][i]) continue;
      for (const auto& one : *listed[d][i]) {
        const auto same =
            std::ranges::find(*all[d][i], one.word.text, [](const auto& other) { return other.word.text; });
        if (same == all[d][i]->end())
          throw InputError("comparing", one.word.text, "is on a shortlist, but not in the pool");
        const auto score = [](const concepts::JudgedWord& word) {
          return concepts::substitute_score(word.facts, concepts::SubstituteOrder::fitted);
        };
        most = std::max(most, std::abs(score(one) - score(*same)));
      }
    }
  return most;
}

double processor_seconds_of(const std::function<void()>& work) {
  const double begun = bench::processor_seconds();
  work();
  return bench::processor_seconds() - begun;
}

void run(const Arguments& arguments) {
  const generation::LanguageModel model(arguments.model, arguments.decoder);
  const auto drafts = make_drafts(arguments, *model.tokenizer());
  const auto wordnet = concepts::WordNet::load(concepts::WordNetOptions{}.folder);
  concepts::ContinuationOptions options;
  const ContinuationSource by_shortlist(model, wordnet, {}, options, 1);
  options.shortlist = 0;
  const ContinuationSource by_all(model, wordnet, {}, options, 1);
  double words = 0;
  for (const auto& draft : drafts) words += static_cast<double>(draft.record.words.size());
  std::vector<double> ratios;
  double seconds = 0;
  for (int round = 0; round < arguments.rounds; ++round) {
    Judged listed, all;
    const double of_all = processor_seconds_of([&] { all = judge_alone(by_all, drafts); });
    seconds = processor_seconds_of([&] { listed = by_shortlist.judge(drafts, {}); });
    const double apart = difference(listed, all);
    if (arguments.decoder.type == model::DataType::float32 && apart > 1e-3)
      throw InputError("comparing", "scores", fmt::format("differ by {}, expected 0.001 at most", apart));
    ratios.push_back(of_all / seconds);
  }
  const Json report = {
      {"type", name_of(arguments.decoder.type)},  {"threads", model::threads()},    {"words", words},
      {"words_per_processor_s", words / seconds}, {"ratio", bench::median(ratios)}, {"ratios", ratios}};
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"The continuation source, beside every word of a pool run in the text"};
  arguments.add_to(program);
  program.add_option("--english-pipeline", arguments.pipeline, "Folder of spaCy's en_core_web_sm")
      ->capture_default_str();
  program.add_option("--passages", arguments.passages, "Documents of the corpus")->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&arguments] { conceptune::run(arguments); });
}
