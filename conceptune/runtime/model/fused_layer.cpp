#include "conceptune/runtime/model/fused_layer.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/model/decoder_layer.h"
#include "conceptune/runtime/model/tensor_handles.h"

namespace conceptune::model {
namespace {

LayerWorkspace& workspace_of_thread() {
  static thread_local LayerWorkspace workspace;
  return workspace;
}

struct KeptLayer : torch::CustomClassHolder {
  LayerActivations activations;
  std::shared_ptr<const FusedPass> pass;
  std::int64_t index = 0;
  bool needs_input_gradient = false;
};

/// Views of the gradients of all adapter matrices, A and B by projection.
void append_parts(const at::Tensor& d_adapter_X, const FusedPass& pass, std::int64_t index,
                  torch::autograd::variable_list& gradients) {
  std::int64_t begin = 0;
  for (const Projection projection : kProjections) {
    const LoraPair* pair = pass.adapter ? pass.adapter->find(index, projection) : nullptr;
    if (!pair) continue;
    for (const at::Tensor& matrix : {pair->a_RI, pair->b_OR}) {
      gradients.push_back(d_adapter_X.slice(0, begin, begin + matrix.numel()).view(matrix.sizes()));
      begin += matrix.numel();
    }
  }
}

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  /// `adapter_matrices` are inputs only so that autograd asks for their gradients.
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden_ND,
                            at::TensorList adapter_matrices, const std::shared_ptr<const FusedPass>& pass,
                            std::int64_t index) {
    const auto kept = c10::make_intrusive<KeptLayer>();
    kept->activations.attention.in_ND = matrix_over(hidden_ND);
    kept->pass = pass;
    kept->index = index;
    kept->needs_input_gradient = hidden_ND.requires_grad();
    context->saved_data["matrices"] = static_cast<std::int64_t>(adapter_matrices.size());
    const Matrix out_ND = DecoderLayer(*pass, index, workspace_of_thread()).forward(kept->activations);
    if (pass->recompute) kept->activations.drop_recomputable();
    context->saved_data["kept"] = c10::IValue::make_capsule(kept);
    return tensor_over(out_ND);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& d_outputs) {
    const kernels::SingleThreadedBlas single_threaded;
    const auto held = context->saved_data["kept"].toCapsule();
    auto& kept = static_cast<KeptLayer&>(*held);
    const DecoderLayer layer(*kept.pass, kept.index, workspace_of_thread());
    if (kept.pass->recompute) layer.recompute(kept.activations);
    const at::Tensor d_out_ND = d_outputs[0].contiguous(), d_adapter_X = at::zeros({layer.adapter_size()});
    const Matrix d_in_ND = layer.backward(kept.activations, d_out_ND.data_ptr<float>(),
                                          kept.needs_input_gradient, d_adapter_X.data_ptr<float>());
    if (kept.pass->recompute) kept.activations.drop_recomputable();
    torch::autograd::variable_list gradients = {d_in_ND.is_there() ? tensor_over(d_in_ND) : at::Tensor()};
    append_parts(d_adapter_X, *kept.pass, kept.index, gradients);
    gradients.resize(1 + context->saved_data["matrices"].toInt() + 2);
    return gradients;
  }
};

std::vector<at::Tensor> adapter_matrices(const LoraAdapter* adapter, std::int64_t index) {
  std::vector<at::Tensor> matrices;
  for (const Projection projection : kProjections)
    if (const LoraPair* pair = adapter ? adapter->find(index, projection) : nullptr)
      matrices.insert(matrices.end(), {pair->a_RI, pair->b_OR});
  return matrices;
}

}  // namespace

bool can_fuse(const DecoderWeights& weights) { return weights.device().is_cpu(); }

at::Tensor fused_layer(const std::shared_ptr<const FusedPass>& pass, std::int64_t index,
                       const at::Tensor& hidden_ND) {
  const kernels::SingleThreadedBlas single_threaded;
  const std::vector<at::Tensor> matrices = adapter_matrices(pass->adapter, index);
  if (at::GradMode::is_enabled() && (hidden_ND.requires_grad() || !matrices.empty()))
    return LayerFunction::apply(hidden_ND, at::TensorList(matrices), pass, index);
  LayerActivations activations;
  activations.attention.in_ND = matrix_over(hidden_ND);
  return tensor_over(DecoderLayer(*pass, index, workspace_of_thread()).forward(activations));
}

}  // namespace conceptune::model
