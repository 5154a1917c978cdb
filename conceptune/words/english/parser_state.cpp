#include "conceptune/words/english/parser_state.h"

#include <cassert>

namespace conceptune::words {
namespace {

std::size_t index(std::int32_t token) { return static_cast<std::size_t>(token); }

}  // namespace

ParserState::ParserState(std::int32_t tokens)
    : size_(tokens),
      heads_(index(tokens), kNone),
      labels_(index(tokens)),
      newest_left_(index(tokens), kNone),
      newest_right_(index(tokens), kNone),
      previous_sibling_(index(tokens), kNone),
      unshiftable_(index(tokens)),
      sentence_start_(index(tokens)) {}

std::int32_t ParserState::stack(std::size_t depth) const {
  return depth < stack_.size() ? stack_[stack_.size() - 1 - depth] : kNone;
}

std::int32_t ParserState::buffer(std::size_t offset) const {
  if (offset < returned_.size()) return returned_[returned_.size() - 1 - offset];
  const std::int32_t token = next_ + static_cast<std::int32_t>(offset - returned_.size());
  return token < size_ ? token : kNone;
}

std::array<std::int32_t, ParserState::kContextTokens> ParserState::context() const {
  const std::int32_t next = buffer(0);
  const std::int32_t top = stack(0);
  return {next,
          buffer(1),
          top,
          stack(1),
          stack(2),
          next == kNone ? kNone : newest_left_[index(next)],
          top == kNone ? kNone : newest_left_[index(top)],
          top == kNone ? kNone : newest_right_[index(top)]};
}

bool ParserState::is_valid(ParserAction action) const {
  const std::int32_t next = buffer(0);
  switch (action) {
    case ParserAction::shift:
      return stack_.empty() || (buffered() >= 2 && !starts_sentence(next) && unshiftable_[index(next)] == 0);
    case ParserAction::reduce:
      return !stack_.empty();
    case ParserAction::left:
    case ParserAction::right:
      return !stack_.empty() && next != kNone && !starts_sentence(next);
    case ParserAction::stop_sentence:
      return buffered() >= 2 && buffer(1) == next + 1 && !starts_sentence(next + 1);
  }
  return false;
}

void ParserState::apply(ParserAction action, std::uint16_t label) {
  assert(is_valid(action));
  const std::int32_t next = buffer(0);
  switch (action) {
    case ParserAction::shift:
      return push();
    case ParserAction::reduce:
      return reduce();
    case ParserAction::left:
      add_arc(next, stack(0), label);
      unshiftable_[index(next)] = 0;
      stack_.pop_back();
      return;
    case ParserAction::right:
      add_arc(stack(0), next, label);
      return push();
    case ParserAction::stop_sentence:
      sentence_start_[index(next + 1)] = 1;
  }
}

void ParserState::push() {
  stack_.push_back(buffer(0));
  if (returned_.empty())
    ++next_;
  else
    returned_.pop_back();
}

/// Pops the top of the stack. One without a head goes back before the next token instead, unless it is the
/// only one.
void ParserState::reduce() {
  const std::int32_t top = stack(0);
  const bool done = heads_[index(top)] != kNone || stack_.size() == 1;
  stack_.pop_back();
  if (done) return;
  unshiftable_[index(top)] = 1;
  returned_.push_back(top);
}

void ParserState::add_arc(std::int32_t head, std::int32_t child, std::uint16_t label) {
  // A left arc may take a token from the head that a right arc gave it; it is that head's newest right child.
  if (const std::int32_t old = heads_[index(child)]; old != kNone) {
    auto& newest = old > child ? newest_left_[index(old)] : newest_right_[index(old)];
    assert(newest == child);
    newest = previous_sibling_[index(child)];
  }
  auto& newest = head > child ? newest_left_[index(head)] : newest_right_[index(head)];
  previous_sibling_[index(child)] = newest;
  newest = child;
  heads_[index(child)] = head;
  labels_[index(child)] = label;
}

}  // namespace conceptune::words
