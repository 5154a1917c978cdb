// How an instruct model is asked about one word after another.
#pragma once

#include <filesystem>

#include "conceptune/concepts/substitute_pool.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::concepts {

struct YesNoOptions {
  SubstitutePool pool = SubstitutePool::wordnet;
  int words = 100;
  double least_log_odds = 0;
  std::filesystem::path template_file;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("pool", pool,
          "Words to ask about: WordNet's, those of the model's candidates that WordNet knows, or both");
    visit("words", words, "Words of the pool at most", at_least(1));
    visit("least_log_odds", least_log_odds, "log p(Yes) − log p(No) from which a word counts",
          between(-1000, 1000));
    visit("template_file", template_file, "Question of one's own instead");
  }
};

}  // namespace conceptune::concepts
