#include "conceptune/training/run/training_state.h"

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

/// Calls visit(name, value) for every field but best_loss, which JSON cannot hold while it is infinite.
template <class State, class Visitor>
void visit_state(State& state, Visitor&& visit) {
  visit("step", state.step);
  visit("epoch", state.epoch);
  visit("tokens", state.tokens);
  visit("seconds", state.seconds);
  visit("evaluated_step", state.evaluated_step);
  visit("best_step", state.best_step);
  visit("evaluations_without_improvement", state.evaluations_without_improvement);
  visit("stopped_early", state.stopped_early);
  visit("unlogged_tokens", state.unlogged.tokens);
  visit("unlogged_next_token_count", state.unlogged.denominators.next_token);
  visit("unlogged_concept_count", state.unlogged.denominators.concept_words);
  visit("log_bytes", state.log_bytes);
}

}  // namespace

bool TrainingState::record_evaluation(double loss, std::int64_t patience, double threshold) {
  evaluated_step = step;
  const bool counts = loss < best_loss - threshold;
  evaluations_without_improvement = counts ? 0 : evaluations_without_improvement + 1;
  stopped_early = patience > 0 && evaluations_without_improvement >= patience;
  if (!(loss < best_loss)) return false;
  best_loss = loss;
  best_step = step;
  return true;
}

Json state_to_json(const TrainingState& state) {
  Json json = Json::object();
  visit_state(state, [&](const char* name, const auto& value) { json[name] = value; });
  json["best_loss"] = state.best_step > 0 ? Json(state.best_loss) : Json(nullptr);
  ObjectiveSums::visit_sums([&](const char* name, double ObjectiveSums::*member) {
    json["unlogged"][name] = state.unlogged.sums.*member;
  });
  return json;
}

TrainingState state_from_json(const Json& json, const std::string& where) {
  TrainingState state;
  try {
    visit_state(state, [&](const char* name, auto& value) { json.at(name).get_to(value); });
    if (!json.at("best_loss").is_null()) json.at("best_loss").get_to(state.best_loss);
    ObjectiveSums::visit_sums([&](const char* name, double ObjectiveSums::*member) {
      json.at("unlogged").at(name).get_to(state.unlogged.sums.*member);
    });
  } catch (const Json::exception& error) {
    throw InputError("reading checkpoint", where, error.what());
  }
  return state;
}

}  // namespace conceptune::training
