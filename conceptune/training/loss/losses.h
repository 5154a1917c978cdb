// The table of losses.
#pragma once

#include <string_view>
#include <vector>

#include "conceptune/training/loss/loss_rule.h"

namespace conceptune::training {

/// A loss as an option holds it. Those of the table are read, printed and documented by their names.
class Loss {
 public:
  /// The paper's.
  Loss();
  /// One of the caller's own, which need not be in the table; the rule must live as long. Its name must be no
  /// other loss's: runs are resumed where the names are the same.
  explicit Loss(const LossRule& rule) : rule_(&rule) {}

  /// All losses, in the table's order.
  static std::vector<Loss> all();

  const LossRule& rule() const { return *rule_; }
  std::string_view name() const { return rule_->name; }

  friend bool operator==(const Loss&, const Loss&) = default;

 private:
  const LossRule* rule_;
};

}  // namespace conceptune::training
