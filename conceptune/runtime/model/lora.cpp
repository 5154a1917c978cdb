#include "conceptune/runtime/model/lora.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "conceptune/base/error.h"

namespace conceptune::model {
namespace {

constexpr std::string_view kDoing = "making an adapter";

/// Checks what visit_fields states as ranges, for callers that fill the struct themselves.
void check_options(LoraOptions options) {
  options.visit_fields([](const char* name, const auto& value, const char*, auto&&... range) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>> && sizeof...(range) == 1) {
      const Range allowed = FieldFacts(range...).range;
      if (!allowed.contains(static_cast<double>(value)))
        throw InputError(kDoing, name, fmt::format("is {}, expected {}", value, allowed.text()));
    }
  });
}

LoraPair initial_pair(const ProjectionShape& shape, int rank, double alpha, Random random) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(shape.in));
  LoraPair pair = {Matrix(rank, shape.in), Matrix(shape.out, rank), alpha};
  std::generate_n(pair.a_RI.values(), pair.a_RI.size(),
                  [&] { return static_cast<float>((2 * random.uniform() - 1) * bound); });
  std::fill_n(pair.b_OR.values(), pair.b_OR.size(), 0.0F);
  return pair;
}

}  // namespace

void LoraOptions::check(const ReportProblem& report) const {
  try {
    if (resolve_targets(targets).empty()) report("targets", "names no projection, expected at least one");
  } catch (const InputError& error) {
    report("targets", error.what());
  }
}

std::vector<Projection> resolve_targets(const std::vector<std::string>& names) {
  std::set<Projection> chosen;
  for (const std::string& name : names) {
    const bool all = name == "all" || name == "all-linear";
    if (all || name == "attention") chosen.insert(kProjections.begin(), kProjections.begin() + 4);
    if (all || name == "mlp") chosen.insert(kProjections.begin() + 4, kProjections.end());
    if (all || name == "attention" || name == "mlp") continue;
    const auto projection = projection_named(name);
    if (!projection)
      throw InputError(
          kDoing, "targets",
          fmt::format("'{}' is not a projection; expected q_proj, k_proj, v_proj, o_proj, gate_proj, "
                      "up_proj, down_proj, attention, mlp or all",
                      name));
    chosen.insert(*projection);
  }
  if (chosen.empty()) throw InputError(kDoing, "targets", "is empty, expected at least one projection");
  return {chosen.begin(), chosen.end()};
}

LoraAdapter::LoraAdapter(const weights::ModelConfig& config, const LoraOptions& options, std::uint64_t seed)
    : options_(options), layers_(config.layers) {
  check_options(options);
  for (std::int64_t layer = 0; layer < config.layers; ++layer)
    for (const Projection projection : resolve_targets(options.targets))
      layers_[layer][projection] =
          initial_pair(projection_shape(config, projection), options.rank, options.alpha,
                       Random(seed, "lora " + module_name(layer, projection)));
}

LoraAdapter::LoraAdapter(const LoraOptions& options, std::vector<std::map<Projection, LoraPair>> layers)
    : options_(options), layers_(std::move(layers)) {
  check_options(options);
}

double LoraAdapter::scaling(const LoraPair& pair) const {
  const auto rank = static_cast<double>(pair.a_RI.rows());
  return pair.alpha / (options_.rank_stabilised ? std::sqrt(rank) : rank);
}

const LoraPair* LoraAdapter::find(std::int64_t layer, Projection projection) const {
  const auto found = layers_[layer].find(projection);
  return found == layers_[layer].end() ? nullptr : &found->second;
}

std::vector<NamedMatrix> LoraAdapter::parameters() const {
  std::vector<NamedMatrix> parameters;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    for (const auto& [projection, pair] : layers_[layer]) {
      const std::string module =
          "base_model.model." + module_name(static_cast<std::int64_t>(layer), projection);
      parameters.push_back({module + ".lora_A.weight", pair.a_RI});
      parameters.push_back({module + ".lora_B.weight", pair.b_OR});
    }
  }
  return parameters;
}

std::int64_t LoraAdapter::parameter_count() const {
  std::int64_t count = 0;
  for (const NamedMatrix& parameter : parameters()) count += parameter.matrix.size();
  return count;
}

}  // namespace conceptune::model
