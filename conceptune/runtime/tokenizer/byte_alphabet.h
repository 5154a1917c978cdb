// GPT-2's byte alphabet: vocabulary files write every byte as one printable character (Radford et al. 2019,
// bytes_to_unicode), e.g. the space as U+0120.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conceptune::tokenizer {

/// The bytes that `written` (valid UTF-8) stands for, or nothing when it has a character outside the
/// alphabet.
std::optional<std::string> bytes_of_written(std::string_view written);

/// How the alphabet writes `bytes`.
std::string written_form(std::string_view bytes);

}  // namespace conceptune::tokenizer
