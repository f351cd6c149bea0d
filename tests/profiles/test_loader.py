"""What a user's profile may say, and the one error for each thing that it may not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from kcfg.base.toml_lines import TomlLines
from profiles import ProfileKind, document, load_profile
from profiles.document import parse
from profiles.findings import Level

HEAD = 'schema = 1\nname = "mine"\n'
RULE = '[[rule]]\nlevel = "required"\nsymbol = "XEN"\nwhy = "because"\n'


def write(folder: Path, text: str, name: str = "mine.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_file_extends_a_built_in_and_overrides_a_rule_in_its_place(tmp_path: Path) -> None:
    text = HEAD + 'extends = ["pvh-domu"]\n' + '[[rule]]\nid="hvc-xen"\nlevel="required"\nsymbol="HVC_XEN"\nwhy="x"\n'
    mine, base = load_profile(write(tmp_path, text)), load_profile("pvh-domu")
    assert [rule.id for rule in mine.rules] == [rule.id for rule in base.rules]
    changed = next(rule for rule in mine.rules if rule.id == "hvc-xen")
    assert (changed.level, changed.profile) == (Level.REQUIRED, "mine")
    assert mine.kind is ProfileKind.POLICY
    assert mine.applicable("4.4", "x86_64") == base.applicable("4.4", "x86_64")


def test_a_file_leaves_rules_out(tmp_path: Path) -> None:
    mine = load_profile(write(tmp_path, HEAD + 'extends = ["pvh-domu"]\nwithout = ["xenfs"]\n'))
    assert {r.id for r in load_profile("pvh-domu").rules} - {r.id for r in mine.rules} == {"xenfs"}


def test_a_file_extends_a_file_beside_it_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'schema = 1\nname = "below"\n' + RULE, "below.toml")
    path = write(tmp_path, HEAD + 'extends = ["./below.toml"]\n')
    assert load_profile(path).rules == load_profile(Path(path)).rules != ()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert [rule.id for rule in load_profile("../mine.toml").rules] == ["xen"]


def test_the_prefix_config_is_dropped(tmp_path: Path) -> None:
    assert load_profile(write(tmp_path, HEAD + RULE.replace('"XEN"', '"CONFIG_XEN"'))).rules[0].symbol == "XEN"


def test_names_with_small_letters_that_kernels_really_have_are_accepted() -> None:
    for name in ("40x", "440SPe", "ARCH_DAVINCI_DM644x", "ARCH_HI3xxx", "APM821xx", "9P_FS"):
        parse(HEAD + RULE.replace("XEN", name), "mine.toml")


def test_a_group_keeps_only_the_alternatives_of_the_kernel() -> None:
    text = HEAD + (
        '[[rule]]\nid = "g"\nlevel = "required"\nwhy = "x"\n'
        'any-of = [{symbol = "A", kernel = "<6"}, {all = [{symbol = "B"}, {symbol = "C", value = "n"}]}]\n'
    )
    rule = parse(text, "f").rules[0]
    assert [str(way) for way in rule.alternatives] == ["A=y or m", "B=y or m and C=n"]
    assert rule.symbols == ("A", "B", "C")


BAD = [
    ("schema = 2\nname = 'mine'\n", 1, "schema"),
    ("name = 'mine'\n", 1, "schema"),
    ("schema = 1\n", 1, "name"),
    ("schema = 1\nname = 'Big Name'\n", 2, "name"),
    (HEAD + "# comment\ncolour = 'red'\n", 4, "colour"),
    (HEAD + "title = 3\n", 3, "title"),
    (HEAD + "title = ''\n", 3, "title"),
    (HEAD + "kind = 'modes'\n", 3, "kind"),
    (HEAD + "arch = ['amd64']\n", 3, "arch"),
    (HEAD + "kernel = 'new'\n", 3, "kernel"),
    (HEAD + "order = true\n", 3, "order"),
    (HEAD + "extends = ['pvh-domo']\n", 3, "extends"),
    (HEAD + "extends = ['./not-there.toml']\n", 3, "extends"),
    (HEAD + "extends = ['./mine.toml']\n", 3, "extends"),
    (HEAD + "extends = ['arm64-domu', 'pv-domu']\n", 3, "extends"),
    (HEAD + "extends = ['pvh-domu']\nwithout = ['xenf']\n", 4, "without"),
    (HEAD + "rule = 3\n", 3, "rule"),
    (HEAD + RULE + "levle = 'required'\n", 7, "levle"),
    (HEAD + RULE.replace("required", "must"), 4, "level"),
    (HEAD + RULE.replace('"XEN"', '"xen"'), 5, "symbol"),
    (HEAD + RULE.replace('"XEN"', '"Xen_Pvh"'), 5, "symbol"),
    (HEAD + RULE.replace('"XEN"', '"A B"'), 5, "symbol"),
    (HEAD + RULE.replace('"XEN"', "512"), 5, "symbol"),
    (HEAD + RULE.replace('symbol = "XEN"\n', ""), 3, "symbol"),
    (HEAD + RULE.replace('why = "because"\n', ""), 3, "why"),
    (HEAD + RULE + "value = [512]\n", 7, "value"),
    (HEAD + RULE + "value = []\n", 7, "value"),
    (HEAD + RULE.replace("required", "forbidden") + "value = ['y']\n", 7, "value"),
    (HEAD + RULE + "kernel = '>=5.x'\n", 7, "kernel"),
    (HEAD + RULE + "any-of = [{symbol = 'A'}]\n", 5, "symbol"),
    (HEAD + RULE + RULE, 7, "id"),
    (HEAD + RULE.replace('symbol = "XEN"', "any-of = []"), 5, "any-of"),
    (HEAD + RULE.replace('symbol = "XEN"', "any-of = [\n  {symbol = 'A'},\n  {symbl = 'B'},\n]"), 7, "any-of[2].symbl"),
    (HEAD + RULE.replace('symbol = "XEN"', "any-of = [\n  {symbol = 'A'},\n  {all = []},\n]"), 7, "any-of[2].all"),
    (HEAD + "[[essential]]\nsymbol = 'A'\nwhy = 'x'\n", 3, "group"),
    (HEAD + "text = [\n", 4, "TOML"),
    (HEAD + "a = 1\na = 2\n", 4, "TOML"),
]


@pytest.mark.parametrize(("text", "line", "key"), BAD, ids=[f"{n}-{key}" for n, (_, _, key) in enumerate(BAD)])
def test_each_mistake_is_one_line_that_names_file_line_and_key(tmp_path: Path, text: str, line: int, key: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_profile(path)
    assert caught.value.where == f"{path}:{line}"
    assert key in caught.value.message
    assert "\n" not in str(caught.value)


def test_near_misses_are_named() -> None:
    with pytest.raises(UserError, match="did you mean pvh-domu"):
        load_profile("pvh-domo")
    with pytest.raises(UserError, match="did you mean level"):
        parse(HEAD + RULE + "levle = 'x'\n", "f")


def test_a_ring_of_files_is_found_however_their_paths_are_written(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    write(tmp_path, 'schema = 1\nname = "b"\nextends = ["x/../mine.toml"]\n', "b.toml")
    path = write(tmp_path, HEAD + 'extends = ["./b.toml"]\n')
    with pytest.raises(UserError, match="mine -> b -> mine"):
        load_profile(path)


def test_a_mistake_in_a_base_is_told_with_the_bases_line(tmp_path: Path) -> None:
    write(tmp_path, 'schema = 1\nname = "b"\n\nbad = 1\n', "b.toml")
    with pytest.raises(UserError) as caught:
        load_profile(write(tmp_path, HEAD + 'extends = ["./b.toml"]\n'))
    assert caught.value.where.endswith("b.toml:4")


def test_bases_that_disagree_need_a_word_from_who_extends_both(tmp_path: Path) -> None:
    write(tmp_path, 'schema = 1\nname = "a"\n' + RULE, "a.toml")
    write(tmp_path, 'schema = 1\nname = "b"\n' + RULE.replace("required", "recommended"), "b.toml")
    both = HEAD + 'extends = ["./a.toml", "./b.toml"]\n'
    with pytest.raises(UserError, match="a and b both have a rule 'xen'"):
        load_profile(write(tmp_path, both))
    assert len(load_profile(write(tmp_path, both + RULE)).rules) == 1
    assert load_profile(write(tmp_path, both + 'without = ["xen"]\n')).rules == ()


def test_a_built_in_name_is_taken(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="built-in"):
        load_profile(write(tmp_path, 'schema = 1\nname = "pvh-domu"\n'))


def test_a_chain_without_end_is_refused(tmp_path: Path) -> None:
    for n in range(60):
        write(tmp_path, f'schema = 1\nname = "p{n}"\nextends = ["./p{n + 1}.toml"]\n', f"p{n}.toml")
    with pytest.raises(UserError, match="deep"):
        load_profile(tmp_path / "p0.toml")


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"\x00" * 100, b"x" * 2_000_000, b"", b"[" * 5000, b"a=" + b"9" * 5000]
)
def test_what_is_no_profile_is_one_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    with pytest.raises(UserError):
        load_profile(path)


def test_folders_and_missing_files_are_one_error(tmp_path: Path) -> None:
    for path in (str(tmp_path) + os.sep, str(tmp_path / "none.toml"), "./none", "a\0b.toml"):
        with pytest.raises(UserError, match="cannot read"):
            load_profile(path)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + RULE).replace("\n", "\r\n").encode())
    assert load_profile(path).rules[0].line == 3


def test_what_looks_like_a_table_inside_a_string_is_not_one() -> None:
    text = HEAD + '[[rule]]\nlevel = "required"\nsymbol = "A"\nwhy = """\\\n[[rule]] # \\\n"""\nx = 1\n'
    with pytest.raises(UserError) as caught:
        parse(text, "f")
    assert caught.value.where == "f:9"
    lines = TomlLines("a = '''\n[[rule]]\nb = 1\n'''\n[[rule]]\nb = 2\n")
    assert (lines.table("rule"), lines.key("b", "rule")) == (5, 6)


