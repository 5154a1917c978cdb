#include "conceptune/concepts/prompt_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/utf8.h"
#include "conceptune/concepts/built_in_prompts.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "reading prompt template";

std::string without_last_line_feed(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

/// The word without what lists put around it: "2. 'word'." → "word".
std::string_view bare_word(std::string_view item) {
  constexpr std::string_view kAround = " \t\r\"'`*[](){}.-:";
  const auto strip = [&] {
    item.remove_prefix(std::min(item.find_first_not_of(kAround), item.size()));
    item.remove_suffix(item.size() - std::min(item.find_last_not_of(kAround) + 1, item.size()));
  };
  strip();
  const std::size_t digits = std::min(item.find_first_not_of("0123456789"), item.size());
  if (digits > 0 && digits < item.size() && (item[digits] == '.' || item[digits] == ')')) {
    item.remove_prefix(digits + 1);
    strip();
  }
  return item;
}

}  // namespace

PromptTemplate::PromptTemplate(std::string text, PromptTask task)
    : text_(without_last_line_feed(std::move(text))),
      places_{"{target}", "{input_sequence}", task == PromptTask::list ? "{decoded_tokens}" : "{candidate}"} {
}

PromptTemplate::PromptTemplate(PromptOrder order)
    : PromptTemplate(std::string(order == PromptOrder::paper ? kPaperPrompt : kPassageFirstPrompt),
                     PromptTask::list) {}

PromptTemplate PromptTemplate::yes_no() { return {std::string(kYesNoPrompt), PromptTask::yes_no}; }

PromptTemplate::PromptTemplate(const std::filesystem::path& file, PromptTask task)
    : PromptTemplate(read_file(file, kDoing), task) {
  if (first_invalid_utf8(text_)) throw InputError(kDoing, file.string(), "invalid UTF-8");
  for (const auto place : places_)
    if (text_.find(place) == std::string::npos)
      throw InputError(kDoing, file.string(), fmt::format("no {} in it", place));
}

std::string PromptTemplate::fill(std::string_view target, std::string_view input_sequence,
                                 std::string_view asked) const {
  const std::array values = {target, input_sequence, asked};
  std::string filled;
  for (std::size_t begin = 0; begin < text_.size();) {
    const auto rest = std::string_view(text_).substr(begin);
    const auto place =
        std::find_if(places_.begin(), places_.end(), [&](auto p) { return rest.starts_with(p); });
    if (place == places_.end()) {
      filled += text_[begin++];
      continue;
    }
    filled += values[static_cast<std::size_t>(place - places_.begin())];
    begin += place->size();
  }
  return filled;
}

std::vector<std::string> parse_answer(std::string_view answer, bool is_cut_off) {
  constexpr std::string_view kSeparators = ",;\n";
  const bool is_whole = !is_cut_off || is_complete_answer(answer);
  const std::size_t open = answer.find('[');
  if (open == std::string_view::npos && !is_whole) return {};
  if (open != std::string_view::npos) answer = answer.substr(open + 1, answer.find(']', open) - open - 1);
  if (!is_whole) answer = answer.substr(0, answer.find_last_of(kSeparators) + 1);
  std::vector<std::string> words;
  while (!answer.empty()) {
    const std::size_t end = std::min(answer.find_first_of(kSeparators), answer.size());
    std::string word(bare_word(answer.substr(0, end)));
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(std::move(word));
    answer.remove_prefix(std::min(end + 1, answer.size()));
  }
  return words;
}

bool is_complete_answer(std::string_view answer) {
  return answer.find(']', std::min(answer.find('['), answer.size())) != std::string_view::npos;
}

}  // namespace conceptune::concepts
