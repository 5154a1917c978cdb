#include "conceptune/runtime/weights/safetensors_writer.h"

#include <ATen/ATen.h>

#include <bit>
#include <cstdint>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"

namespace conceptune::weights {
namespace {

constexpr std::string_view kDoing = "writing safetensors";

std::string_view type_name(const NamedTensor& tensor) {
  switch (tensor.tensor.scalar_type()) {
    case at::kFloat:
      return "F32";
    case at::kHalf:
      return "F16";
    case at::kBFloat16:
      return "BF16";
    case at::kDouble:
      return "F64";
    case at::kLong:
      return "I64";
    case at::kInt:
      return "I32";
    case at::kByte:
      return "U8";
    default:
      throw InputError(kDoing, tensor.name,
                       std::string("has type ") + c10::toString(tensor.tensor.scalar_type()) +
                           ", expected a floating type, int64, int32 or uint8");
  }
}

Json header_of(const std::vector<NamedTensor>& tensors, const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t begin = 0;
  for (const NamedTensor& tensor : tensors) {
    if (header.contains(tensor.name)) throw InputError(kDoing, tensor.name, "is there twice, expected once");
    const std::size_t end = begin + tensor.tensor.nbytes();
    header[tensor.name] = {
        {"dtype", type_name(tensor)}, {"shape", tensor.tensor.sizes().vec()}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  return header;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");
  std::string header = to_json_text(header_of(tensors, metadata));
  header.resize((header.size() + 7) / 8 * 8, ' ');  // aligns the tensors
  const std::uint64_t header_bytes = header.size();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes});
  file.write(header);
  for (const NamedTensor& tensor : tensors) {
    const at::Tensor packed = tensor.tensor.detach().cpu().contiguous();
    file.write({static_cast<const char*>(packed.data_ptr()), packed.nbytes()});
  }
  file.commit();
}

}  // namespace conceptune::weights
