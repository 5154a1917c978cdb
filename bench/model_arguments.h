// Options of benchmarks that run a model on texts.
#pragma once

#include "bench/bench_program.h"
#include "conceptune/runtime/model/decoder_weights.h"

namespace conceptune::bench {

struct ModelArguments : TextArguments {
  std::filesystem::path model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf";
  model::DecoderOptions decoder;

  ModelArguments() { rounds = 2; }

  void add_to(CLI::App& program) {
    TextArguments::add_to(program);
    program.add_option("--model", model, "GGUF file")->capture_default_str();
    program.add_option("--type", decoder.type, "Number type of matrix products")
        ->transform(named_values<model::DataType>());
  }
};

}  // namespace conceptune::bench
