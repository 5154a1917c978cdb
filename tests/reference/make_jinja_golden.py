"""Writes jinja.json: what Jinja2 makes of templates over all of its language, as transformers sets it up.

usage: make_jinja_golden.py > tests/reference/jinja.json

Needs Python 3.12 (Unicode 15, as utf8proc 2.8) and `pip install jinja2==3.1.6`. A case is [template, text]; the text is
null where Jinja raises. Where ours is known to refuse what Jinja renders, it is [template, text, name], and the name
stands in ours' message. Patterns of cases hold $ and @ for the expressions of `values`; their texts stand in the order
of these, row by row.
"""
import itertools
import json
import re
import sys
import warnings

from jinja_cases import STATEMENTS
from jinja_environment import ENVIRONMENT, render

VARIABLES = {
    "yes": True, "no": False, "zero": 0, "seven": 7, "minus": -3, "half": 2.5, "negative": -0.75, "whole": 3.0,
    "small": 1e-7, "large": 1e22, "empty": "", "text": "Hello wörld", "greek": "straße ΟΔΟΣ ǆ İ ŉ",
    "emoji": "👍🏽 e\u0301 日本", "spaces": "\u00a0\t x\u2003\n", "digits": "42", "decimal": " -3.5 ",
    "quote": "it's \"q\" \\ \n\t\x01\x7f é \u200b", "list": [3, 1, 2], "words": ["b", "A", "c", "a"],
    "mixed": [1, "a", None, True, 2.5, [1], {"k": 1}], "nothing": [], "dict": {"b": 1, "a": 2}, "no_dict": {},
    "users": [{"name": "Bo", "age": 3, "tags": ["x"]}, {"name": "al", "age": 1, "tags": []},
              {"name": "Cy", "tags": ["y", "z"]}],
    "methods": {"items": 1, "get": 2},
}
VALUES = [name for name in VARIABLES if name not in ("methods", "users")] + ["none", "missing", "(1, 'a')"]
FEWER_VALUES = ["none", "yes", "zero", "seven", "minus", "half", "whole", "large", "empty", "text", "'wör'", "list", "[3]",
                "nothing", "dict", "(1, 'a')", "missing", "users"]

# Filters that ours does not have, and where ours refuses what Jinja renders of the patterns.
OTHER_FILTERS = ["attr", "batch", "center", "e", "escape", "filesizeformat", "forceescape", "format", "groupby", "pprint",
                 "random", "round", "slice", "striptags", "truncate", "urlencode", "urlize", "wordcount", "wordwrap",
                 "xmlattr"]
REFUSALS = [
    (r"\{\{ (?:empty|text|'wör') % ", "'%' of text"),
    (r"large\|int", "an integer beyond 64 bits"),
    (r"none\[.*:", "a slice of none"),
]

FILTERS = ["abs", "capitalize", "count", "d", "default", "default('x', true)", "default(boolean=true)", "dictsort",
           "dictsort(by='value')", "dictsort(true, 'key', true)", "first", "float", "float(1.5)", "indent", "indent(2, true)",
           "indent('> ', first=true, blank=true)", "int", "int(7)", "int(default='x')", "items|list", "join", "join(', ')",
           "join(d=1)", "join('-', attribute=0)", "last", "length", "list", "lower", "map('upper')|list",
           "map(attribute='b')|list", "map(attribute=0, default='?')|list", "max", "max(true)", "min", "min(attribute=0)",
           "reject|list", "reject('none')|list", "rejectattr(0)|list", "replace('a', 'é')", "replace('', '-')",
           "replace('l', 'L', 1)", "replace(1, 2)", "reverse|list", "select|list", "select('string')|list",
           "selectattr('k', 'defined')|list", "sort", "sort(true, true)", "sort(attribute='b')", "string", "sum", "sum(start=5)",
           "title", "tojson", "tojson(indent=2)", "tojson(true, 0)", "tojson(sort_keys=true)",
           "tojson(separators=(',', ':'), indent='\\t')", "trim", "trim('Hd ')", "trim(none)", "unique|list",
           "unique(true)|list", "upper", "nofilter", "upper(1)", "join(bad=1)"]
TESTS = ["boolean", "callable", "defined", "escaped", "even", "false", "filter", "float", "integer", "iterable", "lower",
         "mapping", "none", "number", "odd", "sequence", "string", "test", "true", "undefined", "upper", "divisibleby 3",
         "divisibleby(num=2)", "eq 3", "equalto('a')", "ne(1)", "lt 3", "lessthan 3", "le 3", "gt 1", "greaterthan 1",
         "ge 1", "in [3, 'a', none]", "in(seq='abc')", "sameas none", "sameas(true)", "notest", "odd(1)", "in"]
