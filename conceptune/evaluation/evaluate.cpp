#include "conceptune/evaluation/evaluate.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/evaluation/passage_scoring.h"
#include "conceptune/evaluation/similarity.h"
#include "conceptune/evaluation/unseen_passages.h"
#include "conceptune/results/contrast.h"
#include "conceptune/results/item_files.h"
#include "conceptune/results/similarity_measures.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kDoing = "evaluating";

Json continuation_to_json(const std::string& text) { return {{"continuation", text}}; }

std::string continuation_from_json(const Json& item) { return item.at("continuation"); }

std::string hash_of_items(const std::vector<Skip>& skipped) {
  Sha256 hash;
  for (const auto& skip : skipped) hash.update(skip.item + "\n");
  return hash.hex();
}

/// One evaluation on its way: gathers the results.
class Evaluation {
 public:
  Evaluation(const EvaluationTask& task, const EvaluationOptions& options, ProgressObserver* observer,
             std::stop_token stop)
      : task_(task),
        options_(options),
        observer_(observer),
        stop_(std::move(stop)),
        items_(task.item_folder) {
    comparison_ = {
        .bootstrap = options.bootstrap, .references = task.references, .threads = model::threads()};
    results_.bootstrap = options.bootstrap;
    subjects_.push_back({std::string(kBase), {}, nullptr, &task.model.decoder()});
    results_.subjects.push_back({std::string(kBase), task.model.path().string(), task.model.hash()});
    for (const auto& adapter : task.adapters) {
      const auto* decoder = adapter.decoder ? adapter.decoder.get() : &task.model.decoder();
      subjects_.push_back({adapter.name, adapter.hash, adapter.adapter.get(), decoder});
      results_.subjects.push_back({adapter.name, adapter.path, adapter.hash});
    }
    check_names(task);
    check_options(options, *task.model.tokenizer(), task.model.config());
  }

  Results run() {
    const auto begun = std::chrono::steady_clock::now();
    for (const auto& [name, convention] : conventions_of(options_.convention, options_.paper_convention)) {
      const TextEncoder encoder(convention, *task_.model.tokenizer());
      if (!task_.benchmarks.empty()) results_.conventions.push_back({name, encoder.record()});
      for (const auto& benchmark : task_.benchmarks) run_benchmark(benchmark, name, encoder);
    }
    for (const auto& passages : task_.passages) run_passages(passages);
    for (const auto& choices : task_.choices) run_choices(choices);
    run_generation(
        "prompts", {},
        own_prompts(*task_.model.tokenizer(), task_.model.config().context_length, options_.generation));
    results_.answers = answers();
    results_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(results_);
  }

 private:
  struct EvaluatedSubject {
    std::string name;
    std::string adapter_hash;  // empty for the base
    const model::LoraAdapter* adapter;
    const model::Decoder* decoder;
  };

  /// What decides the items of a subject, besides `details`.
  ItemKey key_of(const EvaluatedSubject& subject, const std::string& benchmark, const std::string& convention,
                 const std::string& data_hash, Json details) const {
    return {.benchmark = benchmark,
            .convention = convention,
            .subject = subject.name,
            .made_from = {{"model", task_.model.hash()},
                          {"tokenizer", task_.model.tokenizer()->hash()},
                          {"number_type", std::string(name_of(task_.model.options().type))},
                          {"adapter", subject.adapter_hash},
                          {"data", data_hash},
                          {"limit", options_.limit_of(benchmark)},
                          {"details", std::move(details)}}};
  }

  void note_items(const ItemKey& key) {
    if (items_.keeps())
      results_.item_files.push_back({key.subject, key.benchmark, key.convention,
                                     (task_.item_folder.filename() / ItemFiles::file_name(key)).string()});
  }

  /// One entry a benchmark; conventions after the first add what they skip.
  DataUsed& note_data(const std::string& benchmark, const std::string& path, const std::string& hash,
                      std::size_t used, const std::vector<Skip>& skipped) {
    if (used == 0)
      throw InputError(kDoing, path,
                       fmt::format("nothing can be used{}",
                                   skipped.empty() ? "" : ", the first: " + skipped.front().reason));
    if (!skipped.empty())
      warn(fmt::format("{}: {} items are left out, the first: {}: {}", benchmark, skipped.size(),
                       skipped.front().item, skipped.front().reason));
    for (auto& data : results_.data)
      if (data.benchmark == benchmark && data.hash == hash) {
        data.items = std::min(data.items, static_cast<std::int64_t>(used));
        if (skipped.size() > data.skipped.size()) data.skipped = skipped;
        return data;
      }
    return results_.data.emplace_back(
        DataUsed{benchmark, path, hash, static_cast<std::int64_t>(used), skipped});
  }

