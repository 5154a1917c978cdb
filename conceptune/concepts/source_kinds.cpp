#include "conceptune/concepts/source_kinds.h"

#include <algorithm>

#include "conceptune/concepts/model_answers.h"
#include "conceptune/concepts/prompt_source.h"
#include "conceptune/concepts/server_answers.h"
#include "conceptune/concepts/server_candidates.h"
#include "conceptune/concepts/wordnet_source.h"
#include "conceptune/concepts/yes_no_source.h"

namespace conceptune::concepts {
namespace {

using Inputs = std::vector<SourceInput>;
using generation::LanguageModel;

bool always(const AnnotateOptions&) { return true; }
bool never(const AnnotateOptions&) { return false; }
Inputs nothing(const AnnotateOptions&, const LanguageModel&) { return {}; }

const SourceKindFacts kWordNet = {
    .needs_candidates = [](const AnnotateOptions& options) { return options.wordnet.use_candidates; },
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<WordNetSource>(WordNet::load(options.wordnet.folder), models.model.tokenizer(),
                                             options.wordnet, options.max_synonyms);
    },
    .inputs = [](const AnnotateOptions& options, const LanguageModel&) -> Inputs {
      return {{"wordnet.folder", options.wordnet.folder, "",
               [](const std::filesystem::path& folder) { WordNet::load(folder); }}};
    }};

std::unique_ptr<AnswerSource> answer_source(const AnnotateOptions& options, const AnnotationModels& models) {
  if (models.prompt_server) return std::make_unique<ServerAnswers>(models.prompt_server, options.prompt);
  return std::make_unique<ModelAnswers>(models.asked_model(), options.prompt);
}

const SourceKindFacts kPrompt = {
    .needs_candidates = always,
    .asks_by_prompts = true,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<PromptSource>(answer_source(options, models), options.prompt,
                                            options.max_synonyms);
    },
    .inputs = [](const AnnotateOptions& options, const LanguageModel& model) -> Inputs {
      const auto look_at_template = [prompt = options.prompt](const auto&) { prompt_template_of(prompt); };
      Inputs inputs = {{"prompt.template_file", options.prompt.template_file, "", look_at_template}};
      if (!options.prompt.server.url.empty()) return inputs;
      const LanguageModel asked =
          options.prompt.model.empty() ? model : LanguageModel(options.prompt.model, model.options());
      inputs.push_back({"prompt.model", asked.path(), "", [asked](const auto&) {
                          asked.config();
                          check_chat_template(*asked.tokenizer());
                        }});
      return inputs;
    }};

const SourceKindFacts kEmbedding = {
    .needs_candidates = always,
    .runs_model = true,
    .cost_of_word =
        [](const AnnotateOptions& options) {
          // Of a word's candidates, some half have its part of speech.
          const double tried = std::min(options.embedding.candidates, options.candidates.count);
          return WordCost{.tokens = options.embedding.match_part_of_speech ? tried / 2 : tried, .rows = 0};
        },
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<EmbeddingSource>(models.model, models.pipeline, options.embedding,
                                               options.max_synonyms);
    },
    .inputs = nothing};

const SourceKindFacts kFile = {
    .needs_candidates = never,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<FileSource>(options.file, models.model.tokenizer(), options.max_synonyms);
    },
    .inputs = [](const AnnotateOptions& options, const LanguageModel& model) -> Inputs {
      return {{"file.table", options.file.table, "a table of concepts",
               [options, model](const std::filesystem::path&) {
                 if (model.path().empty()) return;  // which is told by itself
                 FileSource(options.file, model.tokenizer(), options.max_synonyms);
               }}};
    }};

const SourceKindFacts kCandidates = {
    .needs_candidates = always,
    .make = [](const AnnotateOptions& options, const AnnotationModels&) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<CandidateListSource>(options.candidate_list, options.max_synonyms);
    },
    .inputs = nothing};

/// By what SWORDS dev asks with SmolLM2's tokenizer.
WordCost cost_of_continuation(const AnnotateOptions& options) {
  constexpr double kQuestion = 9;                   // tokens that ask for a word's synonyms
  constexpr double kPoolLimit = 55, kShare = 0.85;  // words of a pool without a limit; pools that fill theirs
  constexpr double kTokensOfShort = 1.3, kTokensOfAny = 1.85;  // of a word on a shortlist, or not chosen so
  constexpr int kRest = 100;  // tokens behind a word, where all of them count
  const auto& judging = options.continuation;
  const double pool = std::min<double>(judging.words, kPoolLimit);
  const bool is_short = judging.shortlist > 0 && judging.shortlist < pool;
  const double words = kShare * (is_short ? judging.shortlist : pool);
  const double tokens = is_short ? kTokensOfShort : kTokensOfAny;
  const double following = judging.following < 0 ? kRest : judging.following;
  // In the text: the word, and what follows but its last token; behind the question: the word but its last.
  return {.tokens = kQuestion + words * (tokens + std::max(0.0, following - 1) + tokens - 1),
          .rows = 2 + words * (2 * (tokens - 1) + following)};
}

const SourceKindFacts kContinuation = {
    .needs_candidates =
        [](const AnnotateOptions& options) { return options.continuation.pool != SubstitutePool::wordnet; },
    .runs_model = true,
    .cost_of_word = cost_of_continuation,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<ContinuationSource>(models.model, WordNet::load(options.wordnet.folder),
                                                  options.wordnet, options.continuation,
                                                  options.max_synonyms);
    },
    .inputs = kWordNet.inputs};

const SourceKindFacts kYesNo = {
    .needs_candidates =
        [](const AnnotateOptions& options) { return options.yes_no.pool != SubstitutePool::wordnet; },
    .asks_by_prompts = true,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      PoolFinder pools(WordNet::load(options.wordnet.folder), options.wordnet, options.yes_no.pool,
                       options.yes_no.words, models.model.tokenizer());
      return std::make_unique<YesNoSource>(models.asked_model(), std::move(pools), options.yes_no,
                                           options.max_synonyms);
    },
    .inputs = kWordNet.inputs};

}  // namespace

const SourceKindFacts& source_kind(const AnnotateOptions& options) {
  switch (options.source) {
    case SourceKind::prompt:
      return kPrompt;
    case SourceKind::embedding:
      return kEmbedding;
    case SourceKind::file:
      return kFile;
    case SourceKind::candidates:
      return kCandidates;
    case SourceKind::continuation:
      return kContinuation;
    case SourceKind::yes_no:
      return kYesNo;
    case SourceKind::wordnet:
      break;
  }
  return kWordNet;
}

bool needs_model(const AnnotateOptions& options) {
  const SourceKindFacts& kind = source_kind(options);
  return kind.runs_model || (kind.needs_candidates(options) && options.candidates.server.url.empty()) ||
         (kind.asks_by_prompts && options.prompt.server.url.empty() && options.prompt.model.empty());
}

std::unique_ptr<CandidateSource> make_candidate_source(const AnnotateOptions& options,
                                                       const AnnotationModels& models) {
  return source_kind(options).needs_candidates(options) ? make_candidates(options, models) : nullptr;
}

std::unique_ptr<CandidateSource> make_candidates(const AnnotateOptions& options,
                                                 const AnnotationModels& models) {
  if (models.candidate_server)
    return std::make_unique<ServerCandidates>(models.candidate_server, models.model.tokenizer(),
                                              options.candidates, std::stop_token());
  return std::make_unique<CandidateFinder>(models.model, options.candidates);
}

}  // namespace conceptune::concepts
