#include "conceptune/concepts/substitute_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conceptune/base/error.h"
#include "conceptune/concepts/ending_scores.h"

namespace conceptune::concepts {
namespace {

constexpr std::size_t kTokensAtOnce = 4096;  // of texts and endings

using Ids = std::vector<std::int32_t>;

/// Places that are judged together: their passages, and what asks for synonyms of their words, are run once.
class Pack {
 public:
  Pack(const generation::LanguageModel& model, std::span<const Ids> passages, std::size_t shortlist)
      : model_(model), passages_(passages), shortlist_(shortlist) {}

  bool is_full() const { return tokens_ >= kTokensAtOnce; }
  void add(JudgedPlace& place) {
    places_.push_back({&place, passage_text(place), question_text(place)});
    tokens_ += std::min(shortlist_, place.pool.size()) * (place.longest_word() + place.following.size());
  }
  /// Leaves each place its shortlist, judged.
  void judge() {
    SharedTexts texts(model_.decoder(), texts_);
    look_first(texts);
    for (const auto& one : places_) shorten(one.place->pool);
    look_in_text(texts);
  }

 private:
  struct PlaceInTexts {
    JudgedPlace* place;
    std::int32_t passage, question;  // which texts
  };

  std::int32_t add_text(Ids ids) {
    tokens_ += ids.size();
    texts_.push_back(std::move(ids));
    return static_cast<std::int32_t>(texts_.size()) - 1;
  }
  std::int32_t passage_text(const JudgedPlace& place) {
    const auto [known, is_new] = passage_texts_.try_emplace(place.passage);
    if (is_new) known->second = add_text(passages_[place.passage]);
    return known->second;
  }
  std::int32_t question_text(const JudgedPlace& place) {
    const auto [known, is_new] = question_texts_.try_emplace(place.text);
    const auto& tokenizer = *model_.tokenizer();
    if (is_new)
      known->second = add_text(
          tokenizer.with_begin(tokenizer.encode_ids(fmt::format("Synonyms of \"{0}\": {0},", place.text))));
    return known->second;
  }
  std::int32_t end_of(std::int32_t text) const {
    return static_cast<std::int32_t>(texts_[static_cast<std::size_t>(text)].size());
  }

  void look_first(SharedTexts& texts) {
    std::vector<Ending> endings;
    for (const auto& [place, passage, question] : places_)
      for (const auto& one : place->pool)
        endings.push_back({end_of(question), {one.word.ids.front()}, {}, question});
    const auto scores = score_endings(texts, endings).scores;
    auto next = scores.begin();
    for (const auto& one : places_)
      for (auto& [word, facts] : one.place->pool) facts.first_association = (next++)->word;
  }

  void shorten(std::vector<JudgedWord>& pool) const {
    if (pool.size() <= shortlist_) return;
    std::ranges::stable_sort(pool, std::greater(), [](const auto& one) { return first_look(one.facts); });
    pool.resize(shortlist_);
  }

  void look_in_text(SharedTexts& texts) {
    std::vector<Ending> endings;
    for (const auto& [place, passage, question] : places_) {
      endings.push_back({place->position, place->own, place->following, passage, true});
      for (const auto& one : place->pool)
        endings.push_back({place->position, one.word.ids, place->following, passage, true});
      for (const auto& one : place->pool) endings.push_back({end_of(question), one.word.ids, {}, question});
    }
    const auto scored = score_endings(texts, endings);
    std::size_t own = 0;
    for (const auto& one : places_) {
      auto& pool = one.place->pool;
      for (std::size_t i = 0; i < pool.size(); ++i) {
        const EndingScore& score = scored.scores[own + 1 + i];
        SubstituteFacts& facts = pool[i].facts;
        facts.word = score.word - scored.scores[own].word;
        facts.following = score.following;
        for (std::size_t n = 0; n < facts.following.size(); ++n)
          facts.following[n] -= scored.scores[own].following[n];
        facts.likeness = scored.likeness(own, own + 1 + i);
        facts.association = scored.scores[own + 1 + pool.size() + i].word;
      }
      own += 1 + 2 * pool.size();
    }
  }

  const generation::LanguageModel& model_;
  std::span<const Ids> passages_;
  std::size_t shortlist_, tokens_ = 0;
  std::vector<Ids> texts_;
  std::map<std::size_t, std::int32_t> passage_texts_;
  std::map<std::string, std::int32_t> question_texts_;
  std::vector<PlaceInTexts> places_;
};

}  // namespace

std::size_t JudgedPlace::longest_word() const {
  std::size_t most = own.size();
  for (const auto& one : pool) most = std::max(most, one.word.ids.size());
  return most;
}

void judge_places(const generation::LanguageModel& model, std::span<const std::vector<std::int32_t>> passages,
                  std::span<JudgedPlace> places, std::size_t shortlist, const std::stop_token& stop) {
  for (std::size_t p = 0; p < places.size();) {
    if (stop.stop_requested()) throw Interrupted("annotation was stopped");
    Pack pack(model, passages, shortlist);
    for (; p < places.size() && !pack.is_full(); ++p) pack.add(places[p]);
    pack.judge();
  }
}

}  // namespace conceptune::concepts
