// Whole tensors of a model.
#include <cstdint>

#include "conceptune/base/memory.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::weights {

template <class Number>
model::MatrixOf<Number> WeightStore::load_as(std::string_view name) const {
  const TensorInfo& tensor = info(name);
  const bool is_vector = tensor.shape.size() == 1;
  const std::int64_t rows = is_vector ? 1 : tensor.shape[0], columns = tensor.shape.back();
  const model::MatrixOf<Number> values(rows, columns);
  prefer_large_pages(values.values(), static_cast<std::size_t>(values.size()) * sizeof(Number));
  if (is_vector) {
    expand_block(tensor, {0, columns, 0, 1}, values.values());
    return values;
  }
  model::share_rows(rows, columns, [&](std::int64_t begin, std::int64_t count) {
    expand_block(tensor, {begin, count, 0, columns}, values.row(begin));
  });
  return values;
}

model::Matrix WeightStore::load(std::string_view name) const { return load_as<float>(name); }

model::Bf16Matrix WeightStore::load_rounded(std::string_view name) const {
  return load_as<kernels::Bf16>(name);
}

std::optional<model::FrozenMatrix> WeightStore::mapped(std::string_view name) const {
  const std::size_t position = position_of(name);
  const TensorInfo& tensor = infos_[position];
  const std::byte* const bytes = stored_[position].bytes;
  const auto address = reinterpret_cast<std::uintptr_t>(bytes);
  if (tensor.shape.size() != 2 || stored_[position].interleaved_head_size != 0 ||
      address % kernels::layout_of(tensor.type).bytes != 0)
    return std::nullopt;
  const auto over = [&]<class Number>(const Number*) {
    // Read only: nothing writes into a frozen matrix.
    auto* const values = const_cast<Number*>(reinterpret_cast<const Number*>(bytes));
    return model::FrozenMatrix(model::MatrixOf<Number>(values, tensor.shape[0], tensor.shape[1], mapping_));
  };
  if (tensor.type == kernels::BlockType::f32) return over(static_cast<const float*>(nullptr));
  if (tensor.type == kernels::BlockType::bf16) return over(static_cast<const kernels::Bf16*>(nullptr));
  return std::nullopt;
}

}  // namespace conceptune::weights
