#include "conceptune/fetch/hub_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "conceptune/base/error.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "fetching";

std::string environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

bool matches(const std::string& path, const std::vector<std::string>& patterns) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0; });
}

bool is_pattern(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

/// Whether a file lies in the repository's top folder and is one that a model is read from.
bool is_of_model(const HubFile& file, const HubListing& listing) {
  const auto is_top = [](const HubFile& other) { return other.path.find('/') == std::string::npos; };
  const bool has_safetensors = std::ranges::any_of(listing.files, [&](const HubFile& other) {
    return is_top(other) && other.path.ends_with(".safetensors");
  });
  return is_top(file) &&
         matches(file.path, {"*.json", "*.jinja", has_safetensors ? "*.safetensors" : "*.gguf"});
}

/// Downloads on several threads; progress is reported from the calling one.
class ParallelDownload {
 public:
  ParallelDownload(HubName name, HubListing listing, std::filesystem::path folder, HttpOptions http)
      : endpoint_(hub_endpoint()),
        name_(std::move(name)),
        listing_(std::move(listing)),
        folder_(std::move(folder)),
        http_(std::move(http)) {
    callers_stop_ = http_.stop;
    http_.stop = failure_stop_.get_token();
  }

  void run(int parallel, ProgressObserver* observer) {
    std::int64_t total = 0;
    for (const auto& file : listing_.files) total += file.expected.size.value_or(0);
    const std::stop_callback forward(callers_stop_, [this] { failure_stop_.request_stop(); });
    Progress progress(observer, "fetching", total, "bytes");
    std::atomic<int> running = std::min<int>(parallel, static_cast<int>(listing_.files.size()));
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
    for (auto i = next_++; i < listing_.files.size() && !failure_stop_.stop_requested(); i = next_++) {
      const auto& file = listing_.files[i];
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
  std::filesystem::path folder_;
  HttpOptions http_;
  std::stop_token callers_stop_;
  std::stop_source failure_stop_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::int64_t> arrived_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

std::string hub_endpoint() { return environment("HF_ENDPOINT", "https://huggingface.co"); }

std::string hub_token() { return environment("HF_TOKEN", ""); }

HubListing wanted_files(const HubName& name, const std::vector<std::string>& include,
                        const HttpOptions& http) {
  if (name.is_dataset && include.empty())
    throw InputError(kDoing, name.path(), "expected the names of a data set's files; see --include");
  if (!include.empty() && std::ranges::none_of(include, is_pattern))
    return list_files(hub_endpoint(), name, include, http);
  HubListing listing = list_repository(hub_endpoint(), name, http);
  std::vector<HubFile> wanted;
  for (const auto& file : listing.files)
    if (include.empty() ? is_of_model(file, listing) : matches(file.path, include)) wanted.push_back(file);
  if (wanted.empty())
    throw InputError(kDoing, name.path(), "no file of the repository is wanted; see --include");
  return {listing.commit, std::move(wanted)};
}

void download_files(const HubName& name, HubListing listing, const std::filesystem::path& folder,
                    const HttpOptions& http, int parallel, ProgressObserver* observer) {
  std::erase_if(listing.files,
                [&](const HubFile& file) { return std::filesystem::exists(folder / file.path); });
  if (!listing.files.empty())
    ParallelDownload(name, std::move(listing), folder, http).run(parallel, observer);
}

}  // namespace conceptune::fetch
