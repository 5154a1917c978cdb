#include "conceptune/words/english/english_pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <mutex>

#include "conceptune/base/cache_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/utf8.h"
#include "conceptune/words/english/attribute_ruler.h"
#include "conceptune/words/english/dependency_parser.h"
#include "conceptune/words/english/tagger.h"
#include "conceptune/words/english/token_encoder.h"
#include "conceptune/words/english/word_norms.h"
#include "conceptune/words/english/word_tokenizer.h"
#include "conceptune/words/english/word_types.h"

namespace conceptune::words {
namespace {

namespace fs = std::filesystem;

// The files that decide results.
constexpr const char* kFiles[] = {"tokenizer",    "vocab/lookups.bin", "tok2vec/model",
                                  "tagger/model", "tagger/cfg",        "parser/model",
                                  "parser/moves", "parser/cfg",        "attribute_ruler/patterns"};

constexpr const char* kPipelineVariable = "CONCEPTUNE_ENGLISH_PIPELINE";

std::string hash_of(const fs::path& folder) {
  Sha256 hash;
  for (const char* file : kFiles) hash.update(sha256_of_file(folder / file));
  return hash.hex();
}

void check_text(std::string_view text) {
  constexpr std::string_view kDoing = "tagging text";
  if (const auto invalid = first_invalid_utf8(text))
    throw InputError(kDoing, fmt::format("byte {}", *invalid), "not valid UTF-8");
  if (text.size() <= EnglishPipeline::kMaxCharacters) return;
  if (const std::size_t characters = count_code_points(text); characters > EnglishPipeline::kMaxCharacters)
    throw InputError(kDoing, fmt::format("a text of {} characters", characters),
                     fmt::format("expected at most {}; split it", EnglishPipeline::kMaxCharacters));
}

/// Symbols of the ruler for a list of labels.
std::vector<AttributeRuler::Symbol> symbols_of(const AttributeRuler& ruler,
                                               const std::vector<std::string>& labels) {
  std::vector<AttributeRuler::Symbol> symbols;
  symbols.reserve(labels.size());
  for (const std::string& label : labels) symbols.push_back(ruler.symbol(label));
  return symbols;
}

}  // namespace

/// What one call needs for itself, kept for the next one.
struct EnglishPipeline::Workspace {
  explicit Workspace(const Parts& parts);

  WordTokenizer::Cache chunks;
  WordTypes words;
  std::vector<std::uint32_t> types;
};

struct EnglishPipeline::Parts {
  explicit Parts(const fs::path& folder)
      : tokenizer(WordTokenizer::load(folder / "tokenizer")),
        norms(WordNorms::load(folder / "vocab/lookups.bin")),
        encoder(TokenEncoder::load(folder / "tok2vec/model")),
        tagger(Tagger::load(folder / "tagger")),
        parser(DependencyParser::load(folder / "parser")),
        ruler(AttributeRuler::load(folder / "attribute_ruler/patterns")),
        hash(hash_of(folder)),
        tag_symbols(symbols_of(ruler, tagger.labels())),
        dependency_symbols(symbols_of(ruler, parser.labels())),
        no_dependency(ruler.symbol("")) {}

  /// The result, from the pieces and what the networks (and, unless null, the parser) said about them.
  std::vector<TaggedToken> tokens(std::string_view text, const std::vector<WordPiece>& pieces,
                                  const std::vector<std::uint16_t>& tags, const Parse* parse,
                                  const std::vector<AttributeRuler::Token>& ruled) const;

  WordTokenizer tokenizer;
  WordNorms norms;
  TokenEncoder encoder;
  Tagger tagger;
  DependencyParser parser;
  AttributeRuler ruler;
  std::string hash;
  std::vector<AttributeRuler::Symbol> tag_symbols, dependency_symbols;
  AttributeRuler::Symbol no_dependency;

  std::mutex mutex;
  std::vector<std::unique_ptr<Workspace>> idle;
};

EnglishPipeline::Workspace::Workspace(const Parts& parts) : words(parts.norms, parts.encoder, parts.ruler) {}

/// A workspace of one's own for the length of a call.
class EnglishPipeline::WorkspaceLoan {
 public:
  explicit WorkspaceLoan(Parts& parts) : parts_(parts) {
    const std::scoped_lock lock(parts.mutex);
    if (parts.idle.empty()) {
      workspace_ = std::make_unique<Workspace>(parts);
    } else {
      workspace_ = std::move(parts.idle.back());
      parts.idle.pop_back();
    }
  }
  ~WorkspaceLoan() {
    const std::scoped_lock lock(parts_.mutex);
    parts_.idle.push_back(std::move(workspace_));
  }
  WorkspaceLoan(const WorkspaceLoan&) = delete;
  WorkspaceLoan& operator=(const WorkspaceLoan&) = delete;

  Workspace* operator->() const { return workspace_.get(); }

