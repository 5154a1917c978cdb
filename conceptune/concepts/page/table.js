// Tables of judgements, the format of docs/file-formats.md ("Concept tables").
const COLUMNS = ['dataset', 'annotator', 'passage', 'begin', 'word', 'pos', 'synonyms', 'added', 'rejected'];
const ESCAPES = { '\\': '\\', t: '\t', n: '\n', r: '\r', p: '|', s: ' ' };
const LETTERS = new Map(Object.entries(ESCAPES).map(([letter, character]) => [character, letter]));

const escapeField = text => text.replace(/[\\\t\n\r|]|^ | $/g, character => '\\' + LETTERS.get(character));
function unescapeField(text) {
  return text.replace(/\\([^]?)/g, (_, letter) => {
    if (!(letter in ESCAPES)) throw new Error('a backslash without one of \\, t, n, r, p and s behind it');
    return ESCAPES[letter];
  });
}
const trimmed = text => text.replace(/^[ \r]+|[ \r]+$/g, '');
const escapeList = texts => texts.map(escapeField).join('|');
const unescapeList = field => [...new Set(field.split('|').map(part => unescapeField(trimmed(part))))].filter(part => part);

/** `entries`: from a set's index to its entry (work.js). */
function writeTable(name, entries) {
  const lines = [COLUMNS.join('\t')];
  for (const set of sets) {
    const entry = entries.get(set.index);
    if (!entry) continue;
    const decided = verdict => set.candidates.filter((_, i) => entry.verdicts[i] === verdict).map(c => c.text);
    const accepted = decided('a');
    lines.push([escapeField(data.dataset), escapeField(name), escapeField(set.passage.id), set.begin,
      escapeField(set.word), set.pos, escapeList([...accepted, ...entry.added]), escapeList(entry.added),
      escapeList(decided('r'))].join('\t'));
  }
  return lines.join('\n') + '\n';
}

/** The name and entries of a table. Throws Error, with the line, for anything that this page did not save. */
function readTable(text) {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const columns = new Map(trimmed(lines[0]).split('\t').map((name, i) => [trimmed(name), i]));
  const missing = COLUMNS.filter(column => !columns.has(column));
  if (missing.length)
    throw new Error(`this is no table of judgements: its first line lacks ${missing.join(', ')}`);
  const table = { name: null, entries: new Map() };
  lines.forEach((line, i) => {
    if (i === 0 || !line.trim()) return;
    try { readRow(line.split('\t'), columns, table); } catch (error) {
      throw new Error(`line ${i + 1}: ${error.message}`);
    }
  });
  if (table.name === null) throw new Error('the table holds no judgements');
  return table;
}

function readRow(fields, columns, table) {
  const field = column => trimmed(fields[columns.get(column)] ?? '');
  const dataset = unescapeField(field('dataset'));
  if (dataset !== data.dataset)
    throw new Error(`judges dataset '${dataset}', and this page shows '${data.dataset}': another dataset, or ` +
      'another version of it');
  const names = unescapeList(field('annotator'));
  if (names.length !== 1 || names[0] !== (table.name ?? names[0]))
    throw new Error(names.length ? `holds judgements of several people (${[...new Set([table.name ?? names[0], ...names])]
      .join(', ')}): expected the table of one` : 'names no annotator');
  table.name = names[0];
  const passage = unescapeField(field('passage')), word = unescapeField(field('word')), begin = field('begin');
  const set = setAt.get(placeOf(passage, begin));
  if (!set || set.word !== word)
    throw new Error(`passage '${passage}' has no content word '${word}' at character ${begin}`);
  if (table.entries.has(set.index)) throw new Error(`judges '${word}' of passage '${passage}' a second time`);
  table.entries.set(set.index, entryOfRow(set, unescapeList(field('synonyms')), unescapeList(field('added')),
    unescapeList(field('rejected'))));
}

function entryOfRow(set, synonyms, added, rejected) {
  const known = new Set(set.candidates.map(c => c.text));
  for (const text of [...synonyms.filter(text => !added.includes(text)), ...rejected])
    if (!known.has(text)) throw new Error(`'${text}' is no candidate for '${set.word}'`);
  for (const text of added)
    if (!synonyms.includes(text)) throw new Error(`'${text}' was added and is not among synonyms`);
  for (const text of rejected)
    if (synonyms.includes(text)) throw new Error(`'${text}' both among synonyms and rejected`);
  const verdicts = set.candidates.map(c => synonyms.includes(c.text) ? 'a' : rejected.includes(c.text) ? 'r' : '-');
  return { verdicts: verdicts.join(''), added: added.filter(text => !known.has(text)) };
}
