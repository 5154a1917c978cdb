// The seven linear projections of a decoder layer: what LoRA may adapt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::model {

enum class Projection { q, k, v, o, gate, up, down };

inline constexpr std::array kProjections = {Projection::q,    Projection::k,  Projection::v,   Projection::o,
                                            Projection::gate, Projection::up, Projection::down};

/// "q_proj", as PEFT's target modules are named.
std::string_view projection_name(Projection projection);
/// The projection with that name, or nothing.
std::optional<Projection> projection_named(std::string_view name);
/// "model.layers.3.self_attn.q_proj", the module's name in Hugging Face models.
std::string module_name(std::int64_t layer, Projection projection);

/// Width of what goes in and what comes out: the weight is W_OI with O = out, I = in.
struct ProjectionShape {
  std::int64_t in, out;
};
ProjectionShape projection_shape(const weights::ModelConfig& config, Projection projection);

}  // namespace conceptune::model
