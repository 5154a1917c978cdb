// Products of stages, made once: each is known by the SHA-256 of what makes it.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "conceptune/base/claim.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file_lock.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

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

/// Gives the product of a recipe.
class ProductSource {
 public:
  virtual ~ProductSource() = default;
  /// `make` fills the product's folder; `subject` says what the product is for.
  virtual Product get(const std::string& stage, const std::string& subject, const Json& recipe,
                      const std::function<void(const std::filesystem::path& folder)>& make) = 0;
};

/// SHA-256 of a stage and its recipe.
std::string product_key(const std::string& stage, const Json& recipe);

class StageCache : public ProductSource {
 public:
  /// Of a working copy of the run's store. A claim that is not renewed for a lease is another's to take.
  explicit StageCache(RunStore& store, Lease lease = std::chrono::minutes(1))
      : store_(store), claims_(lease) {}

  /// The product of `recipe`. When it is finished and unchanged it is reused; else `make` fills its folder,
  /// which may hold what an interrupted attempt left (a stage continues from there). Seconds and outcome are
  /// noted in the store for `subject`, also when `make` throws. Throws BeingMade while another process makes
  /// it, and what `make` threw before when that failed in this process.
  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const std::function<void(const std::filesystem::path& folder)>& make) override;

  /// Products made, not reused, by this object.
  int made() const { return made_; }

 private:
  /// Finished, as this process or another knows it; the store knows it then too.
  std::optional<Product> find(const Product& wanted);
  /// Puts what is finished and unchanged into got_; else says which file of a finished product changed.
  bool reuse(const Product& wanted, std::string& changed);
  void set_aside(const Product& product, const std::string& changed);

  RunStore& store_;
  Claims claims_;
  std::map<std::string, Product> got_;                // by key
  std::map<std::string, std::exception_ptr> failed_;  // by key
  int made_ = 0;
};

}  // namespace conceptune::experiment
