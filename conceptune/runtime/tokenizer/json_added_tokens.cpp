#include "conceptune/runtime/tokenizer/json_added_tokens.h"

#include <unordered_set>

#include "conceptune/runtime/tokenizer/nfc.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kKeys[] = {"id",     "content", "single_word", "lstrip",
                                      "rstrip", "special", "normalized"};

}  // namespace

AddedToken added_token_of(const JsonValues& values, dom::element entry) {
  const auto content = values.string(entry, "content");
  if (content.empty() || content.size() > AddedTokens::kMaxTokenBytes)
    values.fail(fmt::format("an added token has {} bytes, expected 1 to {}", content.size(),
                            AddedTokens::kMaxTokenBytes));
  values.check_keys(entry, kKeys, fmt::format("added token '{}'", content));
  AddedToken token = {-1, std::string(content)};
  token.special = values.flag(entry, "special", false);
  token.normalized =
      values.flag(entry, "normalized", !token.special);  // as tokenizers has it where nothing is said
  token.single_word = values.flag(entry, "single_word", false);
  token.lstrip = values.flag(entry, "lstrip", false);
  token.rstrip = values.flag(entry, "rstrip", false);
  return token;
}

AddedTokens added_tokens_of(const JsonValues& values, std::vector<AddedToken> tokens, bool normalize_nfc) {
  std::unordered_set<std::string> texts[2];  // of the two stages
  for (AddedToken& token : tokens) {
    if (token.normalized && normalize_nfc)
      if (auto normal = tokenizer::normalize_nfc(token.text)) token.text = std::move(normal->text);
    if (!texts[token.normalized ? 1 : 0].insert(token.text).second)
      values.fail(fmt::format("two added tokens become '{}' when they are normalized", token.text));
  }
  return {std::move(tokens), /*special_hides=*/true};
}

}  // namespace conceptune::tokenizer
