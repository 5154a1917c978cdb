// WordNet's database: nine files, here one after the other with form feeds between them.
#include <map>
#include <string>

#include "conceptune/concepts/wordnet.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {
namespace {

using concepts::WordNet;
using concepts::WordNetRelation;

constexpr const char* kNames[] = {"data.noun", "index.noun", "noun.exc",  "data.verb", "index.verb",
                                  "verb.exc",  "data.adj",   "index.adj", "adj.exc"};

std::map<std::string, std::string> files_of(std::string_view text) {
  std::map<std::string, std::string> files;
  for (const char* name : kNames) {
    const std::size_t end = std::min(text.find('\f'), text.size());
    files[name] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return files;
}

/// Asks for a word in every way in which the concept source does.
void ask(const WordNet& wordnet, const std::string& word) {
  for (const auto pos : {words::PartOfSpeech::noun, words::PartOfSpeech::verb, words::PartOfSpeech::adj})
    for (const auto& form : wordnet.base_forms(word, pos))
      for (const auto synset : wordnet.synsets(form, pos))
        for (const auto& related : wordnet.related(
                 synset,
                 {WordNetRelation::similar_to, WordNetRelation::hypernym, WordNetRelation::hyponym,
                  WordNetRelation::verb_group, WordNetRelation::coordinate},
                 3))
          wordnet.words(related.synset);
}

}  // namespace

bool read_wordnet(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const auto files = files_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    const auto wordnet = WordNet::read([&](const std::string& name) { return files.at(name); }, "fuzzed");
    for (const char* word :
         {"fires", "big blazes", "boxesful", "burnt", "hotter", "e-mails", "--", "", "\xc3\xa9s"})
      ask(*wordnet, word);
    // What the exception lists hold is asked for too.
    for (const char* name : {"noun.exc", "verb.exc", "adj.exc"}) {
      const std::string& content = files.at(name);
      ask(*wordnet, content.substr(0, content.find(' ')));
    }
  });
}

}  // namespace conceptune::fuzz
