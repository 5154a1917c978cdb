#include "conceptune/concepts/server_candidates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/error.h"
#include "tests/servers/stub_fixture.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

constexpr int kCount = 50;
constexpr int kVocabulary = 257;  // of the stub's tokens; without a common factor with its steps of 13

class ServerCandidatesTest : public servers::StubTest {
 protected:
  void SetUp() override {
    test::write_tiny_model(folder_.path());
    tokenizer_ = tokenizer::Tokenizer::load(folder_.path());
    for (const char* word : {" house", " dog"}) ASSERT_EQ(tokenizer_->encode_ids(word).size(), 1U);
    const auto& text = servers::tokenizer_probe_text();
    set_stub({{"tokens", {{text, tokenizer_->encode_ids(text)}}}, {"vocabulary", kVocabulary}});
  }

  ServerCandidates connect(const std::string& kind, const std::string& fault = "good") {
    const auto server = std::make_shared<servers::ModelServer>(options(kind, fault));
    return ServerCandidates(server, tokenizer_, {.count = kCount, .server = {}}, {});
  }

  /// " old house near the dog", with its words " house" and " dog", and " old", which nothing precedes.
  Draft draft() const {
    using words::PartOfSpeech;
    const std::string text = " old house near the dog";
    Draft draft;
    draft.record = {"p", text, tokenizer_->encode_ids(text), {}};
    draft.record.words = {{0, "old", PartOfSpeech::adj, {}},
                          {1, "house", PartOfSpeech::noun, {}},
                          {4, "dog", PartOfSpeech::noun, {}}};
    return draft;
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
};

TEST_F(ServerCandidatesTest, AreTheWordsAmongTheTokensBeforeTheWord) {
  for (const auto* kind : {"vllm", "llama_cpp", "sglang"}) {
    std::vector<Draft> drafts = {draft(), draft()};
    connect(kind).find(drafts, {});
    for (const auto& found : drafts) {
      ASSERT_EQ(found.candidates.size(), 3U);
      EXPECT_TRUE(found.candidates[0].empty());
      EXPECT_TRUE(found.candidate_failures.empty());
      for (std::size_t w = 1; w < 3; ++w) {
        std::int64_t sum = 0;
        for (std::uint32_t i = 0; i < found.record.words[w].position; ++i) sum += found.record.ids[i];
        Candidates expected;
        for (int n = 0; n < kCount; ++n) {
          const auto id = static_cast<std::int32_t>((7 * sum + 13 * n) % kVocabulary);
          const auto text = word_of_token(*tokenizer_, id);
          if (!text.empty()) expected.push_back({id, text, std::exp(-(n + 1) / 8.0)});
        }
        ASSERT_EQ(found.candidates[w].size(), expected.size()) << kind;
        for (std::size_t i = 0; i < expected.size(); ++i) {
          EXPECT_EQ(found.candidates[w][i].id, expected[i].id);
          EXPECT_EQ(found.candidates[w][i].probability, expected[i].probability);
        }
      }
    }
  }
}

TEST_F(ServerCandidatesTest, KeepTheReasonWhereThereAreNone) {
  auto broken = options("llama_cpp", "good");
  const auto server = std::make_shared<servers::ModelServer>(broken);
  const ServerCandidates candidates(server, tokenizer_, {.count = kCount, .server = {}}, {});
  // More tokens than the stub has: they come twice.
  set_stub({{"vocabulary", 5}});
  Draft found = draft();
  candidates.find({&found, 1}, {});
  EXPECT_EQ(found.candidate_failures.size(), 2U);
  EXPECT_NE(found.candidate_failures[1].find("twice"), std::string::npos);
  EXPECT_TRUE(found.candidates[1].empty());
}

TEST_F(ServerCandidatesTest, NeedTheSameTokenizer) {
  set_stub({{"tokens", Json::object()}});
  EXPECT_THROW(connect("vllm"), InputError);
  auto other = options("other", "good");
  other.model = "big-chat";
  const auto server = std::make_shared<servers::ModelServer>(other);
  EXPECT_THROW(ServerCandidates(server, tokenizer_, {}, {}), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
