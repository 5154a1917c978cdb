// A concept source of one's own: a word's concept is what the model finds likely in its place and begins with
// the same letters, mostly the other forms of the word ("walked": walk, walking).
//
// usage: own_source MODEL TEXT DATASET
// TEXT holds a passage a line. The English pipeline is found as the program finds it
// (CONCEPTUNE_ENGLISH_PIPELINE).
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/concepts/annotate.h"

using namespace conceptune;

namespace {

class SameBeginning : public concepts::ConceptSource {
 public:
  explicit SameBeginning(std::size_t letters) : letters_(letters) {}

  /// What the dataset's card says of the source. Unfinished work that was made from something else is
  /// refused.
  Json made_from() const override { return {{"same_letters", letters_}}; }

  concepts::Outcomes fill(std::span<concepts::Draft> drafts, std::stop_token stop) const override {
    concepts::Outcomes outcomes;
    for (auto& draft : drafts) {
      if (stop.stop_requested()) throw Interrupted("annotation was stopped");
      for (std::size_t i = 0; i < draft.record.words.size(); ++i)
        fill(draft.record.words[i], draft.candidates[i], outcomes);
    }
    return outcomes;
  }

 private:
  void fill(concepts::ConceptWord& word, const concepts::Candidates& candidates,
            concepts::Outcomes& outcomes) const {
    const std::string beginning = word.word.substr(0, letters_);
    for (const auto& candidate : candidates)  // the likeliest first
      if (candidate.text.starts_with(beginning) && candidate.text != word.word &&
          !concepts::has_text_ignoring_case(word.synonyms, candidate.text))
        word.synonyms.push_back({{candidate.id}, candidate.text, candidate.probability});
    ++outcomes.asked;
    ++(word.synonyms.empty() ? outcomes.empty : outcomes.answered);
  }

  std::size_t letters_;
};

std::vector<corpus::Passage> read_lines(const char* path) {
  std::vector<corpus::Passage> passages;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) passages.push_back(corpus::make_passage(line));
  return passages;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fputs("usage: own_source MODEL TEXT DATASET\n", stderr), 2;
  try {
    const concepts::AnnotationModels models{
        .model = generation::LanguageModel(argv[1]),
        .pipeline = words::EnglishPipeline::load(words::find_english_pipeline())};
    const SameBeginning source(3);
    const auto statistics =
        concepts::annotate(read_lines(argv[2]), {}, models,
                           {.name = "same-beginning", .source = source, .needs_candidates = true},
                           std::filesystem::path(argv[3]));
    std::printf("%td content words, %td of them with %td words of the same beginning\n", statistics.words,
                statistics.words_with_synonyms, statistics.synonyms);
    for (const auto& record : concepts::read_records(argv[3]))
      for (const auto& word : record.words)
        if (!word.synonyms.empty()) {
          std::printf("%s:", word.word.c_str());
          for (const auto& synonym : word.synonyms) std::printf(" %s", synonym.text.c_str());
          std::printf("\n");
        }
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
