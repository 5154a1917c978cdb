#include "conceptune/servers/served_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/servers/reply_shape.h"

namespace conceptune::servers {
namespace {

std::string problem_of(const Json& listing, const std::string& model) {
  try {
    read_listing(listing, model, "http://here");
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(ServedModel, IsKnownByWhatTheServerCallsItself) {
  EXPECT_EQ(read_listing(reply_shape("vllm_models"), "", "here").kind, ServerKind::vllm);
  EXPECT_EQ(read_listing(reply_shape("sglang_models"), "", "here").kind, ServerKind::sglang);
  EXPECT_EQ(read_listing(reply_shape("other_models"), "big-chat", "here").kind, ServerKind::other);
  const auto model = read_listing(reply_shape("llama_cpp_models"), "tiny.gguf", "here");
  EXPECT_EQ(model.kind, ServerKind::llama_cpp);
  EXPECT_EQ(model.name, "tiny.gguf");
  EXPECT_EQ(model.identity["n_vocab"], 49152);
  EXPECT_FALSE(model.identity.contains("created"));
}

TEST(ServedModel, IsChosenByNameWhereThereAreSeveral) {
  EXPECT_THAT(problem_of(reply_shape("other_models"), ""),
              ::testing::HasSubstr("there is 'big-chat', 'small-chat'"));
  EXPECT_THAT(problem_of(reply_shape("vllm_models"), "large"),
              ::testing::HasSubstr("no model 'large'; there is 'tiny'"));
}

TEST(ServedModel, RefusesWhatIsNoListing) {
  for (const Json& listing : {Json(3), Json::object(), Json{{"data", "tiny"}}, Json{{"data", {{{"id", 5}}}}},
                              Json{{"data", {"tiny"}}}, Json{{"data", {{{"id", "a"}, {"owned_by", 5}}}}}})
    EXPECT_NE(problem_of(listing, ""), "") << listing;
  EXPECT_THAT(problem_of(Json{{"data", Json::array()}}, ""), ::testing::HasSubstr("there is none"));
}

}  // namespace
}  // namespace conceptune::servers
