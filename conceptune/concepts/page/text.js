// Small tools: elements, and texts of unknown origin.
const get = id => document.getElementById(id);

/** An element with a text. Texts never become markup. */
function make(tag, text = '', kind = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

/** A text with every control character and sign of writing direction written out, as the program shows them. */
const visible = text => text.replace(
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
/** The same for passages, which keep their line breaks and tabs. */
const visibleLines = text => text.replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
function escaped(character) { return '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'); }

const count = (n, what) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

/** Says one thing to the person, until it is closed or the next. `act` is [label, what to do]. */
function tell(text, isBad = false, act = null) {
  get('notice-text').textContent = visible(text);
  get('notice').classList.toggle('bad', isBad);
  get('notice').hidden = false;
  get('notice-act').hidden = !act;
  if (!act) return;
  get('notice-act').textContent = act[0];
  get('notice-act').onclick = () => { get('notice').hidden = true; act[1](); };
}
