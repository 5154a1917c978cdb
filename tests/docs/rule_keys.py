"""Configurations: keys, sections and values that pages name."""
import re

# Dotted names in backticks that are no keys of ours, and whose they are.
FOREIGN = {"general.architecture": "GGUF", "general.type": "GGUF", "adapter.type": "GGUF", "adapter.lora.alpha": "GGUF",
           "attention.sliding_window": "GGUF", "rope.scaling.type": "GGUF",
           "llama.…": "GGUF", "rope_freqs.weight": "GGUF", "output.weight": "GGUF", "lm_head.weight": "safetensors"}
FILE_ENDINGS = {"bin", "conceptune", "cor", "cpp", "csv", "gguf", "h", "html", "inl", "json", "jsonl", "md", "py",
                "safetensors", "sqlite", "toml", "tsv", "txt", "zst"}
# Before the keys that a command's --set takes; a decoder's are its own section's everywhere.
PREFIXES = {"annotate": "annotation.", "corpus": "corpus.", "eval": "evaluation.", "train": "training.", "run": "",
            "check": ""}
PLACEHOLDER = "section.key=value"
KEY = r"[a-z_][a-z0-9_]*"


class Keys:
    def __init__(self, root, program):
        self._program = program
        self._config = root / "configs" / "quickstart.toml"

    def spelled(self, name):
        """The keys that are meant by a name, which may leave out the sections at its front."""
        return [key for key in self._program.keys() if f".{key}".endswith(f".{name}")]

    def is_section(self, name):
        return any(f".{section}".endswith(f".{name}") for section in self._program.sections())

    def problems_of_command(self, words):
        """What is wrong with the values of --set in a command line, without the program's name."""
        for flag, setting in zip(words, words[1:]):
            name = setting.partition("=")[0]
            key = name if name.startswith("model.") else PREFIXES.get(words[0], "") + name
            keys = [key] if key in self._program.keys() else []
            if flag == "--set" and (problem := self.problem_of_setting(setting, keys)):
                yield problem

    def problem_of_setting(self, setting, keys=None):
        """Why no key that may be meant takes the value; a list may be a grid's, whose every item is a value."""
        name, _, value = setting.partition("=")
        keys = self.spelled(name) if keys is None else keys
        if not keys:
            return f"no key {name}"
        items = re.findall(r"[^\[\], ]+", value) if value.startswith("[") else []
        attempts = [[self._refusal(key, item) for item in values]
                    for key in keys for values in ([value], items) if values]
        if any(not any(refusals) for refusals in attempts):
            return ""
        return next(refusal for refusal in attempts[0] if refusal)

    def _refusal(self, key, value):
        result = self._program.run("check", self._config, "--print", "--set", f"{key}={value}")
        return "" if result.returncode == 0 else result.stderr.strip()


def problem_of_span(keys, text):
    if text in FOREIGN:
        return ""
    if section := re.fullmatch(rf"\[{{1,2}}({KEY}(?:\.{KEY})*)\]{{1,2}}", text):
        return "" if keys.is_section(section[1]) else f"no section {section[1]}"
    if setting := re.fullmatch(rf"({KEY}(?:\.{KEY})*) = (.+)", text):
        return keys.problem_of_setting(f"{setting[1]}={setting[2]}")
    if setting := re.fullmatch(rf"--set ({KEY}(?:\.{KEY})*=.+)", text):
        return "" if setting[1] == PLACEHOLDER else keys.problem_of_setting(setting[1])
    if not re.fullmatch(rf"{KEY}(?:\.(?:{KEY}|…))+", text) or text.split(".")[-1] in FILE_ENDINGS:
        return ""
    known = keys.is_section(text.removesuffix(".…")) or keys.spelled(text)
    return "" if known else f"no key {text}"


def check(root, pages, program):
    keys = Keys(root, program)
    assert len(program.keys()) > 100, "the program's keys were not found"
    for page in pages:
        for place in page.spans():
            if problem := problem_of_span(keys, place.text):
                yield f"{place}: {problem}"
        in_text = ((place, place.text.split()[1:]) for place in page.spans() if place.text.startswith("conceptune "))
        for place, words in [*page.command_lines(), *in_text]:
            yield from (f"{place}: {problem}" for problem in keys.problems_of_command(words))
    for config in sorted((root / "configs").glob("*.toml")):
        result = program.run("check", config, "--print")
        if result.returncode != 0:
            yield f"{config}: {result.stderr.strip()}"
