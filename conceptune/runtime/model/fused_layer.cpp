#include "conceptune/runtime/model/fused_layer.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/model/layer_computation.h"

namespace conceptune::model {
namespace {

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  /// `adapter_matrices` are inputs only so that autograd asks for their gradients.
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden_ND,
                            at::TensorList adapter_matrices, const std::shared_ptr<const FusedPass>& pass,
                            std::int64_t index) {
    const auto activations = c10::make_intrusive<Activations>();
    activations->in_ND = hidden_ND.detach().contiguous();
    activations->pass = pass;
    activations->index = index;
    activations->needs_input_gradient = hidden_ND.requires_grad();
    context->saved_data["matrices"] = static_cast<std::int64_t>(adapter_matrices.size());
    at::Tensor out_ND = Layer(*pass, index).forward(*activations);
    if (pass->recompute) activations->drop_recomputable();
    context->saved_data["activations"] = c10::IValue::make_capsule(activations);
    return out_ND;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& d_outputs) {
    const kernels::SingleThreadedBlas single_threaded;
    const auto held = context->saved_data["activations"].toCapsule();
    auto& activations = static_cast<Activations&>(*held);
    const Layer layer(*activations.pass, activations.index);
    if (activations.pass->recompute) layer.recompute(activations);
    auto gradients = layer.backward(activations, d_outputs[0].contiguous());
    if (activations.pass->recompute) activations.drop_recomputable();
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
  Activations activations;
  activations.in_ND = hidden_ND.contiguous();
  return Layer(*pass, index).forward(activations);
}

}  // namespace conceptune::model
