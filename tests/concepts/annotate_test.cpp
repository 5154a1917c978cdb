#include "conceptune/concepts/annotate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/fetch/http_request.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

/// Stops the work after some passages, as Ctrl-C would.
class StopAfter : public ProgressObserver {
 public:
  explicit StopAfter(std::int64_t passages) : passages_(passages) {}
  void begin(std::string_view, std::int64_t, std::string_view) override {}
  void update(std::int64_t done, std::string_view) override {
    if (done >= passages_) source_.request_stop();
  }
  void end() override {}
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::int64_t passages_;
  std::stop_source source_;
};

class AnnotateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_ = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    pipeline_ = test::input("en_core_web_sm");
    CONCEPTUNE_REQUIRE(model_);
    CONCEPTUNE_REQUIRE(pipeline_);
    CONCEPTUNE_REQUIRE(options_.wordnet.folder / "data.noun");
    options_.batch_passages = 2;
    options_.source = SourceKind::wordnet;
    options_.wordnet.use_candidates = false;
    for (const char* text : {"The firemen fought a huge fire in the old house.",
                             "She bought a red car from her neighbour yesterday.",
                             "A storm damaged several buildings near the coast.",
                             "The government announced a new plan for schools.",
                             "He walked quickly along the river to the market."})
      passages_.push_back(corpus::make_passage(text));
  }

  AnnotationModels models() const {
    return load_annotation_models(generation::LanguageModel(model_), pipeline_, options_);
  }

  fs::path model_, pipeline_;
  AnnotateOptions options_;
  std::vector<corpus::Passage> passages_;
  TemporaryFolder folder_;
};

std::string bytes_of(const fs::path& dataset) {
  return read_file(dataset / "dataset.json", "test") + read_file(dataset / "records.jsonl.zst", "test");
}

