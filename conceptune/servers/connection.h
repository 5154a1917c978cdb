// Requests to one server: retried where the server is busy, and each failure said in words.
#pragma once

#include <atomic>
#include <mutex>
#include <stop_token>
#include <string>

#include "conceptune/base/json.h"
#include "conceptune/servers/request.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::servers {

/// A reply, or why there is none.
struct Reply {
  Json body;
  std::string failure;  // empty: there is a body
};

/// Thread-safe.
class Connection {
 public:
  /// Takes the API key from the environment variable that the options name, if it is set. Throws InputError
  /// for an address that is none.
  explicit Connection(const ServerOptions& options);

  /// The address without a trailing slash or "/v1".
  const std::string& address() const { return address_; }

  Reply get(const std::string& path, std::stop_token stop);
  /// Attempts again, after growing pauses (at least as long as Retry-After says), where the server answers
  /// 429 or 5xx or nothing within the timeout; never otherwise. What is wrong with this request alone (4xx, a
  /// reply cut off or not JSON, no attempts left) is the Reply's failure. Throws what is wrong with all of
  /// them: InputError for a wrong key, address or model (401, 403, 404), SystemError when the server cannot
  /// be reached or has failed many requests in a row; Interrupted when asked to stop.
  Reply post(const Request& request, std::stop_token stop);

 private:
  Reply send(const std::string& path, const std::string* json, std::stop_token stop);
  Reply fail(const std::string& url, const std::string& failure);

  ServerOptions options_;
  std::string address_;
  std::string key_;
  std::atomic<int> failed_in_a_row_ = 0;
};

}  // namespace conceptune::servers
