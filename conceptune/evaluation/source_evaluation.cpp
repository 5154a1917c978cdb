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
using concepts::ConceptWord;
using concepts::Draft;
using concepts::WordNet;
using words::PartOfSpeech;

constexpr const char* kAnswered = "answered";

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

class Preparation {
 public:
  Preparation(const AnnotateOptions& options, const AnnotationModels& models, const WordNet& wordnet)
      : options_(options), models_(models), wordnet_(wordnet) {}

  void add(const SubstitutionTarget& target) {
    const auto pos = words::part_of_speech_named(target.pos);
    if (!pos || !words::is_content(*pos)) {
      ++prepared_.left_out[target.pos.empty() ? "part of speech not known" : "part of speech " + target.pos];
      return;
    }
    EvaluatedTarget evaluated{.id = target.id,
                              .word = target.word,
                              .pos = target.pos,
                              .coverage = {},
                              .synonyms = {},
                              .lemmas = {},
                              .judged = votes_of(target, wordnet_, *pos),
                              .scores = {}};
    if (evaluated.judged.empty()) {
      ++prepared_.left_out["no substitute that people judged"];
      return;
    }
    evaluated.coverage = draft(target);
    prepared_.targets.push_back(std::move(evaluated));
  }

  PreparedTargets take() { return std::move(prepared_); }

 private:
  /// Makes a draft of the target's context with the target alone; or says why it is no content word.
  std::string draft(const SubstitutionTarget& target) {
    const FoldedText folded = fold_white_space(target.context, target.begin);
    const auto encoding = models_.model.tokenizer()->encode(folded.text);
    const auto words =
        words::find_content_words(folded.text, encoding, *models_.pipeline, options_.content_words);
    for (const auto& word : words) {
      if (word.span.begin != folded.place) continue;
      Draft draft{{target.id, folded.text, encoding.ids, {}}, {}};
      draft.record.words.push_back({word.token, word.word, word.pos, {}, word.span});
      draft.tags.push_back(word.tag);
      prepared_.drafts.push_back(std::move(draft));
      prepared_.drafted.push_back(prepared_.targets.size());
      return {};
    }
    const auto tagged = models_.pipeline->annotate(folded.text, options_.content_words.parse);
    const auto token = std::ranges::find(tagged, folded.place, &words::TaggedToken::begin);
    if (token != tagged.end() && !words::is_content(token->pos)) return "tagged as another part of speech";
    return "no single token with a space before it";
  }

  const AnnotateOptions& options_;
  const AnnotationModels& models_;
  const WordNet& wordnet_;
  PreparedTargets prepared_;
};

/// Puts the drafts to the source, batch by batch; gives the seconds that it took.
double ask(std::span<Draft> drafts, const concepts::ConceptSource& source,
           const concepts::CandidateSource* candidates, int batch_passages, ProgressObserver* observer,
           std::stop_token stop) {
  Progress progress(observer, "asking the source", std::ssize(drafts), "words");
  const auto begun = std::chrono::steady_clock::now();
  const auto size = static_cast<std::size_t>(batch_passages);
  for (std::size_t begin = 0; begin < drafts.size(); begin += size) {
    if (stop.stop_requested()) throw Interrupted("evaluating a concept source: stopped");
    const auto batch = drafts.subspan(begin, std::min(size, drafts.size() - begin));
    if (candidates != nullptr) candidates->find(batch, stop);
    source.fill(batch, stop);
    progress.add(std::ssize(batch));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// Why a word has no synonyms.
std::string coverage_of(const Draft& draft, bool has_candidates, const WordNet& wordnet) {
  const ConceptWord& word = draft.record.words.front();
  if (!word.synonyms.empty()) return kAnswered;
  if (const auto failure = draft.candidate_failures.find(0); failure != draft.candidate_failures.end())
    return failure->second;
  if (has_candidates && draft.candidates.front().empty()) return "no candidates";
  return wordnet.contains(word.word, word.pos) ? "nothing chosen" : "nothing chosen, not in WordNet";
}

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

PreparedTargets prepare_targets(const SubstitutionBenchmark& benchmark, const AnnotateOptions& options,
                                const AnnotationModels& models, const WordNet& wordnet) {
  Preparation preparation(options, models, wordnet);
  for (const auto& target : benchmark.targets) preparation.add(target);
  PreparedTargets prepared = preparation.take();
  if (prepared.targets.empty())
    throw InputError("evaluating a concept source", benchmark.name,
                     "no noun, verb or adjective that people judged");
  return prepared;
}

SourceEvaluation evaluate_source(const SubstitutionBenchmark& benchmark, const AnnotateOptions& options,
                                 const AnnotationModels& models, ProgressObserver* observer,
                                 std::stop_token stop) {
  const auto wordnet = WordNet::load(options.wordnet.folder);
  PreparedTargets prepared = prepare_targets(benchmark, options, models, *wordnet);
  const auto source = concepts::source_kind(options).make(options, models);
  const auto candidates = concepts::make_candidate_source(options, models);
  SourceEvaluation result;
  result.words = std::ssize(prepared.drafts);
  result.seconds =
      ask(prepared.drafts, *source, candidates.get(), options.batch_passages, observer, std::move(stop));
  for (std::size_t i = 0; i < prepared.drafts.size(); ++i) {
    EvaluatedTarget& target = prepared.targets[prepared.drafted[i]];
    target.coverage = coverage_of(prepared.drafts[i], candidates != nullptr, *wordnet);
    target.synonyms = std::move(prepared.drafts[i].record.words.front().synonyms);
  }
  for (auto& target : prepared.targets) {
    target.lemmas = lemmas_of(target, *wordnet, *words::part_of_speech_named(target.pos));
    target.scores = score_target(target.judged, target.lemmas, kSubstitutesCounted);
  }
  result.targets = std::move(prepared.targets);
  result.left_out = std::move(prepared.left_out);
  return result;
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
