#include "conceptune/concepts/annotate.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/concepts/counts.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/concepts/work_folder.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "annotating";

/// One digest for all passages in their order.
std::string hash_of(std::span<const corpus::Passage> passages) {
  Sha256 hash;
  for (const auto& passage : passages) hash.update(passage.id + "\n");
  return hash.hex();
}

/// Everything that decides the records.
Json made_from(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
               const AnnotationModels& models, const OwnSource& used, bool needs_model) {
  Json facts = {{"passages", {{"count", passages.size()}, {"hash", hash_of(passages)}}},
                {"english_pipeline", models.pipeline->hash()}};
  if (needs_model) facts["model"] = models.model.hash();
  if (used.needs_candidates && models.candidate_server)
    facts["candidate_server"] = models.candidate_server->model().identity;
  if (models.prompt_model) facts["prompt_model"] = models.prompt_model->hash();
  const Json of_source = used.source.made_from();
  for (const auto& [key, value] : of_source.items()) facts[key] = value;
  facts["options"] = results_options_to_json(options);
  facts["options"]["source"] = used.name;
  for (const auto* section : {"candidates", "prompt"}) {
    // A server is known by what it serves.
    facts["options"][section].erase("server");
  }
  return facts;
}

/// Turns passages into finished records.
class Annotator {
 public:
  Annotator(const AnnotateOptions& options, const AnnotationModels& models, const OwnSource& used)
      : options_(options),
        models_(models),
        source_(used.source),
        candidates_(used.needs_candidates ? make_candidates(options, models) : nullptr) {}

  FinishedBatch finish(std::span<const corpus::Passage> passages, std::stop_token stop) const {
    std::vector<Draft> drafts;
    words::ContentWordStatistics statistics;
    for (const auto& passage : passages) drafts.push_back(draft_of(passage, statistics));
    if (candidates_) candidates_->find(drafts, stop);
    FinishedBatch finished;
    finished.outcomes = source_.fill(drafts, stop);
    for (const auto& draft : drafts)
      for (const auto& [word, reason] : draft.candidate_failures) ++finished.outcomes.failures[reason];
    finished.word_counts = statistics.to_json();
    for (auto& draft : drafts) finished.records.push_back(std::move(draft.record));
    return finished;
  }

 private:
  Draft draft_of(const corpus::Passage& passage, words::ContentWordStatistics& statistics) const {
    const auto encoding = models_.model.tokenizer()->encode(passage.text);
    Draft draft{{passage.id, passage.text, encoding.ids, {}}, {}};
    for (auto& word : words::find_content_words(passage.text, encoding, *models_.pipeline,
                                                options_.content_words, &statistics)) {
      draft.record.words.push_back({word.token, std::move(word.word), word.pos, {}, word.span});
      draft.tags.push_back(std::move(word.tag));
    }
    return draft;
  }

  const AnnotateOptions& options_;
  const AnnotationModels& models_;
  const ConceptSource& source_;
  std::unique_ptr<CandidateSource> candidates_;
};

/// The batches that a shard does.
struct BatchRange {
  std::int64_t begin, end;
};

BatchRange batches_of(const Shard& shard, std::size_t passages, int batch_passages) {
  if (shard.count < 1 || shard.index < 0 || shard.index >= shard.count)
    throw InputError(kDoing, "shard",
                     fmt::format("{}/{}, expected an index below the count", shard.index, shard.count));
  const auto batches = (static_cast<std::int64_t>(passages) + batch_passages - 1) / batch_passages;
  return {batches * shard.index / shard.count, batches * (shard.index + 1) / shard.count};
}

/// Words that a server left without an answer have no set: that must not pass for an answer; nor must a
/// dataset without a single synonym pass in silence. Throws Error when no word got a reply.
void tell_failures(const Outcomes& outcomes, const std::filesystem::path& output) {
  if (outcomes.failures.empty()) {
    if (outcomes.asked > 0 && outcomes.answered == 0)
      warn(fmt::format(
          "{}: none of {} words has a synonym: {} empty answers, {} that could not be understood, "
          "{} words that could not be asked about",
          output.string(), outcomes.asked, outcomes.empty, outcomes.invalid, outcomes.refused));
    return;
  }
  std::int64_t lost = 0;
  const auto* most = &*outcomes.failures.begin();
  for (const auto& failure : outcomes.failures) {
    lost += failure.second;
    if (failure.second > most->second) most = &failure;
  }
  const std::string what = fmt::format("{}: {} of {} words have no answer, {} of them because of: {}",
                                       output.string(), lost, outcomes.asked, most->second, most->first);
  if (outcomes.answered + outcomes.empty + outcomes.invalid == 0)
    throw Error(fmt::format("annotating: {}; no dataset is made; started again it asks for them anew", what));
  warn(fmt::format(
      "{}; they have no synonyms in the dataset. Annotated again with --overwrite, only they are asked for",
      what));
}

