// From passages to a concept dataset: tokens, tags, content words, candidates, synonyms; batch by batch, so
// that a killed run goes on where it was.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/concepts/candidates.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/concepts/embedding_source.h"
#include "conceptune/concepts/file_source.h"
#include "conceptune/concepts/prompt_source.h"
#include "conceptune/concepts/wordnet.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/servers/model_server.h"
#include "conceptune/words/content_words.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune::concepts {

/// Where concepts come from; see the class of that name.
enum class SourceKind { wordnet, prompt, embedding, file };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SourceKind>
    conceptune::enum_names<conceptune::concepts::SourceKind>[] = {
        {"wordnet", conceptune::concepts::SourceKind::wordnet},
        {"prompt", conceptune::concepts::SourceKind::prompt},
        {"embedding", conceptune::concepts::SourceKind::embedding},
        {"file", conceptune::concepts::SourceKind::file}};

namespace conceptune::concepts {

struct AnnotateOptions {
  SourceKind source = SourceKind::wordnet;
  int max_synonyms = 10;
  int batch_passages = 16;
  model::DataType type = model::DataType::float32;
  words::ContentWordOptions content_words;
  CandidateOptions candidates;
  WordNetOptions wordnet;
  PromptOptions prompt;
  EmbeddingOptions embedding;
  FileOptions file;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("source", source, "Where concepts come from");
    visit("max_synonyms", max_synonyms, "Synonyms of a word at most, itself not counted", at_least(1));
    visit("batch_passages", batch_passages, "Passages that are run together; what a killed run loses at most",
          at_least(1));
    visit("type", type,
          "Numbers of matrix products of models that run here; bfloat16 is faster where the processor "
          "multiplies it, and changes some candidates and answers");
    visit("content_words", content_words, "Which tokens are content words");
    visit("candidates", candidates, "What the model would say in a word's place");
    visit("wordnet", wordnet, "WordNet as the source");
    visit("prompt", prompt, "An instruct model's answers as the source");
    visit("embedding", embedding, "Substitution in the model as the source");
    visit("file", file, "A table as the source");
  }
};

/// What annotation runs on.
struct AnnotationModels {
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
  std::shared_ptr<const words::EnglishPipeline> pipeline;
  std::shared_ptr<const model::Decoder> decoder;  // null when needs_model() says no
  std::string model_hash;                         // WeightStore::hash(); empty without a decoder
  // What the prompt source asks, where it is another model; null for the same.
  std::shared_ptr<const tokenizer::Tokenizer> prompt_tokenizer;
  std::shared_ptr<const model::Decoder> prompt_decoder;
  std::string prompt_model_hash;
  // What the options' server sections name; null for none.
  std::shared_ptr<servers::ModelServer> candidate_server;
  std::shared_ptr<servers::ModelServer> prompt_server;
};

/// Loads what annotation with these options needs: the tokenizer and, where needed, the weights of a model
/// file or folder, run on `device` in the options' number type, the English pipeline (see
/// words::find_english_pipeline) and the servers. Throws InputError for unusable files, and as
/// servers::ModelServer.
AnnotationModels load_annotation_models(const std::filesystem::path& model,
                                        const std::optional<std::filesystem::path>& english_pipeline,
                                        const AnnotateOptions& options, const std::string& device = "cpu");

/// The part of the work that one machine of several does: batches of passages [n·i/count, n·(i+1)/count).
struct Shard {
  std::int64_t index = 0;
  std::int64_t count = 1;
};

/// Whether these options need a language model that runs here.
bool needs_model(const AnnotateOptions& options);

/// Annotates the passages and writes the dataset folder `output`, which appears when all is done. Finished
/// batches are kept beside it meanwhile: interrupted at any moment and called again, it goes on from them and
/// gives the same bytes. Throws as check_folder_destination(), and InputError when there are no passages,
/// another process writes the same output, or what is kept was made of something else; Interrupted when asked
/// to stop.
DatasetStatistics annotate(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                           const AnnotationModels& models, const Destination& output,
                           ProgressObserver* observer = nullptr, std::stop_token stop = {},
                           const Shard& shard = {});

}  // namespace conceptune::concepts
