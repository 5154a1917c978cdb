// Made-up results of a small run: a base model and arms at three concept weights.
#pragma once

#include "conceptune/experiment/store.h"

namespace conceptune::report {

inline evaluation::Measurement sample_measurement(std::string subject, std::string benchmark,
                                                  std::string metric, double value) {
  evaluation::Measurement m;
  m.subject = std::move(subject);
  m.benchmark = std::move(benchmark);
  m.metric = std::move(metric);
  m.value = evaluation::Statistic::of(value);
  m.interval = evaluation::Interval{value - 0.02, value + 0.02};
  m.n = 353;
  m.unit = "pairs";
  return m;
}

inline void compare_with_base(evaluation::Measurement& measurement, double difference) {
  evaluation::Comparison comparison;
  comparison.reference = "base";
  comparison.unit = "pairs";
  comparison.difference = difference;
  comparison.interval = evaluation::Interval{difference - 0.01, difference + 0.01};
  comparison.p = 0.01;
  measurement.comparisons.push_back(comparison);
}

/// Concepts minus content-only on SimLex, from two seeds.
inline evaluation::Answer sample_answer(double difference, double p) {
  evaluation::Answer answer;
  answer.contrast = {.question = "What do synonyms add?",
                     .plus = "concepts, λ 0.5",
                     .minus = "content-only, λ 0.5",
                     .reference = "next-token",
                     .concept_weight = 0.5,
                     .metric = "spearman",
                     .sets = {{"simlex999", "in-text"}},
                     .seeds = {{"concepts 1", "content 1", "next 1"}, {"concepts 2", "content 2", "next 2"}},
                     .margin = 0.01};
  answer.items = {999};
  answer.resampled = "pairs";
  answer.difference = evaluation::Statistic::of(difference);
  answer.by_seed = {difference, difference};
  answer.interval = evaluation::Interval{difference - 0.01, difference + 0.01};
  answer.p = p;
  answer.explained = 0.4;
  answer.explained_interval = evaluation::Interval{0.2, 0.6};
  return answer;
}

inline experiment::Results sample_results() {
  experiment::Results results;
  evaluation::Results evaluated;
  evaluated.subjects.push_back({"base", "/models/SmolLM2.gguf", std::string(64, 'a')});
  for (const double weight : {0.0, 0.5, 1.0}) {
    experiment::StoredArm arm;
    arm.name = "concept_weight " + std::to_string(weight).substr(0, 3);
    arm.model = "SmolLM2";
    arm.objective = "paper";
    arm.concept_weight = weight;
    arm.varied["training.objective.concept_weight"] = weight;
    evaluated.subjects.push_back({arm.name, "/run/products/train-1", std::string(64, 'b')});
    for (int step = 1; step <= 300; ++step)
      results.losses.push_back(
          {arm.name, "train", "next_token", step, 4.0 - 0.002 * step + 0.1 * (step % 7) + weight});
    results.arms.push_back(arm);
  }
  int position = 0;
  for (const auto& subject : evaluated.subjects) {
    const double shift = 0.03 * position++;
    auto spearman = sample_measurement(subject.name, "simlex999", "spearman", 0.2 + shift);
    auto perplexity =
        sample_measurement(subject.name, "held-out", "content_perplexity", 154.25 - 100 * shift);
    if (subject.name != "base") {
      compare_with_base(spearman, shift - 0.02);
      compare_with_base(perplexity, shift - 0.02);
    }
    auto undefined = sample_measurement(subject.name, "constant", "spearman", 0);
    undefined.value = evaluation::Statistic::undefined("all scores are equal");
    undefined.interval.reset();
    for (auto* measurement : {&spearman, &perplexity, &undefined})
      evaluated.measurements.push_back(*measurement);
  }
  evaluation::DataUsed data;
  data.benchmark = "simlex999";
  data.path = "/inputs/simlex999.txt";
  data.hash = std::string(64, 'c');
  data.items = 999;
  evaluated.data.push_back(data);
  data.benchmark = "held-out";
  data.in_domain.emplace();
  for (const auto& arm : results.arms) data.in_domain->push_back(arm.name);
  evaluated.data.push_back(data);
  results.evaluations.push_back({"SmolLM2", evaluated});
  results.examples.push_back({"The <big> naïve dog ran home.",
                              {{5, 8, "big", "ADJ", {"large", "huge"}},
                               {16, 19, "dog", "NOUN", {"hound"}},
                               {20, 23, "ran", "VERB", {}}}});
  return results;
}

}  // namespace conceptune::report
