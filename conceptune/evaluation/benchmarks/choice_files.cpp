#include "conceptune/evaluation/benchmarks/choice_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/json_records.h"
#include "conceptune/base/utf8.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "reading task";

/// Python's str.replace().
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (;;) {
    const std::size_t at = std::min(text.find(from), text.size());
    result += text.substr(0, at);
    if (at == text.size()) return result;
    result += to;
    text.remove_prefix(at + from.size());
  }
}

/// Python's re.sub(r"\[.*?\]", "", text): what stands in brackets on one line goes.
std::string without_brackets(std::string_view text) {
  std::string result;
  std::size_t done = 0, close = 0, line_end = 0;
  for (std::size_t open = text.find('['); open != text.npos; open = text.find('[', open)) {
    // Looked for again only where the last one found is passed, or many brackets would take long.
    if (close <= open) close = std::min(text.find(']', open), text.size());
    if (line_end <= open) line_end = std::min(text.find('\n', open), text.size());
    if (close < line_end) {
      result += text.substr(done, open - done);
      done = close + 1;
    }
    open = std::max(open + 1, done);
  }
  return result += text.substr(done);
}

/// A question whose choices follow one context.
ChoiceQuestion question_of(const std::string& context, const std::vector<std::string>& choices,
                           std::size_t answer) {
  ChoiceQuestion question;
  question.contexts.assign(choices.size(), context);
  for (const auto& choice : choices) {
    question.continuations.push_back(" " + choice);
    question.characters.push_back(static_cast<std::int64_t>(count_code_points(choice)));
  }
  question.answer = answer;
  return question;
}

std::size_t index_in(const std::vector<std::string>& labels, const std::string& label,
                     const std::string& where) {
  const auto place = std::find(labels.begin(), labels.end(), label);
  if (place == labels.end())
    throw InputError(kDoing, where, fmt::format("the answer {} is no choice", shown(label)));
  return static_cast<std::size_t>(place - labels.begin());
}

/// {"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}
ChoiceQuestion parse_stem_and_choices(const Json& line, bool is_arc, const std::string& where) {
  std::vector<std::string> choices, labels;
  for (const auto& choice : line.at("question").at("choices")) {
    choices.push_back(choice.at("text"));
    labels.push_back(choice.at("label"));
  }
  const std::string stem = line.at("question").at("stem");
  return question_of(is_arc ? fmt::format("Question: {}\nAnswer:", stem) : stem, choices,
                     index_in(labels, line.at("answerKey"), where));
}

/// The harness's clean-up of WikiHow's marks.
std::string clean_hellaswag(std::string_view raw) {
  const std::string text = replaced(python_strip(raw), " [title]", ". ");
  return replaced(without_brackets(text), "  ", " ");
}

/// Python's str.capitalize() for the ASCII letters that occur here.
std::string capitalized(std::string text) {
  text = ascii_lower(text);
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// {"activity_label", "ctx_a", "ctx_b", "endings", "label"}
ChoiceQuestion parse_hellaswag(const Json& line, const std::string& where) {
  const std::string context =
      fmt::format("{}: {} {}", line.at("activity_label").get<std::string>(),
                  line.at("ctx_a").get<std::string>(), capitalized(line.at("ctx_b").get<std::string>()));
  std::vector<std::string> endings, labels;
  for (const auto& ending : line.at("endings")) {
    labels.push_back(std::to_string(endings.size()));
    endings.push_back(clean_hellaswag(ending.get<std::string>()));
  }
  return question_of(clean_hellaswag(context), endings,
                     index_in(labels, plain_text(line.at("label")), where));
}

/// {"sentence" with one "_", "option1", "option2", "answer": "1" or "2"}: the options end different contexts,
/// what follows the gap is the continuation (partial evaluation, Trinh and Le 2018).
ChoiceQuestion parse_winogrande(const Json& line, const std::string& where) {
  const std::string sentence = line.at("sentence");
  const std::size_t gap = sentence.find('_');
  if (gap == sentence.npos) throw InputError(kDoing, where, "the sentence has no gap '_'");
  ChoiceQuestion question;
  for (const char* option : {"option1", "option2"}) {
    question.contexts.push_back(sentence.substr(0, gap) + line.at(option).get<std::string>());
    question.continuations.push_back(
        fmt::format(" {}", python_strip(std::string_view(sentence).substr(gap + 1))));
    question.characters.push_back(static_cast<std::int64_t>(count_code_points(question.contexts.back())));
  }
  question.answer = index_in({"1", "2"}, plain_text(line.at("answer")), where);
  return question;
}

/// PIQA's answers: one digit a line.
std::string next_piqa_label(LineReader& labels) {
  std::string label;
  if (!labels.next(label)) throw InputError(kDoing, labels.where(), "fewer labels than questions");
  if (first_invalid_utf8(label)) throw InputError(kDoing, labels.where(), "not valid UTF-8");
  return std::string(python_strip(label));
}

void check_no_further_labels(LineReader& labels) {
  for (std::string label; labels.next(label);)
    if (label.find_first_not_of(" \t\r") != std::string::npos)
      throw InputError(kDoing, labels.where(), "more labels than questions");
}

ChoiceQuestion parse_question(ChoiceTask task, const Json& line, LineReader* labels,
                              const std::string& where) {
  switch (task) {
    case ChoiceTask::arc_easy:
    case ChoiceTask::arc_challenge:
    case ChoiceTask::openbookqa:
      return parse_stem_and_choices(line, task != ChoiceTask::openbookqa, where);
    case ChoiceTask::hellaswag:
      return parse_hellaswag(line, where);
    case ChoiceTask::winogrande:
      return parse_winogrande(line, where);
    case ChoiceTask::piqa:
      break;
  }
  return question_of(fmt::format("Question: {}\nAnswer:", line.at("goal").get<std::string>()),
                     {line.at("sol1"), line.at("sol2")},
                     index_in({"0", "1"}, next_piqa_label(*labels), where));
}

void check_texts(const ChoiceQuestion& question, const std::string& where) {
  for (std::size_t i = 0; i < question.contexts.size(); ++i)
    if (python_strip(question.contexts[i]).empty() || python_strip(question.continuations[i]).empty() ||
        question.characters[i] == 0)
      throw InputError(kDoing, where, "a text is empty");
}

}  // namespace

std::vector<std::filesystem::path> choice_task_files(ChoiceTask task, const std::filesystem::path& path) {
  if (task != ChoiceTask::piqa) return {path};
  return {path, path.parent_path() / (path.stem().string() + "-labels.lst")};
}

std::vector<ChoiceQuestion> read_choice_task(ChoiceTask task, const std::filesystem::path& path) {
  JsonRecords records(path, kDoing);
  std::optional<LineReader> labels;
  if (task == ChoiceTask::piqa)
    labels.emplace(choice_task_files(task, path).back(), kDoing, LineReader::kMaxRecordBytes);
  std::vector<ChoiceQuestion> questions;
  for (std::string text; records.next(text);) {
    const Json record = parse_json(text, kDoing, records.where());
    try {
      questions.push_back(parse_question(task, record, labels ? &*labels : nullptr, records.where()));
    } catch (const Json::exception& error) {
      throw InputError(kDoing, records.where(), error.what());
    }
    check_texts(questions.back(), records.where());
    questions.back().id = records.name();
  }
  if (labels) check_no_further_labels(*labels);
  if (questions.empty()) throw InputError(kDoing, path.string(), "no questions");
  return questions;
}

}  // namespace conceptune::evaluation
