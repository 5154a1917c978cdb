// Who is at work on a thing that any of several processes, on one machine or on several, could do.
//
// A claim on PATH is a file `PATH.claim-1` that is created exclusively; its holder renews it. Whoever has
// watched a claim for a whole lease, by its own clock, without seeing it renewed may take over by creating
// `PATH.claim-2`, and so on: the highest number holds. The clocks of machines are never compared. A holder on
// the same machine whose process has ended is taken over from at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace conceptune {

using Lease = std::chrono::milliseconds;

/// Held until it is destroyed, which removes its files. A thread of its own renews it four times a lease,
/// and every five seconds at least.
class Claim {
 public:
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// Whether another took over, since this process did not renew in time (it was stopped, or the file system
  /// did not answer), or a person removed the file.
  bool is_lost() const;

  /// What the next renewal says of how far the work is: one line, for claim_note().
  void tell(std::string note);

 private:
  friend class Claims;
  class Renewal;
  explicit Claim(std::unique_ptr<Renewal> renewal);

  std::unique_ptr<Renewal> renewal_;
};

/// Whether somebody holds `path`, or held it when the machine or the process ended. A holder on this machine
/// whose process has ended does not count.
bool is_claimed(const std::filesystem::path& path);

/// What the holder said last, some seconds ago; empty where nobody holds `path` or said anything.
std::string claim_note(const std::filesystem::path& path);

/// Takes claims, and remembers what it has seen of others'. Not for several threads.
class Claims {
 public:
  explicit Claims(Lease lease) : lease_(lease) {}

  /// Nothing while another holds `path`; ask again later. Whoever gets the claim looks first whether the work
  /// was done meanwhile. Throws SystemError when the folder refuses files, and InputError where it does not
  /// keep exclusive creation.
  std::unique_ptr<Claim> try_take(const std::filesystem::path& path);

 private:
  struct Seen {
    std::string content;
    std::chrono::steady_clock::time_point since;
  };

  bool is_abandoned(const std::filesystem::path& file);
  void check_folder(const std::filesystem::path& folder);

  Lease lease_;
  std::map<std::filesystem::path, Seen> seen_;
  std::filesystem::path checked_folder_;
};

}  // namespace conceptune
