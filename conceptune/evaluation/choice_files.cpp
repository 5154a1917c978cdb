// The readers of multiple_choice.h: each task's file format and prompt.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/base/utf8.h"
#include "conceptune/evaluation/multiple_choice.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "reading task";

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// A question whose choices follow one context.
ChoiceQuestion question_of(std::string context, const std::vector<std::string>& choices, std::size_t answer) {
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
    throw InputError(kDoing, where, fmt::format("the answer '{}' is no choice", label));
  return static_cast<std::size_t>(place - labels.begin());
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

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
  std::string text = trimmed(raw);
  replace_all(text, " [title]", ". ");
  for (std::size_t open = text.find('['); open != text.npos; open = text.find('[', open)) {
    const std::size_t close = text.find(']', open);
    if (close == text.npos || text.find('\n', open) < close) {
      ++open;
      continue;
    }
    text.erase(open, close - open + 1);
  }
  replace_all(text, "  ", " ");
  return text;
}

/// Python's str.capitalize() for the ASCII letters that occur here.
std::string capitalized(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
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
  return question_of(clean_hellaswag(context), endings, index_in(labels, text_of(line.at("label")), where));
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
    question.continuations.push_back(fmt::format(" {}", trimmed(sentence.substr(gap + 1))));
    question.characters.push_back(static_cast<std::int64_t>(count_code_points(question.contexts.back())));
  }
  question.answer = index_in({"1", "2"}, text_of(line.at("answer")), where);
  return question;
}

/// PIQA's answers: one digit a line.
std::string next_piqa_label(LineReader& labels) {
  std::string label;
  if (!labels.next(label)) throw InputError(kDoing, labels.where(), "fewer labels than questions");
  return trimmed(label);
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
    if (trimmed(question.contexts[i]).empty() || trimmed(question.continuations[i]).empty() ||
        question.characters[i] == 0)
      throw InputError(kDoing, where, "a text is empty");
}

}  // namespace

std::vector<std::filesystem::path> choice_task_files(ChoiceTask task, const std::filesystem::path& path) {
  if (task != ChoiceTask::piqa) return {path};
  return {path, path.parent_path() / (path.stem().string() + "-labels.lst")};
}

std::vector<ChoiceQuestion> read_choice_task(ChoiceTask task, const std::filesystem::path& path) {
  LineReader reader(path, kDoing);
  std::optional<LineReader> labels;
  if (task == ChoiceTask::piqa) labels.emplace(choice_task_files(task, path).back(), kDoing);
  std::vector<ChoiceQuestion> questions;
  for (std::string text; reader.next(text);) {
    if (trimmed(text).empty()) continue;
    const Json line = parse_json(text, kDoing, reader.where());
    try {
      questions.push_back(parse_question(task, line, labels ? &*labels : nullptr, reader.where()));
    } catch (const Json::exception& error) {
      throw InputError(kDoing, reader.where(), error.what());
    }
    check_texts(questions.back(), reader.where());
    questions.back().id = fmt::format("line {}", reader.line_number());
  }
  if (questions.empty()) throw InputError(kDoing, path.string(), "no questions");
  return questions;
}

}  // namespace conceptune::evaluation
