#include "conceptune/runtime/model/decoder_layer.h"

namespace conceptune::model {

void LayerActivations::drop_recomputable() {
  attention.drop_recomputable();
  mlp = {};
}

void DecoderLayer::enter_mlp(const LayerActivations& a,
                             const std::function<void(const Slice&, const Rows&)>& work) const {
  context_.for_each_slice([&](const Slice& slice) {
    const Rows normed = mlp_.normed_rows(slice);
    attention_.add_output(a.attention, slice, a.mlp.middle_ND, [&](std::int64_t begin, std::int64_t count) {
      mlp_.norm(a.mlp, slice, normed, begin, count);
    });
    work(slice, normed);
  });
}

Matrix DecoderLayer::forward(LayerActivations& a) const {
  attention_.forward(a.attention);
  mlp_.allocate(a.mlp);
  const Matrix out_ND = context_.pass().pool.matrix(context_.tokens(), context_.config().width);
  enter_mlp(a, [&](const Slice& slice, const Rows& normed) { mlp_.forward(a.mlp, slice, normed, out_ND); });
  return out_ND;
}

void DecoderLayer::recompute(LayerActivations& a) const {
  attention_.recompute(a.attention);
  mlp_.allocate(a.mlp);
  enter_mlp(a, [&](const Slice& slice, const Rows& normed) { mlp_.recompute(a.mlp, slice, normed); });
}

Matrix DecoderLayer::backward(const LayerActivations& a, const float* d_out_ND, bool wanted,
                              float* d_adapter) const {
  const std::int64_t tokens = context_.tokens(), width = context_.config().width;
  const Matrix d_in_ND = context_.pass().pool.matrix(tokens, width);
  const HeadGradients heads = attention_.make_gradients();
  context_.for_each_slice([&](const Slice& slice) {
    // The residual stream's gradient: first at `middle`, then, with attention's added, at the input.
    const Rows d_middle = mlp_.backward(a.mlp, slice, d_out_ND, d_in_ND, d_adapter);
    attention_.output_backward(a.attention, slice, d_middle, heads, d_adapter);
  });
  const Matrix d_in_wanted_ND = wanted ? d_in_ND : Matrix();
  attention_.backward(a.attention, heads, d_in_wanted_ND, d_adapter);
  return d_in_wanted_ND;
}

}  // namespace conceptune::model