DatasetStatistics assemble(const WorkFolder& work, const BatchRange& batches, DatasetCard card,
                           const Destination& output) {
  DatasetWriter writer(output, std::move(card));
  Outcomes outcomes;
  Json word_counts = Json::object();
  for (std::int64_t batch = batches.begin; batch < batches.end; ++batch) {
    const FinishedBatch finished = work.read(batch);
    outcomes += finished.outcomes;
    add_counts(word_counts, finished.word_counts);
    for (const auto& record : finished.records) writer.write(record);
  }
  tell_failures(outcomes, output.path);
  writer.set_outcomes({{"source", outcomes.to_json()}, {"content_words", std::move(word_counts)}});
  return writer.commit();
}

void check_task(const Destination& output, std::span<const corpus::Passage> passages) {
  check_folder_destination(output, ProductKind::dataset, kDoing);
  if (passages.empty()) throw InputError(kDoing, output.path.string(), "no passages, expected at least one");
}

DatasetCard card_of(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                    const AnnotationModels& models, const OwnSource& used, bool needs_model) {
  const tokenizer::Tokenizer& tokenizer = *models.model.tokenizer();
  return {used.name,
          tokenizer.hash(),
          static_cast<std::int64_t>(tokenizer.size()),
          true,
          made_from(passages, options, models, used, needs_model),
          Json::object()};
}

Json plan_of(const DatasetCard& card) {
  Json plan = card.made_from;
  plan["dataset_version"] = kDatasetFormatVersion;
  return plan;
}

/// Makes the batches that the work folder lacks.
void fill(const WorkFolder& work, const BatchRange& batches, std::span<const corpus::Passage> passages,
          const AnnotateOptions& options, const Annotator& annotator, ProgressObserver* observer,
          const std::stop_token& stop) {
  const auto size = static_cast<std::size_t>(options.batch_passages);
  const auto batch_of = [&](std::int64_t batch) {
    const std::size_t begin = static_cast<std::size_t>(batch) * size;
    return passages.subspan(begin, std::min(size, passages.size() - begin));
  };
  std::int64_t total = 0;
  for (std::int64_t batch = batches.begin; batch < batches.end; ++batch)
    total += static_cast<std::int64_t>(batch_of(batch).size());
  Progress progress(observer, "annotate", total, "passages");
  for (std::int64_t batch = batches.begin; batch < batches.end; ++batch) {
    if (stop.stop_requested())
      throw Interrupted("annotation was stopped; started again it goes on from here");
    const auto of_batch = batch_of(batch);
    const auto finished = static_cast<std::int64_t>(of_batch.size());
    if (work.has(batch)) {
      progress.skip(finished);
      continue;
    }
    work.write(batch, annotator.finish(of_batch, stop));
    progress.add(finished);
  }
}

DatasetStatistics annotate_with(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                                const AnnotationModels& models, const OwnSource& used, bool needs_model,
                                const Destination& output, ProgressObserver* observer,
                                const std::stop_token& stop, const Shard& shard) {
  DatasetCard card = card_of(passages, options, models, used, needs_model);
  if (shard.count > 1) card.made_from["shard"] = {{"index", shard.index}, {"count", shard.count}};
  const BatchRange batches = batches_of(shard, passages.size(), options.batch_passages);
  WorkFolder work(output.path, plan_of(card));
  fill(work, batches, passages, options, Annotator(options, models, used), observer, stop);
  const auto statistics = assemble(work, batches, std::move(card), output);
  work.remove();
  return statistics;
}

}  // namespace

DatasetStatistics annotate(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                           const AnnotationModels& models, const Destination& output,
                           ProgressObserver* observer, std::stop_token stop, const Shard& shard) {
  check_task(output, passages);
  const SourceKindFacts& kind = source_kind(options);
  const auto source = kind.make(options, models);
  const OwnSource used{std::string(name_of(options.source)), *source, needs_candidates(options)};
  return annotate_with(passages, options, models, used, needs_model(options), output, observer, stop, shard);
}

void annotate_part(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                   const AnnotationModels& models, const fs::path& output, const Shard& shard,
                   ProgressObserver* observer, std::stop_token stop) {
  const SourceKindFacts& kind = source_kind(options);
  const auto source = kind.make(options, models);
  const OwnSource used{std::string(name_of(options.source)), *source, needs_candidates(options)};
  const WorkFolder work(output, plan_of(card_of(passages, options, models, used, needs_model(options))),
                        WorkSharing::shared);
  fill(work, batches_of(shard, passages.size(), options.batch_passages), passages, options,
       Annotator(options, models, used), observer, stop);
}

bool has_part(std::size_t passages, const AnnotateOptions& options, const fs::path& output,
              const Shard& shard) {
  const BatchRange batches = batches_of(shard, passages, options.batch_passages);
  for (std::int64_t batch = batches.begin; batch < batches.end; ++batch)
    if (!WorkFolder::holds(output, batch)) return false;
  return true;
}

DatasetStatistics annotate(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                           const AnnotationModels& models, const OwnSource& source, const Destination& output,
                           ProgressObserver* observer, std::stop_token stop, const Shard& shard) {
  check_task(output, passages);
  if (value_named<SourceKind>(source.name))
    throw InputError(kDoing, source.name, "is one of the program's sources, expected a name of your own");
  return annotate_with(passages, options, models, source, source.needs_candidates && !models.candidate_server,
                       output, observer, stop, shard);
}

}  // namespace conceptune::concepts
