#include "conceptune/runtime/model/adapter_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace conceptune::model {
namespace {

constexpr std::string_view kTitle = "# Adapter for ";
constexpr std::string_view kEvaluation = "\n## Evaluation\n";
constexpr std::string_view kMethod = "\n## Method\n";

std::string front_matter(const AdapterCard& card) {
  std::string facts;
  if (is_hub_name(card.base))
    facts += fmt::format("base_model: {}\nbase_model_relation: adapter\n", to_json_text(card.base));
  facts +=
      "library_name: peft\npipeline_tag: text-generation\nlicense: other\n"
      "license_name: that-of-base-model-and-texts\nlanguage:\n- en\ntags:\n- lora\n- concept-training\n"
      "- arxiv:2603.29123\n";
  if (!card.model_index.empty()) facts += fmt::format("model-index: {}\n", to_json_text(card.model_index));
  return fmt::format("---\n{}---\n", facts);
}

/// By the base's own name where transformers finds it so.
std::string base_in_python(const std::string& base) {
  const bool is_found = is_hub_name(base) || (base.starts_with('/') && !base.ends_with(".gguf"));
  return to_json_text(is_found ? base : "BASE");
}

std::string use_of(const AdapterCard& card) {
  return fmt::format(
      "\n## How to use it\nFOLDER is this folder; BASE is {0}, as a Hugging Face folder or a GGUF file.\n\n"
      "transformers and peft:\n"
      "```python\nfrom peft import PeftModel\nfrom transformers import AutoModelForCausalLM, "
      "AutoTokenizer\n\n"
      "tokenizer = AutoTokenizer.from_pretrained({1})\n"
      "model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained({1}), \"FOLDER\")\n```\n"
      "llama.cpp:\n"
      "```\nconceptune export FOLDER -m BASE -o adapter.gguf\nllama-cli -m BASE.gguf --lora "
      "adapter.gguf\n```\n"
      "conceptune, to measure it or to make it a model of its own:\n"
      "```\nconceptune eval -m BASE -a FOLDER --benchmark PAIRS.tsv -o results\n"
      "conceptune merge -m BASE -a FOLDER -o merged\n```\n",
      card.base, base_in_python(card.base));
}

constexpr std::string_view kAboutMethod =
    "Concept training: where a content word is predicted, its contextual synonyms count as right too. Zhang, "
    "Jurafsky and Shani, \"Concept Training for Human-Aligned Language Models\", arXiv:2603.29123.\n";

constexpr std::string_view kLicence =
    "\n## Licence\n"
    "The adapter is of use with its base model alone, whose licence goes on to hold, and it was made from "
    "texts that have licences of their own. Whoever publishes it writes the terms here and into `license` at "
    "the top.\n";

}  // namespace

bool is_hub_name(std::string_view base) {
  const auto slash = base.find('/');
  const auto is_part = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && std::ranges::all_of(part, [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    });
  };
  return slash != base.npos && is_part(base.substr(0, slash)) && is_part(base.substr(slash + 1));
}

std::string base_name(const std::string& given, const std::filesystem::path& model) {
  return given.empty() ? std::filesystem::absolute(model).lexically_normal().string() : given;
}

std::string card_text(const AdapterCard& card) {
  std::string text = fmt::format("{}{}{}\n{}\n", front_matter(card), kTitle, card.base, card.description);
  if (!card.evaluation.empty()) text += fmt::format("{}{}", kEvaluation, card.evaluation);
  text += fmt::format("{}{}", kMethod, kAboutMethod);
  return text + use_of(card) + std::string(kLicence);
}

std::string description_in(std::string_view text) {
  const auto title = text.find(fmt::format("\n{}", kTitle));
  const auto end =
      std::min(text.find(fmt::format("\n{}", kEvaluation)), text.find(fmt::format("\n{}", kMethod)));
  if (title == text.npos || end == text.npos) return {};
  const auto begin = text.find('\n', title + 1) + 1;
  return begin <= end ? std::string(text.substr(begin, end - begin)) : std::string();
}

}  // namespace conceptune::model
