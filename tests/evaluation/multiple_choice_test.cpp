#include "conceptune/evaluation/multiple_choice.h"

#include <gmock/gmock.h>

#include <cmath>

#include "conceptune/evaluation/evaluate.h"
#include "tests/evaluation/small_model.h"
#include "tests/support/doubles.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

constexpr std::pair<ChoiceTask, const char*> kGoldenFiles[] = {{ChoiceTask::arc_easy, "arc.jsonl"},
                                                               {ChoiceTask::arc_challenge, "arc.jsonl"},
                                                               {ChoiceTask::openbookqa, "openbookqa.jsonl"},
                                                               {ChoiceTask::hellaswag, "hellaswag.jsonl"},
                                                               {ChoiceTask::piqa, "piqa.jsonl"},
                                                               {ChoiceTask::winogrande, "winogrande.jsonl"}};

std::vector<ChoiceQuestion> golden_questions(ChoiceTask task, const char* file) {
  return read_choice_task(task, test::source("tests/reference/choices") / file);
}

TEST(MultipleChoice, PiqasLabelsBelongToItsHash) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("p.jsonl", R"({"goal": "g", "sol1": "a", "sol2": "b"})");
  folder.write("p-labels.lst", "0\n");
  const std::string before = load_choice_set(ChoiceTask::piqa, path).hash;
  folder.write("p-labels.lst", "1\n");
  EXPECT_NE(load_choice_set(ChoiceTask::piqa, path).hash, before);
  EXPECT_EQ(choice_task_files(ChoiceTask::hellaswag, path), (std::vector{path}));
}

TEST(MultipleChoice, SumsTheContinuationsTokens) {
  const auto decoder = test::byte_decoder();
  const auto tokenizer = test::byte_tokenizer(7);
  const ChoiceQuestion question{
      .id = "q", .contexts = {"ab ", "ab"}, .continuations = {"cd", " cd"}, .characters = {2, 2}};
  const auto scores = score_choices(decoder, nullptr, tokenizer, {question}, 100, nullptr, {});
  model::PackedBatch batch;
  batch.append(std::vector<std::int32_t>{7, 'a', 'b', ' ', 'c', 'd'});
  const auto log_p = test::double_log_softmax(decoder.project(decoder.forward(batch)));
  const double expected = log_p.row(2)[' '] + log_p.row(3)['c'] + log_p.row(4)['d'];
  EXPECT_NEAR(scores[0].log_likelihoods[0], expected, 1e-5);
  // A blank at the context's end belongs to the continuation.
  EXPECT_NEAR(scores[0].log_likelihoods[1], expected, 1e-5);
}

TEST(MultipleChoice, CutsTheFrontOfLongContexts) {
  const auto decoder = test::byte_decoder();
  const auto tokenizer = test::byte_tokenizer();
  const std::string tail(39, 'b');
  const ChoiceQuestion question{.id = "q",
                                .contexts = {std::string(50, 'a') + tail, "a" + tail},
                                .continuations = {"c", "c"},
                                .characters = {1, 1}};
  const auto scores = score_choices(decoder, nullptr, tokenizer, {question}, 1, nullptr, {});
  EXPECT_NEAR(scores[0].log_likelihoods[0], scores[0].log_likelihoods[1], 1e-5);
}

TEST(MultipleChoice, CountsRightAnswers) {
  const ChoiceQuestion question{
      .id = "q", .contexts = {"c", "c"}, .continuations = {" a", " bbbb"}, .characters = {1, 4}, .answer = 1};
  // The first choice is likelier, the second likelier a character; on equal values the first wins.
  const SubjectChoices subject{"base", {{"q", {-2, -4}}, {"q", {-3, -3}}}};
  const auto measured = measure(choice_table(ChoiceTask::piqa, {question, question}, {subject}), {});
  ASSERT_EQ(measured.size(), 2U);
  EXPECT_EQ(measured[0].benchmark, "piqa");
  EXPECT_EQ(*measured[0].value.value, 0);
  EXPECT_EQ(measured[1].metric, "acc_norm");
  EXPECT_EQ(*measured[1].value.value, 1);
  EXPECT_EQ(
      measure(choice_table(ChoiceTask::winogrande, {question}, {{"base", {{"q", {-2, -1}}}}}), {}).size(),
      1U);
}

TEST(MultipleChoice, AgreesWithTheHarness) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const Json golden = read_json_file(test::source("tests/reference/choices.json"), "test");
  const auto tokenizer = tokenizer::Tokenizer::load(path);
  const model::Decoder decoder(weights::WeightStore::open(path));
  // Sums of some ten float32 log-probabilities.
  constexpr double kTolerance = 2e-3;
  for (const auto& [task, file] : kGoldenFiles) {
    const auto questions = golden_questions(task, file);
    const auto scores = score_choices(decoder, nullptr, *tokenizer, questions, 512, nullptr, {});
    const Json& expected = golden[std::string(name_of(task))];
    ASSERT_EQ(expected["log_likelihoods"].size(), questions.size());
    for (std::size_t q = 0; q < questions.size(); ++q)
      for (std::size_t i = 0; i < scores[q].log_likelihoods.size(); ++i)
        EXPECT_NEAR(scores[q].log_likelihoods[i], expected["log_likelihoods"][q][i].get<double>(), kTolerance)
            << file << " question " << q << " choice " << i;
    // As many metrics as the harness has: WinoGrande has no acc_norm.
    const auto measured = measure(choice_table(task, questions, {{"base", scores}}), {});
    EXPECT_EQ(measured.size(), expected.size() - 1);
    for (const auto& m : measured)
      EXPECT_DOUBLE_EQ(*m.value.value, expected[m.metric].get<double>()) << file << " " << m.metric;
  }
}

}  // namespace
}  // namespace conceptune::evaluation
