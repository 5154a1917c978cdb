#include "conceptune/runtime/generation/generate.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/generation/kv_cache.h"

namespace conceptune::generation {
namespace {

using Tokens = std::vector<std::int32_t>;

/// Groups that are decoded together, until the last continuation has ended.
class Wave {
 public:
  Wave(const model::Decoder& decoder, std::span<const PromptGroup> groups, const GenerateOptions& options,
       const model::LoraAdapter* adapter, const std::stop_token& stop)
      : decoder_(decoder),
        groups_(groups),
        options_(options),
        adapter_(adapter),
        stop_(stop),
        cache_(decoder.config()) {}

  std::vector<std::vector<Tokens>> run() {
    run_prefixes();
    model::PackedBatch batch;
    for (std::size_t i = 0; i < continuations_.size(); ++i) {
      batch.append(*continuations_[i].suffix);
      active_.push_back(static_cast<std::int32_t>(i));
    }
    while (!active_.empty()) {
      if (stop_.stop_requested()) throw Interrupted("generating: stopped");
      cache_.select(active_);
      step(batch);
      batch = next_batch();
    }
    std::vector<std::vector<Tokens>> texts(groups_.size());
    for (Continuation& continuation : continuations_)
      texts[continuation.group].push_back(std::move(continuation.written));
    return texts;
  }

 private:
  struct Continuation {
    std::size_t group;
    const Tokens* suffix;
    Tokens written;
    std::vector<bool> present;  // by token: is it in prompt or text
    bool ended = false;
  };

  void run_prefixes() {
    model::PackedBatch prefixes;
    std::vector<std::int32_t> prefix_of;
    std::vector<std::int64_t> capacity;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const bool has_prefix = !groups_[g].prefix.empty() && !groups_[g].suffixes.empty();
      const auto prefix = has_prefix ? static_cast<std::int32_t>(prefixes.sequences()) : -1;
      if (has_prefix) prefixes.append(groups_[g].prefix);
      for (const Tokens& suffix : groups_[g].suffixes) {
        prefix_of.push_back(prefix);
        capacity.push_back(static_cast<std::int64_t>(suffix.size()) + options_.max_new_tokens);
        continuations_.push_back({g, &suffix, {}, presence(groups_[g].prefix, suffix)});
      }
    }
    if (prefixes.size() > 0) decoder_.forward(prefixes, adapter_, {.memory = &cache_});
    cache_.begin_continuations(std::move(prefix_of), std::move(capacity));
  }

  std::vector<bool> presence(const Tokens& prefix, const Tokens& suffix) const {
    std::vector<bool> present(options_.repetition_penalty == 1.0 ? 0 : decoder_.config().vocabulary);
    if (present.empty()) return present;
    for (const Tokens* tokens : {&prefix, &suffix})
      for (const std::int32_t token : *tokens)
        if (token >= 0 && token < decoder_.config().vocabulary) present[token] = true;
    return present;
  }

  /// Runs the batch and adds one token to every active continuation.
  void step(const model::PackedBatch& batch) {
    const at::Tensor hidden_ND = decoder_.forward(batch, adapter_, {.memory = &cache_});
    std::vector<std::int64_t> last_rows;
    for (std::int64_t s = 0; s < batch.sequences(); ++s) last_rows.push_back(batch.starts[s + 1] - 1);
    const at::Tensor last_SD =
        hidden_ND.index_select(0, at::tensor(last_rows, at::kLong).to(hidden_ND.device()));
    constexpr std::int64_t kRowsAtOnce = 64;  // a bound on the logits that exist
    for (std::int64_t begin = 0; begin < last_SD.size(0); begin += kRowsAtOnce) {
      const std::int64_t end = std::min(begin + kRowsAtOnce, last_SD.size(0));
      const at::Tensor logits_SV = decoder_.project(last_SD.slice(0, begin, end)).cpu().contiguous();
      for (std::int64_t s = begin; s < end; ++s)
        add_token(continuations_[active_[s]],
                  {logits_SV[s - begin].data_ptr<float>(), static_cast<std::size_t>(logits_SV.size(1))});
    }
  }

