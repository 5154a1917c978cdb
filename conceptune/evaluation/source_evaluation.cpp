#include "conceptune/evaluation/source_evaluation.h"

#include <algorithm>
#include <chrono>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/evaluation/benchmark_lemma.h"
#include "conceptune/words/content_words.h"

namespace conceptune::evaluation {
namespace {

using concepts::AnnotateOptions;
using concepts::AnnotationModels;
using concepts::ConceptRecord;
using concepts::ConceptWord;
using concepts::Draft;
using concepts::WordNet;
using words::PartOfSpeech;

constexpr const char* kAnswered = "answered";

bool can_be_content_word(PartOfSpeech pos) {
  return pos == PartOfSpeech::noun || pos == PartOfSpeech::verb || pos == PartOfSpeech::adj;
}

/// The judged substitutes by lemma, without the target's own; those of the same lemma together.
std::vector<SubstituteVotes> votes_of(const SubstitutionTarget& target, const WordNet& wordnet,
                                      PartOfSpeech pos) {
  const std::string own = benchmark_lemma(wordnet, target.word, pos);
  std::vector<SubstituteVotes> votes;
  for (const auto& substitute : target.substitutes) {
    const std::string lemma = benchmark_lemma(wordnet, substitute.text, pos);
    if (lemma == own) continue;
    auto entry = std::ranges::find(votes, lemma, &SubstituteVotes::lemma);
    if (entry == votes.end()) entry = votes.insert(entry, {lemma});
    entry->accepted += substitute.accepted;
    entry->judged += substitute.accepted + substitute.rejected;
  }
  std::erase_if(votes, [](const SubstituteVotes& one) { return one.judged == 0; });
  return votes;
}

std::vector<std::string> lemmas_of(const EvaluatedTarget& target, const WordNet& wordnet, PartOfSpeech pos) {
  const std::string own = benchmark_lemma(wordnet, target.word, pos);
  std::vector<std::string> lemmas;
  for (const auto& synonym : target.synonyms) {
    std::string lemma = benchmark_lemma(wordnet, synonym.text, pos);
    if (lemma != own && std::ranges::find(lemmas, lemma) == lemmas.end()) lemmas.push_back(std::move(lemma));
  }
  return lemmas;
}

class Evaluator {
 public:
  Evaluator(const SubstitutionBenchmark& benchmark, const AnnotateOptions& options,
            const AnnotationModels& models)
      : benchmark_(benchmark),
        options_(options),
        models_(models),
        wordnet_(WordNet::load(options.wordnet.folder)),
        source_(concepts::source_kind(options).make(options, models)),
        candidates_(concepts::make_candidate_source(options, models)) {}

  SourceEvaluation run(ProgressObserver* observer, std::stop_token stop) {
    for (const auto& target : benchmark_.targets) add(target);
    if (result_.targets.empty())
      throw InputError("evaluating a concept source", benchmark_.name,
                       "no noun, verb or adjective that people judged");
    result_.words = std::ssize(drafts_);
    ask(observer, std::move(stop));
    for (std::size_t i = 0; i < drafts_.size(); ++i) take(drafts_[i], result_.targets[drafted_[i]]);
    for (auto& target : result_.targets) {
      const PartOfSpeech pos = *words::part_of_speech_named(target.pos);
      target.lemmas = lemmas_of(target, *wordnet_, pos);
      target.scores = score_target(target.judged, target.lemmas, kSubstitutesCounted);
    }
    return std::move(result_);
  }

 private:
  void add(const SubstitutionTarget& target) {
    const auto pos = words::part_of_speech_named(target.pos);
    if (!pos || !can_be_content_word(*pos)) {
      ++result_.left_out[target.pos.empty() ? "part of speech not known" : "part of speech " + target.pos];
      return;
    }
    EvaluatedTarget evaluated{.id = target.id, .word = target.word, .pos = target.pos};
    evaluated.judged = votes_of(target, *wordnet_, *pos);
    if (evaluated.judged.empty()) {
      ++result_.left_out["no substitute that people judged"];
      return;
    }
    evaluated.coverage = draft(target);
    if (evaluated.coverage.empty()) drafted_.push_back(result_.targets.size());
    result_.targets.push_back(std::move(evaluated));
  }

