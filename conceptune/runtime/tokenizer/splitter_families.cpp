// Which splitters a name or a pattern in a model file means.
#include <algorithm>

#include "conceptune/runtime/tokenizer/regex_splitter.h"
#include "conceptune/runtime/tokenizer/split_patterns.h"
#include "conceptune/runtime/tokenizer/splitter.h"

namespace conceptune::tokenizer {
namespace {

struct KnownPattern {
  std::string_view pattern;
  std::unique_ptr<Splitter> (*make)();
};

// The expressions of the families' tokenizer.json files.
constexpr KnownPattern kPatterns[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", gpt2_splitter},
    {kLlama3Pattern, [] { return llama3_splitter(3); }},
    {kQwen2Pattern, [] { return llama3_splitter(1); }},
    {R"(\p{N})", [] { return number_splitter(true); }},
    {"[0-9][0-9][0-9]", three_digit_splitter},
};

enum class Family { gpt2, llama3, qwen2, smollm, falcon };

struct NamedFamily {
  std::string_view name;
  Family family;
};

// Names that llama.cpp's conversion writes for vocabularies with these expressions; of equal ones the first
// is the one to write.
constexpr NamedFamily kGgufNames[] = {
    {"gpt-2", Family::gpt2},
    {"llama-bpe", Family::llama3},
    {"llama3", Family::llama3},
    {"llama-v3", Family::llama3},
    {"falcon3", Family::llama3},
    {"qwen2", Family::qwen2},
    {"deepseek-r1-qwen", Family::qwen2},
    {"smollm", Family::smollm},
    {"falcon", Family::falcon},
};

SplitterChain splitters_of(Family family) {
  SplitterChain stages;
  if (family == Family::llama3) stages.push_back(llama3_splitter(3));
  if (family == Family::qwen2) stages.push_back(llama3_splitter(1));
  if (family == Family::smollm) stages.push_back(number_splitter(true));
  if (family == Family::falcon) stages.push_back(punctuation_splitter(false));
  if (family == Family::gpt2 || family == Family::smollm || family == Family::falcon)
    stages.push_back(gpt2_splitter());
  if (family == Family::falcon) stages.push_back(three_digit_splitter());
  return stages;
}

}  // namespace

std::unique_ptr<Splitter> splitter_of_pattern(std::string_view pattern) {
  const auto* known = std::ranges::find(kPatterns, pattern, &KnownPattern::pattern);
  return known == std::end(kPatterns) ? regex_splitter(pattern) : known->make();
}

SplitterChain splitters_of_gguf_name(std::string_view name) {
  const auto* found = std::ranges::find(kGgufNames, name, &NamedFamily::name);
  return found == std::end(kGgufNames) ? SplitterChain{} : splitters_of(found->family);
}

std::optional<std::string> gguf_name_of(const SplitterChain& stages) {
  const auto is_same = [](const auto& a, const auto& b) { return a->description() == b->description(); };
  for (const auto& [name, family] : kGgufNames)
    if (std::ranges::equal(stages, splitters_of(family), is_same)) return std::string(name);
  return std::nullopt;
}

std::string known_gguf_splitter_names() {
  std::string text;
  for (const auto& [name, family] : kGgufNames) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

std::vector<std::uint32_t> split_all(const SplitterChain& stages, std::string_view text) {
  std::vector<std::uint32_t> ends;
  if (!text.empty()) ends.push_back(static_cast<std::uint32_t>(text.size()));
  for (const auto& stage : stages) {
    std::vector<std::uint32_t> finer;
    finer.reserve(std::max<std::size_t>(ends.size(), text.size() / 4));
    std::uint32_t begin = 0;
    for (const std::uint32_t end : ends) {
      stage->split(text, begin, end, finer);
      begin = end;
    }
    ends = std::move(finer);
  }
  return ends;
}

}  // namespace conceptune::tokenizer
