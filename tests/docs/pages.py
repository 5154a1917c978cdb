"""The pages whose words are tested: their code, links and headings, each with its line."""
import dataclasses
import pathlib
import re
import shlex

# Programs that start others: the command line that they are given stands among their own words.
LAUNCHERS = {"torchrun", "srun", "mpirun", "bash"}
OPERATORS = {"&&", "||", "|", ";", "&"}
# Comments of a configuration or an example are read like a page.
COMMENT_SIGNS = {".toml": "#", ".cpp": "//", ".h": "//"}


@dataclasses.dataclass(frozen=True)
class Place:
    page: pathlib.Path
    line: int
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}: `{self.text}`"


class Page:
    def __init__(self, root, path):
        self.path = path
        self.lines = (root / path).read_text(encoding="utf8").splitlines()
        if path.suffix in COMMENT_SIGNS:
            self.lines = [comment_of(line, COMMENT_SIGNS[path.suffix]) for line in self.lines]
        self._fenced = [False] * len(self.lines)
        fence = False
        for i, line in enumerate(self.lines):
            is_border = line.lstrip().startswith("```")
            self._fenced[i] = fence or is_border
            fence ^= is_border

    def prose(self):
        """The page without its fenced blocks, line for line."""
        return "\n".join("" if fenced else line for line, fenced in zip(self.lines, self._fenced))

    def spans(self):
        """Every text in backticks, on one line where it was broken."""
        prose = self.prose()
        for match in re.finditer(r"`([^`]+)`", prose):
            yield Place(self.path, prose.count("\n", 0, match.start()) + 1,
                        " ".join(match[1].replace("\\|", "|").split()))

    def links(self):
        prose = self.prose()
        for match in re.finditer(r"\]\(([^)\s]+)\)", prose):
            yield Place(self.path, prose.count("\n", 0, match.start()) + 1, match[1])

    def anchors(self):
        """What a link may name behind '#': the headings as GitHub spells them."""
        seen = {}
        for line in self.prose().splitlines():
            if heading := re.match(r"#{1,6} +(.+)", line):
                slug = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
                number = seen.get(slug, 0)
                seen[slug] = number + 1
                yield f"{slug}-{number}" if number else slug

    def code_lines(self):
        """Lines of fenced blocks and indented ones, joined where they go on after a backslash."""
        begun, text = 0, ""
        for number, (line, fenced) in enumerate(zip(self.lines, self._fenced), 1):
            if text or fenced or line.startswith("   "):
                begun = begun if text else number
                text += line.strip()
                if text.endswith("\\"):
                    text = text[:-1]
                    continue
                yield Place(self.path, begun, text)
                text = ""

    def command_lines(self):
        """The words behind the program's name, for each call of it in a code line."""
        for place in self.code_lines():
            for words in simple_commands(place.text):
                if is_program(words[0]):
                    yield Place(self.path, place.line, shlex.join(words)), words[1:]


def comment_of(line, sign):
    head, found, comment = line.partition(sign)
    return comment if found and not head.strip() else ""


def is_program(word):
    return word == "conceptune" or word.endswith("/conceptune")


def simple_commands(text):
    """The commands of a shell's line, each as words without assignments before it; of a launcher's, what it starts."""
    # Behind two blanks stands what the line does, in words.
    text = re.split(r" {2,}|\t", text.strip())[0]
    text = re.sub(r"\$\([^()]*\)", "$OUTPUT", text)
    if not any(name in text for name in ("conceptune", "/")):
        return
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars="&|;")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return  # no shell's line: a drawing, a table
    while words:
        end = next((i for i, word in enumerate(words) if word in OPERATORS), len(words))
        command, words = words[:end], words[end + 1:]
        while command and re.match(r"[A-Z_]+=", command[0]):
            command = command[1:]
        if command and command[0] in LAUNCHERS:
            yield from started_by(command)
        elif command:
            yield command


def started_by(launcher):
    for i, word in enumerate(launcher):
        if is_program(word):
            yield launcher[i:]
            return
        if " " in word:  # bash -c '…'
            yield from simple_commands(word)


def find_pages(root):
    patterns = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "bench/README.md", "python/README.md",
                "configs/*.toml", "examples/*.md", "examples/*.cpp")
    return [Page(root, path.relative_to(root)) for pattern in patterns for path in sorted(root.glob(pattern))]
