// Products of stages, made once: each is known by the SHA-256 of what makes it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "conceptune/base/file_lock.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// Holds a run folder for this process; released when the object or the process ends, however it ends.
/// Throws InputError when another process holds it.
class RunLock {
 public:
  explicit RunLock(const std::filesystem::path& run_folder);

 private:
  FileLock lock_;
};

class StageCache {
 public:
  explicit StageCache(RunStore& store) : store_(store) {}

  /// The product of `recipe`. When it is finished and unchanged it is reused; else `make` fills its folder,
  /// which may hold what an interrupted attempt left (a stage continues from there). Seconds and outcome are
  /// noted in the store for `subject`, also when `make` throws.
  Product get(const std::string& stage, const std::string& subject, const Json& recipe,
              const std::function<void(const std::filesystem::path& folder)>& make);

  /// Products made, not reused, by this object.
  int made() const { return made_; }

 private:
  RunStore& store_;
  std::map<std::string, Product> got_;  // by key
  int made_ = 0;
};

}  // namespace conceptune::experiment
