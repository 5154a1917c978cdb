// A language model behind HTTP: probed when it is opened, asked by several requests at a time, its replies
// kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/servers/answers.h"
#include "conceptune/servers/connection.h"
#include "conceptune/servers/reply_cache.h"
#include "conceptune/servers/score_dialect.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::servers {

/// The answer to a prompt, or why there is none.
struct Answer {
  std::string text;
  bool is_cut_off = false;
  std::string failure;
};

/// The most probable tokens at one position, or why there are none.
struct Scores {
  TopTokens top;
  std::string failure;
};

/// What the server's tokenizer must do like ours: the ids of a text without begin token, and the begin token
/// where the tokenizer adds one (else -1).
struct TokenizerProbe {
  std::function<std::vector<std::int32_t>(const std::string& text)> encode;
  std::int32_t begin_token = -1;
};

/// What check_scores() has the server's tokenizer read: a text of many scripts.
const std::string& tokenizer_probe_text();

/// Thread-safe.
class ModelServer {
 public:
  /// Asks the server what it is and what it serves. Throws InputError for an address, key or model that is
  /// wrong, SystemError when the server cannot be reached.
  explicit ModelServer(const ServerOptions& options);

  const ServedModel& model() const { return model_; }

  /// Checks, by asking, that the server gives the ids of the `count` most probable tokens and that its
  /// tokenizer gives tokenizer_probe_text() the ids that `tokenizer` gives it. Throws InputError that says
  /// what to do when it does not.
  void check_scores(int count, const TokenizerProbe& tokenizer, std::stop_token stop);

  /// Checks, by asking, that the server answers prompts. Throws InputError when it does not.
  void check_answers(std::stop_token stop);

  /// For each question the `count` most probable tokens at each of its positions: exactly that many,
  /// distinct. Throws as Connection::post.
  std::vector<std::vector<Scores>> top_tokens(std::span<const ScoreQuestion> questions, int count,
                                              std::stop_token stop);

  /// The greedy answer to each prompt. Throws as Connection::post.
  std::vector<Answer> answers(std::span<const std::string> prompts, const AnswerOptions& options,
                              std::stop_token stop);

 private:
  /// The reply to a request as `read` understands it, from the cache or the server; else its failure. What
  /// `read` refuses is a failure. `form` tells apart what different readers have made of the same request.
  Reply ask(const Request& request, std::string_view form, const std::function<Json(const Json&)>& read,
            std::stop_token stop);
  /// Calls `work` for every index below `count`, several at a time; rethrows the first exception.
  void for_each(std::size_t count, const std::function<void(std::size_t, std::stop_token)>& work,
                const std::stop_token& stop) const;
  /// Sends a first request of its kind and reads the reply; what goes wrong is an InputError with advice.
  void check(const Request& request, const std::function<void(const Json&)>& read,
             const std::function<std::string(const std::string&)>& advice, std::stop_token stop);
  std::vector<Scores> scores_of(const ScoreQuestion& question, int count, std::stop_token stop);
  void check_tokenizer(const TokenizerProbe& tokenizer, std::stop_token stop);

  ServerOptions options_;
  Connection connection_;
  ServedModel model_;
  std::unique_ptr<const ScoreDialect> dialect_;  // null for ServerKind::other
  ReplyCache cache_;
};

}  // namespace conceptune::servers