  void run_benchmark(const PairBenchmark& benchmark, const std::string& convention,
                     const TextEncoder& encoder) {
    const EncodedPairs pairs = encode_pairs(benchmark, encoder, task_.model.config().context_length,
                                            options_.limit_of(benchmark.name));
    note_data(benchmark.name, benchmark.path.string(), benchmark.hash, pairs.pairs.size(), pairs.skipped);
    std::vector<double> scores;
    for (const auto& pair : pairs.pairs) scores.push_back(benchmark.pairs[pair.source].score);
    std::vector<SubjectCosines> cosines;
    for (const auto& subject : subjects_) {
      const ItemKey key = key_of(subject, benchmark.name, convention, benchmark.hash, encoder.record());
      cosines.push_back({subject.name, cosines_of(subject, benchmark, pairs, encoder, key)});
      note_items(key);
    }
    add(similarity_table(benchmark.name, convention, std::move(scores), std::move(cosines)));
  }

  std::vector<double> cosines_of(const EvaluatedSubject& subject, const PairBenchmark& benchmark,
                                 const EncodedPairs& pairs, const TextEncoder& encoder, const ItemKey& key) {
    const auto cosine = [](const Json& item) { return item.at("cosine").get<double>(); };
    if (const auto kept = items_.find_as(key, pairs.pairs.size(), cosine)) return *kept;
    const auto cosines = pair_cosines(*subject.decoder, subject.adapter, pairs, encoder,
                                      options_.tokens_per_batch, observer_, stop_);
    std::vector<Json> items;
    for (std::size_t i = 0; i < cosines.size(); ++i) {
      const TextPair& pair = benchmark.pairs[pairs.pairs[i].source];
      items.push_back(
          {{"first", pair.first}, {"second", pair.second}, {"score", pair.score}, {"cosine", cosines[i]}});
    }
    items_.put(key, items);
    return cosines;
  }

  /// A set of which nothing is left to compare on says so; it must not cost the other results.
  void note_seen_set(const PassageSet& set, const std::vector<Skip>& seen) {
    warn(fmt::format(
        "{}: all {} passages are left out (keep_trained_passages = true keeps them), the first: {}: {}",
        set.name, seen.size(), seen.front().item, seen.front().reason));
    results_.data.push_back(
        {set.name, set.path, set.hash, 0, seen, static_cast<std::int64_t>(seen.size()), set.in_domain});
  }

  void run_passages(const PassageSet& set) {
    const auto [records, seen] =
        unseen_passages(set.records, options_.keep_trained_passages ? std::span<const EvaluatedAdapter>()
                                                                    : std::span(task_.adapters));
    if (records.empty() && !seen.empty()) return note_seen_set(set, seen);
    const auto begin = task_.model.tokenizer()->begin_token();
    PreparedPassages prepared =
        prepare_passages(records, begin, task_.model.config().context_length, options_.limit_of(set.name));
    prepared.skipped.insert(prepared.skipped.begin(), seen.begin(), seen.end());
    DataUsed& data = note_data(set.name, set.path, set.hash, prepared.passages.size(), prepared.skipped);
    data.in_domain = set.in_domain;
    data.trained_on = static_cast<std::int64_t>(seen.size());
    const std::vector<ConceptVariation> variations = variations_of(set, prepared);
    Json details = {{"begin_token", begin ? Json(*begin) : Json()}};
    if (!seen.empty()) details["left_out"] = hash_of_items(seen);
    Json geometry_details = details;
    geometry_details["seed"] = options_.bootstrap.seed;
    std::vector<SubjectScores> scores;
    std::vector<SubjectGeometry> geometry;
    for (const auto& subject : subjects_) {
      std::optional<PassageResults> results;  // of the one pass that serves both
      const auto run = [&]() -> const PassageResults& {
        if (!results)
          results = evaluation::run_passages(*subject.decoder, subject.adapter, prepared, variations,
                                             options_.tokens_per_batch, observer_, stop_);
        return *results;
      };
      const ItemKey key = key_of(subject, set.name, {}, set.hash, details);
      scores.push_back(
          {subject.name, items_.find_or_make(key, prepared.passages.size(), passage_scores_from_json,
                                             passage_scores_to_json, [&] { return run().scores; })});
      note_items(key);
      if (!options_.geometry) continue;
      const ItemKey geometry_key = key_of(subject, set.name, "geometry", set.hash, geometry_details);
      geometry.push_back(
          {subject.name, items_.find_or_make(geometry_key, variations.size(), concept_states_from_json,
                                             concept_states_to_json, [&] { return run().concepts; })});
      note_items(geometry_key);
    }
    keep_words(set, prepared, details);
    auto tables = next_token_tables(set.name, scores);
    append(measure_next_token(tables, scores, comparison_));
    for (auto& table : tables) keep(std::move(table));
    if (options_.geometry) add(geometry_table(set.name, std::move(geometry)));
    run_generation(set.name, set.hash,
                   passage_prompts(prepared, *task_.model.tokenizer(), options_.generation));
  }

