// The English tagging pipeline on one thread, with and without the parser, beside spaCy on the same texts.
//
// usage: build/bench_tag CORPUS.jsonl[.gz] [--pipeline FOLDER] [--documents N] [--rounds N] [--peer PYTHON]
// PYTHON is an interpreter with spaCy 3.8 and en_core_web_sm; its tokens must be the same before anything is
// timed. Times are processor seconds of the fastest round. The last line is JSON: words_per_s (words are what
// white space separates) and, with a peer, ratio to spaCy's.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <sstream>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/words/english_pipeline.h"

namespace conceptune {
namespace {

struct Arguments {
  std::filesystem::path corpus, pipeline = "inputs/en_core_web_sm", peer;
  int documents = 200;
  int rounds = 3;
};

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::vector<std::string> read_texts(const Arguments& arguments) {
  std::vector<std::string> texts;
  LineReader lines(arguments.corpus, "reading texts");
  for (std::string line; std::cmp_less(texts.size(), arguments.documents) && lines.next(line);)
    texts.push_back(parse_json(line, "reading texts", lines.where()).at("text").get<std::string>());
  return texts;
}

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

Json run_peer(const Arguments& arguments) {
  const auto command = fmt::format("{} bench/peers/spacy_tag.py {} {} {}", arguments.peer.string(),
                                   arguments.corpus.string(), arguments.documents, arguments.rounds);
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw SystemError("running the peer", command, "cannot start it");
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  if (::pclose(pipe) != 0) throw SystemError("running the peer", command, "it failed");
  return parse_json(output, "running the peer", command);
}

/// A pipeline that has seen nothing yet takes all texts `rounds` times.
Measured measure(const Arguments& arguments, const std::vector<std::string>& texts, bool parse) {
  const auto pipeline = words::EnglishPipeline::load(arguments.pipeline);
  Measured result{1e9, {}};
  std::vector<std::vector<words::TaggedToken>> documents(texts.size());
  for (int round = 0; round < arguments.rounds; ++round) {
    const double begun = processor_seconds();
    for (std::size_t i = 0; i < texts.size(); ++i) documents[i] = pipeline->annotate(texts[i], parse);
    result.seconds = std::min(result.seconds, processor_seconds() - begun);
  }
  Sha256 digest;
  for (const auto& tokens : documents)
    for (const auto& t : tokens)
      digest.update(fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", t.text, t.begin, t.tag, name_of(t.pos),
                                t.dependency, t.head));
  result.digest = digest.hex();
  return result;
}

int run(const Arguments& arguments) {
  const auto texts = read_texts(arguments);
  const auto words = static_cast<double>(count_words(texts));
  Json report = {{"documents", texts.size()}, {"words", words}};
  Json peer;
  if (!arguments.peer.empty()) peer = run_peer(arguments);
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
  return 0;
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Times the English tagging pipeline"};
  program.add_option("corpus", arguments.corpus, "JSON lines with key 'text'")->required();
  program.add_option("--pipeline", arguments.pipeline, "Model folder");
  program.add_option("--documents", arguments.documents, "Texts to take from the corpus");
  program.add_option("--rounds", arguments.rounds, "Rounds, of which the fastest counts");
  program.add_option("--peer", arguments.peer, "Python with spaCy, to compare with");
  CLI11_PARSE(program, argc, argv);
  try {
    return conceptune::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_tag: {}\n", error.what());
    return 1;
  }
}
