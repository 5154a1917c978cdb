// The layer's backward pass.
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/model/layer_computation.h"
#include "conceptune/runtime/model/reused_memory.h"

namespace conceptune::model {

using kernels::layer_kernels;

std::vector<at::Tensor> Layer::backward(const Activations& a, const at::Tensor& d_out_ND) const {
  std::int64_t adapter_size = 0;
  for (const AdaptedLinear& linear : linear_) adapter_size += linear.adapter_size();
  const at::Tensor d_adapter_X = at::zeros({adapter_size});
  const std::int64_t query_width = linear(Projection::q).out(), key_width = linear(Projection::k).out();
  const std::int64_t tokens = d_out_ND.size(0);
  const at::Tensor d_in_ND = matrices(tokens, {config_.width}).front();
  const auto d_heads = matrices(tokens, {query_width, query_width, key_width, key_width});
  const at::Tensor &d_attended_NE = d_heads[0], &d_q_NE = d_heads[1], &d_k_NJ = d_heads[2],
                   &d_v_NJ = d_heads[3];
  for_each_slice(a, [&](const Slice& slice) {
    mlp_backward(a, slice, values(d_out_ND), values(d_in_ND), values(d_attended_NE), values(d_adapter_X));
  });
  attention_backward(a, d_attended_NE, d_q_NE, d_k_NJ, d_v_NJ);
  for_each_slice(a, [&](const Slice& slice) {
    input_backward(a, slice, values(d_q_NE), values(d_k_NJ), values(d_v_NJ), values(d_in_ND),
                   values(d_adapter_X));
  });
  return gradients(a.needs_input_gradient ? d_in_ND : at::Tensor(), d_adapter_X);
}

float* Layer::part_of(float* d_adapter, Projection projection) const {
  for (int i = 0; i < static_cast<int>(projection); ++i) d_adapter += linear_[i].adapter_size();
  return d_adapter;
}

void Layer::attention_backward(const Activations& a, const at::Tensor& d_attended_NE,
                               const at::Tensor& d_q_NE, const at::Tensor& d_k_NJ,
                               const at::Tensor& d_v_NJ) const {
  for_each_attention_task(a, [&](const kernels::AttentionTask& task, std::int64_t q_offset,
                                 std::int64_t k_offset, kernels::Scratch& memory) {
    const kernels::ProfileScope scope("attention, backward");
    attention_kernels().backward(task,
                                 {values(d_attended_NE) + q_offset, values(d_q_NE) + q_offset,
                                  values(d_k_NJ) + k_offset, values(d_v_NJ) + k_offset},
                                 memory);
  });
}

void Layer::mlp_backward(const Activations& a, const Slice& slice, const float* d_out_ND, float* d_in_ND,
                         float* d_attended_NE, float* d_adapter) const {
  const std::int64_t width = config_.width, mlp_width = config_.mlp_width, offset = slice.begin * width;
  const std::int64_t rows = slice.rows;
  const float* d_out = d_out_ND + offset;
  const float* middle = values(a.middle_ND) + offset;
  const float* scale = values(a.middle_scale_N) + slice.begin;
  float* const product =
      adapts_any({Projection::down}) ? scratch<float>(Purpose::product, rows * mlp_width) : nullptr;
  const MlpRows gate = kept_rows(a.gate_NF, slice), up = kept_rows(a.up_NF, slice);
  if (product) swiglu(gate, up, rows, {product, nullptr});
  const auto gradient_of = [&](Projection projection, const float* d_y,
                               const kernels::Bf16* rounded = nullptr) {
    return ProjectionGradient{&linear(projection), d_y, part_of(d_adapter, projection), rounded};
  };
  float* const d_product = scratch<float>(Purpose::d_product, rows * mlp_width);
  project_backward(product, rows, slice.begin, {gradient_of(Projection::down, d_out)}, false, d_product);
  const MadeRows d_gate = rows_for(Purpose::product, rows, mlp_width, adapts_any({Projection::gate}));
  const MadeRows d_up = rows_for(Purpose::d_product, rows, mlp_width, adapts_any({Projection::up}));
  swiglu_backward(gate, up, rows, d_product, d_gate, d_up);
  const float* const normed =
      renormed(middle, weights_.mlp_norm_D, scale, rows, {Projection::gate, Projection::up});
  float* const d_normed = scratch<float>(Purpose::d_normed, rows * width);
  project_backward(normed, rows, slice.begin,
                   {gradient_of(Projection::gate, d_gate.numbers, d_gate.rounded),
                    gradient_of(Projection::up, d_up.numbers, d_up.rounded)},
                   false, d_normed);
  float* d_middle = d_in_ND + offset;
  copy_rows(d_out, rows, width, d_middle);
  norm_backward(d_normed, middle, weights_.mlp_norm_D, scale, rows, d_middle);
  const std::int64_t attended = slice.begin * linear(Projection::o).in();
  project_backward(values(a.attended_NE) + attended, rows, slice.begin,
                   {gradient_of(Projection::o, d_middle)}, false, d_attended_NE + attended);
}

void Layer::swiglu_backward(const MlpRows& gate, const MlpRows& up, std::int64_t rows, const float* d_product,
                            const MadeRows& d_gate, const MadeRows& d_up) const {
  const kernels::ProfileScope scope("SwiGLU");
  const std::int64_t width = config_.mlp_width;
  make_rows(d_gate, rows, width, [&](std::int64_t n, float* d_gate_row) {
    static thread_local ReusedMemory<float> memory;
    float* const room = memory.take(3 * width);
    const std::int64_t at = n * width;
    float* const d_up_row = d_up.numbers ? d_up.numbers + at : room + 2 * width;
    layer_kernels().swiglu_backward(d_product + at, mlp_row(gate, n, room), mlp_row(up, n, room + width),
                                    width, d_gate_row, d_up_row);
    if (d_up.rounded) kernels::conversion_kernels().to_bf16(d_up_row, width, d_up.rounded + at);
  });
}

void Layer::input_backward(const Activations& a, const Slice& slice, float* d_q_NE, float* d_k_NJ,
                           float* d_v_NJ, float* d_in_ND, float* d_adapter) const {
  const std::int64_t width = config_.width, offset = slice.begin * width, rows = slice.rows;
  const float *in = values(a.in_ND) + offset, *scale = values(a.in_scale_N) + slice.begin;
  const float* const normed =
      renormed(in, weights_.attention_norm_D, scale, rows, {Projection::q, Projection::k, Projection::v});
  float* const d_normed = a.needs_input_gradient ? scratch<float>(Purpose::d_normed, rows * width) : nullptr;
  heads_backward(slice, Projection::q, a.raw_q_NE, a.q_scale_NH, weights_.q_norm_K, d_q_NE);
  heads_backward(slice, Projection::k, a.raw_k_NJ, a.k_scale_NG, weights_.k_norm_K, d_k_NJ);
  const auto gradient_of = [&](Projection projection, const float* d_y) {
    const AdaptedLinear& of = linear(projection);
    return ProjectionGradient{&of, d_y + slice.begin * of.out(), part_of(d_adapter, projection)};
  };
  project_backward(normed, rows, slice.begin,
                   {gradient_of(Projection::q, d_q_NE), gradient_of(Projection::k, d_k_NJ),
                    gradient_of(Projection::v, d_v_NJ)},
                   false, d_normed);
  if (d_normed) norm_backward(d_normed, in, weights_.attention_norm_D, scale, rows, d_in_ND + offset);
}

void Layer::heads_backward(const Slice& slice, Projection projection, const at::Tensor& raw,
                           const at::Tensor& scale, const at::Tensor& norm_K, float* gradient) const {
  const std::int64_t out = linear(projection).out(), heads = out / config_.head_size;
  float* d_y = gradient + slice.begin * out;
  rotate(d_y, heads, slice, -1);
  if (!norm_K.defined()) return;
  float* d_raw = scratch<float>(Purpose::d_product, slice.rows * out);
  std::fill_n(d_raw, slice.rows * out, 0.0F);
  norm_backward(d_y, values(raw) + slice.begin * out, norm_K, values(scale) + slice.begin * heads,
                slice.rows * heads, d_raw);
  copy_rows(d_raw, slice.rows, out, d_y);
}

void Layer::norm_backward(const float* d_y, const float* x, const at::Tensor& weight, const float* scale,
                          std::int64_t rows, float* d_x) {
  const kernels::ProfileScope scope("norms");
  const std::int64_t width = weight.size(0);
  share_rows(rows, width, [&](std::int64_t begin, std::int64_t count) {
    const std::int64_t at = begin * width;
    layer_kernels().rms_norm_backward(d_y + at, x + at, values(weight), scale + begin, count, width,
                                      d_x + at);
  });
}

const float* Layer::renormed(const float* x, const at::Tensor& weight_D, const float* scale,
                             std::int64_t rows, std::initializer_list<Projection> readers) const {
  if (!adapts_any(readers)) return nullptr;
  const kernels::ProfileScope scope("norms");
  const std::int64_t width = weight_D.size(0);
  float* const y = scratch<float>(Purpose::normed, rows * width);
  const float* weight = values(weight_D);
  share_rows(rows, width, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      for (std::int64_t d = 0; d < width; ++d) y[n * width + d] = x[n * width + d] * scale[n] * weight[d];
  });
  return y;
}

std::vector<at::Tensor> Layer::gradients(at::Tensor d_in_ND, const at::Tensor& d_adapter_X) const {
  std::vector<at::Tensor> gradients = {std::move(d_in_ND)};
  std::int64_t begin = 0;
  for (const Projection projection : kProjections) {
    const LoraPair* pair = pass_.adapter ? pass_.adapter->find(index_, projection) : nullptr;
    if (!pair) continue;
    for (const at::Tensor& matrix : {pair->a_RI, pair->b_OR}) {
      gradients.push_back(d_adapter_X.slice(0, begin, begin + matrix.numel()).view(matrix.sizes()));
      begin += matrix.numel();
    }
  }
  return gradients;
}

}  // namespace conceptune::model
