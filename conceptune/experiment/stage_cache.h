// Products of stages, made once: each is known by the SHA-256 of what makes it.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "conceptune/base/claim.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

struct StageProgress;

/// Holds a run's store for this process; released when the object or the process ends, however it ends.
class RunLock {
 public:
  /// Waits for whoever holds it: it is held for moments. Throws Interrupted when asked to stop.
  RunLock(const std::filesystem::path& run_folder, const std::stop_token& stop);

 private:
  FileLock lock_;
};

/// Another process, here or on another machine, is making the product that was asked for.
class BeingMade : public Error {
 public:
  using Error::Error;
};

/// How a product comes to be: by one process, or by several that make parts of it first.
struct Making {
  using Whole = std::function<void(const std::filesystem::path& folder)>;

  template <class Function>
  requires std::is_invocable_v<Function, const std::filesystem::path&> Making(Function function)
      : whole(std::move(function)) {}  // NOLINT(google-explicit-constructor)

  /// Fills the folder, going on from its parts.
  Whole whole;
  int parts = 1;
  /// Of parts from 0; asked and made only where there are several.
  std::function<bool(const std::filesystem::path& folder, int part)> has_part;
  std::function<void(const std::filesystem::path& folder, int part)> make_part;
};

/// Gives the product of a recipe.
class ProductSource {
 public:
  virtual ~ProductSource() = default;
  /// `subject` says what the product is for.
  virtual Product get(const std::string& stage, const std::string& subject, const Json& recipe,
                      const Making& making) = 0;
};

/// What a part of a product is claimed by.
std::filesystem::path part_path(const Product& product, int part);

/// SHA-256 of a stage and its recipe.
std::string product_key(const std::string& stage, const Json& recipe);

class StageCache : public ProductSource {
 public:
  /// Of a working copy of the run's store. A claim that is not renewed for a lease is another's to take.
  explicit StageCache(RunStore& store, Lease lease = std::chrono::minutes(1))
      : store_(store), claims_(lease) {}

  /// The product of `recipe`. When it is finished and unchanged it is reused; else `making` fills its folder,
  /// which may hold what an interrupted attempt left (a stage continues from there). Seconds and outcome are
  /// noted in the store for `subject`, also when `making` throws. Throws BeingMade while another process
  /// makes it or the last of its parts, and what `making` threw before when that failed in this process.
  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const Making& making) override;

  /// Products made, not reused, by this object.
  int made() const { return made_; }

  /// Tells other processes how far what is being made is, with the claim's next renewal.
  void tell(const StageProgress& progress);

 private:
  /// Finished, as this process or another knows it; the store knows it then too.
  std::optional<Product> find(const Product& wanted);
  /// Puts what is finished and unchanged into got_; else says which file of a finished product changed.
  bool reuse(const Product& wanted, std::string& changed);
  bool is_finished(const Product& product);
  /// Makes the parts that nobody has made or is making. Throws BeingMade while others are at one.
  void make_parts(const Product& product, const std::string& title, const Making& making);
  void set_aside(const Product& product, const std::string& changed);

  RunStore& store_;
  Claims claims_;
  std::map<std::string, Product> got_;                // by key
  std::map<std::string, std::exception_ptr> failed_;  // by key
  Claim* held_ = nullptr;                             // of what is being made
  int made_ = 0;
};

}  // namespace conceptune::experiment
