// Several faults of one input, told at once.
#pragma once

#include <string>
#include <vector>

#include "conceptune/base/error.h"

namespace conceptune {

/// what() has the summary and, below it, a line for each fault. Whoever shows them takes the parts, since a
/// fault's own text may hold line breaks.
class InputErrors : public InputError {
 public:
  InputErrors(std::string summary, std::vector<std::string> faults);

  const std::string& summary() const { return summary_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::string summary_;
  std::vector<std::string> faults_;
};

}  // namespace conceptune
