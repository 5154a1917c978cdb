// The list of sets: only the rows in sight exist.
const ROW = 56;     // pixels, as in page.css
const BEYOND = 8;   // rows kept above and below
const MARKS = { open: '', partly: '◐', judged: '✓' };
const STATES = { open: 'not judged', partly: 'judged in part', judged: 'judged' };

const list = {
  shown: [],     // sets that pass the filters
  place: new Map(),  // from a set's index to its place among them
  chosen: null,
  onChoose: () => {},
};

function rowOf(set, place) {
  const row = make('div', '', `set ${stateOf(set)}`);
  row.id = `set-${set.index}`;
  row.setAttribute('role', 'option');
  row.setAttribute('aria-selected', String(set === list.chosen));
  row.setAttribute('aria-setsize', String(list.shown.length));
  row.setAttribute('aria-posinset', String(place + 1));
  row.setAttribute('aria-label', `${visible(set.word)}, ${set.pos}, ${STATES[stateOf(set)]}: ${visible(snippetOf(set))}`);
  row.style.top = `${place * ROW}px`;
  const first = make('div'), word = make('bdi', visible(set.word));
  word.style.fontWeight = '600';
  first.append(make('span', MARKS[stateOf(set)], 'mark'), word, ' ', make('span', set.pos, `pos ${set.pos}`),
    make('small', ` ${set.candidates.length || 'no'} candidate${set.candidates.length === 1 ? '' : 's'}`));
  row.append(first, make('div', visible(snippetOf(set)), 'where'));
  row.onclick = () => choose(set);
  return row;
}

function drawList() {
  const box = get('list');
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - BEYOND);
  const last = Math.min(list.shown.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + BEYOND);
  const rows = [];
  for (let place = first; place < last; ++place) rows.push(rowOf(list.shown[place], place));
  get('rows').style.height = `${list.shown.length * ROW}px`;
  get('rows').replaceChildren(...rows);
  // The chosen row may be out of sight, and then is not there to be named.
  const active = list.chosen && get(`set-${list.chosen.index}`);
  if (active) box.setAttribute('aria-activedescendant', active.id); else box.removeAttribute('aria-activedescendant');
}

function bringIntoSight(place) {
  const box = get('list'), top = place * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
}

/** Draws the list with the chosen set in sight. */
function redrawList() {
  const place = list.chosen ? list.place.get(list.chosen.index) : undefined;
  if (place !== undefined) bringIntoSight(place);
  drawList();
}

function choose(set) {
  list.chosen = set;
  redrawList();
  list.onChoose(set);
}

/** Moves by a number of places among the sets that are shown. */
function move(by) {
  if (!list.shown.length) return;
  const place = (list.chosen && list.place.get(list.chosen.index)) ?? -1;
  choose(list.shown[Math.min(Math.max(place + by, 0), list.shown.length - 1)]);
}

/** The next set, from the chosen one on and around, that is not judged; false where there is none. */
function chooseNextOpen() {
  const place = (list.chosen && list.place.get(list.chosen.index)) ?? -1;
  for (let i = 1; i <= list.shown.length; ++i) {
    const set = list.shown[(place + i) % list.shown.length];
    if (stateOf(set) === 'judged') continue;
    choose(set);
    return true;
  }
  return false;
}

/** Shows other sets; the chosen one stays where it is among them. */
function show(shown) {
  list.shown = shown;
  list.place = new Map(shown.map((set, place) => [set.index, place]));
  if (!list.chosen || !list.place.has(list.chosen.index)) {
    get('list').scrollTop = 0;
    choose(shown[0] ?? null);
  } else {
    choose(list.chosen);
  }
}
