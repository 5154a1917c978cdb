// The names of one scope of a template, as they are found while it is parsed.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::jinja {

/// A scope: the template, a loop's body, a macro, … Jinja decides for the whole of a scope what a name in it
/// means: one that is set before it is read, and not in a branch, hides the variable of that name from the
/// scope's beginning on, also from loops and macros before the setting.
class Frame {
 public:
  explicit Frame(std::shared_ptr<const Frame> outer) : outer_(std::move(outer)) {}

  // In the order of the template: a name is read, is set (in a branch or not), or is a parameter.
  void read(const std::string& name) { known_.insert(name); }
  void set(const std::string& name, bool in_branch);
  void declare(const std::string& name) { known_.insert(name); }

  /// To be called when the whole template is parsed.
  void close();

  /// Names that are undefined at the scope's beginning.
  const std::vector<std::string>& hidden() const { return hidden_; }

 private:
  bool is_known_outside(const std::string& name) const;

  std::shared_ptr<const Frame> outer_;
  std::set<std::string> known_;
  std::vector<std::string> hidden_;
};

}  // namespace conceptune::jinja
