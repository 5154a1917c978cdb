#include "conceptune/experiment/stage_cache.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/product.h"
#include "conceptune/experiment/input_hash.h"
#include "conceptune/experiment/product_records.h"
#include "conceptune/experiment/stage_progress.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::chrono::system_clock::now()));
}

/// Times a stage and notes in the store how it ended.
class StageClock {
 public:
  StageClock(RunStore& store, StageRun run) : store_(store), run_(std::move(run)) {
    run_.started = now_text();
  }

  StageRun ended(std::string outcome) const {
    StageRun run = run_;
    run.outcome = std::move(outcome);
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    return run;
  }

  void note(std::string outcome) { store_.add_stage_run(ended(std::move(outcome))); }

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

/// Keeps a pointer to a claim for as long as it is worked under.
class Holding {
 public:
  Holding(Claim*& held, Claim& claim) : held_(held) { held_ = &claim; }
  ~Holding() { held_ = nullptr; }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

 private:
  Claim*& held_;
};

FileList list_files(const fs::path& folder, RunStore& store) {
  FileList files;
  auto paths = files_below(folder);
  if (fs::exists(folder / kManifestFile)) paths.emplace_back(kManifestFile);
  for (const auto& path : paths)
    files[path] = {static_cast<std::int64_t>(fs::file_size(folder / path)), hash_file(folder / path, store)};
  return files;
}

/// The first file that is not what was written; empty when all are. A file whose size and time of change are
/// those at which it was hashed is not read again.
std::string changed_file(const Product& product, RunStore& store) {
  for (const auto& [path, facts] : product.files) {
    std::error_code error;
    const auto bytes = fs::file_size(product.folder / path, error);
    if (error || static_cast<std::int64_t>(bytes) != facts.bytes ||
        hash_file(product.folder / path, store) != facts.sha256)
      return path;
  }
  return {};
}

}  // namespace

RunLock::RunLock(const fs::path& run_folder, const std::stop_token& stop)
    : lock_(FileLock::take(run_folder / kLockFile, "locking the run's store", stop)) {}

std::string product_key(const std::string& stage, const Json& recipe) {
  return sha256_hex(stage + '\n' + to_json_text(recipe));
}

fs::path part_path(const Product& product, int part) {
  return fmt::format("{}.part-{}", product.folder.string(), part + 1);
}

std::optional<Product> StageCache::find(const Product& wanted) {
  const auto known = store_.find_product(wanted.key);
  const auto record = read_product_record(wanted);
  if (!record) return known;                              // an earlier release made it
  if (!known || known->files != record->product.files) {  // another process made it, or made it again
    store_.add_stage_run(record->run);
    store_.add_product(record->product);
  }
  return record->product;
}

void StageCache::set_aside(const Product& product, const std::string& changed) {
  store_.forget_product(product.key);
  fs::remove(product_record_path(product));
  const std::string kept = fs::exists(product.folder)
                               ? "; it is kept in " + keep_aside(product.folder, product.folder).string()
                               : "";
  warn(
      fmt::format("{} is not what was made ({}){}; making it again", product.folder.string(), changed, kept));
}

bool StageCache::reuse(const Product& wanted, std::string& changed) {
  const auto found = find(wanted);
  if (!found) return false;
  changed = changed_file(*found, store_);
  if (!changed.empty()) return false;
  got_[wanted.key] = *found;
  return true;
}

bool StageCache::is_finished(const Product& product) {
  const auto found = find(product);
  return found && changed_file(*found, store_).empty();
}

void StageCache::tell(const StageProgress& progress) {
  if (held_) held_->tell(note_of(progress));
}

void StageCache::make_parts(const Product& product, const std::string& title, const Making& making) {
  bool all = true;
  for (int part = 0; part < making.parts; ++part) {
    if (making.has_part(product.folder, part)) continue;
    const auto claim = claims_.try_take(part_path(product, part));
    all &= claim != nullptr;
    if (!claim || making.has_part(product.folder, part)) continue;
    // Parts are gone once the whole is made of them.
    if (is_claimed(product.folder) || is_finished(product))
      throw BeingMade(title + " is just being finished");
    inform(fmt::format("{}, part {} of {}", title, part + 1, making.parts));
    const Holding holding(held_, *claim);
    making.make_part(product.folder, part);
  }
  if (!all) throw BeingMade("parts of " + title + " are being made by other processes");
}

Product StageCache::get(const std::string& stage, const std::string& subject, const Json& recipe,
                        const Making& making) {
  const std::string key = product_key(stage, recipe);
  if (const auto got = got_.find(key); got != got_.end()) return got->second;
  if (const auto failed = failed_.find(key); failed != failed_.end()) std::rethrow_exception(failed->second);
  StageClock clock(store_, {stage, key, subject, 0, {}, {}});
  Product product{key, stage, store_.product_folder(stage, key), recipe};
  const std::string title = subject.empty() ? stage : fmt::format("{}: {}", stage, subject);
  std::string changed;
  if (reuse(product, changed)) {
    clock.note("reused");
    return got_[key];
  }
  try {
    if (making.parts > 1 && changed.empty()) make_parts(product, title, making);
    const auto claim = claims_.try_take(product.folder);
    if (!claim) throw BeingMade(title + " is being made by another process");
    if (reuse(product, changed)) {  // whoever held the claim finished just now
      clock.note("reused");
      return got_[key];
    }
    if (!changed.empty()) set_aside(product, changed);
    make_folder(product.folder);
    inform(title);
    const Holding holding(held_, *claim);
    making.whole(product.folder);
    if (claim->is_lost())
      throw Interrupted(title + " was taken over by another process, since this one did not answer");
    product.files = list_files(product.folder, store_);
    const StageRun run = clock.ended("done");
    write_product_record({product, run});
    store_.add_product(product);
    store_.add_stage_run(run);
  } catch (const BeingMade&) {
    throw;
  } catch (const Interrupted&) {
    clock.note_failure("interrupted");
    throw;
  } catch (const std::exception&) {
    clock.note_failure("failed");
    failed_[key] = std::current_exception();
    throw;
  }
  ++made_;
  return got_[key] = product;
}

}  // namespace conceptune::experiment
