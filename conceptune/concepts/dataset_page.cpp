// The page that shows a dataset: one file without references to others.
#include <fmt/format.h>

#include <span>
#include <string_view>

#include "conceptune/base/file.h"
#include "conceptune/concepts/dataset_view.h"
#include "conceptune/concepts/word_places.h"

namespace conceptune::concepts {
namespace {

/// What the page shows of a passage: pieces of text, each alone or as a word with its part of speech and
/// synonyms.
Json pieces_of(const ConceptRecord& record) {
  const auto places = byte_places(record);
  Json pieces = Json::array();
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto [begin, end] = places[i];
    if (begin == end) continue;
    Json synonyms = Json::array();
    for (const auto& synonym : record.words[i].synonyms)
      synonyms.push_back({synonym.text, fmt::format("{:.3g}", synonym.score)});
    pieces.push_back(record.text.substr(done, begin - done));
    pieces.push_back({record.text.substr(begin, end - begin), words::name_of(record.words[i].pos), synonyms});
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

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Concept dataset</title>
<style>
:root { color-scheme: light dark; --text: #1b1f24; --soft: #59636e; --page: #ffffff; --card: #f6f8fa; --line: #d1d9e0;
  --noun: #cdeccd; --verb: #cfe0f8; --adj: #f7e3b0; --none: #e9ecef; --hit: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b1; --page: #0d1117; --card: #161b22;
  --line: #3d444d; --noun: #1f4a2a; --verb: #1d3a5f; --adj: #5a4510; --none: #2a3038; --hit: #ff8f86; } }
* { box-sizing: border-box; }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 54rem; margin: 0 auto; padding: 1rem 1rem 9rem;
  color: var(--text); background: var(--page); overflow-wrap: break-word; }
h1 { font-size: 1.5rem; margin: .3rem 0; } .soft, small { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .6rem 0; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
#sizes { display: flex; align-items: flex-end; gap: 2px; height: 5.5rem; margin: .8rem 0 .2rem; }
#sizes div { flex: 1; min-width: 0; text-align: center; font-size: .7rem; color: var(--soft); }
#sizes i { display: block; background: var(--verb); border-radius: 2px 2px 0 0; }
form { position: sticky; top: 0; z-index: 1; background: var(--page); padding: .6rem 0; border-bottom: 1px solid var(--line);
  display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: center; }
input[type=search], select, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .25rem .5rem; } input[type=search] { flex: 1 1 12rem; min-width: 0; }
article { margin: 1.2rem 0; white-space: pre-wrap; } article small { display: block; }
mark { color: inherit; border-radius: .2rem; padding: 0 .1rem; cursor: pointer; background: var(--none); }
mark.NOUN { background: var(--noun); } mark.VERB { background: var(--verb); } mark.ADJ { background: var(--adj); }
mark.none { background: var(--none); color: var(--soft); }
#word .entry { white-space: nowrap; }
mark.hit { outline: 2px solid var(--hit); } mark:focus { outline: 2px solid currentColor; }
#word { position: fixed; left: 0; right: 0; bottom: 0; background: var(--card); border-top: 1px solid var(--line);
  padding: .6rem 1rem; max-height: 8rem; overflow-y: auto; } #word div { max-width: 52rem; margin: 0 auto; }
</style></head><body>
<h1>Concept dataset</h1>
)html";

constexpr std::string_view kBody = R"html(
<p class="soft">Source: <span id="source"></span></p>
<dl id="counts"></dl>
<div id="sizes" aria-hidden="true"></div><p class="soft"><small>Words by the number of their synonyms</small></p>
<form onsubmit="return false"><input type="search" id="search" placeholder="word or synonym" aria-label="Search">
<select id="pos" aria-label="Part of speech"><option value="">all words</option><option value="NOUN">nouns</option>
<option value="VERB">verbs</option><option value="ADJ">adjectives</option></select>
<label><input type="checkbox" id="empty" checked> words without synonyms</label>
<span id="found" class="soft" role="status"></span></form>
<main id="passages"></main>
<p><button id="more" hidden>More passages</button></p>
<aside id="word" aria-live="polite"><div class="soft">Choose a word to see its concept set.</div></aside>
<script>
const PAGE = 50;
const get = id => document.getElementById(id);
const make = (tag, text, kind) => { const node = document.createElement(tag); node.textContent = text;
  if (kind) node.className = kind; return node; };
let matching = [], shown = 0;

function describe() {
  const s = card.statistics, percent = (a, b) => b ? (100 * a / b).toFixed(1) + ' %' : '–';
  const rows = [['passages', s.passages], ['tokens', s.tokens],
    ['content words', `${s.words} (${percent(s.words, s.tokens)} of the tokens)`],
    ...Object.entries(s.words_by_pos).map(([pos, n]) => [pos, `${n} (${percent(n, s.words)})`]),
    ['with synonyms', `${s.words_with_synonyms} (${percent(s.words_with_synonyms, s.words)})`],
    ['synonyms a word', s.words_with_synonyms ? (s.synonyms / s.words_with_synonyms).toFixed(2) : '–'],
    ...Object.entries(card.outcomes.source || {}).map(([what, n]) => [what, typeof n === 'object' ?
      Object.entries(n).map(([why, times]) => `${times} × ${why}`).join('; ') : n])];
  for (const [name, value] of rows) get('counts').append(make('dt', name, 'soft'), make('dd', value));
  const most = Math.max(...s.set_sizes, 1);
  s.set_sizes.forEach((n, size) => {
    const column = make('div', ''), bar = document.createElement('i');
    bar.style.height = `${4 * n / most}rem`;
    column.title = `${n} words with ${size} synonyms`;
    column.append(bar, s.set_sizes.length <= 30 || size % 10 === 0 ? String(size) : '\u00a0');
    get('sizes').append(column);
  });
}

function tell([word, part, synonyms]) {
  const line = document.createElement('div');
  line.append(make('strong', word), make('span', ` ${part} `, 'soft'),
    synonyms.length ? ' ' : make('span', 'no synonyms', 'soft'));
  synonyms.forEach(([text, score], i) => {
    const entry = make('span', text + ' ', 'entry');
    entry.append(make('small', score), i + 1 < synonyms.length ? ',' : '');
    line.append(entry, ' ');
  });
  get('word').replaceChildren(line);
}

function chosen() {
  return { query: get('search').value.trim().toLowerCase(), pos: get('pos').value, empty: get('empty').checked };
}
const counts = (piece, { pos, empty }) => typeof piece !== 'string' && (!pos || piece[1] === pos) &&
  (empty || piece[2].length > 0);
const names = ([word, , synonyms], query) => [word, ...synonyms.map(s => s[0])].some(t => t.toLowerCase().includes(query));

function article(passage, choice) {
  const node = document.createElement('article');
  node.append(make('small', passage.id));
  for (const piece of passage.pieces) {
    if (!counts(piece, choice)) { node.append(typeof piece === 'string' ? piece : piece[0]); continue; }
    const mark = make('mark', piece[0], piece[2].length ? piece[1] : 'none');
    if (choice.query && names(piece, choice.query)) mark.classList.add('hit');
    mark.tabIndex = 0;
    mark.onclick = mark.onfocus = () => tell(piece);
    node.append(mark);
  }
  return node;
}

function more() {
  const choice = chosen();
  get('passages').append(...matching.slice(shown, shown + PAGE).map(p => article(p, choice)));
  shown = Math.min(shown + PAGE, matching.length);
  get('more').hidden = shown === matching.length;
}

function search() {
  const choice = chosen();
  const words = matching = passages.filter(p => p.pieces.some(piece => counts(piece, choice) &&
    (!choice.query || names(piece, choice.query))));
  get('passages').replaceChildren();
  shown = 0;
  more();
  get('found').textContent = `${words.length} of ${passages.length} passages`;
}

get('source').textContent = card.source;
describe();
for (const id of ['search', 'pos', 'empty']) get(id).addEventListener('input', search);
get('more').onclick = more;
search();
</script>
</body></html>
)html";

}  // namespace

void write_dataset_page(const std::filesystem::path& dataset, std::int64_t passages,
                        const Destination& page) {
  check_file_destination(
      page, "dataset's page", "writing a page",
      [](const std::filesystem::path& file) { return begins_with(file, kHead); }, std::span(&dataset, 1));
  DatasetReader reader(dataset);
  Json shown = Json::array();
  ConceptRecord record;
  while (static_cast<std::int64_t>(shown.size()) < passages && reader.next(record))
    shown.push_back(pieces_of(record));
  AtomicFile file(page.path, page.existing);
  file.write(kHead);
  file.write(fmt::format("<script>const card = {};\nconst passages = {};</script>",
                         script_json({{"source", reader.card().source},
                                      {"outcomes", reader.card().outcomes},
                                      {"statistics", reader.card_json().at("statistics")}}),
                         script_json(shown)));
  file.write(kBody);
  file.commit();
}

}  // namespace conceptune::concepts
