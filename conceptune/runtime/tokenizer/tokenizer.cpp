#include "conceptune/runtime/tokenizer/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/misplaced_product.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/nfc.h"
#include "conceptune/runtime/tokenizer/token_spans.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Number and order of everything that decides ids, as bytes to hash.
std::string hash_definition(const TokenizerDefinition& definition) {
  Sha256 digest;
  const auto add = [&](std::string_view text) { digest.update(fmt::format("{}:{}\n", text.size(), text)); };
  for (const auto& stage : definition.splitters) add(stage->description());
  const auto& [whole_pieces_first, skip_unknown_bytes] = definition.merge_options;
  add(fmt::format("{} {} {} {}", whole_pieces_first, skip_unknown_bytes, definition.normalize_nfc,
                  definition.begin_token.value_or(-1)));
  for (std::size_t id = 0; id < definition.tokens.size(); ++id) {
    add(definition.tokens[id]);
    add(std::to_string(static_cast<int>(definition.kinds[id])));
  }
  for (const auto& [left, right, merged] : definition.merges)
    add(fmt::format("{} {} {}", left, right, merged));
  for (const TokenId id : definition.pieces_too) add(fmt::format("piece {}", id));
  // Only where it decides ids: the hashes of most tokenizers are those of datasets that were made before.
  if (const AddedTokens& added = definition.added; !added.is_plain() || definition.normalize_nfc)
    for (const auto& token : added.tokens())
      if (!added.is_plain() || token.normalized)
        add(fmt::format("{} {} {} {} {} {}", token.id, token.text, token.normalized, token.single_word,
                        token.lstrip, token.rstrip));
  return digest.hex();
}

/// `bytes` with every byte that belongs to no valid character replaced.
std::string replace_invalid(std::string bytes) {
  auto invalid = first_invalid_utf8(bytes);
  if (!invalid) return bytes;
  std::string text;
  std::string_view rest = bytes;
  for (; invalid; invalid = first_invalid_utf8(rest)) {
    text.append(rest.substr(0, *invalid)).append(kReplacement);
    rest.remove_prefix(*invalid + 1);
  }
  return text.append(rest);
}

/// The file that holds the tokenizer of a model given as a file or a folder.
std::filesystem::path tokenizer_file(const std::filesystem::path& model) {
  if (!std::filesystem::is_directory(model)) return model;
  if (auto json = model / "tokenizer.json"; std::filesystem::exists(json)) return json;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(model))
    if (entry.path().extension() == ".gguf") files.push_back(entry.path());
  if (files.size() != 1)
    throw InputError("reading tokenizer", model.string(),
                     product_in(model).value_or(ProductKind::model) == ProductKind::model
                         ? "expected a tokenizer.json or one .gguf file in the folder"
                         : misplaced_product(model, ProductKind::model));
  return files[0];
}

/// Tokens with their bytes in the text, or in its normalized form where there is one.
struct EncodedText {
  std::vector<EncodedPart> parts;
  std::vector<std::size_t> added;  // which parts were found as added tokens
  std::optional<NormalizedText> normalized;

  void append(const AddedTokenMatch& match, std::size_t shift) {
    added.push_back(parts.size());
    parts.push_back({match.id, static_cast<std::uint32_t>(match.begin + shift),
                     static_cast<std::uint32_t>(match.end + shift)});
  }
};

/// Appends `text`, whose characters are numbered from `first`, in NFC unless it is to stay as it is.
void append_text(std::string_view text, std::uint32_t first, bool as_is, NormalizedText& to) {
  if (const auto piece = as_is ? std::nullopt : normalize_nfc(text)) {
    to.text += piece->text;
    for (const auto source : piece->source) to.source.push_back(first + source);
    return;
  }
  to.text += text;
  for (const auto end = first + count_code_points(text); first < end; ++first) to.source.push_back(first);
}

