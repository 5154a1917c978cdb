// The replies of model servers, kept in SQLite by the hash of what was asked, so that nothing is paid for
// twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/sqlite.h"

namespace conceptune::servers {

/// Thread-safe; several processes may use one file.
class ReplyCache {
 public:
  /// A request that failed for good, and why.
  struct Failure {
    std::string key;
    std::string reason;
    std::int64_t times = 0;

    bool operator==(const Failure&) const = default;
  };

  /// Opens or makes the file. Throws InputError when it is no database of replies, SystemError when it cannot
  /// be made.
  explicit ReplyCache(const std::filesystem::path& path);

  /// The reply to the request with that key, or nothing. A failure is no reply.
  std::optional<std::string> find(const std::string& key);
  /// Keeps a reply and forgets the key's failure.
  void keep(const std::string& key, const std::string& reply);
  /// Notes a failure, for whoever looks for the reason.
  void keep_failure(const std::string& key, const std::string& reason);
  /// All requests whose last try failed, by key.
  std::vector<Failure> failures();

 private:
  std::mutex mutex_;
  Database database_;
};

}  // namespace conceptune::servers
