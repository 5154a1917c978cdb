// The other statements: {% set %}, {% macro %}, {% call %}, {% filter %}, {% with %}, {% generation %},
// {% break %} and {% continue %}.
#include <fmt/format.h>

#include <set>

#include "conceptune/runtime/jinja/parser.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

/// Writes what a tag gives, which Jinja wants to be text already.
void write_text(Rendering& rendering, std::string_view tag, const Value& value) {
  if (!value.text() && !value.is<Markup>())
    rendering.budget.fail(fmt::format("tag '{}' gives {}, not text", tag, kind_of(value)));
  append_str(rendering.budget, value, rendering.output);
}

Value filtered(Rendering& rendering, const std::vector<FilterCall>& filters, Value value) {
  for (const auto& filter : filters) value = filter.apply(rendering, value);
  return value;
}

/// Runs a tag's body in a scope of its own and gives what it writes, filtered, to `use`, if it runs to its
/// end.
template <class Use>
Flow run_captured(Rendering& rendering, const Frame& frame, const Block& body,
                  const std::vector<FilterCall>& filters, Use use) {
  Value value;
  {
    const EnteredScope entered(rendering, frame);
    Capture capture(rendering);
    if (const auto flow = run(body, rendering); flow != Flow::on) return flow;
    value = filtered(rendering, filters, capture.take());
  }
  use(value);
  return Flow::on;
}

struct SetBlock {
  Target target;
  std::vector<FilterCall> filters;
  std::shared_ptr<const Frame> frame;
  Block body;

  Flow operator()(Rendering& rendering) const {
    return run_captured(rendering, *frame, body, filters,
                        [&](const Value& value) { target.assign(rendering, value); });
  }
};

struct FilterBlock {
  std::vector<FilterCall> filters;
  std::shared_ptr<const Frame> frame;
  Block body;

  Flow operator()(Rendering& rendering) const {
    return run_captured(rendering, *frame, body, filters,
                        [&](const Value& value) { write_text(rendering, "filter", value); });
  }
};

struct With {
  std::vector<std::pair<Target, Expression>> variables;
  std::shared_ptr<const Frame> frame;
  Block body;

  Flow operator()(Rendering& rendering) const {
    Items values(&rendering.budget);
    for (const auto& [target, expression] : variables) values.push_back(expression(rendering));
    const EnteredScope entered(rendering, *frame);
    for (std::size_t i = 0; i < values.size(); ++i) variables[i].first.assign(rendering, values[i]);
    return run(body, rendering);
  }
};

}  // namespace

Statement Parser::set_tag() {
  auto variable = target(true);
  if (!take_sign("=")) return set_block(std::move(variable));
  auto value = tuple();
  set_names(variable);
  return [variable = std::move(variable), value = std::move(value)](Rendering& rendering) {
    variable.assign(rendering, value(rendering));
    return Flow::on;
  };
}

Statement Parser::set_block(Target variable) {
  SetBlock statement;
  set_names(variable);
  statement.target = std::move(variable);
  // Jinja fails where a filter's argument is a variable that the block itself does not use.
  names_allowed_ = false;
  while (take_sign("|")) statement.filters.push_back(filter());
  names_allowed_ = true;
  const InFrame in_frame(*this);
  statement.frame = place_.frame;
  statement.body = whole_body("endset");
  return Statement(std::move(statement));
}

void Parser::signature(Macro& macro) {
  std::set<std::string> names;
  expect_sign("(");
  while (!take_sign(")")) {
    if (!macro.parameters.empty()) expect_sign(",");
    auto parameter = name_to_set();
    if (!names.insert(parameter).second) fail(fmt::format("parameter '{}' is there twice", parameter));
    place_.frame->declare(parameter);
    macro.parameters.emplace_back(std::move(parameter), take_sign("=") ? expression() : Expression());
    const auto count = macro.parameters.size();
    if (count > 1 && macro.parameters[count - 2].second && !macro.parameters[count - 1].second)
      fail("a parameter without a default follows one with a default");
  }
  if (place_.function->mentions_caller) fail("'caller' in a parameter's default is not supported");
}

Statement Parser::macro_tag() {
  const auto macro = std::make_shared<Macro>();
  macro->name = name_to_set();
  place_.frame->set(macro->name, place_.branches > 0);
  const InFunction function(*this);
  macro->frame = place_.frame;
  signature(*macro);
  macro->body = whole_body("endmacro");
  macro->takes_caller = function.mentions_caller();
  return [macro](Rendering& rendering) {
    rendering.scope->set(macro->name, macro_value(rendering, *macro));
    return Flow::on;
  };
}

Statement Parser::call_tag() {
  const auto caller = std::make_shared<Macro>();
  caller->name = "caller";
  // The signature belongs to the block, the call that follows it does not.
  const auto outside = place_;
  const InFunction function(*this);
  caller->frame = place_.frame;
  if (token().is_sign("(")) signature(*caller);
  const auto inside = std::exchange(place_, outside);
  auto called = expression();
  place_ = inside;
  if (!called.call()) fail("expected a call");
  caller->body = whole_body("endcall");
  caller->takes_caller = function.mentions_caller();
  return [caller, called = std::move(called)](Rendering& rendering) {
    const auto block = macro_value(rendering, *caller);
    write_text(rendering, "call", called.call()->run(rendering, &block));
    return Flow::on;
  };
}

Statement Parser::filter_tag() {
  FilterBlock statement;
  const InFrame in_frame(*this);
  statement.frame = place_.frame;
  do statement.filters.push_back(filter());
  while (take_sign("|"));
  statement.body = whole_body("endfilter");
  return Statement(std::move(statement));
}

Statement Parser::with_tag() {
  With statement;
  while (token().kind != Token::Kind::block_end) {
    if (!statement.variables.empty()) expect_sign(",");
    auto variable = target(false);
    expect_sign("=");
    statement.variables.emplace_back(std::move(variable), expression());
  }
  const InFrame in_frame(*this);
  for (const auto& [variable, value] : statement.variables) declare_names(variable);
  statement.frame = place_.frame;
  statement.body = whole_body("endwith");
  return Statement(std::move(statement));
}

/// Marks what the assistant says, for training masks: to Jinja, the block of a call that writes it.
Statement Parser::generation_tag() {
  const auto block = std::make_shared<Macro>();
  const InFunction function(*this);
  block->frame = place_.frame;
  block->body = whole_body("endgeneration");
  block->takes_caller = function.mentions_caller();
  return [block](Rendering& rendering) {
    const EnteredScope entered(rendering, *block->frame);
    if (block->takes_caller) rendering.scope->set("caller", Value());
    return run(block->body, rendering);
  };
}

Statement Parser::loop_control_tag(Flow flow) {
  if (place_.function->loops == 0) fail("a break or continue outside of a loop");
  return [flow](Rendering&) { return flow; };
}

}  // namespace conceptune::jinja
