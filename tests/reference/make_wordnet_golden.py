#!/usr/bin/env python3
"""Golden base forms: which words of its database WordNet's own program shows for a word.

usage: make_wordnet_golden.py OUT.tsv TAGGED.jsonl...

Needs Debian's packages wordnet (the program `wn`, 3.0) and wordnet-base. TAGGED is what `conceptune tag --json`
prints for a corpus. A line of OUT is a word and, for noun, verb and adjective, the words that `wn WORD -over` has an
overview of, in its order and joined by '|'. The words are those below, every seventh line of the exception lists,
inflections of every 600th word of the database, and the most frequent words of TAGGED for each part of speech.

`wn` takes no word that begins with a hyphen and cuts a word at a parenthesis; such words are left out.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

DATABASE = pathlib.Path("/usr/share/wordnet")
PARTS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ"}
FREQUENT, EVERY_EXCEPTION, EVERY_LEMMA = 1500, 7, 600
SHOWN = re.compile(r"^The (noun|verb|adj) (.+) has \d+ senses?\b", re.MULTILINE)

CHOSEN = """
dogs churches aardwolves abaci boxesful spoonsful handfuls firemen women axes bases ran flies hoping hopped hopping
hated hating saw sawed seen left leaving ground grounded grinding wound wounded winding better best worse worst larger
largest further glass glasses class classes boss bosses dress dresses mass masses lens gas gases bus busses ss pass
hardrock is was am be being been are has had does did done doing goes going went gone lay lain lies lying lied
dying died dyed tying tied making made taking took begging begged planned planning planed planing staring starring
starred stared scared scarred tapped taped tapping taping robed robbed bared barred filled filed pined pinned
stripped striped slopping sloping sloped slopped canning caning caned canned rated ratted rating singing singeing
seeing freeing agreed fleeing canoed hoeing dyeing offer offered archer bed red feed feeds feeding shed weed seed
axe axed axing men omen specimen specimens women's dog's o'clock children oxen geese mice lice dice data media criteria
leaves loaves knives wives lives halves wolves roofs hooves beliefs photos potatoes heroes pianos cities monkeys armies
quizzes buzzes boxes taxes fezzes churched ashes wishes bushes analyses crises theses indices vertices matrices
appendices corpora genera opera operas series species sheep deer trousers scissors news physics measles thanks
bigger biggest redder reddest nicer nicest finer finest freer freest happier happiest drier dryer shyer farther
older eldest elder less least more most many much able abler ablest hotter hottest wetter simpler simplest
Dogs DOGS Paris paris London's US U.S. u.s. us Us UK U.K. USA NATO nasa AIDS aids Turkey turkey May may March
1990s 1990 1st 2nd 100 24/7 3-D 3d 9/11 20th 401k b52 x-rays x-ray X-rayed e-mail e-mails e-mailed emails
mother-in-law mothers-in-law attorneys-general runners-up passers-by passer-by commander-in-chief well-known
better-known hard-working co-operated cooperated re-entered reentered self-evident self-esteem up-to-date
over-the-counter state-of-the-art twenty-one forty-niners jack-o'-lanterns hot-dogs hot-dogged fire-eaters
vice-chairmen vice-chairman sister-ships a--b well- gas-guzzlers high-rises follow-ups make-ups set-ups
_ . ... ' '' , ! ? & é café cafés naïve naiveté Übermensch 日本 à résumés résumé
as a an at in on off it its his hers i we no not an s es ed ing er est ful men ies ss ses xes zes ches shes
helpful useful cupful mouthfuls glassful glassesful bucketsful fulls full wonderful grateful
thing king ring bring spring string evening morning during ceiling building meeting wedding wing sing sting
bless guess princess needless princesses process processes access address addresses business businesses
led lead leaden fed bled bred sped fled found founded founding bound bounded bore bored born borne
fell felled felling felt felted rose rises risen roses spoke spokes spoken stove stoves dove doves dived
lit lighted lighter lightest bit bitten bits bites biting bite hid hidden hides slid cut cuts cutting
set sets setting put puts putting putted putting read reads reading beat beaten beats become became
worn wore wears tore torn tears tearing bears bearing swore shot shots shooting shooter shoots shoot
thought thoughts bought brought sought caught taught fought tough toughest roughed coughed laughed
lower lowest lowered upper inner outer utter uttered other former latter later late latest latter
"""

INFLECTIONS = {
    "noun": ("s", "es", "ies", "ves", "men", "ful", "'s"),
    "verb": ("s", "es", "ies", "ed", "d", "ing", "ied"),
    "adj": ("er", "est", "r", "ier", "iest", "ly"),
}


def answers_of(word):
    shown = subprocess.run(["wn", word, "-over"], stdout=subprocess.PIPE, check=False, text=True).stdout
    answers = collections.defaultdict(list)
    for part, form in SHOWN.findall(shown):
        if form not in answers[part]:
            answers[part].append(form)
    return answers


def exceptions(part):
    lines = (DATABASE / f"{part}.exc").read_text().splitlines()
    return [line.split()[0] for line in lines[::EVERY_EXCEPTION]]


def inflected(word, part):
    yield word
    for ending in INFLECTIONS[part]:
        yield word + ending
        yield word[:-1] + ending  # without e or y
        yield word + word[-1] + ending  # doubled consonant


def inflections(part):
    lines = [line for line in (DATABASE / f"index.{part}").read_text().splitlines() if not line.startswith("  ")]
    for line in lines[::EVERY_LEMMA]:
        lemma = line.split()[0]
        if "_" not in lemma:
            yield from inflected(lemma, part)


def frequent(files):
    """The most frequent words of each part of speech in tagged corpora, in their case."""
    counts = {pos: collections.Counter() for pos in PARTS.values()}
    for file in files:
        with open(file, encoding="utf8") as lines:
            for line in lines:
                for token in json.loads(line)["tokens"]:
                    if token["pos"] in counts:
                        counts[token["pos"]][token["text"]] += 1
    for count in counts.values():
        # Ties in the order of the words, so that the list does not depend on the corpora's order.
        yield from sorted(count, key=lambda word: (-count[word], word))[:FREQUENT]


def words(tagged):
    yield from CHOSEN.split()
    for part in PARTS:
        yield from exceptions(part)
        yield from inflections(part)
    yield from frequent(tagged)


def main():
    out, *tagged = sys.argv[1:]
    chosen = sorted({w for w in words(tagged) if not w.startswith("-") and not set("(\t\n ") & set(w)})
    with open(out, "w", encoding="utf8") as file:
        for word in chosen:
            answers = answers_of(word)
            file.write("\t".join([word, *("|".join(answers[part]) for part in PARTS)]) + "\n")


if __name__ == "__main__":
    main()
