#include "conceptune/servers/reply_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "conceptune/base/error.h"

namespace conceptune::servers {

void bad_reply(const std::string& problem) { throw InputError("reading a server's reply: " + problem); }

const Json& element(const Json& object, std::string_view key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) bad_reply(fmt::format("no \"{}\"", key));
  return *found;
}

const Json& element(const Json& array, std::size_t index) {
  if (!array.is_array()) bad_reply("a list was expected");
  if (index >= array.size()) bad_reply(fmt::format("{} elements, expected more", array.size()));
  return array[index];
}

std::string text_of(const Json& value, std::string_view what) {
  if (!value.is_string()) bad_reply(fmt::format("{} is no text", what));
  return value.get<std::string>();
}

double number_of(const Json& value, std::string_view what) {
  if (!value.is_number()) bad_reply(fmt::format("{} is no number", what));
  return value.get<double>();
}

std::int32_t token_id_of(const Json& value) {
  if (!value.is_number_integer()) bad_reply("a token id is no whole number");
  const auto id = value.get<std::int64_t>();
  if (id < 0 || id > std::numeric_limits<std::int32_t>::max())
    bad_reply(fmt::format("token id {} cannot be", id));
  return static_cast<std::int32_t>(id);
}

std::vector<std::int32_t> token_ids_of(const Json& values) {
  if (!values.is_array()) bad_reply("the token ids are no list");
  std::vector<std::int32_t> ids;
  for (const auto& value : values) ids.push_back(token_id_of(value));
  return ids;
}

TopTokens TopTokensReader::best(int count, std::int64_t position) {
  std::unordered_set<std::int32_t> ids;
  for (const auto& token : tokens_) {
    if (!std::isfinite(token.log_prob))
      bad_reply(fmt::format("a log-probability at position {} is not finite", position));
    if (!ids.insert(token.id).second)
      bad_reply(fmt::format("token {} twice at position {}", token.id, position));
  }
  if (ids.size() < static_cast<std::size_t>(count))
    bad_reply(fmt::format("{} tokens at position {}, expected {}", ids.size(), position, count));
  std::stable_sort(tokens_.begin(), tokens_.end(), [](const Token& a, const Token& b) {
    return a.log_prob != b.log_prob ? a.log_prob > b.log_prob : a.id < b.id;
  });
  TopTokens top;
  for (int i = 0; i < count; ++i) {
    top.ids.push_back(tokens_[static_cast<std::size_t>(i)].id);
    top.log_probs.push_back(tokens_[static_cast<std::size_t>(i)].log_prob);
  }
  return top;
}

}  // namespace conceptune::servers
