#include "conceptune/runtime/model/attention_block.h"

#include <algorithm>

#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {

using kernels::layer_kernels;

void AttentionActivations::drop_recomputable() {
  for (Matrix* matrix : {&in_scale_N, &q_NE, &k_NJ, &v_NJ, &raw_q_NE, &raw_k_NJ, &q_scale_NH, &k_scale_NG})
    *matrix = {};
}

void AttentionBlock::forward(AttentionActivations& a) const {
  const auto kept = layer_.pass().pool.matrices(layer_.tokens(), {query_width(), layer_.config().heads});
  a.attended_NE = kept[0];
  a.log_sums_NH = kept[1];
  recompute(a);
  attend(a);
}

void AttentionBlock::recompute(AttentionActivations& a) const {
  allocate_recomputable(a);
  layer_.for_each_slice([&](const Slice& slice) { project_heads(a, slice); });
}

void AttentionBlock::allocate_recomputable(AttentionActivations& a) const {
  const MatrixPool& pool = layer_.pass().pool;
  const std::int64_t tokens = layer_.tokens();
  const auto all = pool.matrices(tokens, {1, query_width(), key_width(), key_width()});
  a.in_scale_N = all[0];
  a.q_NE = all[1];
  a.k_NJ = all[2];
  a.v_NJ = all[3];
  if (!layer_.config().qk_norm) return;
  const auto normed =
      pool.matrices(tokens, {query_width(), key_width(), layer_.config().heads, layer_.config().kv_heads});
  a.raw_q_NE = normed[0];
  a.raw_k_NJ = normed[1];
  a.q_scale_NH = normed[2];
  a.k_scale_NG = normed[3];
}

void AttentionBlock::project_heads(const AttentionActivations& a, const Slice& slice) const {
  const std::int64_t width = layer_.config().width;
  const Rows normed = layer_.rows_in(layer_.workspace().normed, slice.rows, width,
                                     layer_.adapts_any({Projection::q, Projection::k, Projection::v}));
  share_rows(slice.rows, width, [&](std::int64_t begin, std::int64_t count) {
    in_norm().forward(a.in_ND.row(slice.begin), begin, count, normed, a.in_scale_N.row(slice.begin));
  });
  const bool norms = layer_.config().qk_norm;
  project({normed.numbers, slice.rows, width, normed.rounded}, slice.begin,
          {{&layer_.linear(Projection::q), false, (norms ? a.raw_q_NE : a.q_NE).row(slice.begin)},
           {&layer_.linear(Projection::k), false, (norms ? a.raw_k_NJ : a.k_NJ).row(slice.begin)},
           {&layer_.linear(Projection::v), false, a.v_NJ.row(slice.begin)}},
          [&](std::int64_t begin, std::int64_t count) {
            const std::int64_t first = slice.begin + begin;
            const LayerWeights& weights = layer_.weights();
            turn_heads(first, count, a.raw_q_NE, a.q_scale_NH, layer_.norm(weights.q_norm_K), a.q_NE);
            turn_heads(first, count, a.raw_k_NJ, a.k_scale_NG, layer_.norm(weights.k_norm_K), a.k_NJ);
          });
}

void AttentionBlock::rotate(float* x, std::int64_t heads, std::int64_t first, std::int64_t count,
                            float direction) const {
  const kernels::ProfileScope scope("rotation");
  const std::int64_t size = layer_.config().head_size, angles = first * (size / 2);
  const Rotation& rotation = layer_.pass().rotation;
  layer_kernels().rotate(x, rotation.cos_NP.values() + angles, rotation.sin_NP.values() + angles, direction,
                         count, heads, size);
}

void AttentionBlock::turn_heads(std::int64_t first, std::int64_t count, const Matrix& raw,
                                const Matrix& scale, const RowNorm& norm, const Matrix& out) const {
  const std::int64_t heads = out.width() / layer_.config().head_size;
  if (norm.weight) norm.forward(raw.values(), first * heads, count * heads, {out.values()}, scale.values());
  rotate(out.row(first), heads, first, count, 1);
}

