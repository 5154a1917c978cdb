// One evaluation of a base model and two adapters, beside transformers and peft doing the same.
//
// usage: build/bench_evaluation [CORPUS] [--benchmark FILE]... [--pairs N] [--passages N] [--peer PYTHON]
// Measured: the similarity of the first N pairs of each benchmark in the in-text convention; perplexity,
// accuracy and concept mass on passages of the corpus (of 50 to 2,000 characters; every third token counts as
// a content word with five synonyms, about as many as WordNet gives); and the geometry of one concept a
// passage (paper section 5.1). Both sides get the same token ids and float32; loading, tokenizing and the
// bootstrap are left out. The peer takes padded batches of its fastest size, on as many threads: in the order
// given, as a plain script does, and sorted by length. For the geometry it runs each variation up to its
// word, no further. Values must agree before a ratio is given. The last line is JSON.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <map>

#include "bench/bench_program.h"
#include "conceptune/base/error.h"
#include "conceptune/base/random.h"
#include "conceptune/evaluation/concept_variations.h"
#include "conceptune/evaluation/evaluate.h"
#include "conceptune/evaluation/similarity.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune {
namespace {

struct Arguments {
  std::filesystem::path corpus = "inputs/lee_background.cor";
  std::filesystem::path peer;  // Python to compare with; none if empty
  std::filesystem::path model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
  std::vector<std::filesystem::path> benchmarks = {"inputs/simlex999.txt", "inputs/wordsim353.tsv"};
  std::int64_t pairs = 40;
  std::int64_t passages = 40;
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "conceptune-bench-evaluation";
};

constexpr const char* kAdapters[] = {"adapter-1", "adapter-2"};
/// Relative bound on perplexities, absolute on the others.
constexpr double kPerplexityTolerance = 1e-3, kTolerance = 1e-3;

/// Added to a word's token id they give its synonyms'.
constexpr std::int32_t kSynonymSteps[] = {7, 1000, 2000, 3000, 4000};

/// An adapter as after some training: small random values in B.
std::shared_ptr<model::LoraAdapter> made_up_adapter(const weights::ModelConfig& config, std::uint64_t seed) {
  auto adapter = std::make_shared<model::LoraAdapter>(config, model::LoraOptions(), seed);
  Random random(seed, "B");
  for (const auto& [name, matrix] : adapter->parameters()) {
    if (name.find("lora_B") == std::string::npos) continue;
    std::generate_n(matrix.values(), matrix.size(),
                    [&] { return static_cast<float>(0.02 * random.normal()); });
  }
  return adapter;
}

evaluation::PassageSet make_passages(const Arguments& arguments, const tokenizer::Tokenizer& tokenizer) {
  evaluation::PassageSet set{"passages", arguments.corpus.string(), {}, {}};
  const auto modulus = static_cast<std::int32_t>(tokenizer.size());
  for (const auto& text : bench::read_texts(arguments.corpus)) {
    if (std::cmp_equal(set.records.size(), arguments.passages)) break;
    if (text.size() <= 50 || text.size() >= 2000) continue;
    concepts::ConceptRecord record;
    record.id = fmt::format("{}", set.records.size());
    record.ids = tokenizer.encode_ids(text);
    for (std::uint32_t t = 3; t < record.ids.size(); t += 3) {
      auto& word = record.words.emplace_back();
      word.position = t;
      for (const std::int32_t step : kSynonymSteps)
        word.synonyms.push_back({{(record.ids[t] + step) % modulus}, "", 1});
    }
    set.records.push_back(std::move(record));
  }
  if (set.records.empty()) throw InputError("benchmark", arguments.corpus.string(), "no passage fits");
  return set;
}

Json pair_work(const evaluation::EvaluationTask& task, const evaluation::TextEncoder& encoder,
               std::int64_t limit) {
  Json work = Json::object();
  for (const auto& benchmark : task.benchmarks) {
    const auto encoded =
        evaluation::encode_pairs(benchmark, encoder, task.model.config().context_length, limit);
    Json& entry = work[benchmark.name];
    entry = {{"texts", encoded.texts}, {"pairs", Json::array()}};
    for (const auto& pair : encoded.pairs)
      entry["pairs"].push_back({pair.first, pair.second, benchmark.pairs[pair.source].score});
  }
  return work;
}

/// What the peer is given: token ids, scores, and where the adapters lie.
void write_work(const std::filesystem::path& path, const evaluation::EvaluationTask& task,
                const evaluation::EvaluationOptions& options, const Arguments& arguments) {
  const evaluation::TextEncoder encoder(options.convention, *task.model.tokenizer());
  Json work = {{"model", std::filesystem::absolute(arguments.model).string()},
               {"threads", model::threads()},
               {"unpooled", encoder.unpooled_tokens()},
               {"adapters", Json::object()},
               {"benchmarks", pair_work(task, encoder, options.limit)},
               {"passages", Json::array()},
               {"variations", Json::array()}};
  for (const auto& adapter : task.adapters) work["adapters"][adapter.name] = adapter.path;
  const auto prepared =
      evaluation::prepare_passages(task.passages.front().records, task.model.tokenizer()->begin_token(),
                                   task.model.config().context_length, 0);
  for (const auto& passage : prepared.passages) {
    Json words = Json::array();
    for (const auto& word : passage.words) words.push_back({word.token, word.concept_ids});
    work["passages"].push_back({{"ids", passage.ids}, {"words", words}});
  }
  for (const auto& variation : evaluation::draw_variations(prepared, options.bootstrap.seed))
    work["variations"].push_back({variation.passage, variation.token, variation.variants});
  std::ofstream(path) << to_json_text(work);
}

/// Throws where the peer's values are others than ours. Returns how many were compared.
int compare_values(const evaluation::Results& ours, const Json& theirs) {
  int compared = 0;
  for (const auto& [subject, benchmarks] : theirs.items())
    for (const auto& [benchmark, metrics] : benchmarks.items())
      for (const auto& [metric, value] : metrics.items()) {
        const auto* mine = ours.find(subject, benchmark, metric);
        const std::string name = fmt::format("{} {} {}", subject, benchmark, metric);
        if (!mine || !mine->value.value) throw InputError("comparing with the peer", name, "not measured");
        const double expected = value.get<double>();
        const double bound = metric.ends_with("perplexity") ? kPerplexityTolerance * expected : kTolerance;
        if (std::abs(*mine->value.value - expected) > bound)
          throw InputError("comparing with the peer", name,
                           fmt::format("{} here, {} there", *mine->value.value, expected));
        ++compared;
      }
  return compared;
}

std::vector<evaluation::EvaluatedAdapter> make_adapters(const Arguments& arguments,
                                                        const weights::ModelConfig& config) {
  std::vector<evaluation::EvaluatedAdapter> adapters;
  for (const char* name : kAdapters) {
    const auto folder = arguments.folder / name;
    model::save_adapter(folder, *made_up_adapter(config, 1 + adapters.size()), config.name, "");
    adapters.push_back(evaluation::load_evaluated_adapter(folder, config));
  }
  return adapters;
}

/// The evaluation in its two parts, timed.
struct TimedEvaluation {
  evaluation::Results similarity, passages;
  double similarity_seconds = 0, passage_seconds = 0;
};

TimedEvaluation evaluate_in_parts(const evaluation::EvaluationTask& task,
                                  const evaluation::EvaluationOptions& options) {
  const auto timed = [&](const evaluation::EvaluationTask& part, double& seconds) {
    const auto begun = std::chrono::steady_clock::now();
    auto results = evaluation::evaluate(part, options);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return results;
  };
  TimedEvaluation timed_evaluation;
  evaluation::EvaluationTask similarity = task, passages = task;
  similarity.passages.clear();
  passages.benchmarks.clear();
  timed_evaluation.similarity = timed(similarity, timed_evaluation.similarity_seconds);
  timed_evaluation.passages = timed(passages, timed_evaluation.passage_seconds);
  return timed_evaluation;
}

/// The peer's seconds beside ours, by its order of texts and part of the evaluation.
void add_ratios(const Json& peer, Json& report) {
  const auto ours = report.at("seconds").get<std::map<std::string, double>>();
  for (const std::string order : {"given", "by_length"}) {
    Json& entry = report["peer"][order];
    entry = peer.at("orders").at(order);
    const auto seconds = entry.at("seconds").get<std::map<std::string, double>>();
    const double similarity = seconds.at("similarity");
    const double passages = seconds.at("next_token") + seconds.at("geometry");
    const std::map<std::string, double> ratios = {{"similarity", similarity / ours.at("similarity")},
                                                  {"passages", passages / ours.at("passages")},
                                                  {"all", (similarity + passages) / ours.at("all")}};
    entry["ratios"] = ratios;
    fmt::print(
        "transformers and peft, texts {}: similarity {:.2f} times as long, passages {:.2f}, all {:.2f}\n",
        order, ratios.at("similarity"), ratios.at("passages"), ratios.at("all"));
  }
}

void run(const Arguments& arguments) {
  const generation::LanguageModel model(arguments.model);
  model.decoder();  // not in the times
  evaluation::EvaluationTask task{.model = model,
                                  .adapters = make_adapters(arguments, model.config()),
                                  .benchmarks = {},
                                  .passages = {make_passages(arguments, *model.tokenizer())},
                                  .item_folder = {}};
  for (const auto& path : arguments.benchmarks)
    task.benchmarks.push_back(evaluation::read_pair_benchmark(path));
  evaluation::EvaluationOptions options;
  options.paper_convention = false;
  options.geometry = true;
  options.limit = arguments.pairs;
  options.generation.passages = 0;
  options.bootstrap.samples = 1;

  const TimedEvaluation ours = evaluate_in_parts(task, options);
  const double all = ours.similarity_seconds + ours.passage_seconds;
  Json report = {
      {"pairs_each", arguments.pairs},
      {"passages", task.passages.front().records.size()},
      {"threads", model::threads()},
      {"seconds",
       {{"similarity", ours.similarity_seconds}, {"passages", ours.passage_seconds}, {"all", all}}}};
  fmt::print("base and two adapters: similarity {:.2f} s, passages {:.2f} s\n", ours.similarity_seconds,
             ours.passage_seconds);
  if (!arguments.peer.empty()) {
    write_work(arguments.folder / "work.json", task, options, arguments);
    const Json peer =
        bench::run_peer(fmt::format("{} bench/peers/hf_evaluation.py {}", arguments.peer.string(),
                                    (arguments.folder / "work.json").string()));
    report["values_compared"] = compare_values(ours.similarity, peer.at("values").at("similarity")) +
                                compare_values(ours.passages, peer.at("values").at("passages"));
    fmt::print("{} values agree\n", report["values_compared"].get<int>());
    add_ratios(peer, report);
  }
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Times an evaluation of a base model and two adapters"};
  program.add_option("corpus", arguments.corpus, "Texts: lines, or JSON lines with key 'text'")
      ->capture_default_str();
  program.add_option("--peer", arguments.peer, "Python with transformers and peft, to compare with");
  program.add_option("--model", arguments.model, "GGUF file")->capture_default_str();
  program.add_option("--benchmark", arguments.benchmarks, "Files of text pairs")->capture_default_str();
  program.add_option("--pairs", arguments.pairs, "Pairs of each benchmark, 0 for all")->capture_default_str();
  program.add_option("--passages", arguments.passages, "Passages")->capture_default_str();
  program.add_option("--folder", arguments.folder, "Where adapters and the peer's work are put")
      ->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&] { conceptune::run(arguments); });
}
