#include "conceptune/fetch/fetch.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "conceptune/base/cache_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/fetch/hub.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "fetching";

std::string environment(const char* name, std::string otherwise = "") {
  const char* value = std::getenv(name);
  return value && *value ? value : std::move(otherwise);
}

bool matches(const std::string& path, const std::vector<std::string>& patterns) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0; });
}

/// The files asked for; without a wish those in the top folder that a model is read from.
std::vector<HubFile> wanted_files(const HubListing& listing, const std::vector<std::string>& include) {
  const auto is_top = [](const HubFile& file) { return file.path.find('/') == std::string::npos; };
  const bool has_safetensors = std::ranges::any_of(listing.files, [&](const HubFile& file) {
    return is_top(file) && file.path.ends_with(".safetensors");
  });
  std::vector<std::string> patterns = {"*.json", "*.jinja", has_safetensors ? "*.safetensors" : "*.gguf"};
  std::vector<HubFile> wanted;
  for (const auto& file : listing.files)
    if (include.empty() ? is_top(file) && matches(file.path, patterns) : matches(file.path, include))
      wanted.push_back(file);
  return wanted;
}

/// Downloads on several threads; progress is reported from the calling one.
class ParallelDownload {
 public:
  ParallelDownload(std::string endpoint, HubName name, HubListing listing, std::vector<HubFile> files,
                   std::filesystem::path folder, HttpOptions http)
      : endpoint_(std::move(endpoint)),
        name_(std::move(name)),
        listing_(std::move(listing)),
        files_(std::move(files)),
        folder_(std::move(folder)),
        http_(std::move(http)) {
    callers_stop_ = http_.stop;
    http_.stop = failure_stop_.get_token();
  }

  void run(int parallel, ProgressObserver* observer) {
    std::int64_t total = 0;
    for (const auto& file : files_) total += file.expected.size.value_or(0);
    const std::stop_callback forward(callers_stop_, [this] { failure_stop_.request_stop(); });
    Progress progress(observer, "fetching", total, "bytes");
    std::atomic<int> running = std::min<int>(parallel, static_cast<int>(files_.size()));
    std::vector<std::jthread> threads;
    for (int i = running; i > 0; --i)
      threads.emplace_back([this, &running] {
        work();
        --running;
      });
    while (running > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      progress.add(arrived_ - progress.done());
    }
    threads.clear();
    progress.add(arrived_ - progress.done());
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work() {
    for (auto i = next_++; i < files_.size() && !failure_stop_.stop_requested(); i = next_++) {
      const auto& file = files_[i];
      const auto destination = folder_ / file.path;
      try {
        http_download(file_url(endpoint_, name_, listing_, file), destination, file.expected, http_,
                      &arrived_);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        failure_stop_.request_stop();  // the other files stop too; their parts stay
      }
    }
  }

  std::string endpoint_;
  HubName name_;
  HubListing listing_;
  std::vector<HubFile> files_;
  std::filesystem::path folder_;
  HttpOptions http_;
  std::stop_token callers_stop_;
  std::stop_source failure_stop_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::int64_t> arrived_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

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
  const auto endpoint = environment("HF_ENDPOINT", "https://huggingface.co");
  std::string folder_name = name.repository;
  folder_name.replace(folder_name.find('/'), 1, "--");
  const auto root = cache / "hub" / folder_name;
  // Written when every file of a fetch with these wishes had come.
  const auto wishes = fmt::format("{} {}", name.revision, fmt::join(options.include, " "));
  const auto note = root / "complete" / sha256_hex(wishes).substr(0, 16);
  HubListing listing;
  try {
    listing = list_repository(endpoint, name, http);
  } catch (const SystemError& error) {
    const auto folder = folder_when_offline(root, note);
    if (folder.empty()) throw;
    warn(fmt::format("{}; using what was fetched before: {}", error.what(), folder.string()));
    return folder;
  }
  const auto folder = root / listing.commit;
  auto files = wanted_files(listing, options.include);
  if (files.empty())
    throw InputError(kDoing, name.repository, "no file of the repository is wanted; see --include");
  std::erase_if(files, [&](const HubFile& file) { return std::filesystem::exists(folder / file.path); });
  if (!files.empty())
    ParallelDownload(endpoint, name, listing, files, folder, http).run(options.parallel, observer);
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
  const auto destination = cache / "urls" / sha256_hex(url).substr(0, 16) / name;
  ExpectedFile expected;
  if (!options.sha256.empty()) expected.sha256 = options.sha256;
  if (std::filesystem::exists(destination)) {
    if (expected.sha256 && sha256_of_file(destination) != *expected.sha256)
      throw InputError(kDoing, destination.string(), "the SHA-256 is not the expected one; remove the file");
    return destination;
  }
  Progress progress(observer, "fetching", 0, "bytes");
  std::atomic<std::int64_t> arrived = 0;
  http_download(url, destination, expected, http, &arrived);
  progress.add(arrived);
  return destination;
}

}  // namespace

std::filesystem::path fetch(const std::string& source, const FetchOptions& options, HttpOptions http,
                            ProgressObserver* observer) {
  if (std::filesystem::exists(source)) return source;
  const auto cache = options.cache.empty() ? cache_folder() : options.cache;
  if (source.starts_with("http://") || source.starts_with("https://"))
    return fetch_url(source, options, http, cache, observer);
  const auto name = parse_hub_name(source);
  if (!name)
    throw InputError(kDoing, source,
                     "expected a path that exists, a URL, or a hub repository org/name[@revision]");
  if (http.token.empty()) http.token = environment("HF_TOKEN");
  return fetch_repository(*name, options, http, cache, observer);
}

}  // namespace conceptune::fetch
