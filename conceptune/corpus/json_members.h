// The members of a JSON object as they are written, whatever the size of numbers: for the records that
// simdjson's ranges refuse, and to say what is wrong with one.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace conceptune::corpus {

struct JsonMember {
  std::string_view key, value;  // in the text; strings with their quotes and escapes
};

struct JsonFault {
  std::size_t byte;  // from 0
  std::string_view problem;
};

/// Appends the members of the object that `text` is, or says where it is no object as Python's json reads
/// one: RFC 8259, and the numbers NaN, Infinity and -Infinity. `text` is valid UTF-8. More than 1,024 levels
/// of nesting are a fault.
std::optional<JsonFault> read_json_members(std::string_view text, std::vector<JsonMember>& members);

}  // namespace conceptune::corpus
