#include "conceptune/base/claim.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kDoing = "claiming";
constexpr Lease kLongestSilence = std::chrono::seconds(5);  // of whoever is watched on a screen

fs::path claim_file(const fs::path& path, int number) {
  return fmt::format("{}.claim-{}", path.string(), number);
}

/// The highest claim that is there; 0 for none.
int highest_claim(const fs::path& path) {
  const std::string begin = path.filename().string() + ".claim-";
  int highest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin)) highest = std::max(highest, std::atoi(name.c_str() + begin.size()));
  }
  return highest;
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Tells machines, and containers that see other processes under the same numbers, apart.
const std::string& machine_name() {
  static const std::string name = [] {
    std::error_code error;
    const auto processes = fs::read_symlink("/proc/self/ns/pid", error).string();
    return first_line("/proc/sys/kernel/random/boot_id") + "," + processes;
  }();
  return name;
}

/// Whether a claim's content names a process of this machine that has ended.
bool is_of_the_dead(const std::string& content) {
  const std::string ours = machine_name() + " ";
  if (!content.starts_with(ours)) return false;
  const auto process = static_cast<pid_t>(std::atoll(content.c_str() + ours.size()));
  return process > 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

bool create_exclusively(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno != EEXIST) throw SystemError(kDoing, path.string(), errno);
  if (descriptor >= 0) ::close(descriptor);
  return descriptor >= 0;
}

/// False when the file is no longer there.
bool overwrite(const fs::path& path, const std::string& content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return errno != ENOENT;
  // A beat that cannot be written is one that others do not see; the lease decides.
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, content.data(), content.size(), 0);
  ::close(descriptor);
  return true;
}

}  // namespace

class Claim::Renewal {
 public:
  Renewal(fs::path path, int number, Lease lease)
      : path_(std::move(path)), number_(number), lease_(lease), thread_([this] { renew(); }) {}

  ~Renewal() {
    {
      const std::scoped_lock lock(mutex_);
      ends_ = true;
    }
    ending_.notify_all();
    thread_.join();
    if (lost_) return;
    std::error_code ignored;
    for (int number = 1; number <= number_; ++number) fs::remove(claim_file(path_, number), ignored);
  }

  bool is_lost() const { return lost_; }
  void tell(std::string note) {
    const std::scoped_lock lock(mutex_);
    note_ = std::move(note);
  }

 private:
  void renew() {
    std::unique_lock lock(mutex_);
    for (std::int64_t beat = 1; !ends_; ++beat) {
      const std::string content =
          fmt::format("{} {} {}{}{}\n", machine_name(), ::getpid(), beat, note_.empty() ? "" : " ", note_);
      if (!overwrite(claim_file(path_, number_), content) || highest_claim(path_) > number_) {
        lost_ = true;
        return;
      }
      ending_.wait_for(lock, std::min<Lease>(lease_ / 4, kLongestSilence), [this] { return ends_; });
    }
  }

  fs::path path_;
  int number_;
  Lease lease_;
  std::atomic<bool> lost_ = false;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ends_ = false;
  std::string note_;
  std::thread thread_;
};

Claim::Claim(std::unique_ptr<Renewal> renewal) : renewal_(std::move(renewal)) {}
Claim::~Claim() = default;
bool Claim::is_lost() const { return renewal_->is_lost(); }
void Claim::tell(std::string note) { renewal_->tell(std::move(note)); }

bool is_claimed(const fs::path& path) {
  const int highest = highest_claim(path);
  return highest > 0 && !is_of_the_dead(first_line(claim_file(path, highest)));
}

std::string claim_note(const fs::path& path) {
  const int highest = highest_claim(path);
  if (highest == 0) return {};
  const std::string content = first_line(claim_file(path, highest));
  std::size_t begin = 0;
  for (int word = 0; word < 3; ++word) {  // the machine, the process, the beat
    begin = content.find(' ', begin);
    if (begin == content.npos) return {};
    ++begin;
  }
  return content.substr(begin);
}

std::unique_ptr<Claim> Claims::try_take(const fs::path& path) {
  make_folder(path.parent_path());
  check_folder(path.parent_path());
  const int highest = highest_claim(path);
  if (highest > 0 && !is_abandoned(claim_file(path, highest))) return nullptr;
  if (!create_exclusively(claim_file(path, highest + 1))) return nullptr;
  return std::unique_ptr<Claim>(new Claim(std::make_unique<Claim::Renewal>(path, highest + 1, lease_)));
}

bool Claims::is_abandoned(const fs::path& file) {
  std::string content = first_line(file);
  const auto now = Clock::now();
  auto& seen = seen_[file];
  if (seen.content != content || seen.since == Clock::time_point()) {
    seen = {std::move(content), now};
  } else if (now - seen.since >= lease_) {
    return true;
  }
  return is_of_the_dead(seen.content);
}

void Claims::check_folder(const fs::path& folder) {
  if (folder == checked_folder_) return;
  static std::atomic<int> count = 0;
  const fs::path probe = folder / fmt::format(".probe-{}-{}-{}", ::gethostid(), ::getpid(), ++count);
  std::error_code ignored;
  fs::remove(probe, ignored);
  const bool keeps = create_exclusively(probe) && !create_exclusively(probe);
  fs::remove(probe, ignored);
  if (!keeps)
    throw InputError(
        kDoing, folder.string(),
        "its file system creates a file that is there already, expected one that refuses: workers "
        "could not tell who does what");
  checked_folder_ = folder;
}

}  // namespace conceptune
