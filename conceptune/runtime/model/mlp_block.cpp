#include "conceptune/runtime/model/mlp_block.h"

#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::model {
namespace {

kernels::Bf16* halves(const Matrix& matrix) { return reinterpret_cast<kernels::Bf16*>(matrix.values()); }

}  // namespace

using kernels::layer_kernels;

void MlpBlock::allocate(MlpActivations& m) const {
  const std::int64_t place = layer_.rounds() ? (mlp_width() + 1) / 2 : mlp_width();
  const auto all = layer_.pass().pool.matrices(layer_.tokens(), {width(), 1, place, place});
  m = {all[0], all[1], all[2], all[3]};
}

Rows MlpBlock::normed_rows(const Slice& slice) const {
  return layer_.rows_in(layer_.workspace().normed, slice.rows, width(),
                        layer_.adapts_any({Projection::gate, Projection::up}));
}

void MlpBlock::norm(const MlpActivations& m, const Slice& slice, const Rows& normed, std::int64_t begin,
                    std::int64_t count) const {
  middle_norm().forward(m.middle_ND.row(slice.begin), begin, count, normed,
                        m.middle_scale_N.row(slice.begin));
}

MlpBlock::GateUp MlpBlock::kept_in(const MlpActivations& m, const Slice& slice) const {
  const std::int64_t first = slice.begin * mlp_width();
  if (layer_.rounds()) return {{nullptr, halves(m.gate_NF) + first}, {nullptr, halves(m.up_NF) + first}};
  return {{m.gate_NF.values() + first}, {m.up_NF.values() + first}};
}

MlpBlock::GateUp MlpBlock::made_in(const MlpActivations& m, const Slice& slice) const {
  GateUp made = kept_in(m, slice);
  if (!layer_.rounds()) return made;
  const std::int64_t size = slice.rows * mlp_width();
  made.gate.numbers = layer_.workspace().product.numbers.take(size);
  made.up.numbers = layer_.workspace().d_product.numbers.take(size);
  return made;
}

void MlpBlock::keep_rounded(const GateUp& made, std::int64_t begin, std::int64_t count) const {
  round_made(made.gate, mlp_width(), begin, count);
  round_made(made.up, mlp_width(), begin, count);
}

void MlpBlock::project(const Slice& slice, const Rows& normed, const GateUp& made,
                       const RowsWork& then) const {
  model::project({normed.numbers, slice.rows, width(), normed.rounded}, slice.begin,
                 {{&layer_.linear(Projection::gate), false, made.gate.numbers},
                  {&layer_.linear(Projection::up), false, made.up.numbers}},
                 then);
}

void MlpBlock::forward(const MlpActivations& m, const Slice& slice, const Rows& normed,
                       const Matrix& out_ND) const {
  const GateUp made = made_in(m, slice);
  const Rows product = layer_.rows_in(layer_.workspace().product, slice.rows, mlp_width(),
                                      layer_.adapts_any({Projection::down}));
  project(slice, normed, made, [&](std::int64_t begin, std::int64_t count) {
    keep_rounded(made, begin, count);
    swiglu({{made.gate.numbers}, {made.up.numbers}}, begin, count, product);
    copy_rows(m.middle_ND.row(slice.begin), width(), begin, count, out_ND.row(slice.begin));
  });
  model::project({product.numbers, slice.rows, mlp_width(), product.rounded}, slice.begin,
                 {{&layer_.linear(Projection::down), true, out_ND.row(slice.begin)}});
}

void MlpBlock::recompute(const MlpActivations& m, const Slice& slice, const Rows& normed) const {
  const GateUp made = made_in(m, slice);
  RowsWork keep;
  if (layer_.rounds())
    keep = [&](std::int64_t begin, std::int64_t count) { keep_rounded(made, begin, count); };
  project(slice, normed, made, keep);
}

void MlpBlock::swiglu(const GateUp& made, std::int64_t begin, std::int64_t count, const Rows& product) const {
  const kernels::ProfileScope scope("SwiGLU");
  const std::int64_t width = mlp_width();
  static thread_local ReusedMemory<float> memory;
  float* const room = memory.take(2 * width);
  make_rows(product, width, begin, count, [&](std::int64_t n, float* row) {
    layer_kernels().swiglu(widened_row(made.gate, width, n, room),
                           widened_row(made.up, width, n, room + width), width, row);
  });
}

