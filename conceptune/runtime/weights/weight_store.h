// The weights of a model file, mapped and as compact as stored; expanded when asked for.
//
// Whatever the file, callers see one layout: Hugging Face's names, weights [out, in] row-major, query and key
// rows for "rotate half" rotary embedding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/hash.h"
#include "conceptune/runtime/kernels/block_type.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::weights {

struct ModelFiles;

/// Gives the SHA-256 of a file's content, read or remembered.
using FileHash = std::function<std::string(const std::filesystem::path&)>;

/// One tensor as stored.
struct TensorInfo {
  std::string name;  ///< Hugging Face's
  kernels::BlockType type;
  std::vector<std::int64_t> shape;  ///< in PyTorch's order; one or two dimensions
  std::int64_t bytes;               ///< in the file
};

/// An opened model. Immutable and thread-safe; the files stay mapped while it lives and must not change.
class WeightStore {
 public:
  /// Opens a .gguf file or a Hugging Face folder (config.json with model.safetensors, or shards with
  /// model.safetensors.index.json) and checks every tensor against the family's table. Reads no weights yet.
  /// Throws InputError naming file, tensor and what was expected: not a model, unknown architecture, missing,
  /// extra or misshapen tensor, a type that cannot be expanded.
  static std::shared_ptr<const WeightStore> open(const std::filesystem::path& model);
  /// The same for files that are open already; `name` stands for the path in messages.
  static std::shared_ptr<const WeightStore> open(ModelFiles files, const std::string& name);

  const ModelConfig& config() const { return config_; }

  /// In the order of the family's table: embedding, layers, final norm, head.
  const std::vector<TensorInfo>& tensors() const { return infos_; }
  bool contains(std::string_view name) const { return index_.contains(name); }
  /// Throws InputError when there is none of that name.
  const TensorInfo& info(std::string_view name) const;

  /// A copy of the whole tensor, expanded to float32; a vector is a single row.
  model::Matrix load(std::string_view name) const;
  /// The same, rounded to bfloat16.
  model::Bf16Matrix load_rounded(std::string_view name) const;

  /// The matrix over the mapped file itself where that holds it as F32 or BF16 in our order of rows, aligned;
  /// it keeps the file mapped. Nothing elsewhere.
  std::optional<model::FrozenMatrix> mapped(std::string_view name) const;

  /// Expands a part of a matrix (a vector is one of a single column), one of tensors(), into `out`, row after
  /// row, in the calling thread. The part must lie within the tensor; its columns begin and end where the
  /// type's blocks do.
  void expand_block(const TensorInfo& tensor, const model::MatrixBlock& block, float* out) const;
  /// The same, rounded as kernels::dequantise() does.
  void expand_block(const TensorInfo& tensor, const model::MatrixBlock& block, std::uint16_t* out) const;

  /// SHA-256 over the model's files that decide its results: of the .gguf itself, or over the digests of
  /// config.json and the safetensors files. Computed at each call (reads every byte, unless told otherwise).
  std::string hash(const FileHash& hash_of_file = sha256_of_file) const;

 private:
  struct Stored {
    const std::byte* bytes;
    std::int64_t interleaved_head_size;  ///< of heads whose rows llama.cpp interleaved; 0 for none
  };
  WeightStore() = default;
  template <class Number>
  model::MatrixOf<Number> load_as(std::string_view name) const;
  void match(const ModelFiles& files, const std::string& model);
  std::size_t position_of(std::string_view name) const;
  template <class Number>
  void expand(const TensorInfo& tensor, const model::MatrixBlock& block, Number* out) const;

  ModelConfig config_;
  std::vector<TensorInfo> infos_;
  std::vector<Stored> stored_;  ///< parallel to infos_
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<std::filesystem::path> paths_;
  std::shared_ptr<const void> mapping_;  ///< what stored_ points into
};

}  // namespace conceptune::weights