FORMS = ["{{ $ }}", "{{ [$] }}", "{{ {'k': $} }}", "{{ {$: 1} }}", "{{ $ ~ 'x' }}", "{{ 1 if $ else 0 }}", "{{ not $ }}", "{{ -$ }}",
         "{{ +$ }}", "{{ $() }}", "{% for x in $ %}<{{ x }}>{% else %}E{% endfor %}", "{% for a, b in $ %}{{ a }},{{ b }};{% endfor %}",
         "{% set x = $ %}{{ x }}{{ x is defined }}", "{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m($) }}", "{{ namespace(a=$).a }}",
         "{{ range($)|list }}", "{{ range($, 5)|list }}", "{{ dict(a=$) }}", "{{ ', '.join($) }}", "{{ $.split() if $ is string }}"]
KEYS = ["0", "-1", "1", "9", "true", "none", "2.0", "'a'", "'upper'", "'items'", "'append'", "'__class__'", "missing", "[]"]
SLICES = [":", "1:", ":1", "-2:", ":-1", "::-1", "::2", "3:0:-1", "-1:-9:-2", "0:99", "5:1", "none:2", ":true"]
ATTRIBUTES = ["a", "b", "items", "keys", "get", "upper", "append", "_x", "foo", "0"]
METHODS = ["capitalize()", "count('a')", "count('')", "endswith('d')", "endswith(('x', 'd'))", "find('l')", "find('')", "get('a')",
           "get('zz', 5)", "index('l')", "isalpha()", "isascii()", "isdecimal()", "isdigit()", "islower()", "isspace()",
           "isupper()", "items()|list", "join('ab')", "keys()|list", "lower()", "lstrip()", "partition('l')", "removeprefix('He')",
           "removesuffix('d')", "replace('l', 'é')", "replace('l', 'L', 1)", "rpartition('l')", "rsplit()", "rsplit('l', 1)",
           "rstrip()", "split()", "split(none, 1)", "split('l')", "split('l', 1)", "split(sep=' ', maxsplit=1)", "split('')",
           "splitlines()", "splitlines(true)", "startswith('H')", "startswith(1)", "strip()", "strip('Hd')", "swapcase()", "title()",
           "upper()", "values()|list", "upper(1)", "append(1)", "pop()"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]

# Space before and after tags, under every sign.
PIECES = ["", " ", "\n", "a", " \n ", "a\n  ", "\u00a0", "\n\n"]
TAGS = ["{%S set q = 1 S%}", "{{S 1 S}}", "{#S c S#}", "{%S raw %} r {% endraw S%}"]


def cell(template):
    text = render(template, VARIABLES)
    name = next((name for pattern, name in REFUSALS if re.search(pattern, template)), None)
    return text if text is None or name is None else [text, name]


def pattern(template, values):
    """The texts of a pattern for all values, or for all pairs of them."""
    rows = itertools.product(values, repeat=2 if "@" in template else 1)
    return [template, [cell(template.replace("$", row[0]).replace("@", row[-1])) for row in rows]]


def one_value_patterns():
    yield from FORMS
    yield from (f"{{{{ $|{name} }}}}" for name in FILTERS)
    yield from (f"{{{{ $ is {name} }}}}" for name in TESTS)
    yield from (f"{{{{ $[{key}] }}}}" for key in KEYS + SLICES)
    yield from (f"{{{{ $.{name}{end} }}}}" for name in ATTRIBUTES for end in ("", " is defined", "()"))
    yield from (f"{{{{ $.{method} }}}}" for method in METHODS)


def white_space():
    for tag in TAGS:
        for signs in itertools.product(["", "-", "+"], repeat=2):
            whole = tag.replace("S", signs[0], 1).replace("S", signs[1], 1)
            for before, after in itertools.product(PIECES, repeat=2):
                yield before + whole + after


def whole_templates():
    for template in itertools.chain(white_space(), STATEMENTS):
        template, *refusal = [template] if isinstance(template, str) else template
        yield [template, render(template, VARIABLES), *refusal]
    for name in OTHER_FILTERS:
        yield [f"{{{{ 'a'|{name} }}}}", None, f"filter '{name}'"]


def main():
    warnings.simplefilter("ignore")  # escapes that Python will refuse one day
    assert sys.version_info[:2] == (3, 12) and set(OTHER_FILTERS) < set(ENVIRONMENT.filters)
    groups = {
        "one": {"values": VALUES, "patterns": [pattern(p, VALUES) for p in one_value_patterns()]},
        "two": {"values": FEWER_VALUES, "patterns": [pattern(f"{{{{ $ {sign} @ }}}}", FEWER_VALUES) for sign in OPERATORS]},
    }
    cases = list(whole_templates())
    print('{"variables":', json.dumps(VARIABLES, ensure_ascii=False), ",")
    for name, group in groups.items():
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in group["patterns"])
        print(f'"{name}": {{"values": {json.dumps(group["values"], ensure_ascii=False)}, "patterns": [\n{rows}]}},')
    print('"templates": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in cases) + "]}")


if __name__ == "__main__":
    main()
