// A tokenizer from a tokenizer.json of Hugging Face tokenizers and the files beside it.
#include <fmt/format.h>
#include <simdjson.h>

#include <unordered_map>

#include "conceptune/base/error.h"
#include "conceptune/base/mapped_file.h"
#include "conceptune/runtime/tokenizer/added_tokens.h"
#include "conceptune/runtime/tokenizer/byte_alphabet.h"
#include "conceptune/runtime/tokenizer/definition.h"
#include "conceptune/runtime/tokenizer/json_added_tokens.h"
#include "conceptune/runtime/tokenizer/json_values.h"
#include "conceptune/runtime/tokenizer/regex_splitter.h"

namespace conceptune::tokenizer {
namespace {

constexpr std::string_view kDoing = "reading tokenizer";
constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kModelKeys[] = {
    "type",     "dropout",       "unk_token",     "continuing_subword_prefix",
    "fuse_unk", "byte_fallback", "ignore_merges", "end_of_word_suffix",
    "vocab",    "merges"};

class Reader : JsonValues {
 public:
  explicit Reader(std::string_view where) : JsonValues(kDoing, where) {}

  TokenizerDefinition read(std::string_view text) {
    if (text.size() > kMaxJsonBytes)
      fail(fmt::format("{} bytes, expected at most {}", text.size(), kMaxJsonBytes));
    dom::parser parser;
    if (parser.allocate(text.size(), kMaxDepth) != simdjson::SUCCESS) fail("not enough memory to parse it");
    dom::element root;
    if (const auto error = parser.parse(simdjson::padded_string(text)).get(root))
      fail(fmt::format("malformed JSON: {}", simdjson::error_message(error)));
    const auto model = object(root, "model");
    read_model_options(model);
    read_tokens(object(model, "vocab"), root);
    read_merges(model);
    read_normalizer(member(root, "normalizer"));
    definition_.added = added_tokens_of(*this, std::move(found_), definition_.normalize_nfc);
    read_pre_tokenizer(member(root, "pre_tokenizer"));
    if (!is_byte_level_) fail("no ByteLevel pre-tokenizer, expected byte-level BPE");
    read_post_processor(member(root, "post_processor"));
    return std::move(definition_);
  }

 private:
  TokenId id(dom::element value, std::string_view what) const {
    const auto number = as<std::int64_t>(value, what);
    if (number < 0 || number >= static_cast<std::int64_t>(kMaxTokens))
      fail(fmt::format("'{}' has id {}, expected 0 to {}", what, number, kMaxTokens - 1));
    return static_cast<TokenId>(number);
  }

  // ---- model ----

  void read_model_options(dom::element model) {
    check_keys(model, kModelKeys, "the model");
    if (const auto type = member(model, "type"); type && as<std::string_view>(*type, "type") != "BPE")
      fail(fmt::format("model type is '{}', expected 'BPE'", as<std::string_view>(*type, "type")));
    for (const auto* key : {"continuing_subword_prefix", "end_of_word_suffix"})
      if (const auto value = member(model, key); value && !as<std::string_view>(*value, key).empty())
        fail(fmt::format("'{}' is not supported", key));
    if (flag(model, "byte_fallback", false))
      fail("'byte_fallback' is not supported, expected byte-level BPE");
    if (const auto dropout = member(model, "dropout"); dropout && as<double>(*dropout, "dropout") != 0)
      fail("'dropout' is not supported: it splits a text differently each time");
    if (member(model, "unk_token")) fail("'unk_token' is not supported, expected byte-level BPE");
    definition_.merge_options.whole_pieces_first = flag(model, "ignore_merges", false);
    definition_.merge_options.skip_unknown_bytes = true;
  }

  void read_tokens(dom::element vocabulary, dom::element root) {
    for (const auto field : as<dom::object>(vocabulary, "vocab")) {
      if (!ids_.emplace(field.key, id(field.value, field.key)).second)
        fail(fmt::format("token '{}' twice", field.key));
    }
    for (const auto& [written, token] : ids_) place_vocabulary_token(written, token);
    if (const auto added = member(root, "added_tokens"))
      for (const auto token : as<dom::array>(*added, "added_tokens")) place_added_token(token);
    if (definition_.tokens.empty()) fail("the vocabulary is empty");
  }

