// What a report begins with: what was done, what came out and what may not be concluded, in words.
#pragma once

#include <string>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/answer_tables.h"

namespace conceptune::report {

struct Opening {
  /// What was trained on what, how, with how many passages and seeds; a sentence each.
  std::vector<std::string> done;
  /// Answers of one verdict on the same two sides.
  struct Group {
    std::string verdict;  // "no difference larger than 0.01"
    std::string sides;    // "concepts, λ 0.5 minus content-only, λ 0.5; 5 seeds"
    Tone tone = Tone::neutral;
    bool is_decided = false;
    std::vector<std::string> measured;  // with the difference, its interval and the number of items
  };
  struct Finding {
    std::string question;
    std::vector<Group> groups;

    /// Answers without a verdict, and all.
    std::size_t undecided() const;
    std::size_t answers() const;
  };
  std::vector<Finding> found;
  /// Why more must not be read into it.
  std::vector<std::string> limits;
};

Opening opening_of(const experiment::Results& results, const std::vector<JudgedAnswer>& answers);

}  // namespace conceptune::report
