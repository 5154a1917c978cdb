// The English tagging pipeline on one thread, with and without the parser, beside spaCy on the same texts.
//
// usage: build/bench_tag [CORPUS] [--english-pipeline FOLDER] [--documents N] [--rounds N] [--peer PYTHON]
// CORPUS is plain lines or JSON lines with key "text". PYTHON is an interpreter with spaCy 3.8 and
// en_core_web_sm; its tokens must be the same before anything is timed. Times are processor seconds of the
// fastest round. The last line is JSON: words_per_s (words are what white space separates) and, with a peer,
// ratio to spaCy's.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "bench/bench_program.h"
#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune {
namespace {

struct Arguments : bench::TextArguments {
  std::filesystem::path pipeline = "inputs/en_core_web_sm";
  std::size_t documents = 200;
};

std::int64_t count_words(const std::vector<std::string>& texts) {
  std::int64_t words = 0;
  for (const std::string& text : texts) {
    std::istringstream stream(text);
    for (std::string word; stream >> word;) ++words;
  }
  return words;
}

struct Measured {
  double seconds;
  std::string digest;
};

/// What bench/peers/spacy_tag.py says about the full or the short pipeline.
Measured measured_by_peer(const Json& report, const char* key) {
  return {report.at(key).at("seconds"), report.at(key).at("digest")};
}

/// A pipeline that has seen nothing yet takes all texts `rounds` times.
Measured measure(const Arguments& arguments, const std::vector<std::string>& texts, bool parse) {
  const auto pipeline = words::EnglishPipeline::load(arguments.pipeline);
  Measured result{1e9, {}};
  std::vector<std::vector<words::TaggedToken>> documents(texts.size());
  for (int round = 0; round < arguments.rounds; ++round) {
    const double begun = bench::processor_seconds();
    for (std::size_t i = 0; i < texts.size(); ++i) documents[i] = pipeline->annotate(texts[i], parse);
    result.seconds = std::min(result.seconds, bench::processor_seconds() - begun);
  }
  Sha256 digest;
  for (const auto& tokens : documents)
    for (const auto& t : tokens)
      digest.update(fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", t.text, t.begin, t.tag, name_of(t.pos),
                                t.dependency, t.head));
  result.digest = digest.hex();
  return result;
}

void run(const Arguments& arguments) {
  const auto texts = bench::read_texts(arguments.corpus, arguments.documents);
  const auto words = static_cast<double>(count_words(texts));
  Json report = {{"documents", texts.size()}, {"words", words}};
  Json peer;
  if (!arguments.peer.empty())
    peer = bench::run_peer(fmt::format("'{}' bench/peers/spacy_tag.py '{}' {} {}", arguments.peer.string(),
                                       arguments.corpus.string(), arguments.documents, arguments.rounds));
  for (const bool parse : {true, false}) {
    const char* key = parse ? "full" : "short";
    const Measured ours = measure(arguments, texts, parse);
    report[key]["words_per_s"] = words / ours.seconds;
    fmt::print("{:<6}{:>10.0f} words/s", key, words / ours.seconds);
    if (!peer.is_null()) {
      const Measured theirs = measured_by_peer(peer, key);
      if (theirs.digest != ours.digest) throw InputError("comparing with spaCy", key, "the tokens differ");
      report[key]["peer_words_per_s"] = words / theirs.seconds;
      report[key]["ratio"] = theirs.seconds / ours.seconds;
      fmt::print(", spaCy {:.0f}: {:.1f} times as many", words / theirs.seconds,
                 theirs.seconds / ours.seconds);
    }
    fmt::print("\n");
  }
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Times the English tagging pipeline"};
  arguments.add_to(program);
  program.add_option("--english-pipeline", arguments.pipeline, "Model folder")->capture_default_str();
  program.add_option("--documents", arguments.documents, "Texts to take from the corpus")
      ->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&arguments] { conceptune::run(arguments); });
}