  /// Room for the id; ids between others that no token has stay unused.
  void make_room(TokenId token) {
    const auto size = static_cast<std::size_t>(token) + 1;
    // A few tokens with high numbers must not cost more memory than the file.
    if (size > 2 * ids_.size() + 65536)
      fail(fmt::format("token id {} in a vocabulary of {}", token, ids_.size()));
    if (definition_.tokens.size() >= size) return;
    definition_.tokens.resize(size);
    definition_.kinds.resize(size, TokenKind::unused);
  }

  void place_vocabulary_token(std::string_view written, TokenId token) {
    make_room(token);
    const auto place = static_cast<std::size_t>(token);
    if (!definition_.tokens[place].empty()) fail(fmt::format("id {} has two tokens", token));
    if (auto bytes = bytes_of_written(written); bytes && !bytes->empty()) {
      definition_.tokens[place] = std::move(*bytes);
      definition_.kinds[place] = TokenKind::normal;
    } else {
      definition_.tokens[place] = written;  // outside the alphabet: no text becomes it by merges
    }
  }

  void place_added_token(dom::element token) {
    AddedToken added = added_token_of(*this, token);
    const auto content = string(token, "content");
    const auto number = member(token, "id");
    if (!number) fail(fmt::format("added token '{}' has no id", content));
    added.id = id(*number, content);
    if (!added_.emplace(content, added.id).second) fail(fmt::format("added token '{}' twice", content));
    if (const auto known = ids_.find(content); known != ids_.end())
      check_known_token(content, added.id, known->second);
    make_room(added.id);
    const auto place = static_cast<std::size_t>(added.id);
    definition_.tokens[place] = content;
    definition_.kinds[place] = added.special ? TokenKind::special : TokenKind::added;
    found_.push_back(std::move(added));
  }

  /// An added token that the vocabulary has as well: the same bytes, which merges may make too.
  void check_known_token(std::string_view content, TokenId place, TokenId known) {
    if (known != place)
      fail(fmt::format("added token '{}' has id {}, in the vocabulary {}", content, place, known));
    const auto bytes = bytes_of_written(content);
    if (!bytes) return;
    if (*bytes != content)
      fail(fmt::format("added token '{}' stands for other bytes in the vocabulary", content));
    // Merges find the others by their parts.
    if (definition_.merge_options.whole_pieces_first || bytes->size() == 1)
      definition_.pieces_too.push_back(place);
  }

  void read_merges(dom::element model) {
    const auto merges = member(model, "merges");
    if (!merges) fail("expected an array 'merges'");
    for (const auto merge : as<dom::array>(*merges, "merges")) {
      std::string_view left, right;
      if (merge.is_string()) {
        const auto text = as<std::string_view>(merge, "merges");
        const auto space = text.find(' ');
        if (space == std::string_view::npos) fail(fmt::format("merge '{}': expected two parts", text));
        left = text.substr(0, space);
        right = text.substr(space + 1);
      } else {
        const auto pair = as<dom::array>(merge, "merges");
        if (pair.size() != 2) fail(fmt::format("a merge of {} parts, expected two", pair.size()));
        left = as<std::string_view>(pair.at(0), "merges");
        right = as<std::string_view>(pair.at(1), "merges");
      }
      definition_.merges.push_back({id_of(left), id_of(right), id_of(std::string(left).append(right))});
    }
  }

  TokenId id_of(std::string_view token) const {
    const auto found = ids_.find(token);
    if (found == ids_.end()) fail(fmt::format("merges: '{}' is not in the vocabulary", token));
    return found->second;
  }

  // ---- stages ----

  void read_normalizer(const std::optional<dom::element>& normalizer) {
    for (const auto stage : stages_of(normalizer, "normalizers")) {
      const auto type = string(stage, "type");
      if (type != "NFC") fail(fmt::format("normalizer '{}' is not supported, expected 'NFC' or none", type));
      definition_.normalize_nfc = true;
    }
  }

