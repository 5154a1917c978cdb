#include "conceptune/fetch/fetch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "conceptune/base/cache_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/fetch/fetch_named.h"
#include "conceptune/fetch/hub_files.h"
#include "conceptune/fetch/named_sources.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "fetching";

/// The commit that a revision had when the hub was last asked; its folder may be used when the hub is out of
/// reach.
std::filesystem::path folder_when_offline(const std::filesystem::path& root,
                                          const std::filesystem::path& note) {
  if (!std::filesystem::exists(note)) return {};
  const auto folder = root / read_file(note, kDoing);
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

std::filesystem::path fetch_repository(const HubName& name, const FetchOptions& options,
                                       const HttpOptions& http, const std::filesystem::path& cache,
                                       ProgressObserver* observer) {
  if (!options.into.empty()) {
    const auto folder = options.into / name.repository.substr(name.repository.find('/') + 1);
    download_files(name, wanted_files(name, options.include, http), folder, http, options.parallel, observer);
    return folder;
  }
  std::string folder_name = name.path();
  for (auto at = folder_name.find('/'); at != std::string::npos; at = folder_name.find('/', at))
    folder_name.replace(at, 1, "--");
  const auto root = cache / "hub" / folder_name;
  // Written when every file of a fetch with these wishes had come.
  const auto wishes = fmt::format("{} {}", name.revision, fmt::join(options.include, " "));
  const auto note = root / "complete" / sha256_hex(wishes).substr(0, 16);
  HubListing listing;
  try {
    listing = wanted_files(name, options.include, http);
  } catch (const SystemError& error) {
    const auto folder = folder_when_offline(root, note);
    if (folder.empty()) throw;
    warn(fmt::format("{}; using what was fetched before: {}", error.what(), folder.string()));
    return folder;
  }
  const auto folder = root / listing.commit;
  download_files(name, listing, folder, http, options.parallel, observer);
  make_folder(note.parent_path());
  write_file_atomically(note, listing.commit);
  return folder;
}

std::filesystem::path fetch_url(const std::string& url, const FetchOptions& options, const HttpOptions& http,
                                const std::filesystem::path& cache, ProgressObserver* observer) {
  auto path = url.substr(0, url.find_first_of("?#"));
  auto name = path.substr(path.rfind('/') + 1);
  std::erase_if(name, [](char c) { return c == '\0' || c == '\\'; });
  if (name.empty() || name == "." || name == "..") name = "file";
  const auto destination =
      options.into.empty() ? cache / "urls" / sha256_hex(url).substr(0, 16) / name : options.into / name;
  ExpectedFile expected;
  if (!options.sha256.empty()) expected.sha256 = options.sha256;
  if (std::filesystem::exists(destination)) {
    if (expected.sha256 && sha256_of_file(destination) != *expected.sha256)
      throw InputError(kDoing, destination.string(), "the SHA-256 is not the expected one; remove the file");
    return destination;
  }
  watched_download(url, destination, expected, http, name, 0, observer);
  return destination;
}

/// What was expected of a source that is none.
std::string expectation(const std::string& source) {
  const std::string nearest = nearest_name(source, source_names());
  return fmt::format(
      "expected a name that 'conceptune fetch' lists{}, a path that exists, a URL, or a repository of the "
      "hub: "
      "org/name[@revision], datasets/org/name[@revision]",
      nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest));
}

std::filesystem::path fetch_other(const std::string& source, const FetchOptions& options, HttpOptions http,
                                  ProgressObserver* observer) {
  if (std::filesystem::exists(source)) return source;
  const auto cache = options.cache.empty() ? cache_folder() : options.cache;
  if (source.starts_with("http://") || source.starts_with("https://"))
    return fetch_url(source, options, http, cache, observer);
  const auto name = parse_hub_name(source);
  if (!name) throw InputError(kDoing, source, expectation(source));
  if (http.token.empty()) http.token = hub_token();
  return fetch_repository(*name, options, http, cache, observer);
}

}  // namespace

std::vector<Fetched> fetch(const std::vector<std::string>& sources, const FetchOptions& options,
                           const HttpOptions& http, ProgressObserver* observer) {
  std::optional<NamedFetcher> fetcher;
  std::vector<Fetched> fetched;
  for (const auto& source : sources) {
    const auto named = sources_named(source);
    if (!named.empty() && !(options.include.empty() && options.sha256.empty()))
      throw InputError(kDoing, source,
                       "a name stands for fixed files: it takes neither --include nor --sha256");
    if (!named.empty() && !fetcher) {
      const auto folder = !options.into.empty() ? options.into : options.cache;
      fetcher.emplace(folder.empty() ? cache_folder() : folder, http, options.parallel, observer);
    }
    for (const auto& each : named) fetched.push_back({each.name, fetcher->fetch(each)});
    if (named.empty()) fetched.push_back({source, fetch_other(source, options, http, observer)});
  }
  return fetched;
}

}  // namespace conceptune::fetch
