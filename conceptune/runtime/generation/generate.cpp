#include "conceptune/runtime/generation/generate.h"

#include <fmt/format.h>

#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/kv_cache.h"
#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::generation {
namespace {

using Tokens = std::vector<std::int32_t>;

/// One suffix of one group: its place in the results.
struct Place {
  std::size_t group, suffix;
};

/// A text being written.
class Text {
 public:
  /// `penalised` are the distinct tokens of its prompt, empty where there is no penalty.
  Text(const GenerateOptions& options, Tokens penalised)
      : options_(&options), penalised_(std::move(penalised)) {}

  const Tokens& written() const { return written_; }
  bool ended() const { return ended_; }

  /// Writes the most probable token; of equal logits the first.
  void add_token(std::span<float> logits_V) {
    const auto penalty = static_cast<float>(options_->repetition_penalty);
    for (const std::int32_t token : penalised_)
      logits_V[token] = logits_V[token] < 0 ? logits_V[token] * penalty : logits_V[token] / penalty;
    const auto token =
        static_cast<std::int32_t>(std::max_element(logits_V.begin(), logits_V.end()) - logits_V.begin());
    const auto& stops = options_->stop_tokens;
    ended_ = std::find(stops.begin(), stops.end(), token) != stops.end();
    if (ended_) return;
    written_.push_back(token);
    if (penalty != 1 && std::find(penalised_.begin(), penalised_.end(), token) == penalised_.end())
      penalised_.push_back(token);
    ended_ = static_cast<int>(written_.size()) == options_->max_new_tokens ||
             (options_->is_complete && options_->is_complete(written_));
  }

 private:
  const GenerateOptions* options_;
  Tokens penalised_, written_;
  bool ended_ = false;
};

/// Texts that are written together, until the last one has ended.
class Wave {
 public:
  Wave(const model::Decoder& decoder, std::span<const PromptGroup> groups, std::span<const Place> places,
       const GenerateOptions& options, const model::LoraAdapter* adapter, const std::stop_token& stop)
      : decoder_(decoder),
        groups_(groups),
        places_(places),
        options_(options),
        adapter_(adapter),
        stop_(stop),
        cache_(decoder) {}

  /// The texts in the order of their places.
  std::vector<Text> run() {
    run_prefixes();
    run_suffixes();
    std::vector<std::int32_t> active(texts_.size());
    std::iota(active.begin(), active.end(), 0);
    while (true) {
      std::erase_if(active, [&](std::int32_t i) { return texts_[i].ended(); });
      if (active.empty()) break;
      model::PackedBatch batch;
      for (const std::int32_t i : active) batch.append(std::span(&texts_[i].written().back(), 1));
      step(batch, active);
    }
    return std::move(texts_);
  }

 private:
  const Tokens& suffix(std::size_t text) const {
    return groups_[places_[text].group].suffixes[places_[text].suffix];
  }

  void run_prefixes() {
    model::PackedBatch prefixes;
    std::vector<Continuation> continuations;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Tokens& prefix = groups_[places_[i].group].prefix;
      if (!prefix.empty() && (i == 0 || places_[i].group != places_[i - 1].group)) prefixes.append(prefix);
      continuations.push_back({prefix.empty() ? -1 : static_cast<std::int32_t>(prefixes.sequences() - 1),
                               static_cast<std::int64_t>(prefix.size()),
                               static_cast<std::int64_t>(suffix(i).size()) + options_.max_new_tokens});
      texts_.emplace_back(options_, penalised_tokens(prefix, suffix(i)));
    }
    if (prefixes.size() > 0) decoder_.forward(prefixes, adapter_, {.memory = &cache_});
    cache_.begin_continuations(std::move(continuations));
  }