/// A span within the normalized text as one of the original.
Span original_span(Span span, const NormalizedText& normalized) {
  if (span.begin == span.end) return span;
  return {normalized.source[span.begin], normalized.source[span.end - 1] + 1};
}

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerDefinition definition)
      : hash(hash_definition(definition)),
        vocabulary(std::move(definition.tokens), std::move(definition.kinds), definition.pieces_too),
        encoder(vocabulary, definition.merges, definition.merge_options),
        added(std::move(definition.added)),
        splitters(std::move(definition.splitters)),
        nfc(definition.normalize_nfc),
        offset_trim(definition.offset_trim),
        begin_token(definition.begin_token),
        end_token(definition.end_token),
        begin_token_text(std::move(definition.begin_token_text)) {}

  void encode_plain(std::string_view text, std::size_t offset, std::vector<EncodedPart>& parts) const {
    std::uint32_t begin = 0;
    for (const std::uint32_t end : split_all(splitters, text)) {
      encoder.encode(text.substr(begin, end - begin), static_cast<std::uint32_t>(offset) + begin, parts);
      begin = end;
    }
  }

  EncodedText encode(std::string_view text, bool parse_special) const {
    if (text.size() > std::numeric_limits<std::uint32_t>::max())
      throw InputError("tokenizing", fmt::format("text of {} bytes", text.size()),
                       "expected less than 4 GiB");
    if (const auto invalid = first_invalid_utf8(text))
      throw InputError("tokenizing", fmt::format("byte {}", *invalid), "not valid UTF-8");
    EncodedText encoded;
    encoded.parts.reserve(text.size() / 4 + 1);
    if (nfc) encoded.normalized.emplace();
    CharacterCounter characters(text);
    const auto add_piece = [&](std::size_t begin, std::size_t end, const AddedTokenMatch* match) {
      if (begin >= end && !match) return;
      std::size_t shift = 0;  // from the text's bytes to those of the normalized text
      if (nfc) {
        shift = encoded.normalized->text.size() - begin;
        append_text(text.substr(begin, end - begin), characters.span_of(begin, end).begin, match,
                    *encoded.normalized);
      }
      if (match) return encoded.append(*match, shift);
      const std::string_view piece = nfc ? std::string_view(encoded.normalized->text).substr(begin + shift)
                                         : text.substr(begin, end - begin);
      encode_piece(piece, begin + shift, parse_special, encoded);
    };
    std::size_t position = 0;
    for (const auto& match : added.matches(text, SearchStage::raw, parse_special)) {
      add_piece(position, match.begin, nullptr);
      add_piece(match.begin, match.end, &match);
      position = match.end;
    }
    add_piece(position, text.size(), nullptr);
    return encoded;
  }

  /// A piece between the tokens that are found in the text as it is; it begins at byte `offset` of what is
  /// encoded.
  void encode_piece(std::string_view piece, std::size_t offset, bool parse_special,
                    EncodedText& encoded) const {
    std::size_t position = 0;
    for (const auto& match : added.matches(piece, SearchStage::normalized, parse_special)) {
      if (position < match.begin)
        encode_plain(piece.substr(position, match.begin - position), offset + position, encoded.parts);
      encoded.append(match, offset);
      position = match.end;
    }
    encode_plain(piece.substr(position), offset + position, encoded.parts);
  }

  std::string hash;
  Vocabulary vocabulary;
  BytePairEncoder encoder;
  AddedTokens added;
  SplitterChain splitters;
  bool nfc;
  OffsetTrim offset_trim;
  std::optional<TokenId> begin_token, end_token;
  std::optional<std::string> begin_token_text;
};

Tokenizer::Tokenizer(TokenizerDefinition definition) : chat_template_(std::move(definition.chat_template)) {
  state_ = std::make_shared<const State>(std::move(definition));
}

Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::load(const std::filesystem::path& model) {
  const auto file = tokenizer_file(model);
  const auto is_json = file.extension() == ".json";
  return std::make_shared<const Tokenizer>(is_json ? definition_from_json(file)
                                                   : definition_from_gguf(GgufFile(file)));
}

Encoding Tokenizer::encode(std::string_view text, bool parse_special) const {
  const auto [parts, added, normalized] = state_->encode(text, parse_special);
  const std::string_view encoded = normalized ? normalized->text : text;
  auto next_added = added.begin();
  Encoding encoding;
  encoding.ids.reserve(parts.size());
  encoding.offsets.reserve(parts.size());
  CharacterCounter characters(encoded);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [id, begin, end] = parts[i];
    const bool is_added = next_added != added.end() && *next_added == i;
    if (is_added) ++next_added;
    auto span = characters.span_of(begin, end);
    if (normalized) span = original_span(span, *normalized);
    if (state_->offset_trim != OffsetTrim::none)
      span = trimmed(span, is_added ? encoded.substr(begin, end - begin) : std::string_view(token_bytes(id)),
                     is_added, state_->offset_trim);
    encoding.ids.push_back(id);
    encoding.offsets.push_back(span);
  }
  return encoding;
}

std::vector<TokenId> Tokenizer::encode_ids(std::string_view text, bool parse_special) const {
  const auto parts = state_->encode(text, parse_special).parts;
  std::vector<TokenId> ids(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) ids[i] = parts[i].id;
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skip_special) const {
  std::string bytes;
  for (const TokenId id : ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= size())
      throw InputError("decoding tokens", fmt::format("token {}", id),
                       fmt::format("expected 0 to {}", size() - 1));
    if (!skip_special || !is_special(id)) bytes += token_bytes(id);
  }
  return replace_invalid(std::move(bytes));
}

const std::string& Tokenizer::token_bytes(TokenId id) const { return state_->vocabulary.bytes(id); }
std::size_t Tokenizer::size() const { return state_->vocabulary.size(); }
std::optional<TokenId> Tokenizer::begin_token() const { return state_->begin_token; }
std::vector<TokenId> Tokenizer::with_begin(std::span<const TokenId> ids) const {
  std::vector<TokenId> all;
  all.reserve(ids.size() + 1);
  if (const auto begin = begin_token()) all.push_back(*begin);
  all.insert(all.end(), ids.begin(), ids.end());
  return all;
}

std::optional<std::string> Tokenizer::begin_token_text() const { return state_->begin_token_text; }
std::optional<TokenId> Tokenizer::end_token() const { return state_->end_token; }
bool Tokenizer::is_special(TokenId id) const { return state_->vocabulary.kind(id) == TokenKind::special; }
std::string Tokenizer::hash() const { return state_->hash; }

std::shared_ptr<const Tokenizer> Tokenizer::with_chat_template(std::string chat_template) const {
  const auto changed = std::make_shared<Tokenizer>(*this);
  changed->chat_template_ = std::move(chat_template);
  return changed;
}

}  // namespace conceptune::tokenizer
