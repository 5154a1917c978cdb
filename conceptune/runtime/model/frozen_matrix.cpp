#include "conceptune/runtime/model/frozen_matrix.h"

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/isa.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {
namespace {

using kernels::conversion_kernels;
using kernels::parallel_for;

/// Memory of the calling thread that is used again. `purpose` tells apart what is in use at once.
template <class T>
T* scratch(int purpose, std::int64_t size) {
  static thread_local std::array<std::vector<T>, 3> buffers;
  if (static_cast<std::int64_t>(buffers[purpose].size()) < size) buffers[purpose].resize(size);
  return buffers[purpose].data();
}

/// Rows of a matrix that are expanded at once. With many rows of the other operand as many as BLAS sums
/// before it goes through the result again (its block of the inner dimension), so that tiles cost it nothing;
/// with few what stays in a core's own cache.
std::int64_t tile_rows(std::int64_t batch_rows, std::int64_t in) {
  constexpr std::int64_t kFewRows = 64, kInnerBlock = 384;
  return batch_rows < kFewRows ? std::max<std::int64_t>(16, (1 << 16) / in)
                               : std::max<std::int64_t>(kInnerBlock, (1 << 20) / in);
}

std::int64_t count_of(std::int64_t total, std::int64_t part) { return (total + part - 1) / part; }

double flop_of(std::int64_t rows, std::int64_t out, std::int64_t in) {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(out) * static_cast<double>(in);
}

at::Tensor bf16_view(const std::uint16_t* values, std::int64_t rows, std::int64_t columns) {
  return at::from_blob(const_cast<std::uint16_t*>(values), {rows, columns}, at::kBFloat16);
}

const std::uint16_t* bf16_values(const at::Tensor& tensor) {
  return static_cast<const std::uint16_t*>(tensor.data_ptr());
}

/// x Wᵀ as a step of autograd, for a matrix that autograd cannot see.
class TiledProduct : public torch::autograd::Function<TiledProduct> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x_NI,
                            const FrozenMatrix& matrix) {
    const auto kept = c10::make_intrusive<Kept>();
    kept->matrix = matrix;
    context->saved_data["matrix"] = c10::IValue::make_capsule(kept);
    at::Tensor y_NO = at::empty({x_NI.size(0), matrix.out()}, x_NI.options());
    matrix.forward_into(x_NI, y_NO);
    return y_NO;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& d_outputs) {
    const auto kept = context->saved_data["matrix"].toCapsule();
    return {static_cast<const Kept&>(*kept).matrix.backward(d_outputs[0]), {}};
  }

 private:
  struct Kept : torch::CustomClassHolder {
    FrozenMatrix matrix;
  };
};

}  // namespace

FrozenMatrix::FrozenMatrix(at::Tensor weight_OI)
    : out_(weight_OI.size(0)), in_(weight_OI.size(1)), held_OI_(std::move(weight_OI)) {}

FrozenMatrix::FrozenMatrix(std::int64_t out, std::int64_t in, Expand expand)
    : out_(out), in_(in), expand_(std::make_shared<const Expand>(std::move(expand))) {}

at::Tensor FrozenMatrix::tile(std::int64_t first, std::int64_t count,
                              const at::TensorOptions& options) const {
  if (held_OI_.defined()) return held_OI_.narrow(0, first, count).to(options);
  const at::Tensor rows_TI = at::empty({count, in_}, at::kFloat);
  (*expand_)(first, count, rows_TI.data_ptr<float>());
  return rows_TI.to(options);
}

void FrozenMatrix::for_each_tile(const at::TensorOptions& options,
                                 const std::function<void(std::int64_t, const at::Tensor&)>& work) const {
  const std::int64_t part = tile_rows(out_, in_);
  for (std::int64_t first = 0; first < out_; first += part)
    work(first, tile(first, std::min(part, out_ - first), options));
}

at::Tensor FrozenMatrix::whole(at::ScalarType type) const {
  if (held_OI_.defined()) return held_OI_.to(type);
  at::Tensor whole_OI = at::empty({out_, in_}, type);
  const std::int64_t part = tile_rows(out_, in_);
  parallel_for(count_of(out_, part), [&](std::int64_t i) {
    const std::int64_t first = i * part, count = std::min(part, out_ - first);
    whole_OI.narrow(0, first, count).copy_(tile(first, count, whole_OI.options()));
  });
  return whole_OI;
}

at::Tensor FrozenMatrix::rows(const at::Tensor& ids_N, at::ScalarType type) const {
  if (held_OI_.defined()) return held_OI_.index_select(0, ids_N.to(held_OI_.device())).to(type);
  const at::Tensor rows_NI = at::empty({ids_N.size(0), in_}, at::kFloat);
  const std::int32_t* const ids = ids_N.data_ptr<std::int32_t>();
  for (std::int64_t n = 0; n < ids_N.size(0); ++n) (*expand_)(ids[n], 1, rows_NI.data_ptr<float>() + n * in_);
  return rows_NI.to(type);
}

