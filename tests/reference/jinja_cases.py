"""Templates for jinja.json by what they are about. A pair is a template that ours refuses, and what its message names."""

EXPRESSIONS = [
    # Numbers as written and as read.
    *(f"{{{{ {n} }}}}" for n in """1.0 1e5 1_0.5 0x1f 0XfF 0b11 0o17 1_000 1.5e-7 1E+3 12345678901234567.0 1e16 1e15 123456.789e3 5e-324
      1.7976931348623157e308 -0.0 100.0 0.0001 0.00001 0.1+0.2 1/3 2/3 10/2 1e22 1e21 9007199254740993.0 4.35 0.30000000000000004
      123456789.123456789 1.5 -1.5 3.14159 1e-5 0.1 00 0_0 007 1.2.3 1__0 1_ 0x 1e 1.e5 .5 5.""".split()),
    ("{{ 1e400 }}", "number '1e400'"),
    ("{{ 99999999999999999999 }}", "number '99999999999999999999'"),
    ("{{ 9223372036854775807 + 1 }}", "an integer beyond 64 bits"),
    ("{{ 9223372036854775807 / 3 }}", "'/' of integers beyond 2^53"),
    "{{ 9223372036854775807 }} {{ -9223372036854775807 - 1 }} {{ 9007199254740993 == 9007199254740992.0 }} {{ 9007199254740993 > 9007199254740992.0 }}",
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 6 / 3 }} {{ 7 / 2 }} {{ true + true }} {{ -true }}",
    "{{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }} {{ 0.0 % -3 }} {{ -0.0 // 3 }} {{ 5 // 0.3 }} {{ 5 % 0.3 }} {{ 1e17 // 3 }}",
    "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 1 / 0 }}", "{{ 1.0 // 0 }}", ("{{ 2 ** 3 }}", "'**'"), ("{{ '%s' % 1 }}", "'%' of text"),
    # Text as written.
    r"""{{ 'a' 'b' "c" }}{{ 'a\n\t\\\'\"\x41\u00e9\U0001F600\101\7\q' }}{{ "\a\b\f\v\r" }}""", "{{ 'a\\\nb' }}", "{{ 'a\nb' }}", "{{ 'a\r\nb' }}",
    (r"{{ '\N{BULLET}' }}", r"escape '\N'"), (r"{{ '\ud83d' }}", "surrogate"), r"{{ '\x4' }}", r"{{ '\uzzzz' }}", r"{{ '\U00110000' }}",
    ("{{ '\\é' }}", "beyond ASCII"), "{{ 'a }}", "{{ 'é' ~ \"日\" }}",
    # Precedence.
    "{{ -2|abs }} {{ (-2)|abs }} {{ - 2 + 3 }} {{ -list[0] }} {{ not not true }} {{ +5 }} {{ - - 3 }} {{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 2 * 3 % 4 }}",
    "{{ 'a' + 'b' ~ 'c' + 'd' }} {{ 'a' ~ 1 + 2 ~ 'b' }}", "{{ 1 ~ 2 * 3 }} {{ 'a' + 'b'|upper }} {{ ('a' + 'b')|upper }} {{ not text is string }} {{ not 1 == 2 }}",
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 == 2 }} {{ 1 in [1] == true }} {{ 1 in [1] in [true] }} {{ 1 < 2 in [2] }} {{ 1 == 1 != 2 }}",
    "{{ 1 if yes }}|{{ 1 if no }}|{{ 1 if no else 2 if no else 3 }}|{{ (1 if no) is defined }}|{{ 1 if yes else 2 ~ 'x' }}|{{ 1 if yes if no else 3 }}",
    "{{ '' or none or 'z' }} {{ 1 and 2 }} {{ 0 and 2 }} {{ 1 or missing.x }} {{ 0 and missing.x }} {{ 1 and 0 or 3 }}",
    # Comparisons.
    "{{ 1 == 1.0 }} {{ true == 1 }} {{ '1' == 1 }} {{ 'a' < 'b' }} {{ 'é' > 'z' }} {{ '😀' > '\\uffff' }} {{ [1, 2] < [1, 3] }} {{ (1,) < (1, 0) }}",
    "{{ [1] == (1,) }} {{ {'a': 1} == {'a': 1.0} }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }} {{ [1, [2]] == [1.0, [2]] }} {{ range == range if no }}",
    "{{ 'a' in 'abc' }} {{ '' in 'abc' }} {{ 'x' not in 'abc' }} {{ 'a' in dict }} {{ 1 in dict }} {{ 1 in [1.0] }} {{ 'a' in missing }} {{ missing in [missing] }}",
    "{{ 1 in 'abc' }}", "{{ [] in dict }}", "{{ 'a' in none }}", "{{ 'a' in 5 }}", "{{ [1] < [none] }}", "{{ {} < {} }}",
    "{{ 2 in range(3) }} {{ range(3) == range(3) }} {{ 'b' in dict.keys() }} {{ 2 in dict.values() }} {{ 'A' in words|map('upper') }}",
    ("{{ ('a', 2) in dict.items() }}", "'in' a dict's items"), ("{{ dict.keys() == dict.keys() }}", "a dict's keys or items"), ("{{ range == range }}", "'==' of functions"),
    # Tuples, lists, dicts.
    "{{ 1, 2 }} {{ (1,) }} {{ () }} {{ 1, }} {{ [1, 2,] }} {{ {'a': 1,} }} {{ [] }} {{ {} }} {{ (1) }} {{ [[], [[]]] }}",
    "{{ {'a': 1, 'a': 2} }} {{ {1: 'a', 1.0: 'b', true: 'c'} }} {{ {(1, 2): 3} }} {{ {none: 1}[none] }} {{ {2: 'x'}[2.0] }}", "{{ {[1]: 2} }}", "{{ {{}: 2} }}",
    "{{ [1] + [2] }} {{ (1,) + (2,) }} {{ [1] * 2 }} {{ 2 * (1, 2) }} {{ 'ab' * 3 }} {{ 'a' * -1 }} {{ 'a' * true }}", "{{ [1] + (1,) }}", "{{ 'a' * 1.0 }}", "{{ dict + dict }}",
    "{{ {'a': {'b': {}}}['a']['b'] }}{{ {'a': {}}}}", "{{ [1, 2][0] }}{{ {'a': 1}.a }}{{ (1, 2)[1] }}{{ 'abc'[1] }}",
    # Members.
    "{{ list.0 }} {{ list[-1] }} {{ list[99] }} {{ text[0] }} {{ text[-1] }} {{ text[7] }} {{ emoji[0] }} {{ emoji[1:3] }} {{ emoji[::-1] }} {{ emoji|last }} {{ emoji|first }}",
    "{{ users[0].name }} {{ users[0]['tags'][0] }} {{ users.0.tags.0 }} {{ users[2].age is defined }} {{ users.0.1 is defined }}", "{{ users[2].age.x }}", "{{ missing.x }}", "{{ missing['x'] }}", "{{ missing() }}", "{{ text() }}",
    "{{ dict.items is defined }} {{ methods.items is defined }} {{ methods['items'] }} {{ methods.get('items') }} {{ methods['get'] }} {{ methods.items() }} {{ methods.keys()|list }}",
    "{{ dict.get('zz') }} {{ dict.get('zz', 5) }} {{ dict.get('a') }} {{ dict.values()|list }} {{ dict.items() }} {{ dict.keys() }} {{ dict.values() }} {{ dict.copy() }}", "{{ dict.pop('a') }}", "{{ list.append(1) }}",
    "{{ list.append is defined }} {{ dict.update is defined }} {{ dict.pop is defined }} {{ list.index(1) }} {{ list.count(1) }} {{ (1, 2).index(2) }} {{ list.copy() }}", "{{ list.index(9) }}",
    ("{{ text.__class__ }}", "attribute '__class__'"), "{{ text['__class__'] }}{{ text._x }}{{ dict._x }}{{ {'_x': 1}._x }}", "{{ dict.items }}", "{{ text.upper }}",
    ("{{ text.encode() }}", "method 'encode'"), ("{{ '{}'.format(1) }}", "method 'format'"), ("{{ 'a'.zfill(3) }}", "method 'zfill'"), ("{{ 'abc'.startswith('b', 1) }}", "method 'startswith' of a part"),
    ("{{ (5).real }}", "'real' of an integer"), ("{{ a[1, 2] }}", "a tuple between brackets"), ("{{ range(3).start }}", "'start' of a range"),
    # Undefined.
    "{{ missing }}{{ missing|default('d') }}{{ missing|length }}{{ missing|list }}{{ missing == missing }}{{ missing == none }}{{ missing ~ 'x' }}{{ missing is iterable }}{{ [missing] }}",
    "{{ missing + 1 }}", "{{ -missing }}", "{{ missing < 1 }}", "{{ missing|tojson }}", "{{ missing|int }}", "{{ missing|abs }}",
    # Methods of text.
    "{{ 'a b  c'.split() }}{{ 'a b  c'.split(' ') }}{{ ' a b c '.split(none, 1) }}{{ ' a b '.split(none, 0) }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b,c'.rsplit(',', 1) }}{{ ''.split() }}{{ ''.split(',') }}",
    "{{ 'aaa'.split('aa') }}{{ 'aaa'.rsplit('aa', 1) }}{{ 'a\\u2003b\\x1cc'.split() }}{{ 'éxéx'.rsplit('é', 1) }}{{ 'a b c'.split(maxsplit=1) }}", ("{{ 'a b c'.rsplit(none, 1) }}", "method 'rsplit' at white space"),
    "{{ 'abc'.partition('b') }}{{ 'abc'.rpartition('x') }}{{ 'abc'.partition('x') }}{{ 'abab'.rpartition('b') }}{{ 'a\\nb\\r\\nc\\u2028d\\x85e\\x1cf'.splitlines() }}{{ 'a\\nb\\n'.splitlines(true) }}{{ '\\n'.splitlines() }}",
    "{{ 'abc'.replace('', '-') }}{{ 'abc'.replace('', '-', 2) }}{{ 'é'.replace('', '-') }}{{ 'aaa'.replace('a', 'b', 2) }}{{ 'aaa'.replace('aa', 'b') }}{{ 'aaa'.replace('a', 'b', 0) }}{{ ''.replace('', 'x') }}",
    "{{ 'xxaxx'.strip('x') }}|{{ 'éaé'.strip('é') }}|{{ 'éaé'.lstrip('éx') }}|{{ ' a '.rstrip() }}|{{ '\\x1ca\\x85'.strip() }}|{{ 'a'.strip(none) }}|{{ 'abc'.strip('') }}|{{ '日本日'.rstrip('日') }}", "{{ 'a'.strip(1) }}", "{{ 'a'.strip(chars='a') }}",
    "{{ '٣'.isdigit() }}{{ '²'.isdigit() }}{{ '²'.isdecimal() }}{{ 'é'.isalpha() }}{{ ''.isalpha() }}{{ 'aB'.islower() }}{{ 'ß'.islower() }}{{ 'ǅ'.isupper() }}{{ '\\u2003'.isspace() }}{{ 'ª'.islower() }}{{ '1'.isupper() }}{{ 'AB1'.isupper() }}",
    "{{ 'ὈΔΥΣΣΕΎΣ ΣΑΣ Σ'|lower }} {{ 'ΑΣ.Σ ΑΣ\u0301 ΑΣ1'|lower }} {{ 'ǆa ŉ ß İ'|capitalize }} {{ 'ǆa ŉ ß İ'.title() }} {{ 'ﬁx ΐ ᾳ'|title }} {{ 'ﬁx ΐ ᾳ'|upper }} {{ 'ᾳ ß ÿ Ÿ'.swapcase() }}",
    "{{ \"it's o'neil-foo (bar) [baz] <x> {y} 3a\"|title }} {{ \"it's o'neil-foo (bar) 3a\".title() }} {{ 'a\u00a0b\tc\u2003d'|title }} {{ 'HELLO wORLD'|capitalize }}",
    # Filters.
    "{{ users|map(attribute='name')|join(', ') }}{{ users|map(attribute='age', default=9)|list }}{{ users|selectattr('age')|map(attribute='name')|list }}{{ users|selectattr('age', 'defined')|list|length }}",
    "{{ users|rejectattr('age', 'equalto', 3)|map(attribute='name')|list }}{{ users|selectattr('tags.0', 'eq', 'x')|list|length }}{{ users|map(attribute='tags.0')|list }}{{ users|map(attribute='tags')|map('length')|list }}",
    "{{ users|sort(attribute='name')|map(attribute='name')|list }}{{ users|sort(attribute='name', case_sensitive=true, reverse=true)|map(attribute='name')|list }}{{ users|join('|', attribute='name') }}{{ users[:2]|sort(attribute='age,name')|length }}",
    "{{ users|sort(attribute='age') }}", "{{ list|map('nofilter')|list }}", "{{ list|select('notest')|list }}", "{{ list|map|list }}", "{{ 5|map('upper')|list }}", "{{ none|map('upper')|list }}", "{{ mixed|sort }}", "{{ mixed|unique|list }}",
    "{{ [[2, 'b'], [1, 'a'], [1, 'B']]|sort }} {{ [none, none]|sort }} {{ [1, 'a']|first }} {{ ['b', 'B', 'a']|sort }} {{ ['b', 'B', 'a']|sort(reverse=true) }} {{ [1.5, 1, true]|sort }} {{ words|unique|list }} {{ words|min }} {{ words|max }}",
    "{{ list|map('string')|map('upper')|join }} {{ list|select('odd')|list }} {{ list|reject('gt', 1)|list }} {{ list|select('in', [1, 2])|list }} {{ words|map('replace', 'a', 'x')|list }} {{ words|map('default', 'y')|list }}",
    ("{% set g = list|map('string') %}{{ g|join }}{{ g|join }}", "a second use of what a filter gives"), "{% set g = list|map('string')|list %}{{ g|join }}{{ g|join }}", "{{ list|map('string') }}", "{{ list|reverse }}", "{{ list|map('string')|length }}", "{{ list|map('string')|last }}",
    ("{{ [0.5]|sum }}", "'sum' of other than integers"), "{{ ['a']|sum }}", "{{ []|sum }} {{ [1, true]|sum }} {{ users[:2]|sum(attribute='age') }} {{ users[:2]|sum('age', 10) }}",
    "{{ '42'|int }} {{ ' 4_2 '|int }} {{ '4.9'|int }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ 4.9|int }} {{ -4.9|int }} {{ '1e3'|int }} {{ '1__0'|int }} {{ '0x1f'|int }} {{ '+5'|int }} {{ '--5'|int }} {{ '日'|int }} {{ ''|int }}",
    "{{ '1e3'|float }} {{ 'x'|float }} {{ '.5'|float }} {{ '5.'|float }} {{ ' 5 '|float }} {{ 3|float }} {{ '-0'|float }} {{ 'x'|float(1.5) }} {{ '1_0.5'|float }} {{ '1_.5'|float }} {{ '+1'|float }} {{ '+-1'|float }}",
    ("{{ 'inf'|float }}", "a number beyond the range of floats"), ("{{ '٣'|int }}", "a number of digits beyond ASCII"), ("{{ '99999999999999999999'|int }}", "an integer beyond 64 bits"), ("{{ '1f'|int(base=16) }}", "a base other than 10"),
    "{{ dict|tojson }} {{ users|tojson(indent=2) }} {{ users|tojson(indent=0) }} {{ dict|tojson(sort_keys=true) }} {{ dict|tojson(separators=(',', ':')) }} {{ emoji|tojson }} {{ emoji|tojson(ensure_ascii=true) }} {{ quote|tojson }} {{ quote|tojson(ensure_ascii=true) }}",
    "{{ [1.0, 1e100, none, true, 'x', [], {}, (1,)]|tojson }} {{ []|tojson(indent=2) }} {{ {'a': []}|tojson(indent='\\t') }} {{ '<>&\\''|tojson }} {{ {1: 2, none: 3, 0.5: 5}|tojson }} {{ dict|tojson(indent=none) }} {{ {'b': {'d': 1, 'c': 2}, 'a': 3}|tojson(sort_keys=true, indent=1) }}",
    "{{ namespace(a=1)|tojson }}", "{{ range(3)|tojson }}", "{{ {(1, 2): 3}|tojson }}", "{{ {1: 2, 'a': 3}|tojson(sort_keys=true) }}", "{{ dict|tojson(separators=(',',)) }}", "{{ dict|tojson(indent=1.5) }}",
    "{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb'|indent(2, true) }}|{{ 'a\\n\\nb'|indent(2, blank=true) }}|{{ ''|indent(2, true) }}|{{ 'a\\n'|indent }}|{{ 'a\\r\\nb\\x0bc'|indent(width=1) }}",
    "{{ 'a'|safe }}{{ ('<'|safe) ~ '>' }}{{ 5|safe }}{{ ['<'|safe]|join('>') }}{{ ('<'|safe)|length }}{{ ('a'|safe) is string }}{{ ('a'|safe)|tojson }}{{ ('a'|safe)|string }}{{ ''|safe or 'e' }}",
    ("{{ ('a'|safe) + 'b' }}", "'+' of text marked safe"), ("{{ ('a'|safe)|upper }}", "filter 'upper' of text marked safe"), ("{{ ['a'|safe] }}", "text marked safe as text"), ("{{ ('a'|safe) == 'a' }}", "'==' of text marked safe"), ("{{ ('a'|safe)[0] }}", "by text marked safe"),
    ("{{ ('a'|safe).upper() }}", "'upper' of text marked safe"), ("{{ 'a'.strip('a'|safe) }}", "with text marked safe"),
    # Tests.
    "{{ 3 is divisibleby 3 }}{{ 4 is even }}{{ 3 is odd }}{{ 3 is in [3] }}{{ 3 is not in [3] }}{{ none is sameas none }}{{ 1 is sameas true }}{{ 'a' is eq 'a' }}{{ 2 is gt 1 and 1 is lt 2 }}{{ 'a' is upper }}{{ 'A1' is upper }}{{ 1 is lower }}",
    "{{ 'x' is filter }}{{ 'upper' is filter }}{{ 'tojson' is filter }}{{ 'odd' is test }}{{ range is callable }}{{ text.upper is callable }}{{ namespace() is mapping }}{{ dict.keys() is sequence }}{{ dict.keys() is iterable }}{{ range(0) is sequence }}",
    "{{ (text is string) is true }}{{ text is defined and yes }}{{ 'x' if text is string else 'y' }}{{ text is not none or no }}{{ 1 is in([1]) }}{{ 5 is eq(5)|string }}", "{{ text is string is defined }}", "{{ text is notest }}", "{{ 1 is divisibleby }}", "{{ 1 is defined(2) }}",
    ("{{ 1 is sameas 1 }}", "test 'sameas' of an integer"), ("{{ 1 is odd if yes }}", "variable 'if'"),
    # Functions.
    "{{ range(3)|list }}{{ range(1, 7, 2)|list }}{{ range(5, 0, -2)|list }}{{ range(3)[1] }}{{ range(3)[::-1]|list }}{{ range(3)|length }}{{ range(0)|first is defined }}{{ range(true)|list }}", "{{ range(100000)|length }}", "{{ range(100001) }}", "{{ range(1, 2, 0) }}", "{{ range('a') }}", "{{ range() }}", "{{ range(stop=3) }}",
    ("{{ range(3) }}", "a range as text"), "{{ dict_ is defined }}{{ namespace(a=1, b=2).b }}{{ namespace({'a': 1}, b=2).a }}{{ namespace()['x'] is defined }}", ("{{ namespace([('a', 1)]).a }}", "a dict of a list"), ("{{ namespace(a=1) }}", "a namespace as text"),
    "{{ raise_exception('no') }}", "{{ raise_exception() }}", "{{ strftime_now is defined }}", "{{ strftime_now('%Y') }}", ("{{ lipsum() }}", "function 'lipsum'"), ("{{ cycler('a', 'b').next() }}", "function 'cycler'"), ("{{ joiner()() }}", "function 'joiner'"), ("{{ range }}", "a function as text"),
    ("{{ range(*[1])|list }}", "'*' of arguments"), ("{{ namespace(**{'a': 1}).a }}", "'**' of arguments"), ("{{ self }}", "'self'"),
]

