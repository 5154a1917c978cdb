#include "conceptune/results/answer.h"

namespace conceptune::evaluation {
namespace {

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json json_of(const std::optional<Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json(nullptr);
}

std::optional<double> number_of(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

std::optional<Interval> interval_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return Interval{value.at(0).get<double>(), value.at(1).get<double>()};
}

Contrast contrast_of(const Json& object) {
  Contrast contrast{.question = object.at("question"),
                    .plus = object.at("plus"),
                    .minus = object.at("minus"),
                    .reference = object.at("reference"),
                    .concept_weight = number_of(object.at("concept_weight")),
                    .metric = object.at("metric"),
                    .sets = {},
                    .seeds = {},
                    .margin = object.at("margin")};
  for (const auto& set : object.at("sets"))
    contrast.sets.push_back({set.at("benchmark"), set.at("convention")});
  for (const auto& seed : object.at("seeds"))
    contrast.seeds.push_back({seed.at("plus"), seed.at("minus"), seed.at("reference")});
  return contrast;
}

}  // namespace

Json to_json(const Contrast& contrast) {
  Json object = {{"question", contrast.question},
                 {"plus", contrast.plus},
                 {"minus", contrast.minus},
                 {"reference", contrast.reference},
                 {"concept_weight", json_of(contrast.concept_weight)},
                 {"metric", contrast.metric},
                 {"sets", Json::array()},
                 {"seeds", Json::array()},
                 {"margin", contrast.margin}};
  for (const auto& set : contrast.sets)
    object["sets"].push_back({{"benchmark", set.benchmark}, {"convention", set.convention}});
  for (const auto& seed : contrast.seeds)
    object["seeds"].push_back({{"plus", seed.plus}, {"minus", seed.minus}, {"reference", seed.reference}});
  return object;
}

Json to_json(const Answer& answer) {
  Json object = to_json(answer.contrast);
  object["items"] = answer.items;
  object["resampled"] = answer.resampled;
  object["difference"] = json_of(answer.difference.value);
  object["undefined_because"] = answer.difference.undefined_because;
  object["by_seed"] = answer.by_seed;
  object["interval"] = json_of(answer.interval);
  object["seed_interval"] = json_of(answer.seed_interval);
  object["p"] = json_of(answer.p);
  object["explained"] = json_of(answer.explained);
  object["explained_interval"] = json_of(answer.explained_interval);
  return object;
}

Answer answer_from_json(const Json& object) {
  return {.contrast = contrast_of(object),
          .items = object.at("items").get<std::vector<std::int64_t>>(),
          .resampled = object.at("resampled"),
          .difference = {number_of(object.at("difference")), object.at("undefined_because")},
          .by_seed = object.at("by_seed").get<std::vector<double>>(),
          .interval = interval_of(object.at("interval")),
          .seed_interval = interval_of(object.at("seed_interval")),
          .p = number_of(object.at("p")),
          .explained = number_of(object.at("explained")),
          .explained_interval = interval_of(object.at("explained_interval"))};
}

}  // namespace conceptune::evaluation
