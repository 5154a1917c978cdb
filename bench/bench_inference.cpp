// Candidates and text embeddings of a model, beside transformers on the same token ids.
//
// usage: build/bench_inference [CORPUS] [--model FILE.gguf] [--words FILE] [--sentences FILE]
//                              [--type TYPE] [--passages N] [--rounds N] [--peer PYTHON]
// Measures, as wall time of the fastest round: the 200 most probable tokens at every position of the passages
// (cut at 256 tokens), and the mean-pooled embeddings of the different texts of two files of pairs. With a
// peer the values of the first texts must agree before anything counts; its figures are of its best batch
// size and number type. The last line is JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "bench/model_arguments.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/runtime/generation/text_embedding.h"
#include "conceptune/runtime/generation/top_k.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune {
namespace {

using Sequences = std::vector<std::vector<std::int32_t>>;

struct Arguments : bench::ModelArguments {
  std::filesystem::path words = "inputs/simlex999.txt", sentences = "inputs/wordsim353.tsv";
  std::size_t passages = 16;
};

struct Texts {
  Sequences candidates, words, sentences;
};

/// The first `limit` different texts of a file of pairs.
Sequences texts_of_pairs(const std::filesystem::path& file, const tokenizer::Tokenizer& tokenizer,
                         std::size_t limit) {
  Sequences sequences;
  std::set<std::string> seen;
  for (const auto& pair : evaluation::read_pair_benchmark(file).pairs)
    for (const auto& text : {pair.first, pair.second})
      if (sequences.size() < limit && seen.insert(text).second)
        sequences.push_back(tokenizer.encode_ids(text));
  return sequences;
}

Texts read_inputs(const Arguments& arguments) {
  constexpr std::size_t kLongest = 256, kMostTexts = 1000;
  const auto tokenizer = tokenizer::Tokenizer::load(arguments.model);
  Texts texts;
  for (const auto& text : bench::read_texts(arguments.corpus, arguments.passages)) {
    auto ids = tokenizer->encode_ids(text);
    ids.resize(std::min(ids.size(), kLongest));
    texts.candidates.push_back(std::move(ids));
  }
  texts.words = texts_of_pairs(arguments.words, *tokenizer, kMostTexts);
  texts.sentences = texts_of_pairs(arguments.sentences, *tokenizer, kMostTexts);
  return texts;
}

/// Runs passages packed, some thousand tokens at a time; the last batch's result.
generation::TopK find_candidates(const model::Decoder& decoder, const Sequences& passages, int k) {
  constexpr std::int64_t kTokensAtOnce = 2048;
  generation::TopK top;
  model::PackedBatch batch;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    batch.append(passages[i]);
    if (i + 1 < passages.size() &&
        batch.size() + static_cast<std::int64_t>(passages[i + 1].size()) <= kTokensAtOnce)
      continue;
    top = generation::top_k(decoder, decoder.forward(batch), k);
    batch = {};
  }
  return top;
}

/// Largest difference of a matrix's values from a list as long as it is.
double difference(const model::Matrix& matrix, const Json& expected) {
  const auto list = expected.get<std::vector<double>>();
  if (std::cmp_not_equal(list.size(), matrix.size()))
    throw Error(fmt::format("benchmark: {} values, the peer has {}", matrix.size(), list.size()));
  double largest = 0;
  for (std::size_t i = 0; i < list.size(); ++i)
    largest = std::max(largest, std::abs(matrix.values()[i] - list[i]));
  return largest;
}

/// Compares the first texts' values with the peer's; both are of float32.
Json check(const model::Decoder& decoder, const Texts& texts, const Json& expected) {
  constexpr double kLargest = 1e-3;  // of log-probabilities, and of the parts of vectors of length 1
  Json differences;
  differences["candidates"] =
      difference(find_candidates(decoder, {texts.candidates[0]}, 5).log_probs_PK, expected.at("candidates"));
  for (const auto& [name, sequences] : {std::pair{"words", &texts.words}, {"sentences", &texts.sentences}})
    differences[name] = difference(generation::embed_sequences(decoder, std::span(*sequences).first(1), 0),
                                   expected.at(name));
  for (const auto& [name, value] : differences.items())
    if (!(value.get<double>() < kLargest))
      throw InputError("comparing with transformers", name,
                       fmt::format("differ by {}, expected less than {}", value.get<double>(), kLargest));
  return differences;
}

Json peer_report(const Arguments& arguments, const Texts& texts) {
  const std::filesystem::path input = std::filesystem::temp_directory_path() / "bench_inference.json";
  const Json given = {{"threads", model::threads()},
                      {"rounds", arguments.rounds},
                      {"candidates", texts.candidates},
                      {"words", texts.words},
                      {"sentences", texts.sentences}};
  write_file_atomically(input, to_json_text(given));
  return bench::run_peer(fmt::format("'{}' bench/peers/hf_inference.py '{}' '{}'", arguments.peer.string(),
                                     arguments.model.string(), input.string()));
}

double rate_of(const char* task, const Texts& texts, double seconds) {
  if (std::string_view(task) != "candidates")
    return static_cast<double>((task == std::string_view("words") ? texts.words : texts.sentences).size()) /
           seconds;
  double tokens = 0;
  for (const auto& passage : texts.candidates) tokens += static_cast<double>(passage.size());
  return tokens / seconds;
}

void run(const Arguments& arguments) {
  const Texts texts = read_inputs(arguments);
  const auto store = weights::WeightStore::open(arguments.model);
  Json report = {{"type", name_of(arguments.decoder.type)}, {"threads", model::threads()}};
  Json peer;
  if (!arguments.peer.empty()) {
    peer = peer_report(arguments, texts);
    report["peer"] = peer.at("name");
    report["differences"] = check(model::Decoder(store), texts, peer.at("values"));
  }
  const model::Decoder decoder(store, arguments.decoder);
  const std::pair<const char*, std::function<void()>> tasks[] = {
      {"candidates", [&] { find_candidates(decoder, texts.candidates, 200); }},
      {"words", [&] { generation::embed_sequences(decoder, texts.words, 0); }},
      {"sentences", [&] { generation::embed_sequences(decoder, texts.sentences, 0); }}};
  for (const auto& [name, work] : tasks) {
    const double seconds = bench::best_seconds(arguments.rounds, work);
    Json of_task = {{"per_s", rate_of(name, texts, seconds)}};
    if (!peer.is_null()) {
      const double theirs = peer.at(name).at("seconds");
      of_task.update({{"peer_per_s", rate_of(name, texts, theirs)},
                      {"peer_batch", peer.at(name).at("batch")},
                      {"peer_type", peer.at(name).at("type")},
                      {"ratio", theirs / seconds},
                      {"ratio_by_length", peer.at(name).at("seconds_by_length").get<double>() / seconds}});
    }
    report[name] = of_task;
  }
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Candidates and text embeddings, beside transformers"};
  arguments.add_to(program);
  program.add_option("--words", arguments.words, "Pairs of words to embed")->capture_default_str();
  program.add_option("--sentences", arguments.sentences, "Pairs of texts to embed")->capture_default_str();
  program.add_option("--passages", arguments.passages, "Passages of the corpus")->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&arguments] { conceptune::run(arguments); });
}
