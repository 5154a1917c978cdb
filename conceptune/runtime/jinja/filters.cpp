#include "conceptune/runtime/jinja/filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conceptune/runtime/jinja/filter_functions.h"

namespace conceptune::jinja {
namespace {

struct Filter {
  std::string_view name;
  Value (*apply)(Budget&, const Value&, const Arguments&) = nullptr;  // null: not supported
  bool takes_markup = false;
};

constexpr Filter kFilters[] = {
    {"abs", filter_abs},
    {"attr"},
    {"batch"},
    {"capitalize", filter_capitalize},
    {"center"},
    {"count", filter_length, true},
    {"d", filter_default, true},
    {"default", filter_default, true},
    {"dictsort", filter_dictsort},
    {"e"},
    {"escape"},
    {"filesizeformat"},
    {"first", filter_first},
    {"float", filter_float},
    {"forceescape"},
    {"format"},
    {"groupby"},
    {"indent", filter_indent},
    {"int", filter_int},
    {"items", filter_items},
    {"join", filter_join},
    {"last", filter_last},
    {"length", filter_length, true},
    {"list", filter_list},
    {"lower", filter_lower},
    {"map", filter_map},
    {"max", filter_max},
    {"min", filter_min},
    {"pprint"},
    {"random"},
    {"reject", filter_reject},
    {"rejectattr", filter_rejectattr},
    {"replace", filter_replace, true},
    {"reverse", filter_reverse},
    {"round"},
    {"safe", filter_safe, true},
    {"select", filter_select},
    {"selectattr", filter_selectattr},
    {"slice"},
    {"sort", filter_sort},
    {"string", filter_string, true},
    {"striptags"},
    {"sum", filter_sum},
    {"title", filter_title},
    {"tojson", filter_tojson, true},
    {"trim", filter_trim},
    {"truncate"},
    {"unique", filter_unique},
    {"upper", filter_upper},
    {"urlencode"},
    {"urlize"},
    {"wordcount"},
    {"wordwrap"},
    {"xmlattr"},
};
static_assert(std::ranges::is_sorted(kFilters, {}, &Filter::name));

const Filter* find_filter(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kFilters, name, {}, &Filter::name);
  return found != std::end(kFilters) && found->name == name ? found : nullptr;
}

}  // namespace

bool is_filter(std::string_view name) { return find_filter(name) != nullptr; }

Value apply_filter(Budget& budget, std::string_view name, const Value& value, const Arguments& arguments) {
  const Level level(budget);  // a filter may apply another
  budget.step();
  const auto* filter = find_filter(name);
  if (!filter) budget.fail(fmt::format("there is no filter '{}'", name));
  if (!filter->apply) budget.refuse(fmt::format("filter '{}'", name));
  if (value.is<Markup>() && !filter->takes_markup)
    budget.refuse(fmt::format("filter '{}' of text marked safe", name));
  return filter->apply(budget, value, arguments);
}

}  // namespace conceptune::jinja
