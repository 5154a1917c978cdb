#include "conceptune/runtime/weights/model_config.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/model_config_parts.h"

namespace conceptune::weights {
namespace {

struct FamilyNames {
  std::string_view name, architecture;
};

// In the order of Family.
constexpr std::array kFamilies = {FamilyNames{"llama", "LlamaForCausalLM"},
                                  FamilyNames{"qwen2", "Qwen2ForCausalLM"},
                                  FamilyNames{"qwen3", "Qwen3ForCausalLM"}};

const FamilyNames& names_of(Family family) { return kFamilies[static_cast<std::size_t>(family)]; }

struct Limit {
  const char* name;
  std::int64_t ModelConfig::*member;
  std::int64_t low, high;
};

// Far above any model of these families, far below what would overflow a product of three.
constexpr Limit kLimits[] = {
    {"layers", &ModelConfig::layers, 1, 1 << 10},
    {"width", &ModelConfig::width, 1, 1 << 17},
    {"attention heads", &ModelConfig::heads, 1, 1 << 10},
    {"key/value heads", &ModelConfig::kv_heads, 1, 1 << 10},
    {"head size", &ModelConfig::head_size, 2, 1 << 10},
    {"MLP width", &ModelConfig::mlp_width, 1, 1 << 20},
    {"vocabulary", &ModelConfig::vocabulary, 1, 1 << 22},
    {"context length", &ModelConfig::context_length, 1, 1 << 26},
};

}  // namespace

std::string_view name_of(Family family) { return names_of(family).name; }

std::string_view architecture_of(Family family) { return names_of(family).architecture; }

Family family_named(std::string_view name, std::string_view where) {
  std::vector<std::string_view> known;
  for (const auto& family : kFamilies) {
    if (family.name == name) return static_cast<Family>(known.size());
    known.push_back(family.name);
  }
  throw InputError(
      kReadingConfig, where,
      fmt::format("unknown architecture '{}', expected one of: {}", name, fmt::join(known, ", ")));
}

void set_family_traits(ModelConfig& config) {
  config.qkv_bias = config.family == Family::qwen2;
  config.qk_norm = config.family == Family::qwen3;
}

void check_config(const ModelConfig& config, std::string_view where) {
  for (const Limit& limit : kLimits) {
    const std::int64_t value = config.*limit.member;
    if (value < limit.low || value > limit.high)
      throw InputError(kReadingConfig, where,
                       fmt::format("{} is {}, expected {} to {}", limit.name, value, limit.low, limit.high));
  }
  if (config.heads % config.kv_heads != 0)
    throw InputError(kReadingConfig, where,
                     fmt::format("{} attention heads are not a multiple of {} key/value heads", config.heads,
                                 config.kv_heads));
  if (config.head_size % 2 != 0)
    throw InputError(kReadingConfig, where,
                     fmt::format("head size is {}, expected an even number", config.head_size));
  if (!(config.rope_base > 0 && std::isfinite(config.rope_base)))
    throw InputError(kReadingConfig, where,
                     fmt::format("rotary base is {}, expected a positive number", config.rope_base));
  if (!(config.norm_epsilon >= 0 && config.norm_epsilon < 1))
    throw InputError(kReadingConfig, where,
                     fmt::format("norm epsilon is {}, expected 0 to 1", config.norm_epsilon));
}

std::int64_t default_head_size(const ModelConfig& config, std::string_view where) {
  if (config.heads < 1 || config.width % config.heads != 0)
    throw InputError(
        kReadingConfig, where,
        fmt::format("width {} is no multiple of {} attention heads", config.width, config.heads));
  return config.width / config.heads;
}

}  // namespace conceptune::weights
