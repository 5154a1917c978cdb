#include "conceptune/runtime/tokenizer/tokenizer_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/runtime/tokenizer/byte_alphabet.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/split_patterns.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kDoing = "converting tokenizer";

// llama.cpp's llama_token_type.
constexpr std::int32_t kNormal = 1, kControl = 3, kUserDefined = 4, kUnused = 5;

/// As vocabularies of both formats write it.
std::string written(const TokenizerDefinition& definition, TokenId id) {
  const auto place = static_cast<std::size_t>(id);
  const std::string& bytes = definition.tokens[place];
  return definition.kinds[place] == TokenKind::normal ? written_form(bytes) : bytes;
}

std::string written(const TokenizerDefinition& definition, const Merge& merge) {
  return fmt::format("{} {}", written(definition, merge.left), written(definition, merge.right));
}

Json byte_level(bool use_regex) {
  return {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", use_regex}};
}

Json sequence(const Json& first, const Json& second) {
  return {{"type", "Sequence"}, {"pretokenizers", Json::array({first, second})}};
}

Json split_by(std::string_view pattern) {
  return sequence(
      {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}},
      byte_level(false));
}

/// The pre_tokenizer of a tokenizer.json; null for a family that has none here.
Json pre_tokenizer_of(std::string_view gguf_name) {
  if (gguf_name == "gpt-2") return byte_level(true);
  if (gguf_name == "llama-bpe") return split_by(kLlama3Pattern);
  if (gguf_name == "qwen2") return split_by(kQwen2Pattern);
  if (gguf_name == "smollm")
    return sequence({{"type", "Digits"}, {"individual_digits", true}}, byte_level(true));
  return nullptr;
}

Json model_of(const TokenizerDefinition& definition) {
  Json vocabulary = Json::object(), merges = Json::array();
  for (std::size_t id = 0; id < definition.tokens.size(); ++id)
    if (definition.kinds[id] != TokenKind::unused)
      // Appended: to look for each key among those before would take minutes.
      vocabulary.get_ref<Json::object_t&>().emplace_back(written(definition, static_cast<TokenId>(id)), id);
  for (const Merge& merge : definition.merges) merges.push_back(written(definition, merge));
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", definition.merge_options.whole_pieces_first},
          {"vocab", std::move(vocabulary)},
          {"merges", std::move(merges)}};
}

Json added_tokens_of(const TokenizerDefinition& definition) {
  Json added = Json::array();
  for (const AddedToken& token : definition.added.tokens())
    added.push_back({{"id", token.id},
                     {"content", token.text},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", token.special}});
  return added;
}

/// Puts the begin token before every text; null where none is added.
Json post_processor_of(const TokenizerDefinition& definition) {
  if (!definition.begin_token) return nullptr;
  const std::string text = written(definition, *definition.begin_token);
  const auto sequence_of = [](const char* name, int type) {
    return Json{{"Sequence", {{"id", name}, {"type_id", type}}}};
  };
  const auto begin_of = [&](int type) { return Json{{"SpecialToken", {{"id", text}, {"type_id", type}}}}; };
  return {
      {"type", "TemplateProcessing"},
      {"single", Json::array({begin_of(0), sequence_of("A", 0)})},
      {"pair", Json::array({begin_of(0), sequence_of("A", 0), begin_of(1), sequence_of("B", 1)})},
      {"special_tokens",
       {{text,
         {{"id", text}, {"ids", Json::array({*definition.begin_token})}, {"tokens", Json::array({text})}}}}}};
}

/// `padding` stands for the token that fills shorter texts of a batch up, where the file names one.
Json config_of(const TokenizerDefinition& definition, std::optional<std::int64_t> padding) {
  Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"clean_up_tokenization_spaces", false}};
  if (definition.begin_token_text) config["bos_token"] = *definition.begin_token_text;
  if (definition.end_token) config["eos_token"] = written(definition, *definition.end_token);
  if (padding && *padding >= 0 && *padding < std::ssize(definition.tokens))
    config["pad_token"] = written(definition, static_cast<TokenId>(*padding));
  if (definition.chat_template) config["chat_template"] = *definition.chat_template;
  return config;
}

/// What a GGUF says of each token: its text and its type.
struct TokenList {
  std::vector<std::string> texts;
  std::vector<std::int32_t> types;
};

std::int32_t type_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::normal:
      return kNormal;
    case TokenKind::special:
      return kControl;
    case TokenKind::added:
      return kUserDefined;
    case TokenKind::unused:
      break;
  }
  return kUnused;
}

