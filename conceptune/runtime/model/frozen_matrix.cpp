#include "conceptune/runtime/model/frozen_matrix.h"

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/model/row_slices.h"

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

/// Rows of a matrix that are expanded at once: some 8 MB, so that work shared by all threads is much beside
/// their waiting for one another; with fewer rows a product would go through its result too often.
std::int64_t tile_rows(std::int64_t in) { return std::max<std::int64_t>(256, (1 << 21) / in); }

std::int64_t count_of(std::int64_t total, std::int64_t part) { return (total + part - 1) / part; }

double flop_of(std::int64_t rows, std::int64_t out, std::int64_t in) {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(out) * static_cast<double>(in);
}

const std::uint16_t* bf16_values(const at::Tensor& tensor) {
  return static_cast<const std::uint16_t*>(tensor.data_ptr());
}

/// rows × columns numbers, whose rows lie `leading` apart, in bfloat16, one row after the other.
void round_rows(const float* numbers, std::int64_t leading, std::int64_t rows, std::int64_t columns,
                std::uint16_t* halves) {
  const kernels::ProfileScope scope("rounding to bfloat16");
  share_rows(rows, columns, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      conversion_kernels().to_bf16(numbers + n * leading, columns, halves + n * columns);
  });
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
  const std::int64_t part = tile_rows(in_);
  for (std::int64_t first = 0; first < out_; first += part)
    work(first, tile(first, std::min(part, out_ - first), options));
}

