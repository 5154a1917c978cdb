// The table of losses.
#pragma once

#include <string_view>
#include <vector>

#include "conceptune/training/loss/loss_rule.h"

namespace conceptune::training {

/// A loss of the table, as an option holds it: read, printed and documented by its name.
class Loss {
 public:
  /// The paper's.
  Loss();

  /// All losses, in the table's order.
  static std::vector<Loss> all();

  const LossRule& rule() const { return *rule_; }
  std::string_view name() const { return rule_->name; }

  friend bool operator==(const Loss&, const Loss&) = default;

 private:
  explicit Loss(const LossRule& rule) : rule_(&rule) {}

  const LossRule* rule_;
};

}  // namespace conceptune::training
