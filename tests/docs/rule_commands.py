"""Command lines in code blocks are read by the program's own parser; commands in backticks exist."""


def check(root, pages, program):
    named = set()
    lines = 0
    for page in pages:
        for place, words in page.command_lines():
            lines += 1
            if error := program.usage_error(words):
                yield f"{place}: {error}"
        for place in page.spans():
            words = place.text.split()
            if words[0] != "conceptune" or len(words) == 1:
                continue
            command = program.command_of(words[1:])
            if not command and not words[1].isupper():
                yield f"{place}: no command {words[1]}"
            elif command and str(page.path) == "README.md":
                named.add(command[0])
    assert lines > 10, "the command lines of the pages were not found"
    yield from (f"README.md: does not name conceptune {name}" for name in program.help()["Subcommands"]
                if name not in named)
