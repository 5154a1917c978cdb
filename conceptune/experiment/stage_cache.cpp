#include "conceptune/experiment/stage_cache.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyDigitsInNames = 12;

std::int64_t bytes_below(const fs::path& folder) {
  std::int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += static_cast<std::int64_t>(entry.file_size());
  return bytes;
}

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::chrono::system_clock::now()));
}

/// Times a stage and notes in the store how it ended.
class StageClock {
 public:
  StageClock(RunStore& store, StageRun run) : store_(store), run_(std::move(run)) {
    run_.started = now_text();
  }

  void note(std::string outcome) {
    run_.outcome = std::move(outcome);
    run_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    store_.add_stage_run(run_);
  }

  /// While another exception is on its way: that one is the one to tell.
  void note_failure(std::string outcome) noexcept {
    try {
      note(std::move(outcome));
    } catch (const std::exception&) {
      // The disk that failed the stage refuses the store too.
    }
  }

 private:
  RunStore& store_;
  StageRun run_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

bool is_intact(const Product& product) {
  return fs::is_directory(product.folder) && bytes_below(product.folder) == product.bytes;
}

}  // namespace

RunLock::RunLock(const fs::path& run_folder) {
  make_folder(run_folder);
  const fs::path path = run_folder / "lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw SystemError("locking run", path.string(), errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int error_number = errno;
  ::close(descriptor_);
  if (error_number != EWOULDBLOCK) throw SystemError("locking run", path.string(), error_number);
  throw InputError("locking run", run_folder.string(), "another process is at work in this folder");
}

RunLock::~RunLock() { ::close(descriptor_); }

Product StageCache::get(const std::string& stage, const std::string& subject, const Json& recipe,
                        const std::function<void(const fs::path& folder)>& make) {
  const std::string key = sha256_hex(stage + '\n' + to_json_text(recipe));
  if (const auto got = got_.find(key); got != got_.end()) return got->second;
  StageClock clock(store_, {stage, key, subject, 0, {}, {}});
  if (const auto product = store_.find_product(key)) {
    if (is_intact(*product)) {
      clock.note("reused");
      return got_[key] = *product;
    }
    warn(fmt::format("{} changed since it was made; making it again", product->folder.string()));
    store_.forget_product(key);
    fs::remove_all(product->folder);
  }
  const std::string name = fmt::format("{}-{}", stage, key.substr(0, kKeyDigitsInNames));
  Product product{key, stage, store_.run_folder() / "products" / name, recipe, 0};
  make_folder(product.folder);
  inform(subject.empty() ? stage : fmt::format("{}: {}", stage, subject));
  try {
    make(product.folder);
    product.bytes = bytes_below(product.folder);
    store_.add_product(product);
  } catch (const Interrupted&) {
    clock.note_failure("interrupted");
    throw;
  } catch (const std::exception&) {
    clock.note_failure("failed");
    throw;
  }
  clock.note("done");
  ++made_;
  return got_[key] = product;
}

}  // namespace conceptune::experiment