KEYS = st.sampled_from(
    ["schema", "name", "kind", "arch", "kernel", "extends", "rule", "essential", "level", "symbol", "any-of", "all"]
)
LEAF = st.one_of(
    st.integers(), st.booleans(), st.floats(), st.text(max_size=8), st.sampled_from(["y", "pvh-domu", "XEN"])
)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08x}" for char in value if not 0xD800 <= ord(char) < 0xE000) + '"'
    return str(value)


VALUES = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


def error_of(text: str) -> UserError | None:
    """What parsing a text says against it; an error of any other kind is raised."""
    try:
        parse(text, "f")
    except UserError as error:
        return error
    return None


@given(st.dictionaries(KEYS, VALUES, max_size=6), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_toml_is_a_profile_or_a_users_error(data: dict[str, object], headed: bool) -> None:
    if headed:
        data = {**data, "schema": 1, "name": "mine"}
    error = error_of("".join(f"{key} = {_toml(value)}\n" for key, value in data.items()))
    assert error is None or re.fullmatch(r"f:\d+", error.where)
    assert "\n" not in str(error)


@given(st.text(alphabet="[]{}\"'#=\n ab\\,1", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_profile_or_a_users_error(text: str) -> None:
    error = error_of(text)
    assert error is None or 1 <= int(error.where.removeprefix("f:")) <= text.count("\n") + 1


def test_the_documents_example_is_a_profile_and_its_tables_name_every_key(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    mine = load_profile(write(tmp_path, example))
    assert {"modules", "time", "xen-pv", "xen-pvh"} <= {rule.id for rule in mine.rules}
    for key in (*document._TOP, *document._RULE, *document._WAY, *document._ESSENTIAL):
        assert f"`{key}`" in text or f"[[{key}]]" in text