  void add_token(Continuation& continuation, std::span<float> logits_V) const {
    for (std::size_t token = 0; token < continuation.present.size(); ++token) {
      if (!continuation.present[token]) continue;
      const auto penalty = static_cast<float>(options_.repetition_penalty);
      logits_V[token] = logits_V[token] < 0 ? logits_V[token] * penalty : logits_V[token] / penalty;
    }
    const auto token =
        static_cast<std::int32_t>(std::max_element(logits_V.begin(), logits_V.end()) - logits_V.begin());
    const auto& stops = options_.stop_tokens;
    continuation.ended = std::find(stops.begin(), stops.end(), token) != stops.end();
    if (continuation.ended) return;
    continuation.written.push_back(token);
    if (!continuation.present.empty()) continuation.present[token] = true;
    continuation.ended = static_cast<int>(continuation.written.size()) == options_.max_new_tokens;
  }

  model::PackedBatch next_batch() {
    std::erase_if(active_, [&](std::int32_t i) { return continuations_[i].ended; });
    model::PackedBatch batch;
    for (const std::int32_t i : active_) batch.append(std::span(&continuations_[i].written.back(), 1));
    return batch;
  }

  const model::Decoder& decoder_;
  std::span<const PromptGroup> groups_;
  const GenerateOptions& options_;
  const model::LoraAdapter* adapter_;
  const std::stop_token& stop_;
  KvCache cache_;
  std::vector<Continuation> continuations_;
  std::vector<std::int32_t> active_;
};

/// Tokens whose keys and values a group needs.
std::int64_t tokens_of(const PromptGroup& group, const GenerateOptions& options) {
  auto tokens = static_cast<std::int64_t>(group.prefix.size());
  for (const Tokens& suffix : group.suffixes)
    tokens += static_cast<std::int64_t>(suffix.size()) + options.max_new_tokens;
  return tokens;
}

void check_groups(std::span<const PromptGroup> groups) {
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t s = 0; s < groups[g].suffixes.size(); ++s)
      if (groups[g].suffixes[s].empty())
        throw InputError("generating", fmt::format("suffix {} of prompt group {}", s, g),
                         "is empty, expected tokens");
}

}  // namespace

std::vector<std::vector<Tokens>> generate(const model::Decoder& decoder, std::span<const PromptGroup> groups,
                                          const GenerateOptions& options, const model::LoraAdapter* adapter,
                                          ProgressObserver* observer, std::stop_token stop) {
  check_groups(groups);
  const at::NoGradGuard no_grad;
  Progress progress(observer, "generating", static_cast<std::int64_t>(groups.size()), "prompts");
  std::vector<std::vector<Tokens>> texts;
  for (std::size_t begin = 0; begin < groups.size();) {
    std::size_t end = begin + 1;
    for (std::int64_t tokens = tokens_of(groups[begin], options); end < groups.size(); ++end) {
      tokens += tokens_of(groups[end], options);
      if (tokens > options.cached_tokens) break;
    }
    auto written = Wave(decoder, groups.subspan(begin, end - begin), options, adapter, stop).run();
    texts.insert(texts.end(), std::make_move_iterator(written.begin()),
                 std::make_move_iterator(written.end()));
    progress.add(static_cast<std::int64_t>(end - begin));
    begin = end;
  }
  return texts;
}

Tokens generate(const model::Decoder& decoder, std::span<const std::int32_t> prompt,
                const GenerateOptions& options, const model::LoraAdapter* adapter) {
  const PromptGroup group = {{}, {Tokens(prompt.begin(), prompt.end())}};
  return generate(decoder, std::span(&group, 1), options, adapter).front().front();
}

}  // namespace conceptune::generation
