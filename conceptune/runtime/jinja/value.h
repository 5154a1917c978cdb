// The values of a rendering: Python's, as far as templates meet them. All but namespaces are immutable, and
// all live in the budget's memory, so that no value may outlive its rendering (constants of a template
// excepted).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/runtime/jinja/budget.h"

namespace conceptune::jinja {

struct Value;
struct List;
struct Dict;
struct Callable;
struct Macro;
class Namespace;
class Loop;
class Scope;

using Text = std::pmr::string;  // valid UTF-8
using Items = std::pmr::vector<Value>;
using Entries = std::pmr::vector<std::pair<Value, Value>>;

struct Undefined {};
struct None {};

/// Text that the filter `safe` has marked.
struct Markup {
  std::shared_ptr<const Text> text;
};

struct Value {
  std::variant<Undefined, None, bool, std::int64_t, double, std::shared_ptr<const Text>, Markup,
               std::shared_ptr<const List>, std::shared_ptr<const Dict>, std::shared_ptr<Namespace>,
               std::shared_ptr<const Callable>, std::shared_ptr<Loop>>
      content = Undefined{};

  template <class T>
  bool is() const {
    return std::holds_alternative<T>(content);
  }

  /// The content when it is a T, or null.
  template <class T>
  const T* get() const {
    return std::get_if<T>(&content);
  }

  // What the pointers of a value point to, or null.
  const Text* text() const { return pointed<const Text>(); }
  const List* list() const { return pointed<const List>(); }
  const Dict* dict() const { return pointed<const Dict>(); }
  Namespace* name_space() const { return pointed<Namespace>(); }
  const Callable* callable() const { return pointed<const Callable>(); }
  Loop* loop() const { return pointed<Loop>(); }

  /// A bool or an integer as an integer.
  std::optional<std::int64_t> as_integer() const;

 private:
  template <class T>
  T* pointed() const {
    const auto* pointer = std::get_if<std::shared_ptr<T>>(&content);
    return pointer ? pointer->get() : nullptr;
  }
};

/// Python's list and its kin.
struct List {
  enum class Form { list, tuple, range, keys, values, items, iterator };

  List(Form list_form, Items list_values, int list_depth)
      : form(list_form), values(std::move(list_values)), depth(list_depth) {}

  /// True of what has elements by index.
  bool is_sequence() const { return form == Form::list || form == Form::tuple || form == Form::range; }

  Form form;
  Items values;
  int depth;                      // of lists and objects inside one another
  mutable bool is_taken = false;  // an iterator gives its values once
};

/// Python's dict: keys in the order of their first setting.
struct Dict {
  Dict(Entries dict_entries, int dict_depth) : entries(std::move(dict_entries)), depth(dict_depth) {}

  Entries entries;
  int depth;
};

/// What namespace() makes; its members can be set.
class Namespace {
 public:
  explicit Namespace(Budget& budget) : budget_(budget), members_(&budget) {}

  const Value* find(std::string_view name) const;
  void set(std::string_view name, Value value);
  void clear() { members_.clear(); }

 private:
  Budget& budget_;
  std::pmr::vector<std::pair<Text, Value>> members_;
};

/// A method of a value, a function, or a macro.
struct Callable {
  explicit Callable(std::string_view callable_name) : name(callable_name) {}

  std::string_view name;       // of static storage, or a macro's
  Value object;                // of a method
  const Macro* macro{};        // of a macro
  std::weak_ptr<Scope> scope;  // where the macro was defined
  int depth = 0;
};

// All throw InputError when the budget is spent or the value would be nested deeper than kMaxNesting.
Value text_value(Budget& budget, std::string_view text);
Value text_value(Text text);
Value list_value(Budget& budget, Items items, List::Form form = List::Form::list);
Value tuple_value(Budget& budget, Value first, Value second);
Value dict_value(Budget& budget, Entries entries);
Value method_value(Budget& budget, const Value& object, std::string_view name);
Value function_value(Budget& budget, std::string_view name);
/// Refuses what is not finite.
Value number_value(Budget& budget, double number);

/// A variable. Throws InputError for text that is not UTF-8 and integers beyond 64 bits.
Value value_of(Budget& budget, const Json& json);

/// True of a list of the form.
inline bool is_form(const Value& value, List::Form form) {
  return value.list() && value.list()->form == form;
}

/// Python's truth of a value.
bool is_true(const Value& value);

/// The value's kind for messages: "an integer".
std::string_view kind_of(const Value& value);

}  // namespace conceptune::jinja
