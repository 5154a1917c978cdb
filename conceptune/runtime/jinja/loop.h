// What `loop` is inside a for loop.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

/// A loop at work. It looks ahead no further than it is asked, as Jinja's does: the condition of
/// `for … if …` is evaluated when its element is needed.
class Loop {
 public:
  /// `next` gives the elements one by one.
  Loop(Budget& budget, std::function<std::optional<Value>()> next)
      : budget_(budget), next_(std::move(next)), ahead_(&budget) {}

  /// Goes to the next element; false at the end.
  bool advance();
  const Value& current() const { return current_; }

  /// loop.NAME, methods of the loop `self` included; undefined for what loops do not have. Throws InputError
  /// when the loop is over.
  Value member(const std::shared_ptr<Loop>& self, std::string_view name);

  /// loop.cycle(…) and loop.changed(…).
  Value cycle(const Items& arguments) const;
  Value changed(const Items& arguments);

  /// Lets go of all values: something may keep the loop longer than it runs.
  void close();

 private:
  const Value* peek();
  std::int64_t length();
  void check_running() const;

  Budget& budget_;
  std::function<std::optional<Value>()> next_;  // none when the loop is over
  Items ahead_;                                 // elements looked at before their round,
  std::size_t begin_ = 0;                       // from here on
  std::int64_t index0_ = -1;
  Value before_, current_;
  std::optional<Items> last_arguments_;
};

}  // namespace conceptune::jinja
