// Reading replies that may have any shape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/servers/score_dialect.h"

namespace conceptune::servers {

/// Throws the InputError of a reply that has not the expected shape.
[[noreturn]] void bad_reply(const std::string& problem);

/// The element of an object or array; InputError when it is absent.
const Json& element(const Json& object, std::string_view key);
const Json& element(const Json& array, std::size_t index);

std::string text_of(const Json& value, std::string_view what);
double number_of(const Json& value, std::string_view what);
std::int32_t token_id_of(const Json& value);
std::vector<std::int32_t> token_ids_of(const Json& values);

/// Gathers the tokens that a server reports for one position, in any order.
class TopTokensReader {
 public:
  void add(std::int32_t id, double log_prob) { tokens_.push_back({log_prob, id}); }
  /// The `count` most probable of them. InputError when there are fewer, or two have one id, or a
  /// log-probability is not finite. A server may report the token that stands there besides the best.
  TopTokens best(int count, std::int64_t position);

 private:
  struct Token {
    double log_prob;
    std::int32_t id;
  };
  std::vector<Token> tokens_;
};

}  // namespace conceptune::servers
