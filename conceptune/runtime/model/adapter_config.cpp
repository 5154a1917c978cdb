#include "conceptune/runtime/model/adapter_config.h"

#include <algorithm>

namespace conceptune::model {
namespace {

/// Whether a module's name fits one of a pattern: it ends in it, at a dot, or begins there too ('^'). The
/// name is a regular expression to PEFT, where a dot stands for any character.
bool fits(std::string_view name, std::string_view module) {
  const bool whole = name.starts_with('^');
  if (whole) name.remove_prefix(1);
  if (name.ends_with('$')) name.remove_suffix(1);
  if (name.size() > module.size() || (whole && name.size() != module.size())) return false;
  const std::string_view end = module.substr(module.size() - name.size());
  const bool at_dot = end.size() == module.size() || module[module.size() - end.size() - 1] == '.';
  return at_dot && std::ranges::equal(name, end, [](char n, char m) { return n == '.' || n == m; });
}

double number_for(const std::vector<ModuleNumber>& numbers, std::string_view module, double otherwise) {
  const auto found =
      std::ranges::find_if(numbers, [&](const ModuleNumber& number) { return fits(number.name, module); });
  return found == numbers.end() ? otherwise : found->value;
}

bool is_named(const std::vector<std::string>& names, std::string_view module) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return module == name ||
           (module.ends_with(name) && module.substr(0, module.size() - name.size()).ends_with('.'));
  });
}

}  // namespace

std::int64_t AdapterConfig::rank_of(std::string_view module) const {
  return static_cast<std::int64_t>(number_for(ranks, module, static_cast<double>(rank)));
}

double AdapterConfig::alpha_of(std::string_view module) const { return number_for(alphas, module, alpha); }

std::optional<bool> AdapterConfig::adapts(std::string_view module, std::int64_t layer) const {
  if (is_named(choice.excluded, module)) return false;
  if (choice.is_pattern) return std::nullopt;
  // As PEFT: the choice of layers does not hold for modules that are named in full.
  if (std::ranges::find(choice.targets, module) != choice.targets.end()) return true;
  if (!is_named(choice.targets, module)) return false;
  return !choice.layers || std::ranges::find(*choice.layers, layer) != choice.layers->end();
}

}  // namespace conceptune::model
