// One decoder layer of one pass, forward and backward, in steps, each on all threads: matrix products, and
// between them our kernels.
//
// Shapes: N tokens of the batch, D width, E = H · K, J = G · K, F MLP width, X values of all adapters.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/model/fused_layer.h"

namespace conceptune::model {

/// What a layer's forward pass leaves for its backward pass.
struct Activations : torch::CustomClassHolder {
  at::Tensor in_ND, middle_ND;            // the layer's input; after attention
  at::Tensor in_scale_N, middle_scale_N;  // of the norms
  at::Tensor q_NE, k_NJ, v_NJ;            // rotated
  at::Tensor raw_q_NE, raw_k_NJ;          // before their norms, where the family has them
  at::Tensor q_scale_NH, k_scale_NG;      // of those norms
  at::Tensor attended_NE, log_sums_NH;
  at::Tensor gate_NF, up_NF;  // in bfloat16 where products are, two numbers in a float's place
  std::shared_ptr<const FusedPass> pass;
  std::int64_t index = 0;
  bool needs_input_gradient = false;

  /// Lets go of what Layer::recompute() makes again from `in_ND`, `attended_NE` and `log_sums_NH`.
  void drop_recomputable();
};

/// One layer of one pass.
class Layer {
 public:
  Layer(const FusedPass& pass, std::int64_t index);
  at::Tensor forward(Activations& a) const;
  /// Makes again, to the bit, what drop_recomputable() let go: the forward pass without attention and the
  /// last projection.
  void recompute(Activations& a) const;
  /// Gradient of the input (undefined unless needed), then of every adapter matrix, A and B by projection.
  std::vector<at::Tensor> backward(const Activations& a, const at::Tensor& d_out_ND) const;

 private:
  const AdaptedLinear& linear(Projection projection) const;
  /// Where the gradient of one projection's adapter lies within the layer's.
  float* part_of(float* d_adapter, Projection projection) const;
  void for_each_slice(const Activations& a, const std::function<void(const Slice&)>& work) const;
  /// Dense matrices one after the other in one piece of memory, their contents undefined.
  std::vector<at::Tensor> matrices(std::int64_t rows, const std::vector<std::int64_t>& widths) const;
  void allocate(Activations& a) const;
  void allocate_recomputable(Activations& a) const;
  /// Whether the frozen matrices are multiplied in bfloat16.
  bool rounds() const;
  bool adapts_any(std::initializer_list<Projection> projections) const;
  /// Rows that a step makes, in float32, rounded to bfloat16, or both; null for what nothing reads.
  struct MadeRows {
    float* numbers;
    kernels::Bf16* rounded;
  };
  enum class Purpose { normed, attended, product, d_product, d_gate, d_normed };
  /// Memory for rows that products read in their type and, where `also_float32`, other steps too.
  MadeRows rows_for(Purpose purpose, std::int64_t rows, std::int64_t width, bool also_float32) const;
  /// Memory for numbers in bfloat16; null where products are in float32.
  kernels::Bf16* rounded_in(Purpose purpose, std::int64_t size) const;
  /// Memory for what only adapters of `readers` read again; null where these have none.
  float* rows_for_adapters(std::initializer_list<Projection> readers, Purpose purpose,
                           std::int64_t size) const;

  // What follows works on rows [begin, begin + count) in the calling thread; pointers are to row 0 of a slice
  // where no slice is given, and tensors hold the whole batch.

