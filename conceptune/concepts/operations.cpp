#include "conceptune/concepts/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>

#include "conceptune/base/error.h"
#include "conceptune/base/random.h"
#include "conceptune/concepts/dataset_rewrite.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "making a dataset";

bool ends_with_its_last_word(const ConceptRecord& record) {
  if (record.words.empty()) return false;
  const std::string& word = record.words.back().word;
  const std::size_t begin = record.text.rfind(word);
  if (begin == std::string::npos) return false;
  // Bytes beyond ASCII count as letters: the passage goes on.
  const auto rest = std::string_view(record.text).substr(begin + word.size());
  return std::none_of(rest.begin(), rest.end(),
                      [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; });
}

bool has_text(const std::vector<Synonym>& synonyms, const std::string& text) {
  return std::any_of(synonyms.begin(), synonyms.end(), [&](const Synonym& s) { return s.text == text; });
}

bool holds_all(const std::vector<Synonym>& synonyms, const std::vector<Synonym>& others) {
  return std::ranges::all_of(others, [&](const Synonym& s) { return has_text(synonyms, s.text); });
}

std::vector<Synonym> pool_of(const fs::path& input) {
  std::vector<Synonym> pool;
  DatasetReader reader(input);
  for (ConceptRecord record; reader.next(record);)
    for (const auto& word : record.words) pool.insert(pool.end(), word.synonyms.begin(), word.synonyms.end());
  if (pool.empty()) throw InputError(kDoing, input.string(), "no synonyms to draw from");
  return pool;
}

/// Draws `count` synonyms. Without replacement a text is drawn again until it is new, as often as may be
/// needed where the pool has hardly enough of them.
std::vector<Synonym> draw_from(const std::vector<Synonym>& pool, const ConceptWord& word, std::size_t count,
                               bool with_replacement, Random& random) {
  constexpr std::size_t kTriesEach = 1000;
  std::vector<Synonym> drawn;
  std::size_t tries = 0;
  const std::size_t most = with_replacement ? count : kTriesEach * count;
  while (drawn.size() < count && tries++ < most) {
    const Synonym& synonym = pool[random.below(pool.size())];
    if (synonym.text != word.word && !has_text(drawn, synonym.text)) drawn.push_back(synonym);
  }
  return drawn;
}

/// Two datasets read side by side.
class Pair {
 public:
  Pair(const fs::path& first, const fs::path& second) : first_(first), second_(second), second_path_(second) {
    if (first_.card().tokenizer_hash != second_.card().tokenizer_hash)
      throw InputError(kDoing, second.string(), "its tokenizer is not that of the first dataset");
    if (first_.card().word_in_set != second_.card().word_in_set)
      throw InputError(kDoing, second.string(), "only one of the datasets has words in their own sets");
  }

  bool next(ConceptRecord& first, ConceptRecord& second) {
    const bool more = first_.next(first);
    if (second_.next(second) != more || (more && first.id != second.id))
      throw InputError(kDoing, second_path_.string(), "its passages are not those of the first dataset");
    return more;
  }
  DatasetCard card(std::string_view operation) const {
    DatasetCard card = first_.card();
    card.source = fmt::format("{}({}, {})", operation, first_.card().source, second_.card().source);
    card.made_from = made_by(operation, Json::object(), {&first_, &second_});
    card.outcomes = Json::object();
    return card;
  }

 private:
  DatasetReader first_, second_;
  fs::path second_path_;
};

using Combine = std::function<std::vector<ConceptWord>(std::vector<ConceptWord>, std::vector<ConceptWord>)>;

DatasetStatistics combine(const fs::path& first, const fs::path& second, const Destination& output,
                          std::string_view operation, const Combine& combine_words) {
  Pair pair(first, second);
  const fs::path inputs[] = {first, second};
  DatasetWriter writer(output, pair.card(operation), inputs);
  for (ConceptRecord a, b; pair.next(a, b);) {
    a.words = combine_words(std::move(a.words), std::move(b.words));
    writer.write(a);
  }
  return writer.commit();
}

