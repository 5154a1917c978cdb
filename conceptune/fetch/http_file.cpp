#include "conceptune/fetch/http_file.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <future>
#include <memory>

#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/mapped_file.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "fetching";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// What a status means to whoever fetches from a hub.
std::string problem_of(const HttpReply& reply) {
  switch (reply.status) {
    case 401:
    case 403:
      return fmt::format("HTTP {}: access denied; a private or gated repository needs HF_TOKEN",
                         reply.status);
    case 404:
      return "HTTP 404: not found (a private repository needs HF_TOKEN)";
    case 429:
      return "HTTP 429: the server asks to come back later";
    default:
      return reply.problem;
  }
}

/// Requests until it works, or until another attempt would not help.
void request_until_done(const std::string& url, const HttpOptions& options, BodySink& sink,
                        const std::string* json = nullptr) {
  Backoff backoff(options);
  for (;;) {
    const auto reply = http_request(url, options, sink, json);
    if (options.stop.stop_requested()) throw Interrupted("fetching: stopped; what has come is kept");
    if (reply.failure == HttpReply::Failure::none) return;
    const auto problem = problem_of(reply);
    if (!reply.is_passing && reply.failure == HttpReply::Failure::status)
      throw InputError(kDoing, url, problem);
    if (!reply.is_passing) throw SystemError(kDoing, url, problem);
    if (!backoff.wait(reply.retry_after))
      throw SystemError(kDoing, url, fmt::format("{} (after {} attempts)", problem, backoff.attempts()));
  }
}

/// The .part file, continued where the server goes on from its end.
class PartSink : public BodySink {
 public:
  PartSink(const std::filesystem::path& path, std::optional<std::int64_t> size,
           std::atomic<std::int64_t>* progress)
      : path_(path), size_(size), progress_(progress), file_(std::fopen(path.c_str(), "ab")) {
    if (!file_) throw SystemError(kDoing, path.string(), errno);
    held_ = static_cast<std::int64_t>(std::filesystem::file_size(path));
    count(held_);
  }
  std::int64_t held() const override { return held_; }
  void begin() override { begun_ = false; }
  bool write(std::string_view bytes, long status) override {
    if (status == 200 && !begun_ && held_ > 0) restart();  // the server sends all of it again
    if (status != 200 && status != 206) return true;       // an error's page: read over
    begun_ = true;
    if (size_ && held_ + static_cast<std::int64_t>(bytes.size()) > *size_) {
      problem_ = fmt::format("the server sends more than the {} bytes that it lists", *size_);
      return false;
    }
    const auto written = std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    held_ += static_cast<std::int64_t>(written);
    count(static_cast<std::int64_t>(written));
    if (written != bytes.size()) problem_ = fmt::format("{}: {}", path_.string(), std::strerror(errno));
    return written == bytes.size();
  }
  std::string problem() const override { return problem_; }
  void flush() {
    if (std::fflush(file_.get()) != 0) throw SystemError(kDoing, path_.string(), errno);
  }
  /// Forgets what is there.
  void restart() {
    count(-held_);
    held_ = 0;
    file_.reset(std::fopen(path_.c_str(), "wb"));
    if (!file_) throw SystemError(kDoing, path_.string(), errno);
  }

 private:
  void count(std::int64_t bytes) {
    if (progress_) *progress_ += bytes;
  }

  std::filesystem::path path_;
  std::optional<std::int64_t> size_;
  std::atomic<std::int64_t>* progress_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::int64_t held_ = 0;
  bool begun_ = false;
  std::string problem_;
};

/// What git calls the file.
std::string git_blob_sha1(const std::filesystem::path& path) {
  const MappedFile file(path, kDoing);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto header = fmt::format("blob {}", file.bytes().size());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr);
  EVP_DigestUpdate(context.get(), header.c_str(), header.size() + 1);
  EVP_DigestUpdate(context.get(), file.bytes().data(), file.bytes().size());
  EVP_DigestFinal_ex(context.get(), digest, &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

/// What is wrong with a file; empty when nothing is.
std::string mismatch(const std::filesystem::path& path, const ExpectedFile& expected) {
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  if (expected.size && size != *expected.size)
    return fmt::format("{} bytes came, expected {}", size, *expected.size);
  if (expected.sha256 && sha256_of_file(path) != *expected.sha256)
    return "the SHA-256 is not the expected one";
  if (expected.git_blob_sha1 && git_blob_sha1(path) != *expected.git_blob_sha1)
    return "the git hash is not the expected one";
  return "";
}

}  // namespace

std::string http_get(const std::string& url, const HttpOptions& options, std::size_t max_bytes,
                     const std::string* json) {
  TextSink sink(max_bytes);
  request_until_done(url, options, sink, json);
  return sink.take();
}

void http_download(const std::string& url, const std::filesystem::path& destination,
                   const ExpectedFile& expected, const HttpOptions& options,
                   std::atomic<std::int64_t>* progress) {
  const auto part = std::filesystem::path(destination).concat(".part");
  const FileLock lock = FileLock::take(part, kDoing, options.stop);
  if (std::filesystem::exists(destination) && mismatch(destination, expected).empty()) {
    std::filesystem::remove(part);  // another process has fetched it meanwhile
    return;
  }
  const bool is_checked = expected.sha256 || expected.git_blob_sha1;
  PartSink sink(part, expected.size, progress);
  if (!is_checked) sink.restart();
  const bool may_be_whole = sink.held() > 0 && sink.held() >= expected.size.value_or(0);
  const bool is_whole = may_be_whole && mismatch(part, expected).empty();
  if (may_be_whole && !is_whole && expected.size) sink.restart();
  for (bool again = is_checked && !is_whole; !is_whole; again = false) {
    request_until_done(url, options, sink);
    sink.flush();
    const auto problem = mismatch(part, expected);
    if (problem.empty()) break;
    sink.restart();
    sink.flush();
    if (!again) throw SystemError(kDoing, url, problem);
  }
  std::filesystem::rename(part, destination);
}

void watched_download(const std::string& url, const std::filesystem::path& destination,
                      const ExpectedFile& expected, const HttpOptions& options, const std::string& name,
                      std::int64_t bytes, ProgressObserver* observer) {
  std::atomic<std::int64_t> arrived = 0;
  auto download =
      std::async(std::launch::async, [&] { http_download(url, destination, expected, options, &arrived); });
  Progress progress(observer, "fetching " + name, bytes, "bytes");
  while (download.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready)
    progress.add(arrived - progress.done());
  progress.add(arrived - progress.done());
  download.get();
}

}  // namespace conceptune::fetch