  /// The suffixes' own tokens, a few thousand at a time, and the first new token of each.
  void run_suffixes() {
    constexpr std::int64_t kTokensAtOnce = 4096;
    model::PackedBatch batch;
    std::vector<std::int32_t> texts;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      batch.append(suffix(i));
      texts.push_back(static_cast<std::int32_t>(i));
      const bool is_last = i + 1 == places_.size();
      if (!is_last && batch.size() + static_cast<std::int64_t>(suffix(i + 1).size()) <= kTokensAtOnce)
        continue;
      step(batch, texts);
      batch = {};
      texts.clear();
    }
  }

  Tokens penalised_tokens(const Tokens& prefix, const Tokens& suffix) const {
    if (options_.repetition_penalty == 1.0) return {};
    Tokens distinct = prefix;
    distinct.insert(distinct.end(), suffix.begin(), suffix.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    return distinct;
  }

  /// Runs one sequence for each of the texts and adds a token to each.
  void step(const model::PackedBatch& batch, const std::vector<std::int32_t>& texts) {
    if (stop_.stop_requested()) throw Interrupted("generating: stopped");
    cache_.select(texts);
    const model::Matrix hidden_ND = decoder_.forward(batch, adapter_, {.memory = &cache_});
    std::vector<std::int64_t> last_rows;
    for (std::int64_t s = 0; s < batch.sequences(); ++s) last_rows.push_back(batch.starts[s + 1] - 1);
    const model::Matrix last_SD = model::rows_of(hidden_ND, std::span<const std::int64_t>(last_rows));
    constexpr std::int64_t kRowsAtOnce = 64;  // a bound on the logits that exist
    for (std::int64_t begin = 0; begin < last_SD.rows(); begin += kRowsAtOnce) {
      const std::int64_t rows = std::min(kRowsAtOnce, last_SD.rows() - begin);
      const model::Matrix logits_SV = decoder_.project(model::rows_of(last_SD, begin, rows));
      kernels::parallel_for(rows, [&](std::int64_t s) {
        texts_[texts[begin + s]].add_token({logits_SV.row(s), static_cast<std::size_t>(logits_SV.width())});
      });
    }
  }

  const model::Decoder& decoder_;
  std::span<const PromptGroup> groups_;
  std::span<const Place> places_;
  const GenerateOptions& options_;
  const model::LoraAdapter* adapter_;
  const std::stop_token& stop_;
  KvCache cache_;
  std::vector<Text> texts_;
};

std::vector<Place> checked_places(std::span<const PromptGroup> groups) {
  std::vector<Place> places;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t s = 0; s < groups[g].suffixes.size(); ++s) {
      if (groups[g].suffixes[s].empty())
        throw InputError("generating", fmt::format("suffix {} of prompt group {}", s, g),
                         "is empty, expected tokens");
      places.push_back({g, s});
    }
  return places;
}

/// How many of the places fit into the cache together, at least one; a prefix counts once.
std::size_t fitting(std::span<const PromptGroup> groups, std::span<const Place> places,
                    const GenerateOptions& options) {
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const PromptGroup& group = groups[places[i].group];
    if (i == 0 || places[i].group != places[i - 1].group)
      tokens += static_cast<std::int64_t>(group.prefix.size());
    tokens += static_cast<std::int64_t>(group.suffixes[places[i].suffix].size()) + options.max_new_tokens;
    if (i > 0 && tokens > options.cached_tokens) return i;
  }
  return places.size();
}

}  // namespace

std::vector<std::vector<Tokens>> generate(const model::Decoder& decoder, std::span<const PromptGroup> groups,
                                          const GenerateOptions& options, const model::LoraAdapter* adapter,
                                          ProgressObserver* observer, std::stop_token stop) {
  const std::vector<Place> places = checked_places(groups);
  Progress progress(observer, "generating", static_cast<std::int64_t>(places.size()), "prompts");
  std::vector<std::vector<Tokens>> texts(groups.size());
  for (std::span<const Place> left = places; !left.empty();) {
    const std::span<const Place> wave = left.first(fitting(groups, left, options));
    for (std::size_t i = 0; const Text& text : Wave(decoder, groups, wave, options, adapter, stop).run())
      texts[wave[i++].group].push_back(text.written());
    progress.add(static_cast<std::int64_t>(wave.size()));
    left = left.subspan(wave.size());
  }
  return texts;
}

Tokens generate(const model::Decoder& decoder, std::span<const std::int32_t> prompt,
                const GenerateOptions& options, const model::LoraAdapter* adapter) {
  const PromptGroup group = {{}, {Tokens(prompt.begin(), prompt.end())}};
  return generate(decoder, std::span(&group, 1), options, adapter).front().front();
}

}  // namespace conceptune::generation