at::Tensor FrozenMatrix::whole(at::ScalarType type) const {
  if (held_OI_.defined()) return held_OI_.to(type);
  at::Tensor whole_OI = at::empty({out_, in_}, type);
  const std::int64_t part = tile_rows(in_);
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

bool FrozenMatrix::is_held_as_multiplied() const {
  return held_OI_.defined() &&
         (held_OI_.scalar_type() == at::kBFloat16) == (products_ == ProductType::bfloat16);
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
    const at::Tensor dense_NI = x_NI.contiguous();
    MatrixProducts(*this).forward({dense_NI.data_ptr<float>(), dense_NI.size(0), in_}, false,
                                  y_NO.data_ptr<float>());
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
  at::Tensor d_x_NI = at::empty({d_y_NO.size(0), in_}, d_y_NO.options());
  if (runs_on_threads(d_y_NO)) {
    const kernels::SingleThreadedBlas single_threaded;
    const at::Tensor dense_NO = d_y_NO.contiguous();
    MatrixProducts(*this).backward(dense_NO.data_ptr<float>(), dense_NO.size(0), false,
                                   d_x_NI.data_ptr<float>());
  } else {
    d_x_NI.zero_();
    for_each_tile(d_y_NO.options(), [&](std::int64_t first, const at::Tensor& tile_TI) {
      d_x_NI.addmm_(d_y_NO.narrow(1, first, tile_TI.size(0)), tile_TI);
    });
  }
  return d_x_NI;
}

std::int64_t FrozenMatrix::rows_at_once(std::int64_t elements) const {
  constexpr std::int64_t kWorthExpanding = 256;
  return std::max<std::int64_t>(is_held_as_multiplied() ? 16 : kWorthExpanding,
                                elements / std::max<std::int64_t>(1, out_));
}

ProductType fastest_products() {
  return kernels::multiplies_bf16() ? ProductType::bfloat16 : ProductType::float32;
}

const std::uint16_t* ProductRows::bf16() const {
  static thread_local std::uint64_t roundings = 0;
  std::uint16_t* const halves = scratch<std::uint16_t>(1, rows_ * width_);
  if (rounding_ != 0 && rounding_ == roundings) return halves;
  round_rows(numbers_, width_, rows_, width_, halves);
  rounding_ = ++roundings;
  return halves;
}

bool MatrixProducts::held_in_float32() const {
  return matrix_.held_OI_.defined() && matrix_.held_OI_.scalar_type() == at::kFloat;
}

void MatrixProducts::for_each_tile(const std::function<void(const Tile&)>& work) const {
  constexpr std::int64_t kHeldRows = 1 << 14;  // of a head: the gradient that is rounded for them stays small
  const std::int64_t part = matrix_.is_held_as_multiplied() ? kHeldRows : tile_rows(matrix_.in_);
  for (std::int64_t first = 0; first < matrix_.out_; first += part)
    work({first, std::min(part, matrix_.out_ - first)});
}

void MatrixProducts::expand(std::int64_t first, std::int64_t count, float* rows) const {
  if (held_in_float32())
    std::copy_n(matrix_.held_OI_.data_ptr<float>() + first * matrix_.in_, count * matrix_.in_, rows);
  else if (matrix_.held_OI_.defined())
    conversion_kernels().from_bf16(bf16_values(matrix_.held_OI_) + first * matrix_.in_, count * matrix_.in_,
                                   rows);
  else
    (*matrix_.expand_)(first, count, rows);
}

const float* MatrixProducts::float32_rows(const Tile& tile) const {
  const std::int64_t in = matrix_.in_;
  if (held_in_float32()) return matrix_.held_OI_.data_ptr<float>() + tile.first * in;
  float* const values = scratch<float>(0, tile.count * in);
  const kernels::ProfileScope scope("expanding weights");
  share_rows(tile.count, in, [&](std::int64_t begin, std::int64_t count) {
    expand(tile.first + begin, count, values + begin * in);
  });
  return values;
}

const std::uint16_t* MatrixProducts::bf16_rows(const Tile& tile) const {
  const std::int64_t in = matrix_.in_;
  if (matrix_.held_OI_.defined() && !held_in_float32())
    return bf16_values(matrix_.held_OI_) + tile.first * in;
  std::uint16_t* const halves = scratch<std::uint16_t>(0, tile.count * in);
  const kernels::ProfileScope scope("expanding weights");
  share_rows(tile.count, in, [&](std::int64_t begin, std::int64_t count) {
    const std::int64_t at_once = std::max<std::int64_t>(1, (1 << 14) / in);  // stays in the core's own cache
    for (std::int64_t row = begin; row < begin + count; row += at_once) {
      const std::int64_t rows = std::min(at_once, begin + count - row);
      float* const values = scratch<float>(1, rows * in);
      expand(tile.first + row, rows, values);
      conversion_kernels().to_bf16(values, rows * in, halves + row * in);
    }
  });
  return halves;
}

void MatrixProducts::forward(const ProductRows& x_NI, bool add, float* y_NO) const {
  constexpr std::int64_t kFewRows = 64;
  const std::int64_t in = matrix_.in_, out = matrix_.out_, rows = x_NI.rows();
  if (!in_bf16() && !held_in_float32() && rows < kFewRows) return forward_of_few_rows(x_NI, add, y_NO);
  const std::uint16_t* const x16_NI = in_bf16() ? x_NI.bf16() : nullptr;
  for_each_tile([&](const Tile& tile) {
    const kernels::GemmShape shape = {rows, tile.count, in};
    float* const y = y_NO + tile.first;
    if (in_bf16()) {
      const std::uint16_t* const weights = bf16_rows(tile);
      const kernels::ProfileScope scope("frozen products, forward", flop_of(rows, tile.count, in));
      kernels::bf16_gemm(shape, {x16_NI, in}, {weights, in, true}, add, y, out);
    } else {
      const float* const weights = float32_rows(tile);
      const kernels::ProfileScope scope("frozen products, forward", flop_of(rows, tile.count, in));
      kernels::parallel_gemm(shape, 1, {x_NI.float32(), in}, {weights, in, true}, add ? 1 : 0, y, out);
    }
  });
}

void MatrixProducts::forward_of_few_rows(const ProductRows& x_NI, bool add, float* y_NO) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_, rows = x_NI.rows();
  const kernels::ProfileScope scope("frozen products, forward", flop_of(rows, out, in));
  // Each thread expands what stays in its core's own cache.
  const std::int64_t part = std::max<std::int64_t>(16, (1 << 16) / in);
  parallel_for(count_of(out, part), [&](std::int64_t i) {
    const std::int64_t first = i * part, count = std::min(part, out - first);
    float* const weights = scratch<float>(1, count * in);
    expand(first, count, weights);
    kernels::gemm({rows, count, in}, 1, {x_NI.float32(), in}, {weights, in, true}, add ? 1 : 0, y_NO + first,
                  out);
  });
}

void MatrixProducts::backward(const float* d_y_NO, std::int64_t rows, bool add, float* d_x_NI) const {
  const std::int64_t in = matrix_.in_, out = matrix_.out_;
  for_each_tile([&](const Tile& tile) {
    const kernels::GemmShape shape = {rows, in, tile.count};
    const bool adds = add || tile.first > 0;
    const float* const d_y = d_y_NO + tile.first;
    if (in_bf16()) {
      const std::uint16_t* const weights = bf16_rows(tile);
      std::uint16_t* const d_y16 = scratch<std::uint16_t>(2, rows * tile.count);
      round_rows(d_y, out, rows, tile.count, d_y16);
      const kernels::ProfileScope scope("frozen products, backward", flop_of(rows, tile.count, in));
      kernels::bf16_gemm(shape, {d_y16, tile.count}, {weights, in}, adds, d_x_NI, in);
    } else {
      const float* const weights = float32_rows(tile);
      const kernels::ProfileScope scope("frozen products, backward", flop_of(rows, tile.count, in));
      kernels::parallel_gemm(shape, 1, {d_y, out}, {weights, in}, adds ? 1 : 0, d_x_NI, in);
    }
  });
}

}  // namespace conceptune::model
