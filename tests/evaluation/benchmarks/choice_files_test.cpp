#include "conceptune/evaluation/benchmarks/choice_files.h"

#include <gmock/gmock.h>

#include "tests/support/inputs.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

std::vector<ChoiceQuestion> golden_questions(ChoiceTask task, const char* file) {
  return read_choice_task(task, test::source("tests/reference/choices") / file);
}

std::vector<ChoiceQuestion> questions_of(ChoiceTask task, std::string_view content) {
  const test::TemporaryFolder folder;
  return read_choice_task(task, folder.write("task.jsonl", content));
}

std::string problem(ChoiceTask task, std::string_view content,
                    std::optional<std::string_view> labels = std::nullopt) {
  const test::TemporaryFolder folder;
  if (labels) folder.write("task-labels.lst", *labels);
  return test::refusal_of([&] { read_choice_task(task, folder.write("task.jsonl", content)); });
}

TEST(ChoiceFiles, BuildsTheHarnessPrompts) {
  const auto arc = golden_questions(ChoiceTask::arc_challenge, "arc.jsonl");
  EXPECT_EQ(arc[0].contexts[0], "Question: Which of these gives light by itself?\nAnswer:");
  EXPECT_EQ(arc[0].continuations[2], " the sun");
  EXPECT_EQ(arc[0].answer, 2U);
  EXPECT_EQ(arc[1].characters[0], 4);
  const auto swag = golden_questions(ChoiceTask::hellaswag, "hellaswag.jsonl");
  EXPECT_EQ(swag[0].contexts[0], "Baking bread: A baker kneads dough on a table. The baker");
  EXPECT_EQ(swag[0].continuations[1], " throws the table at a cloud.");
  EXPECT_EQ(swag[1].contexts[0], "Health: How to sleep well. Keep the room dark.");
  const auto wino = golden_questions(ChoiceTask::winogrande, "winogrande.jsonl");
  EXPECT_EQ(wino[0].contexts[1], "The cup did not fit into the bag because the bag");
  EXPECT_EQ(wino[0].continuations[0], " was too small.");
  EXPECT_EQ(golden_questions(ChoiceTask::piqa, "piqa.jsonl")[1].answer, 1U);
}

TEST(ChoiceFiles, RefusesBadFiles) {
  EXPECT_THAT(problem(ChoiceTask::hellaswag, "\n"), testing::HasSubstr("no questions"));
  EXPECT_THAT(problem(ChoiceTask::hellaswag, "{}\n"), testing::HasSubstr("line 1"));
  EXPECT_THAT(
      problem(ChoiceTask::openbookqa,
              R"({"question": {"stem": "s", "choices": [{"text": "t", "label": "A"}]}, "answerKey": "B"})"),
      testing::HasSubstr("the answer \"B\" is no choice"));
  EXPECT_THAT(
      problem(ChoiceTask::openbookqa,
              R"({"question": {"stem": "s", "choices": [{"text": "", "label": "A"}]}, "answerKey": "A"})"),
      testing::HasSubstr("a text is empty"));
  EXPECT_THAT(problem(ChoiceTask::winogrande,
                      R"({"sentence": "a b", "option1": "c", "option2": "d", "answer": "1"})"),
              testing::HasSubstr("no gap"));
  EXPECT_THAT(problem(ChoiceTask::piqa, R"({"goal": "g", "sol1": "a", "sol2": "b"})"),
              testing::HasSubstr("task-labels.lst"));
  const auto labelled = [](std::string_view labels) {
    return problem(ChoiceTask::piqa, R"({"goal": "g", "sol1": "a", "sol2": "b"})", labels);
  };
  EXPECT_THAT(labelled(""), testing::HasSubstr("fewer labels than questions"));
  EXPECT_THAT(labelled("0\n1\n"), testing::HasSubstr("task-labels.lst, line 2: more labels than questions"));
  EXPECT_THAT(labelled("\xff\n"), testing::HasSubstr("not valid UTF-8"));
  EXPECT_EQ(labelled("\xef\xbb\xbf"
                     "0\r\n\n"),
            "no error");
  EXPECT_THAT(problem(ChoiceTask::hellaswag, "{} {}\n"), testing::HasSubstr("line 1: malformed JSON"));
  EXPECT_THAT(problem(ChoiceTask::hellaswag, "[1, 2]"), testing::HasSubstr("element 1"));
}

/// The harness strips with Python's str.strip(), which knows more white space than ASCII's.
TEST(ChoiceFiles, StripAsPythonDoes) {
  const auto swag =
      questions_of(ChoiceTask::hellaswag,
                   "{\"activity_label\": \"\u00a0Tea\", \"ctx_a\": \"A cup.\", \"ctx_b\": \"\u3000\", "
                   "\"endings\": [\"\u00a0is hot.\u2003\", \"is\u00a0blue.\"], \"label\": 0}");
  EXPECT_EQ(swag[0].contexts[0], "Tea: A cup.");
  EXPECT_EQ(swag[0].continuations, (std::vector<std::string>{" is hot.", " is\u00a0blue."}));
  EXPECT_EQ(swag[0].characters, (std::vector<std::int64_t>{7, 8}));
  const auto wino =
      questions_of(ChoiceTask::winogrande,
                   "{\"sentence\": \"The _\u00a0was small.\u00a0\", \"option1\": \"a\", \"option2\": \"b\", "
                   "\"answer\": \"1\"}");
  EXPECT_EQ(wino[0].continuations[0], " was small.");
  EXPECT_THAT(problem(ChoiceTask::winogrande,
                      "{\"sentence\": \"The _\u00a0\", \"option1\": \"a\", \"option2\": \"b\", "
                      "\"answer\": \"1\"}"),
              testing::HasSubstr("a text is empty"));
}

TEST(ChoiceFiles, RemoveWikiHowsMarks) {
  const auto ending = [](const std::string& text) {
    return questions_of(ChoiceTask::hellaswag,
                        R"({"activity_label": "a", "ctx_a": "b", "ctx_b": "c", "endings": [")" + text +
                            R"(", "x"], "label": 0})")[0]
        .continuations[0];
  };
  EXPECT_EQ(ending("a [title] b [step]c"), " a. b c");
  EXPECT_EQ(ending("a [[b] c] d"), " a c] d");
  EXPECT_EQ(ending("[a]b[c]"), " b");
  EXPECT_EQ(ending("a [b\\nc] [d] e"), " a [b\nc] e");
  EXPECT_EQ(ending("a]   b [c"), " a]  b [c");
  // Seconds at most, where each bracket looking through all of the text were minutes.
  EXPECT_EQ(ending(std::string(2'000'000, '[')).size(), 2'000'001U);
}

TEST(ChoiceFiles, ReadOneArrayAndAByteOrderMark) {
  const std::string question = R"({"sentence": "a _ b", "option1": "c", "option2": "d", "answer": "1"})";
  const auto lines = questions_of(ChoiceTask::winogrande, "\xef\xbb\xbf" + question + "\n\n" + question);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].id, "line 3");
  const auto array = questions_of(ChoiceTask::winogrande, "[" + question + ", " + question + "]");
  ASSERT_EQ(array.size(), 2U);
  EXPECT_EQ(array[1].id, "element 2");
  EXPECT_EQ(array[1].contexts, lines[1].contexts);
}

}  // namespace
}  // namespace conceptune::evaluation