  /// The content words whose scores the subjects' items hold: once for all subjects, under the base's name.
  void keep_words(const PassageSet& set, const PreparedPassages& prepared, Json details) {
    if (!items_.keeps()) return;
    const ItemKey key =
        key_of(subjects_.front(), set.name, std::string(kContentWords), set.hash, std::move(details));
    items_.find_or_make(key, prepared.passages.size(), passage_words_from_json, passage_words_to_json, [&] {
      std::vector<PassageWords> passages;
      for (const auto& passage : prepared.passages) {
        passages.push_back({passage.id, {}});
        for (const auto& word : passage.words) passages.back().words.push_back(word.text);
      }
      return passages;
    });
    note_items(key);
  }

  std::vector<ConceptVariation> variations_of(const PassageSet& set, const PreparedPassages& prepared) const {
    if (!options_.geometry) return {};
    auto variations = draw_variations(prepared, options_.bootstrap.seed);
    if (variations.empty())
      throw InputError(kDoing, set.path, "no passage has a content word with a synonym of one token");
    return variations;
  }

  void run_choices(const ChoiceSet& set) {
    std::vector<ChoiceQuestion> questions = set.questions;
    const std::string name(name_of(set.task));
    if (const auto limit = options_.limit_of(name); limit > 0)
      questions.resize(std::min(questions.size(), static_cast<std::size_t>(limit)));
    note_data(name, set.path, set.hash, questions.size(), {});
    std::vector<SubjectChoices> subjects;
    for (const auto& subject : subjects_) {
      const ItemKey key = key_of(subject, name, {}, set.hash, Json::object());
      const auto run = [&] {
        return score_choices(*subject.decoder, subject.adapter, *task_.model.tokenizer(), questions,
                             options_.tokens_per_batch, observer_, stop_);
      };
      subjects.push_back({subject.name, items_.find_or_make(key, questions.size(), choice_scores_from_json,
                                                            choice_scores_to_json, run)});
      note_items(key);
    }
    add(choice_table(set.task, questions, subjects));
  }

  void add(MetricTable table) {
    append(measure(table, comparison_));
    keep(std::move(table));
  }

  /// For the questions, which need many sets at a time.
  void keep(MetricTable table) {
    if (!task_.contrasts.empty()) tables_.push_back(std::move(table));
  }

  std::vector<Answer> answers() const {
    ComparisonOptions options = comparison_;
    options.bootstrap.samples =
        static_cast<int>(std::max<std::int64_t>(options.bootstrap.samples, task_.contrast_resamples));
    return answer_contrasts(tables_, task_.contrasts, options);
  }

  /// What every subject writes after the prompts of `benchmark`.
  void run_generation(const std::string& benchmark, const std::string& data_hash,
                      const std::vector<SamplePrompt>& prompts) {
    if (prompts.empty()) return;
    const std::size_t first = results_.samples.size();
    for (const auto& prompt : prompts)
      results_.samples.push_back({benchmark, prompt.item, prompt.text, prompt.original, {}});
    for (const auto& subject : subjects_) {
      const ItemKey key =
          key_of(subject, benchmark, "generation", data_hash, options_to_json(options_.generation));
      const auto run = [&] {
        return continue_prompts(*subject.decoder, subject.adapter, *task_.model.tokenizer(), prompts,
                                options_.generation, observer_, stop_);
      };
      const auto texts =
          items_.find_or_make(key, prompts.size(), continuation_from_json, continuation_to_json, run);
      for (std::size_t i = 0; i < texts.size(); ++i)
        results_.samples[first + i].continuations.push_back({subject.name, texts[i]});
      note_items(key);
    }
  }

  void append(std::vector<Measurement> measurements) {
    for (auto& measurement : measurements) results_.measurements.push_back(std::move(measurement));
  }

  const EvaluationTask& task_;
  const EvaluationOptions& options_;
  ProgressObserver* observer_;
  std::stop_token stop_;
  ItemFiles items_;
  ComparisonOptions comparison_;
  std::vector<EvaluatedSubject> subjects_;
  std::vector<MetricTable> tables_;
  Results results_;
};

}  // namespace

Results evaluate(const EvaluationTask& task, const EvaluationOptions& options, ProgressObserver* observer,
                 std::stop_token stop) {
  return Evaluation(task, options, observer, std::move(stop)).run();
}

}  // namespace conceptune::evaluation
