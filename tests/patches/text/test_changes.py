"""Facts of what a file's change is of: told by both of its sides, and never lighter than it is."""

from __future__ import annotations

import time

import pytest

from patches.followups import Weight
from patches.text.changes import COMPARED, weight_of

CODE, COMMENTS, DOCUMENTATION, SPACE = Weight.CODE, Weight.COMMENTS, Weight.DOCUMENTATION, Weight.SPACE
C = "xen/common/a.c"


def told(path: str, old: str, new: str) -> Weight:
    return weight_of(path, old.encode(), new.encode())


def test_weights_come_from_the_heaviest() -> None:
    assert sorted(Weight, key=lambda one: one.rank) == [Weight.REVERT, CODE, COMMENTS, DOCUMENTATION, SPACE]


@pytest.mark.parametrize(
    ("old", "new", "weight"),
    [
        ("int a;\n", "int b;\n", CODE),
        ("int a; /* one */\n", "int a; /* two */\n", COMMENTS),
        ("int a; // one\n", "int a;\n", COMMENTS),
        ("/* one\n * two\n */\nint a;\n", "/* one\n * three\n */\nint a;\n", COMMENTS),
        ("if(a)\n\tb();\n", "if ( a )\n    b();\n\n", SPACE),
        ("int a;\r\n", "int a;\n", SPACE),
        ("/* a  b */ int a;\n", "/*\n a b */ int a;\n", SPACE),
        ("/* one */ int a; int b;\n", "int a; /* one */ int b;\n", COMMENTS),
        ("int a; /* one */\n", "int  a; /* two */\n", COMMENTS),
        ('f("a b");\n', 'f("a  b");\n', CODE),
        ('f("/* one */");\n', 'f("/* two */");\n', CODE),
        ("c = '\"'; /* one */ d = '\"';\n", "c = '\"'; /* two */ d = '\"';\n", COMMENTS),
        ("a = b - -c;\n", "a = b--c;\n", CODE),
        ("int a;\n", "inta;\n", CODE),
        ("/* off */\nrun();\n", "/* off\nrun(); */\n", CODE),
        ("run();\n", "/* run(); */\n", CODE),
        ("#define A (x)\n", "#define A(x)\n", CODE),
        ("#define A(x) 1\n", "#define A(x)  1\n", SPACE),
        ("#ifdef A\nb();\n#endif\n", "#ifdef A b();\n#endif\n", CODE),
        ("#define A 1\nb();\n", "#define A 1 b();\n", CODE),
        ("#define A \\\n\tb\n", "#define A    \\\n b\n", SPACE),
        ("#endif /* A */\n", "#endif /* B */\n", COMMENTS),
        ("// one \\\nrun();\n", "// one\nrun();\n", CODE),
        ("int\x1fa;\n", "int a;\n", CODE),
        ("w();\na();\na();", "w();\na();\n\na();\na();", CODE),
        ("#error don't /* one */\nf();\n", "#error don't /* two */\nf();\n", CODE),
        ("#if a || b\n", "#if a ||\u00a0b\n", CODE),
        ("\ufeffint a;\n", "int a;\n", CODE),
        ("\u00e9 a;\n", "\u00e9a;\n", CODE),
        ("/* not closed", "/* not  shut", COMMENTS),
    ],
)  # fmt: skip
def test_a_file_of_c_is_compared_by_its_tokens(old: str, new: str, weight: Weight) -> None:
    assert told(C, old, new) is weight
    assert told(C, new, old) is weight


def test_lines_around_a_change_decide_whether_it_stands_in_a_comment() -> None:
    lines = [f"f{n}();" for n in range(50)]
    body = "\n".join([*lines[:25], "one();", *lines[25:]])
    inside = f"/*\n{body}\n*/\nint a;\n"
    assert told(C, inside, inside.replace("one", "two")) is COMMENTS
    assert told(C, body, body.replace("one", "two")) is CODE


