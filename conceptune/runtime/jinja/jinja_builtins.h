// Values of the Jinja subset with what templates can do to them: filters, tests, methods.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::jinja {

/// A value shared with the list or object that holds it. Null stands for Jinja's undefined, JSON's null for
/// none.
using JinjaValue = std::shared_ptr<const Json>;

/// No single text in a rendering may be longer.
inline constexpr std::size_t kMaxJinjaTextBytes = std::size_t{1} << 26;

JinjaValue jinja_value(Json value);

/// Python's truth of a value.
bool is_true(const JinjaValue& value);

/// What {{ value }} writes; undefined is empty. Throws InputError for a list or an object.
std::string text_of(const JinjaValue& value);

/// value.key, value['key'] or value[index]; undefined where there is none. Throws InputError on undefined.
JinjaValue member_of(const JinjaValue& value, const Json& key);

/// value[begin:end:step]; none for a bound left out; step 1 or -1.
JinjaValue slice_of(const JinjaValue& value, const JinjaValue& begin, const JinjaValue& end,
                    std::int64_t step);

/// left OPERATOR right, for + - * / // % ~ == != < <= > >= in. Throws InputError where the types do not fit.
JinjaValue apply_operator(std::string_view name, const JinjaValue& left, const JinjaValue& right);

// By name; each throws InputError for a name it does not know.
JinjaValue apply_filter(std::string_view name, const JinjaValue& value,
                        const std::vector<JinjaValue>& arguments);
bool apply_test(std::string_view name, const JinjaValue& value);
JinjaValue call_method(std::string_view name, const JinjaValue& value,
                       const std::vector<JinjaValue>& arguments);

}  // namespace conceptune::jinja