const kernels::AttentionKernels& AttentionBlock::kernels_of_products() const {
  return kernels::attention_kernels(layer_.rounds());
}

void AttentionBlock::attend(AttentionActivations& a) const {
  if (AttentionMemory* const memory = layer_.pass().memory) {
    a.attended_NE = memory->attend(layer_.index(), layer_.pass().batch, a.q_NE, a.k_NJ, a.v_NJ);
    return;
  }
  for_each_task(
      a, [&](const kernels::AttentionTask& task, std::int64_t, std::int64_t, kernels::Scratch& scratch) {
        const kernels::ProfileScope scope("attention, forward");
        kernels_of_products().forward(task, scratch);
      });
}

void AttentionBlock::for_each_task(const AttentionActivations& a,
                                   const std::function<void(const kernels::AttentionTask&, std::int64_t,
                                                            std::int64_t, kernels::Scratch&)>& work) const {
  const weights::ModelConfig& config = layer_.config();
  const LayerPass& pass = layer_.pass();
  const std::int64_t group = config.heads / config.kv_heads, size = config.head_size;
  const Visibility& visible = pass.visibility;
  kernels::parallel_for(pass.batch.sequences() * config.kv_heads, [&](std::int64_t i) {
    static thread_local kernels::Scratch scratch;
    const std::int64_t sequence = pass.longest_first[i / config.kv_heads], head = i % config.kv_heads;
    const std::int64_t begin = pass.batch.starts[sequence], tokens = pass.batch.length(sequence);
    const std::int64_t q_offset = begin * query_width() + head * group * size;
    const std::int64_t k_offset = begin * key_width() + head * size;
    work({tokens, size, group, query_width(), key_width(), a.q_NE.values() + q_offset,
          a.k_NJ.values() + k_offset, a.v_NJ.values() + k_offset, a.attended_NE.values() + q_offset,
          a.log_sums_NH.row(begin) + head * group * tokens,
          visible.prefix_N.empty() ? nullptr : visible.prefix_N.data() + begin,
          visible.own_N.empty() ? nullptr : visible.own_N.data() + begin},
         q_offset, k_offset, scratch);
  });
}

void AttentionBlock::add_output(const AttentionActivations& a, const Slice& slice, const Matrix& middle_ND,
                                const RowsWork& then) const {
  const std::int64_t width = layer_.config().width;
  const AdaptedLinear& o = layer_.linear(Projection::o);
  const Rows attended = {a.attended_NE.row(slice.begin),
                         layer_.rounded_in(layer_.workspace().attended, slice.rows * o.in())};
  float* const middle = middle_ND.row(slice.begin);
  share_rows(slice.rows, width, [&](std::int64_t begin, std::int64_t count) {
    copy_rows(a.in_ND.row(slice.begin), width, begin, count, middle);
    round_made(attended, o.in(), begin, count);
  });
  project({attended.numbers, slice.rows, o.in(), attended.rounded}, slice.begin, {{&o, true, middle}}, then);
}

HeadGradients AttentionBlock::make_gradients() const {
  const auto all =
      layer_.pass().pool.matrices(layer_.tokens(), {query_width(), query_width(), key_width(), key_width()});
  return {all[0], all[1], all[2], all[3]};
}

void AttentionBlock::output_backward(const AttentionActivations& a, const Slice& slice, const Rows& d_middle,
                                     const HeadGradients& heads, float* d_adapter) const {
  project_backward(a.attended_NE.row(slice.begin), slice.rows, slice.begin,
                   {layer_.gradient_of(Projection::o, d_middle, d_adapter)}, false,
                   heads.d_attended_NE.row(slice.begin));
}

void AttentionBlock::backward(const AttentionActivations& a, const HeadGradients& heads,
                              const Matrix& d_in_ND, float* d_adapter) const {
  attend_backward(a, heads);
  layer_.for_each_slice([&](const Slice& slice) { input_backward(a, slice, heads, d_in_ND, d_adapter); });
}

