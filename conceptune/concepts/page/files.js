// Saving one's work as a file, and opening files.
function save() {
  if (!work.entries.size) return tell(work.name ? 'Nothing is judged yet.' : 'Enter your name and judge a set first.', true);
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([writeTable(work.name, work.entries)], { type: 'text/tab-separated-values' }));
  link.download = `judgements-${data.dataset.slice(0, 8)}-${work.name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.tsv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  work.unsaved = false;
  return tell(`Saved ${count(work.entries.size, 'set')} as ${link.download}.`);
}

async function tableOf(file) {
  let text;
  try { text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()); } catch {
    throw new Error('this is no UTF-8 text that can be read');
  }
  return readTable(text);
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Goes on from a table: its rows stand, what it lacks stays as it was. */
async function open(file) {
  let table;
  try { table = await tableOf(file); } catch (error) {
    return tell(`${file.name}: ${error.message}. Nothing was changed.`, true);
  }
  if (table.name !== work.name) becomePerson(table.name);
  const changed = [...table.entries].filter(([index, entry]) => !isSame(entry, work.entries.get(index)));
  const replaced = changed.filter(([index]) => work.entries.has(index)).length;
  if (changed.length) step(changed);
  work.unsaved = false;
  refilter();
  return tell(`Opened ${count(table.entries.size, 'set')} of ${table.name}` + (replaced ?
    `; ${count(replaced, 'set')} that this browser kept otherwise took the file's judgement (Undo brings yours back).` : '.'));
}

/** Shows other people's tables beside one's own; all of them or, where one is unfit, none. */
async function compare(files) {
  const others = new Map(work.others);
  const names = new Set();
  for (const file of files) {
    try {
      const table = await tableOf(file);
      if (table.name === work.name) throw new Error(`its annotator has your name, '${table.name}'; Open… goes on from it`);
      if (names.has(table.name)) throw new Error(`a second table of '${table.name}'; two people need two names`);
      names.add(table.name);
      others.set(table.name, table.entries);
    } catch (error) {
      return tell(`${file.name}: ${error.message}. Nothing was changed.`, true);
    }
  }
  work.others = others;
  refilter();
  return tell(`Beside yours: ${[...others.keys()].join(', ')}. The filter Disagreement shows where people differ.`);
}
