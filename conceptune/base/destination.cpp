#include "conceptune/base/destination.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

bool is_in_or_equal(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

void check_inputs(const fs::path& output, std::string_view doing, std::span<const fs::path> inputs) {
  for (const auto& input : inputs) {
    if (input.empty()) continue;
    const fs::path path = resolved_path(input);
    if (path == resolved_path(output))
      throw InputError(doing, output.string(), "is an input, expected another output");
    if (is_in_or_equal(path, resolved_path(output)))
      throw InputError(doing, output.string(),
                       fmt::format("holds the input {}, expected another output", input.string()));
  }
}

void check_name(const fs::path& output, std::string_view doing) {
  const auto length = resolved_path(output).filename().string().size();
  if (length > NAME_MAX)
    throw InputError(doing, output.string(),
                     fmt::format("has a name of {} bytes, expected at most {}", length, NAME_MAX));
}

/// The nearest folder above that exists must take new entries.
void check_parent(const fs::path& output, std::string_view doing) {
  fs::path parent = resolved_path(output).parent_path();
  std::error_code error;
  while (!fs::exists(parent, error) && parent.has_relative_path()) parent = parent.parent_path();
  if (!fs::is_directory(parent, error))
    throw InputError(doing, output.string(), fmt::format("{} is no folder", parent.string()));
  if (::access(parent.c_str(), W_OK | X_OK) != 0) throw SystemError(doing, output.string(), errno);
}

/// Where another file system begins, no folder can be renamed to.
bool is_mount_point(const fs::path& folder) {
  struct stat inside {};
  struct stat above {};
  return ::stat(folder.c_str(), &inside) == 0 && ::stat((folder / "..").c_str(), &above) == 0 &&
         inside.st_dev != above.st_dev;
}

/// "notes.txt, old/ and 3 more".
std::string entries_text(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i) text += (i ? ", " : "") + names[i];
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

std::vector<std::string> entries_of(const fs::path& folder, std::string_view doing) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    names.push_back(entry.path().filename().string() + (entry.is_directory(error) ? "/" : ""));
  if (error) throw SystemError(doing, folder.string(), error.message());
  std::sort(names.begin(), names.end());
  return names;
}

/// What lies in a product's folder besides the product; nothing can be said of a folder without a manifest.
std::vector<std::string> foreign_files(const fs::path& folder, const Manifest& manifest) {
  std::vector<std::string> foreign;
  for (const auto& path : files_below(folder))
    if (!manifest.files.contains(path)) foreign.push_back(path);
  return foreign;
}

void check_replaced(const fs::path& folder, ProductKind kind, std::string_view doing) {
  const auto manifest = read_manifest(folder);
  if (!manifest || manifest->kind != kind)
    throw InputError(
        doing, folder.string(),
        fmt::format("holds no finished {} (by its {}): only one is replaced; choose another folder",
                    name_of(kind), kManifestFile));
  if (const auto foreign = foreign_files(folder, *manifest); !foreign.empty())
    throw InputError(
        doing, folder.string(),
        fmt::format("holds files beside the {} ({}): nothing is replaced; move them or choose another "
                    "folder",
                    name_of(kind), entries_text(foreign)));
}

/// A link to nothing can be neither filled nor replaced.
void check_link(const fs::path& output, std::string_view doing) {
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(output, error)) && !fs::exists(output, error))
    throw InputError(doing, output.string(), "is a link to something that does not exist");
}

/// Whether the folder is put in its place by a rename in the end, or filled where it is.
enum class Filling { aside, in_place };

void check_folder(const Destination& destination, ProductKind kind, std::string_view doing,
                  std::span<const fs::path> inputs, Filling filling) {
  const fs::path& folder = destination.path;
  if (folder.empty()) throw InputError(doing, "output", "no folder is named");
  check_name(folder, doing);
  check_inputs(folder, doing, inputs);
  check_link(folder, doing);
  check_parent(folder, doing);
  std::error_code error;
  const auto status = fs::status(folder, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status))
    throw InputError(doing, folder.string(),
                     fmt::format("is a file, expected a new folder for the {}", name_of(kind)));
  if (filling == Filling::aside && is_mount_point(folder))
    throw InputError(doing, folder.string(), "is where a file system is mounted, expected a folder in it");
  const auto entries = entries_of(folder, doing);
  if (entries.empty()) return;
  if (destination.existing == Existing::replace) return check_replaced(folder, kind, doing);
  const auto there = product_in(folder);
  throw InputError(doing, folder.string(),
                   fmt::format("is not empty ({}: {}); choose another folder{}",
                               there ? name_of(*there) : "files of another kind", entries_text(entries),
                               there == kind ? ", or --overwrite to replace what is there" : ""));
}

}  // namespace

void check_folder_destination(const Destination& destination, ProductKind kind, std::string_view doing,
                              std::span<const fs::path> inputs) {
  check_folder(destination, kind, doing, inputs, Filling::aside);
}

void check_growing_destination(const fs::path& folder, ProductKind kind, std::string_view doing,
                               std::span<const fs::path> inputs) {
  std::error_code error;
  const bool goes_on = product_in(folder) == kind;
  const bool just_begun =
      fs::exists(folder / kLockFile, error) && std::distance(fs::directory_iterator(folder, error), {}) == 1;
  if (goes_on || just_begun) return check_inputs(folder, doing, inputs);
  check_folder(folder, kind, doing, inputs, Filling::in_place);
}

void check_file_destination(const Destination& destination, std::string_view kind, std::string_view doing,
                            const std::function<bool(const fs::path&)>& is_same_kind,
                            std::span<const fs::path> inputs) {
  const fs::path& file = destination.path;
  if (!file.has_filename()) throw InputError(doing, file.string(), "no file is named");
  check_name(file, doing);
  check_inputs(file, doing, inputs);
  check_link(file, doing);
  check_parent(file, doing);
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status) || fs::is_other(status)) return;
  if (fs::is_directory(status))
    throw InputError(doing, file.string(), fmt::format("is a folder, expected a file for the {}", kind));
  const bool is_same = is_same_kind(file);
  if (destination.existing == Existing::replace && is_same) return;
  throw InputError(doing, file.string(),
                   is_same ? "exists; choose another name, or --overwrite to replace it"
                           : fmt::format("exists and is no {}; choose another name", kind));
}

}  // namespace conceptune
