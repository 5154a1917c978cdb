// The readers of untrusted files as functions of bytes: what the fuzzers call and the replay test repeats.
#pragma once

#include <cstddef>
#include <span>

#include "conceptune/base/error.h"

namespace conceptune::fuzz {

/// Reads bytes of one format as deeply as a model's loading would. True when they are accepted, false when
/// they are refused with InputError; anything else is a finding.
using Target = bool (*)(std::span<const std::byte>);

/// Runs a reader as a Target does.
template <class Read>
bool accepted(Read read) {
  try {
    read();
    return true;
  } catch (const InputError&) {
    return false;
  }
}

bool read_safetensors(std::span<const std::byte> bytes);
bool read_gguf_weights(std::span<const std::byte> bytes);
bool read_model_config(std::span<const std::byte> bytes);
bool read_adapter(std::span<const std::byte> bytes);
bool read_server_reply(std::span<const std::byte> bytes);
bool read_tokenizer_json(std::span<const std::byte> bytes);
bool read_gguf_tokenizer(std::span<const std::byte> bytes);
bool read_chat_template(std::span<const std::byte> bytes);
/// JSON lines, and arrays, of a corpus.
bool read_corpus_json(std::span<const std::byte> bytes);
/// Tables of a corpus, as CSV; as both kinds of TSV too, for what they do.
bool read_corpus_table(std::span<const std::byte> bytes);
bool read_pair_benchmark(std::span<const std::byte> bytes);
/// Multiple choice: accepted where one of the tasks accepts it.
bool read_choice_file(std::span<const std::byte> bytes);
/// Compressed streams, as far as some megabytes.
bool read_compressed(std::span<const std::byte> bytes);
bool read_wordnet(std::span<const std::byte> bytes);
/// One file of the English pipeline: accepted where one of its readers accepts it.
bool read_pipeline_file(std::span<const std::byte> bytes);
/// Settings, network and transitions of the tagger or the parser, form feeds between them.
bool read_pipeline_folder(std::span<const std::byte> bytes);
/// A card and records, a form feed between them.
bool read_concept_dataset(std::span<const std::byte> bytes);
bool read_concept_table(std::span<const std::byte> bytes);
bool read_results(std::span<const std::byte> bytes);
bool read_item_file(std::span<const std::byte> bytes);
/// The manifest that checkpoints, datasets and other products are checked with, and a file of its folder.
bool read_manifest(std::span<const std::byte> bytes);
bool read_config(std::span<const std::byte> bytes);

}  // namespace conceptune::fuzz