TEST_F(AnnotateTest, FindsConceptsInContext) {
  options_.wordnet.use_candidates = true;
  const auto statistics = annotate(passages_, options_, models(), folder_.path() / "d");
  EXPECT_EQ(statistics.passages, 5);
  const auto records = read_records(folder_.path() / "d");
  const DatasetReader reader(folder_.path() / "d");
  EXPECT_EQ(reader.card().source, "wordnet");
  EXPECT_EQ(reader.card_json()["outcomes"]["source"]["asked"], statistics.words);
  EXPECT_EQ(reader.card_json()["outcomes"]["content_words"]["tokens"], statistics.tokens);
  EXPECT_GT(statistics.words_with_synonyms, 5);
  const auto& words = records[1].words;
  const auto car = std::find_if(words.begin(), words.end(), [](const auto& w) { return w.word == "car"; });
  ASSERT_NE(car, words.end());
  EXPECT_TRUE(std::any_of(car->synonyms.begin(), car->synonyms.end(), [](const auto& s) {
    return s.text == "wagon" || s.text == "van" || s.text == "cab";
  }));
  for (const auto& synonym : car->synonyms) EXPECT_EQ(synonym.ids.size(), 1U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(AnnotateTest, StoppedAndStartedAgainGivesTheSameBytes) {
  const auto loaded = models();
  annotate(passages_, options_, loaded, folder_.path() / "whole");
  StopAfter observer(3);
  EXPECT_THROW(annotate(passages_, options_, loaded, folder_.path() / "again", &observer, observer.token()),
               Interrupted);
  EXPECT_FALSE(fs::exists(folder_.path() / "again"));
  EXPECT_TRUE(fs::exists(folder_.path() / ".again.work/batch-00000001.jsonl"));
  annotate(passages_, options_, loaded, folder_.path() / "again");
  EXPECT_EQ(bytes_of(folder_.path() / "again"), bytes_of(folder_.path() / "whole"));
}

TEST_F(AnnotateTest, PartsInAnyOrderGiveTheBytesOfTheWhole) {
  const auto loaded = models();
  annotate(passages_, options_, loaded, folder_.path() / "whole");
  const auto parted = folder_.path() / "parted";
  // Of five passages in batches of two: three parts, and one without a batch.
  for (const std::int64_t index : {2, 0, 3}) {
    EXPECT_EQ(has_part(passages_.size(), options_, parted, {index, 4}), index == 0) << index;
    annotate_part(passages_, options_, loaded, parted, {index, 4});
    EXPECT_TRUE(has_part(passages_.size(), options_, parted, {index, 4}));
  }
  EXPECT_FALSE(has_part(passages_.size(), options_, parted, {1, 4}));
  EXPECT_FALSE(fs::exists(parted));
  annotate(passages_, options_, loaded, parted);  // makes what is missing
  EXPECT_EQ(bytes_of(parted), bytes_of(folder_.path() / "whole"));
  EXPECT_FALSE(fs::exists(folder_.path() / ".parted.work"));
}

TEST_F(AnnotateTest, UnfinishedWorkOfOtherOptionsIsRefused) {
  StopAfter observer(1);
  EXPECT_THROW(annotate(passages_, options_, models(), folder_.path() / "d", &observer, observer.token()),
               Interrupted);
  options_.max_synonyms = 3;
  EXPECT_THROW(annotate(passages_, options_, models(), folder_.path() / "d"), InputError);
}

TEST_F(AnnotateTest, TheNumberTypeIsTheModelsAndInTheCard) {
  options_.wordnet.use_candidates = true;
  options_.type = model::DataType::bfloat16;
  const auto loaded = models();
  EXPECT_EQ(loaded.model.options().type, model::DataType::bfloat16);
  StopAfter observer(1);
  EXPECT_THROW(annotate(passages_, options_, loaded, folder_.path() / "d", &observer, observer.token()),
               Interrupted);
  options_.type = model::DataType::float32;
  EXPECT_THROW(annotate(passages_, options_, models(), folder_.path() / "d"), InputError);
  options_.type = model::DataType::bfloat16;
  annotate(passages_, options_, loaded, folder_.path() / "d");
  EXPECT_EQ(DatasetReader(folder_.path() / "d").card().made_from["options"]["type"], "bfloat16");
}

TEST_F(AnnotateTest, ShardsTakeAllBatchesBetweenThem) {
  const auto loaded = models();
  std::vector<ConceptRecord> joined;
  for (std::int64_t i = 0; i < 2; ++i) {
    const fs::path part = folder_.path() / std::to_string(i);
    annotate(passages_, options_, loaded, part, nullptr, {}, {i, 2});
    for (auto& record : read_records(part)) joined.push_back(std::move(record));
  }
  annotate(passages_, options_, loaded, folder_.path() / "whole");
  EXPECT_EQ(joined, read_records(folder_.path() / "whole"));
  EXPECT_THROW(annotate(passages_, options_, loaded, folder_.path() / "no", nullptr, {}, {2, 2}), InputError);
}

/// Candidates and answers from the stub, so that no model runs here.
class AnnotateByServerTest : public AnnotateTest {
 protected:
  static void SetUpTestSuite() { stub_ = std::make_unique<test::TestServer>("tests/servers/stub.py"); }
  static void TearDownTestSuite() { stub_.reset(); }

  void SetUp() override {
    AnnotateTest::SetUp();
    if (IsSkipped()) return;
    const auto tokenizer = tokenizer::Tokenizer::load(model_);
    const auto& text = servers::tokenizer_probe_text();
    const Json settings = {{"tokens", {{text, tokenizer->encode_ids(text)}}}};
    const std::string json = to_json_text(settings);
    fetch::TextSink sink(100);
    ASSERT_EQ(fetch::http_request(stub_->address() + "/set", {}, sink, &json).problem, "");
    options_.source = SourceKind::prompt;
    options_.candidates.server = server("vllm", "good");
    options_.prompt.server = server("sglang", "good");
  }
  servers::ServerOptions server(const std::string& kind, const std::string& fault) const {
    servers::ServerOptions options;
    options.url = stub_->address() + "/" + kind + "/" + fault;
    options.replies = folder_.path() / "replies.sqlite";
    options.attempts = 1;
    return options;
  }

  inline static std::unique_ptr<test::TestServer> stub_;
};

TEST_F(AnnotateByServerTest, NeedsNoModelHere) {
  EXPECT_FALSE(needs_model(options_));
  const auto statistics = annotate(passages_, options_, models(), folder_.path() / "d");
  EXPECT_GT(statistics.words_with_synonyms, 5);
  EXPECT_EQ(statistics.words_with_synonyms, statistics.words);
  const DatasetReader reader(folder_.path() / "d");
  const Json& made_from = reader.card().made_from;
  EXPECT_EQ(made_from["candidate_server"]["kind"], "vLLM");
  EXPECT_EQ(made_from["prompt_server"]["kind"], "SGLang");
  EXPECT_FALSE(made_from.contains("model"));
  EXPECT_FALSE(made_from.contains("model"));
  EXPECT_FALSE(made_from["options"]["prompt"].contains("server"));
}

TEST_F(AnnotateByServerTest, GoesOnElsewhereWithTheSameBytes) {
  annotate(passages_, options_, models(), folder_.path() / "whole");
  options_.candidates.server.replies = options_.prompt.server.replies = folder_.path() / "others.sqlite";
  StopAfter observer(3);
  EXPECT_THROW(annotate(passages_, options_, models(), folder_.path() / "again", &observer, observer.token()),
               Interrupted);
  // The server has moved: "slow" serves the same models as "good".
  options_.prompt.server.url = server("sglang", "slow").url;
  options_.prompt.server.concurrency = 2;
  annotate(passages_, options_, models(), folder_.path() / "again");
  EXPECT_EQ(bytes_of(folder_.path() / "again"), bytes_of(folder_.path() / "whole"));
}

TEST_F(AnnotateByServerTest, TheCardSaysWhyWordsWereRefused) {
  passages_[1] = corpus::make_passage("She thought that he would refuse an old house and a red car.");
  options_.prompt.server = server("sglang", "picky");
  std::string warnings;
  const auto before = set_message_sink([&](Severity severity, std::string_view message) {
    if (severity == Severity::warning) warnings += message;
  });
  annotate(passages_, options_, models(), folder_.path() / "d");
  set_message_sink(before);
  EXPECT_THAT(warnings, testing::HasSubstr("have no answer"));
  EXPECT_THAT(warnings, testing::HasSubstr("HTTP 400: I will not"));
  const DatasetReader reader(folder_.path() / "d");
  const Json& outcomes = reader.card().outcomes["source"];
  EXPECT_EQ(outcomes["failures"].size(), 1U);
  EXPECT_EQ(outcomes["failures"]["HTTP 400: I will not"], outcomes["refused"]);
  EXPECT_GT(outcomes["refused"], 2);
  EXPECT_GT(outcomes["answered"], 5);
}

TEST_F(AnnotateByServerTest, NoReplyAtAllMakesNoDataset) {
  passages_ = {corpus::make_passage("They would refuse an old house and a red car.")};
  options_.prompt.server = server("sglang", "picky");
  try {
    annotate(passages_, options_, models(), folder_.path() / "d");
    FAIL() << "all words are lost";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("no dataset is made"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "d"));
  options_.prompt.server = server("sglang", "good");
  EXPECT_GT(annotate(passages_, options_, models(), folder_.path() / "d").words_with_synonyms, 0);
}

TEST_F(AnnotateTest, RefusesNoPassages) {
  EXPECT_THROW(annotate({}, options_, models(), folder_.path() / "d"), InputError);
}

}  // namespace
}  // namespace conceptune::concepts
