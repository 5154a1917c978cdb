#include "conceptune/evaluation/text_convention.h"

#include <fmt/format.h>

#include <charconv>

#include "conceptune/base/error.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "choosing the begin token";
constexpr std::string_view kSlot = "{}";
/// GPT-2's document separator, which its successors kept: the token that texts followed in training.
constexpr std::string_view kSeparator = "<|endoftext|>";

std::optional<tokenizer::TokenId> separator_token(const tokenizer::Tokenizer& tokenizer) {
  const auto ids = tokenizer.encode_ids(kSeparator, /*parse_special=*/true);
  if (ids.size() == 1) return ids.front();
  return std::nullopt;
}

}  // namespace

TextConvention paper_convention() {
  return {.leading_space = false, .begin_token = "own", .pool_begin = true};
}

std::vector<ChosenConvention> conventions_of(const TextConvention& chosen, bool with_papers) {
  const Json fields = options_to_json(chosen);
  const bool is_papers = fields == options_to_json(paper_convention());
  std::vector<ChosenConvention> conventions;
  if (with_papers || is_papers) conventions.push_back({"paper", paper_convention()});
  if (!is_papers)
    conventions.push_back({fields == options_to_json(TextConvention()) ? "in-text" : "custom", chosen});
  return conventions;
}

std::optional<tokenizer::TokenId> begin_token_of(std::string_view rule,
                                                 const tokenizer::Tokenizer& tokenizer) {
  if (rule == "none") return std::nullopt;
  if (rule == "own") return tokenizer.begin_token();
  if (rule == "auto") {
    if (const auto own = tokenizer.begin_token()) return own;
    return separator_token(tokenizer);
  }
  tokenizer::TokenId id = -1;
  const auto [end, error] = std::from_chars(rule.data(), rule.data() + rule.size(), id);
  if (error != std::errc() || end != rule.data() + rule.size())
    throw InputError(kDoing, rule, "expected none, own, auto or a token id");
  if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.size())
    throw InputError(kDoing, rule, fmt::format("the vocabulary has ids 0 to {}", tokenizer.size() - 1));
  return id;
}

TextEncoder::TextEncoder(TextConvention convention, const tokenizer::Tokenizer& tokenizer)
    : convention_(std::move(convention)),
      tokenizer_(tokenizer),
      begin_(begin_token_of(convention_.begin_token, tokenizer)) {
  const std::string& whole = convention_.text_template;
  const std::size_t slot = whole.find(kSlot);
  if (slot == whole.npos || whole.find(kSlot, slot + kSlot.size()) != whole.npos)
    throw InputError("reading the text template", whole, "expected exactly one {}");
  before_ = whole.substr(0, slot);
  after_ = whole.substr(slot + kSlot.size());
}

std::vector<tokenizer::TokenId> TextEncoder::encode(std::string_view text) const {
  const std::string whole =
      fmt::format("{}{}{}{}", convention_.leading_space ? " " : "", before_, text, after_);
  std::vector<tokenizer::TokenId> ids = tokenizer_.encode_ids(whole);
  if (begin_) ids.insert(ids.begin(), *begin_);
  return ids;
}

Json TextEncoder::record() const {
  Json record = options_to_json(convention_);
  record["begin_token"] = begin_ ? Json(*begin_) : Json(nullptr);
  return record;
}

}  // namespace conceptune::evaluation
