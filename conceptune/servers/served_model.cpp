#include "conceptune/servers/served_model.h"

#include <fmt/format.h>

#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/servers/reply_reader.h"

namespace conceptune::servers {
namespace {

constexpr std::string_view kDoing = "asking which models a server has";

/// What `owned_by` says: each of these servers writes its own name there.
ServerKind kind_of(const Json& entry) {
  const std::string owner = entry.value("owned_by", "");
  if (owner == "vllm") return ServerKind::vllm;
  if (owner == "llamacpp") return ServerKind::llama_cpp;
  if (owner == "sglang") return ServerKind::sglang;
  return ServerKind::other;
}

ServedModel model_of(const Json& entry) {
  ServedModel model{kind_of(entry), text_of(element(entry, "id"), "a model's id"), Json::object()};
  model.identity = {{"kind", std::string(name_of(model.kind))}, {"model", model.name}};
  for (const auto* key : {"root", "max_model_len"})
    if (entry.contains(key) && !entry[key].is_null()) model.identity[key] = entry[key];
  if (entry.contains("meta") && entry["meta"].is_object())
    for (const auto* key : {"n_vocab", "n_embd", "n_params", "size"})
      if (entry["meta"].contains(key)) model.identity[key] = entry["meta"][key];
  return model;
}

std::string list_names(const std::vector<ServedModel>& models) {
  std::string names;
  for (const auto& model : models) names += (names.empty() ? "'" : ", '") + model.name + "'";
  return names.empty() ? "none" : names;
}

}  // namespace

std::string_view name_of(ServerKind kind) {
  switch (kind) {
    case ServerKind::vllm:
      return "vLLM";
    case ServerKind::llama_cpp:
      return "llama.cpp";
    case ServerKind::sglang:
      return "SGLang";
    case ServerKind::other:
      break;
  }
  return "other";
}

ServedModel read_listing(const Json& listing, const std::string& model, const std::string& where) {
  std::vector<ServedModel> models;
  try {
    const auto& entries = element(listing, "data");
    if (!entries.is_array()) bad_reply("\"data\" is no list");
    for (const auto& entry : entries) models.push_back(model_of(entry));
  } catch (const Error& error) {
    throw InputError(kDoing, where, error.what());
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kDoing, where, error.what());
  }
  for (const auto& served : models)
    if (served.name == model) return served;
  if (!model.empty())
    throw InputError(kDoing, where, fmt::format("no model '{}'; there is {}", model, list_names(models)));
  if (models.size() != 1)
    throw InputError(kDoing, where,
                     fmt::format("choose a model by its name; there is {}", list_names(models)));
  return models.front();
}

}  // namespace conceptune::servers