TokenList token_list_of(const TokenizerDefinition& definition, std::int64_t vocabulary) {
  TokenList list;
  for (std::int64_t id = 0; id < vocabulary; ++id) {
    const auto place = static_cast<std::size_t>(id);
    const bool is_there = place < definition.tokens.size() && !definition.tokens[place].empty();
    list.texts.push_back(is_there ? written(definition, static_cast<TokenId>(id))
                                  : fmt::format("[PAD{}]", id));
    list.types.push_back(is_there ? type_of(definition.kinds[place]) : kUnused);
  }
  return list;
}

void check_for_llama_cpp(const TokenizerDefinition& definition, const std::optional<std::string>& splitting,
                         std::int64_t vocabulary, const std::string& where) {
  if (!splitting)
    throw InputError(kDoing, where, "splits texts in a way that llama.cpp has no name for here");
  if (definition.merge_options.whole_pieces_first != (*splitting == "llama-bpe"))
    throw InputError(kDoing, where,
                     fmt::format("'ignore_merges' is {}, llama.cpp does otherwise for '{}'",
                                 definition.merge_options.whole_pieces_first, *splitting));
  if (static_cast<std::int64_t>(definition.tokens.size()) > vocabulary)
    throw InputError(kDoing, where,
                     fmt::format("{} tokens, expected at most the model's vocabulary of {}",
                                 definition.tokens.size(), vocabulary));
  for (const AddedToken& token : definition.added.tokens())
    if (token.lstrip || token.rstrip || token.single_word)
      throw InputError(kDoing, where,
                       fmt::format("added token '{}' looks at what stands beside it (lstrip, rstrip or "
                                   "single_word), which GGUF cannot say",
                                   token.text));
}

}  // namespace

TokenizerFiles tokenizer_files_of(const GgufFile& file) {
  const TokenizerDefinition definition = definition_from_gguf(file);
  const std::string name = gguf_name_of(definition.splitters).value_or("");
  Json pre_tokenizer = pre_tokenizer_of(name);
  if (pre_tokenizer.is_null())
    throw InputError(kDoing, file.name(),
                     fmt::format("tokenizer.ggml.pre is '{}', which is not written as a tokenizer.json here",
                                 file.string("tokenizer.ggml.pre").value_or("")));
  const Json normalizer = name == "qwen2" ? Json{{"type", "NFC"}} : Json(nullptr);
  return {{{"version", "1.0"},
           {"truncation", nullptr},
           {"padding", nullptr},
           {"added_tokens", added_tokens_of(definition)},
           {"normalizer", normalizer},
           {"pre_tokenizer", std::move(pre_tokenizer)},
           {"post_processor", post_processor_of(definition)},
           {"decoder", byte_level(true)},
           {"model", model_of(definition)}},
          config_of(definition, file.integer("tokenizer.ggml.padding_token_id"))};
}

void set_tokenizer(const std::filesystem::path& folder, std::int64_t vocabulary, GgufValues& values) {
  const auto path = folder / "tokenizer.json";
  const TokenizerDefinition definition = definition_from_json(path);
  const auto splitting = gguf_name_of(definition.splitters);
  check_for_llama_cpp(definition, splitting, vocabulary, path.string());
  const auto [texts, types] = token_list_of(definition, vocabulary);
  std::vector<std::string> merges;
  merges.reserve(definition.merges.size());
  for (const Merge& merge : definition.merges) merges.push_back(written(definition, merge));
  values.set("tokenizer.ggml.model", "gpt2");
  values.set("tokenizer.ggml.pre", *splitting);
  values.set("tokenizer.ggml.tokens", texts);
  values.set("tokenizer.ggml.token_type", types);
  values.set("tokenizer.ggml.merges", merges);
  values.set("tokenizer.ggml.add_bos_token", definition.begin_token.has_value());
  auto begin = definition.begin_token;
  if (!begin && definition.begin_token_text)
    if (const auto found = std::ranges::find(texts, *definition.begin_token_text); found != texts.end())
      begin = static_cast<TokenId>(found - texts.begin());
  if (begin) values.set("tokenizer.ggml.bos_token_id", static_cast<std::uint32_t>(*begin));
  if (definition.end_token)
    values.set("tokenizer.ggml.eos_token_id", static_cast<std::uint32_t>(*definition.end_token));
  if (definition.chat_template) values.set("tokenizer.chat_template", *definition.chat_template);
}

}  // namespace conceptune::tokenizer