std::vector<ConceptWord> intersect_words(std::vector<ConceptWord> first, std::vector<ConceptWord> second) {
  std::vector<ConceptWord> both;
  for (auto& word : first) {
    const auto same = std::find_if(second.begin(), second.end(),
                                   [&](const ConceptWord& w) { return w.position == word.position; });
    if (same == second.end()) continue;
    std::erase_if(word.synonyms, [&](const Synonym& s) { return !has_text(same->synonyms, s.text); });
    word.judges = std::max(word.judges, same->judges);  // either judged all that is left
    both.push_back(std::move(word));
  }
  return both;
}

std::vector<ConceptWord> unite_words(std::vector<ConceptWord> first, std::vector<ConceptWord> second) {
  for (auto& word : second) {
    const auto same = std::find_if(first.begin(), first.end(),
                                   [&](const ConceptWord& w) { return w.position == word.position; });
    if (same == first.end()) {
      first.push_back(std::move(word));
      continue;
    }
    // Whoever judged one set has not seen what the other adds.
    same->judges = std::max(holds_all(word.synonyms, same->synonyms) ? word.judges : 0,
                            holds_all(same->synonyms, word.synonyms) ? same->judges : 0);
    for (auto& synonym : word.synonyms)
      if (!has_text(same->synonyms, synonym.text)) same->synonyms.push_back(std::move(synonym));
  }
  std::sort(first.begin(), first.end(),
            [](const ConceptWord& a, const ConceptWord& b) { return a.position < b.position; });
  return first;
}

}  // namespace

DatasetStatistics limit_synonyms(const fs::path& input, std::int64_t count, const Destination& output) {
  if (count < 0) throw InputError(kDoing, "limit", fmt::format("{}, expected at least 0", count));
  return rewrite_dataset(input, output, "limit", {{"count", count}}, [&](ConceptRecord& record) {
    for (auto& word : record.words)
      word.synonyms.resize(std::min(word.synonyms.size(), static_cast<std::size_t>(count)));
    return true;
  });
}

DatasetStatistics sample_words(const fs::path& input, double fraction, std::uint64_t seed,
                               const Destination& output) {
  if (!(fraction > 0 && fraction <= 1))
    throw InputError(kDoing, "proportion", fmt::format("{}, expected above 0 and at most 1", fraction));
  return rewrite_dataset(
      input, output, "proportion", {{"fraction", fraction}, {"seed", seed}}, [&](ConceptRecord& record) {
        if (record.words.empty()) return true;
        const auto rounded =
            static_cast<std::size_t>(std::llround(fraction * static_cast<double>(record.words.size())));
        keep_drawn_words(record, seed, std::max<std::size_t>(rounded, 1));
        return true;
      });
}

DatasetStatistics keep_last_words(const fs::path& input, const Destination& output) {
  return rewrite_dataset(input, output, "last", Json::object(), [](ConceptRecord& record) {
    if (!ends_with_its_last_word(record)) return false;
    record.words.erase(record.words.begin(), record.words.end() - 1);
    return true;
  });
}

DatasetStatistics randomise_synonyms(const fs::path& input, RandomDraw draw, std::uint64_t seed,
                                     const Destination& output) {
  const auto pool = pool_of(input);
  const bool keeps_word = draw == RandomDraw::keep_word;
  const Json options = {{"draw", name_of(draw)}, {"seed", seed}};
  const auto change = [&](ConceptRecord& record) {
    Random random(seed, record.id);
    for (auto& word : record.words) {
      const std::size_t members = word.synonyms.size() + (keeps_word ? 0 : 1);
      if (members == 0) continue;
      word.synonyms = draw_from(pool, word, members, draw == RandomDraw::authors, random);
      word.judges = 0;
    }
    return true;
  };
  return rewrite_dataset(input, output, "random", options, change, keeps_word);
}

DatasetStatistics intersect_datasets(const fs::path& first, const fs::path& second,
                                     const Destination& output) {
  return combine(first, second, output, "intersect", intersect_words);
}

DatasetStatistics unite_datasets(const fs::path& first, const fs::path& second, const Destination& output) {
  return combine(first, second, output, "union", unite_words);
}

}  // namespace conceptune::concepts