LOOPS = [
    "{% for x in list %}{{ loop.index }},{{ loop.index0 }},{{ loop.first }},{{ loop.last }},{{ loop.length }},{{ loop.revindex }},{{ loop.revindex0 }},{{ loop.previtem }},{{ loop.nextitem }},{{ loop.depth }},{{ loop.depth0 }},{{ loop.cycle('a', 'b') }},{{ loop.changed(x > 1) }},{{ loop.foo is defined }},{{ loop['index'] }};{% endfor %}",
    "{% for x in list if x > 1 %}{{ loop.index }}{{ loop.last }}{{ loop.length }}{{ loop.nextitem }}{{ x }};{% endfor %}", "{% for x in list if x > 5 %}a{% else %}none{% endfor %}", "{% for x in list if loop is defined %}{{ x }}{% endfor %}",
    "{% for k, v in dict.items() %}{{ k }}={{ v }}{% endfor %}{% for k, v in dict|items %}{{ k }}={{ v }}{% endfor %}{% for k, v in dict|dictsort %}{{ k }}={{ v }}{% endfor %}{% for k in dict %}{{ k }}{% endfor %}",
    "{% for x in emoji %}{{ x }}-{% endfor %}{% for x in range(2) %}{{ x }}{% endfor %}{% for x in 1, 2 %}{{ x }}{% endfor %}{% for x in list|reverse %}{{ x }}{{ loop.last }}{% endfor %}",
    "{% for (a, b), c in [[[1, 2], 3]] %}{{ a }}{{ b }}{{ c }}{% endfor %}{% for a, b in ['xy'] %}{{ a }}{{ b }}{% endfor %}", "{% for a, in [[1]] %}{% endfor %}", "{% set a, = [1] %}", "{% for a, b in [[1]] %}{% endfor %}", "{% for a, b in [[1, 2, 3]] %}{% endfor %}",
    "{% for a, b in [[1, 2], [3, 4]] if a %}{{ loop.nextitem }}{{ loop.previtem }}{% endfor %}", "{% for a, b in [[1, 2], [3, 4]] %}{{ loop.nextitem }}{% endfor %}",
    "{% for x in list %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in [1] %}{% continue %}{% else %}E{% endfor %}{% for x in [1] %}{% break %}{% else %}E{% endfor %}{% for x in [1, 2] %}{% if x == 1 %}{% continue %}{% endif %}{% else %}E{% endfor %}",
    "{% for x in list %}{% for y in [] %}{% else %}{% break %}{% endfor %}{{ x }}{% endfor %}|", "{% for x in list %}{% set y %}a{% break %}b{% endset %}{{ y }}{% endfor %}|", "{% for x in list %}{% with %}{% continue %}{% endwith %}{{ x }}{% endfor %}|",
    "{% break %}", "{% for x in list %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}", "{% for x in list %}{% generation %}{% break %}{% endgeneration %}{% endfor %}", "{% for x in [] %}{% else %}{% break %}{% endfor %}",
    "{% for x in list %}{% for y in list %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}", "{% for x in list %}{% set o = loop %}{% for y in [1] %}{{ o.index }}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% set ns = namespace(go=true) %}{% for x in list if ns.go %}{{ x }}{% set ns.go = false %}{% endfor %}", "{% set ns = namespace(go=true) %}{% for x in list if ns.go %}{{ x }}{{ loop.last }}{% set ns.go = false %}{% endfor %}",
    "{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{{ loop.changed(x, 1) }}{% endfor %}", "{% for x in list %}{{ loop.cycle() }}{% endfor %}", "{{ loop }}", "{% for x in [1] %}{{ loop is iterable }}{{ loop is sequence }}{{ loop is callable }}{{ 1 if loop }}{% endfor %}",
    ("{% for x in [1] %}{{ loop }}{% endfor %}", "a loop as text"), ("{% for x in [1] recursive %}{{ loop([]) }}{% endfor %}", "a recursive loop"), ("{% set ns = namespace() %}{% for x in list %}{% set ns.l = loop %}{% endfor %}{{ ns.l.index }}", "a loop that is over"),
    "{% for loop in [1] %}{% endfor %}", "{% for true in [1] %}{% endfor %}", "{% for x in none %}{% endfor %}", "{% for x in 5 %}{% endfor %}", "{% for x.y in [1] %}{% endfor %}", "{% for x in list if %}{% endfor %}", "{% for x %}{% endfor %}", "{% for x in list: %}{{ x }}{% endfor %}",
    "{% for a in [1] %}" * 20 + "x" + "{% endfor %}" * 20, "{% for a in [1] %}" * 21 + "x" + "{% endfor %}" * 21,
]

