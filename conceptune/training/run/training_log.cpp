#include "conceptune/training/run/training_log.h"

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/training/run/log_formats.h"

namespace conceptune::training {

TrainingLog::TrainingLog(const std::filesystem::path& path, std::int64_t bytes, const LogOptions& options)
    : lines_(path, bytes) {
  const auto beside = [&](const char* name) { return path.parent_path() / name; };
  if (options.csv) csv_.emplace(beside("log.csv"), 0).add(csv_header());
  if (options.tensorboard)
    events_.emplace(beside("events.out.tfevents.0.conceptune"), 0).add(event_file_header());
  for (const Json& line : read_training_log(path)) add_to_others(line);
}

void TrainingLog::add(const Json& line) {
  lines_.add(to_json_text(line) + "\n");
  add_to_others(line);
}

void TrainingLog::add_to_others(const Json& line) {
  if (csv_) csv_->add(csv_row(line));
  if (events_) events_->add(event_record(line));
}

void TrainingLog::sync() {
  lines_.sync();
  if (csv_) csv_->sync();
  if (events_) events_->sync();
}

std::vector<Json> read_training_log(const std::filesystem::path& path) {
  constexpr std::string_view kDoing = "reading training log";
  LineReader reader(path, kDoing);
  std::vector<Json> lines;
  for (std::string line; reader.next(line);) {
    lines.push_back(parse_json(line, kDoing, reader.where()));
    if (!lines.back().is_object()) throw InputError(kDoing, reader.where(), "is not a JSON object");
  }
  return lines;
}

}  // namespace conceptune::training
