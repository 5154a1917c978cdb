#include "conceptune/runtime/model/projection.h"

#include <fmt/format.h>

namespace conceptune::model {
namespace {

constexpr std::string_view kNames[] = {"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                       "gate_proj", "up_proj", "down_proj"};

}  // namespace

std::string_view projection_name(Projection projection) { return kNames[static_cast<int>(projection)]; }

std::optional<Projection> projection_named(std::string_view name) {
  for (const Projection projection : kProjections)
    if (projection_name(projection) == name) return projection;
  return std::nullopt;
}

std::string module_name(std::int64_t layer, Projection projection) {
  const bool attention = projection <= Projection::o;
  return fmt::format("model.layers.{}.{}.{}", layer, attention ? "self_attn" : "mlp",
                     projection_name(projection));
}

ProjectionShape projection_shape(const weights::ModelConfig& config, Projection projection) {
  const std::int64_t query_width = config.heads * config.head_size;
  const std::int64_t key_width = config.kv_heads * config.head_size;
  switch (projection) {
    case Projection::q:
      return {config.width, query_width};
    case Projection::k:
    case Projection::v:
      return {config.width, key_width};
    case Projection::o:
      return {query_width, config.width};
    case Projection::gate:
    case Projection::up:
      return {config.width, config.mlp_width};
    case Projection::down:
      return {config.mlp_width, config.width};
  }
  return {};
}

}  // namespace conceptune::model
