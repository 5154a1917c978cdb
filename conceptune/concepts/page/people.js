// Other people's tables beside one's own: who said what, and where people differ.

/** What everyone says of a candidate, one's own verdict included: { name: 'a' or 'r' }. */
function verdictsOn(set, candidate) {
  const said = {};
  for (const [name, entries] of [[work.name, work.entries], ...work.others]) {
    const verdict = entries.get(set.index)?.verdicts[candidate];
    if (verdict === 'a' || verdict === 'r') said[name] = verdict;
  }
  return said;
}

const peopleDiffer = set => set.candidates.some((_, i) => new Set(Object.values(verdictsOn(set, i))).size > 1);
const sourcesDiffer = set => set.candidates.some(c => c.from !== ALL_SOURCES);

/** Words that others added to a set, each with their names. */
function othersAdditions(set) {
  const names = new Map();
  for (const [name, entries] of work.others)
    for (const text of entries.get(set.index)?.added ?? []) names.set(text, [...(names.get(text) ?? []), name]);
  return names;
}

/** "ann ✓, bob ✗", without oneself. */
function othersOn(set, candidate) {
  return Object.entries(verdictsOn(set, candidate)).filter(([name]) => name !== work.name)
    .map(([name, verdict]) => `${name} ${verdict === 'a' ? '✓' : '✗'}`).join(', ');
}
