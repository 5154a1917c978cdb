// Tokenizing with character offsets on one thread, beside Hugging Face tokenizers on the same texts.
//
// usage: build/bench_tokenizer [CORPUS] [--model FILE.gguf] [--rounds N] [--peer PYTHON]
// CORPUS is plain lines or JSON lines with key "text". PYTHON is an interpreter with tokenizers and gguf; its
// ids must be the same before anything is timed. Times are processor seconds of the fastest round. The last
// line is JSON: mb_per_s (10^6 bytes of UTF-8) and, with a peer, its figure and the ratio.
#include <fmt/format.h>

#include <algorithm>

#include "bench/bench_program.h"
#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune {
namespace {

struct Arguments : bench::TextArguments {
  std::filesystem::path model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
};

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
    const double begun = bench::processor_seconds();
    for (const auto& text : texts) tokenizer.encode(text);
    fastest = std::min(fastest, bench::processor_seconds() - begun);
  }
  return fastest;
}

void run(const Arguments& arguments) {
  const auto texts = bench::read_texts(arguments.corpus);
  const double begun = bench::processor_seconds();
  const auto tokenizer = tokenizer::Tokenizer::load(arguments.model);
  Json report = {{"load_s", bench::processor_seconds() - begun}};
  Json peer;
  if (!arguments.peer.empty()) {
    peer =
        bench::run_peer(fmt::format("'{}' bench/peers/hf_tokenizers.py '{}' '{}' {}", arguments.peer.string(),
                                    arguments.model.string(), arguments.corpus.string(), arguments.rounds));
    if (peer.at("digest") != digest_of(*tokenizer, texts))
      throw InputError("comparing with tokenizers", arguments.model.string(), "the ids differ");
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
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Tokenizing on one thread, beside Hugging Face tokenizers"};
  arguments.add_to(program);
  program.add_option("--model", arguments.model, "GGUF file with the tokenizer")->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&arguments] { conceptune::run(arguments); });
}
