#include "conceptune/concepts/source_kinds.h"

#include <algorithm>

#include "conceptune/concepts/model_answers.h"
#include "conceptune/concepts/prompt_source.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/concepts/server_answers.h"
#include "conceptune/concepts/server_candidates.h"
#include "conceptune/concepts/wordnet_source.h"
#include "conceptune/concepts/yes_no_source.h"

namespace conceptune::concepts {
namespace {

using Inputs = std::vector<SourceInput>;
using generation::LanguageModel;

using Keys = std::vector<std::string>;

Keys joined(Keys keys, const Keys& others) {
  keys.insert(keys.end(), others.begin(), others.end());
  return keys;
}

/// Of WordNet's words around a content word.
Keys neighbour_keys() { return {"wordnet.folder", "wordnet.relations", "wordnet.depth", "wordnet.senses"}; }

Keys keys_of_pool(SubstitutePool pool) {
  if (pool == SubstitutePool::candidates) return {"wordnet.folder", "candidates"};
  return pool == SubstitutePool::wordnet ? neighbour_keys() : joined(neighbour_keys(), {"candidates"});
}

Inputs nothing(const AnnotateOptions&, const LanguageModel&) { return {}; }

const SourceKindFacts kWordNet = {
    .reads = [](const AnnotateOptions& options) -> Keys {
      if (options.wordnet.use_candidates) return {"wordnet", "candidates"};
      return joined(neighbour_keys(), {"wordnet.use_candidates"});
    },
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

/// Of a model that must have a chat template and more.
SourceInput instruct_model(const AnnotateOptions& options, const LanguageModel& model,
                           void (*check)(const std::shared_ptr<const tokenizer::Tokenizer>&)) {
  const LanguageModel asked =
      options.prompt.model.empty() ? model : LanguageModel(options.prompt.model, model.options());
  return {"prompt.model", asked.path(), "", [asked, check](const auto&) {
            asked.config();
            check(asked.tokenizer());
          }};
}

Keys keys_of_prompt(const AnnotateOptions& options) {
  Keys keys = {"candidates", "prompt.max_new_tokens", "prompt.repetition_penalty", "prompt.template_file",
               "prompt.server"};
  if (options.prompt.template_file.empty()) keys.emplace_back("prompt.order");
  if (options.prompt.server.url.empty()) keys.emplace_back("prompt.model");
  return keys;
}

constexpr double kEndOfChat = 5;  // tokens between a user's message and the answer

WordCost cost_of_prompt(const AnnotateOptions& options) {
  if (!options.prompt.server.url.empty()) return {};
  constexpr double kWords = 0.95;        // of the most probable tokens, those that are listed
  constexpr double kTokensOfListed = 2;  // the word and its comma
  constexpr double kInstructions = 110, kAroundWord = 15;
  const auto& prompt = options.prompt;
  // In the built-in prompt with the passage first, it and the instructions are run once for all words.
  const bool is_shared = prompt.template_file.empty() && prompt.order == PromptOrder::passage_first;
  const double list = kWords * kTokensOfListed * options.candidates.count;
  return {.tokens = (is_shared ? 0 : kInstructions) + kAroundWord + list + kEndOfChat + prompt.max_new_tokens,
          .rows = static_cast<double>(prompt.max_new_tokens),
          .passages = is_shared ? 0.0 : 1.0};
}

const SourceKindFacts kPrompt = {
    .reads = keys_of_prompt,
    .cost_of_word = cost_of_prompt,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<PromptSource>(answer_source(options, models), options.prompt,
                                            options.max_synonyms);
    },
    .inputs = [](const AnnotateOptions& options, const LanguageModel& model) -> Inputs {
      const auto look_at_template = [prompt = options.prompt](const auto&) { prompt_template_of(prompt); };
      Inputs inputs = {{"prompt.template_file", options.prompt.template_file, "", look_at_template}};
      if (!options.prompt.server.url.empty()) return inputs;
      inputs.push_back(
          instruct_model(options, model, [](const auto& asked) { check_chat_template(*asked); }));
      return inputs;
    }};

const SourceKindFacts kEmbedding = {
    .reads = [](const AnnotateOptions&) -> Keys {
      return {"embedding", "candidates"};
    },
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
    .reads = [](const AnnotateOptions&) -> Keys { return {"file"}; },
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
    .reads = [](const AnnotateOptions& options) -> Keys {
      if (options.candidate_list.order == CandidateOrder::random) return {"candidates", "candidate_list"};
      return {"candidates", "candidate_list.order"};
    },
    .make = [](const AnnotateOptions& options, const AnnotationModels&) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<CandidateListSource>(options.candidate_list, options.max_synonyms);
    },
    .inputs = nothing};

// By what SWORDS dev asks with SmolLM2's tokenizer.
constexpr double kPoolLimit = 55, kShare = 0.85;  // words of a pool without a limit; pools that fill theirs
constexpr double kTokensOfAny = 1.85;             // of a pool's word

WordCost cost_of_continuation(const AnnotateOptions& options) {
  constexpr double kQuestion = 9;         // tokens that ask for a word's synonyms
  constexpr double kTokensOfShort = 1.3;  // of a word on a shortlist
  constexpr int kRest = 100;              // tokens behind a word, where all of them count
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
    .reads =
        [](const AnnotateOptions& options) {
          const auto& judging = options.continuation;
          Keys keys = joined(keys_of_pool(judging.pool),
                             {"continuation.pool", "continuation.words", "continuation.shortlist",
                              "continuation.following", "continuation.order"});
          if (judging.order == SubstituteOrder::fitted) keys.emplace_back("continuation.least_probability");
          return keys;
        },
    .runs_model = true,
    .cost_of_word = cost_of_continuation,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      return std::make_unique<ContinuationSource>(models.model, WordNet::load(options.wordnet.folder),
                                                  options.wordnet, options.continuation,
                                                  options.max_synonyms);
    },
    .inputs = kWordNet.inputs};

