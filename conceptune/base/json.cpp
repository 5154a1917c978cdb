#include "conceptune/base/json.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

constexpr int kMaxDepth = 64;
// Far above any document that is read whole, below what would fill the memory.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 28;

/// Follows nlohmann's parser and refuses what it would let pass.
class Strictness {
 public:
  Strictness(std::string_view doing, std::string_view where) : doing_(doing), where_(where) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    if (depth > kMaxDepth)
      throw InputError(doing_, where_, fmt::format("JSON nested deeper than {} levels", kMaxDepth));
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.back().insert(value.get<std::string>()).second)
      throw InputError(doing_, where_, fmt::format("malformed JSON: key {} twice", to_json_text(value)));
    return true;
  }

 private:
  std::string_view doing_, where_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

Json parse_json(std::string_view text, std::string_view doing, std::string_view where) {
  try {
    return Json::parse(text, Strictness(doing, where));
  } catch (const nlohmann::json::parse_error& error) {
    throw InputError(doing, where, fmt::format("malformed JSON at byte {}", error.byte));
  } catch (const nlohmann::json::out_of_range&) {
    throw InputError(doing, where, "JSON with a number beyond the range of double");
  }
}

Json read_json_file(const std::filesystem::path& path, std::string_view doing) {
  std::error_code ignored;  // a file that cannot be asked is told of when it is read
  if (const auto bytes = std::filesystem::file_size(path, ignored); !ignored && bytes > kMaxFileBytes)
    throw InputError(doing, path.string(),
                     fmt::format("{} bytes, expected at most {}", bytes, kMaxFileBytes));
  return parse_json(read_file(path, doing), doing, path.string());
}

std::string to_json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conceptune
