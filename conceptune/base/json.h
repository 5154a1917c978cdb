// JSON, for small documents and single lines.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune {

/// Keys keep the order in which they were written: files stay readable and byte-equal between runs.
using Json = nlohmann::ordered_json;

/// Parses one JSON text. `doing` and `where` begin the message of the InputError thrown when it is malformed
/// or nested deeper than 64 levels.
Json parse_json(std::string_view text, std::string_view doing, std::string_view where);

/// Reads and parses a whole file.
Json read_json_file(const std::filesystem::path& path, std::string_view doing);

/// Compact text; bytes that are not UTF-8 become U+FFFD (nlohmann's dump would throw).
std::string to_json_text(const Json& value, int indent = -1);

/// A string as it is, any other value as to_json_text() gives it.
std::string plain_text(const Json& value);

/// A text of a file as a message shows it, whatever it is: on one line, in double quotes, cut after some
/// sixty bytes.
std::string shown(std::string_view text);
/// The same of several, at most twenty of them, separated by commas.
std::string shown(const std::vector<std::string>& texts);

}  // namespace conceptune
