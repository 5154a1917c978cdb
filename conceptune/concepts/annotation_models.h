// What annotation runs on: models, here or behind servers, and the English pipeline.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "conceptune/concepts/annotate_options.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/servers/model_server.h"
#include "conceptune/words/english/english_pipeline.h"

namespace conceptune::concepts {

struct AnnotationModels {
  /// Its tokenizer makes the records; its decoder is loaded where needs_model() says so.
  generation::LanguageModel model;
  std::shared_ptr<const words::EnglishPipeline> pipeline;
  /// What prompts are put to, where it is another model.
  std::optional<generation::LanguageModel> prompt_model = {};
  /// What the options' server sections name; null for none.
  std::shared_ptr<servers::ModelServer> candidate_server = nullptr;
  std::shared_ptr<servers::ModelServer> prompt_server = nullptr;

  /// The model that is asked by prompts here.
  const generation::LanguageModel& asked_model() const { return prompt_model ? *prompt_model : model; }
};

/// Loads what annotation with these options needs of a model and a further one for prompts, both run in the
/// options' number type; the English pipeline (see words::find_english_pipeline); and opens the servers.
/// Throws InputError for unusable files, and as servers::ModelServer.
AnnotationModels load_annotation_models(const generation::LanguageModel& model,
                                        const std::optional<std::filesystem::path>& english_pipeline,
                                        const AnnotateOptions& options);

}  // namespace conceptune::concepts
