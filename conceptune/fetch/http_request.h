// One attempt at an HTTP(S) request by libcurl, and when to make another.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

namespace conceptune::fetch {

/// How requests are made.
struct HttpOptions {
  std::string token;         // sent as bearer token; empty: none
  int attempts = 5;          // of each request
  double first_pause = 1;    // seconds before the second attempt; doubles each time, unless the server says
  int stall_seconds = 30;    // without a byte for so long an attempt is given up
  double total_seconds = 0;  // after so long an attempt is given up, whatever comes; 0: never
  std::stop_token stop;      // Interrupted when it asks
};

/// Where a body goes.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// An attempt begins.
  virtual void begin() {}
  /// The next bytes of the body of a reply with that status; false ends the transfer.
  virtual bool write(std::string_view bytes, long status) = 0;
  /// Why write() ended the transfer; empty when it did not, or has no better word than libcurl.
  virtual std::string problem() const { return {}; }
  /// Bytes that are there already, to be asked for no more.
  virtual std::int64_t held() const { return 0; }
};

/// A body kept in memory: that of the last status alone, so that neither redirects nor earlier attempts are
/// in it.
class TextSink : public BodySink {
 public:
  explicit TextSink(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  void begin() override { text_.clear(); }
  bool write(std::string_view bytes, long status) override;
  std::string problem() const override { return problem_; }
  std::string take() { return std::move(text_); }

 private:
  std::size_t max_bytes_;
  long status_ = 0;
  std::string text_;
  std::string problem_;
};

/// How an attempt went.
struct HttpReply {
  /// dropped: the connection was there, and ended before the whole reply had come.
  enum class Failure { none, status, timeout, unreachable, dropped, interrupted, other };

  Failure failure = Failure::none;
  long status = 0;          // HTTP status; 0: no reply came
  double retry_after = 0;   // seconds that the server asks to wait; 0: not said
  std::string problem;      // why it failed; empty when it did not
  bool is_passing = false;  // whether a file's download may work at another attempt
};

/// GETs `url`, or POSTs `*json` to it when that is not null. Throws SystemError when libcurl cannot start.
HttpReply http_request(const std::string& url, const HttpOptions& options, BodySink& sink,
                       const std::string* json = nullptr);

/// The pauses between attempts: doubling from HttpOptions::first_pause, at least as long as the server asks,
/// at most a minute. Returns early when asked to stop.
class Backoff {
 public:
  explicit Backoff(const HttpOptions& options) : options_(options), pause_(options.first_pause) {}
  /// Waits for another attempt; false, at once, when all are used up.
  bool wait(double retry_after);
  int attempts() const { return attempts_; }

 private:
  const HttpOptions& options_;
  double pause_;
  int attempts_ = 1;
};

}  // namespace conceptune::fetch
