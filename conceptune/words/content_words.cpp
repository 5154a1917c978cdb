#include "conceptune/words/content_words.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/words/english/python_text.h"

namespace conceptune::words {
namespace {

/// Characters of a text, half-open.
using Span = tokenizer::Span;

/// What the pipeline says of a word.
struct Tag {
  PartOfSpeech pos;
  std::string_view tag;
};

/// A word's tag; nothing when the pipeline sees no single word there.
using TagOf = std::function<std::optional<Tag>(Span, const std::string& word)>;

/// True when what follows token `t` leaves it a whole word.
bool is_complete(const std::u32string& text, const tokenizer::Encoding& encoding, std::size_t t,
                 WordBoundary boundary) {
  if (t + 1 == encoding.offsets.size()) return true;
  const std::uint32_t next = encoding.offsets[t + 1].begin;
  if (next != encoding.offsets[t].end) return false;  // the next token holds the rest of a character
  const char32_t follower = text[next];
  return follower == U' ' || (boundary == WordBoundary::space_or_punctuation && is_punctuation(follower));
}

class Finder {
 public:
  Finder(std::string_view text, const tokenizer::Encoding& encoding, const ContentWordOptions& options)
      : text_(decode_utf8(text)), encoding_(encoding), options_(options) {}

  std::vector<ContentWord> find(const TagOf& tag_of) {
    for (std::size_t t = 0; t < encoding_.ids.size(); ++t) {
      ++statistics_.tokens;
      judge(t, tag_of);
    }
    return std::move(words_);
  }

  const ContentWordStatistics& statistics() const { return statistics_; }

 private:
  void judge(std::size_t t, const TagOf& tag_of) {
    const auto [begin, end] = encoding_.offsets[t];
    if (end - begin < 2 || text_[begin] != U' ') {
      ++statistics_.no_leading_space;
      return;
    }
    if (!is_complete(text_, encoding_, t, options_.boundary)) {
      ++statistics_.not_complete;
      return;
    }
    std::string word = encode_utf8(std::u32string_view(text_).substr(begin + 1, end - begin - 1));
    const Span span{begin + 1, end};
    const auto tag = tag_of(span, word);
    if (!tag) {
      ++statistics_.not_aligned;
    } else if (!is_content(tag->pos)) {
      ++statistics_.other_part_of_speech;
    } else if (!options_.keep_repeats && !seen_.insert(word).second) {
      ++statistics_.repeated;
    } else {
      ++statistics_.content_words;
      ++statistics_.by_pos[static_cast<std::size_t>(tag->pos)];
      words_.push_back(
          {static_cast<std::uint32_t>(t), std::move(word), tag->pos, span, std::string(tag->tag)});
    }
  }

  const std::u32string text_;
  const tokenizer::Encoding& encoding_;
  const ContentWordOptions& options_;
  std::unordered_set<std::string> seen_;
  std::vector<ContentWord> words_;
  ContentWordStatistics statistics_;
};

std::vector<ContentWord> find(std::string_view text, const tokenizer::Encoding& encoding,
                              const ContentWordOptions& options, ContentWordStatistics* statistics,
                              const TagOf& tag_of) {
  Finder finder(text, encoding, options);
  auto words = finder.find(tag_of);
  if (statistics != nullptr) *statistics += finder.statistics();
  return words;
}

/// Tag of a word as the document " word", when that is one white space token and one word.
std::optional<Tag> tag_alone(const EnglishPipeline& pipeline, const std::string& word, bool parse) {
  const auto tokens = pipeline.annotate(" " + word, parse);
  if (tokens.size() != 2 || tokens[1].text != word) return std::nullopt;
  return Tag{tokens[1].pos, tokens[1].tag};
}

}  // namespace

bool is_content(PartOfSpeech pos) {
  return pos == PartOfSpeech::noun || pos == PartOfSpeech::verb || pos == PartOfSpeech::adj;
}

double ContentWordStatistics::share() const {
  return tokens == 0 ? 0 : static_cast<double>(content_words) / static_cast<double>(tokens);
}

ContentWordStatistics& ContentWordStatistics::operator+=(const ContentWordStatistics& other) {
  tokens += other.tokens;
  content_words += other.content_words;
  for (std::size_t i = 0; i < by_pos.size(); ++i) by_pos[i] += other.by_pos[i];
  no_leading_space += other.no_leading_space;
  not_complete += other.not_complete;
  not_aligned += other.not_aligned;
  other_part_of_speech += other.other_part_of_speech;
  repeated += other.repeated;
  return *this;
}

Json ContentWordStatistics::to_json() const {
  Json pos_counts = Json::object();
  for (const PartOfSpeech pos : {PartOfSpeech::noun, PartOfSpeech::verb, PartOfSpeech::adj})
    pos_counts[std::string(name_of(pos))] = by_pos[static_cast<std::size_t>(pos)];
  return {{"tokens", tokens},
          {"content_words", content_words},
          {"share", share()},
          {"by_pos", std::move(pos_counts)},
          {"lost",
           {{"no_leading_space", no_leading_space},
            {"not_complete", not_complete},
            {"not_aligned", not_aligned},
            {"other_part_of_speech", other_part_of_speech},
            {"repeated", repeated}}}};
}

std::vector<ContentWord> find_content_words(std::string_view text, const tokenizer::Encoding& encoding,
                                            std::span<const TaggedToken> tokens,
                                            const ContentWordOptions& options,
                                            ContentWordStatistics* statistics) {
  if (options.context == PartOfSpeechContext::alone)
    throw InputError("finding content words", "option context", "is 'alone', which needs the pipeline");
  // Both token lists ascend, so one walk suffices.
  auto token = tokens.begin();
  return find(text, encoding, options, statistics, [&](Span span, const std::string& word) {
    token = std::find_if(token, tokens.end(), [&](const TaggedToken& t) { return t.begin >= span.begin; });
    const bool aligned = token != tokens.end() && token->begin == span.begin && token->text == word;
    return aligned ? std::optional(Tag{token->pos, token->tag}) : std::nullopt;
  });
}

std::vector<ContentWord> find_content_words(std::string_view text, const tokenizer::Encoding& encoding,
                                            const EnglishPipeline& pipeline,
                                            const ContentWordOptions& options,
                                            ContentWordStatistics* statistics) {
  if (options.context == PartOfSpeechContext::in_context)
    return find_content_words(text, encoding, pipeline.annotate(text, options.parse), options, statistics);
  std::unordered_map<std::string, std::optional<Tag>> known;
  return find(text, encoding, options, statistics, [&](Span, const std::string& word) {
    const auto [entry, is_new] = known.try_emplace(word);
    if (is_new) entry->second = tag_alone(pipeline, word, options.parse);
    return entry->second;
  });
}

}  // namespace conceptune::words
