// Which kind of server answers, and what it serves.
#pragma once

#include <string>
#include <string_view>

#include "conceptune/base/json.h"

namespace conceptune::servers {

/// other: anything else that speaks OpenAI's chat completions; it can answer prompts, not score tokens.
enum class ServerKind { vllm, llama_cpp, sglang, other };

/// "vLLM", "llama.cpp", "SGLang" or "other".
std::string_view name_of(ServerKind kind);

struct ServedModel {
  ServerKind kind = ServerKind::other;
  std::string name;  // to ask for it
  /// Kind, name and what else of the listing stays the same for the same model: what replies are known by.
  Json identity;
};

/// Reads the listing of GET /v1/models and chooses the model of that name, or the only one when `model` is
/// empty. Throws InputError (`where` is the address) for a listing that is none, or when there is no such
/// choice.
ServedModel read_listing(const Json& listing, const std::string& model, const std::string& where);

}  // namespace conceptune::servers
