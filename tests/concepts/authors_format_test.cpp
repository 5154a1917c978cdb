#include "conceptune/concepts/authors_format.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using test::TemporaryFolder;

class AuthorsFormatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(path);
    tokenizer_ = tokenizer::Tokenizer::load(path);
  }
  std::string message(const std::string& content) {
    try {
      import_authors_format(folder_.write("bad.jsonl", content), *tokenizer_, folder_.path() / "bad");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  TemporaryFolder folder_;
};

// As the authors' scripts write it (shared field names in their README).
constexpr const char* kLine =
    R"({"input_sequence": "She bought a red car.", "content_word_responses": [)"
    R"({"word": "bought", "position": 1, "synonyms": ["purchased", "got", "got", "bought"], "scores": [0.9, 0.8, 0.8, 0.7]},)"
    R"({"word": "car", "position": 3, "synonyms": ["vehicle"], "scores": [0.9]},)"
    R"({"word": "car", "position": 4, "synonyms": ["motor vehicle"]}]})";

TEST_F(AuthorsFormatTest, ImportsWhatIsInPlace) {
  import_authors_format(folder_.write("in.jsonl", std::string(kLine) + "\n"), *tokenizer_,
                        folder_.path() / "d");
  const auto records = read_records(folder_.path() / "d");
  ASSERT_EQ(records.size(), 1U);
  ASSERT_EQ(records[0].words.size(), 2U);
  EXPECT_EQ(records[0].words[0].synonyms,
            (std::vector<Synonym>{{tokenizer_->encode_ids(" purchased"), "purchased", 0.9},
                                  {tokenizer_->encode_ids(" got"), "got", 0.8}}));
  EXPECT_EQ(records[0].words[1].position, 4U);
  EXPECT_EQ(records[0].words[1].span, (tokenizer::Span{17, 20}));
  EXPECT_EQ(records[0].words[1].synonyms[0].score, 1.0);
  EXPECT_GT(records[0].words[1].synonyms[0].ids.size(), 1U);
  const DatasetReader reader(folder_.path() / "d");
  EXPECT_EQ(reader.card().outcomes["source"]["invalid"], 1);
}

TEST_F(AuthorsFormatTest, ExportsWhatItCanReadAgain) {
  import_authors_format(folder_.write("in.jsonl", std::string(kLine) + "\n"), *tokenizer_,
                        folder_.path() / "d");
  export_authors_format(folder_.path() / "d", folder_.path() / "out.jsonl");
  const Json line = parse_json(read_file(folder_.path() / "out.jsonl", "test"), "test", "line");
  EXPECT_EQ(line["content_words"], (Json{"bought", "car"}));
  EXPECT_EQ(line["content_words_indices"], (Json{1, 4}));
  EXPECT_EQ(line["input_ids"], tokenizer_->encode_ids("She bought a red car."));
  import_authors_format(folder_.path() / "out.jsonl", *tokenizer_, folder_.path() / "again");
  EXPECT_EQ(read_records(folder_.path() / "again"), read_records(folder_.path() / "d"));
}

TEST_F(AuthorsFormatTest, NamesTheLineAtFault) {
  EXPECT_NE(message("").find("no lines"), std::string::npos);
  EXPECT_NE(message(std::string(kLine) + "\n{}\n").find("line 2"), std::string::npos);
  EXPECT_NE(message("{\"input_sequence\": 3}\n").find("line 1"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "bad"));
}

}  // namespace
}  // namespace conceptune::concepts