  /// Makes a draft of the target's context with the target alone; or says why it is no content word.
  std::string draft(const SubstitutionTarget& target) {
    const FoldedText folded = fold_white_space(target.context, target.begin);
    const auto encoding = models_.model.tokenizer()->encode(folded.text);
    const auto tagged = models_.pipeline->annotate(folded.text, options_.content_words.parse);
    const auto words =
        words::find_content_words(folded.text, encoding, *models_.pipeline, options_.content_words);
    for (const auto& word : words) {
      if (word.span.begin != folded.place) continue;
      drafts_.push_back({ConceptRecord{target.id,
                                       folded.text,
                                       encoding.ids,
                                       {ConceptWord{word.token, word.word, word.pos, {}, word.span}}},
                         {}});
      return {};
    }
    const auto token = std::ranges::find(tagged, folded.place, &words::TaggedToken::begin);
    if (token != tagged.end() && !can_be_content_word(token->pos)) return "tagged as another part of speech";
    return "no single token with a space before it";
  }

  void ask(ProgressObserver* observer, std::stop_token stop) {
    Progress progress(observer, "asking the source", result_.words, "words");
    const auto begun = std::chrono::steady_clock::now();
    const auto size = static_cast<std::size_t>(options_.batch_passages);
    for (std::size_t begin = 0; begin < drafts_.size(); begin += size) {
      if (stop.stop_requested()) throw Interrupted("evaluating a concept source: stopped");
      const auto batch = std::span(drafts_).subspan(begin, std::min(size, drafts_.size() - begin));
      if (candidates_) candidates_->find(batch, stop);
      source_->fill(batch, stop);
      progress.add(std::ssize(batch));
    }
    result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

  void take(Draft& draft, EvaluatedTarget& target) const {
    ConceptWord& word = draft.record.words.front();
    if (!word.synonyms.empty()) {
      target.coverage = kAnswered;
    } else if (const auto failure = draft.candidate_failures.find(0);
               failure != draft.candidate_failures.end()) {
      target.coverage = failure->second;
    } else if (candidates_ && draft.candidates.front().empty()) {
      target.coverage = "no candidates";
    } else {
      target.coverage =
          wordnet_->contains(word.word, word.pos) ? "nothing chosen" : "nothing chosen, not in WordNet";
    }
    target.synonyms = std::move(word.synonyms);
  }

  const SubstitutionBenchmark& benchmark_;
  const AnnotateOptions& options_;
  const AnnotationModels& models_;
  std::shared_ptr<const WordNet> wordnet_;
  std::unique_ptr<concepts::ConceptSource> source_;
  std::unique_ptr<concepts::CandidateSource> candidates_;
  std::vector<Draft> drafts_;
  std::vector<std::size_t> drafted_;  // the target of each draft
  SourceEvaluation result_;
};

}  // namespace

Json EvaluatedTarget::to_json() const {
  Json proposals = Json::array();
  for (const auto& synonym : synonyms)
    proposals.push_back({{"text", synonym.text}, {"score", synonym.score}});
  Json votes = Json::object();
  for (const auto& one : judged) votes[one.lemma] = {one.accepted, one.judged};
  return {{"id", id},
          {"word", word},
          {"pos", pos},
          {"coverage", coverage},
          {"synonyms", std::move(proposals)},
          {"lemmas", lemmas},
          {"judged", std::move(votes)}};
}

std::map<std::string, std::int64_t> SourceEvaluation::coverage() const {
  std::map<std::string, std::int64_t> counts;
  for (const auto& target : targets) ++counts[target.coverage];
  return counts;
}

SourceEvaluation evaluate_source(const SubstitutionBenchmark& benchmark, const AnnotateOptions& options,
                                 const AnnotationModels& models, ProgressObserver* observer,
                                 std::stop_token stop) {
  return Evaluator(benchmark, options, models).run(observer, std::move(stop));
}

FoldedText fold_white_space(const std::string& text, std::uint32_t place) {
  FoldedText folded;
  std::uint32_t read = 0, written = 0;
  bool is_apart = false;
  for (const char32_t character : decode_utf8(text)) {
    const bool is_space = is_python_space(character);
    if (!is_space && is_apart && !folded.text.empty()) {
      folded.text += ' ';
      ++written;
    }
    is_apart = is_space;
    if (read++ == place) folded.place = written;
    if (is_space) continue;
    append_utf8(folded.text, character);
    ++written;
  }
  return folded;
}

}  // namespace conceptune::evaluation