@pytest.mark.parametrize(
    ("path", "old", "new", "weight"),
    [
        ("arch/x86/boot/head.S", "mov %eax, %ebx /* one */\n", "mov %eax, %ebx /* two */\n", COMMENTS),
        ("arch/x86/boot/head.S", "\tmov %eax, %ebx\n", "        mov %eax, %ebx\n\n", SPACE),
        ("arch/x86/boot/head.S", "a\n", "a\n/* one */\n", COMMENTS),
        ("arch/x86/boot/head.S", '.asciz "a b\n', '.asciz "a  b\n', CODE),
        ("arch/x86/boot/head.S", "m a -b\n", "m a-b\n", CODE),
        ("arch/x86/boot/head.S", "a\nb\n", "a b\n", CODE),
        ("xen/Makefile", "# one\na := b\n", "# two\na := b\n\n", COMMENTS),
        ("xen/Makefile", "a := b\n", "a := b \n", CODE),
        ("xen/Makefile", "a := b\r\n", "a := b\n", CODE),
        ("xen/Makefile", "override define a\n# one\n", "override define a\n# two\n", CODE),
        ("xen/Makefile", "a:\n\tb\n", "a:\n    b\n", CODE),
        ("arch/x86/boot/head.S", "mov a, b\n", "mov a,\u00a0b\n", CODE),
        ("xen/Makefile", "\u00a0# one\n", "\u00a0# two\n", CODE),
        ("xen/Makefile", "# one\nb = c\n", "# one \\\nb = c\n", CODE),
        ("xen/Makefile", "a = b \\\n# one\n", "a = b \\\n# two\n", CODE),
        ("xen/Rules.mk", "define a\n# one\nendef\n", "define a\n# two\nendef\n", CODE),
        ("xen/Kconfig.debug", "config A\n\n\tbool\n", "config A\n\tbool\n", SPACE),
        ("tools/a.py", "# one\nf()\n", "# two\nf()\n", COMMENTS),
        ("tools/a.py", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n", CODE),
        ("tools/a.py", 'a = """\n# one\n"""\n', 'a = """\n# two\n"""\n', CODE),
        ("tools/a.py", "#!/usr/bin/python\n", "#!/usr/bin/python3\n", CODE),
        ("tools/a.py", "#\n# coding: ascii\n", "#\n# coding: utf-8\n", CODE),
        ("xen/include/public/arch-x86/cpufeatureset.h", "F(A, 1) /*A  a */\n", "F(A, 1) /*   a */\n", CODE),
        ("README", "one\n", "two\n", DOCUMENTATION),
        ("MAINTAINERS", "one two\n", "one\n  two\n", SPACE),
        ("docs/misc/a.txt", "one\n", "two\n", DOCUMENTATION),
        ("Documentation/a/b.c", "one;\n", "two;\n", CODE),
        ("docs/Makefile", "a = b\n", "a = c\n", CODE),
        ("src/doc/lib.rs", "// one\n", "// two\n", CODE),
        ("docs/gen.pl", "# one\n", "# two\n", CODE),
        ("tools/man/parse.go", "one\n", "two\n", CODE),
        ("docs/conf.py", "a = 1\n", "a = 2\n", CODE),
        ("Documentation/sphinx/a.sh", "one\n", "two\n", CODE),
        ("docs/CMakeLists.txt", "one\n", "two\n", CODE),
        ("README.rs", "one\n", "two\n", CODE),
        ("Documentation/devicetree/bindings/a.yaml", "one\n", "two\n", DOCUMENTATION),
        ("docs/man/xl.1.pod", "one\n", "two\n", DOCUMENTATION),
        ("docs/man/xl.1", "one\n", "two\n", DOCUMENTATION),
        ("src/CMakeLists.txt", "one\n", "two\n", CODE),
        ("documents/a", "one\n", "two\n", CODE),
        ("tools/ocaml/a.ml", "a (* one *)\n", "a (* two *)\n", CODE),
        ("tools/hotplug/block", "# one\n", "# two\n", CODE),
        ("news.sh", "# one\n", "# two\n", CODE),
    ],
)
def test_each_language_has_its_comments_and_what_is_none_is_code(path: str, old: str, new: str, weight: Weight) -> None:
    assert told(path, old, new) is weight


@pytest.mark.parametrize("sides", [(None, b""), (b"", None), (None, None), (b"a", b"a"), (b"\0a", b"\0b")])
def test_what_comes_goes_is_binary_or_unreadable_is_code_but_in_documentation(
    sides: tuple[bytes | None, bytes | None],
) -> None:
    assert weight_of(C, *sides) is CODE
    assert weight_of("docs/figure.png", *sides) is DOCUMENTATION


def test_a_file_that_is_too_large_is_not_looked_into() -> None:
    large = b"/* " + b"x" * COMPARED
    assert weight_of(C, large + b"1 */", large + b"2 */") is CODE
    small = large[: COMPARED - 100]
    assert weight_of(C, small + b"1 */", small + b"2 */") is COMMENTS


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("a.c", '\\"'), ("a.c", "'\\"), ("a.c", "/*"), ("a.c", "\\\n"), ("a.S", '\\"'), ("a.c", "#define a("),
        ("Makefile", "\n"), ("Makefile", "override "), ("Makefile", "#\\\n"), ("a.py", '"'), ("README", " "),
    ],
)  # fmt: skip
def test_a_file_made_to_take_long_does_not(path: str, part: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        told(path, f"a{part * count}", f"b{part * count}")
        return time.process_time() - start

    size = COMPARED // 16 // len(part)
    assert seconds(size) < 20 * seconds(size // 10) + 0.2
