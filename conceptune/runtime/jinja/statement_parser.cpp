// Statements: text, output, {% if %}, {% for %}.
#include <fmt/format.h>

#include "conceptune/runtime/jinja/loop.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/parser.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

struct If {
  std::vector<std::pair<Expression, Block>> branches;
  Block otherwise;

  Flow operator()(Rendering& rendering) const {
    for (const auto& [condition, body] : branches)
      if (is_true(condition(rendering))) return run(body, rendering);
    return run(otherwise, rendering);
  }
};

struct For {
  Target target;
  Expression list, condition;
  std::shared_ptr<const Frame> condition_frame, frame, otherwise_frame;
  Block body, otherwise;

  Flow operator()(Rendering& rendering) const {
    // Jinja runs {% else %} unless a round has come to its end.
    if (run_rounds(rendering) || !otherwise_frame) return Flow::on;
    const EnteredScope entered(rendering, *otherwise_frame);
    return run(otherwise, rendering);
  }

 private:
  /// Ends a loop however its rounds end.
  struct Closing {
    std::shared_ptr<Loop> loop;
    ~Closing() { loop->close(); }
  };

  /// Whether a round has come to its end.
  bool run_rounds(Rendering& rendering) const {
    const auto items = iterated(rendering.budget, list(rendering));
    const auto outer = rendering.scope;
    std::size_t position = 0;
    auto next = [&]() -> std::optional<Value> {
      while (position < items->values.size())
        if (auto item = selected(rendering, items->values[position++], outer)) return item;
      return std::nullopt;
    };
    const Closing closing{std::allocate_shared<Loop>(std::pmr::polymorphic_allocator<Loop>(&rendering.budget),
                                                     rendering.budget, std::ref(next))};
    bool is_done = false;
    while (closing.loop->advance()) {
      const EnteredScope entered(rendering, *frame, outer);
      target.assign(rendering, closing.loop->current());
      rendering.scope->set("loop", {closing.loop});
      const auto flow = run(body, rendering);
      if (flow == Flow::end_loop) break;
      is_done = is_done || flow == Flow::on;
    }
    return is_done;
  }

  /// The item where the condition holds, as Jinja hands it on: taken apart and put together again.
  std::optional<Value> selected(Rendering& rendering, const Value& item,
                                const std::shared_ptr<Scope>& outer) const {
    rendering.budget.step();
    if (!condition) return item;
    const EnteredScope entered(rendering, *condition_frame, outer);
    target.assign(rendering, item);
    if (!is_true(condition(rendering))) return std::nullopt;
    return repacked(rendering.budget, target, item);
  }

  static Value repacked(Budget& budget, const Target& target, const Value& item) {
    if (!target.is_tuple) return item;
    auto items = items_of(budget, item);
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = repacked(budget, target.parts[i], items[i]);
    return list_value(budget, std::move(items), List::Form::tuple);
  }
};

}  // namespace

Block Parser::block(std::initializer_list<std::string_view> ends) {
  const Nesting nesting(*this);
  Block statements;
  while (token().kind != Token::Kind::end) {
    if (token().kind == Token::Kind::data) {
      statements.push_back([text = tokens_[position_++].text](Rendering& rendering) {
        rendering.output += text;
        return Flow::on;
      });
    } else if (token().kind == Token::Kind::output_begin) {
      ++position_;
      statements.push_back(output());
      expect(Token::Kind::output_end);
    } else {
      const bool is_end =
          next().kind == Token::Kind::name && std::ranges::find(ends, next().text) != ends.end();
      expect(Token::Kind::block_begin);
      if (is_end) return statements;
      statements.push_back(tag());
      expect(Token::Kind::block_end);
    }
    refuse_unknown();
  }
  if (ends.size() > 0) fail(fmt::format("'{}' is missing at the template's end", *(ends.end() - 1)));
  return statements;
}

Block Parser::tag_body(std::initializer_list<std::string_view> ends) {
  refuse_unknown();
  take_sign(":");
  expect(Token::Kind::block_end);
  return block(ends);
}

Block Parser::whole_body(std::string_view end) {
  auto body = tag_body({end});
  expect_name(end);
  return body;
}

Statement Parser::output() {
  return [value = tuple()](Rendering& rendering) {
    const auto result = value(rendering);
    rendering.budget.line = value.line();
    append_str(rendering.budget, result, rendering.output);
    return Flow::on;
  };
}

Statement Parser::tag() {
  const int line = token().line;
  const auto tag = name();
  if (tag == "if") return if_tag();
  if (tag == "for") return for_tag();
  if (tag == "set") return set_tag();
  if (tag == "macro") return macro_tag();
  if (tag == "call") return call_tag();
  if (tag == "filter") return filter_tag();
  if (tag == "with") return with_tag();
  if (tag == "generation") return generation_tag();
  if (tag == "break") return loop_control_tag(Flow::end_loop);
  if (tag == "continue") return loop_control_tag(Flow::next_round);
  static constexpr std::string_view kOthers[] = {"autoescape", "block",   "extends", "from",
                                                 "import",     "include", "print"};
  if (std::ranges::find(kOthers, tag) != std::end(kOthers))
    fail_at(line, fmt::format("tag '{}' is not supported", tag));
  fail_at(line, fmt::format("tag '{}' was not expected here", tag));
}

Statement Parser::if_tag() {
  If statement;
  do {
    auto condition = tuple(false);
    unknown_.clear();
    ++place_.branches;
    statement.branches.emplace_back(std::move(condition), tag_body({"elif", "else", "endif"}));
    --place_.branches;
  } while (take_name("elif"));
  ++place_.branches;
  if (take_name("else")) {
    statement.otherwise = whole_body("endif");
  } else {
    expect_name("endif");
  }
  --place_.branches;
  return Statement(std::move(statement));
}

Statement Parser::for_tag() {
  For loop;
  loop.target = target(false);
  expect_name("in");
  loop.list = tuple(false);
  if (take_name("if")) {
    const InFrame in_frame(*this);
    declare_names(loop.target);
    loop.condition = expression();
    loop.condition_frame = place_.frame;
  }
  if (token().is_name("recursive")) fail("a recursive loop is not supported");
  {
    const InFrame in_frame(*this);
    declare_names(loop.target);
    loop.frame = place_.frame;
    if (++place_.function->loops > kMaxLoopNesting)
      fail(fmt::format("more than {} loops inside one another", kMaxLoopNesting));
    loop.body = tag_body({"else", "endfor"});
    --place_.function->loops;
  }
  if (take_name("else")) {
    const InFrame in_frame(*this);
    loop.otherwise_frame = place_.frame;
    loop.otherwise = whole_body("endfor");
  } else {
    expect_name("endfor");
  }
  return Statement(std::move(loop));
}

}  // namespace conceptune::jinja
