#include "conceptune/runtime/jinja/rendering.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/runtime/jinja/methods.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kFunctions[] = {"range", "dict", "namespace", "raise_exception"};
constexpr std::string_view kOtherFunctions[] = {"cycler", "joiner", "lipsum"};

/// The parameters of a macro as variables of its scope.
void bind(Rendering& rendering, const Macro& macro, const Arguments& arguments) {
  auto& budget = rendering.budget;
  const auto& parameters = macro.parameters;
  if (arguments.positional.size() > parameters.size())
    budget.fail(fmt::format("macro '{}' takes at most {} arguments", macro.name, parameters.size()));
  std::pmr::vector<const Value*> given(parameters.size(), nullptr, &budget);
  std::ranges::transform(arguments.positional, given.begin(), [](const Value& value) { return &value; });
  if (macro.takes_caller) rendering.scope->set("caller", Value());
  for (const auto& [name, value] : arguments.named) {
    budget.step(parameters.size() / 8);
    const auto found = std::ranges::find(parameters, name, &std::pair<std::string, Expression>::first);
    const auto index = static_cast<std::size_t>(found - parameters.begin());
    if (found != parameters.end() && !given[index]) {
      given[index] = &value;
    } else if (found == parameters.end() && macro.takes_caller && name == "caller") {
      rendering.scope->set("caller", value.is<None>() ? Value() : value);
    } else {
      budget.fail(fmt::format("macro '{}' has no use for argument '{}'", macro.name, name));
    }
  }
  for (std::size_t i = 0; i < parameters.size(); ++i)
    rendering.scope->set(parameters[i].first, given[i] ? *given[i] : Value());
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (const auto& [name, otherwise] = parameters[i]; !given[i] && otherwise)
      rendering.scope->set(name, otherwise(rendering));
}

Value call_macro(Rendering& rendering, const Callable& callable, const Arguments& arguments) {
  auto outer = callable.scope.lock();
  if (!outer)
    rendering.budget.refuse(
        fmt::format("macro '{}' after the end of the block that holds it", callable.name));
  const int line = rendering.budget.line;
  const EnteredScope entered(rendering, *callable.macro->frame, std::move(outer));
  bind(rendering, *callable.macro, arguments);
  Capture capture(rendering);
  run(callable.macro->body, rendering);
  rendering.budget.line = line;
  return capture.take();
}

Value call_function(Rendering& rendering, std::string_view name, const Arguments& arguments) {
  auto& budget = rendering.budget;
  if (name == "range") return make_range(budget, arguments);
  if (name == "dict") return make_dict(budget, arguments);
  if (name == "namespace") return rendering.make_namespace(arguments);
  const Bound bound(budget, "raise_exception", arguments, {"message"}, 1);
  budget.fail(fmt::format("the template refuses: {}", std::string_view(str_of(budget, *bound[0]))));
}

}  // namespace

const Value* Scope::find_here(std::string_view name) const {
  budget_.step(variables_.size() / 8);
  const auto found = std::ranges::find(variables_, name, &std::pair<std::string_view, Value>::first);
  return found == variables_.end() ? nullptr : &found->second;
}

const Value* Scope::find(std::string_view name) const {
  for (const auto* scope = this; scope; scope = scope->outer_.get())
    if (const auto* found = scope->find_here(name)) return found;
  return nullptr;
}

void Scope::set(std::string_view name, Value value) {
  const auto found = std::ranges::find(variables_, name, &std::pair<std::string_view, Value>::first);
  budget_.step(variables_.size() / 8);
  if (found != variables_.end()) {
    found->second = std::move(value);
  } else {
    variables_.emplace_back(name, std::move(value));
  }
}

Rendering::Rendering()
    : scope(std::allocate_shared<Scope>(std::pmr::polymorphic_allocator<Scope>(&budget), budget, nullptr)) {}

Rendering::~Rendering() {
  for (const auto& names : namespaces_) names->clear();
}

