// Tensors of safetensors files as matrices of float32.
#include <fmt/format.h>

#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/dequantise.h"
#include "conceptune/runtime/weights/safetensors.h"

namespace conceptune::weights {

model::Matrix SafetensorsFile::load(std::string_view name) const {
  const SafetensorsTensor& stored = tensor(name);
  const auto fail = [&](std::string_view problem) {
    throw InputError("reading safetensors", fmt::format("{}, tensor '{}'", name_, name), problem);
  };
  if (stored.shape.empty() || stored.shape.size() > 2)
    fail(fmt::format("has {} dimensions, expected a vector or a matrix", stored.shape.size()));
  const auto type = kernels::block_type_named(stored.type);
  if (!type || kernels::layout_of(*type).values != 1)
    fail(fmt::format("type {} cannot be loaded, expected F32, F16 or BF16", stored.type));
  const std::int64_t rows = stored.shape.size() == 2 ? stored.shape.front() : 1;
  const model::Matrix values(rows, stored.shape.back());
  kernels::dequantise(*type, stored.bytes.data(), static_cast<std::size_t>(values.size()), values.values());
  return values;
}

}  // namespace conceptune::weights