bool FrozenMatrix::is_held_as(const at::Tensor& operand) const {
  return held_OI_.defined() && held_OI_.scalar_type() == operand.scalar_type() &&
         held_OI_.device() == operand.device();
}

bool FrozenMatrix::runs_on_threads(const at::Tensor& operand) const {
  const bool readable =
      !held_OI_.defined() || held_OI_.scalar_type() == at::kFloat || held_OI_.scalar_type() == at::kBFloat16;
  const bool dense = !held_OI_.defined() || held_OI_.is_contiguous();
  return operand.device().is_cpu() && operand.scalar_type() == at::kFloat && readable && dense;
}

at::Tensor FrozenMatrix::forward(const at::Tensor& x_NI) const {
  return is_held_as(x_NI) && !runs_on_threads(x_NI) ? at::mm(x_NI, held_OI_.t())
                                                    : TiledProduct::apply(x_NI, *this);
}

void FrozenMatrix::forward_into(const at::Tensor& x_NI, at::Tensor& y_NO) const {
  if (runs_on_threads(x_NI)) {
    const kernels::SingleThreadedBlas single_threaded;
    MatrixProducts(*this, ProductType::float32)
        .forward(x_NI.contiguous().data_ptr<float>(), x_NI.size(0), false, y_NO.data_ptr<float>());
  } else if (is_held_as(x_NI)) {
    at::mm_out(y_NO, x_NI, held_OI_.t());
  } else {
    for_each_tile(x_NI.options(), [&](std::int64_t first, const at::Tensor& tile_TI) {
      y_NO.narrow(1, first, tile_TI.size(0)).copy_(at::mm(x_NI, tile_TI.t()));
    });
  }
}

at::Tensor FrozenMatrix::backward(const at::Tensor& d_y_NO) const {
  if (is_held_as(d_y_NO) && !runs_on_threads(d_y_NO)) return at::mm(d_y_NO, held_OI_);
  at::Tensor d_x_NI = at::zeros({d_y_NO.size(0), in_}, d_y_NO.options());
  if (runs_on_threads(d_y_NO)) {
    const kernels::SingleThreadedBlas single_threaded;
    MatrixProducts(*this, ProductType::float32)
        .backward(d_y_NO.contiguous().data_ptr<float>(), d_y_NO.size(0), false, d_x_NI.data_ptr<float>());
  } else {
    for_each_tile(d_y_NO.options(), [&](std::int64_t first, const at::Tensor& tile_TI) {
      d_x_NI.addmm_(d_y_NO.narrow(1, first, tile_TI.size(0)), tile_TI);
    });
  }
  return d_x_NI;
}

std::int64_t FrozenMatrix::rows_at_once(std::int64_t elements) const {
  constexpr std::int64_t kWorthExpanding = 256;
  const bool ready = held_OI_.defined() && held_OI_.scalar_type() != at::kBFloat16;
  return std::max<std::int64_t>(ready ? 16 : kWorthExpanding, elements / std::max<std::int64_t>(1, out_));
}

ProductType fastest_products() {
  const bool bfloat16 =
      kernels::active_isa() == kernels::Isa::avx512bf16 && at::globalContext().userEnabledMkldnn();
  return bfloat16 ? ProductType::bfloat16 : ProductType::float32;
}

std::int64_t MatrixProducts::tiles(std::int64_t rows) const {
  return count_of(matrix_.out_, rows_of_tile(rows));
}

std::int64_t MatrixProducts::rows_of_tile(std::int64_t rows) const {
  const bool held_as_multiplied = matrix_.held_OI_.defined() && type_ == ProductType::bfloat16 &&
                                  matrix_.held_OI_.scalar_type() == at::kBFloat16;
  return held_as_multiplied ? matrix_.out_ : tile_rows(rows, matrix_.in_);
}

MatrixProducts::Tile MatrixProducts::tile(std::int64_t number, std::int64_t rows) const {
  const std::int64_t part = rows_of_tile(rows);
  return {number * part, std::min(part, matrix_.out_ - number * part)};
}

const float* MatrixProducts::expanded(const Tile& tile) const {
  float* const values = scratch<float>(0, tile.count * matrix_.in_);
  if (matrix_.held_OI_.defined())
    conversion_kernels().from_bf16(bf16_values(matrix_.held_OI_) + tile.first * matrix_.in_,
                                   tile.count * matrix_.in_, values);
  else
    (*matrix_.expand_)(tile.first, tile.count, values);
  return values;
}

