#include "conceptune/runtime/model/fused_layer.h"

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::model {
namespace {

using kernels::layer_kernels;

/// What a layer's forward pass leaves for its backward pass; E = H · K, J = G · K, F MLP width.
struct Activations : torch::CustomClassHolder {
  at::Tensor in_ND, middle_ND;            // the layer's input; after attention
  at::Tensor in_scale_N, middle_scale_N;  // of the norms
  at::Tensor q_NE, k_NJ, v_NJ;            // rotated
  at::Tensor raw_q_NE, raw_k_NJ;          // before their norms, where the family has them
  at::Tensor q_scale_NH, k_scale_NG;      // of those norms
  at::Tensor attended_NE, log_sums_NH;
  at::Tensor gate_NF, up_NF;
  std::shared_ptr<const FusedPass> pass;
  std::int64_t index = 0;
  bool needs_input_gradient = false;
};

float* values(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

/// Memory of the calling thread that row-wise parts reuse. `purpose` tells apart what is in use at once.
float* scratch(int purpose, std::int64_t size) {
  static thread_local std::array<std::vector<float>, 4> buffers;
  if (static_cast<std::int64_t>(buffers[purpose].size()) < size) buffers[purpose].resize(size);
  return buffers[purpose].data();
}

/// Consecutive rows that one thread works on.
struct Slice {
  std::int64_t begin, rows, number;
};

/// Rows split over the threads; few rows are one slice, whose matrix products are split instead.
class Slices {
 public:
  explicit Slices(std::int64_t rows) : rows_(rows) {
    constexpr std::int64_t kFewestRows = 32;
    const std::int64_t threads = kernels::thread_count();
    count_ = rows < kFewestRows * threads ? 1 : threads;
  }
  std::int64_t count() const { return count_; }
  void for_each(const std::function<void(const Slice&)>& work) const {
    kernels::parallel_for(count_, [&](std::int64_t i) {
      const std::int64_t begin = rows_ * i / count_;
      work({begin, rows_ * (i + 1) / count_ - begin, i});
    });
  }

 private:
  std::int64_t rows_, count_;
};

/// One layer of one pass.
class Layer {
 public:
  Layer(const FusedPass& pass, std::int64_t index)
      : pass_(pass), config_(*pass.config), index_(index), weights_(pass.weights->layer(index)) {
    for (const Projection projection : kProjections)
      linear_.emplace_back(weights_, pass.adapter, index, projection, pass.dropout);
  }

  at::Tensor forward(Activations& a) const {
    allocate(a);
    const Slices slices(a.in_ND.size(0));
    slices.for_each([&](const Slice& slice) { project_queries_keys_values(a, slice); });
    attend(a);
    at::Tensor out_ND = at::empty_like(a.in_ND);
    slices.for_each([&](const Slice& slice) { finish(a, slice, values(out_ND)); });
    return out_ND;
  }

  /// Gradient of the input (undefined unless needed), then of every adapter matrix, A and B by projection.
  std::vector<at::Tensor> backward(const Activations& a, const at::Tensor& d_out_ND) const {
    const std::int64_t tokens = d_out_ND.size(0);
    const Slices slices(tokens);
    std::int64_t adapter_size = 0;
    for (const AdaptedLinear& linear : linear_) adapter_size += linear.adapter_size();
    const at::Tensor d_adapter_SX = at::zeros({slices.count(), adapter_size});
    const at::Tensor d_in_ND = at::empty_like(d_out_ND), d_attended_NE = at::empty_like(a.attended_NE);
    slices.for_each([&](const Slice& slice) {
      mlp_backward(a, slice, values(d_out_ND), values(d_in_ND), values(d_attended_NE),
                   values(d_adapter_SX[slice.number]));
    });
    const at::Tensor d_q_NE = at::empty_like(a.q_NE), d_k_NJ = at::empty_like(a.k_NJ),
                     d_v_NJ = at::empty_like(a.v_NJ);
    attention_backward(a, d_attended_NE, d_q_NE, d_k_NJ, d_v_NJ);
    slices.for_each([&](const Slice& slice) {
      input_backward(a, slice, values(d_q_NE), values(d_k_NJ), values(d_v_NJ), values(d_in_ND),
                     values(d_adapter_SX[slice.number]));
    });
    return gradients(a.needs_input_gradient ? d_in_ND : at::Tensor(), d_adapter_SX.sum(0));
  }

 private:
  const AdaptedLinear& linear(Projection projection) const { return linear_[static_cast<int>(projection)]; }

  /// Where the gradient of one projection's adapter lies within a slice's.
  float* part_of(float* d_adapter, Projection projection) const {
    for (int i = 0; i < static_cast<int>(projection); ++i) d_adapter += linear_[i].adapter_size();
    return d_adapter;
  }

  void allocate(Activations& a) const {
    const std::int64_t tokens = a.in_ND.size(0);
    const auto rows = [&](std::int64_t width) { return at::empty({tokens, width}, at::kFloat); };
    const std::int64_t query_width = linear(Projection::q).out(), key_width = linear(Projection::k).out();
    a.middle_ND = rows(config_.width);
    a.in_scale_N = at::empty({tokens});
    a.middle_scale_N = at::empty({tokens});
    a.q_NE = rows(query_width);
    a.k_NJ = rows(key_width);
    a.v_NJ = rows(key_width);
    if (config_.qk_norm) {
      a.raw_q_NE = rows(query_width);
      a.raw_k_NJ = rows(key_width);
      a.q_scale_NH = rows(config_.heads);
      a.k_scale_NG = rows(config_.kv_heads);
    }
    a.attended_NE = rows(query_width);
    a.log_sums_NH = rows(config_.heads);
    a.gate_NF = rows(config_.mlp_width);
    a.up_NF = rows(config_.mlp_width);
  }

  void norm(const float* x, const at::Tensor& weight, std::int64_t rows, float* y, float* scale) const {
    layer_kernels().rms_norm(x, values(weight), static_cast<float>(config_.norm_epsilon), rows,
                             weight.size(0), y, scale);
  }

  void rotate(float* x, std::int64_t heads, const Slice& slice, float direction) const {
    const std::int64_t pairs = config_.head_size / 2;
    layer_kernels().rotate(x, values(pass_.rotation.cos_NP) + slice.begin * pairs,
                           values(pass_.rotation.sin_NP) + slice.begin * pairs, direction, slice.rows, heads,
                           config_.head_size);
  }

  void project_queries_keys_values(const Activations& a, const Slice& slice) const {
    const std::int64_t width = config_.width;
    float* normed = scratch(0, slice.rows * width);
    norm(values(a.in_ND) + slice.begin * width, weights_.attention_norm_D, slice.rows, normed,
         values(a.in_scale_N) + slice.begin);
    project_heads(normed, slice, Projection::q, a.q_NE, a.raw_q_NE, a.q_scale_NH, weights_.q_norm_K);
    project_heads(normed, slice, Projection::k, a.k_NJ, a.raw_k_NJ, a.k_scale_NG, weights_.k_norm_K);
    const AdaptedLinear& v = linear(Projection::v);
    v.forward(normed, slice.rows, slice.begin, false, values(a.v_NJ) + slice.begin * v.out());
  }

  /// Queries or keys: projected, normed where the family does, rotated.
  void project_heads(const float* normed, const Slice& slice, Projection projection, const at::Tensor& out,
                     const at::Tensor& raw, const at::Tensor& scale, const at::Tensor& norm_K) const {
    const AdaptedLinear& project = linear(projection);
    const std::int64_t heads = project.out() / config_.head_size;
    float* rotated = values(out) + slice.begin * project.out();
    float* projected = norm_K.defined() ? values(raw) + slice.begin * project.out() : rotated;
    project.forward(normed, slice.rows, slice.begin, false, projected);
    if (norm_K.defined())
      norm(projected, norm_K, slice.rows * heads, rotated, values(scale) + slice.begin * heads);
    rotate(rotated, heads, slice, 1);
  }

  void attend(Activations& a) const {
    const std::int64_t tokens = a.in_ND.size(0), size = config_.head_size;
    if (pass_.memory) {
      const auto heads = [&](const at::Tensor& x) { return x.view({tokens, -1, size}); };
      a.attended_NE = pass_.memory->attend(index_, pass_.batch, heads(a.q_NE), heads(a.k_NJ), heads(a.v_NJ))
                          .reshape({tokens, -1})
                          .contiguous();
      return;
    }
    for_each_attention_task(a, [&](const kernels::AttentionTask& task, std::int64_t, std::int64_t,
                                   kernels::Scratch& memory) { layer_kernels().attention(task, memory); });
  }

  void attention_backward(const Activations& a, const at::Tensor& d_attended_NE, const at::Tensor& d_q_NE,
                          const at::Tensor& d_k_NJ, const at::Tensor& d_v_NJ) const {
    for_each_attention_task(a, [&](const kernels::AttentionTask& task, std::int64_t q_offset,
                                   std::int64_t k_offset, kernels::Scratch& memory) {
      layer_kernels().attention_backward(task,
                                         {values(d_attended_NE) + q_offset, values(d_q_NE) + q_offset,
                                          values(d_k_NJ) + k_offset, values(d_v_NJ) + k_offset},
                                         memory);
    });
  }

  /// Every sequence and key/value head, with the offsets of its first query and key; longest sequences need
  /// not come first: tasks are many and handed out one by one.
  void for_each_attention_task(const Activations& a,
                               const std::function<void(const kernels::AttentionTask&, std::int64_t,
                                                        std::int64_t, kernels::Scratch&)>& work) const {
    const std::int64_t group = config_.heads / config_.kv_heads, size = config_.head_size;
    const std::int64_t query_width = config_.heads * size, key_width = config_.kv_heads * size;
    kernels::parallel_for(pass_.batch.sequences() * config_.kv_heads, [&](std::int64_t i) {
      static thread_local kernels::Scratch memory;
      const std::int64_t sequence = i / config_.kv_heads, head = i % config_.kv_heads;
      const std::int64_t begin = pass_.batch.starts[sequence], tokens = pass_.batch.length(sequence);
      const std::int64_t q_offset = begin * query_width + head * group * size;
      const std::int64_t k_offset = begin * key_width + head * size;
      const auto& [prefix_N, own_N] = pass_.visibility;
      work({tokens, size, group, query_width, key_width, values(a.q_NE) + q_offset, values(a.k_NJ) + k_offset,
            values(a.v_NJ) + k_offset, values(a.attended_NE) + q_offset,
            values(a.log_sums_NH) + begin * config_.heads + head * group * tokens,
            prefix_N.empty() ? nullptr : prefix_N.data() + begin,
            own_N.empty() ? nullptr : own_N.data() + begin},
           q_offset, k_offset, memory);
    });
  }

  /// Output projection, residual, MLP, residual.
  void finish(const Activations& a, const Slice& slice, float* out_ND) const {
    const std::int64_t width = config_.width, mlp_width = config_.mlp_width, offset = slice.begin * width;
    float* middle = values(a.middle_ND) + offset;
    std::copy_n(values(a.in_ND) + offset, slice.rows * width, middle);
    const AdaptedLinear& o = linear(Projection::o);
    o.forward(values(a.attended_NE) + slice.begin * o.in(), slice.rows, slice.begin, true, middle);
    float* normed = scratch(0, slice.rows * width);
    norm(middle, weights_.mlp_norm_D, slice.rows, normed, values(a.middle_scale_N) + slice.begin);
    float *gate = values(a.gate_NF) + slice.begin * mlp_width,
          *up = values(a.up_NF) + slice.begin * mlp_width;
    linear(Projection::gate).forward(normed, slice.rows, slice.begin, false, gate);
    linear(Projection::up).forward(normed, slice.rows, slice.begin, false, up);
    float* product = scratch(1, slice.rows * mlp_width);
    layer_kernels().swiglu(gate, up, slice.rows * mlp_width, product);
    std::copy_n(middle, slice.rows * width, out_ND + offset);
    linear(Projection::down).forward(product, slice.rows, slice.begin, true, out_ND + offset);
  }

  /// From d_out to the gradient at `middle`, left in d_in, and of what attention gave.
  void mlp_backward(const Activations& a, const Slice& slice, const float* d_out_ND, float* d_in_ND,
                    float* d_attended_NE, float* d_adapter) const {
    const std::int64_t width = config_.width, mlp_width = config_.mlp_width, offset = slice.begin * width;
    const std::int64_t rows = slice.rows, count = rows * mlp_width;
    const float *gate = values(a.gate_NF) + slice.begin * mlp_width,
                *up = values(a.up_NF) + slice.begin * mlp_width;
    const float* d_out = d_out_ND + offset;
    const float* middle = values(a.middle_ND) + offset;
    const float* scale = values(a.middle_scale_N) + slice.begin;
    float *product = scratch(1, count), *d_product = scratch(2, count);
    layer_kernels().swiglu(gate, up, count, product);
    linear(Projection::down)
        .backward(product, d_out, rows, slice.begin, false, d_product, part_of(d_adapter, Projection::down));
    float *d_gate = product, *d_up = d_product;
    layer_kernels().swiglu_backward(d_product, gate, up, count, d_gate, d_up);
    float *normed = scratch(0, rows * width), *d_normed = scratch(3, rows * width);
    renorm(middle, weights_.mlp_norm_D, scale, rows, normed);
    linear(Projection::gate)
        .backward(normed, d_gate, rows, slice.begin, false, d_normed, part_of(d_adapter, Projection::gate));
    linear(Projection::up)
        .backward(normed, d_up, rows, slice.begin, true, d_normed, part_of(d_adapter, Projection::up));
    float* d_middle = d_in_ND + offset;
    std::copy_n(d_out, rows * width, d_middle);
    layer_kernels().rms_norm_backward(d_normed, middle, values(weights_.mlp_norm_D), scale, rows, width,
                                      d_middle);
    const AdaptedLinear& o = linear(Projection::o);
    o.backward(values(a.attended_NE) + slice.begin * o.in(), d_middle, rows, slice.begin, false,
               d_attended_NE + slice.begin * o.in(), part_of(d_adapter, Projection::o));
  }

  /// From the gradients of queries, keys and values to the input's, added to d_in.
  void input_backward(const Activations& a, const Slice& slice, float* d_q_NE, float* d_k_NJ, float* d_v_NJ,
                      float* d_in_ND, float* d_adapter) const {
    const std::int64_t width = config_.width, offset = slice.begin * width, rows = slice.rows;
    const float *in = values(a.in_ND) + offset, *scale = values(a.in_scale_N) + slice.begin;
    float* normed = scratch(0, rows * width);
    float* d_normed = a.needs_input_gradient ? scratch(3, rows * width) : nullptr;
    renorm(in, weights_.attention_norm_D, scale, rows, normed);
    heads_backward(slice, Projection::q, a.raw_q_NE, a.q_scale_NH, weights_.q_norm_K, d_q_NE);
    heads_backward(slice, Projection::k, a.raw_k_NJ, a.k_scale_NG, weights_.k_norm_K, d_k_NJ);
    const std::pair<Projection, const float*> parts[] = {
        {Projection::q, d_q_NE}, {Projection::k, d_k_NJ}, {Projection::v, d_v_NJ}};
    for (const auto& [projection, d_y] : parts)
      linear(projection)
          .backward(normed, d_y + slice.begin * linear(projection).out(), rows, slice.begin,
                    projection != Projection::q, d_normed, part_of(d_adapter, projection));
    if (d_normed)
      layer_kernels().rms_norm_backward(d_normed, in, values(weights_.attention_norm_D), scale, rows, width,
                                        d_in_ND + offset);
  }

  /// In place: back through rotation and, where the family has it, norm.
  void heads_backward(const Slice& slice, Projection projection, const at::Tensor& raw,
                      const at::Tensor& scale, const at::Tensor& norm_K, float* gradient) const {
    const std::int64_t out = linear(projection).out(), heads = out / config_.head_size;
    float* d_y = gradient + slice.begin * out;
    rotate(d_y, heads, slice, -1);
    if (!norm_K.defined()) return;
    float* d_raw = scratch(2, slice.rows * out);
    std::fill_n(d_raw, slice.rows * out, 0.0F);
    layer_kernels().rms_norm_backward(d_y, values(raw) + slice.begin * out, values(norm_K),
                                      values(scale) + slice.begin * heads, slice.rows * heads,
                                      config_.head_size, d_raw);
    std::copy_n(d_raw, slice.rows * out, d_y);
  }

  /// The norm's output again, from its input and scales.
  static void renorm(const float* x, const at::Tensor& weight_D, const float* scale, std::int64_t rows,
                     float* y) {
    const std::int64_t width = weight_D.size(0);
    const float* weight = values(weight_D);
    for (std::int64_t n = 0; n < rows; ++n)
      for (std::int64_t d = 0; d < width; ++d) y[n * width + d] = x[n * width + d] * scale[n] * weight[d];
  }

  std::vector<at::Tensor> gradients(at::Tensor d_in_ND, const at::Tensor& d_adapter_X) const {
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

  const FusedPass& pass_;
  const weights::ModelConfig& config_;
  std::int64_t index_;
  LayerWeights weights_;
  std::vector<AdaptedLinear> linear_;
};

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
    context->saved_data["activations"] = c10::IValue::make_capsule(activations);
    return out_ND;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& d_outputs) {
    const kernels::SingleThreadedBlas single_threaded;
    const auto held = context->saved_data["activations"].toCapsule();
    const auto& activations = static_cast<const Activations&>(*held);
    auto gradients =
        Layer(*activations.pass, activations.index).backward(activations, d_outputs[0].contiguous());
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

bool can_fuse(const DecoderWeights& weights) {
  return weights.device().is_cpu() && weights.embedding_VD().scalar_type() == at::kFloat;
}

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
