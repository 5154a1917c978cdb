// Tables are sorted by a click on a column's name and filtered by words. Without this script they are as they were
// written.
const FEWEST_ROWS = 6; // for a filter

/** What a cell is sorted by: its number where it begins with one, its text otherwise; null where it is empty. */
function keyOf(cell) {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const text = (cell.firstChild?.textContent ?? '').trim();
  if (!text) return null;
  const number = Number(text.replace('−', '-').replace(/ %$/, ''));
  return Number.isNaN(number) ? text : number;
}

function compareKeys(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Rows that are equal keep their order; empty cells come last either way. */
function sortedRows(rows, column, direction) {
  const keyed = rows.map((row, i) => ({ row, i, key: keyOf(row.cells[column]) }));
  keyed.sort((a, b) => (a.key === null) - (b.key === null) ||
    (a.key === null ? 0 : direction * compareKeys(a.key, b.key)) || a.i - b.i);
  return keyed.map(entry => entry.row);
}

/** Up, down, and as it was written. */
const NEXT = { none: 'ascending', ascending: 'descending', descending: 'none' };

function makeSortable(table) {
  const body = table.tBodies[0], written = [...body.rows], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.title = 'Sort by this column';
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const order = NEXT[head.getAttribute('aria-sort')];
      for (const other of heads) other.setAttribute('aria-sort', other === head ? order : 'none');
      body.append(...order === 'none' ? written : sortedRows(written, column, order === 'ascending' ? 1 : -1));
    });
  });
}

function makeFilterable(table) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < FEWEST_ROWS) return;
  const texts = rows.map(row => [...row.cells].map(cell => cell.textContent).join(' ').toLowerCase());
  const bar = document.createElement('div'), label = document.createElement('label');
  const input = document.createElement('input'), count = document.createElement('span');
  bar.className = 'filter';
  count.className = 'soft';
  count.setAttribute('role', 'status');
  input.type = 'search';
  input.placeholder = 'words of a row';
  label.append('Filter ', input);
  bar.append(label, count);
  const tell = shown => { count.textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`; };
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every(word => texts[i].includes(word));
      shown += !row.hidden;
    });
    tell(shown);
  });
  tell(rows.length);
  table.closest('.table').prepend(bar);
}

for (const table of document.querySelectorAll('.table table')) {
  makeSortable(table);
  makeFilterable(table);
}