  void read_pre_tokenizer(const std::optional<dom::element>& pre_tokenizer) {
    for (const auto stage : stages_of(pre_tokenizer, "pretokenizers")) {
      const auto type = string(stage, "type");
      if (type == "ByteLevel") {
        if (flag(stage, "add_prefix_space", true)) fail("'add_prefix_space' is not supported");
        if (flag(stage, "use_regex", true)) definition_.splitters.push_back(gpt2_splitter());
        is_byte_level_ = true;
      } else if (type == "Digits") {
        const bool each = flag(stage, "individual_digits", false);
        definition_.splitters.push_back(is_byte_level_ ? byte_number_splitter(each) : number_splitter(each));
      } else if (type == "Punctuation" && !is_byte_level_) {
        definition_.splitters.push_back(punctuation_splitter(punctuation_stands_alone(stage)));
      } else if (type == "Split") {
        read_split(stage);
      } else {
        fail(fmt::format("pre-tokenizer '{}' is not supported here", type));
      }
    }
  }

  bool punctuation_stands_alone(dom::element stage) const {
    const auto behavior = member(stage, "behavior");
    const auto name = behavior ? as<std::string_view>(*behavior, "behavior") : "Isolated";
    if (name != "Isolated" && name != "Contiguous")
      fail(fmt::format("Punctuation behavior '{}' is not supported", name));
    return name == "Isolated";
  }

  void read_split(dom::element stage) {
    const auto behavior = string(stage, "behavior");
    const bool inverted = flag(stage, "invert", false);
    // Keeping the matches alone is the same where the matches cover every text, as all families' do.
    if ((behavior != "Isolated" || inverted) && (behavior != "Removed" || !inverted))
      fail(fmt::format("Split behavior '{}' is not supported", behavior));
    const auto pattern = object(stage, "pattern");
    if (member(pattern, "Regex")) {
      const auto text = string(pattern, "Regex");
      if (is_byte_level_ && text != "[0-9][0-9][0-9]")
        fail(fmt::format("Split by '{}' after ByteLevel is not supported", text));
      definition_.splitters.push_back(splitter_of_pattern(text));
    } else {
      if (is_byte_level_) fail("Split by a string after ByteLevel is not supported");
      definition_.splitters.push_back(literal_splitter(string(pattern, "String")));
    }
  }

  void read_post_processor(const std::optional<dom::element>& post_processor) {
    for (const auto stage : stages_of(post_processor, "processors")) {
      const auto type = string(stage, "type");
      if (type == "ByteLevel") {
        const bool keeps_first = flag(stage, "add_prefix_space", true);
        definition_.offset_trim = !flag(stage, "trim_offsets", true) ? OffsetTrim::none
                                  : keeps_first                      ? OffsetTrim::all_but_first
                                                                     : OffsetTrim::all;
      } else if (type == "TemplateProcessing") {
        read_template(stage);
      } else {
        fail(fmt::format("post-processor '{}' is not supported", type));
      }
    }
  }

  /// The token that the template for one text puts before it, if any; one behind it is never added here.
  void read_template(dom::element stage) {
    const auto single = member(stage, "single");
    if (!single) fail("expected an array 'single' in TemplateProcessing");
    std::optional<std::string_view> before;
    bool is_behind = false;
    for (const auto item : as<dom::array>(*single, "single")) {
      if (member(item, "Sequence")) {
        is_behind = true;
        continue;
      }
      if (is_behind) fail("TemplateProcessing puts a token behind a text, which is not supported");
      if (before) fail("TemplateProcessing puts two tokens before a text, expected at most one");
      before = string(object(item, "SpecialToken"), "id");
    }
    if (!before) return;
    const auto known = added_.find(*before);
    if (known == added_.end()) fail(fmt::format("begin token '{}' is no added token", *before));
    definition_.begin_token = known->second;
  }

  TokenizerDefinition definition_;
  std::unordered_map<std::string_view, TokenId> ids_;  // of the vocabulary; views into the parsed document
  std::unordered_map<std::string_view, TokenId> added_;
  std::vector<AddedToken> found_;
  bool is_byte_level_ = false;
};

}  // namespace

TokenizerDefinition definition_from_json_text(std::string_view text, std::string_view where) {
  return Reader(where).read(text);
}

TokenizerDefinition definition_from_json(const std::filesystem::path& path) {
  const MappedFile file(path, kDoing);
  const auto bytes = file.bytes();
  auto definition =
      definition_from_json_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
  read_companion_files(path.parent_path(), definition);
  return definition;
}

}  // namespace conceptune::tokenizer
