// Which sets are shown.
const FIELDS = ['search', 'state', 'pos', 'from', 'differ', 'low', 'high'];
const ADDED = 'added';

function addOption(select, value, text) {
  const option = make('option', visible(text));
  option.value = value;
  get(select).append(option);
}

function offerFilters() {
  for (const pos of [...new Set(sets.map(set => set.pos))].sort()) addOption('pos', pos, pos);
  sources.forEach((source, i) => addOption('from', String(i), source));
  addOption('from', ADDED, 'words that people added');
  if (sources.length > 1) addOption('differ', 'sources', 'sources differ');
  addOption('differ', 'people', 'people differ');
}

const number = id => get(id).value === '' ? null : Number(get(id).value);

function isFrom(set, from) {
  if (from === ADDED) return entryOf(set).added.length > 0 || othersAdditions(set).size > 0;
  return set.candidates.some(c => Math.floor(c.from / 2 ** Number(from)) % 2 === 1);
}

/** The sets that pass all filters, in the dataset's order. */
function matchingSets() {
  const [search, state, pos, from, differ] = FIELDS.map(id => get(id).value);
  const sought = search.trim().toLowerCase(), low = number('low'), high = number('high');
  return sets.filter(set => (!sought || set.sought.includes(sought)) && (!pos || set.pos === pos) &&
    (!state || stateOf(set) === state) && (!from || isFrom(set, from)) &&
    (low === null || (set.best !== null && set.best >= low)) &&
    (high === null || (set.best !== null && set.best <= high)) &&
    (!differ || (differ === 'people' ? peopleDiffer(set) : sourcesDiffer(set))));
}
