#include "conceptune/concepts/dataset_view.h"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

#include "conceptune/base/file.h"

namespace conceptune::concepts {
namespace {

constexpr std::string_view kBold = "\x1b[1;32m";
constexpr std::string_view kPale = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

bool is_part_of_word(unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80; }

/// Control characters could take over the terminal.
std::string harmless(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f)
      shown += "\xef\xbf\xbd";
    else
      shown += c;
  }
  return shown;
}

std::string marked(const std::string& word, bool has_synonyms, bool colour) {
  if (!colour) return has_synonyms ? fmt::format("*{}*", word) : word;
  return fmt::format("{}{}{}", has_synonyms ? kBold : kPale, word, kPlain);
}

/// What the page shows of a passage: pieces of text, each alone or as a word with its part of speech and
/// synonyms.
Json pieces_of(const ConceptRecord& record) {
  const auto places = locate_words(record);
  Json pieces = Json::array();
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto [begin, end] = places[i];
    if (begin == end) continue;
    Json synonyms = Json::array();
    for (const auto& synonym : record.words[i].synonyms)
      synonyms.push_back(fmt::format("{} ({:.3g})", synonym.text, synonym.score));
    pieces.push_back(record.text.substr(done, begin - done));
    pieces.push_back({record.text.substr(begin, end - begin), words::name_of(record.words[i].pos), synonyms});
    done = end;
  }
  pieces.push_back(record.text.substr(done));
  return {{"id", record.id}, {"pieces", std::move(pieces)}};
}

/// JSON that may stand in a script element: "</script>" and "<!--" cannot occur in it.
std::string script_json(const Json& value) {
  std::string text = to_json_text(value);
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

constexpr std::string_view kPageHead = R"html(<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Concept dataset</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
header { position: sticky; top: 0; background: #fff; padding: .5rem 0; border-bottom: 1px solid #ddd }
input[type=search] { width: 16rem; padding: .3rem } label { margin-left: 1rem }
article { margin: 1.2rem 0; white-space: pre-wrap } article > small { color: #888 }
mark { background: #d8f0d8; border-radius: 3px; cursor: help } mark.VERB { background: #d8e4f8 }
mark.ADJ { background: #f8ecd0 } mark.none { background: #eee; color: #777 }
pre { background: #f6f6f6; padding: .6rem; overflow-x: auto }
</style>
<h1>Concept dataset</h1>
)html";

constexpr std::string_view kPageScript = R"html(
<header><input type="search" id="search" placeholder="word or synonym" aria-label="Search">
<label>part of speech <select id="pos"><option value="">all</option><option>NOUN</option><option>VERB</option>
<option>ADJ</option></select></label>
<label><input type="checkbox" id="empty" checked> words without synonyms</label> <span id="count"></span></header>
<main id="passages"></main>
<script>
const get = id => document.getElementById(id);
function show() {
  const query = get('search').value.toLowerCase(), pos = get('pos').value, empty = get('empty').checked;
  const nodes = [];
  for (const passage of passages) {
    const article = document.createElement('article');
    let found = false;
    for (const piece of passage.pieces) {
      if (typeof piece === 'string') { article.append(piece); continue; }
      const [word, part, synonyms] = piece;
      if ((pos && part !== pos) || (!empty && !synonyms.length)) { article.append(word); continue; }
      const mark = document.createElement('mark');
      mark.className = synonyms.length ? part : 'none';
      mark.textContent = word;
      mark.title = part + (synonyms.length ? ': ' + synonyms.join(', ') : ', no synonyms');
      article.append(mark);
      found ||= !query || [word, ...synonyms].some(text => text.toLowerCase().includes(query));
    }
    if (!found) continue;
    const id = document.createElement('small');
    id.textContent = passage.id + '\n';
    article.prepend(id);
    nodes.push(article);
  }
  get('passages').replaceChildren(...nodes);
  get('count').textContent = nodes.length + ' passages';
}
for (const id of ['search', 'pos', 'empty']) get(id).addEventListener('input', show);
show();
</script>
</html>
)html";

}  // namespace

std::vector<WordPlace> locate_words(const ConceptRecord& record) {
  const std::string& text = record.text;
  std::vector<WordPlace> places;
  std::size_t from = 0;
  for (const auto& word : record.words) {
    WordPlace place{text.size(), text.size()};
    for (std::size_t at = text.find(word.word, from); at != std::string::npos && !word.word.empty();
         at = text.find(word.word, at + 1)) {
      const std::size_t end = at + word.word.size();
      const bool begins = at == 0 || !is_part_of_word(static_cast<unsigned char>(text[at - 1]));
      const bool ends = end == text.size() || !is_part_of_word(static_cast<unsigned char>(text[end]));
      if (!begins || !ends) continue;
      place = {at, end};
      from = end;
      break;
    }
    places.push_back(place);
  }
  return places;
}

std::string record_for_terminal(const ConceptRecord& record, bool colour) {
  const auto places = locate_words(record);
  std::string shown;
  std::string sets;
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ConceptWord& word = record.words[i];
    const auto [begin, end] = places[i];
    if (begin < end) {
      shown += harmless(std::string_view(record.text).substr(done, begin - done));
      shown += marked(harmless(word.word), !word.synonyms.empty(), colour);
      done = end;
    }
    if (word.synonyms.empty()) continue;
    std::string list;
    for (const auto& synonym : word.synonyms) list += (list.empty() ? "" : ", ") + harmless(synonym.text);
    sets += fmt::format("\n  {} ({}): {}", marked(harmless(word.word), true, colour),
                        words::name_of(word.pos), list);
  }
  return shown + harmless(std::string_view(record.text).substr(done)) + sets;
}

void write_dataset_page(const std::filesystem::path& dataset, std::int64_t passages,
                        const std::filesystem::path& page) {
  DatasetReader reader(dataset);
  Json shown = Json::array();
  ConceptRecord record;
  while (static_cast<std::int64_t>(shown.size()) < passages && reader.next(record))
    shown.push_back(pieces_of(record));
  AtomicFile file(page);
  file.write(kPageHead);
  file.write(
      fmt::format("<pre id=\"card\"></pre>\n<script>const card = {};\nconst passages = {};\n"
                  "document.getElementById('card').textContent = JSON.stringify(card, null, 2);</script>",
                  script_json({{"source", reader.card().source},
                               {"outcomes", reader.card().outcomes},
                               {"statistics", reader.card_json().at("statistics")}}),
                  script_json(shown)));
  file.write(kPageScript);
  file.commit();
}

}  // namespace conceptune::concepts
