#include "conceptune/experiment/input_hash.h"

#include <algorithm>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

std::string hash_folder(const fs::path& folder, RunStore& store) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  Sha256 hash;
  for (const auto& file : files)
    hash.update(file.lexically_relative(folder).string() + '\0' + hash_file(file, store) + '\n');
  return hash.hex();
}

Json hash_of_path_text(const std::string& path, RunStore& store) {
  if (path.empty()) return "";
  std::error_code error;
  // Whatever is used has been looked at before; the default of a setting without effect may be absent.
  if (!fs::exists(path, error) && !error) return nullptr;
  return hash_input(path, store);
}

}  // namespace

std::string hash_file(const fs::path& path, RunStore& store) {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  std::error_code error;
  const auto size = static_cast<std::int64_t>(fs::file_size(absolute, error));
  if (error) throw InputError("reading input", path.string(), error.message());
  const std::int64_t modified = fs::last_write_time(absolute, error).time_since_epoch().count();
  if (error) throw InputError("reading input", path.string(), error.message());
  if (const auto known = store.known_hash(absolute, size, modified)) return *known;
  std::string hash = sha256_of_file(absolute);
  store.note_hash(absolute, size, modified, hash);
  return hash;
}

std::string hash_input(const fs::path& path, RunStore& store) {
  std::error_code error;
  if (fs::is_directory(path, error)) return hash_folder(path, store);
  return hash_file(path, store);
}

Json recipe_of(const std::vector<ConfigField>& fields, RunStore& store) {
  Json recipe = Json::object();
  for (const auto& field : fields) {
    if (field.decides != Decides::results) continue;
    Json value = field.value();
    if (field.is_path && value.is_array()) {
      for (auto& item : value) item = hash_of_path_text(item.get<std::string>(), store);
    } else if (field.is_path) {
      value = hash_of_path_text(value.get<std::string>(), store);
    }
    recipe[field.key] = std::move(value);
  }
  return recipe;
}

}  // namespace conceptune::experiment
