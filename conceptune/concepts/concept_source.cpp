#include "conceptune/concepts/concept_source.h"

#include "conceptune/base/error.h"

namespace conceptune::concepts {

Outcomes& Outcomes::operator+=(const Outcomes& other) {
  asked += other.asked;
  answered += other.answered;
  empty += other.empty;
  invalid += other.invalid;
  refused += other.refused;
  for (const auto& [reason, words] : other.failures) failures[reason] += words;
  return *this;
}

Json Outcomes::to_json() const {
  Json json = {
      {"asked", asked}, {"answered", answered}, {"empty", empty}, {"invalid", invalid}, {"refused", refused}};
  if (!failures.empty()) json["failures"] = failures;
  return json;
}

Outcomes Outcomes::from_json(const Json& json, std::string_view where) {
  try {
    Outcomes outcomes{json.at("asked"), json.at("answered"), json.at("empty"), json.at("invalid"),
                      json.at("refused")};
    if (json.contains("failures")) json["failures"].get_to(outcomes.failures);
    return outcomes;
  } catch (const nlohmann::json::exception& error) {
    throw InputError("reading outcomes", where, error.what());
  }
}

}  // namespace conceptune::concepts
