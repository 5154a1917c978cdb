// Whole tensors of a model as libtorch's.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <cstring>

#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::weights {

at::Tensor WeightStore::load(std::string_view name) const {
  const std::size_t position = position_of(name);
  const std::vector<std::int64_t>& shape = infos_[position].shape;
  const std::int64_t columns = shape.size() == 2 ? shape[1] : 1;
  at::Tensor values = at::empty(shape, at::kFloat);
  float* const out = values.data_ptr<float>();
  constexpr std::int64_t kValuesPerTask = 1 << 16;
  at::parallel_for(0, shape[0], std::max<std::int64_t>(1, kValuesPerTask / columns),
                   [&](std::int64_t begin, std::int64_t end) {
                     expand(position, begin, end - begin, out + begin * columns);
                   });
  return values;
}

at::Tensor WeightStore::load(std::string_view name, at::ScalarType type) const {
  const std::size_t position = position_of(name);
  const TensorInfo& info = infos_[position];
  const bool as_stored =
      info.type == kernels::BlockType::bf16 && stored_[position].interleaved_head_size == 0;
  if (type != at::kBFloat16 || !as_stored) return load(name).to(type);
  at::Tensor values = at::empty(info.shape, at::kBFloat16);
  std::memcpy(values.data_ptr(), stored_[position].bytes, static_cast<std::size_t>(info.bytes));
  return values;
}

}  // namespace conceptune::weights
