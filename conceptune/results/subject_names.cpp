#include "conceptune/results/subject_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/product.h"

namespace conceptune::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "naming adapters";

NamedFolder read_one(const std::string& text) {
  std::error_code error;
  const auto equals = text.find('=');
  if (fs::exists(text, error) || equals == std::string::npos) return {"", text};
  if (equals == 0) throw InputError(kDoing, text, "expected PATH or NAME=PATH");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// The last `count` names of a path.
std::string last_names(const fs::path& path, std::size_t count) {
  std::vector<std::string> names;
  for (const auto& name : path.relative_path()) names.push_back(name.string());
  std::string text;
  for (std::size_t i = names.size() - std::min(count, names.size()); i < names.size(); ++i)
    text += (text.empty() ? "" : "/") + names[i];
  return text;
}

bool is_part_of_run(const fs::path& folder) {
  return folder.filename() == "best" || folder.filename() == "last";
}

/// The name at a level of detail: 0 leaves "best" and "last" out.
std::string name_at(const fs::path& folder, std::size_t level) {
  if (level > 0) return last_names(folder, level + 1);
  return last_names(is_part_of_run(folder) ? folder.parent_path() : folder, 1);
}

bool all_differ(const std::vector<std::string>& names) {
  return std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

void name_by_path(std::vector<NamedFolder*>& folders) {
  std::vector<std::string> names(folders.size());
  std::size_t longest = 0;
  for (const auto* item : folders)
    longest =
        std::max(longest, static_cast<std::size_t>(std::distance(item->folder.begin(), item->folder.end())));
  for (std::size_t level = 0; level <= longest; ++level) {
    for (std::size_t i = 0; i < folders.size(); ++i)
      names[i] = name_at(resolved_path(folders[i]->folder), level);
    if (all_differ(names)) break;
  }
  for (std::size_t i = 0; i < folders.size(); ++i) folders[i]->name = names[i];
}

}  // namespace

fs::path trained_in(const fs::path& folder) {
  if (product_in(folder) != ProductKind::training) return folder;
  const fs::path result = folder / "training.json";
  if (!fs::exists(result))
    throw InputError(kDoing, folder.string(), "is a training run that has not ended; name best/ in it");
  try {
    return folder / read_json_file(result, kDoing).at("result").at("adapter").get<std::string>();
  } catch (const Json::exception& problem) {
    throw InputError(kDoing, result.string(), problem.what());
  }
}

std::vector<NamedFolder> name_folders(std::span<const std::string> texts) {
  std::vector<NamedFolder> named;
  for (const auto& text : texts) named.push_back(read_one(text));
  std::vector<NamedFolder*> unnamed;
  for (auto& item : named)
    if (item.name.empty()) unnamed.push_back(&item);
  name_by_path(unnamed);
  std::set<fs::path> paths;
  std::set<std::string> names;
  for (auto& item : named) {
    item.folder = trained_in(item.folder);
    if (!paths.insert(resolved_path(item.folder)).second)
      throw InputError(kDoing, item.folder.string(), "is given twice");
    if (!names.insert(item.name).second)
      throw InputError(kDoing, item.folder.string(),
                       fmt::format("another one is called '{}' too; name them as NAME=PATH", item.name));
  }
  return named;
}

}  // namespace conceptune::evaluation
