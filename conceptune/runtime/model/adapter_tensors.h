// The tensors of an adapter's file as what they change: pairs of matrices, each of one projection of one
// layer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/runtime/model/adapter_config.h"
#include "conceptune/runtime/model/projection.h"
#include "conceptune/runtime/weights/safetensors.h"

namespace conceptune::model {

/// One adapted projection; the tensors are the file's.
struct AdaptedModule {
  std::int64_t layer;
  Projection projection;
  double alpha;
  const weights::SafetensorsTensor *a, *b;  ///< shapes [rank, in] and [out, rank]
};

/// The modules that the file adapts, by layer and projection. Names come from the tensors, as far as the
/// settings do not contradict them. Throws InputError that names the tensor: one that is not an adapter's
/// matrix of this model, an A without its B, another rank than the settings say, a shape that does not fit
/// the model, a type that is not floating, a module that the settings adapt and the file does not or the
/// other way round.
std::vector<AdaptedModule> adapted_modules(const weights::SafetensorsFile& file,
                                           const AdapterConfig& settings, const weights::ModelConfig& model);

}  // namespace conceptune::model
