// What the person has decided so far, with undo. An entry is { verdicts, added }: for each candidate 'a' (accepted),
// 'r' (rejected) or '-', and the words that were added. A set without an entry was not touched.
const work = {
  name: '',
  entries: new Map(),  // from a set's index
  others: new Map(),   // entries of other people, by name (people.js)
  byName: new Map(),   // entries of everyone who worked in this page, for browsers that keep nothing
  done: [],            // steps; a step is a list of [index, entry before, entry after]
  undone: [],
  judged: 0,           // sets
  unsaved: false,
  onChange: () => {},  // called with the indices that changed
};

const blank = set => ({ verdicts: '-'.repeat(set.candidates.length), added: [] });
const entryOf = set => work.entries.get(set.index) ?? blank(set);

function stateOf(set) {
  const entry = work.entries.get(set.index);
  return !entry ? 'open' : entry.verdicts.includes('-') ? 'partly' : 'judged';
}

/** An entry that says nothing is none. One without candidates says that no word fits. */
const isEmpty = entry => entry.verdicts.length > 0 && /^-*$/.test(entry.verdicts) && !entry.added.length;

function put(index, entry) {
  const before = stateOf(sets[index]);
  if (entry) work.entries.set(index, entry); else work.entries.delete(index);
  work.judged += (stateOf(sets[index]) === 'judged') - (before === 'judged');
}

function write(changes) {
  for (const [index, entry] of changes) {
    put(index, entry);
    drafts.keep(work.name, index, entry);
  }
  work.unsaved = true;
  work.onChange(changes.map(([index]) => index));
}

/** Makes one step of [index, entry or undefined]; false without a name. */
function step(changes) {
  if (!work.name) {
    tell('Enter your name first: your judgements are kept under it.', true);
    get('name').focus();
    return false;
  }
  work.done.push(changes.map(([index, after]) => [index, work.entries.get(index), after]));
  work.undone = [];
  write(changes);
  return true;
}

function undo() {
  const last = work.done.pop();
  if (!last) return undefined;
  work.undone.push(last);
  write(last.map(([index, before]) => [index, before]));
  return last[0][0];
}

function redo() {
  const last = work.undone.pop();
  if (!last) return undefined;
  work.done.push(last);
  write(last.map(([index, , after]) => [index, after]));
  return last[0][0];
}

function change(set, entry) { return step([[set.index, isEmpty(entry) ? undefined : entry]]); }

function decide(set, candidate, verdict) {
  const entry = entryOf(set), { verdicts } = entry;
  return change(set, { ...entry, verdicts: verdicts.slice(0, candidate) + verdict + verdicts.slice(candidate + 1) });
}

function decideRest(set, verdict) {
  const entry = entryOf(set);
  const isMarked = work.entries.has(set.index);
  if (!set.candidates.length && isMarked && !entry.added.length) return step([[set.index, undefined]]);
  if (isMarked && !entry.verdicts.includes('-')) return true;
  return change(set, { ...entry, verdicts: entry.verdicts.replaceAll('-', verdict) });
}

/** Adds a word, or says why not. One that is a candidate is accepted instead. */
function addWord(set, typed) {
  const text = typed.trim().replace(/\s+/g, ' ');
  const entry = entryOf(set);
  if (!text) return 'type a word first';
  if (text.toLowerCase() === set.word.toLowerCase()) return `'${text}' is the word itself`;
  if (entry.added.includes(text)) return `'${text}' is there already`;
  const candidate = set.candidates.findIndex(c => c.text === text);
  const isDone = candidate >= 0 ? decide(set, candidate, 'a') : change(set, { ...entry, added: [...entry.added, text] });
  return isDone ? '' : 'enter your name first';
}

function removeWord(set, text) {
  const entry = entryOf(set), added = entry.added.filter(word => word !== text);
  // Without candidates and words nothing is left to say.
  if (!added.length && !set.candidates.length) return step([[set.index, undefined]]);
  return change(set, { ...entry, added });
}

/** Goes on under a name, with what the browser kept of it. */
function workAs(name) {
  work.byName.set(work.name, work.entries);
  work.name = name;
  work.entries = (drafts.works ? undefined : work.byName.get(name)) ?? (name ? drafts.load(name) : new Map());
  work.done = [];
  work.undone = [];
  work.judged = sets.filter(set => stateOf(set) === 'judged').length;
  work.onChange(null);
}
