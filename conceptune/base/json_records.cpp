#include "conceptune/base/json_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr std::string_view kSpaces = " \t\r\n";

bool is_space(char c) { return kSpaces.find(c) != std::string_view::npos; }

/// Characters that change where the reader of an array is, by their byte.
using Special = std::array<bool, 256>;
constexpr Special special(std::string_view characters) {
  Special table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr Special kSpecialInString = special("\"\\\n");
constexpr Special kSpecialOutside = special("\"[]{},\n");

}  // namespace

/// Cuts an array into its elements: their ends are told by the nesting of brackets outside strings.
class JsonRecords::Array {
 public:
  Array(std::unique_ptr<ByteSource> source, std::string file, std::string_view doing, std::size_t max_bytes)
      : source_(std::move(source)),
        file_(std::move(file)),
        doing_(doing),
        max_bytes_(max_bytes),
        block_(kBlock, '\0') {
    pass_spaces();
    take();  // the bracket
  }

  bool next(std::string& text) {
    text.clear();
    if (ended_) return false;
    pass_spaces();
    line_of_element_ = line_;
    const bool is_first = number_++ == 0;
    while (!at_end_of_element()) take_into(text);
    while (!text.empty() && is_space(text.back())) text.pop_back();
    const bool is_last = take() == ']';
    if (text.empty() && !(is_first && is_last)) refuse("empty, expected an object");
    if (is_last) check_end();
    return !text.empty();
  }

  std::string name() const { return fmt::format("element {}", number_); }
  std::string where() const {
    return fmt::format("{}, element {} (line {})", file_, number_, line_of_element_);
  }
  std::int64_t number() const { return number_; }

 private:
  /// False at the end of the file.
  bool peek() {
    if (unread_.empty())
      unread_ = std::string_view(block_).substr(0, source_->read(block_.data(), block_.size()));
    return !unread_.empty();
  }
  char take() {
    const char c = unread_.front();
    unread_.remove_prefix(1);
    line_ += c == '\n';
    return c;
  }
  void pass_spaces() {
    while (peek() && is_space(unread_.front())) take();
  }
  bool at_end_of_element() {
    if (!peek()) refuse("the array ends too early");
    return depth_ == 0 && !in_string_ && (unread_.front() == ',' || unread_.front() == ']');
  }

  /// A run of ordinary characters, or one that changes the state.
  void take_into(std::string& text) {
    const Special& special = in_string_ ? kSpecialInString : kSpecialOutside;
    const auto* end =
        escaped_ ? unread_.begin()
                 : std::find_if(unread_.begin(), unread_.end(), [&](unsigned char c) { return special[c]; });
    const auto run = static_cast<std::size_t>(end - unread_.begin());
    if (text.size() + run >= max_bytes_)
      refuse(fmt::format("longer than {} bytes, the most for an element here", max_bytes_));
    text.append(unread_, 0, run);
    unread_.remove_prefix(run);
    if (run > 0 || unread_.empty()) return;
    const char c = take();
    text += c;
    if (escaped_) {
      escaped_ = false;
    } else if (in_string_) {
      escaped_ = c == '\\';
      in_string_ = c != '"';
    } else {
      in_string_ = c == '"';
      depth_ += c == '[' || c == '{';
      depth_ -= c == ']' || c == '}';
      if (depth_ < 0) refuse("a bracket too many");
    }
  }

  void check_end() {
    ended_ = true;
    pass_spaces();
    if (peek())
      throw InputError(doing_, fmt::format("{}, line {}", file_, line_), "extra data behind the array");
  }
  [[noreturn]] void refuse(std::string_view problem) const { throw InputError(doing_, where(), problem); }

  std::unique_ptr<ByteSource> source_;
  std::string file_, doing_;
  std::size_t max_bytes_;
  std::string block_;
  std::string_view unread_;  // of block_
  std::int64_t number_ = 0, line_ = 1, line_of_element_ = 1;
  int depth_ = 0;  // below the array
  bool in_string_ = false, escaped_ = false, ended_ = false;
};

JsonRecords::JsonRecords(const std::filesystem::path& path, std::string_view doing,
                         std::size_t max_record_bytes)
    : JsonRecords(open_text_source(path, doing), path.string(), doing, max_record_bytes) {}

JsonRecords::JsonRecords(std::unique_ptr<ByteSource> text, const std::string& name, std::string_view doing,
                         std::size_t max_record_bytes) {
  constexpr std::size_t kLeadingSpaces = 4096;  // more of them than that begin no array
  auto peeked = std::make_unique<PeekedSource>(std::move(text), kLeadingSpaces);
  const std::size_t begin = peeked->first().find_first_not_of(kSpaces);
  if (begin != std::string_view::npos && peeked->first()[begin] == '[')
    array_ = std::make_unique<Array>(std::move(peeked), name, doing, max_record_bytes);
  else
    lines_.emplace(std::move(peeked), name, doing, max_record_bytes);
}

JsonRecords::~JsonRecords() = default;

bool JsonRecords::next(std::string& text) {
  if (array_) return array_->next(text);
  do
    if (!lines_->next(text)) return false;
  while (text.find_first_not_of(kSpaces) == std::string::npos);
  return true;
}

std::string JsonRecords::name() const {
  return array_ ? array_->name() : fmt::format("line {}", lines_->line_number());
}
std::string JsonRecords::where() const { return array_ ? array_->where() : lines_->where(); }
std::int64_t JsonRecords::number() const { return array_ ? array_->number() : lines_->line_number(); }

}  // namespace conceptune
