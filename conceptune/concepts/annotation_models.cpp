#include "conceptune/concepts/annotation_models.h"

#include "conceptune/concepts/read_options.h"

namespace conceptune::concepts {

AnnotationModels load_annotation_models(const generation::LanguageModel& model,
                                        const std::optional<std::filesystem::path>& english_pipeline,
                                        const AnnotateOptions& options) {
  model::DecoderOptions running = model.options();
  running.type = options.type;
  AnnotationModels models{model.with(running),
                          words::EnglishPipeline::load(words::find_english_pipeline(english_pipeline))};
  models.model.tokenizer();
  if (needs_model(options)) models.model.decoder();
  if (!options.candidates.server.url.empty())
    models.candidate_server = std::make_shared<servers::ModelServer>(options.candidates.server);
  if (reads(options, "prompt.server.url") && !options.prompt.server.url.empty()) {
    models.prompt_server = std::make_shared<servers::ModelServer>(options.prompt.server);
  } else if (asks_another_model(options)) {
    models.prompt_model.emplace(options.prompt.model, running);
    models.prompt_model->decoder();
  }
  return models;
}

}  // namespace conceptune::concepts
