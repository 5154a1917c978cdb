// Low-rank adapters (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021) in PEFT's naming,
// initialisation and files: y = x Wᵀ + s · (x Aᵀ) Bᵀ.
//
// Shapes: R rank, I width in, O width out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/projection.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::model {

using weights::NamedMatrix;

struct LoraOptions {
  int rank = 4;
  double alpha = 4;
  double dropout = 0;
  std::vector<std::string> targets = {"q_proj", "k_proj", "v_proj", "o_proj"};
  bool rank_stabilised = false;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("rank", rank, "Rank of the adapter's matrices", between(1, 4096));
    visit("alpha", alpha, "Scale numerator: the adapter counts alpha / rank", between(1e-6, 1e6));
    visit("dropout", dropout, "Probability of dropping an input of the adapter in training",
          between(0, 0.99));
    visit("targets", targets, "Projections to adapt, by name, or attention, mlp, all");
    visit("rank_stabilised", rank_stabilised, "Divide alpha by the square root of the rank (rsLoRA)");
  }

  void check(const ReportProblem& report) const;
};

/// The projections that a list of names means, in the layer's order, each once. "attention" stands for q, k,
/// v and o, "mlp" for gate, up and down, "all" (PEFT: "all-linear") for both. Throws InputError for an
/// unknown name.
std::vector<Projection> resolve_targets(const std::vector<std::string>& names);

/// One adapted projection; ranks and alphas may differ between projections.
struct LoraPair {
  Matrix a_RI, b_OR;
  double alpha;
};

/// The trainable matrices of one adapter. Reading is thread-safe; the numbers are the caller's to update.
class LoraAdapter {
 public:
  /// A drawn as PEFT does (uniform in ±1/√I, its kaiming_uniform with a = √5) from generators of their own,
  /// so that one projection's values do not depend on which others are adapted; B = 0. Throws InputError for
  /// bad options.
  LoraAdapter(const weights::ModelConfig& config, const LoraOptions& options, std::uint64_t seed);
  /// One of given matrices, layer by layer; `options` tells the usual rank and alpha.
  LoraAdapter(const LoraOptions& options, std::vector<std::map<Projection, LoraPair>> layers);

  const LoraOptions& options() const { return options_; }
  std::int64_t layers() const { return std::ssize(layers_); }
  /// s of one of its pairs: alpha / rank, or alpha / √rank when rank-stabilised.
  double scaling(const LoraPair& pair) const;
  /// The pair of one projection, or null when it is not adapted.
  const LoraPair* find(std::int64_t layer, Projection projection) const;
  /// All matrices, layer by layer, in the layer's order, A before B, named as in PEFT's files
  /// ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"). They share the numbers.
  std::vector<NamedMatrix> parameters() const;
  /// Number of trainable values.
  std::int64_t parameter_count() const;

 private:
  LoraOptions options_;
  std::vector<std::map<Projection, LoraPair>> layers_;
};

/// Writes a folder that PEFT loads: adapter_config.json, adapter_model.safetensors and README.md, a card for
/// model hubs with `model_card` in its text. `base_model_name` is what PEFT's users will load the base by.
/// Replaces the folder.
void save_adapter(const std::filesystem::path& folder, const LoraAdapter& adapter,
                  const std::string& base_model_name, const std::string& model_card);

/// Reads an adapter that save_adapter() or PEFT wrote: plain LoRA of any layers and projections, with ranks
/// and alphas of their own. Throws InputError for a broken folder, a setting that is not understood (see
/// adapter_config.h), or tensors that do not fit the model or the settings (see adapter_tensors.h).
std::shared_ptr<LoraAdapter> load_adapter(const std::filesystem::path& folder,
                                          const weights::ModelConfig& config);

}  // namespace conceptune::model
