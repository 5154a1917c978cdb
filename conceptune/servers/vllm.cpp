#include <fmt/format.h>

#include <charconv>

#include "conceptune/servers/reply_reader.h"
#include "conceptune/servers/score_dialect.h"

namespace conceptune::servers {
namespace {

constexpr std::string_view kIdPrefix = "token_id:";

/// N of "token_id:N".
std::int32_t id_in(std::string_view text) {
  std::int32_t id = 0;
  if (text.starts_with(kIdPrefix)) {
    text.remove_prefix(kIdPrefix.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error == std::errc() && end == text.data() + text.size() && id >= 0) return id;
  }
  bad_reply("tokens without their ids (\"token_id:N\" was expected)");
}

class VllmDialect : public ScoreDialect {
 public:
  bool scores_many_positions() const override { return true; }

  Request tokenize(const std::string& model, const std::string& text) const override {
    return {"/tokenize", {{"model", model}, {"prompt", text}, {"add_special_tokens", false}}};
  }

  std::vector<std::int32_t> read_tokens(const Json& reply) const override {
    return token_ids_of(element(reply, "tokens"));
  }

  Request score(const std::string& model, const ScoreQuestion& question, int count) const override {
    return {"/v1/completions",
            {{"model", model},
             {"prompt", question.ids},
             {"max_tokens", 1},
             {"temperature", 0},
             {"echo", true},
             {"logprobs", count},
             {"return_tokens_as_token_ids", true}}};
  }

  std::vector<TopTokens> read_scores(const Json& reply, const ScoreQuestion& question,
                                     int count) const override {
    const auto& log_probs = element(element(element(reply, "choices"), std::size_t{0}), "logprobs");
    const auto& tokens = element(log_probs, "tokens");
    const auto& best = element(log_probs, "top_logprobs");
    for (std::size_t i = 0; i < question.ids.size(); ++i)
      if (id_in(text_of(element(tokens, i), "a token")) != question.ids[i])
        bad_reply(fmt::format("another token at position {} than was sent", i));
    std::vector<TopTokens> read;
    for (const auto position : question.positions) {
      const auto& entries = element(best, static_cast<std::size_t>(position));
      if (!entries.is_object()) bad_reply(fmt::format("no log-probabilities at position {}", position));
      TopTokensReader reader;
      for (const auto& [token, log_prob] : entries.items())
        reader.add(id_in(token), number_of(log_prob, "a log-probability"));
      read.push_back(reader.best(count, position));
    }
    return read;
  }

  std::string advice(const std::string& refusal, int count) const override {
    if (refusal.find("max allowed") == std::string::npos) return {};
    return fmt::format("start it with --max-logprobs {}", count);
  }
};

}  // namespace

std::unique_ptr<const ScoreDialect> vllm_dialect() { return std::make_unique<VllmDialect>(); }

}  // namespace conceptune::servers
