// Content words of a passage: nouns, verbs and adjectives that are a single token of the language model, so
// that one position predicts them (paper §3.1).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/words/english/english_pipeline.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::words {

/// What must follow a token for it to be a whole word; the end of the passage always does.
enum class WordBoundary : std::uint8_t { space_or_punctuation, space };

/// Where a word's part of speech comes from: its passage, or the word by itself (the authors' released code).
enum class PartOfSpeechContext : std::uint8_t { in_context, alone };

}  // namespace conceptune::words

namespace conceptune {

template <>
inline constexpr std::pair<const char*, words::WordBoundary> enum_names<words::WordBoundary>[] = {
    {"space-or-punctuation", words::WordBoundary::space_or_punctuation},
    {"space", words::WordBoundary::space}};

template <>
inline constexpr std::pair<const char*, words::PartOfSpeechContext> enum_names<words::PartOfSpeechContext>[] =
    {{"in-context", words::PartOfSpeechContext::in_context}, {"alone", words::PartOfSpeechContext::alone}};

}  // namespace conceptune

namespace conceptune::words {

struct ContentWordOptions {
  WordBoundary boundary = WordBoundary::space_or_punctuation;
  PartOfSpeechContext context = PartOfSpeechContext::in_context;
  bool keep_repeats = true;
  bool parse = true;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("boundary", boundary, "What must follow a content word: a space or punctuation, or a space");
    visit("context", context, "Tag words in their passage, or each alone");
    visit("keep_repeats", keep_repeats, "Keep a word's further occurrences in a passage");
    visit("parse", parse, "Tag with the dependency parser, as spaCy's full pipeline does");
  }
};

/// Whether it is a content word's: noun, verb or adjective.
bool is_content(PartOfSpeech pos);

struct ContentWord {
  std::uint32_t token;   // index into the encoding
  std::string word;      // without the leading space
  PartOfSpeech pos;      // noun, verb or adj
  tokenizer::Span span;  // of the word in the text
  std::string tag;       // Penn Treebank's, as the pipeline gives it

  bool operator==(const ContentWord&) const = default;
};

/// What became of all tokens: each is a content word or counts under the first condition that it fails.
struct ContentWordStatistics {
  std::int64_t tokens = 0;
  std::int64_t content_words = 0;
  std::array<std::int64_t, kPartsOfSpeech> by_pos{};  // of the content words, by PartOfSpeech
  std::int64_t no_leading_space = 0;                  // or nothing after it
  std::int64_t not_complete = 0;                      // followed by something else than the boundary asks for
  std::int64_t not_aligned = 0;                       // no token of the tagging pipeline
  std::int64_t other_part_of_speech = 0;
  std::int64_t repeated = 0;

  /// Content words per token, 0 to 1; 0 without tokens.
  double share() const;
  ContentWordStatistics& operator+=(const ContentWordStatistics& other);
  Json to_json() const;
};

/// Content words of `text` in order. `encoding` and `tokens` are what the tokenizer and the pipeline give for
/// it. `statistics`, unless null, is added to. Throws InputError when the options ask for parts of speech of
/// words alone.
std::vector<ContentWord> find_content_words(std::string_view text, const tokenizer::Encoding& encoding,
                                            std::span<const TaggedToken> tokens,
                                            const ContentWordOptions& options,
                                            ContentWordStatistics* statistics = nullptr);

/// The same, running the pipeline as the options ask.
std::vector<ContentWord> find_content_words(std::string_view text, const tokenizer::Encoding& encoding,
                                            const EnglishPipeline& pipeline,
                                            const ContentWordOptions& options,
                                            ContentWordStatistics* statistics = nullptr);

}  // namespace conceptune::words
