#include "conceptune/runtime/tokenizer/json_added_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/inputs.h"

namespace conceptune::tokenizer {
namespace {

using ::testing::HasSubstr;

// Added tokens with every option (make_added_tokens_golden.py).
TEST(JsonAddedTokens, GiveTheIdsAndOffsetsOfHuggingFace) {
  const Json golden =
      read_json_file(test::source("tests/reference/added_tokens.json"), "reading golden values");
  ASSERT_EQ(golden.size(), 10U);
  for (const Json& item : golden) {
    const Tokenizer tokenizer(definition_from_json_text(item.at("tokenizer").dump(), "tokenizer.json"));
    for (const Json& one : item.at("cases")) {
      const auto text = one.at("text").get<std::string>();
      const auto encoding = tokenizer.encode(text, one.at("special").get<bool>());
      Json offsets = Json::array();
      for (const auto& [begin, end] : encoding.offsets) offsets.push_back({begin, end});
      EXPECT_EQ(encoding.ids, one.at("ids").get<std::vector<TokenId>>()) << item.at("name") << ": " << text;
      EXPECT_EQ(offsets, one.at("offsets")) << item.at("name") << ": " << text;
    }
  }
}

class Entry : public ::testing::Test {
 protected:
  dom::element parse(const std::string& json) { return parser_.parse(json); }
  std::string refusal(const std::function<void()>& read) {
    try {
      read();
      return "accepted";
    } catch (const InputError& error) {
      return error.what();
    }
  }

  JsonValues values_{"reading tokenizer", "t.json"};
  dom::parser parser_;
};

TEST_F(Entry, IsReadWithItsOptions) {
  const AddedToken token = added_token_of(
      values_, parse(R"({"id": 3, "content": "<a>", "special": true, "normalized": true, "lstrip": true})"));
  EXPECT_EQ(token, (AddedToken{-1, "<a>", true, true, false, true, false}));
  // As tokenizers has it where nothing is said.
  EXPECT_TRUE(added_token_of(values_, parse(R"({"content": "<a>"})")).normalized);
  EXPECT_FALSE(added_token_of(values_, parse(R"({"content": "<a>", "special": true})")).normalized);
}

TEST_F(Entry, IsRefusedWithWhatIsNotKnown) {
  EXPECT_THAT(refusal([&] { added_token_of(values_, parse(R"({"content": "<a>", "lowered": true})")); }),
              HasSubstr("t.json: added token '<a>' has 'lowered', which is not supported"));
  EXPECT_THAT(refusal([&] { added_token_of(values_, parse(R"({"content": ""})")); }),
              HasSubstr("an added token has 0 bytes, expected 1 to 4096"));
}

TEST_F(Entry, MayNotBecomeAnotherOne) {
  const std::vector<AddedToken> tokens = {{1, "\u00e9", false, true}, {2, "e\u0301", false, true}};
  EXPECT_THAT(refusal([&] { added_tokens_of(values_, tokens, true); }),
              HasSubstr("two added tokens become '\u00e9' when they are normalized"));
  EXPECT_EQ(added_tokens_of(values_, tokens, false).tokens(), tokens);
}

}  // namespace
}  // namespace conceptune::tokenizer
