#include "conceptune/runtime/tokenizer/tokenizer.h"

#include <fmt/format.h>

#include <limits>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/definition.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Number and order of everything that decides ids, as bytes to hash.
std::string hash_definition(const TokenizerDefinition& definition) {
  Sha256 digest;
  const auto add = [&](std::string_view text) { digest.update(fmt::format("{}:{}\n", text.size(), text)); };
  for (const auto& stage : definition.splitters) add(stage->description());
  add(fmt::format("{} {} {}", definition.merge_options.whole_pieces_first,
                  definition.merge_options.skip_unknown_bytes, definition.begin_token.value_or(-1)));
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

}  // namespace

struct Tokenizer::State {
  explicit State(TokenizerDefinition definition)
      : hash(hash_definition(definition)),
        vocabulary(std::move(definition.tokens), std::move(definition.kinds)),
        encoder(vocabulary, definition.merges, definition.merge_options),
        added(vocabulary),
        splitters(std::move(definition.splitters)),
        begin_token(definition.begin_token),
        end_token(definition.end_token),
        chat_template(std::move(definition.chat_template)) {}

  void encode_plain(std::string_view text, std::uint32_t offset, std::vector<EncodedPart>& parts) const {
    std::uint32_t begin = 0;
    for (const std::uint32_t end : split_all(splitters, text)) {
      encoder.encode(text.substr(begin, end - begin), offset + begin, parts);
      begin = end;
    }
  }

  std::vector<EncodedPart> encode(std::string_view text, bool parse_special) const {
    if (text.size() > std::numeric_limits<std::uint32_t>::max())
      throw InputError("tokenizing", fmt::format("text of {} bytes", text.size()),
                       "expected less than 4 GiB");
    if (const auto invalid = first_invalid_utf8(text))
      throw InputError("tokenizing", fmt::format("byte {}", *invalid), "not valid UTF-8");
    std::vector<EncodedPart> parts;
    parts.reserve(text.size() / 4 + 1);
    std::size_t position = 0;
    while (const auto match = added.find(text, position, parse_special)) {
      encode_plain(text.substr(position, match->begin - position), static_cast<std::uint32_t>(position),
                   parts);
      parts.push_back(
          {match->id, static_cast<std::uint32_t>(match->begin), static_cast<std::uint32_t>(match->end)});
      position = match->end;
    }
    encode_plain(text.substr(position), static_cast<std::uint32_t>(position), parts);
    return parts;
  }

  std::string hash;
  Vocabulary vocabulary;
  BytePairEncoder encoder;
  AddedTokens added;
  SplitterChain splitters;
  std::optional<TokenId> begin_token, end_token;
  std::optional<std::string> chat_template;
};

Tokenizer::Tokenizer(TokenizerDefinition definition)
    : state_(std::make_unique<const State>(std::move(definition))) {}

Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::load(const std::filesystem::path& model) {
  return std::make_shared<const Tokenizer>(definition_from_gguf(GgufFile(model)));
}

Encoding Tokenizer::encode(std::string_view text, bool parse_special) const {
  const auto parts = state_->encode(text, parse_special);
  Encoding encoding;
  encoding.ids.reserve(parts.size());
  encoding.offsets.reserve(parts.size());
  CharacterCounter characters(text);
  for (const auto& [id, begin, end] : parts) {
    encoding.ids.push_back(id);
    encoding.offsets.push_back(characters.span_of(begin, end));
  }
  return encoding;
}

std::vector<TokenId> Tokenizer::encode_ids(std::string_view text, bool parse_special) const {
  const auto parts = state_->encode(text, parse_special);
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
std::optional<TokenId> Tokenizer::end_token() const { return state_->end_token; }
bool Tokenizer::is_special(TokenId id) const { return state_->vocabulary.kind(id) == TokenKind::special; }
std::string Tokenizer::hash() const { return state_->hash; }
std::optional<std::string> Tokenizer::chat_template() const { return state_->chat_template; }

}  // namespace conceptune::tokenizer
