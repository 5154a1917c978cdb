#include "conceptune/runtime/weights/gguf_writer.h"

#include <cmath>
#include <cstring>

#include "conceptune/base/file.h"
#include "conceptune/runtime/weights/half.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::weights {
namespace {

constexpr std::uint64_t kAlignment = 32;
constexpr std::int64_t kBlockValues = 32;
constexpr std::string_view kFileTypeKey = "general.file_type";
constexpr std::string_view kAlignmentKey = "general.alignment";

// Ids of ggml's tensor types and of llama.cpp's file types (llama.h, llama_ftype).
struct StorageIds {
  std::uint32_t tensor_type, file_type;
};

StorageIds ids_of(GgufStorage storage) {
  switch (storage) {
    case GgufStorage::f32:
      return {0, 0};
    case GgufStorage::f16:
      return {1, 1};
    case GgufStorage::bf16:
      return {30, 32};
    case GgufStorage::q8_0:
      break;
  }
  return {8, 7};
}

GgufStorage storage_of(const GgufOutput& tensor, GgufStorage wanted) {
  if (tensor.shape.size() < 2) return GgufStorage::f32;
  if (wanted == GgufStorage::q8_0 && tensor.shape.back() % kBlockValues != 0) return GgufStorage::f16;
  return wanted;
}

std::uint64_t bytes_of(const GgufOutput& tensor, GgufStorage storage) {
  std::int64_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= size;
  const auto values = static_cast<std::uint64_t>(count);
  if (storage == GgufStorage::q8_0) return values / kBlockValues * (kBlockValues + 2);
  return values * (storage == GgufStorage::f32 ? 4 : 2);
}

std::uint64_t padded(std::uint64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_text(std::string& out, std::string_view text) {
  put<std::uint64_t>(out, text.size());
  out += text;
}

void put_value(std::string& out, const GgufValue& value) {
  if (value.is_array) {
    put(out, static_cast<std::uint32_t>(GgufType::array));
    put(out, static_cast<std::uint32_t>(value.type));
    put(out, value.count);
  } else {
    put(out, static_cast<std::uint32_t>(value.type));
  }
  out.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  for (const auto text : value.strings) put_text(out, text);
}

/// Everything before the tensors' bytes.
std::string header_of(const std::map<std::string_view, GgufValue>& metadata,
                      const std::vector<GgufOutput>& tensors, GgufStorage storage) {
  std::string entries;
  std::uint64_t keys = 1;
  for (const auto& [key, value] : metadata) {
    if (key == kFileTypeKey || key == kAlignmentKey) continue;  // ours, and the format's default
    put_text(entries, key);
    put_value(entries, value);
    ++keys;
  }
  put_text(entries, kFileTypeKey);
  put(entries, static_cast<std::uint32_t>(GgufType::u32));
  put(entries, ids_of(storage).file_type);

  std::string header = "GGUF";
  put<std::uint32_t>(header, 3);
  put<std::uint64_t>(header, tensors.size());
  put(header, keys);
  header += entries;
  std::uint64_t offset = 0;
  for (const auto& tensor : tensors) {
    const GgufStorage stored = storage_of(tensor, storage);
    put_text(header, tensor.name);
    put(header, static_cast<std::uint32_t>(tensor.shape.size()));
    for (auto size = tensor.shape.rbegin(); size != tensor.shape.rend(); ++size)
      put(header, static_cast<std::uint64_t>(*size));
    put(header, ids_of(stored).tensor_type);
    put(header, offset);
    offset += padded(bytes_of(tensor, stored));
  }
  header.resize(padded(header.size()), '\0');
  return header;
}

/// Blocks of 32 values: a half-precision scale max|x| / 127, then the rounded quotients (ggml's
/// quantize_row_q8_0).
std::string quantised(const model::Matrix& values) {
  const float* x = values.values();
  std::string out;
  out.reserve(static_cast<std::size_t>(values.size() / kBlockValues * (kBlockValues + 2)));
  for (std::int64_t begin = 0; begin < values.size(); begin += kBlockValues) {
    float largest = 0;
    for (std::int64_t i = 0; i < kBlockValues; ++i) largest = std::max(largest, std::abs(x[begin + i]));
    const float scale = largest / 127;
    const float inverse = scale > 0 ? 1 / scale : 0;
    put(out, half_bits(scale));
    for (std::int64_t i = 0; i < kBlockValues; ++i)
      put(out, static_cast<std::int8_t>(std::round(x[begin + i] * inverse)));
  }
  return out;
}

std::string bytes_as(const model::Matrix& values, GgufStorage storage) {
  switch (storage) {
    case GgufStorage::q8_0:
      return quantised(values);
    case GgufStorage::f16:
      return stored_bytes(values, StoredType::f16);
    case GgufStorage::bf16:
      return stored_bytes(values, StoredType::bf16);
    case GgufStorage::f32:
      break;
  }
  return stored_bytes(values, StoredType::f32);
}

}  // namespace

void write_gguf(const std::filesystem::path& path, const std::map<std::string_view, GgufValue>& metadata,
                const std::vector<GgufOutput>& tensors, GgufStorage storage) {
  AtomicFile file(path);
  file.write(header_of(metadata, tensors, storage));
  for (const auto& tensor : tensors) {
    std::string bytes = bytes_as(tensor.values(), storage_of(tensor, storage));
    bytes.resize(padded(bytes.size()), '\0');
    file.write(bytes);
  }
  file.commit();
}

}  // namespace conceptune::weights
