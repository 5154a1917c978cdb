#include "conceptune/experiment/adapter_links.h"

#include <fmt/format.h>

#include <cctype>
#include <set>

#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

std::vector<std::string> link_names(std::span<const evaluation::NamedFolder> arms) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& arm : arms) {
    const std::string wanted = readable(arm.name);
    std::string name = wanted;
    for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}", wanted, number);
    names.push_back(name);
  }
  return names;
}

fs::path link_adapters(const fs::path& run, std::span<const evaluation::NamedFolder> arms) {
  const fs::path folder = run / kAdapterLinks;
  make_folder(folder);
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_symlink()) fs::remove(entry.path());
  const auto names = link_names(arms);
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const fs::path link = folder / names[i];
    std::error_code error;
    fs::create_directory_symlink(fs::absolute(arms[i].folder).lexically_relative(fs::absolute(folder)), link,
                                 error);
    if (error)
      warn(
          fmt::format("{} does not lead to {}: {}", link.string(), arms[i].folder.string(), error.message()));
  }
  return folder;
}

}  // namespace conceptune::experiment