at::Tensor MatrixProducts::rounded(const Tile& tile) const {
  const at::Tensor& held_OI = matrix_.held_OI_;
  if (held_OI.defined() && held_OI.scalar_type() == at::kBFloat16)
    return held_OI.narrow(0, tile.first, tile.count);
  const std::int64_t size = tile.count * matrix_.in_;
  const float* const values =
      held_OI.defined() ? held_OI.data_ptr<float>() + tile.first * matrix_.in_ : expanded(tile);
  std::uint16_t* const halves = scratch<std::uint16_t>(0, size);
  conversion_kernels().to_bf16(values, size, halves);
  return bf16_view(halves, tile.count, matrix_.in_);
}

bool MatrixProducts::whole_float32() const {
  return type_ == ProductType::float32 && matrix_.held_OI_.defined() &&
         matrix_.held_OI_.scalar_type() == at::kFloat;
}

void MatrixProducts::forward(const float* x_NI, std::int64_t rows, bool add, float* y_NO) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_;
  const kernels::ProfileScope scope("frozen products, forward", flop_of(rows, out, in));
  if (whole_float32())
    return kernels::parallel_gemm({rows, out, in}, 1, {x_NI, in},
                                  {matrix_.held_OI_.data_ptr<float>(), in, true}, add ? 1 : 0, y_NO, out);
  if (type_ == ProductType::bfloat16) return forward_in_bf16(x_NI, rows, add, y_NO);
  parallel_for(tiles(rows), [&](std::int64_t i) {
    const Tile tile = this->tile(i, rows);
    kernels::gemm({rows, tile.count, in}, 1, {x_NI, in}, {expanded(tile), in, true}, add ? 1 : 0,
                  y_NO + tile.first, out);
  });
}

void MatrixProducts::forward_in_bf16(const float* x_NI, std::int64_t rows, bool add, float* y_NO) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_;
  std::uint16_t* const x = scratch<std::uint16_t>(1, rows * in);
  conversion_kernels().to_bf16(x_NI, rows * in, x);
  const at::Tensor x16_NI = bf16_view(x, rows, in);
  parallel_for(tiles(rows), [&](std::int64_t i) {
    const Tile tile = this->tile(i, rows);
    const std::uint16_t* const y = scratch<std::uint16_t>(2, rows * tile.count);
    at::Tensor y16_NT = bf16_view(y, rows, tile.count);
    at::mm_out(y16_NT, x16_NI, rounded(tile).t());
    const auto put = add ? conversion_kernels().add_bf16 : conversion_kernels().from_bf16;
    for (std::int64_t n = 0; n < rows; ++n) put(y + n * tile.count, tile.count, y_NO + n * out + tile.first);
  });
}

void MatrixProducts::backward(const float* d_y_NO, std::int64_t rows, bool add, float* d_x_NI) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_, count = tiles(rows);
  const kernels::ProfileScope scope("frozen products, backward", flop_of(rows, out, in));
  if (whole_float32())
    return kernels::parallel_gemm({rows, in, out}, 1, {d_y_NO, out}, {matrix_.held_OI_.data_ptr<float>(), in},
                                  add ? 1 : 0, d_x_NI, in);
  if (!add) std::fill_n(d_x_NI, rows * in, 0.0F);
  // Each thread sums tiles of its own, and the sums are added in order: the same bits again.
  const std::int64_t parts = std::min<std::int64_t>(count, kernels::thread_count());
  std::vector<float> sums_PNI(parts > 1 ? parts * rows * in : 0);
  parallel_for(parts, [&](std::int64_t part) {
    float* const sum_NI = parts > 1 ? sums_PNI.data() + part * rows * in : d_x_NI;
    for (std::int64_t i = count * part / parts; i < count * (part + 1) / parts; ++i)
      add_backward(d_y_NO, rows, tile(i, rows), sum_NI);
  });
  if (parts == 1) return;
  parallel_for(rows, [&](std::int64_t n) {
    for (std::int64_t part = 0; part < parts; ++part) {
      const float* const sum_I = sums_PNI.data() + (part * rows + n) * in;
      for (std::int64_t i = 0; i < in; ++i) d_x_NI[n * in + i] += sum_I[i];
    }
  });
}

void MatrixProducts::add_backward(const float* d_y_NO, std::int64_t rows, const Tile& tile,
                                  float* d_x_NI) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_;
  if (type_ == ProductType::float32)
    return kernels::gemm({rows, in, tile.count}, 1, {d_y_NO + tile.first, out}, {expanded(tile), in}, 1,
                         d_x_NI, in);
  std::uint16_t* const d_y = scratch<std::uint16_t>(1, rows * tile.count);
  for (std::int64_t n = 0; n < rows; ++n)
    conversion_kernels().to_bf16(d_y_NO + n * out + tile.first, tile.count, d_y + n * tile.count);
  const std::uint16_t* const d_x = scratch<std::uint16_t>(2, rows * in);
  at::Tensor d_x16_NI = bf16_view(d_x, rows, in);
  at::mm_out(d_x16_NI, bf16_view(d_y, rows, tile.count), rounded(tile));
  conversion_kernels().add_bf16(d_x, rows * in, d_x_NI);
}

}  // namespace conceptune::model
