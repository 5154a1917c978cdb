#include "conceptune/base/atomic_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "writing";
// Ending of the names that the new and the old folder have while they change places.
constexpr const char* kReplaced = ".replaced";

void sync_files_below(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) sync_folder(entry.path());
    if (!entry.is_regular_file()) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error_number = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw SystemError(kDoing, entry.path().string(), error_number);
  }
  sync_folder(folder);
}

void rename_or_throw(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw SystemError(kDoing, to.string(), errno);
}

/// What a process left that was killed while it replaced the destination: put in its place where nothing is,
/// else the old product, which goes.
void settle_replaced(const fs::path& destination) {
  const std::string prefix = fmt::format(".{}.", destination.filename().string());
  std::error_code ignored;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(destination.parent_path(), ignored))
    if (const std::string name = entry.path().filename().string();
        name.starts_with(prefix) && entry.path().extension() == kReplaced)
      left.push_back(entry.path());
  for (const auto& folder : left) {
    if (fs::exists(fs::symlink_status(destination)))
      remove_product(folder, destination);
    else
      rename_or_throw(folder, destination);
  }
}

}  // namespace

AtomicFolder::AtomicFolder(const Destination& destination, ProductKind kind)
    : destination_(resolved_path(destination.path)), existing_(destination.existing), kind_(kind) {
  make_folder(destination_.parent_path());
  settle_replaced(destination_);
  if (existing_ == Existing::refuse) check_folder_destination(destination_, kind, kDoing);
  partial_.emplace(destination_, PartialPath::Kind::folder);
}

void AtomicFolder::commit() {
  write_manifest(path(), kind_);
  sync_files_below(path());
  // Takes the place of an empty folder, of nothing else.
  if (::rename(path().c_str(), destination_.c_str()) == 0) {
    partial_->forget();
  } else if (errno != ENOTEMPTY && errno != EEXIST) {
    throw SystemError(kDoing, destination_.string(), errno);
  } else if (existing_ == Existing::refuse) {
    throw InputError(kDoing, destination_.string(), "has come to be meanwhile; nothing is replaced");
  } else {
    replace();
  }
  sync_folder(destination_.parent_path());
}

void AtomicFolder::replace() {
  fs::path old = unused_name_beside(destination_, kReplaced);
  rename_or_throw(path(), old);
  partial_->forget();
  if (::renameat2(AT_FDCWD, old.c_str(), AT_FDCWD, destination_.c_str(), RENAME_EXCHANGE) != 0) {
    if (errno != EINVAL && errno != ENOSYS) throw SystemError(kDoing, destination_.string(), errno);
    // A file system that cannot exchange two folders: the old one steps aside first.
    const fs::path made = std::exchange(old, unused_name_beside(destination_, kReplaced));
    rename_or_throw(destination_, old);
    rename_or_throw(made, destination_);
  }
  remove_product(old, destination_);
}

}  // namespace conceptune
