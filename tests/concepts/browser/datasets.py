"""Datasets for the page, written as conceptune writes them."""
import json
import random

HOSTILE = "\x1b[2J</script><script>window.broken = 1</script><img src=x onerror=broken=1>\u202e|tab\there\\"
SUBJECTS = ("The committee", "A careful reader", "Her neighbour", "The old engineer", "This small company")
VERBS = {"carried": ["bore", "took", "brought"], "noticed": ["saw", "spotted", "observed", "perceived"],
         "improved": ["bettered", "refined"], "described": ["depicted", "portrayed", "recounted"], "left": []}
ADJECTIVES = {"quiet": ["calm", "silent", "still"], "narrow": ["tight", "slim"], "sudden": ["abrupt", "unexpected"],
              "broken": ["damaged", "cracked", "shattered"], "green": []}
NOUNS = {"bridge": ["crossing", "span"], "letter": ["note", "message", "missive"], "road": ["street", "way", "route"],
         "plan": ["scheme", "project", "idea", "design"], "harvest": ["crop", "yield"]}


def word_of(text, word, pos, synonyms, position, start):
    begin = text.index(word, start)
    entries = [{"text": s, "ids": [i + 10], "score": round(0.9 / (i + 1), 4)} for i, s in enumerate(synonyms)]
    return {"position": position, "word": word, "pos": pos, "begin": begin, "end": begin + len(word), "synonyms": entries}


def make_record(draw, number):
    """A passage of five sentences with three words each."""
    text, words = f"Passage {number} — naïve 🙂.\n", []
    for _ in range(5):
        parts = [(draw.choice(list(table)), pos, table)
                 for pos, table in (("VERB", VERBS), ("ADJ", ADJECTIVES), ("NOUN", NOUNS))]
        start = len(text)
        text += f"{draw.choice(SUBJECTS)} {parts[0][0]} the {parts[1][0]} {parts[2][0]}. "
        for word, pos, table in parts:
            words.append(word_of(text, word, pos, table[word], len(words) + 1, start))
            start = words[-1]["end"]
    return {"id": f"{number:016x}", "text": text, "ids": list(range(len(words) + 2)), "words": words}


def write(folder, records, source="wordnet"):
    folder.mkdir()
    words = [word for record in records for word in record["words"]]
    sizes = [len(word["synonyms"]) for word in words]
    by_pos = {pos: sum(word["pos"] == pos for word in words) for pos in ("NOUN", "VERB", "ADJ")}
    card = {"format": "conceptune-concepts", "version": 2, "source": source,
            "tokenizer": {"hash": "t", "vocabulary": 1000}, "word_in_set": True, "made_from": {}, "outcomes": {},
            "statistics": {"passages": len(records), "tokens": sum(len(r["ids"]) for r in records), "words": len(words),
                           "words_by_pos": by_pos, "words_with_synonyms": sum(map(bool, sizes)), "synonyms": sum(sizes),
                           "multi_token_synonyms": 0,
                           "set_sizes": [sizes.count(n) for n in range(max(sizes) + 1)]}}
    (folder / "dataset.json").write_text(json.dumps(card), encoding="utf8")
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "records.jsonl.zst").write_text(lines, encoding="utf8")  # read by its first bytes: plain text
    return folder


def make(folder, sets, source="wordnet"):
    """A dataset of `sets` sets, 15 a passage at most."""
    draw = random.Random(1)
    records = [make_record(draw, number) for number in range((sets + 14) // 15)]
    records[-1]["words"] = records[-1]["words"][:sets - 15 * (len(records) - 1)]
    return write(folder, records, source)


def make_hostile(folder):
    """A passage, its id and its candidates that would break a careless page or table."""
    text = f"A quiet {HOSTILE} road."
    words = [word_of(text, "quiet", "ADJ", ["calm", HOSTILE, " padded ", "a|b"], 1, 0),
             word_of(text, "road", "NOUN", ["way\nout"], 2, 0)]
    return write(folder, [{"id": HOSTILE, "text": text, "ids": [1, 2, 3], "words": words}], HOSTILE)
