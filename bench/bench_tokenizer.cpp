// Tokenizing with character offsets on one thread, beside Hugging Face tokenizers on the same texts.
//
// usage: build/bench_tokenizer CORPUS.jsonl[.gz] [--model FILE.gguf] [--rounds N] [--peer PYTHON]
// PYTHON is an interpreter with tokenizers and gguf; its ids must be the same before anything is timed. Times
// are processor seconds of the fastest round. The last line is JSON: mb_per_s (10^6 bytes of UTF-8) and, with
// a peer, its figure and the ratio.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/json.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune {
namespace {

struct Arguments {
  std::filesystem::path corpus, model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf", peer;
  int rounds = 5;
};

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::vector<std::string> read_texts(const std::filesystem::path& corpus) {
  std::vector<std::string> texts;
  LineReader lines(corpus, "reading texts");
  for (std::string line; lines.next(line);)
    texts.push_back(parse_json(line, "reading texts", lines.where()).at("text").get<std::string>());
  return texts;
}

std::string digest_of(const tokenizer::Tokenizer& tokenizer, const std::vector<std::string>& texts) {
  Sha256 digest;
  for (const auto& text : texts) {
    for (const auto id : tokenizer.encode_ids(text)) digest.update(fmt::format("{} ", id));
    digest.update("\n");
  }
  return digest.hex();
}

/// Processor seconds of the fastest round.
double time_encoding(const tokenizer::Tokenizer& tokenizer, const std::vector<std::string>& texts,
                     int rounds) {
  double fastest = 1e30;
  for (int round = 0; round < rounds; ++round) {
    const double begun = processor_seconds();
    for (const auto& text : texts) tokenizer.encode(text);
    fastest = std::min(fastest, processor_seconds() - begun);
  }
  return fastest;
}

/// The JSON line of bench/peers/hf_tokenizers.py.
Json run_peer(const Arguments& arguments) {
  const auto command = fmt::format("'{}' bench/peers/hf_tokenizers.py '{}' '{}' {}", arguments.peer.string(),
                                   arguments.model.string(), arguments.corpus.string(), arguments.rounds);
  std::FILE* output = ::popen(command.c_str(), "r");
  if (!output) throw SystemError("running the peer", command, errno);
  std::string text;
  for (char buffer[4096]; std::fgets(buffer, sizeof buffer, output);) text += buffer;
  if (::pclose(output) != 0) throw SystemError("running the peer", command, "it failed");
  return parse_json(text, "reading the peer's report", command);
}

int run(const Arguments& arguments) {
  const auto texts = read_texts(arguments.corpus);
  const double begun = processor_seconds();
  const auto tokenizer = tokenizer::Tokenizer::load(arguments.model);
  Json report = {{"load_s", processor_seconds() - begun}};
  Json peer;
  if (!arguments.peer.empty()) {
    peer = run_peer(arguments);
    if (peer.at("digest") != digest_of(*tokenizer, texts)) {
      fmt::print(stderr, "bench_tokenizer: the ids differ from the peer's\n");
      return 1;
    }
  }
  std::size_t bytes = 0;
  for (const auto& text : texts) bytes += text.size();
  const double seconds = time_encoding(*tokenizer, texts, arguments.rounds);
  report["mb_per_s"] = 1e-6 * static_cast<double>(bytes) / seconds;
  if (!peer.is_null()) {
    const double peer_seconds = peer.at("seconds");
    report["peer"] = peer.at("name");
    report["peer_mb_per_s"] = 1e-6 * static_cast<double>(bytes) / peer_seconds;
    report["ratio"] = peer_seconds / seconds;
  }
  fmt::print("{}\n", to_json_text(report));
  return 0;
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Tokenizing on one thread, beside Hugging Face tokenizers"};
  program.add_option("corpus", arguments.corpus, "JSON lines with key 'text'")->required();
  program.add_option("--model", arguments.model, "GGUF file with the tokenizer")->capture_default_str();
  program.add_option("--rounds", arguments.rounds, "Rounds, of which the fastest counts")
      ->capture_default_str();
  program.add_option("--peer", arguments.peer, "Python with tokenizers and gguf");
  CLI11_PARSE(program, argc, argv);
  try {
    return conceptune::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_tokenizer: {}\n", error.what());
    return 1;
  }
}
