"""Long flags that pages name exist, and --help tells of all in one manner."""
import re

FOREIGN = {"--lora": "llama.cpp", "--flash-attn": "llama.cpp", "--cache-type-k": "llama.cpp", "--cache-type-v": "llama.cpp",
           "--max-logprobs": "vLLM", "--dtype": "vLLM"}
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def flags_in_source(paths):
    return {flag for path in paths for flag in FLAG.findall(path.read_text(encoding="utf8"))}


def below(program, command):
    """Flags of a command and of its own subcommands."""
    return {flag for other in program.commands() if other[:len(command)] == command for flag in program.flags(*other)}


def known_flags(root, program, place):
    """The flags that may stand in a text in backticks; nothing where it is another program's command line."""
    head, *words = place.text.split()
    bench = root / "bench"
    shared = [bench / "bench_program.cpp", *bench.glob("*.h")]
    if head in ("conceptune", "build/conceptune"):
        command = program.command_of(words)
        return below(program, command) if command else program.all_flags()
    if (bench / f"{head}.cpp").is_file():
        return flags_in_source([bench / f"{head}.cpp", *shared])
    if "/" in head and (root / head).is_file():
        return flags_in_source([root / head])
    if not head.startswith("--") and head not in {command[-1] for command in program.commands()}:
        return None
    of_page = flags_in_source(bench.glob("*.[ch]*")) if place.page.parts[0] == "bench" else set(FOREIGN)
    return program.all_flags() | of_page


def check_manner(program):
    """Every flag is described, has one short form wherever it is, and tells what holds without it."""
    shorts = {}
    for command in [(), *program.commands()]:
        for flag, item in program.flags(*command).items():
            where = f"conceptune {' '.join(command)} --help: {flag}"
            if not item.description:
                yield f"{where} has no description"
            if item.short != shorts.setdefault(flag, item.short):
                yield f"{where} is '{item.short}' for short, '{shorts[flag]}' elsewhere"
            told = item.value.endswith((" REQUIRED", "...")) or "=" in item.value or "[default: " in item.description
            if item.value and not told:
                yield f"{where} tells no default"


def check(root, pages, program):
    assert "--set" in program.all_flags(), "the program's flags were not found"
    for page in pages:
        for place in page.spans():
            flags = FLAG.findall(place.text)
            known = known_flags(root, program, place) if flags else None
            if known is not None:
                yield from (f"{place}: no flag {flag}" for flag in flags if flag not in known)
        bare = FLAG.findall(re.sub(r"`[^`]+`", "", page.prose()))
        yield from (f"{page.path}: no flag {flag}" for flag in bare
                   if flag not in program.all_flags() | set(FOREIGN))
    yield from check_manner(program)
