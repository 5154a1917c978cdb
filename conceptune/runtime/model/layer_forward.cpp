// The layer's forward pass, and what both passes share.
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/reused_memory.h"
#include "conceptune/runtime/model/layer_computation.h"

namespace conceptune::model {

using kernels::conversion_kernels;
using kernels::layer_kernels;

float* Layer::values(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.data_ptr<float>() : nullptr;
}

kernels::Bf16* Layer::halves(const at::Tensor& tensor) {
  return reinterpret_cast<kernels::Bf16*>(tensor.data_ptr<float>());
}

template <class T>
T* Layer::scratch(Purpose purpose, std::int64_t size) {
  static thread_local std::array<ReusedMemory<T>, 6> memory;
  return memory[static_cast<std::size_t>(purpose)].take(size);
}

template float* Layer::scratch<float>(Purpose purpose, std::int64_t size);
template kernels::Bf16* Layer::scratch<kernels::Bf16>(Purpose purpose, std::int64_t size);

Layer::Layer(const FusedPass& pass, std::int64_t index)
    : pass_(pass), config_(*pass.config), index_(index), weights_(pass.weights->layer(index)) {
  for (const Projection projection : kProjections)
    linear_.emplace_back(weights_, pass.adapter, index, projection, pass.dropout);
}

at::Tensor Layer::forward(Activations& a) const {
  allocate(a);
  for_each_slice(a, [&](const Slice& slice) { project_queries_keys_values(a, slice); });
  attend(a);
  const at::Tensor out_ND = matrices(a.in_ND.size(0), {config_.width}).front();
  for_each_slice(a, [&](const Slice& slice) { mlp(a, slice, values(out_ND)); });
  return out_ND;
}

void Layer::recompute(Activations& a) const {
  allocate_recomputable(a);
  for_each_slice(a, [&](const Slice& slice) {
    project_queries_keys_values(a, slice);
    const MadeGateUp made = make_gate_up_in(a, slice);
    RowsWork keep;
    if (rounds()) keep = [&](std::int64_t begin, std::int64_t count) { keep_rounded(made, begin, count); };
    enter_mlp(a, slice, made, keep);
  });
}

void Layer::for_each_slice(const Activations& a, const std::function<void(const Slice&)>& work) const {
  model::for_each_slice(a.in_ND.size(0), config_.mlp_width, work);
}

void Activations::drop_recomputable() {
  for (at::Tensor* tensor : {&middle_ND, &in_scale_N, &middle_scale_N, &q_NE, &k_NJ, &v_NJ, &raw_q_NE,
                             &raw_k_NJ, &q_scale_NH, &k_scale_NG, &gate_NF, &up_NF})
    tensor->reset();
}

const AdaptedLinear& Layer::linear(Projection projection) const {
  return linear_[static_cast<int>(projection)];
}

std::vector<at::Tensor> Layer::matrices(std::int64_t rows, const std::vector<std::int64_t>& widths) const {
  std::int64_t all = 0;
  for (const std::int64_t width : widths) all += width;
  const at::Tensor values = pass_.pool.matrix(rows, all).view(-1);
  std::vector<at::Tensor> matrices;
  std::int64_t begin = 0;
  for (const std::int64_t width : widths) {
    matrices.push_back(values.narrow(0, begin, rows * width).view({rows, width}));
    begin += rows * width;
  }
  return matrices;
}

void Layer::allocate(Activations& a) const {
  const auto kept = matrices(a.in_ND.size(0), {linear(Projection::q).out(), config_.heads});
  a.attended_NE = kept[0];
  a.log_sums_NH = kept[1];
  allocate_recomputable(a);
}

void Layer::allocate_recomputable(Activations& a) const {
  const std::int64_t tokens = a.in_ND.size(0);
  const std::int64_t query_width = linear(Projection::q).out(), key_width = linear(Projection::k).out();
  const std::int64_t mlp_place = rounds() ? (config_.mlp_width + 1) / 2 : config_.mlp_width;
  const auto all =
      matrices(tokens, {config_.width, 1, 1, query_width, key_width, key_width, mlp_place, mlp_place});
  at::Tensor* const targets[] = {&a.middle_ND, &a.in_scale_N, &a.middle_scale_N, &a.q_NE,
                                 &a.k_NJ,      &a.v_NJ,       &a.gate_NF,        &a.up_NF};
  for (std::size_t i = 0; i < all.size(); ++i) *targets[i] = all[i];
  if (!config_.qk_norm) return;
  const auto normed = matrices(tokens, {query_width, key_width, config_.heads, config_.kv_heads});
  a.raw_q_NE = normed[0];
  a.raw_k_NJ = normed[1];
  a.q_scale_NH = normed[2];
  a.k_scale_NG = normed[3];
}

bool Layer::rounds() const { return pass_.weights->products() == ProductType::bfloat16; }

bool Layer::adapts_any(std::initializer_list<Projection> projections) const {
  return std::any_of(projections.begin(), projections.end(),
                     [&](Projection projection) { return linear(projection).adapter_size() > 0; });
}

Layer::MadeRows Layer::rows_for(Purpose purpose, std::int64_t rows, std::int64_t width,
                                bool also_float32) const {
  return {rounds() && !also_float32 ? nullptr : scratch<float>(purpose, rows * width),
          rounded_in(purpose, rows * width)};
}

kernels::Bf16* Layer::rounded_in(Purpose purpose, std::int64_t size) const {
  return rounds() ? scratch<kernels::Bf16>(purpose, size) : nullptr;
}

float* Layer::rows_for_adapters(std::initializer_list<Projection> readers, Purpose purpose,
                                std::int64_t size) const {
  return adapts_any(readers) ? scratch<float>(purpose, size) : nullptr;
}

void Layer::make_rows(const MadeRows& made, std::int64_t width, std::int64_t begin, std::int64_t count,
                      const std::function<void(std::int64_t, float*)>& make) {
  static thread_local ReusedMemory<float> memory;
  for (std::int64_t n = begin; n < begin + count; ++n) {
    float* const row = made.numbers ? made.numbers + n * width : memory.take(width);
    make(n, row);
    if (made.rounded) conversion_kernels().to_bf16(row, width, made.rounded + n * width);
  }
}

void Layer::round_made(const float* numbers, std::int64_t width, std::int64_t begin, std::int64_t count,
                       kernels::Bf16* rounded) {
  if (!rounded) return;
  const kernels::ProfileScope scope("rounding to bfloat16");
  conversion_kernels().to_bf16(numbers + begin * width, count * width, rounded + begin * width);
}

void Layer::norm(const float* x, const at::Tensor& weight, std::int64_t begin, std::int64_t count,
                 const MadeRows& y, float* scale) const {
  const kernels::ProfileScope scope("norms");
  const std::int64_t width = weight.size(0);
  const auto epsilon = static_cast<float>(config_.norm_epsilon);
  make_rows(y, width, begin, count, [&](std::int64_t n, float* row) {
    layer_kernels().rms_norm(x + n * width, values(weight), epsilon, 1, width, row, scale + n);
  });
}

Layer::MlpRows Layer::kept_rows(const at::Tensor& kept, const Slice& slice) const {
  const std::int64_t first = slice.begin * config_.mlp_width;
  if (rounds()) return {nullptr, halves(kept) + first};
  return {values(kept) + first, nullptr};
}

const float* Layer::mlp_row(const MlpRows& rows, std::int64_t n, float* room) const {
  const std::int64_t width = config_.mlp_width;
  if (rows.numbers) return rows.numbers + n * width;
  conversion_kernels().from_bf16(rows.rounded + n * width, width, room);
  return room;
}

void Layer::swiglu(const MlpRows& gate, const MlpRows& up, std::int64_t begin, std::int64_t count,
                   const MadeRows& product) const {
  const kernels::ProfileScope scope("SwiGLU");
  const std::int64_t width = config_.mlp_width;
  static thread_local ReusedMemory<float> memory;
  float* const room = memory.take(2 * width);
  make_rows(product, width, begin, count, [&](std::int64_t n, float* row) {
    layer_kernels().swiglu(mlp_row(gate, n, room), mlp_row(up, n, room + width), width, row);
  });
}

void Layer::copy_rows(const float* from, std::int64_t width, std::int64_t begin, std::int64_t count,
                      float* to) {
  std::copy_n(from + begin * width, count * width, to + begin * width);
}

void Layer::rotate(float* x, std::int64_t heads, std::int64_t first, std::int64_t count,
                   float direction) const {
  const kernels::ProfileScope scope("rotation");
  const std::int64_t angles = first * (config_.head_size / 2);
  layer_kernels().rotate(x, values(pass_.rotation.cos_NP) + angles, values(pass_.rotation.sin_NP) + angles,
                         direction, count, heads, config_.head_size);
}

void Layer::project_queries_keys_values(const Activations& a, const Slice& slice) const {
  const std::int64_t width = config_.width;
  const MadeRows normed =
      rows_for(Purpose::normed, slice.rows, width, adapts_any({Projection::q, Projection::k, Projection::v}));
  share_rows(slice.rows, width, [&](std::int64_t begin, std::int64_t count) {
    norm(values(a.in_ND) + slice.begin * width, weights_.attention_norm_D, begin, count, normed,
         values(a.in_scale_N) + slice.begin);
  });
  const auto rows_of = [&](const at::Tensor& x, Projection projection) {
    return values(x) + slice.begin * linear(projection).out();
  };
  const bool norms = config_.qk_norm;
  project({normed.numbers, slice.rows, width, normed.rounded}, slice.begin,
          {{&linear(Projection::q), false, rows_of(norms ? a.raw_q_NE : a.q_NE, Projection::q)},
           {&linear(Projection::k), false, rows_of(norms ? a.raw_k_NJ : a.k_NJ, Projection::k)},
           {&linear(Projection::v), false, rows_of(a.v_NJ, Projection::v)}},
          [&](std::int64_t begin, std::int64_t count) {
            const std::int64_t first = slice.begin + begin;
            turn_heads(first, count, a.raw_q_NE, a.q_scale_NH, weights_.q_norm_K, a.q_NE);
            turn_heads(first, count, a.raw_k_NJ, a.k_scale_NG, weights_.k_norm_K, a.k_NJ);
          });
}

void Layer::turn_heads(std::int64_t first, std::int64_t count, const at::Tensor& raw, const at::Tensor& scale,
                       const at::Tensor& norm_K, const at::Tensor& out) const {
  const std::int64_t width = out.size(1), heads = width / config_.head_size;
  if (norm_K.defined())
    norm(values(raw), norm_K, first * heads, count * heads, {values(out), nullptr}, values(scale));
  rotate(values(out) + first * width, heads, first, count, 1);
}

const kernels::AttentionKernels& Layer::attention_kernels() const {
  return kernels::attention_kernels(rounds());
}

void Layer::attend(Activations& a) const {
  const std::int64_t tokens = a.in_ND.size(0), size = config_.head_size;
  if (pass_.memory) {
    const auto heads = [&](const at::Tensor& x) { return x.view({tokens, -1, size}); };
    a.attended_NE = pass_.memory->attend(index_, pass_.batch, heads(a.q_NE), heads(a.k_NJ), heads(a.v_NJ))
                        .reshape({tokens, -1})
                        .contiguous();
    return;
  }
  for_each_attention_task(
      a, [&](const kernels::AttentionTask& task, std::int64_t, std::int64_t, kernels::Scratch& memory) {
        const kernels::ProfileScope scope("attention, forward");
        attention_kernels().forward(task, memory);
      });
}

void Layer::for_each_attention_task(const Activations& a,
                                    const std::function<void(const kernels::AttentionTask&, std::int64_t,
                                                             std::int64_t, kernels::Scratch&)>& work) const {
  const std::int64_t group = config_.heads / config_.kv_heads, size = config_.head_size;
  const std::int64_t query_width = config_.heads * size, key_width = config_.kv_heads * size;
  const auto& [prefix_N, own_N] = pass_.visibility;
  kernels::parallel_for(pass_.batch.sequences() * config_.kv_heads, [&](std::int64_t i) {
    static thread_local kernels::Scratch memory;
    const std::int64_t sequence = pass_.longest_first[i / config_.kv_heads], head = i % config_.kv_heads;
    const std::int64_t begin = pass_.batch.starts[sequence], tokens = pass_.batch.length(sequence);
    const std::int64_t q_offset = begin * query_width + head * group * size;
    const std::int64_t k_offset = begin * key_width + head * size;
    work({tokens, size, group, query_width, key_width, values(a.q_NE) + q_offset, values(a.k_NJ) + k_offset,
          values(a.v_NJ) + k_offset, values(a.attended_NE) + q_offset,
          values(a.log_sums_NH) + begin * config_.heads + head * group * tokens,
          prefix_N.empty() ? nullptr : prefix_N.data() + begin,
          own_N.empty() ? nullptr : own_N.data() + begin},
         q_offset, k_offset, memory);
  });
}

void Layer::enter_mlp(const Activations& a, const Slice& slice, const MadeGateUp& made,
                      const RowsWork& then) const {
  const std::int64_t width = config_.width, offset = slice.begin * width;
  const AdaptedLinear& o = linear(Projection::o);
  const float* const attended = values(a.attended_NE) + slice.begin * o.in();
  kernels::Bf16* const rounded = rounded_in(Purpose::attended, slice.rows * o.in());
  float* const middle = values(a.middle_ND) + offset;
  share_rows(slice.rows, width, [&](std::int64_t begin, std::int64_t count) {
    copy_rows(values(a.in_ND) + offset, width, begin, count, middle);
    round_made(attended, o.in(), begin, count, rounded);
  });
  const MadeRows normed =
      rows_for(Purpose::normed, slice.rows, width, adapts_any({Projection::gate, Projection::up}));
  project({attended, slice.rows, o.in(), rounded}, slice.begin, {{&o, true, middle}},
          [&](std::int64_t begin, std::int64_t count) {
            norm(middle, weights_.mlp_norm_D, begin, count, normed, values(a.middle_scale_N) + slice.begin);
          });
  project({normed.numbers, slice.rows, width, normed.rounded}, slice.begin,
          {{&linear(Projection::gate), false, made.gate}, {&linear(Projection::up), false, made.up}}, then);
}

Layer::MadeGateUp Layer::make_gate_up_in(const Activations& a, const Slice& slice) const {
  const std::int64_t first = slice.begin * config_.mlp_width, size = slice.rows * config_.mlp_width;
  if (!rounds()) return {values(a.gate_NF) + first, values(a.up_NF) + first, nullptr, nullptr};
  return {scratch<float>(Purpose::product, size), scratch<float>(Purpose::d_product, size),
          halves(a.gate_NF) + first, halves(a.up_NF) + first};
}

void Layer::keep_rounded(const MadeGateUp& made, std::int64_t begin, std::int64_t count) const {
  round_made(made.gate, config_.mlp_width, begin, count, made.kept_gate);
  round_made(made.up, config_.mlp_width, begin, count, made.kept_up);
}

void Layer::mlp(const Activations& a, const Slice& slice, float* out_ND) const {
  const std::int64_t width = config_.width, mlp_width = config_.mlp_width, offset = slice.begin * width;
  const MadeGateUp made = make_gate_up_in(a, slice);
  const MadeRows product = rows_for(Purpose::product, slice.rows, mlp_width, adapts_any({Projection::down}));
  enter_mlp(a, slice, made, [&](std::int64_t begin, std::int64_t count) {
    keep_rounded(made, begin, count);
    swiglu({made.gate, nullptr}, {made.up, nullptr}, begin, count, product);
    copy_rows(values(a.middle_ND) + offset, width, begin, count, out_ND + offset);
  });
  project({product.numbers, slice.rows, mlp_width, product.rounded}, slice.begin,
          {{&linear(Projection::down), true, out_ND + offset}});
}

}  // namespace conceptune::model
