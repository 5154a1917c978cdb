// Which tokens a served model expects: what each kind of server is asked for them, and how its replies read.
// Nothing here touches the network.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/servers/request.h"
#include "conceptune/servers/served_model.h"

namespace conceptune::servers {

/// Which tokens a model expects at some positions of a sequence, each from all tokens before it. Positions
/// ascend; each is at least 1 and below the length.
struct ScoreQuestion {
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> positions;
};

/// The most probable tokens of one position, best first, with the logarithms of their probabilities.
struct TopTokens {
  std::vector<std::int32_t> ids;
  std::vector<double> log_probs;

  bool operator==(const TopTokens&) const = default;
};

/// The readers throw InputError, which says what is missing, for a reply of another shape.
class ScoreDialect {
 public:
  virtual ~ScoreDialect() = default;

  /// How many positions a request can ask for: one, or all of a sequence.
  virtual bool scores_many_positions() const = 0;
  /// The ids that the server's tokenizer gives a text, possibly behind its begin token.
  virtual Request tokenize(const std::string& model, const std::string& text) const = 0;
  virtual std::vector<std::int32_t> read_tokens(const Json& reply) const = 0;
  /// The `count` most probable tokens at each position; at one position unless scores_many_positions().
  virtual Request score(const std::string& model, const ScoreQuestion& question, int count) const = 0;
  /// The tokens of each position: exactly `count` distinct ids with finite log-probabilities.
  virtual std::vector<TopTokens> read_scores(const Json& reply, const ScoreQuestion& question,
                                             int count) const = 0;
  /// What would let the server give `count` tokens where it refused with that message, e.g. a flag to start
  /// it with; empty when nothing is known.
  virtual std::string advice(const std::string& refusal, int count) const = 0;
};

/// vLLM: the prompt echoed by POST /v1/completions with the best tokens of every position, by id.
std::unique_ptr<const ScoreDialect> vllm_dialect();
/// llama.cpp: it scores no prompts, so that every position is a request to POST /completion whose first
/// generated token tells.
std::unique_ptr<const ScoreDialect> llama_cpp_dialect();
/// SGLang: its native POST /generate with the best tokens of every input position.
std::unique_ptr<const ScoreDialect> sglang_dialect();

/// How that kind of server is asked; null for ServerKind::other.
std::unique_ptr<const ScoreDialect> score_dialect_of(ServerKind kind);

}  // namespace conceptune::servers
