#include "conceptune/concepts/work_folder.h"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/product.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "annotating";
constexpr const char* kPlanFile = "plan.json";
constexpr std::string_view kBatch = "batch-";
constexpr std::string_view kBatchEnding = ".jsonl";

bool is_own_file(const std::string& name) {
  return name == kLockFile || name == kPlanFile || (name.starts_with(kBatch) && name.ends_with(kBatchEnding));
}

std::string file_name_of(std::int64_t batch) { return fmt::format("{}{:08}{}", kBatch, batch, kBatchEnding); }

Json read_head(LineReader& lines, std::string& line, const fs::path& file) {
  if (!lines.next(line)) throw InputError(kDoing, file.string(), "the file is empty");
  Json head = parse_json(line, kDoing, lines.where());
  if (!head.contains("outcomes") || !head.contains("content_words"))
    throw InputError(kDoing, lines.where(), "expected the batch's outcomes and counts");
  return head;
}

}  // namespace

fs::path WorkFolder::path_for(const fs::path& output) {
  const fs::path name = resolved_path(output);
  return name.parent_path() / fmt::format(".{}.work", name.filename().string());
}

WorkFolder::WorkFolder(const fs::path& output, const Json& plan, WorkSharing sharing)
    : folder_(path_for(output)) {
  make_folder(folder_);
  if (sharing == WorkSharing::alone)
    lock_ = FileLock::take_or_refuse(folder_ / kLockFile, kDoing, output,
                                     "another process is writing this dataset");
  check_plan(plan);
}

void WorkFolder::check_plan(const Json& plan) const {
  const fs::path path = folder_ / kPlanFile;
  const std::string text = to_json_text(plan, 2) + "\n";
  if (!fs::exists(path)) return write_file_atomically(path, text);
  if (read_file(path, kDoing) != text)
    throw InputError(
        kDoing, folder_.string(),
        "holds unfinished work with other passages, models or options, or of another version of the "
        "program; remove it to begin anew");
}

fs::path WorkFolder::file_of(std::int64_t batch) const { return folder_ / file_name_of(batch); }

bool WorkFolder::holds(const fs::path& output, std::int64_t batch) {
  return fs::exists(path_for(output) / file_name_of(batch));
}

bool WorkFolder::has(std::int64_t batch) const {
  if (!fs::exists(file_of(batch))) return false;
  LineReader lines(file_of(batch), kDoing);
  std::string line;
  return Outcomes::from_json(read_head(lines, line, file_of(batch))["outcomes"], lines.where())
      .failures.empty();
}

void WorkFolder::write(std::int64_t batch, const FinishedBatch& finished) const {
  AtomicFile file(file_of(batch));
  file.write(
      to_json_text({{"outcomes", finished.outcomes.to_json()}, {"content_words", finished.word_counts}}) +
      "\n");
  for (const auto& record : finished.records) file.write(record_to_line(record) + "\n");
  file.commit();
}

FinishedBatch WorkFolder::read(std::int64_t batch) const {
  LineReader lines(file_of(batch), kDoing);
  std::string line;
  FinishedBatch finished;
  const Json head = read_head(lines, line, file_of(batch));
  finished.outcomes = Outcomes::from_json(head["outcomes"], lines.where());
  finished.word_counts = head["content_words"];
  while (lines.next(line)) finished.records.push_back(record_from_line(line, lines.where()));
  return finished;
}

void WorkFolder::remove() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    if (is_own_file(entry.path().filename().string())) fs::remove(entry.path(), ignored);
  if (!fs::remove(folder_, ignored))
    warn(fmt::format("{} holds files that are no part of it; they are kept", folder_.string()));
}

}  // namespace conceptune::concepts
