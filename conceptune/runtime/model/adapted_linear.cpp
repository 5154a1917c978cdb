#include "conceptune/runtime/model/adapted_linear.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/model/row_slices.h"

namespace conceptune::model {

using kernels::parallel_gemm;

AdaptedLinear::AdaptedLinear(const LayerWeights& layer, const LoraAdapter* adapter, std::int64_t layer_index,
                             Projection projection, const DropoutPlan& dropout)
    : matrix_(&layer.matrix(projection)),
      bias_O_(layer.bias(projection).defined() ? layer.bias(projection).data_ptr<float>() : nullptr),
      stream_{dropout.seed, layer_index, projection},
      dropout_rate_(dropout.rate) {
  const LoraPair* pair = adapter ? adapter->find(layer_index, projection) : nullptr;
  if (!pair) return;
  a_RI_ = pair->a_RI.data_ptr<float>();
  b_OR_ = pair->b_OR.data_ptr<float>();
  rank_ = pair->a_RI.size(0);
  scaling_ = static_cast<float>(adapter->scaling());
}

const float* AdaptedLinear::dropped(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                                    std::vector<float>& kept) const {
  if (dropout_rate_ == 0) return x_NI;
  const std::int64_t in = matrix_->in();
  kept.resize(rows * in);
  share_rows(rows, in, [&](std::int64_t begin, std::int64_t count) {
    float* const part = kept.data() + begin * in;
    fill_dropout_mask(stream_, dropout_rate_, first_row + begin, count, in, part);
    for (std::int64_t i = 0; i < count * in; ++i) part[i] *= x_NI[begin * in + i];
  });
  return kept.data();
}

void AdaptedLinear::add_change(const ProductRows& x_NI, std::int64_t first_row, float* y_NO) const {
  const std::int64_t rows = x_NI.rows(), in = matrix_->in(), out = matrix_->out();
  if (bias_O_)
    share_rows(rows, out, [&](std::int64_t begin, std::int64_t count) {
      for (std::int64_t n = begin; n < begin + count; ++n)
        for (std::int64_t o = 0; o < out; ++o) y_NO[n * out + o] += bias_O_[o];
    });
  if (rank_ == 0) return;
  const kernels::ProfileScope scope("adapter, forward");
  std::vector<float> kept, low_NR(rows * rank_);
  const float* input_NI = dropped(x_NI.float32(), rows, first_row, kept);
  parallel_gemm({rows, rank_, in}, 1, {input_NI, in}, {a_RI_, in, true}, 0, low_NR.data(), rank_);
  parallel_gemm({rows, out, rank_}, scaling_, {low_NR.data(), rank_}, {b_OR_, rank_, true}, 1, y_NO, out);
}

void AdaptedLinear::change_backward(const float* x_NI, const float* d_y_NO, std::int64_t rows,
                                    std::int64_t first_row, float* d_x_NI, float* d_adapter) const {
  if (rank_ == 0) return;
  const kernels::ProfileScope scope("adapter, backward");
  const std::int64_t in = matrix_->in(), out = matrix_->out();
  std::vector<float> kept, low_NR(rows * rank_), d_low_NR(rows * rank_);
  const float* input_NI = dropped(x_NI, rows, first_row, kept);
  float *d_a_RI = d_adapter, *d_b_OR = d_adapter + rank_ * in;
  parallel_gemm({rows, rank_, in}, 1, {input_NI, in}, {a_RI_, in, true}, 0, low_NR.data(), rank_);
  parallel_gemm({rows, rank_, out}, scaling_, {d_y_NO, out}, {b_OR_, rank_}, 0, d_low_NR.data(), rank_);
  parallel_gemm({out, rank_, rows}, scaling_, {d_y_NO, out, true}, {low_NR.data(), rank_}, 1, d_b_OR, rank_);
  parallel_gemm({rank_, in, rows}, 1, {d_low_NR.data(), rank_, true}, {input_NI, in}, 1, d_a_RI, in);
  if (!d_x_NI) return;
  if (dropout_rate_ == 0)
    return parallel_gemm({rows, in, rank_}, 1, {d_low_NR.data(), rank_}, {a_RI_, in}, 1, d_x_NI, in);
  std::vector<float> d_kept_NI(rows * in);
  parallel_gemm({rows, in, rank_}, 1, {d_low_NR.data(), rank_}, {a_RI_, in}, 0, d_kept_NI.data(), in);
  // The mask is drawn again; the input's dropped values are no longer needed.
  const float* const change_NI = dropped(d_kept_NI.data(), rows, first_row, kept);
  share_rows(rows, in, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t i = begin * in; i < (begin + count) * in; ++i) d_x_NI[i] += change_NI[i];
  });
}

void project(const ProductRows& x_NI, std::int64_t first_row, const std::vector<ProjectionOutput>& outputs) {
  std::vector<ForwardProduct> products;
  for (const auto& [linear, add, y_NO] : outputs) products.push_back({&linear->matrix(), add, y_NO});
  multiply(x_NI, products);
  for (const auto& output : outputs) output.linear->add_change(x_NI, first_row, output.y_NO);
}

void project_backward(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                      const std::vector<ProjectionGradient>& gradients, bool add, float* d_x_NI) {
  std::vector<BackwardProduct> products;
  for (const auto& gradient : gradients)
    products.push_back({&gradient.linear->matrix(), gradient.d_y_NO, gradient.rounded_NO});
  if (d_x_NI) multiply_backward(products, rows, add, d_x_NI);
  for (const auto& gradient : gradients)
    gradient.linear->change_backward(x_NI, gradient.d_y_NO, rows, first_row, d_x_NI, gradient.d_adapter);
}

}  // namespace conceptune::model