void AttentionBlock::attend_backward(const AttentionActivations& a, const HeadGradients& heads) const {
  for_each_task(a, [&](const kernels::AttentionTask& task, std::int64_t q_offset, std::int64_t k_offset,
                       kernels::Scratch& scratch) {
    const kernels::ProfileScope scope("attention, backward");
    kernels_of_products().backward(task,
                                   {heads.d_attended_NE.values() + q_offset, heads.d_q_NE.values() + q_offset,
                                    heads.d_k_NJ.values() + k_offset, heads.d_v_NJ.values() + k_offset},
                                   scratch);
  });
}

void AttentionBlock::input_backward(const AttentionActivations& a, const Slice& slice,
                                    const HeadGradients& heads, const Matrix& d_in_ND,
                                    float* d_adapter) const {
  const std::int64_t width = layer_.config().width, rows = slice.rows;
  const std::int64_t all_widths = query_width() + 2 * key_width();
  LayerWorkspace& workspace = layer_.workspace();
  const float* const in = a.in_ND.row(slice.begin);
  float* const scale = a.in_scale_N.row(slice.begin);
  float* const normed =
      layer_.rows_for_adapters({Projection::q, Projection::k, Projection::v}, workspace.normed, rows * width);
  kernels::Bf16* const rounded = layer_.rounded_in(workspace.d_product, rows * all_widths);
  const auto rows_of = [&](const Matrix& d_y, std::int64_t widths_before) {
    return Rows{d_y.row(slice.begin), rounded ? rounded + rows * widths_before : nullptr};
  };
  const Rows d_q = rows_of(heads.d_q_NE, 0), d_k = rows_of(heads.d_k_NJ, query_width()),
             d_v = rows_of(heads.d_v_NJ, query_width() + key_width());
  share_rows(rows, all_widths, [&](std::int64_t begin, std::int64_t count) {
    const std::int64_t first = slice.begin + begin;
    const LayerWeights& weights = layer_.weights();
    turn_heads_back(first, count, a.raw_q_NE, a.q_scale_NH, layer_.norm(weights.q_norm_K), heads.d_q_NE);
    turn_heads_back(first, count, a.raw_k_NJ, a.k_scale_NG, layer_.norm(weights.k_norm_K), heads.d_k_NJ);
    round_made(d_q, query_width(), begin, count);
    round_made(d_k, key_width(), begin, count);
    round_made(d_v, key_width(), begin, count);
    if (normed) in_norm().forward(in, begin, count, {normed}, scale);
  });
  const std::vector<ProjectionGradient> gradients = {layer_.gradient_of(Projection::q, d_q, d_adapter),
                                                     layer_.gradient_of(Projection::k, d_k, d_adapter),
                                                     layer_.gradient_of(Projection::v, d_v, d_adapter)};
  if (!d_in_ND.is_there()) return project_backward(normed, rows, slice.begin, gradients, false, nullptr);
  float* const d_normed = workspace.d_normed.numbers.take(rows * width);
  project_backward(normed, rows, slice.begin, gradients, false, d_normed,
                   [&](std::int64_t begin, std::int64_t count) {
                     in_norm().backward(d_normed, in, scale, begin, count, d_in_ND.row(slice.begin));
                   });
}

void AttentionBlock::turn_heads_back(std::int64_t first, std::int64_t count, const Matrix& raw,
                                     const Matrix& scale, const RowNorm& norm, const Matrix& gradient) const {
  const std::int64_t width = gradient.width(), heads = width / layer_.config().head_size;
  float* const d_y = gradient.row(first);
  rotate(d_y, heads, first, count, -1);
  if (!norm.weight) return;
  static thread_local ReusedMemory<float> memory;
  float* const d_raw = memory.take(count * width);
  std::fill_n(d_raw, count * width, 0.0F);
  norm.backward(d_y, raw.row(first), scale.values() + first * heads, 0, count * heads, d_raw);
  std::copy_n(d_raw, count * width, d_y);
}

}  // namespace conceptune::model
