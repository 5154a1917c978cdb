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
  struct Finding {
    std::string question;
    std::vector<std::string> answers;  // those that are decided
    std::size_t undecided = 0;
  };
  std::vector<Finding> found;
  /// Why more must not be read into it.
  std::vector<std::string> limits;
};

Opening opening_of(const experiment::Results& results, const std::vector<JudgedAnswer>& answers);

}  // namespace conceptune::report
