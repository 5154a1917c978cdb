#include "conceptune/report/moved_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "conceptune/base/ascii_case.h"
#include "conceptune/report/moved_items.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/results/item_files.h"

namespace conceptune::report {
namespace {

namespace fs = std::filesystem;

/// What both sides make of a word, summed over its occurrences and seeds.
struct Word {
  std::size_t occurrences = 0;  // in the passages
  double before = 0, after = 0;
};
using Words = std::map<std::string, Word, std::less<>>;
using PassageWords = std::vector<std::vector<std::string>>;

/// In lower case.
PassageWords read_words(const fs::path& path) {
  PassageWords passages;
  each_item(path, "a passage with its words", [&](const Json& item) {
    auto& words = passages.emplace_back(evaluation::passage_words_from_json(item).words);
    for (auto& word : words) word = ascii_lower(word);
  });
  return passages;
}

/// Adds a subject's -log p of every occurrence to `side`, divided by `subjects`. False where its items are of
/// other words.
bool add_subject(const fs::path& path, const PassageWords& passages, double Word::*side, std::size_t subjects,
                 Words& words) {
  std::size_t next = 0;
  bool fits = true;
  each_item(path, "a passage with nll and content", [&](const Json& item) {
    const auto scores = evaluation::passage_scores_from_json(item);
    fits = fits && next < passages.size() && scores.content.size() == passages[next].size();
    if (!fits) return;
    for (std::size_t i = 0; i < scores.content.size(); ++i)
      if (const auto word = words.find(passages[next][i]); word != words.end())
        word->second.*side += scores.nll.at(scores.content[i].token) / static_cast<double>(subjects);
    ++next;
  });
  return fits && next == passages.size();
}

/// The words of a passage set that occur often enough, with both sides' sums; nothing where items are
/// missing.
std::optional<Words> words_of(const evaluation::Results& results, std::string_view benchmark,
                              const MovedSides& sides, const fs::path& items) {
  const auto path = item_path(results, evaluation::kBase, benchmark, evaluation::kContentWords, items);
  if (!path) return std::nullopt;
  const PassageWords passages = read_words(*path);
  Words words;
  for (const auto& passage : passages)
    for (const auto& word : passage) ++words[word].occurrences;
  std::erase_if(words, [](const auto& entry) { return entry.second.occurrences < kFewestOccurrences; });
  for (const auto& [side, sum] : {std::pair(&sides.before, &Word::before), {&sides.after, &Word::after}})
    for (const auto& subject : side->subjects) {
      const auto scores = item_path(results, subject, benchmark, "", items);
      if (!scores || !add_subject(*scores, passages, sum, side->subjects.size(), words)) return std::nullopt;
    }
  return words;
}

/// Rows of the words that are predicted better by most, and of those predicted worse by most.
std::vector<std::vector<Cell>> moved_rows(const Words& words) {
  std::vector<std::pair<double, const Words::value_type*>> changes;
  for (const auto& entry : words)
    changes.emplace_back(
        (entry.second.after - entry.second.before) / static_cast<double>(entry.second.occurrences), &entry);
  std::ranges::stable_sort(changes, {}, [](const auto& change) { return change.first; });
  std::vector<std::vector<Cell>> rows;
  const auto add = [&](double change, const Words::value_type& entry) {
    const auto& [text, word] = entry;
    const auto count = static_cast<double>(word.occurrences);
    rows.push_back({{text},
                    number_cell(count, fmt::format("{}", word.occurrences)),
                    number_cell(word.before / count, number_text(word.before / count)),
                    number_cell(word.after / count, number_text(word.after / count)),
                    number_cell(change, signed_text(change), "", change < 0 ? Tone::better : Tone::worse)});
  };
  const std::size_t shown = std::min(kShownEachWay, changes.size());
  for (std::size_t i = 0; i < shown; ++i)
    if (changes[i].first < 0) add(changes[i].first, *changes[i].second);
  for (std::size_t i = 1; i <= shown; ++i)
    if (const auto& [change, entry] = changes[changes.size() - i]; change > 0) add(change, *entry);
  return rows;
}

void append_tables(const evaluation::Results& results, const std::string& model, const MovedSides& sides,
                   const fs::path& items, std::vector<Table>& tables) {
  for (const auto& set : results.item_files) {
    if (set.subject != evaluation::kBase || set.convention != evaluation::kContentWords) continue;
    const auto words = words_of(results, set.benchmark, sides, items);
    if (!words) continue;
    Table table{fmt::format("moved-words-{}", tables.size() + 1),
                fmt::format("{}, {}: content words that moved most from {} to {}", model, set.benchmark,
                            sides.before.name, sides.after.name),
                {"word", "times", "−log p before", "−log p after", "change"},
                moved_rows(*words)};
    if (!table.rows.empty()) tables.push_back(std::move(table));
  }
}

}  // namespace

std::vector<Table> moved_word_tables(const experiment::Results& results, const fs::path& items) {
  return moved_tables(
      results, "words",
      [&](const evaluation::Results& evaluated, const std::string& model, const MovedSides& sides,
          std::vector<Table>& tables) { append_tables(evaluated, model, sides, items, tables); });
}

}  // namespace conceptune::report
