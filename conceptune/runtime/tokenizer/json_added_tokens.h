// The "added_tokens" of a tokenizer.json.
#pragma once

#include <vector>

#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/json_values.h"

namespace conceptune::tokenizer {

/// One entry but its id. Throws InputError for a content that is empty or longer than
/// AddedTokens::kMaxTokenBytes, and for keys that are not known.
AddedToken added_token_of(const JsonValues& values, dom::element entry);

/// What the text is searched for, the content of normalized tokens in NFC where that is the normalizer.
/// Throws InputError when two tokens then have the same content.
AddedTokens added_tokens_of(const JsonValues& values, std::vector<AddedToken> tokens, bool normalize_nfc);

}  // namespace conceptune::tokenizer
