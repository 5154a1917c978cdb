// The text that asks a language model for synonyms, and what its answer says.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"

namespace conceptune::concepts {

/// paper: Appendix A word for word. passage_first: the same request with the passage at the beginning, so
/// that all words of a passage share the computation of it. Their texts are in configs/prompts/.
enum class PromptOrder { passage_first, paper };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::PromptOrder>
    conceptune::enum_names<conceptune::concepts::PromptOrder>[] = {
        {"passage-first", conceptune::concepts::PromptOrder::passage_first},
        {"paper", conceptune::concepts::PromptOrder::paper}};

namespace conceptune::concepts {

/// What a prompt asks for: a list of the synonyms among {decoded_tokens}, or whether {candidate} is one.
enum class PromptTask { list, yes_no };

class PromptTemplate {
 public:
  /// One of the built-in texts that ask for a list.
  explicit PromptTemplate(PromptOrder order);
  /// The built-in text that asks for Yes or No.
  static PromptTemplate yes_no();
  /// A text of one's own. Throws InputError unless it is valid UTF-8 with {target}, {input_sequence} and the
  /// task's own place in it.
  explicit PromptTemplate(const std::filesystem::path& file, PromptTask task = PromptTask::list);

  /// The text with its places filled, the task's own with `asked`; what is filled in is not searched for
  /// places again.
  std::string fill(std::string_view target, std::string_view input_sequence, std::string_view asked) const;
  const std::string& text() const { return text_; }

 private:
  PromptTemplate(std::string text, PromptTask task);

  std::string text_;
  std::array<std::string_view, 3> places_;
};

/// The words of an answer, leniently: what stands in the first square brackets, else all of it, split at
/// commas, semicolons and line feeds, without numbering, bullets, quotes, brackets and full stops around each
/// word. Each once, in order. Of an answer that was cut off within its list, the words that something
/// follows; without brackets, none.
std::vector<std::string> parse_answer(std::string_view answer, bool is_cut_off = false);

/// Whether nothing that may follow could change what parse_answer() finds: its brackets are closed.
bool is_complete_answer(std::string_view answer);

}  // namespace conceptune::concepts
