// The page on which people look at a dataset and judge it: one file without references to others. What it
// does is in page/.
#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/concepts/dataset_page_text.h"
#include "conceptune/concepts/dataset_view.h"
#include "conceptune/concepts/word_places.h"

namespace conceptune::concepts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "writing a page";

/// Begins every page, also those of earlier releases.
constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Concept dataset</title>
)html";

/// Forbids the page to load or send anything.
constexpr std::string_view kPolicy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">\n";

/// Datasets of the same passages whose candidates the shown dataset joins, read side by side with it.
class Sources {
 public:
  explicit Sources(const std::vector<fs::path>& datasets) {
    if (datasets.size() > kMost)
      throw InputError(kDoing, "sources", fmt::format("{}, expected at most {}", datasets.size(), kMost));
    for (const auto& dataset : datasets) {
      readers_.emplace_back(dataset, DatasetReader(dataset));
      std::string name = readers_.back().second.card().source;
      if (!names_.insert(name).second)
        name += fmt::format(" ({})", resolved_path(dataset).filename().string());
      labels_.push_back(std::move(name));
    }
  }

  const Json& labels() const { return labels_; }

  /// Reads on to the same passage.
  void next(const ConceptRecord& record) {
    known_.clear();
    for (std::size_t i = 0; i < readers_.size(); ++i) {
      ConceptRecord other;
      if (!readers_[i].second.next(other) || other.id != record.id)
        throw InputError(kDoing, readers_[i].first.string(),
                         "its passages are not those of the shown dataset");
      for (const auto& word : other.words)
        for (const auto& synonym : word.synonyms)
          known_[{word.position, synonym.text}] |= std::uint32_t{1} << i;
    }
  }

  /// Bit i: source i has this synonym for the word at this position.
  std::uint32_t of(std::uint32_t position, const std::string& synonym) const {
    const auto found = known_.find({position, synonym});
    return found == known_.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kMost = 31;
  std::vector<std::pair<fs::path, DatasetReader>> readers_;
  std::set<std::string> names_;
  Json labels_ = Json::array();
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> known_;
};

Json synonyms_of(const ConceptWord& word, const Sources& sources) {
  Json synonyms = Json::array();
  for (const auto& synonym : word.synonyms) {
    Json entry = {synonym.text, fmt::format("{:.3g}", synonym.score)};
    if (!sources.labels().empty()) entry.push_back(sources.of(word.position, synonym.text));
    synonyms.push_back(std::move(entry));
  }
  return synonyms;
}

/// What the page knows of a passage: pieces of text, each alone or as a word with its part of speech, its
/// first character and its synonyms.
Json pieces_of(const ConceptRecord& record, const Sources& sources) {
  const auto places = byte_places(record);
  Json pieces = Json::array();
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto [begin, end] = places[i];
    if (begin == end) continue;
    const ConceptWord& word = record.words[i];
    pieces.push_back(record.text.substr(done, begin - done));
    pieces.push_back({record.text.substr(begin, end - begin), words::name_of(word.pos), word.span.begin,
                      synonyms_of(word, sources)});
    done = end;
  }
  pieces.push_back(record.text.substr(done));
  return {{"id", record.id}, {"pieces", std::move(pieces)}};
}

/// JSON that may stand in a script element: "</script>" and "<!--" cannot occur in it.
std::string script_json(const Json& value) {
  std::string safe;
  for (const char c : to_json_text(value)) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

/// The first `count` passages; one that is there twice is shown once, since judgements name passages by id.
Json passages_of(DatasetReader& reader, std::int64_t count, Sources& sources) {
  Json passages = Json::array();
  std::set<std::string> shown;
  ConceptRecord record;
  for (std::int64_t i = 0; i < count && reader.next(record); ++i) {
    sources.next(record);
    if (shown.insert(record.id).second) passages.push_back(pieces_of(record, sources));
  }
  return passages;
}

}  // namespace

void write_dataset_page(const fs::path& dataset, std::int64_t passages, const Destination& page,
                        const std::vector<fs::path>& sources) {
  std::vector<fs::path> inputs = sources;
  inputs.push_back(dataset);
  check_file_destination(
      page, "dataset's page", kDoing, [](const fs::path& file) { return begins_with(file, kHead); }, inputs);
  DatasetReader reader(dataset);
  Sources of(sources);
  const Json shown = passages_of(reader, passages, of);
  AtomicFile file(page.path, page.existing);
  file.write(kHead);
  file.write(kPolicy);
  file.write(fmt::format("<style>\n{}</style></head><body>\n{}", kPageStyle, kPageBody));
  file.write(fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n",
                         script_json({{"dataset", dataset_identity(dataset)},
                                      {"source", reader.card().source},
                                      {"sources", of.labels()},
                                      {"outcomes", reader.card().outcomes},
                                      {"statistics", reader.card_json().at("statistics")},
                                      {"passages", shown}})));
  file.write(fmt::format("<script type=\"module\">\n{}</script>\n</body></html>\n", kPageScript));
  file.commit();
}

}  // namespace conceptune::concepts
