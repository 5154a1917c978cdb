// The model card of an adapter: README.md beside adapter_config.json, as model hubs read it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "conceptune/base/json.h"

namespace conceptune::model {

struct AdapterCard {
  std::string base;                    ///< what the adapter calls its base
  std::string description;             ///< Markdown: what was trained on what, and how
  std::string evaluation = {};         ///< Markdown: what it came to; may be empty
  Json model_index = Json::array({});  ///< the same for hubs (their "model-index"); empty for none
};

/// Whether a base is called as hubs call models, ORG/NAME; cards name no other as their `base_model`.
bool is_hub_name(std::string_view base);

/// What an adapter calls the base at `model`: `given`, or else the path by which it is found from anywhere.
std::string base_name(const std::string& given, const std::filesystem::path& model);

/// The whole file: facts in YAML (of which JSON is a part), then Markdown. What terms hold depends on the
/// base and the texts, which their user knows: the card says where to write them.
std::string card_text(const AdapterCard& card);

/// The description in what card_text() gave; empty when there is none.
std::string description_in(std::string_view text);

}  // namespace conceptune::model
