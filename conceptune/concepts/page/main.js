// Puts the parts together: the name, the keys, the buttons.
const THEMES = { '': '◐ auto', light: '☀ light', dark: '☾ dark' };
const STORAGE_REFUSED = 'This browser keeps nothing for this page: save your work as a file before you leave.';

function refilter() {
  show(matchingSets());
  get('found').textContent = `${list.shown.length.toLocaleString('en')} of ${count(sets.length, 'set')}`;
}

function drawProgress() {
  get('progress').max = Math.max(sets.length, 1);
  get('progress').value = work.judged;
  get('progress-text').textContent = `${work.judged.toLocaleString('en')} of ${count(sets.length, 'set')} judged`;
  get('undo').disabled = !work.done.length;
  get('redo').disabled = !work.undone.length;
}

/** Goes on as another person; the present one's work stays kept under their name. */
function becomePerson(name) {
  const before = work.name, left = work.entries;
  workAs(name);
  work.others.delete(name);
  get('name').value = name;
  drafts.setSetting('name', name);
  if (!name) return;
  const size = work.entries.size;
  // Typed wrongly at first, a name would leave the work behind.
  const take = before && left.size && !size ? [`Take over the ${count(left.size, 'set')} of ${before}`,
    () => step([...left])] : null;
  tell(size ? `Going on as ${name}: ${count(size, 'set')} kept in this browser.` : `Beginning as ${name}.`, false, take);
  if (!drafts.works) tell(STORAGE_REFUSED, true, take);
}

function after(index) {
  if (index !== undefined && sets[index] !== list.chosen) choose(sets[index]);
}

function nextOpen() {
  if (!chooseNextOpen()) tell('Every set that is shown is judged.');
}

/** Accepts, rejects, leaves open in turn. */
function turn(i, isReject) {
  const set = list.chosen;
  if (!set || i >= set.candidates.length) return;
  const now = entryOf(set).verdicts[i];
  decide(set, i, isReject ? (now === 'r' ? '-' : 'r') : { '-': 'a', a: 'r', r: '-' }[now]);
}

const KEYS = {
  j: () => move(1), k: () => move(-1), n: nextOpen, s: save, u: () => after(undo()), U: () => after(redo()),
  a: () => list.chosen?.candidates.length && decideRest(list.chosen, 'a'),
  r: () => list.chosen && !get('reject-rest').disabled && decideRest(list.chosen, 'r'),
  w: () => get('addition').focus(), '?': () => get('help').showModal(),
  '/': () => { get('filters').open = true; get('search').focus(); },
};
const LIST_KEYS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

function onKey(event) {
  if (document.querySelector('dialog[open]')) return;
  const isTyping = event.target.matches('input, select, textarea');
  const isControl = event.ctrlKey || event.metaKey;
  let action;
  if (event.key === 'Escape') action = () => get('list').focus();
  else if (isControl && event.key === 's') action = save;
  else if (isTyping || event.altKey) return;
  else if (isControl) action = { z: KEYS.u, Z: KEYS.U, y: KEYS.U }[event.key];
  else if (/^Digit\d$/.test(event.code)) action = () => turn((Number(event.code[5]) + 9) % 10, event.shiftKey);
  else if (event.key in LIST_KEYS && event.target === get('list')) action = () => move(LIST_KEYS[event.key]);
  else if (event.key === 'Enter' && !event.target.matches('button, summary')) action = nextOpen;
  else action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  get('theme').textContent = THEMES[theme];
  get('theme').setAttribute('aria-label', `Theme: ${theme || 'as the system'}`);
  drafts.setSetting('theme', theme);
}

function connect() {
  const click = (id, action) => { get(id).onclick = action; };
  click('save', save);
  click('open', () => get('open-file').click());
  click('compare', () => get('compare-files').click());
  click('undo', KEYS.u);
  click('redo', KEYS.U);
  click('theme', () => {
    const names = Object.keys(THEMES);
    setTheme(names[(names.indexOf(document.documentElement.dataset.theme ?? '') + 1) % names.length]);
  });
  click('about-open', () => get('about').showModal());
  click('help-open', () => get('help').showModal());
  click('notice-close', () => { get('notice').hidden = true; });
  click('previous', () => move(-1));
  click('following', () => move(1));
  click('accept-rest', KEYS.a);
  click('reject-rest', KEYS.r);
  click('next-open', nextOpen);
  get('open-file').onchange = async ({ target }) => { if (target.files[0]) await open(target.files[0]); target.value = ''; };
  get('compare-files').onchange = async ({ target }) => { await compare([...target.files]); target.value = ''; };
  get('name').onchange = () => becomePerson(get('name').value.trim());
  get('name').onkeydown = event => { if (event.key === 'Enter') get('list').focus(); };
  get('add').onsubmit = event => {
    event.preventDefault();
    const problem = addWord(list.chosen, get('addition').value);
    if (problem) tell(`No word was added: ${problem}.`, true); else get('addition').value = '';
  };
  const form = get('filters').querySelector('form');
  form.oninput = refilter;
  form.onsubmit = event => event.preventDefault();
  form.onreset = () => setTimeout(refilter);
  get('list').onscroll = drawList;
  addEventListener('resize', () => { redrawList(); bringWordIntoSight(); });
  addEventListener('keydown', onKey);
  addEventListener('beforeunload', event => { if (work.unsaved && !drafts.works) event.preventDefault(); });
}

list.onChoose = drawSet;
work.onChange = indices => {
  if (get('notice-text').textContent !== STORAGE_REFUSED && get('notice-act').hidden) get('notice').hidden = true;
  drawProgress();
  drawList();
  if (!list.chosen) return;
  if (indices === null) drawSet(list.chosen); else refreshSet(list.chosen);
};
drafts.onRefusal = () => tell(STORAGE_REFUSED, true);
drafts.watch(() => work.name, (index, entry) => { put(index, entry); work.onChange([index]); });
get('source').textContent = visible(data.source);
get('filters').open = matchMedia('(min-width: 60rem)').matches;
setTheme(Object.hasOwn(THEMES, drafts.setting('theme')) ? drafts.setting('theme') : '');
offerFilters();
describe();
connect();
refilter();
drawProgress();
const last = drafts.setting('name');
if (last) becomePerson(last);
