// Per-item values beside the results: every interval can be computed again from them, and an evaluation that
// is repeated or was interrupted reads what is there and computes only the rest.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/results/next_token_measures.h"

namespace conceptune::evaluation {

/// The folder of item files beside results.json.
inline constexpr const char* kItemFolder = "items";

/// The convention of the item files that hold PassageWords.
inline constexpr std::string_view kContentWords = "words";

/// What one file of items is known by.
struct ItemKey {
  std::string benchmark;
  std::string convention;  // may be empty
  std::string subject;
  Json made_from;  // everything that decides the items: hashes of model, adapter and data, options
};

/// A folder of JSON-lines files (zstd), one for each key. The first line of a file repeats the key.
class ItemFiles {
 public:
  /// An empty path keeps nothing and finds nothing.
  explicit ItemFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// "simlex999.paper.base.0123456789abcdef.jsonl.zst": the digits are of made_from's digest.
  static std::string file_name(const ItemKey& key);

  /// The items written under `key`; nothing when there are none or the file is damaged (a warning says so).
  std::optional<std::vector<Json>> find(const ItemKey& key) const;
  /// The same, each item made by `convert`; nothing either when their number is not `count`, or when
  /// `convert` throws one of nlohmann's exceptions.
  template <class Convert>
  auto find_as(const ItemKey& key, std::size_t count, Convert&& convert) const
      -> std::optional<std::vector<std::invoke_result_t<Convert, const Json&>>> {
    const auto items = find(key);
    if (!items || items->size() != count) return std::nullopt;
    std::vector<std::invoke_result_t<Convert, const Json&>> converted;
    try {
      for (const Json& item : *items) converted.push_back(convert(item));
    } catch (const Json::exception&) {
      return std::nullopt;
    }
    return converted;
  }
  /// The `count` items kept under `key`; where there are none, those that `make` gives, which are then kept.
  template <class Item, class Make>
  std::vector<Item> find_or_make(const ItemKey& key, std::size_t count, Item (*from_json)(const Json&),
                                 Json (*to_json)(const Item&), Make&& make) const {
    if (auto kept = find_as(key, count, from_json)) return *std::move(kept);
    const std::vector<Item> made = make();
    std::vector<Json> items;
    items.reserve(made.size());
    for (const Item& item : made) items.push_back(to_json(item));
    put(key, items);
    return made;
  }
  /// Throws SystemError when the disk refuses.
  void put(const ItemKey& key, const std::vector<Json>& items) const;
  bool keeps() const { return !folder_.empty(); }

 private:
  std::filesystem::path folder_;
};

/// The items of a file, whatever they are of. Throws InputError unless they are those that its first line
/// describes.
std::vector<Json> read_item_file(const std::filesystem::path& path);

/// What is wrong with a file of items by what its own first line says; empty for nothing.
std::string problem_of_item_file(const std::filesystem::path& path);

/// A passage's scores as one line of an item file, and back. The second throws nlohmann's exceptions when a
/// field is missing or of another type.
Json passage_scores_to_json(const PassageScores& scores);
PassageScores passage_scores_from_json(const Json& item);

/// The content words of a passage, in the order of PassageScores::content.
struct PassageWords {
  std::string id;
  std::vector<std::string> words;
};

/// The same of a passage's words.
Json passage_words_to_json(const PassageWords& passage);
PassageWords passage_words_from_json(const Json& item);

}  // namespace conceptune::evaluation
