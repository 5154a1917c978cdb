// A language model as it lies on disk: what it is known by, its tokenizer, and its weights ready to run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "conceptune/base/hash.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/model_config.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::model {
class Decoder;
}

namespace conceptune::generation {

/// A handle: copies stand for the same model. Each part is read when it is first asked for, and once; the
/// weights' file is not held open. Not for several threads before its parts are there.
class LanguageModel {
 public:
  /// A GGUF file or a Hugging Face folder, to be run with `options`. Reads nothing.
  explicit LanguageModel(std::filesystem::path path, model::DecoderOptions options = {},
                         weights::FileHash hash_of_file = sha256_of_file);
  /// Of parts that are there, e.g. made up in memory.
  LanguageModel(std::string path, std::string hash, std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                std::shared_ptr<const model::Decoder> decoder);

  /// The same model run with other options: all but the decoder is shared, and that too where they are equal.
  LanguageModel with(const model::DecoderOptions& options) const;

  const std::filesystem::path& path() const;
  const model::DecoderOptions& options() const { return options_; }

  /// These throw InputError, naming the file, for one that is missing, damaged or not understood.
  const weights::ModelConfig& config() const;
  /// WeightStore::hash().
  const std::string& hash() const;
  const std::shared_ptr<const tokenizer::Tokenizer>& tokenizer() const;
  const model::Decoder& decoder() const;

  /// Frees the decoder, of copies too; asked for again it is loaded again.
  void unload();

 private:
  struct Files;
  struct Loaded;

  std::shared_ptr<Files> files_;
  model::DecoderOptions options_;
  std::shared_ptr<Loaded> loaded_;
};

}  // namespace conceptune::generation
