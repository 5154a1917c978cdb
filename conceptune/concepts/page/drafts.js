// What the browser keeps as one works: an item a set, so that a step writes little and two tabs of one person
// lose nothing. Where the browser refuses, the page works on and says so.
const drafts = {
  works: true,
  /** What is called when the browser first refuses. */
  onRefusal: () => {},

  prefix: name => `conceptune/${data.dataset}/${encodeURIComponent(name)}/`,

  /** What was kept before can be read even where the storage is full. */
  read(action) {
    try { return action(window.localStorage); } catch { return undefined; }
  },
  write(action) {
    if (!drafts.works) return;
    try { action(window.localStorage); } catch {
      drafts.works = false;
      drafts.onRefusal();
    }
  },

  setting: key => drafts.read(storage => storage.getItem(`conceptune/${key}`)) ?? '',
  setSetting(key, value) { drafts.write(storage => storage.setItem(`conceptune/${key}`, value)); },

  parse(index, text) {
    try {
      const [verdicts, added] = JSON.parse(text);
      const fits = verdicts.length === sets[index].candidates.length && /^[ar-]*$/.test(verdicts) &&
        Array.isArray(added) && added.every(word => typeof word === 'string');
      return fits ? { verdicts, added } : undefined;
    } catch { return undefined; }
  },

  load(name) {
    const entries = new Map();
    drafts.read(storage => {
      const prefix = drafts.prefix(name);
      for (const key of Object.keys(storage)) {
        if (!key.startsWith(prefix)) continue;
        const index = Number(key.slice(prefix.length));
        const entry = drafts.parse(index, storage.getItem(key));
        if (entry) entries.set(index, entry);
      }
    });
    return entries;
  },

  keep(name, index, entry) {
    drafts.write(storage => entry
      ? storage.setItem(drafts.prefix(name) + index, JSON.stringify([entry.verdicts, entry.added]))
      : storage.removeItem(drafts.prefix(name) + index));
  },

  /** Calls `adopt(index, entry)` for what another tab does under the same name. */
  watch(nameOf, adopt) {
    addEventListener('storage', event => {
      const prefix = drafts.prefix(nameOf());
      if (!event.key?.startsWith(prefix)) return;
      const index = Number(event.key.slice(prefix.length));
      if (sets[index]) adopt(index, event.newValue === null ? undefined : drafts.parse(index, event.newValue));
    });
  },
};
