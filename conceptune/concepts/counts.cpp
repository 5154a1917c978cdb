#include "conceptune/concepts/counts.h"

#include <cstdint>

namespace conceptune::concepts {

void add_counts(Json& total, const Json& part) {
  for (const auto& [key, value] : part.items()) {
    if (value.is_object()) {
      Json& sum = total[key];
      if (sum.is_null()) sum = Json::object();
      add_counts(sum, value);
    } else if (value.is_number_integer()) {
      Json& sum = total[key];
      sum = (sum.is_null() ? 0 : sum.get<std::int64_t>()) + value.get<std::int64_t>();
    }
  }
}

}  // namespace conceptune::concepts
