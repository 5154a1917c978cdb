#include <fmt/format.h>

#include "conceptune/servers/reply_reader.h"
#include "conceptune/servers/score_dialect.h"

namespace conceptune::servers {
namespace {

/// Reads [log-probability, id, text or null].
std::int32_t id_of_entry(const Json& entry) { return token_id_of(element(entry, std::size_t{1})); }

Json without_generation() { return {{"max_new_tokens", 1}, {"temperature", 0}}; }

/// Every kind of reply to /generate tells of the input's tokens here.
const Json& input_tokens(const Json& reply) {
  const auto& tokens = element(element(reply, "meta_info"), "input_token_logprobs");
  if (!tokens.is_array()) bad_reply("\"input_token_logprobs\" is no list");
  return tokens;
}

class SglangDialect : public ScoreDialect {
 public:
  bool scores_many_positions() const override { return true; }

  /// /generate tells the ids of its input in every version; /tokenize came late.
  Request tokenize(const std::string&, const std::string& text) const override {
    return {"/generate",
            {{"text", text},
             {"sampling_params", without_generation()},
             {"return_logprob", true},
             {"logprob_start_len", 0}}};
  }

  std::vector<std::int32_t> read_tokens(const Json& reply) const override {
    std::vector<std::int32_t> ids;
    for (const auto& entry : input_tokens(reply)) ids.push_back(id_of_entry(entry));
    return ids;
  }

  Request score(const std::string&, const ScoreQuestion& question, int count) const override {
    return {"/generate",
            {{"input_ids", question.ids},
             {"sampling_params", without_generation()},
             {"return_logprob", true},
             {"logprob_start_len", 0},
             {"top_logprobs_num", count},
             {"return_text_in_logprobs", false}}};
  }

  std::vector<TopTokens> read_scores(const Json& reply, const ScoreQuestion& question,
                                     int count) const override {
    if (read_tokens(reply) != question.ids) bad_reply("other tokens than were sent");
    const auto& best = element(element(reply, "meta_info"), "input_top_logprobs");
    std::vector<TopTokens> read;
    for (const auto position : question.positions) {
      const auto& entries = element(best, static_cast<std::size_t>(position));
      if (!entries.is_array()) bad_reply(fmt::format("no log-probabilities at position {}", position));
      TopTokensReader reader;
      for (const auto& entry : entries)
        reader.add(id_of_entry(entry), number_of(element(entry, std::size_t{0}), "a log-probability"));
      read.push_back(reader.best(count, position));
    }
    return read;
  }

  std::string advice(const std::string&, int) const override { return {}; }
};

}  // namespace

std::unique_ptr<const ScoreDialect> sglang_dialect() { return std::make_unique<SglangDialect>(); }

}  // namespace conceptune::servers