WordCost cost_of_yes_no(const AnnotateOptions& options) {
  constexpr double kQuestion = 60;  // tokens around the passage and the word
  constexpr double kEnd = 1 + kEndOfChat;
  const double words = kShare * std::min<double>(options.yes_no.words, kPoolLimit);
  return {.tokens = kQuestion + words * (kTokensOfAny + kEnd), .rows = words, .passages = 1};
}

const SourceKindFacts kYesNo = {
    .reads =
        [](const AnnotateOptions& options) {
          return joined(keys_of_pool(options.yes_no.pool), {"yes_no", "prompt.model"});
        },
    .cost_of_word = cost_of_yes_no,
    .make = [](const AnnotateOptions& options,
               const AnnotationModels& models) -> std::unique_ptr<ConceptSource> {
      PoolFinder pools(WordNet::load(options.wordnet.folder), options.wordnet, options.yes_no.pool,
                       options.yes_no.words, models.model.tokenizer());
      return std::make_unique<YesNoSource>(models.asked_model(), std::move(pools), options.yes_no,
                                           options.max_synonyms);
    },
    .inputs = [](const AnnotateOptions& options, const LanguageModel& model) -> Inputs {
      const auto look_at_template = [asked = options.yes_no](const auto&) { yes_no_template_of(asked); };
      Inputs inputs = kWordNet.inputs(options, model);
      inputs.push_back({"yes_no.template_file", options.yes_no.template_file, "", look_at_template});
      inputs.push_back(instruct_model(options, model, [](const auto& asked) { yes_no_tokenizer(asked); }));
      return inputs;
    }};

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

std::unique_ptr<CandidateSource> make_candidate_source(const AnnotateOptions& options,
                                                       const AnnotationModels& models) {
  return needs_candidates(options) ? make_candidates(options, models) : nullptr;
}

std::unique_ptr<CandidateSource> make_candidates(const AnnotateOptions& options,
                                                 const AnnotationModels& models) {
  if (models.candidate_server)
    return std::make_unique<ServerCandidates>(models.candidate_server, models.model.tokenizer(),
                                              options.candidates, std::stop_token());
  return std::make_unique<CandidateFinder>(models.model, options.candidates);
}

}  // namespace conceptune::concepts
