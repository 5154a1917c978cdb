#include "conceptune/base/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

}  // namespace

LineReader::LineReader(const std::filesystem::path& path, std::string_view doing, std::size_t max_line_bytes)
    : LineReader(open_text_source(path, doing), path.string(), doing, max_line_bytes) {}

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::string name, std::string_view doing,
                       std::size_t max_line_bytes)
    : name_(std::move(name)),
      doing_(doing),
      max_line_bytes_(max_line_bytes),
      source_(std::move(source)),
      block_(kBlock, '\0') {}

bool LineReader::fill() {
  unread_ = std::string_view(block_).substr(0, source_->read(block_.data(), block_.size()));
  return !unread_.empty();
}

bool LineReader::next(std::string& line) {
  line.clear();
  while (!unread_.empty() || fill()) {
    const std::size_t end = std::min(unread_.find('\n'), unread_.size());
    if (line.size() + end > max_line_bytes_)
      throw InputError(doing_, fmt::format("{}, line {}", name_, line_number_ + 1),
                       fmt::format("longer than {} bytes, the most for a line here", max_line_bytes_));
    line.append(unread_, 0, end);
    const bool whole = end < unread_.size();
    unread_.remove_prefix(whole ? end + 1 : end);
    if (whole) {
      ++line_number_;
      return true;
    }
  }
  if (line.empty()) return false;
  ++line_number_;
  return true;
}

std::string LineReader::where() const { return fmt::format("{}, line {}", name_, line_number_); }

}  // namespace conceptune
