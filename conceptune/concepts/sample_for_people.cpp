#include "conceptune/concepts/sample_for_people.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/random.h"
#include "conceptune/concepts/dataset_rewrite.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kDoing = "drawing passages";

enum class Certainty { none, low, middle, high };
constexpr const char* kCertaintyNames[] = {"none", "low", "middle", "high"};

using Stratum = std::pair<words::PartOfSpeech, Certainty>;

std::string name_of(const Stratum& stratum) {
  return fmt::format("{} {}", words::name_of(stratum.first),
                     kCertaintyNames[static_cast<std::size_t>(stratum.second)]);
}

/// The scores at which the thirds of a part of speech's words end.
class Thirds {
 public:
  explicit Thirds(const std::filesystem::path& dataset) {
    std::map<words::PartOfSpeech, std::vector<double>> scores;
    DatasetReader reader(dataset);
    for (ConceptRecord record; reader.next(record);)
      for (const auto& word : record.words)
        if (!word.synonyms.empty()) scores[word.pos].push_back(word.synonyms[0].score);
    for (auto& [pos, all] : scores) {
      std::ranges::sort(all);
      ends_[pos] = {all[all.size() / 3], all[all.size() * 2 / 3]};
    }
  }

  Stratum of(const ConceptWord& word) const {
    if (word.synonyms.empty()) return {word.pos, Certainty::none};
    const auto& [low, middle] = ends_.at(word.pos);
    const double score = word.synonyms[0].score;
    return {word.pos, score < low ? Certainty::low : score < middle ? Certainty::middle : Certainty::high};
  }

 private:
  std::map<words::PartOfSpeech, std::pair<double, double>> ends_;
};

/// Passages by stratum, as indices of the dataset.
using Strata = std::map<Stratum, std::vector<std::size_t>>;

Strata strata_of(const std::filesystem::path& dataset, std::uint64_t seed) {
  const Thirds thirds(dataset);
  Strata strata;
  DatasetReader reader(dataset);
  std::size_t index = 0;
  for (ConceptRecord record; reader.next(record); ++index)
    if (!record.words.empty()) strata[thirds.of(drawn_words(record, seed)[0])].push_back(index);
  return strata;
}

/// Largest remainders.
std::vector<std::size_t> proportional_shares(const std::vector<std::size_t>& sizes, std::size_t all,
                                             std::size_t count) {
  std::vector<std::size_t> shares;
  std::vector<std::pair<std::size_t, std::size_t>> remainders;  // with the stratum
  std::size_t given = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    shares.push_back(count * sizes[i] / all);
    given += shares.back();
    remainders.emplace_back(count * sizes[i] % all, i);
  }
  std::ranges::stable_sort(remainders, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; given < count; ++i, ++given) ++shares[remainders[i].second];
  return shares;
}

std::vector<std::size_t> equal_shares(const std::vector<std::size_t>& sizes, std::size_t count) {
  std::vector<std::size_t> shares(sizes.size());
  for (std::size_t given = 0, i = 0; given < count; i = (i + 1) % sizes.size()) {
    if (shares[i] == sizes[i]) continue;
    ++shares[i];
    ++given;
  }
  return shares;
}

std::vector<std::size_t> shares_of(const Strata& strata, const PeopleSample& sample,
                                   const std::filesystem::path& input) {
  std::vector<std::size_t> sizes;
  std::size_t all = 0;
  for (const auto& [stratum, passages] : strata) {
    sizes.push_back(passages.size());
    all += passages.size();
  }
  const auto count = static_cast<std::size_t>(sample.passages);
  if (sample.passages < 1 || count > all)
    throw InputError(kDoing, input.string(),
                     fmt::format("{} passages asked for, expected 1 to {}: so many have content words",
                                 sample.passages, all));
  return sample.allocation == Allocation::equal ? equal_shares(sizes, count)
                                                : proportional_shares(sizes, all, count);
}

}  // namespace

DatasetStatistics sample_for_people(const std::filesystem::path& input, const PeopleSample& sample,
                                    const Destination& output) {
  Strata strata = strata_of(input, sample.seed);
  const auto shares = shares_of(strata, sample, input);
  std::set<std::size_t> drawn;
  Json told = Json::array();
  std::size_t i = 0;
  for (auto& [stratum, passages] : strata) {
    const std::size_t share = shares[i++];
    told.push_back({{"pos", words::name_of(stratum.first)},
                    {"certainty", kCertaintyNames[static_cast<std::size_t>(stratum.second)]},
                    {"passages", passages.size()},
                    {"drawn", share}});
    Random(sample.seed, "stratum " + name_of(stratum)).shuffle(passages);
    drawn.insert(passages.begin(), passages.begin() + static_cast<std::ptrdiff_t>(share));
  }
  const Json options = {{"passages", sample.passages},
                        {"words", sample.words},
                        {"allocation", conceptune::name_of(sample.allocation)},
                        {"seed", sample.seed},
                        {"strata", std::move(told)}};
  std::size_t index = 0;
  return rewrite_dataset(input, output, "sample", options, [&](ConceptRecord& record) {
    if (!drawn.contains(index++)) return false;
    if (sample.words > 0) keep_drawn_words(record, sample.seed, static_cast<std::size_t>(sample.words));
    return true;
  });
}

}  // namespace conceptune::concepts
