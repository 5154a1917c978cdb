"""The messages that docs/faq.md explains are ones that the program can give."""
import pathlib
import re

PAGE = pathlib.Path("docs/faq.md")
LITERAL = r'"((?:[^"\\\n]|\\.)*)"'


def texts_of(root):
    """All string literals of the sources, those that the compiler joins as one, with '…' for what is filled in."""
    texts = []
    for folder in ("conceptune", "cli"):
        for path in sorted((root / folder).rglob("*.cpp")):
            source = path.read_text(encoding="utf8")
            for match in re.finditer(rf"(?:{LITERAL}\s*)+", source):
                text = "".join(re.findall(LITERAL, match[0]))
                texts.append(re.sub(r"\{[^{}]*\}", "…", text))
    return texts


def check(root, pages, _program):
    texts = texts_of(root)
    page = next(page for page in pages if page.path == PAGE)
    headings = [(number, match[1]) for number, line in enumerate(page.lines, 1)
                if (match := re.match(r"### `(.+)`$", line))]
    assert len(headings) > 5, "the messages of the page were not found"
    for number, message in headings:
        wanted = message.rstrip("…").rstrip(": ")
        if not any(wanted in text for text in texts):
            yield f"{PAGE}:{number}: no message of the sources is `{message}`"
