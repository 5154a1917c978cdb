#include "conceptune/base/json.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {
namespace {

constexpr int kMaxDepth = 64;

}  // namespace

Json parse_json(std::string_view text, std::string_view doing, std::string_view where) {
  const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth)
      throw InputError(doing, where, fmt::format("JSON nested deeper than {} levels", kMaxDepth));
    return true;
  };
  try {
    return Json::parse(text, limit_depth);
  } catch (const nlohmann::json::parse_error& error) {
    throw InputError(doing, where, fmt::format("malformed JSON at byte {}", error.byte));
  } catch (const nlohmann::json::out_of_range&) {
    throw InputError(doing, where, "JSON with a number beyond the range of double");
  }
}

Json read_json_file(const std::filesystem::path& path, std::string_view doing) {
  return parse_json(read_file(path, doing), doing, path.string());
}

std::string to_json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conceptune
