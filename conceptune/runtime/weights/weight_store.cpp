#include "conceptune/runtime/weights/weight_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/runtime/kernels/dequantise.h"
#include "conceptune/runtime/weights/family_table.h"
#include "conceptune/runtime/weights/model_files.h"

namespace conceptune::weights {
namespace {

constexpr std::string_view kDoing = "opening model";

[[noreturn]] void fail(const FileTensor& tensor, std::string_view problem) {
  throw InputError(kDoing, fmt::format("{}, tensor '{}'", tensor.file, tensor.name), problem);
}

/// Values in one stored row: a vector has rows of one value.
std::int64_t columns_of(const std::vector<std::int64_t>& shape) { return shape.size() == 2 ? shape[1] : 1; }

kernels::BlockType checked_type(const FileTensor& tensor, const std::vector<std::int64_t>& expected_shape) {
  if (tensor.shape != expected_shape)
    fail(tensor,
         fmt::format("shape is {}, expected {}", shape_text(tensor.shape), shape_text(expected_shape)));
  const auto type = kernels::block_type_named(tensor.type);
  if (!type)
    fail(tensor, fmt::format("type is {}, expected one of: {}", tensor.type, kernels::block_type_names()));
  if (expected_shape.back() % static_cast<std::int64_t>(kernels::layout_of(*type).values) != 0 ||
      (expected_shape.size() == 1 && kernels::layout_of(*type).values != 1))
    fail(tensor, fmt::format("rows of {} values cannot be stored as {}", expected_shape.back(), tensor.type));
  return *type;
}

/// A tied head's own tensor must be the embedding: a model that says both has two heads, and one is wrong.
void check_tied_copy(const FileTensor& head, const ModelFiles& files) {
  const auto embedding = std::ranges::find(files.tensors, "model.embed_tokens.weight", &FileTensor::name);
  if (embedding == files.tensors.end() || head.type != embedding->type || head.shape != embedding->shape ||
      !std::ranges::equal(head.bytes, embedding->bytes))
    fail(head,
         "differs from the embedding, though \"tie_word_embeddings\" is true in config.json; expected the "
         "same bytes, "
         "no such tensor, or false");
}

/// Where llama.cpp's conversion put row `row` of a query or key matrix: within each head the rows of the two
/// halves alternate (convert_hf_to_gguf.py, LlamaModel.permute).
std::int64_t interleaved_row(std::int64_t row, std::int64_t head_size) {
  const std::int64_t in_head = row % head_size;
  const std::int64_t half = in_head / (head_size / 2);
  const std::int64_t pair = in_head % (head_size / 2);
  return row - in_head + 2 * pair + half;
}

}  // namespace

std::shared_ptr<const WeightStore> WeightStore::open(const std::filesystem::path& model) {
  return open(open_model_files(model), model.string());
}

std::shared_ptr<const WeightStore> WeightStore::open(ModelFiles files, const std::string& name) {
  const std::shared_ptr<WeightStore> store(new WeightStore);
  store->config_ = files.config;
  store->match(files, name);
  store->paths_ = std::move(files.paths);
  store->mapping_ = std::move(files.mapping);
  return store;
}

void WeightStore::match(const ModelFiles& files, const std::string& model) {
  std::map<std::string_view, const FileTensor*> unmatched;
  for (const FileTensor& tensor : files.tensors)
    if (!unmatched.emplace(tensor.name, &tensor).second) fail(tensor, "stands in the model twice");
  for (const ExpectedTensor& expected : expected_tensors(config_)) {
    const std::string& name = files.gguf_names ? expected.gguf_name : expected.name;
    const auto found = unmatched.find(name);
    if (found == unmatched.end())
      throw InputError(
          kDoing, model,
          fmt::format("tensor '{}' is missing, expected with shape {}", name, shape_text(expected.shape)));
    const FileTensor& tensor = *found->second;
    const kernels::BlockType type = checked_type(tensor, expected.shape);
    index_.emplace(expected.name, infos_.size());
    infos_.push_back({expected.name, type, expected.shape, static_cast<std::int64_t>(tensor.bytes.size())});
    const bool interleaved = files.gguf_names && expected.interleaved;
    stored_.push_back({tensor.bytes.data(), interleaved ? config_.head_size : 0});
    unmatched.erase(found);
  }
  for (const auto& [name, tensor] : unmatched) {
    if (config_.tied_head && name == "lm_head.weight")
      check_tied_copy(*tensor, files);
    else if (!is_ignorable(name))
      fail(*tensor, fmt::format("is none of a {} model with this configuration", name_of(config_.family)));
  }
}

std::size_t WeightStore::position_of(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end())
    throw InputError("reading model", config_.name, fmt::format("no tensor '{}'", name));
  return found->second;
}

const TensorInfo& WeightStore::info(std::string_view name) const { return infos_[position_of(name)]; }

void WeightStore::expand_block(const TensorInfo& tensor, const model::MatrixBlock& block, float* out) const {
  expand(tensor, block, out);
}

void WeightStore::expand_block(const TensorInfo& tensor, const model::MatrixBlock& block,
                               std::uint16_t* out) const {
  expand(tensor, block, out);
}

template <class Number>
void WeightStore::expand(const TensorInfo& info, const model::MatrixBlock& block, Number* out) const {
  const Stored& stored = stored_[static_cast<std::size_t>(&info - infos_.data())];
  const std::int64_t columns = columns_of(info.shape);
  const kernels::BlockLayout layout = kernels::layout_of(info.type);
  const auto bytes_of = [&](std::int64_t values) {
    return values / static_cast<std::int64_t>(layout.values) * static_cast<std::int64_t>(layout.bytes);
  };
  const std::int64_t row_bytes = bytes_of(columns);
  if (stored.interleaved_head_size == 0 && block.columns == columns) {
    kernels::dequantise(info.type, stored.bytes + block.first_row * row_bytes,
                        static_cast<std::size_t>(block.rows * columns), out);
    return;
  }
  const std::byte* const bytes = stored.bytes + bytes_of(block.first_column);
  for (std::int64_t i = 0; i < block.rows; ++i) {
    const std::int64_t row = stored.interleaved_head_size == 0
                                 ? block.first_row + i
                                 : interleaved_row(block.first_row + i, stored.interleaved_head_size);
    kernels::dequantise(info.type, bytes + row * row_bytes, static_cast<std::size_t>(block.columns),
                        out + i * block.columns);
  }
}

std::string WeightStore::hash(const FileHash& hash_of_file) const {
  if (paths_.size() == 1) return hash_of_file(paths_.front());
  Sha256 all;
  for (const auto& path : paths_)
    all.update(fmt::format("{}  {}\n", hash_of_file(path), path.filename().string()));
  return all.hex();
}

}  // namespace conceptune::weights
