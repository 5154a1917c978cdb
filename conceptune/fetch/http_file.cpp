#include "conceptune/fetch/http_file.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "fetching";
constexpr double kLongestPause = 60;  // seconds, whatever the server asks for

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;

/// Where a body goes; false ends the transfer.
class Sink {
 public:
  virtual ~Sink() = default;
  /// An attempt begins.
  virtual void begin() {}
  virtual bool write(std::string_view bytes, long status) = 0;
  /// Bytes that are there already, to be asked for no more.
  virtual std::int64_t held() const { return 0; }
};

struct Response {
  CURLcode code;
  long status;
  double retry_after;  // seconds; 0: not said
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& [curl, sink] = *static_cast<std::pair<CURL*, Sink*>*>(user);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return sink->write({data, size}, status) ? size : 0;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

Response request(const std::string& url, const HttpOptions& options, Sink& sink) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const CurlHandle curl(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw SystemError(kDoing, url, "libcurl cannot start");
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  std::pair<CURL*, Sink*> body(curl.get(), &sink);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.stall_seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_seconds));
  set(CURLOPT_USERAGENT, "conceptune");
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, &body);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, &options.stop);
  // libcurl does not repeat this header to another host after a redirect.
  std::unique_ptr<curl_slist, FreeList> headers;
  if (!options.token.empty())
    headers.reset(curl_slist_append(nullptr, fmt::format("Authorization: Bearer {}", options.token).c_str()));
  set(CURLOPT_HTTPHEADER, headers.get());
  sink.begin();
  const std::string range = fmt::format("{}-", sink.held());
  if (sink.held() > 0) set(CURLOPT_RANGE, range.c_str());
  Response response{curl_easy_perform(curl.get()), 0, 0};
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &response.status);
  curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &retry_after);
  response.retry_after = static_cast<double>(retry_after);
  return response;
}

/// Why a request failed, in words that say what to do; empty when it did not.
std::string problem_of(const Response& response) {
  switch (response.code) {
    case CURLE_OK:
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the host name cannot be resolved: is this machine offline?";
    case CURLE_COULDNT_CONNECT:
      return "no connection: is this machine offline, or the address wrong?";
    case CURLE_OPERATION_TIMEDOUT:
      return "the server stopped sending";
    case CURLE_PARTIAL_FILE:
      return "the connection ended before the whole file had come";
    default:
      return curl_easy_strerror(response.code);
  }
  if (response.status < 400 && response.status != 0) return "";
  switch (response.status) {
    case 401:
    case 403:
      return fmt::format("HTTP {}: access denied; a private or gated repository needs HF_TOKEN",
                         response.status);
    case 404:
      return "HTTP 404: not found (a private repository needs HF_TOKEN)";
    case 429:
      return "HTTP 429: the server asks to come back later";
    default:
      return fmt::format("HTTP {}", response.status);
  }
}

/// True for what another attempt may mend.
bool is_passing(const Response& response) {
  if (response.status == 429 || response.status >= 500 || response.status == 408) return true;
  if (response.status >= 400) return false;
  return response.code != CURLE_UNSUPPORTED_PROTOCOL && response.code != CURLE_URL_MALFORMAT &&
         response.code != CURLE_TOO_MANY_REDIRECTS && response.code != CURLE_WRITE_ERROR &&
         response.code != CURLE_PEER_FAILED_VERIFICATION;
}

void pause_for(double seconds, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, std::chrono::duration<double>(seconds),
                                         [] { return false; });
}

/// Requests until it works, or until another attempt would not help.
void request_until_done(const std::string& url, const HttpOptions& options, Sink& sink) {
  double pause = options.first_pause;
  for (int attempt = 1;; ++attempt) {
    const auto response = request(url, options, sink);
    if (options.stop.stop_requested()) throw Interrupted("fetching: stopped; what has come is kept");
    const auto problem = problem_of(response);
    if (problem.empty()) return;
    const bool is_refusal = response.code == CURLE_OK && response.status < 500 && response.status != 429;
    if (is_refusal && !is_passing(response)) throw InputError(kDoing, url, problem);
    if (!is_passing(response)) throw SystemError(kDoing, url, problem);
    if (attempt >= options.attempts)
      throw SystemError(kDoing, url, fmt::format("{} (after {} attempts)", problem, attempt));
    pause_for(std::min(kLongestPause, std::max(pause, response.retry_after)), options.stop);
    pause *= 2;
  }
}

class TextSink : public Sink {
 public:
  explicit TextSink(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  bool write(std::string_view bytes, long status) override {
    if (status != status_) text_.clear();  // the body of an error or redirect before
    status_ = status;
    if (text_.size() + bytes.size() > max_bytes_) return false;
    text_ += bytes;
    return true;
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t max_bytes_;
  long status_ = 0;
  std::string text_;
};

/// The .part file, continued where the server goes on from its end.
class PartSink : public Sink {
 public:
  PartSink(const std::filesystem::path& path, std::atomic<std::int64_t>* progress)
      : path_(path), progress_(progress), file_(std::fopen(path.c_str(), "ab")) {
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
    const auto written = std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    held_ += static_cast<std::int64_t>(written);
    count(static_cast<std::int64_t>(written));
    return written == bytes.size();
  }
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
  std::atomic<std::int64_t>* progress_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::int64_t held_ = 0;
  bool begun_ = false;
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

std::string http_get(const std::string& url, const HttpOptions& options, std::size_t max_bytes) {
  TextSink sink(max_bytes);
  request_until_done(url, options, sink);
  return sink.take();
}

void http_download(const std::string& url, const std::filesystem::path& destination,
                   const ExpectedFile& expected, const HttpOptions& options,
                   std::atomic<std::int64_t>* progress) {
  make_folder(destination.parent_path());
  const auto part = std::filesystem::path(destination).concat(".part");
  const bool is_checked = expected.sha256 || expected.git_blob_sha1;
  PartSink sink(part, progress);
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

}  // namespace conceptune::fetch
