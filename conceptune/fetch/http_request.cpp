#include "conceptune/fetch/http_request.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "conceptune/base/error.h"

namespace conceptune::fetch {
namespace {

constexpr std::string_view kDoing = "sending a request";
constexpr double kLongestPause = 60;  // seconds, whatever the server asks for

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, FreeCurl>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& [curl, sink] = *static_cast<std::pair<CURL*, BodySink*>*>(user);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return sink->write({data, size}, status) ? size : 0;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

/// libcurl does not repeat these headers to another host after a redirect.
HeaderList headers_of(const HttpOptions& options, bool is_json) {
  HeaderList headers;
  const auto add = [&](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  if (!options.token.empty()) add("Authorization: Bearer " + options.token);
  if (is_json) add("Content-Type: application/json");
  if (is_json) add("Expect:");  // a long body need not wait for "100 Continue"
  return headers;
}

HttpReply::Failure failure_of(CURLcode code, long status) {
  switch (code) {
    case CURLE_OK:
      return status >= 400 ? HttpReply::Failure::status : HttpReply::Failure::none;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpReply::Failure::timeout;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return HttpReply::Failure::unreachable;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      return HttpReply::Failure::dropped;
    case CURLE_ABORTED_BY_CALLBACK:
      return HttpReply::Failure::interrupted;
    default:
      return HttpReply::Failure::other;
  }
}

/// Why a request failed, in words that say what to do; empty when it did not.
std::string problem_of(CURLcode code, long status) {
  switch (code) {
    case CURLE_OK:
      return status >= 400 ? fmt::format("HTTP {}", status) : "";
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the host name cannot be resolved: is this machine offline?";
    case CURLE_COULDNT_CONNECT:
      return "no connection: is this machine offline, or the address wrong?";
    case CURLE_OPERATION_TIMEDOUT:
      return "the server stopped sending";
    case CURLE_GOT_NOTHING:
      return "the connection ended before a reply came";
    case CURLE_PARTIAL_FILE:
      return "the connection ended before the whole reply had come";
    default:
      return curl_easy_strerror(code);
  }
}

bool is_passing(CURLcode code, long status) {
  if (status == 429 || status >= 500 || status == 408) return true;
  if (status >= 400) return false;
  return code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_URL_MALFORMAT &&
         code != CURLE_TOO_MANY_REDIRECTS && code != CURLE_WRITE_ERROR &&
         code != CURLE_PEER_FAILED_VERIFICATION;
}

}  // namespace

bool TextSink::write(std::string_view bytes, long status) {
  if (status != status_) text_.clear();
  status_ = status;
  if (text_.size() + bytes.size() > max_bytes_) {
    problem_ = fmt::format("the answer has more than {} bytes", max_bytes_);
    return false;
  }
  text_ += bytes;
  return true;
}

HttpReply http_request(const std::string& url, const HttpOptions& options, BodySink& sink,
                       const std::string* json) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const CurlHandle curl(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw SystemError(kDoing, url, "libcurl cannot start");
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  std::pair<CURL*, BodySink*> body(curl.get(), &sink);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.stall_seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_seconds));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_seconds * 1000));
  set(CURLOPT_USERAGENT, "conceptune");
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, &body);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, &options.stop);
  const HeaderList headers = headers_of(options, json != nullptr);
  set(CURLOPT_HTTPHEADER, headers.get());
  if (json) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
    set(CURLOPT_POSTFIELDS, json->data());
  }
  sink.begin();
  const std::string range = fmt::format("{}-", sink.held());
  if (sink.held() > 0) set(CURLOPT_RANGE, range.c_str());
  const CURLcode code = curl_easy_perform(curl.get());
  HttpReply reply;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply.status);
  curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &retry_after);
  reply.failure = failure_of(code, reply.status);
  reply.retry_after = static_cast<double>(retry_after);
  reply.problem = problem_of(code, reply.status);
  if (code == CURLE_WRITE_ERROR && !sink.problem().empty()) reply.problem = sink.problem();
  reply.is_passing = is_passing(code, reply.status);
  return reply;
}

bool Backoff::wait(double retry_after) {
  if (attempts_ >= options_.attempts) return false;
  ++attempts_;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  const double pause = std::min(kLongestPause, std::max(pause_, retry_after));
  std::condition_variable_any().wait_for(lock, options_.stop, std::chrono::duration<double>(pause),
                                         [] { return false; });
  pause_ *= 2;
  return true;
}

}  // namespace conceptune::fetch
