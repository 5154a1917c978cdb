#include "conceptune/report/paper_design.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/file_name.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/results/metrics.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

using evaluation::Measurement;
using experiment::StoredArm;

Json option_of(const StoredArm& arm, const char* pointer, const Json& otherwise) {
  return arm.options.value(Json::json_pointer(pointer), otherwise);
}

std::string corpus_called(const StoredArm& arm) {
  if (const auto name = arm.varied.find("corpus.files"); name != arm.varied.end() && name->is_string())
    return name->get<std::string>();
  const Json files = option_of(arm, "/corpus/files", Json::array());
  return files.empty() ? "" : file_label(files[0].get<std::string>());
}

/// The method of an arm of the paper's design; nothing for losses and noise that it has not.
std::optional<PaperMethod> method_of(const StoredArm& arm) {
  const auto loss = value_named<training::Loss>(arm.objective);
  if (!loss || !loss->rule().is_the_papers) return std::nullopt;
  if (arm.concept_weight == 0) return PaperMethod::next_token;
  const std::string noise = option_of(arm, "/variant/noise", "none");
  if (noise == "none") return PaperMethod::concepts;
  if (noise == "paper" || noise == "authors") return PaperMethod::noise;
  return std::nullopt;
}

double words_of(const StoredArm& arm) {
  if (option_of(arm, "/variant/last_word_only", false).get<bool>()) return kLastWord;
  return option_of(arm, "/variant/words", 1.0).get<double>();
}

/// What the grid varies besides model, corpus, concept weight, seeds and the paper's variants.
std::string other_of(const StoredArm& arm) {
  std::string text;
  for (const auto& [key, value] : arm.varied.items()) {
    const std::string name = key.substr(key.rfind('.') + 1);
    if (name == "seed" || name == "concept_weight" || key == "model.path" || key == "corpus.files" ||
        key.starts_with("variant."))
      continue;
    text += text.empty() ? "" : ", ";
    text += value.is_string() ? value.get<std::string>() : fmt::format("{} {}", name, value.dump());
  }
  return text;
}

/// An arm with its place in the design.
struct Placed {
  DesignCurve place;  // without arms
  const StoredArm* arm;

  bool is_beside(const Placed& that) const {
    return place.model == that.place.model && place.corpus == that.place.corpus &&
           place.other == that.place.other;
  }
  bool shares_curve(const Placed& that) const {
    return is_beside(that) && place.method == that.place.method && place.words == that.place.words;
  }
};

std::vector<Placed> placed_arms(const experiment::Results& results) {
  std::vector<Placed> placed;
  for (const auto& arm : results.arms) {
    const auto method = method_of(arm);
    const auto evaluated =
        std::ranges::find(results.evaluations, arm.model, &experiment::StoredEvaluation::model);
    if (method && evaluated != results.evaluations.end())
      placed.push_back({{arm.model, corpus_called(arm), *method, words_of(arm), other_of(arm), {}}, &arm});
  }
  return placed;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// The groups of [[arms]] whose arms share a place in the design.
std::vector<std::string> groups_at(const Placed& place, const std::vector<Placed>& all) {
  std::vector<std::string> groups;
  for (const auto& other : all)
    if (other.shares_curve(place)) add_once(groups, other.arm->group);
  return groups;
}

/// Next-token arms beside a curve: of its own group, or of the first group that has some.
std::vector<const StoredArm*> next_token_arms(const Placed& curve, const std::vector<Placed>& all) {
  std::map<std::string, std::vector<const StoredArm*>> by_group;
  std::string first;
  for (const auto& other : all)
    if (other.place.method == PaperMethod::next_token && other.is_beside(curve)) {
      if (by_group.empty()) first = other.arm->group;
      by_group[other.arm->group].push_back(other.arm);
    }
  if (by_group.empty()) return {};
  const auto own = by_group.find(curve.arm->group);
  return own == by_group.end() ? by_group[first] : own->second;
}

std::vector<DesignCurve> curves_of(const std::vector<Placed>& placed) {
  std::vector<DesignCurve> curves;
  std::vector<std::string> keys;
  for (const auto& one : placed) {
    if (one.place.method == PaperMethod::next_token) continue;
    DesignCurve curve = one.place;
    if (groups_at(one, placed).size() > 1)
      curve.other = curve.other.empty() ? one.arm->group : one.arm->group + ", " + curve.other;
    const std::string key = fmt::format("{}\n{}\n{}\n{}\n{}", curve.model, curve.corpus,
                                        static_cast<int>(curve.method), curve.words, curve.other);
    auto known = std::ranges::find(keys, key);
    if (known == keys.end()) {
      curve.arms[0] = next_token_arms(one, placed);
      if (curve.arms[0].empty()) curve.arms.erase(0);
      curves.push_back(std::move(curve));
      keys.push_back(key);
      known = keys.end() - 1;
    }
    curves[static_cast<std::size_t>(known - keys.begin())].arms[one.arm->concept_weight].push_back(one.arm);
  }
  return curves;
}

Quantity similarity(const std::string& benchmark, const std::string& convention) {
  Quantity quantity;
  quantity.label = convention.empty() ? benchmark : fmt::format("{} ({})", benchmark, convention);
  quantity.metric = "Spearman";
  quantity.find = [=](const evaluation::Results& results, std::string_view subject, std::string_view) {
    return results.find(subject, benchmark, "spearman", convention);
  };
  const auto column = paper_similarity_column(benchmark);
  if (column && convention == kPapersConvention)
    quantity.paper = [column](std::string_view model, const PaperRow& row) {
      return paper_number(*column, model, row);
    };
  return quantity;
}

/// In the paper's order, other sets after its own; each in one convention.
std::vector<Quantity> similarities_of(const experiment::Results& results) {
  std::map<std::string, std::string> conventions;
  std::vector<std::string> names;
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      if (measurement.metric != "spearman") continue;
      add_once(names, measurement.benchmark);
      const auto [known, is_new] = conventions.try_emplace(measurement.benchmark, measurement.convention);
      if (measurement.convention == kPapersConvention) known->second = measurement.convention;
    }
  const auto rank = [](const std::string& name) {
    constexpr double PaperSimilarity::*kOrder[] = {&PaperSimilarity::men, &PaperSimilarity::simlex,
                                                   &PaperSimilarity::wordsim, &PaperSimilarity::stsb};
    return std::ranges::find(kOrder, paper_similarity_column(name).value_or(nullptr)) - std::begin(kOrder);
  };
  std::ranges::stable_sort(names, {}, rank);
  std::vector<Quantity> quantities;
  quantities.reserve(names.size());
  for (const auto& name : names) quantities.push_back(similarity(name, conventions[name]));
  return quantities;
}

