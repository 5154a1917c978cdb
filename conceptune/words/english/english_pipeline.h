// The English tagging pipeline: reads the model folder of spaCy's en_core_web_sm 3.x and computes what spaCy
// computes with it (tokens, tags, parts of speech, dependencies), natively.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/words/english/tagged_text.h"

namespace conceptune::words {

/// Thread-safe. What annotate() learns about frequent words is kept for later calls; results do not depend on
/// it.
class EnglishPipeline {
 public:
  /// Reads a model folder (the one with `config.cfg` and `tokenizer` in it). Throws InputError when a file is
  /// missing, malformed or of another architecture.
  static std::shared_ptr<const EnglishPipeline> load(const std::filesystem::path& folder);
  ~EnglishPipeline();

  /// Tokens of a text. `parse` runs the dependency parser too, as spaCy does by default: it also decides the
  /// part of speech of some words (about 1.6 % of tokens differ without it). Throws InputError for text that
  /// is no valid UTF-8 or longer than kMaxCharacters.
  std::vector<TaggedToken> annotate(std::string_view text, bool parse = true) const;

  /// The smallest difference between the best and the second-best score of any decision that annotate() takes
  /// on a text. Where it is below 1e-4, rounding may decide, and another processor may decide otherwise.
  float smallest_margin(std::string_view text, bool parse = true) const;

  /// SHA-256 over the model files that decide the results; recorded in datasets.
  const std::string& hash() const;

  /// spaCy's own limit (`nlp.max_length`).
  static constexpr std::size_t kMaxCharacters = 1'000'000;

 private:
  struct Parts;
  struct Workspace;
  class WorkspaceLoan;
  explicit EnglishPipeline(std::unique_ptr<Parts> parts);

  std::vector<TaggedToken> annotate(std::string_view text, bool parse, float* smallest_margin) const;

  std::unique_ptr<Parts> parts_;
};

/// Where the model folder is: `given`, else the environment variable CONCEPTUNE_ENGLISH_PIPELINE, else
/// `en_core_web_sm` in cache_folder(). Throws InputError when the first of these that is set is no such
/// folder.
std::filesystem::path find_english_pipeline(const std::optional<std::filesystem::path>& given = {});

}  // namespace conceptune::words
