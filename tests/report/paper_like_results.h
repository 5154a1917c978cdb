// Made-up results of a run with the paper's design: its numbers, a little moved from seed to seed.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/report/paper_design.h"
#include "tests/report/sample_results.h"

namespace conceptune::report {

/// Builds the evaluation of one model from the paper's numbers for one of its own.
class PaperLikeRun {
 public:
  PaperLikeRun(std::vector<std::string> models, int seeds, std::string source)
      : models_(std::move(models)), seeds_(seeds), source_(std::move(source)) {
    for (std::size_t i = 0; i < models_.size(); ++i) add_model(models_[i], kPapersModels[i]);
  }
  const experiment::Results& results() const { return results_; }

 private:
  static constexpr const char* kCorpora[][2] = {{"C4", "/data/c4.jsonl.gz"},
                                                {"OpenWebText", "/data/owt.jsonl.gz"}};
  static constexpr std::pair<const char*, double PaperSimilarity::*> kSets[] = {
      {"men", &PaperSimilarity::men},
      {"simlex999", &PaperSimilarity::simlex},
      {"wordsim353", &PaperSimilarity::wordsim},
      {"stsb-dev", &PaperSimilarity::stsb}};

  void add_model(const std::string& model, const char* papers) {
    evaluation::Results& evaluated = results_.evaluations.emplace_back().results;
    results_.evaluations.back().model = model;
    evaluated.subjects.push_back({"base", "/models/" + model, std::string(64, 'a')});
    for (const auto& [set, column] : kSets)
      evaluated.data.push_back({set, "/inputs/a.txt", std::string(64, 'c'), 999, {}});
    for (const auto& [corpus, path] : kCorpora) {
      evaluated.data.push_back({corpus, path, std::string(64, 'd'), 100, {}});
      evaluated.data.back().in_domain.emplace();
    }
    measure_base(evaluated, papers);
    for (const auto& [corpus, path] : kCorpora) add_arms(model, papers, corpus, path);
  }

  void add_arms(const std::string& model, const char* papers, const std::string& corpus,
                const std::string& path) {
    const std::pair<const char*, Json> kGroups[] = {
        {"concepts", {{"noise", "none"}, {"words", 1.0}}},
        {"noise", {{"noise", "paper"}, {"words", 1.0}}},
        {"half of the words", {{"noise", "none"}, {"words", 0.5}}},
        {"last word", {{"noise", "none"}, {"words", 1.0}, {"last_word_only", true}}}};
    for (const auto& [group, variant] : kGroups)
      for (const double weight : {0.0, 0.25, 0.5, 0.75, 1.0})
        for (int seed = 1; seed <= seeds_; ++seed) {
          if (weight == 0 && group != std::string("concepts")) continue;
          experiment::StoredArm arm;
          arm.group = group;
          arm.model = model;
          arm.name =
              group + std::string(", ") + corpus + ", λ " + number(weight) + ", seed " + std::to_string(seed);
          if (models_.size() > 1) arm.name = model + ", " + arm.name;
          arm.objective = "paper";
          arm.concept_weight = weight;
          arm.varied = {{"corpus.files", corpus},
                        {"training.seed", "seed " + std::to_string(seed)},
                        {"training.objective.concept_weight", "λ " + number(weight)}};
          arm.options = {{"corpus", {{"files", {path}}, {"passages", 2000}}},
                         {"variant", variant},
                         {"annotation", {{"source", source_}}},
                         {"training", {{"seed", seed}}}};
          measure(arm, papers, corpus, seed);
          results_.arms.push_back(std::move(arm));
        }
  }

  static std::string number(double value) { return fmt::format("{:g}", value); }

  /// Less of the change from the base for fewer words.
  static double share_of(const experiment::StoredArm& arm) {
    if (arm.group == "half of the words") return 0.8;
    return arm.group == "last word" ? 0.4 : 1;
  }