std::optional<double PaperNextToken::*> next_token_column(std::string_view metric, bool in_domain) {
  if (metric == "content_perplexity")
    return in_domain ? &PaperNextToken::in_domain_perplexity : &PaperNextToken::out_of_domain_perplexity;
  if (metric == "content_accuracy")
    return in_domain ? &PaperNextToken::in_domain_accuracy : &PaperNextToken::out_of_domain_accuracy;
  if (metric == "clustering_score" && in_domain) return &PaperNextToken::clustering_score;
  return std::nullopt;
}

}  // namespace

std::string words_text(double words) {
  return words == kLastWord ? "last word" : fmt::format("{:g} %", 100 * words);
}

Design::Design(const experiment::Results& results)
    : results_(results), curves_(curves_of(placed_arms(results))), similarities_(similarities_of(results)) {
  for (const auto& curve : curves_) {
    add_once(models_, curve.model);
    add_once(corpora_, curve.corpus);
  }
}

std::vector<const DesignCurve*> Design::on_all_words(bool with_concepts, bool with_noise) const {
  std::vector<const DesignCurve*> chosen;
  for (const auto& curve : curves_)
    if (curve.words == 1 && (curve.method == PaperMethod::noise ? with_noise : with_concepts))
      chosen.push_back(&curve);
  return chosen;
}

const evaluation::Results& Design::evaluation_of(const DesignCurve& curve) const {
  return std::ranges::find(results_.evaluations, curve.model, &experiment::StoredEvaluation::model)->results;
}

Quantity Design::on_passages(std::string_view metric, bool in_domain) {
  const auto known = evaluation::metric_named(metric);
  Quantity quantity;
  quantity.metric = known ? known->label : metric;
  quantity.label = fmt::format("{}, {}", quantity.metric, in_domain ? "in domain" : "out of domain");
  quantity.higher_is_better = known && known->higher_is_better;
  quantity.find = [name = std::string(metric), in_domain](const evaluation::Results& results,
                                                          std::string_view subject,
                                                          std::string_view trained) {
    const Measurement* found = nullptr;
    for (const auto& data : results.data)
      if (!found && is_in_domain(results, data.benchmark, trained) == in_domain)
        found = results.find(subject, data.benchmark, name);
    return found;
  };
  if (const auto column = next_token_column(metric, in_domain))
    quantity.paper = [column](std::string_view model, const PaperRow& row) {
      return paper_number(*column, model, row);
    };
  return quantity;
}

std::vector<const Measurement*> Design::seeds_of(const DesignCurve& curve, double weight,
                                                 const Quantity& quantity) const {
  std::vector<const Measurement*> seeds;
  const auto arms = curve.arms.find(weight);
  if (arms == curve.arms.end()) return seeds;
  for (const auto* arm : arms->second) {
    const Measurement* found = quantity.find(evaluation_of(curve), arm->name, arm->name);
    if (found && found->value.value) seeds.push_back(found);
  }
  return seeds;
}

const Measurement* Design::base_of(const DesignCurve& curve, const Quantity& quantity) const {
  const Measurement* found =
      quantity.find(evaluation_of(curve), evaluation::kBase, curve.arms.begin()->second.front()->name);
  return found && found->value.value ? found : nullptr;
}

}  // namespace conceptune::report
