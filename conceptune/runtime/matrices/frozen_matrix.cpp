#include "conceptune/runtime/matrices/frozen_matrix.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/matrices/matrix_products.h"

namespace conceptune::model {
namespace {

using kernels::parallel_for;

/// Rows of a matrix that are expanded at once: some 8 MB.
std::int64_t tile_rows(std::int64_t in) { return std::max<std::int64_t>(256, (1 << 21) / in); }

std::int64_t count_of(std::int64_t total, std::int64_t part) { return (total + part - 1) / part; }

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

FrozenMatrix::FrozenMatrix(std::int64_t out, std::int64_t in, std::int64_t column_unit, Expand expand)
    : out_(out),
      in_(in),
      column_unit_(column_unit),
      expand_(std::make_shared<const Expand>(std::move(expand))) {}

at::Tensor FrozenMatrix::tile(std::int64_t first, std::int64_t count,
                              const at::TensorOptions& options) const {
  if (held_OI_.defined()) return held_OI_.narrow(0, first, count).to(options);
  const at::Tensor rows_TI = at::empty({count, in_}, at::kFloat);
  expand_->to_float32({first, count, 0, in_}, rows_TI.data_ptr<float>());
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
  for (std::int64_t n = 0; n < ids_N.size(0); ++n)
    expand_->to_float32({ids[n], 1, 0, in_}, rows_NI.data_ptr<float>() + n * in_);
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
    multiply({dense_NI.data_ptr<float>(), dense_NI.size(0), in_}, {{this, false, y_NO.data_ptr<float>()}});
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
    multiply_backward({{this, dense_NO.data_ptr<float>()}}, dense_NO.size(0), false,
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
  return rows_at_once(out_, is_held_as_multiplied(), elements);
}

std::int64_t FrozenMatrix::rows_at_once(std::int64_t out, bool held_as_multiplied, std::int64_t elements) {
  constexpr std::int64_t kWorthExpanding = 256;
  return std::max<std::int64_t>(held_as_multiplied ? 16 : kWorthExpanding,
                                elements / std::max<std::int64_t>(1, out));
}

ProductType fastest_products() {
  return kernels::multiplies_bf16() ? ProductType::bfloat16 : ProductType::float32;
}

}  // namespace conceptune::model
