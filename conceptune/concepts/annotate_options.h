// What decides an annotation.
#pragma once

#include "conceptune/concepts/candidate_list_source.h"
#include "conceptune/concepts/candidates.h"
#include "conceptune/concepts/continuation_source.h"
#include "conceptune/concepts/embedding_source.h"
#include "conceptune/concepts/file_source.h"
#include "conceptune/concepts/prompt_options.h"
#include "conceptune/concepts/wordnet.h"
#include "conceptune/concepts/yes_no_options.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/words/content_words.h"

namespace conceptune::concepts {

/// Where concepts come from; see source_kinds.h.
enum class SourceKind { wordnet, prompt, embedding, file, candidates, continuation, yes_no };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SourceKind>
    conceptune::enum_names<conceptune::concepts::SourceKind>[] = {
        {"wordnet", conceptune::concepts::SourceKind::wordnet},
        {"prompt", conceptune::concepts::SourceKind::prompt},
        {"embedding", conceptune::concepts::SourceKind::embedding},
        {"file", conceptune::concepts::SourceKind::file},
        {"candidates", conceptune::concepts::SourceKind::candidates},
        {"continuation", conceptune::concepts::SourceKind::continuation},
        {"yes-no", conceptune::concepts::SourceKind::yes_no}};

namespace conceptune::concepts {

struct AnnotateOptions {
  SourceKind source = SourceKind::continuation;
  int max_synonyms = 10;
  int batch_passages = 16;
  model::DataType type = model::DataType::float32;
  words::ContentWordOptions content_words;
  CandidateOptions candidates;
  WordNetOptions wordnet;
  PromptOptions prompt;
  EmbeddingOptions embedding;
  FileOptions file;
  CandidateListOptions candidate_list;
  ContinuationOptions continuation;
  YesNoOptions yes_no;

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
    visit("candidate_list", candidate_list, "The candidates themselves as the source");
    visit("continuation", continuation, "WordNet's words or candidates, judged in the text, as the source");
    visit("yes_no", yes_no, "An instruct model's Yes or No to each word of a pool as the source");
  }
};

}  // namespace conceptune::concepts