SCOPES = [
    "{% set x = 0 %}{% for i in list %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}", "{% for x in list %}{% endfor %}{{ x }}", "{% set x = 5 %}{% for x in list %}{{ x }}{% set x = 9 %}{{ x }}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=0, y=[]) %}{% for i in list %}{% set ns.x = ns.x + i %}{% set ns.y = ns.y + [i] %}{% endfor %}{{ ns.x }}{{ ns.y }}{{ ns.z }}{{ ns['x'] }}", "{% set q.x = 1 %}", "{% set dict.x = 1 %}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set a, b = b, a %}{{ a }}{{ b }}{% set (c, d) = [3, 4] %}{{ c }}{{ d }}{% set e = 1, 2 %}{{ e }}{% set f = (1,) %}{{ f }}", "{% set ns = namespace() %}{% set ns.a, b = 1, 2 %}{{ ns.a }}{{ b }}", "{% set a, b = 1 %}", "{% set a, b = 'xyz' %}",
    "{% if yes %}{% set w = 1 %}{% endif %}{{ w }}{% if no %}{% elif yes %}{% set w = 2 %}{% else %}{% set w = 3 %}{% endif %}{{ w }}", "{% if no %}{% set text = 1 %}{% endif %}{{ text }}",
    # A name that is set later is undefined in loops and macros before that, unless it is read before.
    "{% for x in [1] %}{{ text }}{% endfor %}{% set text = 'new' %}{{ text }}", "{{ text }}{% for x in [1] %}{{ text }}{% endfor %}{% set text = 'new' %}{{ text }}", "{% for x in [1] %}{{ text }}{% endfor %}{% if yes %}{% set text = 'new' %}{% endif %}{{ text }}",
    "{% for x in [1] %}{{ text }}{% endfor %}{% set text = text + '!' %}{{ text }}", "{% macro m() %}{{ text }}{% endmacro %}{{ m() }}{% set text = 'new' %}{{ m() }}", "{% for x in [1, 2] %}{% for y in [1] %}{{ text }}{% endfor %}{% set text = 'n' %}{% endfor %}{{ text }}",
    "{% for x in [1, 2] %}{{ text }}{% set text = 'n' %}{{ text }}{% endfor %}{{ text }}", "{% macro m() %}{{ range(2)|list }}{% endmacro %}{{ m() }}{% set range = 5 %}", "{% set y %}{{ text }}{% endset %}{% set text = 1 %}{{ y }}", "{% for text in [1] %}{{ text }}{% endfor %}{{ text }}",
    "{% for x in [1] %}{% if no %}{% set text = 1 %}{% endif %}{{ text }}{% endfor %}", "{% for x in [1] %}{% for z in [1] %}{{ text }}{% endfor %}{% if no %}{% set text = 1 %}{% endif %}{% endfor %}", "{% with text = 1 %}{{ text }}{% endwith %}{{ text }}",
    "{% set x %}hello {{ text }}{% endset %}{{ x|upper }}{% set y | upper | replace('A', 'b') %}a{% endset %}{{ y }}{% set z | length %}abc{% endset %}{{ z + 1 }}", ("{% set x | replace('e', seven) %}{{ seven }}e{% endset %}{{ x }}", "variable 'seven' in a filter of a set block"), "{% set x | replace('a', text) %}a{% endset %}{{ x }}",
    "{% set x %}{% set u = 1 %}{{ u }}{% endset %}{{ x }}{{ u }}", "{% set ns = namespace() %}{% set ns.x %}a{% endset %}{{ ns.x }}", "{% filter upper %}a{{ text }}{% endfilter %}{% filter replace('a', 'b') | upper %}abc{% endfilter %}{% filter upper %}{% set u = 1 %}{{ u }}{% endfilter %}{{ u }}", "{% filter length %}abc{% endfilter %}",
    "{% with %}{% set u = 1 %}{{ u }}{% endwith %}{{ u }}{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}{% with a = 1, b = a %}{{ b }}{% endwith %}{% with (a, b) = [1, 2] %}{{ a }}{{ b }}{% endwith %}",
    "{% generation %}a{% set u = 1 %}{{ u }}{% endgeneration %}{{ u }}{% for x in list %}{% generation %}{{ loop.index }}{% endgeneration %}{% endfor %}",
    ("{% set loop = 1 %}{{ loop }}", "setting 'loop'"), "{% set true = 2 %}", "{% set 1 = 2 %}", "{% set (x = 1) %}", "{% set x = %}", "{% set %}", "{% set x.y.z = 1 %}", "{% set [a, b] = [1, 2] %}",
]

