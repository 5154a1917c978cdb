#include "conceptune/runtime/jinja/loop.h"

#include "conceptune/runtime/jinja/operators.h"

namespace conceptune::jinja {

bool Loop::advance() {
  budget_.step();
  const auto* next = peek();
  if (!next) return false;
  before_ = std::move(current_);
  current_ = *next;
  if (++begin_ == ahead_.size()) ahead_.clear(), begin_ = 0;
  ++index0_;
  return true;
}

const Value* Loop::peek() {
  if (begin_ == ahead_.size()) {
    auto next = next_();
    if (!next) return nullptr;
    ahead_.push_back(std::move(*next));
  }
  return &ahead_[begin_];
}

std::int64_t Loop::length() {
  while (auto next = next_()) ahead_.push_back(std::move(*next));
  return index0_ + 1 + static_cast<std::int64_t>(ahead_.size() - begin_);
}

Value Loop::member(const std::shared_ptr<Loop>& self, std::string_view name) {
  check_running();
  if (name == "index") return {index0_ + 1};
  if (name == "index0") return {index0_};
  if (name == "first") return {index0_ == 0};
  if (name == "last") return {peek() == nullptr};
  if (name == "length") return {length()};
  if (name == "revindex") return {length() - index0_};
  if (name == "revindex0") return {length() - index0_ - 1};
  if (name == "depth") return {std::int64_t{1}};
  if (name == "depth0") return {std::int64_t{0}};
  if (name == "previtem") return before_;
  if (name == "nextitem") {
    const auto* next = peek();
    return next ? *next : Value();
  }
  if (name == "cycle" || name == "changed")
    return method_value(budget_, {self}, name == "cycle" ? "cycle" : "changed");
  return {};
}

Value Loop::cycle(const Items& arguments) const {
  check_running();
  if (arguments.empty()) budget_.fail("loop.cycle needs something to cycle through");
  return arguments[static_cast<std::size_t>(index0_) % arguments.size()];
}

Value Loop::changed(const Items& arguments) {
  check_running();
  bool is_same = last_arguments_ && last_arguments_->size() == arguments.size();
  for (std::size_t i = 0; is_same && i < arguments.size(); ++i)
    is_same = is_equal(budget_, (*last_arguments_)[i], arguments[i]);
  if (!is_same) last_arguments_.emplace(arguments, &budget_);
  return {!is_same};
}

void Loop::close() {
  next_ = nullptr;
  ahead_.clear();
  before_ = current_ = Value();
  last_arguments_.reset();
}

void Loop::check_running() const {
  if (!next_) budget_.refuse("a loop that is over");
}

}  // namespace conceptune::jinja
