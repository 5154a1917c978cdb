#include "conceptune/runtime/weights/model_files.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/gguf.h"

namespace conceptune::weights {
namespace {

namespace fs = std::filesystem;

ModelFiles open_gguf(const fs::path& path) {
  auto file = std::make_shared<const GgufFile>(path);
  ModelFiles model;
  model.config = config_from_gguf(*file);
  model.gguf_names = true;
  for (const GgufTensor& tensor : file->tensors())
    model.tensors.push_back({std::string(tensor.name),
                             tensor.type->name,
                             {tensor.shape.rbegin(), tensor.shape.rend()},
                             tensor.bytes,
                             path.string()});
  model.paths = {path};
  model.mapping = std::move(file);
  return model;
}

}  // namespace

ModelFiles open_model_files(const fs::path& model) {
  if (model.extension() == ".gguf") return open_gguf(model);
  throw InputError("opening model", model.string(), "expected a .gguf file or a folder with config.json");
}

}  // namespace conceptune::weights