Rows MlpBlock::backward(const MlpActivations& m, const Slice& slice, const float* d_out_ND,
                        const Matrix& d_middle_ND, float* d_adapter) const {
  const std::int64_t rows = slice.rows;
  LayerWorkspace& workspace = layer_.workspace();
  const float* const d_out = d_out_ND + slice.begin * width();
  const GateUp kept = kept_in(m, slice);
  float* const product = layer_.rows_for_adapters({Projection::down}, workspace.product, rows * mlp_width());
  if (product)
    share_rows(rows, mlp_width(),
               [&](std::int64_t begin, std::int64_t count) { swiglu(kept, begin, count, {product}); });
  float* const d_product = workspace.d_product.numbers.take(rows * mlp_width());
  const GateUp d_made = {
      layer_.rows_in(workspace.d_gate, rows, mlp_width(), layer_.adapts_any({Projection::gate})),
      layer_.rows_in(workspace.d_product, rows, mlp_width(), layer_.adapts_any({Projection::up}))};
  ProjectionGradient d_down = layer_.gradient_of(Projection::down, {}, d_adapter);
  d_down.d_y_NO = d_out;
  project_backward(product, rows, slice.begin, {d_down}, false, d_product,
                   [&](std::int64_t begin, std::int64_t count) {
                     swiglu_backward(kept, begin, count, d_product, d_made);
                   });
  return input_backward(m, slice, d_made, d_out, d_middle_ND, d_adapter);
}

void MlpBlock::swiglu_backward(const GateUp& kept, std::int64_t begin, std::int64_t count,
                               const float* d_product, const GateUp& d_made) const {
  const kernels::ProfileScope scope("SwiGLU");
  const std::int64_t width = mlp_width();
  static thread_local ReusedMemory<float> memory;
  float* const room = memory.take(3 * width);
  make_rows(d_made.gate, width, begin, count, [&](std::int64_t n, float* d_gate_row) {
    const std::int64_t at = n * width;
    float* const d_up_row = d_made.up.numbers ? d_made.up.numbers + at : room + 2 * width;
    layer_kernels().swiglu_backward(d_product + at, widened_row(kept.gate, width, n, room),
                                    widened_row(kept.up, width, n, room + width), width, d_gate_row,
                                    d_up_row);
    if (d_made.up.rounded) kernels::conversion_kernels().to_bf16(d_up_row, width, d_made.up.rounded + at);
  });
}

Rows MlpBlock::input_backward(const MlpActivations& m, const Slice& slice, const GateUp& d_made,
                              const float* d_out, const Matrix& d_middle_ND, float* d_adapter) const {
  const std::int64_t rows = slice.rows;
  LayerWorkspace& workspace = layer_.workspace();
  const float* const middle = m.middle_ND.row(slice.begin);
  float* const scale = m.middle_scale_N.row(slice.begin);
  float* const normed =
      layer_.rows_for_adapters({Projection::gate, Projection::up}, workspace.normed, rows * width());
  if (normed)
    share_rows(rows, width(),
               [&](std::int64_t begin, std::int64_t count) { norm(m, slice, {normed}, begin, count); });
  float* const d_normed = workspace.d_normed.numbers.take(rows * width());
  const Rows d_middle = {d_middle_ND.row(slice.begin), layer_.rounded_in(workspace.d_normed, rows * width())};
  project_backward(normed, rows, slice.begin,
                   {layer_.gradient_of(Projection::gate, d_made.gate, d_adapter),
                    layer_.gradient_of(Projection::up, d_made.up, d_adapter)},
                   false, d_normed, [&](std::int64_t begin, std::int64_t count) {
                     copy_rows(d_out, width(), begin, count, d_middle.numbers);
                     middle_norm().backward(d_normed, middle, scale, begin, count, d_middle.numbers);
                     round_made(d_middle, width(), begin, count);
                   });
  return d_middle;
}

}  // namespace conceptune::model
