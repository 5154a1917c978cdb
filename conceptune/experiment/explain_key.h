// A key of a configuration, explained to whoever asks for it.
#pragma once

#include <string>
#include <string_view>

namespace conceptune::experiment {

/// What a key is, in lines for people: of a field ("training.epochs") its default, meaning, and what is
/// expected and decided; of a section ("training.lora") its fields; of a last name ("learning_rate") all
/// fields of that name. Keys of
/// [[corpora]] and [[questions]] begin with these. Throws InputError with the nearest key for another text.
std::string explain_key(std::string_view key);

}  // namespace conceptune::experiment
