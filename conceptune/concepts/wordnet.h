// WordNet (Fellbaum 1998): the database files of version 3.x, its morphology, and which words are close to a
// word. Formats: Princeton's wndb(5WN) and morphy(7WN).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/words/english/tagged_text.h"

namespace conceptune::concepts {

/// How two synsets may be related. similar_to links the head of an adjective cluster and its satellites;
/// coordinate means a common hypernym.
enum class WordNetRelation { similar_to, hypernym, hyponym, verb_group, coordinate };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::WordNetRelation>
    conceptune::enum_names<conceptune::concepts::WordNetRelation>[] = {
        {"similar-to", conceptune::concepts::WordNetRelation::similar_to},
        {"hypernym", conceptune::concepts::WordNetRelation::hypernym},
        {"hyponym", conceptune::concepts::WordNetRelation::hyponym},
        {"verb-group", conceptune::concepts::WordNetRelation::verb_group},
        {"coordinate", conceptune::concepts::WordNetRelation::coordinate}};

namespace conceptune::concepts {

struct WordNetOptions {
  std::filesystem::path folder = "/usr/share/wordnet";
  std::vector<WordNetRelation> relations = {WordNetRelation::similar_to, WordNetRelation::hypernym,
                                            WordNetRelation::hyponym};
  int depth = 1;
  int senses = 0;
  bool use_candidates = true;
  bool keep_inflections = false;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("folder", folder, "Folder with WordNet's database files (index.noun, data.noun, …)");
    visit("relations", relations, "Relations that count as close, besides sharing a synset");
    visit("depth", depth, "How many steps of one relation to follow", between(1, 20));
    visit("senses", senses, "Most frequent senses of the word to consider; 0 for all", at_least(0));
    visit("use_candidates", use_candidates,
          "Choose among the model's candidates; otherwise take WordNet's own words, several tokens long or "
          "not");
    visit("keep_inflections", keep_inflections, "Keep other inflections of the word itself as synonyms");
  }
};

/// Index of a synset in one database; unique over all parts of speech.
using Synset = std::uint32_t;

/// A synset that is close, and over how many steps (0: shared).
struct RelatedSynset {
  Synset synset;
  int distance;
};

/// The database, wholly in memory. Immutable and thread-safe. Words are lower case with spaces between their
/// parts.
class WordNet {
 public:
  /// The content of a database file by its name ("index.noun").
  using ReadFile = std::function<std::string(const std::string& name)>;

  /// Reads the index, data and exception files of nouns, verbs and adjectives. Throws InputError, with file
  /// and line, for anything that is not in the format, a file that is empty or ends within a line, and an
  /// index that has other words than the data. Exception files that were cut at the end of a line cannot be
  /// told from whole ones.
  static std::shared_ptr<const WordNet> load(const std::filesystem::path& folder);
  /// The same for files that do not lie in a folder; `where` stands for it in messages.
  static std::shared_ptr<const WordNet> read(const ReadFile& read, const std::string& where);
  ~WordNet();

  /// Base forms of a word that are in the database, each once: those that Princeton's program `wn` shows for
  /// the word and the part of speech, in its order. First the word as it stands, then what the exception list
  /// or else the first detachment rule that leads to a word of the database makes of it; each in every
  /// spelling that has synsets of its own. Differs from `wn` where that is of no use to single words: a verb
  /// with its preposition ("looked up") is taken as any other phrase, a word is not cut at a parenthesis, and
  /// all lines of a word in the exception list count ("aurar"). Empty for parts of speech other than noun,
  /// verb and adjective.
  std::vector<std::string> base_forms(std::string_view word, words::PartOfSpeech pos) const;

  /// Synsets of a base form (lower case), most frequent sense first; empty when unknown.
  const std::vector<Synset>& synsets(std::string_view base_form, words::PartOfSpeech pos) const;
  /// Words of a synset in the order and the case of the database ("Canis familiaris").
  const std::vector<std::string>& words(Synset synset) const;
  /// What the exception list says that a form (in the database's spelling) is an inflection of; empty for a
  /// form that is not on it.
  const std::vector<std::string>& exceptions(std::string_view form, words::PartOfSpeech pos) const;
  /// The forms that the exception list derives from a base form (in the database's spelling), in its order.
  const std::vector<std::string>& inflections(std::string_view base_form, words::PartOfSpeech pos) const;
  /// Whether a word, in any inflection, is in the database.
  bool contains(std::string_view word, words::PartOfSpeech pos) const;

  /// Synsets reached from `from`, itself first, each with its smallest distance, in order of distance and,
  /// within one, of `relations`; every relation is followed by itself, up to `depth` steps.
  std::vector<RelatedSynset> related(Synset from, const std::vector<WordNetRelation>& relations,
                                     int depth) const;

  /// SHA-256 over the files read.
  const std::string& hash() const;

 private:
  struct Data;
  class Loader;
  explicit WordNet(std::unique_ptr<Data> data);

  std::unique_ptr<Data> data_;
};

}  // namespace conceptune::concepts
