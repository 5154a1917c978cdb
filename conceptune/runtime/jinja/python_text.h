// Methods of Python's str on valid UTF-8: searching, cutting, replacing. All count their work in the budget.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

using TextParts = std::pmr::vector<std::string_view>;

/// Byte at which `sought` begins, from byte `from` on, or std::string_view::npos.
std::size_t find_text(Budget& budget, std::string_view text, std::string_view sought, std::size_t from = 0);

/// Without the characters of `characters` (by default: white space) at either or both ends.
enum class Ends { both, left, right };
std::string_view stripped(Budget& budget, std::string_view text, Ends ends,
                          std::optional<std::string_view> characters = std::nullopt);

/// str.split(separator, most) and str.rsplit(): at most `most` cuts, from the left or the right; any number
/// when it is negative. The separator is not empty.
TextParts split(Budget& budget, std::string_view text, std::string_view separator, std::int64_t most = -1);
TextParts split_from_right(Budget& budget, std::string_view text, std::string_view separator,
                           std::int64_t most);

/// str.split(None, most): the words between white space.
TextParts split_at_spaces(Budget& budget, std::string_view text, std::int64_t most = -1);

/// str.splitlines(): the lines, which end as Python's do, with or without their ends.
TextParts split_lines(Budget& budget, std::string_view text, bool with_ends = false);

/// str.replace(): at most `most` times, any number when it is negative.
Text replaced(Budget& budget, std::string_view text, std::string_view from, std::string_view to,
              std::int64_t most);

/// str.count().
std::int64_t count_of(Budget& budget, std::string_view text, std::string_view sought);

/// Byte at which each character begins, and the text's size.
std::pmr::vector<std::uint32_t> character_starts(Budget& budget, std::string_view text);

/// len().
std::int64_t length_of(Budget& budget, std::string_view text);

}  // namespace conceptune::jinja
