#include "conceptune/runtime/generation/language_model.h"

#include <optional>
#include <utility>

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

/// What is the same however the model is run; empty until asked for.
struct LanguageModel::Files {
  std::filesystem::path path;
  weights::FileHash hash_of_file;
  std::optional<weights::ModelConfig> config = {};
  std::string hash = {};
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer = {};

  /// Notes the configuration, which the store knows once it is open.
  std::shared_ptr<const weights::WeightStore> open() {
    auto store = weights::WeightStore::open(path);
    if (!config) config = store->config();
    return store;
  }
};

struct LanguageModel::Loaded {
  std::shared_ptr<const model::Decoder> decoder;
};

LanguageModel::LanguageModel(std::filesystem::path path, model::DecoderOptions options,
                             weights::FileHash hash_of_file)
    : files_(std::make_shared<Files>(Files{std::move(path), std::move(hash_of_file)})),
      options_(std::move(options)),
      loaded_(std::make_shared<Loaded>()) {}

LanguageModel::LanguageModel(std::string path, std::string hash,
                             std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                             std::shared_ptr<const model::Decoder> decoder)
    : files_(std::make_shared<Files>(
          Files{std::move(path), {}, decoder->config(), std::move(hash), std::move(tokenizer)})),
      options_(decoder->options()),
      loaded_(std::make_shared<Loaded>(Loaded{std::move(decoder)})) {}

LanguageModel LanguageModel::with(const model::DecoderOptions& options) const {
  LanguageModel other = *this;
  if (options_to_json(options) == options_to_json(options_)) return other;
  other.options_ = options;
  other.loaded_ = std::make_shared<Loaded>();
  return other;
}

const std::filesystem::path& LanguageModel::path() const { return files_->path; }

const weights::ModelConfig& LanguageModel::config() const {
  if (!files_->config) files_->open();
  return *files_->config;
}

const std::string& LanguageModel::hash() const {
  if (files_->hash.empty()) files_->hash = files_->open()->hash(files_->hash_of_file);
  return files_->hash;
}

const std::shared_ptr<const tokenizer::Tokenizer>& LanguageModel::tokenizer() const {
  if (!files_->tokenizer) files_->tokenizer = tokenizer::Tokenizer::load(files_->path);
  return files_->tokenizer;
}

const model::Decoder& LanguageModel::decoder() const {
  if (!loaded_->decoder) loaded_->decoder = std::make_shared<model::Decoder>(files_->open(), options_);
  return *loaded_->decoder;
}

void LanguageModel::unload() { loaded_->decoder.reset(); }

}  // namespace conceptune::generation
