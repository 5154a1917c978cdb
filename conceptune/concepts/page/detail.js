// The chosen set: its passage, its candidates, the words that were added.
const LABELS = { a: 'accepted', r: 'rejected', '-': 'not decided' };

function drawPassage(set) {
  const nodes = [];
  let done = 0;
  const { text, sets: words } = set.passage;
  for (const word of words) {
    nodes.push(visibleLines(text.slice(done, word.at)));
    const mark = make('mark', visible(word.word), word.pos);
    mark.classList.toggle('judged', stateOf(word) === 'judged');
    if (word === set) mark.setAttribute('aria-current', 'true');
    mark.onclick = () => choose(word);
    nodes.push(mark);
    done = word.at + word.word.length;
  }
  nodes.push(visibleLines(text.slice(done)));
  get('passage').replaceChildren(...nodes);
  bringWordIntoSight();
}

function bringWordIntoSight() {
  const box = get('passage'), word = box.querySelector('[aria-current]');
  if (word) box.scrollTop = word.offsetTop - box.offsetTop - box.clientHeight / 2;
}

function choiceButton(set, i, verdict, sign, verb) {
  const button = make('button', sign, `choice ${verb}`);
  button.setAttribute('aria-label', `${verb} ${visible(set.candidates[i].text)}`);
  button.onclick = () => decide(set, i, entryOf(set).verdicts[i] === verdict ? '-' : verdict);
  return button;
}

function candidateItem(set, i) {
  const candidate = set.candidates[i], item = make('li');
  const from = sources.filter((_, k) => sources.length > 1 && Math.floor(candidate.from / 2 ** k) % 2 === 1);
  item.append(make('kbd', i < 10 ? String((i + 1) % 10) : ''), choiceButton(set, i, 'a', '✓', 'accept'),
    choiceButton(set, i, 'r', '✗', 'reject'), make('bdi', visible(candidate.text), 'text'),
    make('small', [...from.map(visible), candidate.score].join(' · ')), make('span', '', 'said'));
  return item;
}

function drawSet(set) {
  get('detail').hidden = !set;
  get('nothing').hidden = Boolean(set);
  if (!set) return;
  get('word').replaceChildren(make('bdi', visible(set.word)), ' ', make('span', set.pos, `pos ${set.pos}`));
  const place = list.place.get(set.index);
  get('facts').textContent = (place === undefined ? 'not among the filtered sets' :
    `${(place + 1).toLocaleString('en')} of ${list.shown.length.toLocaleString('en')}`);
  get('facts').title = visible(`passage ${set.passage.id}`);
  get('candidates').replaceChildren(...set.candidates.map((_, i) => candidateItem(set, i)));
  get('none').hidden = set.candidates.length > 0;
  get('accept-rest').hidden = !set.candidates.length;
  get('addition').value = '';
  drawPassage(set);
  get('detail').scrollTop = 0;
  refreshSet(set);
}

function wordItem(text, label, sign, action) {
  const item = make('li'), button = make('button', sign);
  button.setAttribute('aria-label', `${label} ${visible(text)}`);
  button.onclick = action;
  item.append(make('bdi', visible(text)), button);
  return item;
}

/** Shows what was decided, and leaves every button where it is, so that the focus stays. */
function refreshSet(set) {
  const entry = entryOf(set);
  [...get('candidates').children].forEach((item, i) => {
    const verdict = entry.verdicts[i];
    item.className = { a: 'yes', r: 'no', '-': '' }[verdict];
    item.setAttribute('aria-label', `${visible(set.candidates[i].text)}, ${LABELS[verdict]}`);
    item.querySelector('.accept').setAttribute('aria-pressed', String(verdict === 'a'));
    item.querySelector('.reject').setAttribute('aria-pressed', String(verdict === 'r'));
    const said = othersOn(set, i);
    item.querySelector('.said').textContent = visible(said);
    item.querySelector('.said').hidden = !said;
  });
  const says = stateOf(set) === 'judged';
  get('reject-rest').textContent = set.candidates.length ? 'Reject rest' : says ? '✓ No word fits' : 'No word fits';
  get('reject-rest').disabled = !set.candidates.length && entry.added.length > 0;
  get('added').replaceChildren(...entry.added.map(text =>
    wordItem(text, 'Remove', '✕', () => { removeWord(set, text); get('addition').focus(); })));
  get('others').replaceChildren(...[...othersAdditions(set)].filter(([text]) => !entry.added.includes(text))
    .map(([text, names]) => {
      const item = wordItem(text, 'Add', '+', () => addWord(set, text));
      item.querySelector('bdi').after(make('small', visible(`added by ${names.join(', ')}`)));
      return item;
    }));
  [...get('passage').querySelectorAll('mark')].forEach((mark, i) =>
    mark.classList.toggle('judged', stateOf(set.passage.sets[i]) === 'judged'));
}
