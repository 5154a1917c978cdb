#include "conceptune/runtime/weights/safetensors_writer.h"

#include <algorithm>
#include <bit>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/weights/half.h"

namespace conceptune::weights {
namespace {

constexpr std::string_view kDoing = "writing safetensors";

std::string_view type_name(StoredType type) {
  return type == StoredType::f16 ? "F16" : type == StoredType::bf16 ? "BF16" : "F32";
}

std::size_t bytes_of(const SafetensorsOutput& tensor, StoredType type) {
  std::size_t bytes = type == StoredType::f32 ? 4 : 2;
  for (const std::int64_t size : tensor.shape) bytes *= static_cast<std::size_t>(size);
  return bytes;
}

Json header_of(const std::vector<SafetensorsOutput>& tensors, StoredType type,
               const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t begin = 0;
  for (const auto& tensor : tensors) {
    if (header.contains(tensor.name)) throw InputError(kDoing, tensor.name, "is there twice, expected once");
    const std::size_t end = begin + bytes_of(tensor, type);
    header[tensor.name] = {
        {"dtype", type_name(type)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  return header;
}

template <class T>
std::string as_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

std::string stored_bytes(const model::Matrix& values, StoredType type) {
  const auto count = static_cast<std::size_t>(values.size());
  if (type == StoredType::f16) {
    std::vector<std::uint16_t> halves(count);
    std::transform(values.values(), values.values() + count, halves.begin(), half_bits);
    return as_bytes(halves);
  }
  if (type == StoredType::bf16) {
    std::vector<kernels::Bf16> halves(count);
    kernels::conversion_kernels_of(kernels::Isa::plain)
        .to_bf16(values.values(), values.size(), halves.data());
    return as_bytes(halves);
  }
  return {reinterpret_cast<const char*>(values.values()), count * sizeof(float)};
}

void write_safetensors(const std::filesystem::path& path, const std::vector<SafetensorsOutput>& tensors,
                       StoredType type, const std::map<std::string, std::string>& metadata) {
  static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");
  std::string header = to_json_text(header_of(tensors, type, metadata));
  header.resize((header.size() + 7) / 8 * 8, ' ');  // aligns the tensors
  const std::uint64_t header_bytes = header.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes});
  file.write(header);
  for (const auto& tensor : tensors) file.write(stored_bytes(tensor.values(), type));
  file.commit();
}

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedMatrix>& matrices,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<SafetensorsOutput> tensors;
  tensors.reserve(matrices.size());
  for (const NamedMatrix& named : matrices)
    tensors.push_back({named.name, {named.matrix.rows(), named.matrix.width()}, [matrix = named.matrix] {
                         return matrix;
                       }});
  write_safetensors(path, tensors, StoredType::f32, metadata);
}

}  // namespace conceptune::weights