 private:
  Parts& parts_;
  std::unique_ptr<Workspace> workspace_;
};

EnglishPipeline::EnglishPipeline(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EnglishPipeline::~EnglishPipeline() = default;

std::shared_ptr<const EnglishPipeline> EnglishPipeline::load(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw InputError("opening the English pipeline", folder.string(), "no such folder");
  return std::shared_ptr<const EnglishPipeline>(new EnglishPipeline(std::make_unique<Parts>(folder)));
}

const std::string& EnglishPipeline::hash() const { return parts_->hash; }

std::vector<TaggedToken> EnglishPipeline::Parts::tokens(
    std::string_view text, const std::vector<WordPiece>& pieces, const std::vector<std::uint16_t>& tags,
    const Parse* parse, const std::vector<AttributeRuler::Token>& ruled) const {
  std::vector<TaggedToken> tokens;
  tokens.reserve(pieces.size());
  std::uint32_t begin = 0;
  for (std::size_t t = 0; t < pieces.size(); ++t) {
    const AttributeRuler::Verdict verdict = ruler.judge(ruled, t);
    const std::string_view word = text.substr(pieces[t].begin, pieces[t].size);
    TaggedToken token{.text = std::string(word),
                      .begin = begin,
                      .space_after = pieces[t].space_after,
                      .tag = verdict.tag.value_or(tagger.labels()[tags[t]]),
                      .pos = verdict.pos.value_or(PartOfSpeech::x),
                      .dependency = {},
                      .head = static_cast<std::int32_t>(t),
                      .sentence_start = false};
    if (parse != nullptr) {
      token.dependency = verdict.dependency.value_or(parser.labels()[parse->forest.labels[t]]);
      token.head = parse->forest.heads[t];
      token.sentence_start = parse->sentence_start[t];
    }
    tokens.push_back(std::move(token));
    begin += static_cast<std::uint32_t>(count_code_points(word)) + (pieces[t].space_after ? 1 : 0);
  }
  return tokens;
}

std::vector<TaggedToken> EnglishPipeline::annotate(std::string_view text, bool parse) const {
  return annotate(text, parse, nullptr);
}

float EnglishPipeline::smallest_margin(std::string_view text, bool parse) const {
  float margin = std::numeric_limits<float>::infinity();
  annotate(text, parse, &margin);
  return margin;
}

std::vector<TaggedToken> EnglishPipeline::annotate(std::string_view text, bool parse,
                                                   float* smallest_margin) const {
  check_text(text);
  const WorkspaceLoan workspace(*parts_);
  const std::vector<WordPiece> pieces = parts_->tokenizer.split(text, workspace->chunks);
  workspace->words.look_up(text, pieces, workspace->types);

  TokenEncoder::Document document(parts_->encoder, pieces.size());
  std::vector<bool> is_space(pieces.size());
  std::vector<AttributeRuler::Token> ruled(pieces.size());
  for (std::size_t t = 0; t < pieces.size(); ++t) {
    const std::uint32_t type = workspace->types[t];
    std::copy_n(workspace->words.embedding(type), TokenEncoder::kWidth, document.row(t));
    is_space[t] = workspace->words.is_space(type);
    ruled[t] = {AttributeRuler::kUnknown, workspace->words.lower(type), parts_->no_dependency, is_space[t]};
  }
  parts_->encoder.encode(document);
  const std::vector<std::uint16_t> tags = parts_->tagger.tag(document, smallest_margin);
  Parse parsed;
  if (parse) parsed = parts_->parser.parse(document, is_space, smallest_margin);
  for (std::size_t t = 0; t < pieces.size(); ++t) {
    ruled[t].tag = parts_->tag_symbols[tags[t]];
    if (parse) ruled[t].dependency = parts_->dependency_symbols[parsed.forest.labels[t]];
  }
  return parts_->tokens(text, pieces, tags, parse ? &parsed : nullptr, ruled);
}

std::filesystem::path find_english_pipeline(const std::optional<fs::path>& given) {
  const char* variable = std::getenv(kPipelineVariable);
  if (!given && (variable == nullptr || *variable == '\0')) {
    const fs::path cached = cache_folder() / "en_core_web_sm";
    if (fs::exists(cached / kFiles[0])) return cached;
    throw InputError(
        "finding the English pipeline", cached.string(),
        fmt::format(
            "not there; fetch it by 'conceptune fetch english-pipeline', or name the folder of spaCy's "
            "en_core_web_sm or set {}",
            kPipelineVariable));
  }
  const fs::path folder = given ? *given : fs::path(variable);
  if (!fs::exists(folder / kFiles[0]))
    throw InputError("finding the English pipeline", folder.string(),
                     fmt::format("no '{}' in it; expected the folder of spaCy's en_core_web_sm", kFiles[0]));
  return folder;
}

}  // namespace conceptune::words
