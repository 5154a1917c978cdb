#include <fmt/format.h>

#include "conceptune/servers/reply_reader.h"
#include "conceptune/servers/score_dialect.h"

namespace conceptune::servers {
namespace {

class LlamaCppDialect : public ScoreDialect {
 public:
  bool scores_many_positions() const override { return false; }

  Request tokenize(const std::string&, const std::string& text) const override {
    return {"/tokenize", {{"content", text}, {"add_special", false}, {"parse_special", false}}};
  }

  std::vector<std::int32_t> read_tokens(const Json& reply) const override {
    return token_ids_of(element(reply, "tokens"));
  }

  /// The words of a passage follow each other: most of the next one's prefix is in the server's cache.
  Request score(const std::string& model, const ScoreQuestion& question, int count) const override {
    const auto end = question.ids.begin() + static_cast<std::ptrdiff_t>(question.positions.front());
    return {"/completion",
            {{"model", model},
             {"prompt", std::vector<std::int32_t>(question.ids.begin(), end)},
             {"n_predict", 1},
             {"temperature", -1},
             {"n_probs", count},
             {"cache_prompt", true}}};
  }

  std::vector<TopTokens> read_scores(const Json& reply, const ScoreQuestion& question,
                                     int count) const override {
    const auto position = question.positions.front();
    const auto& evaluated = element(reply, "tokens_evaluated");
    if (evaluated != position)
      bad_reply(fmt::format("{} tokens evaluated, {} were sent", evaluated.dump(), position));
    const auto& generated = element(element(reply, "completion_probabilities"), std::size_t{0});
    const auto& best = element(generated, "top_logprobs");
    if (!best.is_array()) bad_reply("\"top_logprobs\" is no list");
    TopTokensReader reader;
    for (const auto& token : best)
      reader.add(token_id_of(element(token, "id")),
                 number_of(element(token, "logprob"), "a log-probability"));
    return {reader.best(count, position)};
  }

  std::string advice(const std::string&, int) const override { return {}; }
};

}  // namespace

std::unique_ptr<const ScoreDialect> llama_cpp_dialect() { return std::make_unique<LlamaCppDialect>(); }

}  // namespace conceptune::servers
