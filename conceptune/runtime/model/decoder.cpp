#include "conceptune/runtime/model/decoder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/decoder_layer.h"

namespace conceptune::model {
namespace {

std::vector<std::int64_t> longest_first(const PackedBatch& batch) {
  std::vector<std::int64_t> order(batch.sequences());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return batch.length(a) > batch.length(b); });
  return order;
}

/// Matrices as the files hold them: over the mapped bytes where products can read these, else expanded from
/// them.
FrozenMatrix stored_matrix(const std::shared_ptr<const weights::WeightStore>& store, std::string_view name) {
  if (auto mapped = store->mapped(name)) return *std::move(mapped);
  const weights::TensorInfo& info = store->info(name);
  const auto expand = [store, &info](const MatrixBlock& block, auto* numbers) {
    store->expand_block(info, block, numbers);
  };
  return {info.shape[0],
          info.shape[1],
          static_cast<std::int64_t>(kernels::layout_of(info.type).values),
          {expand, expand}};
}

WeightSource source_of(const std::shared_ptr<const weights::WeightStore>& store) {
  return {[store](std::string_view name) { return store->load(name); },
          [store](std::string_view name) { return store->load_rounded(name); },
          [store](std::string_view name) { return stored_matrix(store, name); }};
}

/// Layer after layer from the embeddings on; `use` is given each output.
Matrix run_layers(const LayerPass& pass, Matrix hidden_ND, std::int64_t layers,
                  const std::function<void(const Matrix&)>& use) {
  const kernels::SingleThreadedBlas single_threaded;
  for (std::int64_t i = 0; i < layers; ++i) {
    LayerActivations activations;
    activations.attention.in_ND = std::move(hidden_ND);
    hidden_ND = DecoderLayer(pass, i, workspace_of_thread()).forward(activations);
    if (use) use(hidden_ND);
  }
  return hidden_ND;
}

}  // namespace

Decoder::Decoder(std::shared_ptr<const weights::WeightStore> store, const DecoderOptions& options)
    : Decoder(store->config(), source_of(store), options) {}

Decoder::Decoder(const weights::ModelConfig& config, WeightLoader load, const DecoderOptions& options)
    : Decoder(config, WeightSource{std::move(load)}, options) {}

Decoder::Decoder(const weights::ModelConfig& config, WeightSource source, const DecoderOptions& options)
    : config_(config), options_(options), frequencies_(rope_frequencies(config)) {
  threads();  // sets the count on first use
  if (runs_by_kernels(options))
    weights_.emplace(config, std::move(source), options);
  else
    guest_ = make_decoder_guest(config, source, options);
}

Decoder Decoder::of_first_layers(const std::shared_ptr<const weights::WeightStore>& store,
                                 std::int64_t layers, const DecoderOptions& options) {
  weights::ModelConfig config = store->config();
  config.layers = layers;
  return {config, source_of(store), options};
}

ProductType Decoder::products() const { return weights_ ? weights_->products() : ProductType::float32; }

LayerPass Decoder::make_pass(const PackedBatch& batch, const LoraAdapter* adapter, const DropoutPlan& dropout,
                             AttentionMemory* memory) const {
  return {.config = &config_,
          .weights = &*weights_,
          .adapter = adapter,
          .batch = batch,
          .rotation = rotation_at(frequencies_, memory ? memory->positions(batch) : batch.positions()),
          .dropout = dropout,
          .memory = memory,
          .visibility = batch.visibility(),
          .pool = pool_,
          .longest_first = longest_first(batch)};
}

Matrix Decoder::embeddings(const PackedBatch& batch) const {
  return weights_->embedding_VD().rows(batch.tokens);
}

RowNorm Decoder::final_norm() const {
  return {weights_->final_norm_D().values(), config_.width, static_cast<float>(config_.norm_epsilon)};
}

Matrix Decoder::normed(const Matrix& hidden_ND, const Matrix& scale_N) const {
  Matrix normed_ND(hidden_ND.rows(), hidden_ND.width());
  const Matrix scales_N = scale_N.is_there() ? scale_N : Matrix(hidden_ND.rows(), 1);
  share_rows(hidden_ND.rows(), hidden_ND.width(), [&](std::int64_t begin, std::int64_t count) {
    final_norm().forward(hidden_ND.values(), begin, count, {normed_ND.values()}, scales_N.values());
  });
  return normed_ND;
}

Matrix Decoder::forward(const PackedBatch& batch, const LoraAdapter* adapter,
                        const ForwardOptions& options) const {
  check_batch(batch, config_.vocabulary);
  if (guest_) return guest_->forward(batch, adapter, options);
  const bool all = options.layers < 0 || options.layers >= config_.layers;
  const LayerPass pass = make_pass(batch, adapter, {}, options.memory);
  Matrix hidden_ND = run_layers(pass, embeddings(batch), all ? config_.layers : options.layers, {});
  return all ? normed(hidden_ND, {}) : hidden_ND;
}

std::vector<Matrix> Decoder::hidden_states(const PackedBatch& batch, const LoraAdapter* adapter) const {
  check_batch(batch, config_.vocabulary);
  if (guest_) return guest_->hidden_states(batch, adapter);
  std::vector<Matrix> states = {embeddings(batch)};
  run_layers(make_pass(batch, adapter, {}, nullptr), states.front(), config_.layers,
             [&](const Matrix& output_ND) { states.push_back(output_ND); });
  states.back() = normed(states.back(), {});
  return states;
}

Matrix Decoder::project(const Matrix& hidden_MD) const {
  if (guest_) return guest_->project(hidden_MD);
  Matrix logits_MV = pool_.matrix(hidden_MD.rows(), head().out());
  head().forward_into(hidden_MD, logits_MV);
  return logits_MV;
}

std::int64_t Decoder::logit_rows_at_once(std::int64_t elements) const {
  return weights_ ? head().rows_at_once(elements)
                  : FrozenMatrix::rows_at_once(config_.vocabulary, true, elements);
}

}  // namespace conceptune::model
