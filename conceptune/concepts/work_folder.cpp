#include "conceptune/concepts/work_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/line_reader.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "annotating";

/// Whether the descriptor is still the file of that name (another process may have removed and remade it).
bool is_file_of(int descriptor, const fs::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& output, const Json& plan) : WorkFolder() {
  // A name that ends in a separator has no file name of its own.
  const fs::path name = output.has_filename() ? output : output.parent_path();
  folder_ = name.parent_path() / fmt::format(".{}.work", name.filename().string());
  lock(name);
  check_plan(plan);
}

WorkFolder::~WorkFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WorkFolder::lock(const fs::path& output) {
  const fs::path path = folder_ / "lock";
  for (;;) {
    make_folder(folder_);
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno == ENOENT) continue;  // its holder finished and removed the folder just now
    if (descriptor_ < 0) throw SystemError(kDoing, path.string(), errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      ::close(std::exchange(descriptor_, -1));
      if (reason == EWOULDBLOCK)
        throw InputError(kDoing, output.string(), "another process is writing this dataset");
      throw SystemError(kDoing, path.string(), reason);
    }
    if (is_file_of(descriptor_, path)) return;
    ::close(std::exchange(descriptor_, -1));
  }
}

void WorkFolder::check_plan(const Json& plan) const {
  const fs::path path = folder_ / "plan.json";
  const std::string text = to_json_text(plan, 2) + "\n";
  if (!fs::exists(path)) return write_file_atomically(path, text);
  if (read_file(path, kDoing) != text)
    throw InputError(kDoing, folder_.string(),
                     "holds unfinished work with other passages, models or options; remove it to begin anew");
}

fs::path WorkFolder::file_of(std::int64_t batch) const {
  return folder_ / fmt::format("batch-{:08}.jsonl", batch);
}

bool WorkFolder::has(std::int64_t batch) const { return fs::exists(file_of(batch)); }

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
  if (!lines.next(line)) throw InputError(kDoing, file_of(batch).string(), "the file is empty");
  const Json head = parse_json(line, kDoing, lines.where());
  if (!head.contains("outcomes") || !head.contains("content_words"))
    throw InputError(kDoing, lines.where(), "expected the batch's outcomes and counts");
  finished.outcomes = Outcomes::from_json(head["outcomes"], lines.where());
  finished.word_counts = head["content_words"];
  while (lines.next(line)) finished.records.push_back(record_from_line(line, lines.where()));
  return finished;
}

void WorkFolder::remove() {
  std::error_code error;
  fs::remove_all(folder_, error);
  if (error) throw SystemError(kDoing, folder_.string(), error.message());
}

}  // namespace conceptune::concepts
