#include "conceptune/experiment/verification.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/experiment/product_records.h"
#include "conceptune/experiment/store.h"
#include "conceptune/experiment/stored_results.h"
#include "conceptune/results/item_files.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "verifying";

class Verifier {
 public:
  Verifier(const fs::path& root, ProductKind kind, ProgressObserver* observer)
      : root_(root), progress_(observer, "verify", 0, "files") {
    result_.kind = kind;
  }

  Verification take() { return std::move(result_); }

  void compare(const fs::path& folder, const FileList& expected) {
    for (const auto& [path, facts] : expected) {
      add_file();
      if (const auto difference = difference_of(folder / path, facts); !difference.empty())
        add_problem(folder / path, difference);
    }
    for (const auto& path : fs::is_directory(folder) ? files_below(folder) : std::vector<std::string>())
      if (!expected.contains(path)) result_.further.push_back(name_of_path(folder / path));
  }

  /// False where there is no manifest.
  bool compare_with_manifest(const fs::path& folder) {
    const auto manifest = read_manifest(folder);
    if (manifest) compare(folder, manifest->files);
    return manifest.has_value();
  }

  void check_items(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (!entry.is_regular_file() || !entry.path().string().ends_with(".jsonl.zst")) continue;
      add_file();
      if (const auto problem = evaluation::problem_of_item_file(entry.path()); !problem.empty())
        add_problem(entry.path(), problem);
    }
  }

  void check_store(RunStore& store) {
    add_file();
    if (const auto problem = store.damage(); !problem.empty()) add_problem(root_ / "run.sqlite", problem);
    for (const auto& product : known_products(store)) compare(product.folder, product.files);
    if (const auto model = altered_evaluation(store.results(), store); !model.empty())
      add_problem(root_ / "run.sqlite",
                  fmt::format("holds other results of '{}' than its evaluation gave", model));
  }

 private:
  void add_file() {
    ++result_.files;
    progress_.add(1);
  }
  void add_problem(const fs::path& path, std::string_view problem) {
    result_.problems.push_back(fmt::format("{} {}", name_of_path(path), problem));
  }
  std::string name_of_path(const fs::path& path) const { return path.lexically_relative(root_).string(); }

  fs::path root_;
  Progress progress_;
  Verification result_;
};

void verify_run(const fs::path& folder, Verifier& verifier) {
  RunStore store(folder, RunStore::Access::read_only);
  verifier.check_store(store);
  verifier.check_items(folder / evaluation::kItemFolder);
}

/// What a training run that has not ended consists of so far. False when nothing of it has a manifest.
bool verify_parts(const fs::path& folder, Verifier& verifier) {
  bool any = false;
  std::error_code error;
  for (const char* part : {"best", "last"})
    if (fs::is_directory(folder / part, error)) any |= verifier.compare_with_manifest(folder / part);
  for (const auto& entry : fs::directory_iterator(folder / "checkpoints", error))
    if (entry.is_directory()) any |= verifier.compare_with_manifest(entry.path());
  return any;
}

}  // namespace

Verification verify(const fs::path& folder, ProgressObserver* observer) {
  const auto kind = product_in(folder);
  const auto manifest_kind = read_manifest(folder);
  if (!kind && !manifest_kind)
    throw InputError(
        kDoing, folder.string(),
        "is no folder that conceptune makes, expected a sample, dataset, adapter, checkpoint, training run, "
        "evaluation or run");
  Verifier verifier(folder, kind ? *kind : manifest_kind->kind.value_or(ProductKind::model), observer);
  if (kind == ProductKind::run) {
    verify_run(folder, verifier);
  } else if (!verifier.compare_with_manifest(folder) &&
             !(kind == ProductKind::training && verify_parts(folder, verifier))) {
    throw InputError(
        kDoing, folder.string(),
        fmt::format("a {} without {}: it is not finished, or an earlier release or another program wrote it",
                    name_of(*kind), kManifestFile));
  }
  return verifier.take();
}

}  // namespace conceptune::experiment
