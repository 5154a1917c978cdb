"""The built program as its pages see it: commands, flags and keys, as it tells them itself."""
import dataclasses
import functools
import re
import subprocess
import tempfile

# A flag that no command has: the parser reads the whole line, refuses this last of all, and nothing is run.
NO_FLAG = "--nothing-is-to-be-run"
ITEM = re.compile(r"  (?:(-\w),)?(\S+)(?: (.*))?")
NAME_WIDTH = 30


@dataclasses.dataclass
class Item:
    short: str  # "-m", or nothing
    value: str  # what --help says of the value: "TEXT REQUIRED"; nothing for a switch
    description: str


class Program:
    def __init__(self, path):
        self.path = path
        self._nowhere = tempfile.TemporaryDirectory()

    def run(self, *words):
        return subprocess.run([self.path, *words], cwd=self._nowhere.name, capture_output=True, text=True, check=False)

    @functools.cache
    def help(self, *command):
        """The sections of --help: name to Item."""
        sections = {}
        for heading, lines in re.findall(r"^([A-Z][a-z]+):\n((?:  .*\n)+)", self.run(*command, "--help").stdout, re.M):
            # A name that leaves no room beside it has its description on the next line.
            for line, below in re.findall(rf"^(  \S.*)\n((?: {{{NAME_WIDTH}}}.*\n)*)", lines, re.M):
                head, description = (line, below) if below else (line[:NAME_WIDTH], line[NAME_WIDTH:])
                short, name, value = ITEM.fullmatch(head.rstrip()).groups(default="")
                sections.setdefault(heading, {})[name] = Item(short, value.strip(), " ".join(description.split()))
        return sections

    @functools.cache
    def commands(self):
        """Every command as its words: ("train",), ("dataset", "limit")."""
        found = []
        for name in self.help().get("Subcommands", {}):
            found.append((name,))
            found += [(name, below) for below in self.help(name).get("Subcommands", {})]
        return found

    def flags(self, *command):
        return {name: item for name, item in self.help(*command).get("Options", {}).items() if name.startswith("--")}

    @functools.cache
    def all_flags(self):
        return {flag for command in [(), *self.commands()] for flag in self.flags(*command)}

    def command_of(self, words):
        """The command that a line begins with, or nothing."""
        return max((c for c in self.commands() if tuple(words[:len(c)]) == c), key=len, default=None)

    def usage_error(self, words):
        """What the program's own parser says to a command line; nothing is run."""
        result = self.run(*words, NO_FLAG)
        if result.returncode == 2 and result.stderr.startswith(f"conceptune: unknown option '{NO_FLAG}'; see "):
            return ""
        return result.stderr.strip() or f"it ended with {result.returncode} and without a message"

    @functools.cache
    def keys(self):
        """Keys of a configuration in full: "training.lora.rank"."""
        keys, section = [], ""
        for line in self.run("check", "--keys").stdout.splitlines():
            if line.startswith("## `[["):
                break  # tables of their own, whose keys --set does not take
            if heading := re.match(r"## (?:`\[(.+)\]`|Top level)", line):
                section = heading[1] + "." if heading[1] else ""
            elif key := re.match(r"\| `([^`]+)` \|", line):
                keys.append(section + key[1])
        return keys

    @functools.cache
    def sections(self):
        """The sections of these keys: "training", "training.lora"; and those that are no section of keys."""
        found = {"grid", "grid_names", "arms", "corpora", "questions"}
        for key in self.keys():
            parts = key.split(".")[:-1]
            found |= {".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        return found