  /// Calls make(n, row) for rows of float32, and rounds what it made while it is in cache.
  static void make_rows(const MadeRows& made, std::int64_t width, std::int64_t begin, std::int64_t count,
                        const std::function<void(std::int64_t, float*)>& make);
  /// To `rounded`, unless it is null.
  static void round_made(const float* numbers, std::int64_t width, std::int64_t begin, std::int64_t count,
                         kernels::Bf16* rounded);
  void norm(const float* x, const at::Tensor& weight, std::int64_t begin, std::int64_t count,
            const MadeRows& y, float* scale) const;
  /// Rows of gate or up, in one of the types.
  struct MlpRows {
    const float* numbers;
    const kernels::Bf16* rounded;
  };
  /// Where the forward pass makes a slice's gate and up in float32, and where it rounds them to for the
  /// backward pass; null where that reads what was made.
  struct MadeGateUp {
    float *gate, *up;
    kernels::Bf16 *kept_gate, *kept_up;
  };
  /// As the forward pass keeps them.
  MlpRows kept_rows(const at::Tensor& kept, const Slice& slice) const;
  /// Row n, where it lies or widened into `room`.
  const float* mlp_row(const MlpRows& rows, std::int64_t n, float* room) const;
  void swiglu(const MlpRows& gate, const MlpRows& up, std::int64_t begin, std::int64_t count,
              const MadeRows& product) const;
  void swiglu_backward(const MlpRows& gate, const MlpRows& up, std::int64_t begin, std::int64_t count,
                       const float* d_product, const MadeRows& d_gate, const MadeRows& d_up) const;
  static void copy_rows(const float* from, std::int64_t width, std::int64_t begin, std::int64_t count,
                        float* to);
  /// `x` is the first of `count` rows, `first` its number in the batch.
  void rotate(float* x, std::int64_t heads, std::int64_t first, std::int64_t count, float direction) const;
  /// Queries or keys from their projection: normed where the family does, rotated. `first` is a number in the
  /// batch.
  void turn_heads(std::int64_t first, std::int64_t count, const at::Tensor& raw, const at::Tensor& scale,
                  const at::Tensor& norm_K, const at::Tensor& out) const;
  /// In place: back through rotation and, where the family has it, norm.
  /// `first` is a number in the batch.
  void heads_backward(std::int64_t first, std::int64_t count, const at::Tensor& raw, const at::Tensor& scale,
                      const at::Tensor& norm_K, std::int64_t width, float* gradient) const;
  /// Adds to d_x what d_y, at the norm's output, gives.
  static void norm_backward(const float* d_y, const float* x, const at::Tensor& weight, const float* scale,
                            std::int64_t begin, std::int64_t count, float* d_x);
  /// Rounds gate and up for the backward pass, where it reads them so.
  void keep_rounded(const MadeGateUp& made, std::int64_t begin, std::int64_t count) const;

  // What follows works on all threads.

  void project_queries_keys_values(const Activations& a, const Slice& slice) const;
  const kernels::AttentionKernels& attention_kernels() const;
  void attend(Activations& a) const;
  void attention_backward(const Activations& a, const at::Tensor& d_attended_NE, const at::Tensor& d_q_NE,
                          const at::Tensor& d_k_NJ, const at::Tensor& d_v_NJ) const;
  /// Every sequence and key/value head, with the offsets of its first query and key; longest sequences first,
  /// so that threads end at about the same time.
  void for_each_attention_task(const Activations& a,
                               const std::function<void(const kernels::AttentionTask&, std::int64_t,
                                                        std::int64_t, kernels::Scratch&)>& work) const;
  MadeGateUp make_gate_up_in(const Activations& a, const Slice& slice) const;
  /// Output projection, residual, norm, the MLP's gate and up projections; `then` follows for parts of rows.
  void enter_mlp(const Activations& a, const Slice& slice, const MadeGateUp& made,
                 const RowsWork& then) const;
  /// All of the MLP, residual.
  void mlp(const Activations& a, const Slice& slice, float* out_ND) const;
  /// From d_out to the gradient at `middle`, left in d_in, and of what attention gave.
  void mlp_backward(const Activations& a, const Slice& slice, const float* d_out_ND, float* d_in_ND,
                    float* d_attended_NE, float* d_adapter) const;
  /// From the gradients of gate and up to that at `middle`, which it gives: d_in's rows of the slice.
  MadeRows mlp_input_backward(const Activations& a, const Slice& slice, const MadeRows& d_gate,
                              const MadeRows& d_up, const float* d_out, float* d_in_ND,
                              float* d_adapter) const;
  /// From the gradients of queries, keys and values to the input's, added to d_in.
  void input_backward(const Activations& a, const Slice& slice, float* d_q_NE, float* d_k_NJ, float* d_v_NJ,
                      float* d_in_ND, float* d_adapter) const;
  /// Of a slice's rows, as project_backward() takes it.
  ProjectionGradient gradient_of(Projection projection, const MadeRows& d_y, float* d_adapter) const;
  std::vector<at::Tensor> gradients(at::Tensor d_in_ND, const at::Tensor& d_adapter_X) const;

  /// The tensor's numbers, null where it is undefined.
  static float* values(const at::Tensor& tensor);
  static kernels::Bf16* halves(const at::Tensor& tensor);
  /// Memory of the calling thread that steps reuse, of float or Bf16. `purpose` tells apart what is in use at
  /// once.
  template <class T>
  static T* scratch(Purpose purpose, std::int64_t size);

  const FusedPass& pass_;
  const weights::ModelConfig& config_;
  std::int64_t index_;
  const LayerWeights& weights_;
  std::vector<AdaptedLinear> linear_;
};

}  // namespace conceptune::model
