// Which of the paper's numbers an arm can stand beside.
#include <algorithm>

#include "conceptune/base/ascii_case.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/report/paper_design.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

/// The paper's name of the corpus that an arm was trained on, told by its files.
std::optional<std::string_view> corpus_of(const experiment::StoredArm& arm) {
  const Json files = arm.options.value(Json::json_pointer("/corpus/files"), Json::array());
  if (files.size() != 1) return std::nullopt;
  const std::string path = ascii_lower(files[0].get<std::string>());
  if (path.find("c4") != std::string::npos) return "C4";
  if (path.find("openwebtext") != std::string::npos || path.find("owt") != std::string::npos)
    return "OpenWebText";
  return std::nullopt;
}

template <class Row>
std::optional<double> number_in(std::span<const Row> rows, double Row::*column, std::string_view model,
                                const PaperRow& wanted) {
  for (const Row& row : rows)
    if (row.model == model && row.trained_on == wanted.trained_on && row.method == wanted.method &&
        row.concept_weight == wanted.concept_weight)
      return row.*column;
  return std::nullopt;
}

}  // namespace

std::optional<PaperRow> paper_row_of(const experiment::StoredArm& arm) {
  const auto loss = value_named<training::Loss>(arm.objective);
  const auto corpus = corpus_of(arm);
  const auto option = [&](const char* pointer, const Json& otherwise) {
    return arm.options.value(Json::json_pointer(pointer), otherwise);
  };
  const bool on_all_words =
      option("/variant/words", 1.0) == Json(1.0) && !option("/variant/last_word_only", false).get<bool>();
  if (!loss || !loss->rule().is_the_papers || !corpus || !on_all_words) return std::nullopt;
  if (arm.concept_weight == 0) return PaperRow{*corpus, PaperMethod::next_token, 0};
  const std::string noise = option("/variant/noise", "none");
  if (option("/annotation/source", "") != Json("prompt") || (noise != "none" && noise != "paper"))
    return std::nullopt;
  return PaperRow{*corpus, noise == "paper" ? PaperMethod::noise : PaperMethod::concepts, arm.concept_weight};
}

std::optional<std::string_view> paper_model_of(std::string_view model) {
  std::string letters;
  for (const char c : ascii_lower(model))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  if (letters.find("instruct") != std::string::npos) return std::nullopt;
  constexpr const char* kNames[] = {"llama321b", "llama323b", "llama318b"};
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (letters.find(kNames[i]) != std::string::npos) return kPapersModels[i];
  return std::nullopt;
}

std::optional<double PaperSimilarity::*> paper_similarity_column(std::string_view benchmark) {
  const std::string name = ascii_lower(benchmark);
  if (name.starts_with("men")) return &PaperSimilarity::men;
  if (name.starts_with("simlex")) return &PaperSimilarity::simlex;
  if (name.starts_with("wordsim")) return &PaperSimilarity::wordsim;
  if (name.starts_with("sts")) return &PaperSimilarity::stsb;
  return std::nullopt;
}

std::optional<double> paper_number(double PaperSimilarity::*column, std::string_view model,
                                   const PaperRow& row) {
  return number_in(paper_similarities(), column, model, row);
}

std::optional<double> paper_number(double PaperNextToken::*column, std::string_view model,
                                   const PaperRow& row) {
  return number_in(paper_next_tokens(), column, model, row);
}

std::optional<bool> is_in_domain(const evaluation::Results& results, std::string_view benchmark,
                                 std::string_view subject) {
  const auto data = std::ranges::find(results.data, benchmark, &evaluation::DataUsed::benchmark);
  if (data == results.data.end() || !data->in_domain) return std::nullopt;
  return std::ranges::find(*data->in_domain, subject) != data->in_domain->end();
}

}  // namespace conceptune::report