Value Rendering::make_namespace(const Arguments& arguments) {
  const auto members = make_dict(budget, arguments);
  auto names = std::allocate_shared<Namespace>(std::pmr::polymorphic_allocator<Namespace>(&budget), budget);
  namespaces_.push_back(names);
  for (const auto& [key, value] : members.dict()->entries) {
    if (!key.text()) budget.refuse("a namespace's member that is not named by text");
    names->set(*key.text(), value);
  }
  return {std::move(names)};
}

EnteredScope::EnteredScope(Rendering& rendering, const Frame& frame, std::shared_ptr<Scope> outer)
    : rendering_(rendering), before_(rendering.scope) {
  auto& budget = rendering.budget;
  auto scope =
      std::allocate_shared<Scope>(std::pmr::polymorphic_allocator<Scope>(&budget), budget, std::move(outer));
  for (const auto& name : frame.hidden()) scope->set(name, Value());
  rendering.scope = std::move(scope);
}

Expression::Expression(int line, int depth, std::shared_ptr<const CallSite> call)
    : line_(line),
      depth_(depth),
      function_(std::make_shared<const Function>(
          [site = call.get()](Rendering& rendering) { return site->run(rendering, nullptr); })),
      call_(std::move(call)) {}

Value Expression::operator()(Rendering& rendering) const {
  const Level level(rendering.budget);
  rendering.budget.step();
  rendering.budget.line = line_;
  return (*function_)(rendering);
}

Arguments ArgumentList::evaluate(Rendering& rendering) const {
  Arguments arguments(rendering.budget);
  for (const auto& expression : positional) arguments.positional.push_back(expression(rendering));
  for (const auto& [name, expression] : named) arguments.named.emplace_back(name, expression(rendering));
  return arguments;
}

int ArgumentList::depth() const {
  int depth = 0;
  for (const auto& expression : positional) depth = std::max(depth, expression.depth());
  for (const auto& [name, expression] : named) depth = std::max(depth, expression.depth());
  return depth;
}

Value CallSite::run(Rendering& rendering, const Value* caller) const {
  const auto called = callee(rendering);
  auto given = arguments.evaluate(rendering);
  if (caller) given.named.emplace_back("caller", *caller);
  rendering.budget.line = callee.line();
  return jinja::call(rendering, called, given);
}

Flow run(const Block& block, Rendering& rendering) {
  const Level level(rendering.budget);
  for (const auto& statement : block) {
    rendering.budget.step();
    if (const auto flow = statement(rendering); flow != Flow::on) return flow;
  }
  return Flow::on;
}

Value macro_value(Rendering& rendering, const Macro& macro) {
  auto& budget = rendering.budget;
  auto callable =
      std::allocate_shared<Callable>(std::pmr::polymorphic_allocator<Callable>(&budget), macro.name);
  callable->macro = &macro;
  callable->scope = rendering.scope;
  return {std::shared_ptr<const Callable>(std::move(callable))};
}

Value call(Rendering& rendering, const Value& callee, const Arguments& arguments) {
  const auto* callable = callee.callable();
  if (callee.loop()) rendering.budget.refuse("a recursive loop");
  if (!callable) rendering.budget.fail(fmt::format("{} cannot be called", kind_of(callee)));
  if (callable->macro) return call_macro(rendering, *callable, arguments);
  if (!callable->object.is<Undefined>())
    return call_method(rendering.budget, callable->object, callable->name, arguments);
  return call_function(rendering, callable->name, arguments);
}

Value variable(Rendering& rendering, std::string_view name) {
  if (const auto* found = rendering.scope->find(name)) return *found;
  if (const auto* function = std::ranges::find(kFunctions, name); function != std::end(kFunctions))
    return function_value(rendering.budget, *function);
  if (std::ranges::find(kOtherFunctions, name) != std::end(kOtherFunctions))
    rendering.budget.refuse(fmt::format("function '{}'", name));
  return {};
}

}  // namespace conceptune::jinja
