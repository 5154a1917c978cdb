#include "conceptune/fetch/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/partial_path.h"

namespace conceptune::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "unpacking";
constexpr std::size_t kBlock = std::size_t{1} << 16;

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

/// An archive's regular files, one after the other.
class Archive {
 public:
  explicit Archive(const fs::path& path) : path_(path) {
    archive_read_support_filter_all(handle_.get());
    archive_read_support_format_zip(handle_.get());
    archive_read_support_format_tar(handle_.get());
    check(archive_read_open_filename(handle_.get(), path.c_str(), kBlock));
  }

  /// The next file's name; nothing at the end.
  std::optional<std::string> next() {
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(handle_.get(), &entry);
      if (status == ARCHIVE_EOF) return std::nullopt;
      check(status);
      const char* name = archive_entry_pathname(entry);
      if (archive_entry_filetype(entry) == AE_IFREG && name) return name;
    }
  }

  void write_to(const fs::path& destination) {
    make_folder(destination.parent_path());
    AtomicFile file(destination);
    std::string block(kBlock, '\0');
    for (;;) {
      const la_ssize_t n = archive_read_data(handle_.get(), block.data(), block.size());
      if (n < 0) check(static_cast<int>(n));
      if (n <= 0) break;
      file.write({block.data(), static_cast<std::size_t>(n)});
    }
    file.commit();
  }

 private:
  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* reason = archive_error_string(handle_.get());
    throw InputError(kDoing, path_.string(), reason ? reason : "the archive is corrupt");
  }

  fs::path path_;
  std::unique_ptr<archive, FreeArchive> handle_{archive_read_new()};
};

bool leads_out(const fs::path& relative) {
  return relative.empty() || relative.is_absolute() ||
         std::ranges::any_of(relative, [](const fs::path& part) { return part == ".."; });
}

/// "./a/b" is "a/b".
std::string_view without_dot(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

void throw_missing(const fs::path& archive, std::string_view inside) {
  throw InputError(kDoing, archive.string(), fmt::format("there is no '{}' in it", inside));
}

void unpack_folder(const fs::path& path, std::string_view inside, const fs::path& destination) {
  PartialPath partial(destination, PartialPath::Kind::folder);
  Archive archive(path);
  bool found = false;
  while (const auto name = archive.next()) {
    const auto member = without_dot(*name);
    if (!member.starts_with(inside)) continue;
    const fs::path relative(member.substr(inside.size()));
    if (leads_out(relative))
      throw InputError(kDoing, path.string(), fmt::format("path '{}' is not safe", *name));
    archive.write_to(partial.path() / relative);
    found = true;
  }
  if (!found) throw_missing(path, inside);
  fs::rename(partial.path(), destination);
  partial.forget();
}

void unpack_file(const fs::path& path, std::string_view inside, const fs::path& destination) {
  Archive archive(path);
  while (const auto name = archive.next())
    if (without_dot(*name) == inside) return archive.write_to(destination);
  throw_missing(path, inside);
}

}  // namespace

void unpack(const fs::path& archive, std::string_view inside, const fs::path& destination) {
  make_folder(destination.parent_path());
  if (inside.ends_with('/'))
    unpack_folder(archive, inside, destination);
  else
    unpack_file(archive, inside, destination);
}

std::string content_sha256(const fs::path& path) {
  if (!fs::is_directory(path)) return sha256_of_file(path);
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry, path).generic_string());
  std::ranges::sort(files);
  std::string listing;
  for (const auto& file : files) listing += fmt::format("{}  {}\n", sha256_of_file(path / file), file);
  return sha256_hex(listing);
}

}  // namespace conceptune::fetch