MACROS = [
    "{% macro m(a, b=2, c='x') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c=5) }}{{ m(b=1, a=2) }}{{ m() }}{{ m(a=1)|upper }}{{ m(1)|length }}{{ m is callable }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(b=2) }}", "{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}", "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(7) }}", "{% macro m(a=b, b=1) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}{{ m(b=2) }}",
    "{% macro m(x) %}{{ x }}{% if x > 0 %}{{ m(x - 1) }}{% endif %}{% endmacro %}{{ m(5) }}", "{% set y = 1 %}{% macro m() %}{{ y }}{% endmacro %}{{ m() }}{% set y = 2 %}{{ m() }}", "{% macro m() %}{% set y = 5 %}{{ y }}{% endmacro %}{% set y = 1 %}{{ m() }}{{ y }}", "{% macro m(text) %}{{ text }}{% endmacro %}{{ m(1) }}{{ text }}",
    "{% if yes %}{% macro m() %}y{% endmacro %}{% endif %}{{ m() }}", "{% for x in [1, 2] %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}", "{{ m() }}{% macro m() %}{% endmacro %}", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% call(y) m(3) %}<{{ y }}{{ text }}>{% endcall %}", "{% macro m() %}{{ caller is defined }}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}{% call m() %}a{% endcall %}{{ m() }}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% macro m() %}x{% endmacro %}{% call m() %}a{% endcall %}",
    "{% macro m() %}{{ caller(1, b=2) }}{% endmacro %}{% call(a, b=5, c=7) m() %}{{ a }}{{ b }}{{ c }}{% endcall %}", "{% macro a() %}({{ caller() }}){% endmacro %}{% macro b() %}{% call a() %}{{ caller() }}{% endcall %}{% endmacro %}{% call b() %}x{% endcall %}",
    "{% macro a() %}({{ caller() }}){% endmacro %}{% macro b() %}{% set c = caller %}{% call a() %}{{ c() }}{% endcall %}{% endmacro %}{% call b() %}x{% endcall %}", "{% for x in list %}{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ x }}{{ loop.index }}{% endcall %}{% endfor %}",
    "{% call range(3) %}{% endcall %}", "{% call text %}{% endcall %}", "{% call m()|upper %}{% endcall %}",
    ("{% macro m() %}{{ varargs }}{% endmacro %}{{ m(1, 2) }}", "'varargs'"), ("{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(a=1) }}", "'kwargs'"), ("{% macro m() %}{% endmacro %}{{ m }}", "a function as text"), ("{% macro m() %}{% endmacro %}{{ m.name }}", "'name' of a function"), ("{% macro m(caller=1) %}{{ caller }}{% endmacro %}{{ m() }}", "setting 'caller'"),
    ("{% set ns = namespace() %}{% for x in [1, 2] %}{% macro m() %}{{ x }}{% endmacro %}{% set ns.m = m %}{% endfor %}{{ ns.m() }}", "macro 'm' after the end of the block"),
    "{% macro m(a=1, b) %}{% endmacro %}", "{% macro m %}{% endmacro %}", "{% macro m() %}{% endmacro m %}", "{{ m(a=1, a=2) }}", "{{ m(a=1, 2) }}", "{{ m(1, ) if no }}ok", "{{ m(, ) if no }}", "{% macro m(a, ) %}{{ a }}{% endmacro %}",
]

