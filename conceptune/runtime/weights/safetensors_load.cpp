// Tensors of safetensors files as libtorch's.
#include <ATen/Functions.h>
#include <fmt/format.h>

#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/safetensors.h"

namespace conceptune::weights {
namespace {

struct TorchType {
  std::string_view name;
  at::ScalarType type;
};

constexpr TorchType kTorchTypes[] = {{"BOOL", at::kBool}, {"U8", at::kByte},       {"I8", at::kChar},
                                     {"I16", at::kShort}, {"I32", at::kInt},       {"I64", at::kLong},
                                     {"F16", at::kHalf},  {"BF16", at::kBFloat16}, {"F32", at::kFloat},
                                     {"F64", at::kDouble}};

}  // namespace

at::Tensor SafetensorsFile::load(std::string_view name) const {
  const SafetensorsTensor& stored = tensor(name);
  const auto* type = std::ranges::find(kTorchTypes, stored.type, &TorchType::name);
  if (type == std::end(kTorchTypes))
    throw InputError("reading safetensors", fmt::format("{}, tensor '{}'", name_, name),
                     fmt::format("type {} cannot be loaded", stored.type));
  at::Tensor values = at::empty(stored.shape, type->type);
  if (!stored.bytes.empty()) std::memcpy(values.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return values;
}

at::Tensor SafetensorsFile::load(std::string_view name, at::ScalarType type) const {
  return load(name).to(type);
}

}  // namespace conceptune::weights
