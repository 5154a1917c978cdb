"""Relative links of the installed pages lead to something that is installed too."""
from rule_links import check_link

BEGINNING = ("README.md", "docs/index.md", "docs/tutorial.md")


def check(root, pages, _program):
    installed = {page.path.as_posix() for page in pages}
    yield from (f"{name}: not installed" for name in BEGINNING if name not in installed)
    for page in pages:
        for place in page.links():
            yield from check_link(root, pages, place)