TAGS = [
    "{% if missing %}x{% elif text %}y{% else %}z{% endif %}{% if no, %}t{% endif %}{% if yes: %}t{% endif %}{% if no %}{% endif %}", "{% if text is string and text is not none %}ok{% endif %}", "{% if 1 if yes else 0 %}{% endif %}",
    "{% raw %}{{ a }}{% b %}{# c #}{% endraw %}{% raw -%}   x {%- endraw %} y{% raw %}\nz\n{% endraw %}\nw", "x{# multi\nline #}\nafter", "{# {% raw %} #}x{% raw %}{#{% endraw %}", "{#-#}x", "a {#--#} b", "x{#", "x{% raw %}", "x{# y", "x{% raw %} y", "{%+ raw +%} x",
    "a\r\nb\rc\n", "a\n\n", "\n", "", "  {% if yes %}\n  x\n  {% endif %}\n", "{% if yes %}\n\n  x\n{%- endif %}", "  {%+ if yes %}x{% endif +%}\n y", "\u00a0{%- if yes -%}\u3000x{%- endif %}", "\u00a0 {% if yes %}\u3000x{% endif %}", "{{\u00a01\u2003}}", "{%if yes%}x{%endif%}", "{%-if yes-%}x{%-endif-%}",
    "{% for x in [1, 2] -%}\n  {{ x }}\n{%- endfor %}", "{{ x\n}}\n{% set\ny\n=\n1 %}{{ y }}", "{{ '}}' }}{% if '%}' %}x{% endif %}{{ '{{' }}{{ \"{%\" }}", "{{ {'a': {'b': 1}}['a']['b']}}", "a {b} %} }} #}", "{{+ 1 }}{{- 2 -}}{{-1}}", "{% set x = -1 -%} {{ x -}} y", "{{ 1 }}\n{{ 2 }}\n",
    # Filters and tests that there are not: looked for at once, but in branches when they are reached.
    "{% if no %}{{ text is foo }}{{ text|foo }}{% endif %}ok", "{% for x in [] %}{{ text|foo }}{% endfor %}ok", "{{ text|foo if no }}ok", "{{ (text|foo) if no else 1 }}ok", "{% if text|foo %}{% endif %}", "{% if yes or text|foo %}ok{% endif %}", "{% if yes %}{% for x in [] %}{{ x|foo }}{% endfor %}{% endif %}",
    "{% macro m() %}{{ x|foo }}{% endmacro %}ok", "{% macro m() %}{{ x|wordwrap }}{% endmacro %}ok", "{{ 1 if no else text|foo }}", "{% if no %}{% set x = y|foo %}{% endif %}ok", "{% for x in list|foo %}{% endfor %}", "{{ [x|foo][0] if no }}ok",
    ("{% block a %}b{% endblock %}", "tag 'block'"), ("{% print 1 %}", "tag 'print'"), ("{% autoescape true %}{{ '<' }}{% endautoescape %}", "tag 'autoescape'"), "{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{% do 1 %}", "{% foo %}", "{% %}", "{% 1 %}",
    "{% endif %}", "{% else %}", "{% if yes %}", "{% for x in y %}", "{% if yes %}{% endfor %}", "{% if %}{% endif %}", "{% if yes %}{% else x %}{% endif %}", "{{ }}", "{{ 1", "{{ 1 2 }}", "{{ a b }}", "{{ (1 }}", "{{ 1) }}", "{{ [1 }}", "{{ {1} }}", "{{ a. }}", "{{ a[ }}", "{{ a[] }}", "{{ a| }}", "{{ a is }}", "{{ ? }}", "{{ a ! b }}", "{{ a ; b }}", "{{ a = 1 }}", "{{ 1 +}}", "{{ * 1 }}",
    ("{{ é }}", "a name beyond ASCII"), "{{ a.b(c)[d]|e }}", ("{{ if }}", "variable 'if'"),
]

STATEMENTS = EXPRESSIONS + LOOPS + SCOPES + MACROS + TAGS
