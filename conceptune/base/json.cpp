#include "conceptune/base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/foreign_format.h"

namespace conceptune {
namespace {

constexpr std::size_t kMaxDepth = 64;
// Far above any document that is read whole, below what would fill the memory.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 28;

/// Builds the document from nlohmann's parser and refuses what that would let pass. nlohmann's own builder
/// with a callback looks through the whole array at the end of each object in it, and through the whole
/// object at each key: time that grows with the square of their sizes.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view doing, std::string_view where) : doing_(doing), where_(where) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!open_.back().keys.insert(name).second)
      throw InputError(doing_, where_, fmt::format("malformed JSON: key {} twice", shown(name)));
    // Pushed, not looked up: that the key is new is known.
    auto& object = open_.back().value->get_ref<Json::object_t&>();
    object.emplace_back(std::move(name), nullptr);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    constexpr int kOutOfRange = 406;
    if (error.id == kOutOfRange)
      throw InputError(doing_, where_, "JSON with a number beyond the range of double");
    throw InputError(doing_, where_, fmt::format("malformed JSON at byte {}", position));
  }

 private:
  struct Open {
    Json* value;
    std::set<std::string> keys;
  };

  /// Where a value goes: the place of the last key, a new last element, or the root.
  Json& place() {
    if (open_.empty()) return root_;
    Json& parent = *open_.back().value;
    if (parent.is_array()) return parent.emplace_back();
    return parent.get_ref<Json::object_t&>().back().second;
  }
  template <class Value>
  bool add(Value&& value) {
    place() = Json(std::forward<Value>(value));
    return true;
  }
  bool open(Json empty) {
    if (open_.size() == kMaxDepth)
      throw InputError(doing_, where_, fmt::format("JSON nested deeper than {} levels", kMaxDepth));
    Json& value = place();
    value = std::move(empty);
    open_.push_back({&value, {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view doing_, where_;
  Json root_;
  std::vector<Open> open_;  // what is being filled, outermost first; none grows while an inner one is open
};

}  // namespace

Json parse_json(std::string_view text, std::string_view doing, std::string_view where) {
  Builder builder(doing, where);
  Json::sax_parse(text, &builder);
  return builder.take();
}

Json read_json_file(const std::filesystem::path& path, std::string_view doing) {
  std::error_code ignored;  // a file that cannot be asked is told of when it is read
  if (const auto bytes = std::filesystem::file_size(path, ignored); !ignored && bytes > kMaxFileBytes)
    throw InputError(doing, path.string(),
                     fmt::format("{} bytes, expected at most {}", bytes, kMaxFileBytes));
  const std::string text = read_file(path, doing);
  if (const auto foreign = foreign_format(text))
    throw InputError(doing, path.string(), fmt::format("{}, expected JSON", foreign->name));
  return parse_json(text, doing, path.string());
}

std::string to_json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string plain_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_json_text(value);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  const bool is_cut = text.size() > kMost;
  if (is_cut) {
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
    text = text.substr(0, end);
  }
  return to_json_text(Json(text)) + (is_cut ? "…" : "");
}

std::string shown(const std::vector<std::string>& texts) {
  constexpr std::size_t kMost = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(texts.size(), kMost); ++i) list += (i ? ", " : "") + shown(texts[i]);
  return texts.size() > kMost ? list + fmt::format(" and {} more", texts.size() - kMost) : list;
}

}  // namespace conceptune
