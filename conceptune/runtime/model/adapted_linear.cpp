#include "conceptune/runtime/model/adapted_linear.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/model/row_slices.h"

namespace conceptune::model {

using kernels::parallel_gemm;

AdaptedLinear::AdaptedLinear(const LayerWeights& layer, const LoraAdapter* adapter, std::int64_t layer_index,
                             Projection projection, const DropoutPlan& dropout)
    : products_(layer.matrix(projection)),
      bias_O_(layer.bias(projection).defined() ? layer.bias(projection).data_ptr<float>() : nullptr),
      in_(layer.matrix(projection).in()),
      out_(layer.matrix(projection).out()),
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
  kept.resize(rows * in_);
  share_rows(rows, in_, [&](std::int64_t begin, std::int64_t count) {
    float* const part = kept.data() + begin * in_;
    fill_dropout_mask(stream_, dropout_rate_, first_row + begin, count, in_, part);
    for (std::int64_t i = 0; i < count * in_; ++i) part[i] *= x_NI[begin * in_ + i];
  });
  return kept.data();
}

void AdaptedLinear::forward(const ProductRows& x_NI, std::int64_t first_row, bool add, float* y_NO) const {
  const std::int64_t rows = x_NI.rows();
  products_.forward(x_NI, add, y_NO);
  if (bias_O_)
    share_rows(rows, out_, [&](std::int64_t begin, std::int64_t count) {
      for (std::int64_t n = begin; n < begin + count; ++n)
        for (std::int64_t o = 0; o < out_; ++o) y_NO[n * out_ + o] += bias_O_[o];
    });
  if (rank_ == 0) return;
  const kernels::ProfileScope scope("adapter, forward");
  std::vector<float> kept, low_NR(rows * rank_);
  const float* input_NI = dropped(x_NI.float32(), rows, first_row, kept);
  parallel_gemm({rows, rank_, in_}, 1, {input_NI, in_}, {a_RI_, in_, true}, 0, low_NR.data(), rank_);
  parallel_gemm({rows, out_, rank_}, scaling_, {low_NR.data(), rank_}, {b_OR_, rank_, true}, 1, y_NO, out_);
}

void AdaptedLinear::backward(const float* x_NI, const float* d_y_NO, std::int64_t rows,
                             std::int64_t first_row, bool add, float* d_x_NI, float* d_adapter) const {
  if (d_x_NI) products_.backward(d_y_NO, rows, add, d_x_NI);
  if (rank_ == 0) return;
  const kernels::ProfileScope scope("adapter, backward");
  std::vector<float> kept, low_NR(rows * rank_), d_low_NR(rows * rank_);
  const float* input_NI = dropped(x_NI, rows, first_row, kept);
  float *d_a_RI = d_adapter, *d_b_OR = d_adapter + rank_ * in_;
  parallel_gemm({rows, rank_, in_}, 1, {input_NI, in_}, {a_RI_, in_, true}, 0, low_NR.data(), rank_);
  parallel_gemm({rows, rank_, out_}, scaling_, {d_y_NO, out_}, {b_OR_, rank_}, 0, d_low_NR.data(), rank_);
  parallel_gemm({out_, rank_, rows}, scaling_, {d_y_NO, out_, true}, {low_NR.data(), rank_}, 1, d_b_OR,
                rank_);
  parallel_gemm({rank_, in_, rows}, 1, {d_low_NR.data(), rank_, true}, {input_NI, in_}, 1, d_a_RI, in_);
  if (!d_x_NI) return;
  if (dropout_rate_ == 0)
    return parallel_gemm({rows, in_, rank_}, 1, {d_low_NR.data(), rank_}, {a_RI_, in_}, 1, d_x_NI, in_);
  std::vector<float> d_kept_NI(rows * in_);
  parallel_gemm({rows, in_, rank_}, 1, {d_low_NR.data(), rank_}, {a_RI_, in_}, 0, d_kept_NI.data(), in_);
  // The mask is drawn again; the input's dropped values are no longer needed.
  const float* const change_NI = dropped(d_kept_NI.data(), rows, first_row, kept);
  share_rows(rows, in_, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t i = begin * in_; i < (begin + count) * in_; ++i) d_x_NI[i] += change_NI[i];
  });
}

}  // namespace conceptune::model
