"""Which share of a corpus's tokens are content words, by rule: of the first 150 passages, as a whole and as the mean of
the passages' shares, and how far 150 passages drawn at random scatter.

usage: content_word_shares.py CONCEPTUNE MODEL ENGLISH_PIPELINE FOLDER CORPUS.jsonl.gz...

MODEL gives the tokenizer alone; FOLDER takes the datasets and is made.
"""
import pathlib
import random
import statistics
import sys

import datasets

RULES = ("space-or-punctuation", "space")
PASSAGES = 150


def annotate(program, model, pipeline, corpus, rule, folder):
    """A dataset of the corpus's passages whose words have no synonyms: the rule is all that matters."""
    output = folder / f"{pathlib.Path(corpus).name.split('.')[0]}-{rule}"
    if not output.exists():
        passages, table = folder / "passages.jsonl", folder / "table.tsv"
        datasets.write_passages(datasets.passages_in_order(corpus), passages)
        table.write_text("word\tsynonyms\n")
        datasets.run(program, "annotate", passages, "-m", model, "--english-pipeline", pipeline, "-o", output,
                     "--source", "file", "--table", table, "--set", f"content_words.boundary={rule}")
    return [(len(r["ids"]), len(r["words"])) for r in datasets.records(output)]


def pooled(counts):
    return 100 * sum(words for _, words in counts) / sum(tokens for tokens, _ in counts)


def main():
    program, model, pipeline, folder, *corpora = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'corpus':28} {'rule':22} {'all':>6} {'first':>6} {'mean':>6} {'scatter':>8}")
    for corpus in corpora:
        for rule in RULES:
            counts = annotate(program, model, pipeline, corpus, rule, folder)
            first = counts[:PASSAGES]
            mean = statistics.mean(100 * words / tokens for tokens, words in first)
            draws = [pooled(random.Random(seed).sample(counts, PASSAGES)) for seed in range(1000)]
            print(f"{pathlib.Path(corpus).name:28} {rule:22} {pooled(counts):6.1f} {pooled(first):6.1f} {mean:6.1f} "
                  f"{statistics.pstdev(draws):8.2f}")


if __name__ == "__main__":
    main()
