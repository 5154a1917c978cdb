// A rendering at work: scopes of variables, output, and the parts of a template that run in it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/runtime/jinja/arguments.h"
#include "conceptune/runtime/jinja/frame.h"

namespace conceptune::jinja {

/// Variables, and those further out. Names must outlive the scope.
class Scope {
 public:
  Scope(Budget& budget, std::shared_ptr<Scope> outer)
      : outer_(std::move(outer)), variables_(&budget), budget_(budget) {}

  /// The variable here or, if not here, further out; or null.
  const Value* find(std::string_view name) const;
  void set(std::string_view name, Value value);

 private:
  const Value* find_here(std::string_view name) const;

  std::shared_ptr<Scope> outer_;
  std::pmr::vector<std::pair<std::string_view, Value>> variables_;
  Budget& budget_;
};

struct Rendering {
  Rendering();
  ~Rendering();
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;

  /// A namespace, which the rendering keeps: namespaces may hold one another.
  Value make_namespace(const Arguments& arguments);

  Budget budget;
  Text output{&budget};
  std::shared_ptr<Scope> scope;

 private:
  std::pmr::vector<std::shared_ptr<Namespace>> namespaces_{&budget};
};

/// The scope of a frame, for as long as this lives.
class EnteredScope {
 public:
  EnteredScope(Rendering& rendering, const Frame& frame) : EnteredScope(rendering, frame, rendering.scope) {}
  EnteredScope(Rendering& rendering, const Frame& frame, std::shared_ptr<Scope> outer);
  ~EnteredScope() { rendering_.scope = std::move(before_); }
  EnteredScope(const EnteredScope&) = delete;
  EnteredScope& operator=(const EnteredScope&) = delete;

 private:
  Rendering& rendering_;
  std::shared_ptr<Scope> before_;
};

/// Collects what is written while it lives, instead of the output.
class Capture {
 public:
  explicit Capture(Rendering& rendering) : rendering_(rendering), before_(&rendering.budget) {
    before_.swap(rendering.output);
  }
  ~Capture() { rendering_.output.swap(before_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  Value take() { return text_value(std::move(rendering_.output)); }

 private:
  Rendering& rendering_;
  Text before_;
};

struct CallSite;

/// A parsed expression. An empty one stands for none.
class Expression {
 public:
  using Function = std::function<Value(Rendering&)>;

  Expression() = default;
  Expression(int line, int depth, Function function)
      : line_(line), depth_(depth), function_(std::make_shared<const Function>(std::move(function))) {}
  /// A call, which `{% call %}` can add its block to.
  Expression(int line, int depth, std::shared_ptr<const CallSite> call);

  /// The value. Throws InputError that names the line.
  Value operator()(Rendering& rendering) const;

  explicit operator bool() const { return function_ != nullptr; }
  int line() const { return line_; }
  int depth() const { return depth_; }  // of expressions inside one another
  const std::shared_ptr<const CallSite>& call() const { return call_; }

 private:
  int line_ = 0, depth_ = 0;
  std::shared_ptr<const Function> function_;  // copies share it
  std::shared_ptr<const CallSite> call_;
};

/// The arguments of a call as written.
struct ArgumentList {
  std::vector<Expression> positional;
  std::vector<std::pair<std::string, Expression>> named;

  Arguments evaluate(Rendering& rendering) const;
  int depth() const;
};

/// callee(arguments).
struct CallSite {
  Expression callee;
  ArgumentList arguments;

  /// With `caller`, unless it is null, as a further argument.
  Value run(Rendering& rendering, const Value* caller) const;
};

/// How a statement ended: normally, or by {% continue %} or {% break %}.
enum class Flow { on, next_round, end_loop };
using Statement = std::function<Flow(Rendering&)>;
using Block = std::vector<Statement>;

Flow run(const Block& block, Rendering& rendering);

/// What a macro, or the block of {% call %}, consists of.
struct Macro {
  std::string name;
  std::vector<std::pair<std::string, Expression>> parameters;  // with their defaults
  bool takes_caller = false;
  std::shared_ptr<const Frame> frame;
  Block body;
};

/// The macro, defined in the present scope. It must outlive the rendering.
Value macro_value(Rendering& rendering, const Macro& macro);

/// callee(arguments), of any value.
Value call(Rendering& rendering, const Value& callee, const Arguments& arguments);

/// The variable or function of a name, or undefined.
Value variable(Rendering& rendering, std::string_view name);

}  // namespace conceptune::jinja
