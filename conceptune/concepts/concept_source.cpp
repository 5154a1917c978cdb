#include "conceptune/concepts/concept_source.h"

#include "conceptune/base/error.h"

namespace conceptune::concepts {

Outcomes& Outcomes::operator+=(const Outcomes& other) {
  asked += other.asked;
  answered += other.answered;
  empty += other.empty;
  invalid += other.invalid;
  refused += other.refused;
  return *this;
}

Json Outcomes::to_json() const {
  return {
      {"asked", asked}, {"answered", answered}, {"empty", empty}, {"invalid", invalid}, {"refused", refused}};
}

Outcomes Outcomes::from_json(const Json& json, std::string_view where) {
  try {
    return {json.at("asked"), json.at("answered"), json.at("empty"), json.at("invalid"), json.at("refused")};
  } catch (const nlohmann::json::exception& error) {
    throw InputError("reading outcomes", where, error.what());
  }
}

}  // namespace conceptune::concepts
