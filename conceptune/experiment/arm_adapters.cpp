#include "conceptune/experiment/arm_adapters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/product.h"
#include "conceptune/corpus/passage_ids.h"
#include "conceptune/runtime/model/adapter_card.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "naming the adapters";
/// Lists the folders that were made here, so that somebody's own are told from them.
constexpr const char* kMadeHere = ".made-by-run.json";

std::string readable(const std::string& name) {
  std::string part;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool stays = byte >= 128 || std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '=';
    if (stays)
      part += c;
    else if (!part.empty() && !part.ends_with('-'))
      part += '-';
  }
  while (part.ends_with('-')) part.pop_back();
  return part.empty() || part.find_first_not_of('.') == part.npos ? "arm" : part;
}

/// The same file under another path, or a copy where the disk has no such links.
void share_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(resolved_path(from), to, error);
  if (error) fs::copy_file(from, to, error);
  if (error) throw SystemError(kDoing, to.string(), error.message());
}

void write_adapter(const fs::path& folder, const ArmAdapter& arm) {
  AtomicFolder files({folder, Existing::replace}, ProductKind::adapter);
  Json config = read_json_file(arm.trained / "adapter_config.json", kDoing);
  config["base_model_name_or_path"] = arm.base;
  write_file_atomically(files.path() / "adapter_config.json", to_json_text(config, 2) + "\n");
  share_file(arm.trained / "adapter_model.safetensors", files.path() / "adapter_model.safetensors");
  if (const auto ids = arm.trained.parent_path() / corpus::kTrainedPassagesFile; fs::exists(ids))
    share_file(ids, files.path() / corpus::kTrainedPassagesFile);
  const std::string card = read_file(arm.trained / "README.md", kDoing);
  write_file_atomically(files.path() / "README.md", model::card_text({arm.base, model::description_in(card),
                                                                      arm.evaluation, arm.model_index}));
  files.commit();
}

void link_model(const fs::path& link, const fs::path& model) {
  std::error_code error;
  fs::create_directory_symlink(fs::absolute(model).lexically_relative(fs::absolute(link.parent_path())), link,
                               error);
  if (error) throw SystemError(kDoing, link.string(), error.message());
}

std::set<std::string> made_before(const fs::path& folder) {
  std::set<std::string> names;
  if (!fs::exists(folder / kMadeHere)) return names;
  for (const Json& entry : read_json_file(folder / kMadeHere, kDoing)) {
    if (!entry.is_string()) continue;
    const auto name = entry.get<std::string>();
    if (readable(name) == name) names.insert(name);  // a name of our own leads nowhere else
  }
  return names;
}

/// Links, and of folders those that were made here and whose arm is no more.
void remove_old(const fs::path& folder, const std::set<std::string>& made,
                const std::set<std::string>& wanted) {
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_symlink() || (made.contains(name) && !wanted.contains(name))) old.push_back(entry.path());
  }
  for (const auto& path : old)
    if (fs::is_symlink(path))
      fs::remove(path);
    else
      remove_product(path, path);
}

}  // namespace

std::vector<std::string> folder_names(std::span<const std::string> arms) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& arm : arms) {
    const std::string wanted = readable(arm);
    std::string name = wanted;
    for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}", wanted, number);
    names.push_back(name);
  }
  return names;
}

fs::path publish_adapters(const fs::path& run, std::span<const ArmAdapter> arms) {
  const fs::path folder = run / kArmAdapters;
  make_folder(folder);
  std::vector<std::string> of_arms(arms.size());
  std::ranges::transform(arms, of_arms.begin(), &ArmAdapter::arm);
  const auto names = folder_names(of_arms);
  auto made = made_before(folder);
  remove_old(folder, made, {names.begin(), names.end()});
  Json made_now = Json::array();
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const fs::path path = folder / names[i];
    if (fs::exists(path) && !made.contains(names[i])) {
      warn(fmt::format("{} is not what this run made and stays; the adapter of '{}' is {}", path.string(),
                       arms[i].arm, arms[i].trained.string()));
      continue;
    }
    if (product_in(arms[i].trained) == ProductKind::adapter)
      write_adapter(path, arms[i]);
    else
      link_model(path, arms[i].trained);
    made_now.push_back(names[i]);
  }
  write_file_atomically(folder / kMadeHere, to_json_text(made_now) + "\n");
  return folder;
}

}  // namespace conceptune::experiment
