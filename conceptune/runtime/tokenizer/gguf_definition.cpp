// A tokenizer from the metadata of a GGUF file.
#include <fmt/format.h>

#include <unordered_map>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/byte_alphabet.h"
#include "conceptune/runtime/tokenizer/definition.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kDoing = "reading tokenizer";

/// llama.cpp's llama_token_type; nothing for a number that is none.
std::optional<TokenKind> kind_of(std::int64_t type) {
  switch (type) {
    case 0:  // undefined
    case 1:  // normal
    case 6:  // byte
      return TokenKind::normal;
    case 2:  // unknown
    case 3:  // control
      return TokenKind::special;
    case 4:
      return TokenKind::added;
    case 5:
      return TokenKind::unused;
    default:
      return std::nullopt;
  }
}

class Reader {
 public:
  explicit Reader(const GgufFile& file) : file_(file) {}

  TokenizerDefinition read() {
    const auto model = file_.string("tokenizer.ggml.model");
    if (!model) fail("no tokenizer.ggml.model: the file has no tokenizer");
    if (*model != "gpt2")
      fail(fmt::format("tokenizer.ggml.model is '{}', expected 'gpt2' (byte-level BPE)", *model));
    read_splitters();
    read_tokens();
    read_merges();
    read_special_tokens();
    definition_.added = AddedTokens(std::move(added_), /*special_hides=*/false);
    return std::move(definition_);
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const { throw InputError(kDoing, file_.name(), problem); }

  const std::vector<std::string_view>& strings(std::string_view key) const {
    const auto* list = file_.strings(key);
    if (!list || list->empty()) fail(fmt::format("no {}", key));
    return *list;
  }

  void read_splitters() {
    const auto name = file_.string("tokenizer.ggml.pre");
    if (!name) fail("no tokenizer.ggml.pre: converted by an old llama.cpp; convert the model again");
    definition_.splitters = splitters_of_gguf_name(*name);
    if (definition_.splitters.empty())
      fail(fmt::format("tokenizer.ggml.pre is '{}', known are: {}", *name, known_gguf_splitter_names()));
    // As llama.cpp: these vocabularies, and no others, look whole pieces up first and begin with a token.
    is_llama3_ = definition_.splitters[0]->description() == llama3_splitter(3)->description();
    definition_.merge_options.whole_pieces_first = is_llama3_;
  }

  void read_tokens() {
    const auto& tokens = strings("tokenizer.ggml.tokens");
    if (tokens.size() > kMaxTokens)
      fail(fmt::format("{} tokens, expected at most {}", tokens.size(), kMaxTokens));
    const auto types = file_.integers("tokenizer.ggml.token_type");
    if (types && types->size() != tokens.size())
      fail(fmt::format("{} token types for {} tokens", types->size(), tokens.size()));
    ids_.reserve(tokens.size());
    for (std::size_t id = 0; id < tokens.size(); ++id) {
      if (first_invalid_utf8(tokens[id])) fail(fmt::format("token {} is not valid UTF-8", id));
      if (!ids_.emplace(tokens[id], static_cast<TokenId>(id)).second)
        fail(fmt::format("token '{}' twice", tokens[id]));
      const auto kind = types ? kind_of((*types)[id]) : TokenKind::normal;
      if (!kind) fail(fmt::format("token {} has type {}, expected 0 to 6", id, (*types)[id]));
      add_token(tokens[id], *kind);
    }
  }

  void add_token(std::string_view written, TokenKind kind) {
    std::string bytes(written);
    if (kind == TokenKind::normal) {
      if (auto decoded = bytes_of_written(written)) {
        bytes = std::move(*decoded);
      } else {
        kind = TokenKind::unused;  // written outside the alphabet: no text can become it
      }
    } else if (bytes.size() > AddedTokens::kMaxTokenBytes) {
      fail(fmt::format("an added token has {} bytes, expected at most {}", bytes.size(),
                       AddedTokens::kMaxTokenBytes));
    }
    if (kind == TokenKind::added || kind == TokenKind::special)
      added_.push_back({static_cast<TokenId>(definition_.tokens.size()), bytes, kind == TokenKind::special});
    definition_.tokens.push_back(std::move(bytes));
    definition_.kinds.push_back(kind);
  }

  void read_merges() {
    const auto& merges = strings("tokenizer.ggml.merges");
    definition_.merges.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      // A part may begin with a space in no byte-level vocabulary; the first space after the first byte
      // splits.
      const auto space = merges[rank].find(' ', 1);
      if (space == std::string_view::npos) fail(fmt::format("merge {}: expected two parts", rank));
      const auto left = merges[rank].substr(0, space);
      const auto right = merges[rank].substr(space + 1);
      definition_.merges.push_back(
          {id_of(left, rank), id_of(right, rank), id_of(std::string(left).append(right), rank)});
    }
  }

  TokenId id_of(std::string_view token, std::size_t rank) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) fail(fmt::format("merge {}: '{}' is not in the vocabulary", rank, token));
    return found->second;
  }

  void read_special_tokens() {
    if (file_.boolean("tokenizer.ggml.add_eos_token").value_or(false))
      fail("tokenizer.ggml.add_eos_token puts a token behind a text, which is not supported");
    definition_.end_token = token_id("tokenizer.ggml.eos_token_id");
    const auto begin = token_id("tokenizer.ggml.bos_token_id");
    if (begin) definition_.begin_token_text = definition_.tokens[static_cast<std::size_t>(*begin)];
    if (file_.boolean("tokenizer.ggml.add_bos_token").value_or(is_llama3_)) {
      if (!begin) fail("a begin token is to be added, but tokenizer.ggml.bos_token_id is missing");
      definition_.begin_token = begin;
    }
    if (const auto text = file_.string("tokenizer.chat_template"))
      definition_.chat_template = std::string(*text);
  }

  std::optional<TokenId> token_id(std::string_view key) const {
    const auto id = file_.integer(key);
    if (!id) return std::nullopt;
    if (*id < 0 || *id >= static_cast<std::int64_t>(definition_.tokens.size()))
      fail(fmt::format("{} is {}, expected a token below {}", key, *id, definition_.tokens.size()));
    return static_cast<TokenId>(*id);
  }

  const GgufFile& file_;
  TokenizerDefinition definition_;
  std::vector<AddedToken> added_;
  std::unordered_map<std::string_view, TokenId> ids_;
  bool is_llama3_ = false;
};

}  // namespace

TokenizerDefinition definition_from_gguf(const GgufFile& file) { return Reader(file).read(); }

}  // namespace conceptune::tokenizer