  void measure(const experiment::StoredArm& arm, const char* papers, const std::string& corpus, int seed) {
    evaluation::Results& evaluated = results_.evaluations.back().results;
    evaluated.subjects.push_back({arm.name, "/run/products/" + arm.name, std::string(64, 'b')});
    const PaperMethod method = arm.concept_weight == 0 ? PaperMethod::next_token
                               : arm.group == "noise"  ? PaperMethod::noise
                                                       : PaperMethod::concepts;
    const auto row = [&](const PaperRow& wanted, const auto column) {
      return *paper_number(column, papers, wanted);
    };
    const PaperRow own{corpus, method, arm.concept_weight}, base{corpus, PaperMethod::base, 0};
    const double moved = 1 + 0.002 * (seed - 1);
    const auto value = [&](const auto column) {
      return moved * (row(base, column) + share_of(arm) * (row(own, column) - row(base, column)));
    };
    for (const auto& [set, column] : kSets) add(arm.name, set, "spearman", "paper", value(column));
    for (auto& data : evaluated.data) {
      if (!data.in_domain) continue;
      const bool in_domain = data.benchmark == corpus;
      if (in_domain) data.in_domain->push_back(arm.name);
      const double perplexity = value(in_domain ? &PaperNextToken::in_domain_perplexity
                                                : &PaperNextToken::out_of_domain_perplexity);
      add_next_token(
          arm.name, data.benchmark, perplexity,
          value(in_domain ? &PaperNextToken::in_domain_accuracy : &PaperNextToken::out_of_domain_accuracy),
          value(&PaperNextToken::clustering_score), arm.concept_weight);
    }
  }

  void measure_base(evaluation::Results& evaluated, const char* papers) {
    const PaperRow base{"C4", PaperMethod::base, 0};
    for (const auto& [set, column] : kSets)
      add("base", set, "spearman", "paper", *paper_number(column, papers, base));
    for (const auto& data : evaluated.data)
      if (data.in_domain) {
        const bool c4 = data.benchmark == "C4";
        add_next_token(
            "base", data.benchmark,
            *paper_number(
                c4 ? &PaperNextToken::in_domain_perplexity : &PaperNextToken::out_of_domain_perplexity,
                papers, base),
            *paper_number(c4 ? &PaperNextToken::in_domain_accuracy : &PaperNextToken::out_of_domain_accuracy,
                          papers, base),
            *paper_number(&PaperNextToken::clustering_score, papers, base), 0);
      }
  }

  void add_next_token(const std::string& subject, const std::string& set, double perplexity, double accuracy,
                      double clustering, double weight) {
    add(subject, set, "content_nll", "", std::log(perplexity));
    add(subject, set, "content_perplexity", "", perplexity);
    add(subject, set, "content_accuracy", "", accuracy);
    add(subject, set, "global_nll", "", std::log(12 + weight * weight));
    add(subject, set, "global_perplexity", "", 12 + weight * weight);
    add(subject, set, "global_accuracy", "", 0.45 - 0.02 * weight);
    add(subject, set, "clustering_score", "", clustering);
    add(subject, set, "centroid_similarity", "", 0.5 - clustering / 4);
  }

  void add(const std::string& subject, const std::string& set, const std::string& metric,
           const std::string& convention, double value) {
    evaluation::Results& evaluated = results_.evaluations.back().results;
    auto measurement = sample_measurement(subject, set, metric, value);
    measurement.convention = convention;
    const double width = 0.01 * std::abs(value);
    measurement.interval = evaluation::Interval{value - width, value + width};
    if (const auto* base = evaluated.find("base", set, metric, convention); base && subject != "base") {
      const double difference = value - *base->value.value;
      for (const char* unit : {"passages", "tokens"}) {
        compare_with_base(measurement, difference);
        measurement.comparisons.back().unit = convention.empty() ? unit : "pairs";
        measurement.comparisons.back().interval =
            evaluation::Interval{difference - width, difference + width};
        if (!convention.empty()) break;
      }
    }
    evaluated.measurements.push_back(std::move(measurement));
  }

  std::vector<std::string> models_;
  int seeds_;
  std::string source_;
  experiment::Results results_;
};

/// At most three models, which get the numbers of the paper's three.
inline experiment::Results paper_like_results(std::vector<std::string> models, int seeds,
                                              std::string source) {
  return PaperLikeRun(std::move(models), seeds, std::move(source)).results();
}

}  // namespace conceptune::report
