// The layer's backward pass.
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/reused_memory.h"
#include "conceptune/runtime/model/layer_computation.h"

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
  const std::int64_t rows = slice.rows, mlp_width = config_.mlp_width;
  const float* const d_out = d_out_ND + slice.begin * config_.width;
  const MlpRows gate = kept_rows(a.gate_NF, slice), up = kept_rows(a.up_NF, slice);
  float* const product = rows_for_adapters({Projection::down}, Purpose::product, rows * mlp_width);
  if (product)
    share_rows(rows, mlp_width, [&](std::int64_t begin, std::int64_t count) {
      swiglu(gate, up, begin, count, {product, nullptr});
    });
  float* const d_product = scratch<float>(Purpose::d_product, rows * mlp_width);
  const MadeRows d_gate = rows_for(Purpose::d_gate, rows, mlp_width, adapts_any({Projection::gate}));
  const MadeRows d_up = rows_for(Purpose::d_product, rows, mlp_width, adapts_any({Projection::up}));
  project_backward(product, rows, slice.begin,
                   {{&linear(Projection::down), d_out, part_of(d_adapter, Projection::down)}}, false,
                   d_product, [&](std::int64_t begin, std::int64_t count) {
                     swiglu_backward(gate, up, begin, count, d_product, d_gate, d_up);
                   });
  const MadeRows d_middle = mlp_input_backward(a, slice, d_gate, d_up, d_out, d_in_ND, d_adapter);
  const std::int64_t attended = slice.begin * linear(Projection::o).in();
  project_backward(values(a.attended_NE) + attended, rows, slice.begin,
                   {gradient_of(Projection::o, d_middle, d_adapter)}, false, d_attended_NE + attended);
}

Layer::MadeRows Layer::mlp_input_backward(const Activations& a, const Slice& slice, const MadeRows& d_gate,
                                          const MadeRows& d_up, const float* d_out, float* d_in_ND,
                                          float* d_adapter) const {
  const std::int64_t rows = slice.rows, width = config_.width, offset = slice.begin * width;
  const float* const middle = values(a.middle_ND) + offset;
  float* const scale = values(a.middle_scale_N) + slice.begin;
  float* const normed = rows_for_adapters({Projection::gate, Projection::up}, Purpose::normed, rows * width);
  if (normed)
    share_rows(rows, width, [&](std::int64_t begin, std::int64_t count) {
      norm(middle, weights_.mlp_norm_D, begin, count, {normed, nullptr}, scale);
    });
  float* const d_normed = scratch<float>(Purpose::d_normed, rows * width);
  const MadeRows d_middle = {d_in_ND + offset, rounded_in(Purpose::d_normed, rows * width)};
  project_backward(
      normed, rows, slice.begin,
      {gradient_of(Projection::gate, d_gate, d_adapter), gradient_of(Projection::up, d_up, d_adapter)}, false,
      d_normed, [&](std::int64_t begin, std::int64_t count) {
        copy_rows(d_out, width, begin, count, d_middle.numbers);
        norm_backward(d_normed, middle, weights_.mlp_norm_D, scale, begin, count, d_middle.numbers);
        round_made(d_middle.numbers, width, begin, count, d_middle.rounded);
      });
  return d_middle;
}

void Layer::swiglu_backward(const MlpRows& gate, const MlpRows& up, std::int64_t begin, std::int64_t count,
                            const float* d_product, const MadeRows& d_gate, const MadeRows& d_up) const {
  const kernels::ProfileScope scope("SwiGLU");
  const std::int64_t width = config_.mlp_width;
  static thread_local ReusedMemory<float> memory;
  float* const room = memory.take(3 * width);
  make_rows(d_gate, width, begin, count, [&](std::int64_t n, float* d_gate_row) {
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
  const std::int64_t query_width = linear(Projection::q).out(), key_width = linear(Projection::k).out();
  const float* const in = values(a.in_ND) + offset;
  float* const scale = values(a.in_scale_N) + slice.begin;
  float* const normed =
      rows_for_adapters({Projection::q, Projection::k, Projection::v}, Purpose::normed, rows * width);
  kernels::Bf16* const rounded = rounded_in(Purpose::d_product, rows * (query_width + 2 * key_width));
  const auto rows_of = [&](float* d_y, std::int64_t of_width, std::int64_t widths_before) {
    return MadeRows{d_y + slice.begin * of_width, rounded ? rounded + rows * widths_before : nullptr};
  };
  const MadeRows d_q = rows_of(d_q_NE, query_width, 0), d_k = rows_of(d_k_NJ, key_width, query_width),
                 d_v = rows_of(d_v_NJ, key_width, query_width + key_width);
  share_rows(rows, query_width + 2 * key_width, [&](std::int64_t begin, std::int64_t count) {
    const std::int64_t first = slice.begin + begin;
    heads_backward(first, count, a.raw_q_NE, a.q_scale_NH, weights_.q_norm_K, query_width, d_q_NE);
    heads_backward(first, count, a.raw_k_NJ, a.k_scale_NG, weights_.k_norm_K, key_width, d_k_NJ);
    round_made(d_q.numbers, query_width, begin, count, d_q.rounded);
    round_made(d_k.numbers, key_width, begin, count, d_k.rounded);
    round_made(d_v.numbers, key_width, begin, count, d_v.rounded);
    if (normed) norm(in, weights_.attention_norm_D, begin, count, {normed, nullptr}, scale);
  });
  const std::vector<ProjectionGradient> gradients = {gradient_of(Projection::q, d_q, d_adapter),
                                                     gradient_of(Projection::k, d_k, d_adapter),
                                                     gradient_of(Projection::v, d_v, d_adapter)};
  if (!a.needs_input_gradient) return project_backward(normed, rows, slice.begin, gradients, false, nullptr);
  float* const d_normed = scratch<float>(Purpose::d_normed, rows * width);
  project_backward(
      normed, rows, slice.begin, gradients, false, d_normed, [&](std::int64_t begin, std::int64_t count) {
        norm_backward(d_normed, in, weights_.attention_norm_D, scale, begin, count, d_in_ND + offset);
      });
}

ProjectionGradient Layer::gradient_of(Projection projection, const MadeRows& d_y, float* d_adapter) const {
  return {&linear(projection), d_y.numbers, part_of(d_adapter, projection), d_y.rounded};
}

void Layer::heads_backward(std::int64_t first, std::int64_t count, const at::Tensor& raw,
                           const at::Tensor& scale, const at::Tensor& norm_K, std::int64_t width,
                           float* gradient) const {
  const std::int64_t heads = width / config_.head_size;
  float* const d_y = gradient + first * width;
  rotate(d_y, heads, first, count, -1);
  if (!norm_K.defined()) return;
  static thread_local ReusedMemory<float> memory;
  float* const d_raw = memory.take(count * width);
  std::fill_n(d_raw, count * width, 0.0F);
  norm_backward(d_y, values(raw) + first * width, norm_K, values(scale) + first * heads, 0, count * heads,
                d_raw);
  std::copy_n(d_raw, count * width, d_y);
}

void Layer::norm_backward(const float* d_y, const float* x, const at::Tensor& weight, const float* scale,
                          std::int64_t begin, std::int64_t count, float* d_x) {
  const kernels::ProfileScope scope("norms");
  const std::int64_t width = weight.size(0), at = begin * width;
  layer_kernels().rms_norm_backward(d_y + at, x + at, values(weight), scale + begin, count, width, d_x + at);
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
