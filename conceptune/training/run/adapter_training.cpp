#include "conceptune/training/run/adapter_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/training/models/activation_budget.h"
#include "conceptune/training/models/guest_trainables.h"
#include "conceptune/training/models/lora_trainable.h"

namespace conceptune::training {
namespace {

constexpr std::string_view kDoing = "reading training data";

/// Records of several datasets, which must agree on whether the word belongs to its set.
struct Records {
  std::vector<concepts::ConceptRecord> records;
  bool word_in_set = true;
  Json made_from = Json::array();
  std::vector<std::string> sources;  // for the model card
};

std::string describe_source(const std::string& source, const concepts::DatasetStatistics& counts) {
  return fmt::format("{}: {} content words, {} of them with synonyms, {:.3g} each", source, counts.words,
                     counts.words_with_synonyms,
                     static_cast<double>(counts.synonyms) /
                         static_cast<double>(std::max<std::int64_t>(counts.words_with_synonyms, 1)));
}

void check_tokenizer(const concepts::DatasetCard& card, const std::filesystem::path& folder,
                     const std::string& expected) {
  if (card.tokenizer_hash == expected) return;
  throw InputError(
      kDoing, folder.string(),
      fmt::format("made with tokenizer {:.12}, expected the model's {:.12}", card.tokenizer_hash, expected));
}

Records read_all(const std::vector<std::filesystem::path>& folders, const std::string& tokenizer_hash) {
  Records all;
  for (const auto& folder : folders) {
    concepts::DatasetReader reader(folder);
    check_tokenizer(reader.card(), folder, tokenizer_hash);
    if (all.made_from.empty()) all.word_in_set = reader.card().word_in_set;
    if (all.word_in_set != reader.card().word_in_set)
      throw InputError(
          kDoing, folder.string(),
          "excludes the word from its concept set unlike the datasets before it, or the reverse");
    concepts::DatasetStatistics counts;
    for (concepts::ConceptRecord record; reader.next(record);) {
      counts.add(record);
      all.records.push_back(std::move(record));
    }
    all.sources.push_back(describe_source(reader.card().source, counts));
    all.made_from.push_back(sha256_hex(to_json_text(reader.card_json())));
  }
  return all;
}

void add_passage_ids(const Records& records, corpus::PassageIds& ids) {
  for (const auto& record : records.records) ids.insert(corpus::passage_id(record.text));
}

class Preparer {
 public:
  Preparer(const Records& records, const PassageOptions& passage_options)
      : records_(records), passage_options_(passage_options) {}

  /// Passages of the records with these indices, each followed by `copies` swapped ones.
  std::vector<TrainingPassage> prepare(const std::vector<std::size_t>& indices, std::int64_t copies,
                                       std::uint64_t seed) const {
    std::vector<TrainingPassage> passages;
    Random random(seed, "synonym-swapped copies");
    for (const std::size_t index : indices) {
      const auto& record = records_.records[index];
      add(record, passages);
      for (std::int64_t copy = 0; copy < copies; ++copy) add(swap_synonyms(record, random), passages);
    }
    return passages;
  }

 private:
  void add(const concepts::ConceptRecord& record, std::vector<TrainingPassage>& passages) const {
    TrainingPassage passage = prepare_passage(record, passage_options_);
    if (passage.tokens.size() >= 2) passages.push_back(std::move(passage));
  }

  const Records& records_;
  PassageOptions passage_options_;
};

PassageOptions passage_options(const Records& records, const DataRequest& request,
                               const TrainingOptions& options) {
  const LossRule& rule = options.objective.loss.rule();
  return {options.batch, records.word_in_set, request.begin_token,
          rule.takes_scores && rule.takes_scores(options.objective)};
}

}  // namespace

TrainingData read_training_data(const DataRequest& request, const TrainingOptions& options) {
  const Records records = read_all(request.datasets, request.tokenizer_hash);
  const Records validation = read_all(request.validation_datasets, request.tokenizer_hash);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const double share = request.validation_datasets.empty() ? options.validation_share : 0;
  const auto [training_indices, held_out] = split_passages(records.records.size(), share, seed);

  TrainingData data;
  const Preparer preparer(records, passage_options(records, request, options));
  data.training = preparer.prepare(training_indices, options.batch.augment, seed);
  data.validation = preparer.prepare(held_out, 0, seed);
  if (!request.validation_datasets.empty()) {
    const auto all = split_passages(validation.records.size(), 0, seed).first;
    data.validation =
        Preparer(validation, passage_options(validation, request, options)).prepare(all, 0, seed);
  }
  add_passage_ids(records, data.passage_ids);
  add_passage_ids(validation, data.passage_ids);
  data.made_from = {{"datasets", records.made_from}, {"validation_datasets", validation.made_from}};
  data.concept_sources = records.sources;
  if (data.training.empty())
    throw InputError(kDoing, request.datasets.empty() ? "datasets" : request.datasets.front().string(),
                     "no passage of two tokens or more");
  return data;
}

TrainingResult train_model(const generation::LanguageModel& base, const std::string& base_name,
                           TrainingData data, const TrainingOptions& options,
                           const std::filesystem::path& folder, ProgressObserver* observer,
                           std::stop_token stop, Ranks* ranks) {
  check_trainable(options.method, base.options());
  data.made_from["model"] = base.hash();
  const auto train_it = [&](const Trainable& model) {
    return train(model, std::move(data), options, folder, observer, std::move(stop), ranks);
  };
  if (options.method == Method::full)
    return train_it(*guest_trainables().all_weights(base.path(), base.options()));
  const auto adapter = std::make_shared<model::LoraAdapter>(base.config(), options.lora,
                                                            static_cast<std::uint64_t>(options.seed));
  if (!model::runs_by_kernels(base.options()))
    return train_it(*guest_trainables().adapter(base.path(), base.options(), adapter, base_name));
  const generation::LanguageModel frozen = base.with(model::for_training(base.options()));
  const model::Decoder& decoder = frozen.decoder();
  return train_it(LoraTrainable(decoder, adapter, base_name, activation_budget(decoder, options.memory)));
}

}  // namespace conceptune::training
