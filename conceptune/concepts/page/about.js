// The dataset's counts.
function describe() {
  const s = data.statistics, percent = (a, b) => b ? (100 * a / b).toFixed(1) + ' %' : '–';
  const seen = s.seen_by_people ?? { words: 0, by_several: 0 };
  const rows = [['source', data.source], ['passages', s.passages], ['tokens', s.tokens],
    ['content words', `${s.words} (${percent(s.words, s.tokens)} of the tokens)`],
    ...Object.entries(s.words_by_pos).map(([pos, n]) => [pos, `${n} (${percent(n, s.words)})`]),
    ['with synonyms', `${s.words_with_synonyms} (${percent(s.words_with_synonyms, s.words)})`],
    ['synonyms a word', s.words_with_synonyms ? (s.synonyms / s.words_with_synonyms).toFixed(2) : '–'],
    ['seen by people', `${seen.words} (${percent(seen.words, s.words)}), ${seen.by_several} of them by several`],
    ...Object.entries(data.outcomes.source ?? {}).map(([what, n]) => [what, typeof n === 'object' ?
      Object.entries(n).map(([why, times]) => `${times} × ${why}`).join('; ') : n]),
    ['known as', data.dataset]];
  for (const [name, value] of rows) get('counts').append(make('dt', visible(name)), make('dd', visible(String(value))));
  const most = Math.max(...s.set_sizes, 1);
  s.set_sizes.forEach((n, size) => {
    const column = make('div'), bar = make('i');
    bar.style.height = `${4 * n / most}rem`;
    column.title = `${n} words with ${size} synonyms`;
    column.append(bar, s.set_sizes.length <= 20 || size % 10 === 0 ? String(size) : '\u00a0');
    get('sizes').append(column);
  });
}
