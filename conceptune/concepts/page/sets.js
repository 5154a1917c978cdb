// The dataset: its passages, and every word of theirs with its candidates as a set of its own.
const data = JSON.parse(get('data').textContent);
const sources = data.sources.length ? data.sources : [data.source];
const ALL_SOURCES = 2 ** sources.length - 1;

/** All sets in the dataset's order. `at` is where the word stands in the passage's text. */
const sets = [];
for (const passage of data.passages) {
  passage.text = '';
  passage.sets = [];
  for (const piece of passage.pieces) {
    if (typeof piece === 'string') { passage.text += piece; continue; }
    const [word, pos, begin, synonyms] = piece;
    const candidates = synonyms.map(([text, score, from = ALL_SOURCES]) => ({ text, score, from }));
    const set = { index: sets.length, passage, word, pos, begin, candidates, at: passage.text.length,
      sought: [word, ...candidates.map(c => c.text)].join('\n').toLowerCase(),
      best: candidates.length ? Math.max(...candidates.map(c => Number(c.score))) : null };
    passage.text += word;
    passage.sets.push(set);
    sets.push(set);
  }
}
const placeOf = (passageId, begin) => `${passageId}\n${begin}`;
const setAt = new Map(sets.map(set => [placeOf(set.passage.id, set.begin), set]));

/** The text around a word, on one line. */
function snippetOf(set) {
  const { text } = set.passage, from = Math.max(0, set.at - 24);
  return (from > 0 ? '…' : '') + text.slice(from, set.at + set.word.length + 60).replace(/\s+/g, ' ');
}
