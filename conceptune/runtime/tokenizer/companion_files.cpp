// What the files beside a tokenizer.json say: the end token and the chat template.
#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/definition.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kDoing = "reading tokenizer";

/// A token's text in tokenizer_config.json: a string, or an object with 'content'.
std::optional<std::string> token_text(const Json& config, std::string_view key, const std::string& where) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_object() && found->contains("content") && found->at("content").is_string())
    return found->at("content").get<std::string>();
  throw InputError(kDoing, where,
                   fmt::format("'{}' is {}, expected a token's text", key, to_json_text(*found)));
}

/// The template itself, or of several named ones the default.
std::optional<std::string> template_text(const Json& config) {
  const auto found = config.find("chat_template");
  if (found == config.end()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return std::nullopt;
  for (const auto& entry : *found)
    if (entry.is_object() && entry.value("name", Json()) == "default" && entry.contains("template") &&
        entry.at("template").is_string())
      return entry.at("template").get<std::string>();
  return std::nullopt;
}

Json optional_object(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::object();
  auto config = read_json_file(path, kDoing);
  if (!config.is_object()) throw InputError(kDoing, path.string(), "expected a JSON object");
  return config;
}

/// `eos_token_id` of config.json: a number, or of several the first.
std::optional<TokenId> end_token_of_config(const Json& config, std::size_t tokens, const std::string& where) {
  auto found = config.find("eos_token_id");
  if (found == config.end() || found->is_null()) return std::nullopt;
  const Json value = found->is_array() && !found->empty() ? found->front() : *found;
  if (!value.is_number_integer() || value < 0 || value >= tokens)
    throw InputError(
        kDoing, where,
        fmt::format("'eos_token_id' is {}, expected a token below {}", to_json_text(value), tokens));
  return static_cast<TokenId>(value.get<std::int64_t>());
}

TokenId id_of_text(const TokenizerDefinition& definition, const std::string& text, const std::string& where) {
  const auto found = std::ranges::find(definition.tokens, text);
  if (found == definition.tokens.end())
    throw InputError(kDoing, where,
                     fmt::format("'eos_token' is '{}', which is no token of tokenizer.json", text));
  return static_cast<TokenId>(found - definition.tokens.begin());
}

}  // namespace

void read_companion_files(const std::filesystem::path& folder, TokenizerDefinition& definition) {
  const std::string config_path = folder / "tokenizer_config.json", model_path = folder / "config.json";
  const Json config = optional_object(config_path);
  if (const auto end = token_text(config, "eos_token", config_path))
    definition.end_token = id_of_text(definition, *end, config_path);
  definition.begin_token_text = token_text(config, "bos_token", config_path);
  if (!definition.end_token)
    definition.end_token =
        end_token_of_config(optional_object(model_path), definition.tokens.size(), model_path);
  if (const auto jinja = folder / "chat_template.jinja"; std::filesystem::exists(jinja)) {
    definition.chat_template = read_file(jinja, kDoing);
  } else {
    definition.chat_template = template_text(config);
  }
}

}  // namespace conceptune::tokenizer
