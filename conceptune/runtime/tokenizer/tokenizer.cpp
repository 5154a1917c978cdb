#include "conceptune/runtime/tokenizer/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/nfc.h"

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

/// Turns byte positions, asked in rising order, into character spans.
class CharacterCounter {
 public:
  explicit CharacterCounter(std::string_view text) : text_(text) {}

  Span span_of(std::uint32_t begin, std::uint32_t end) {
    const auto first = begun_before(begin) - (is_inside_character(begin) ? 1 : 0);
    return {first, begun_before(end)};
  }

 private:
  bool is_inside_character(std::uint32_t position) const {
    return position < text_.size() && (static_cast<unsigned char>(text_[position]) & 0xc0) == 0x80;
  }

  /// How many characters begin before a byte position.
  std::uint32_t begun_before(std::uint32_t position) {
    for (; position_ < position; ++position_) count_ += !is_inside_character(position_);
    return count_;
  }

  std::string_view text_;
  std::uint32_t position_ = 0;
  std::uint32_t count_ = 0;
};

/// The file that holds the tokenizer of a model given as a file or a folder.
std::filesystem::path tokenizer_file(const std::filesystem::path& model) {
  if (!std::filesystem::is_directory(model)) return model;
  if (auto json = model / "tokenizer.json"; std::filesystem::exists(json)) return json;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(model))
    if (entry.path().extension() == ".gguf") files.push_back(entry.path());
  if (files.size() != 1)
    throw InputError("reading tokenizer", model.string(),
                     "expected a tokenizer.json or one .gguf file in the folder");
  return files[0];
}

/// Tokens with their bytes in the text, or in its normalized form where there is one.
struct EncodedText {
  std::vector<EncodedPart> parts;
  std::optional<NormalizedText> normalized;
};

void add_match(const AddedTokenMatch& match, std::size_t begin, std::vector<EncodedPart>& parts) {
  parts.push_back({match.id, static_cast<std::uint32_t>(begin),
                   static_cast<std::uint32_t>(begin + match.end - match.begin)});
}

/// Appends `text`, whose characters are numbered from `first`; returns the number after its last.
std::uint32_t append_as_is(std::string_view text, std::uint32_t first, NormalizedText& to) {
  to.text += text;
  for (const auto end = first + count_code_points(text); first < end; ++first) to.source.push_back(first);
  return first;
}

std::uint32_t append_normalized(std::string_view text, std::uint32_t first, NormalizedText& to) {
  const auto piece = normalize_nfc(text);
  if (!piece) return append_as_is(text, first, to);
  to.text += piece->text;
  for (const auto source : piece->source) to.source.push_back(first + source);
  return first + static_cast<std::uint32_t>(count_code_points(text));
}

/// A span within the normalized text as one of the original.
Span original_span(Span span, const NormalizedText& normalized) {
  if (span.begin == span.end) return span;
  return {normalized.source[span.begin], normalized.source[span.end - 1] + 1};
}

Span trimmed(Span span, std::string_view bytes, OffsetTrim trim) {
  auto leading = static_cast<std::uint32_t>(std::min(bytes.find_first_not_of(' '), bytes.size()));
  const auto trailing = static_cast<std::uint32_t>(bytes.size() - (bytes.find_last_not_of(' ') + 1));
  if (trim == OffsetTrim::all_but_first && span.begin == 0 && leading == 1) leading = 0;
  span.begin = std::min(span.begin + leading, span.end);
  span.end = std::max(span.end - std::min(trailing, span.end), span.begin);
  return span;
}

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerDefinition definition)
      : hash(hash_definition(definition)),
        vocabulary(std::move(definition.tokens), std::move(definition.kinds)),
        encoder(vocabulary, definition.merges, definition.merge_options),
        added(vocabulary),
        splitters(std::move(definition.splitters)),
        nfc(definition.normalize_nfc),
        offset_trim(definition.offset_trim),
        begin_token(definition.begin_token),
        end_token(definition.end_token),
        begin_token_text(std::move(definition.begin_token_text)),
        chat_template(std::move(definition.chat_template)) {}

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
    return nfc ? encode_normalizing(text, parse_special) : encode_as_is(text, parse_special);
  }

  EncodedText encode_as_is(std::string_view text, bool parse_special) const {
    EncodedText encoded;
    encoded.parts.reserve(text.size() / 4 + 1);
    std::size_t position = 0;
    while (const auto match = added.find(text, position, parse_special)) {
      encode_plain(text.substr(position, match->begin - position), position, encoded.parts);
      add_match(*match, match->begin, encoded.parts);
      position = match->end;
    }
    encode_plain(text.substr(position), position, encoded.parts);
    return encoded;
  }

  /// Brings what lies between added tokens into NFC first; offsets are within the normalized text.
  EncodedText encode_normalizing(std::string_view text, bool parse_special) const {
    EncodedText encoded;
    NormalizedText normalized;
    std::uint32_t characters = 0;
    const auto add_plain = [&](std::string_view plain) {
      const auto begin = normalized.text.size();
      characters = append_normalized(plain, characters, normalized);
      encode_plain(std::string_view(normalized.text).substr(begin), begin, encoded.parts);
    };
    std::size_t position = 0;
    while (const auto match = added.find(text, position, parse_special)) {
      add_plain(text.substr(position, match->begin - position));
      add_match(*match, normalized.text.size(), encoded.parts);
      characters = append_as_is(text.substr(match->begin, match->end - match->begin), characters, normalized);
      position = match->end;
    }
    add_plain(text.substr(position));
    encoded.normalized = std::move(normalized);
    return encoded;
  }

  std::string hash;
  Vocabulary vocabulary;
  BytePairEncoder encoder;
  AddedTokens added;
  SplitterChain splitters;
  bool nfc;
  OffsetTrim offset_trim;
  std::optional<TokenId> begin_token, end_token;
  std::optional<std::string> begin_token_text, chat_template;
};

Tokenizer::Tokenizer(TokenizerDefinition definition)
    : state_(std::make_unique<const State>(std::move(definition))) {}

Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::load(const std::filesystem::path& model) {
  const auto file = tokenizer_file(model);
  const auto is_json = file.extension() == ".json";
  return std::make_shared<const Tokenizer>(is_json ? definition_from_json(file)
                                                   : definition_from_gguf(GgufFile(file)));
}

Encoding Tokenizer::encode(std::string_view text, bool parse_special) const {
  const auto [parts, normalized] = state_->encode(text, parse_special);
  Encoding encoding;
  encoding.ids.reserve(parts.size());
  encoding.offsets.reserve(parts.size());
  CharacterCounter characters(normalized ? normalized->text : text);
  for (const auto& [id, begin, end] : parts) {
    auto span = characters.span_of(begin, end);
    if (normalized) span = original_span(span, *normalized);
    if (state_->offset_trim != OffsetTrim::none) span = trimmed(span, token_bytes(id), state_->offset_trim);
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
std::optional<std::string> Tokenizer::begin_token_text() const { return state_->begin_token_text; }
std::optional<TokenId> Tokenizer::end_token() const { return state_->end_token; }
bool Tokenizer::is_special(TokenId id) const { return state_->vocabulary.kind(id) == TokenKind::special; }
std::string Tokenizer::hash() const { return state_->hash; }
std::optional<std::string> Tokenizer::chat_template() const { return state_->chat_template; }

}  // namespace conceptune::tokenizer
