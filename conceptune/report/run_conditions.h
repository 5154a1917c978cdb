// The arms of a run without their seeds, and what each is compared with.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conceptune/experiment/store.h"

namespace conceptune::report {

/// Arms that differ in their seeds alone.
struct RunCondition {
  /// As answers call it: "concepts, λ 0.5".
  std::string name;
  /// By seed.
  std::map<std::string, const experiment::StoredArm*> arms;

  /// Whether λ is 0.
  bool is_next_token() const;
};

/// Those of one base model, in the order of their first arms. `arms` must outlive them.
std::vector<RunCondition> conditions_of(const std::vector<experiment::StoredArm>& arms,
                                        const std::string& model);

/// Next-token training under the same conditions: agreeing in all that the grid varies outside of the
/// objective, of the same group where there are several. Null for next-token training itself, and where there
/// is none.
const RunCondition* next_token_beside(const RunCondition& condition,
                                      const std::vector<RunCondition>& conditions);

}  // namespace conceptune::report
