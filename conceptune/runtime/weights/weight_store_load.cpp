// Whole tensors of a model as libtorch's.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <cstdint>

#include "conceptune/base/memory.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::weights {

at::Tensor WeightStore::load(std::string_view name) const { return load(name, at::kFloat); }

at::Tensor WeightStore::load(std::string_view name, at::ScalarType type) const {
  const TensorInfo& tensor = info(name);
  const std::vector<std::int64_t>& shape = tensor.shape;
  const std::int64_t columns = shape.size() == 2 ? shape[1] : 1;
  at::Tensor values = at::empty(shape, type);
  prefer_large_pages(values.data_ptr(), values.nbytes());
  if (const at::Tensor stored = mapped(name); stored.defined() && stored.scalar_type() == type)
    return values.copy_(stored);
  constexpr std::int64_t kValuesPerTask = 1 << 16;
  at::parallel_for(0, shape[0], std::max<std::int64_t>(1, kValuesPerTask / columns),
                   [&](std::int64_t begin, std::int64_t end) {
                     at::Tensor rows = values.narrow(0, begin, end - begin);
                     const at::Tensor expanded =
                         type == at::kFloat ? rows : at::empty(rows.sizes(), at::kFloat);
                     expand_block(tensor, {begin, end - begin, 0, columns}, expanded.data_ptr<float>());
                     if (type != at::kFloat) rows.copy_(expanded);
                   });
  return values;
}

at::Tensor WeightStore::mapped(std::string_view name) const {
  const std::size_t position = position_of(name);
  const kernels::BlockType type = infos_[position].type;
  const bool plain = type == kernels::BlockType::f32 || type == kernels::BlockType::bf16;
  const std::byte* const bytes = stored_[position].bytes;
  const auto address = reinterpret_cast<std::uintptr_t>(bytes);
  if (!plain || stored_[position].interleaved_head_size != 0 || address % kernels::layout_of(type).bytes != 0)
    return {};
  return at::from_blob(
      const_cast<std::byte*>(bytes), infos_[position].shape, [mapping = mapping_](void*) {},
      type == kernels::BlockType::f32 ? at::kFloat : at::kBFloat16);
}

}  // namespace conceptune::weights
