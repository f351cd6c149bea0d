"""Configurations: the kernel's line grammar, what they come in, and bad input."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from kcfg.base.version import KernelVersion
from kcfg.kconfig.config import (
    Assignment,
    WarnedOf,
    format_line,
    fragments,
    parse_config,
    read_config,
)
from kcfg.kconfig.running import find_running_config

COMPLETE = b"""#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.12.8 Kernel Configuration
#
CONFIG_CC_VERSION_TEXT="gcc (Debian 12.2.0) 12.2.0"
CONFIG_64BIT=y
CONFIG_X86_64=y
CONFIG_XEN=y
# CONFIG_XEN_PV is not set
CONFIG_XEN_BLKDEV_FRONTEND=m
CONFIG_NR_CPUS=64
CONFIG_PHYSICAL_START=0x1000000
"""
LINUX_6_1 = KernelVersion.parse("6.1.192")


def one(text: str | bytes, kernel: KernelVersion | None = None) -> Assignment:
    (assignment,) = parse_config(text, "f", kernel=kernel).assignments
    return assignment


def messages(text: str | bytes, kernel: KernelVersion | None = None) -> list[tuple[int, WarnedOf, str]]:
    return [(one.line, one.kind, one.text) for one in parse_config(text, "f", kernel=kernel).warnings]


class TestLines:
    def test_each_kind_of_value_keeps_its_line(self) -> None:
        config = parse_config(COMPLETE, "a.config")
        assert [(a.symbol, a.value, a.line, a.quoted) for a in config.assignments] == [
            ("CC_VERSION_TEXT", "gcc (Debian 12.2.0) 12.2.0", 5, True),
            ("64BIT", "y", 6, False),
            ("X86_64", "y", 7, False),
            ("XEN", "y", 8, False),
            ("XEN_PV", "n", 9, False),
            ("XEN_BLKDEV_FRONTEND", "m", 10, False),
            ("NR_CPUS", "64", 11, False),
            ("PHYSICAL_START", "0x1000000", 12, False),
        ]
        assert {a.path for a in config.assignments} == {"a.config"}
        assert config.warnings == ()

    @pytest.mark.parametrize(
        ("line", "value"),
        [
            ('CONFIG_A="x"', "x"),
            ('CONFIG_A=""', ""),
            (r'CONFIG_A="a\"b\\c"', r'a"b\c'),
            (r'CONFIG_A="\n"', "n"),
            ('CONFIG_A="# CONFIG_B is not set"', "# CONFIG_B is not set"),
            ('CONFIG_A="a=b"', "a=b"),
        ],
    )
    def test_a_backslash_in_a_string_keeps_the_next_character(self, line: str, value: str) -> None:
        assert one(line + "\n") == Assignment("A", value, 1, "f", True)

    def test_raw_text_is_kept_because_only_the_type_can_judge_it(self) -> None:
        assert one("CONFIG_A=maybe\n").value == "maybe"
        assert one("CONFIG_A=\n").value == ""
        assert one("CONFIG_A=a=b\n").value == "a=b"
        assert one("CONFIG_A=0X1f \n").value == "0X1f "

    def test_a_tristate_is_its_first_character(self) -> None:
        wanted = {"y": "y", "m": "m", "n": "n", "yes": "y", "mod": "m", "Y": "", "1": "", "": "", '"y"': ""}
        assert {value: one(f"CONFIG_A={value}\n").tristate() for value in wanted} == wanted

    def test_crlf_is_stripped_from_every_line(self) -> None:
        crlf = parse_config(COMPLETE.replace(b"\n", b"\r\n"), "f")
        assert msgspec.structs.replace(crlf, data=COMPLETE) == parse_config(COMPLETE, "f")
        assert one("CONFIG_A=y\r\r\n").value == "y\r"

    def test_only_a_newline_ends_a_line(self) -> None:
        assert one("CONFIG_A=1\v2\f3\x1c4\x85\u2028\n").value == "1\v2\f3\x1c4\x85\u2028"

    def test_blank_lines_and_comments_say_nothing(self) -> None:
        assert (
            messages("\n#\n# x\n#CONFIG_A=y\n# CONFIG_A=y\n# end of Xen\n# CONFIG_A was not set\n\r\nCONFIG_A=y\n")
            == []
        )

    def test_unexpected_data_is_a_warning_with_its_line(self) -> None:
        text = "CONFIG_A=y\n CONFIG_B=y\nexport CONFIG_C=y\nCONFIG_D\nCONFIG_E F=y\n\ufeff# x\nCONFIG_=y\n"
        config = parse_config(text, "f")
        assert [a.symbol for a in config.assignments] == ["A"]
        assert [(one.line, one.path) for one in config.warnings] == [(line, "f") for line in range(2, 8)]
        assert [one.line for one in config.warnings if one.kind is WarnedOf.NO_NAME] == [5, 7]
        assert {one.kind for one in config.warnings} == {WarnedOf.NO_NAME, WarnedOf.UNEXPECTED}
        assert config.warnings[0].text == " CONFIG_B=y"

    @pytest.mark.parametrize(
        "line",
        ["# CONFIG_A is not set ", "# CONFIG_A is not settled", "#!CONFIG_A is not set", "##CONFIG_A is not set"],
    )
    def test_an_inexact_unset_line_counts_before_6_8_only(self, line: str) -> None:
        assert parse_config(line + "\n", "f").assignments == ()
        assert messages(line + "\n") == [(1, WarnedOf.OLD_UNSET, line)]
        assert one(line + "\n", LINUX_6_1) == Assignment("A", "n", 1, "f")
        assert messages(line + "\n", LINUX_6_1) == []
        assert parse_config(line + "\n", "f", kernel=KernelVersion.parse("6.8-rc1")).assignments == ()

    @pytest.mark.parametrize("line", ["#CONFIG_A is not set", "#  CONFIG_A is not set", "# CONFIG_A is  not set"])
    def test_an_unset_line_that_no_kernel_reads_is_a_warning(self, line: str) -> None:
        for kernel in (None, LINUX_6_1):
            assert parse_config(line + "\n", "f", kernel=kernel).assignments == ()
            assert messages(line + "\n", kernel) == [(1, WarnedOf.NOT_UNSET, line)]

    def test_a_string_without_its_end_assigns_nothing(self) -> None:
        for line in ('CONFIG_A="x', 'CONFIG_A="', 'CONFIG_A="x\\"', 'CONFIG_A="x\\'):
            config = parse_config(f"CONFIG_A=y\n{line}\nCONFIG_B=y\n", "f")
            assert [a.line for a in config.assignments] == [1, 3]
            assert [(one.line, one.kind, one.text) for one in config.warnings] == [(2, WarnedOf.OPEN_STRING, "A")]

    def test_text_after_a_string_is_dropped_with_a_warning(self) -> None:
        assert one('CONFIG_A="x" y\n').value == "x"
        assert messages('CONFIG_A="x" y\n') == [(1, WarnedOf.AFTER_STRING, "A")]

    def test_blanks_after_a_tristate_are_a_warning(self) -> None:
        assert messages("CONFIG_A=y \n") == [(1, WarnedOf.BLANKS, "A")]

    def test_blanks_around_the_equals_sign_are_a_warning(self) -> None:
        assert messages("CONFIG_A = y\n") == [(1, WarnedOf.AROUND_EQUALS, "CONFIG_A = y")]
        assert messages("CONFIG_A\t=y\n") == [(1, WarnedOf.AROUND_EQUALS, "CONFIG_A\t=y")]
        assert messages("CONFIG_A= y\nCONFIG_B=\t1\n") == [
            (1, WarnedOf.AROUND_EQUALS, "CONFIG_A= y"),
            (2, WarnedOf.AROUND_EQUALS, "CONFIG_B=\t1"),
        ]

    def test_the_last_assignment_decides_and_all_are_kept(self) -> None:
        config = parse_config("CONFIG_A=y\nCONFIG_B=m\n# CONFIG_A is not set\n", "f")
        assert {symbol: a.value for symbol, a in config.values().items()} == {"A": "n", "B": "m"}
        assert {symbol: [a.line for a in lines] for symbol, lines in config.duplicates().items()} == {"A": [1, 3]}

    def test_text_that_is_not_utf8_is_latin1_with_a_warning(self) -> None:
        data = b'CONFIG_A="x"\nCONFIG_B="gr\xfcn"\n'
        assert parse_config(data, "f").assignments[1].value == "gr\u00fcn"
        assert messages(data) == [(2, WarnedOf.NOT_UTF8, "")]
        assert parse_config('CONFIG_B="gr\u00fcn"\n'.encode(), "f").assignments[0].value == "gr\u00fcn"


class TestHeader:
    def test_version_and_architecture_come_from_the_header(self) -> None:
        config = parse_config(COMPLETE, "f")
        assert config.header_version == KernelVersion(6, 12, 8)
        assert (config.header_arch, config.is_complete, config.arch()) == ("x86", True, "x86_64")

    def test_a_fragment_has_neither(self) -> None:
        config = parse_config("CONFIG_XEN=y\n", "f")
        assert (config.header_version, config.header_arch, config.is_complete, config.arch()) == (
            None,
            None,
            False,
            None,
        )

    @pytest.mark.parametrize(
        ("text", "arch"),
        [
            ("# x86_64\nCONFIG_A=y\n", "x86_64"),
            ("# arm64\r\nCONFIG_A=y\r\n", "arm64"),
            ("# riscv\nCONFIG_A=y\n", "riscv"),
            ("# fragment\nCONFIG_A=y\n", None),
            ("CONFIG_A=y\n# x86_64\n", None),
            ("# x86_64 only\nCONFIG_A=y\n", None),
        ],
    )
    def test_a_first_line_that_is_an_architecture_names_it(self, text: str, arch: str | None) -> None:
        assert parse_config(text, "c").arch() == arch

    def test_a_compiler_line_makes_it_complete_without_a_header(self) -> None:
        assert parse_config('CONFIG_CC_VERSION_TEXT="gcc"\n', "f").is_complete

    @pytest.mark.parametrize(
        ("header", "lines", "arch"),
        [
            ("", "CONFIG_X86_64=y\n", "x86_64"),
            ("", "CONFIG_X86_32=y\n", "i386"),
            ("", "CONFIG_ARM64=y\n", "arm64"),
            ("", "CONFIG_ARM=y\n", "arm"),
            ("", "# CONFIG_ARM is not set\n", None),
            ("", "CONFIG_64BIT=y\n", None),
            ("", "CONFIG_X86=y\n# CONFIG_64BIT is not set\n", "i386"),
            ("x86", "# CONFIG_64BIT is not set\n", "i386"),
            ("x86", "CONFIG_64BIT=y\n", "x86_64"),
            ("x86", "CONFIG_XEN=y\n", "x86_64"),
            ("x86", "CONFIG_X86_32=y\n", "i386"),
            ("x86_64", "CONFIG_XEN=y\n", "x86_64"),
            ("i386", "CONFIG_XEN=y\n", "i386"),
            ("arm64", "CONFIG_XEN=y\n", "arm64"),
            ("riscv", "CONFIG_64BIT=y\n", "riscv"),
            ("um", "CONFIG_X86_64=y\n", "um"),
        ],
    )
    def test_the_architecture_is_guessed(self, header: str, lines: str, arch: str | None) -> None:
        text = f"# Linux/{header} 6.1.0-13 Kernel Configuration\n" if header else ""
        assert parse_config(text + lines, "f").arch() == arch


class TestCutOff:
    @pytest.mark.parametrize(
        "last",
        [
            "C",
            "CONFI",
            "CONFIG_",
            "CONFIG_XEN",
            "CONFIG_XEN=",
            'CONFIG_A="',
            'CONFIG_A="x\\"',
            "# CONFIG_XEN",
            "# CONFIG_X is no",
        ],
    )
    def test_a_last_line_that_is_cut_is_an_error_at_its_line(self, last: str) -> None:
        with pytest.raises(UserError, match="truncated") as caught:
            parse_config(f"CONFIG_A=y\n{last}", "f")
        assert caught.value.where == "f:2"

    @pytest.mark.parametrize("last", ["CONFIG_B=y", 'CONFIG_B="x"', "# CONFIG_B is not set"])
    def test_a_whole_last_line_needs_no_newline(self, last: str) -> None:
        assert parse_config(f"CONFIG_A=y\n{last}", "f").assignments[1].symbol == "B"

    @pytest.mark.parametrize("last", ["", "# end", "#", "# CONFIG_A=y", "# CONFIG_A was y"])
    def test_a_last_comment_is_no_cut(self, last: str) -> None:
        assert len(parse_config(f"CONFIG_A=y\n{last}", "f").assignments) == 1


class TestReading:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress, zstandard.compress])
    def test_the_content_tells_the_compression_not_the_name(
        self, tmp_path: Path, pack: Callable[[bytes], bytes]
    ) -> None:
        path = tmp_path / "config"
        path.write_bytes(pack(COMPLETE))
        assert read_config(path).values()["XEN"].value == "y"
        assert read_config("-", stdin=io.BytesIO(pack(COMPLETE))).name == "stdin"

    def test_a_folder_is_merged_in_the_order_of_names(self, tmp_path: Path) -> None:
        for name, text in {
            "20.cfg": "CONFIG_A=m\n",
            "10.config": "CONFIG_A=y\n# note\nCONFIG_B=y\n",
            "30.frag": "",
            "README": "CONFIG_C=y\n",
            "x_defconfig": "CONFIG_C=y\n",
            "40.cfg~": "CONFIG_C=y\n",
            ".50.cfg": "CONFIG_C=y\n",
        }.items():
            (tmp_path / name).write_text(text)
        (tmp_path / "sub.config").mkdir()
        config = read_config(str(tmp_path))
        assert [os.path.basename(path) for path in fragments(str(tmp_path))] == ["10.config", "20.cfg", "30.frag"]
        assert [(a.symbol, a.value, os.path.basename(a.path), a.line) for a in config.assignments] == [
            ("A", "y", "10.config", 1),
            ("B", "y", "10.config", 3),
            ("A", "m", "20.cfg", 1),
        ]
        assert config.values()["A"].value == "m"

    def test_a_build_folder_is_its_dot_config(self, tmp_path: Path) -> None:
        (tmp_path / ".config").write_bytes(COMPLETE)
        (tmp_path / "xen.config").write_text("CONFIG_XEN=n\n")
        config = read_config(tmp_path)
        assert (config.name, config.values()["XEN"].value) == (str(tmp_path / ".config"), "y")

    def test_a_list_is_merged_in_its_order(self, tmp_path: Path) -> None:
        (tmp_path / "b").write_bytes(COMPLETE)
        (tmp_path / "a").write_text("CONFIG_XEN_PV=y\nnonsense\n")
        config = read_config([tmp_path / "b", str(tmp_path / "a")])
        assert config.values()["XEN_PV"] == Assignment("XEN_PV", "y", 1, str(tmp_path / "a"))
        assert (config.is_complete, config.arch(), len(config.warnings)) == (True, "x86_64", 1)
        assert config.header_version == KernelVersion(6, 12, 8)
        assert config.name == f"{tmp_path}/b + {tmp_path}/a"

    def test_a_kernel_before_6_8_reads_an_inexact_unset_line(self, tmp_path: Path) -> None:
        (tmp_path / "c").write_text("# CONFIG_A is not set (yet)\n")
        assert read_config(tmp_path / "c", kernel=LINUX_6_1).values()["A"].value == "n"

    def test_a_pipe_is_read(self, tmp_path: Path) -> None:
        reader, writer = os.pipe()
        os.write(writer, COMPLETE)
        os.close(writer)
        assert read_config(f"/dev/fd/{reader}").is_complete
        os.close(reader)


class TestBadInput:
    def refusal(self, spec: str | Path | list[str | Path]) -> UserError:
        with pytest.raises(UserError) as caught:
            read_config(spec)
        assert "\n" not in str(caught.value)
        return caught.value

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "no CONFIG_ line in it"),
            (b"# only a comment\n", "no CONFIG_ line in it"),
            (b"hello world\n", "no CONFIG_ line in it"),
            (b"CONFIG_A=y\n" * 2000 + b"\0\n", "binary data"),
            (b"CONFIG_A=y\n\0", "binary data"),
            (bytes(range(256)), "binary data"),
            ("CONFIG_A=y\n".encode("utf-16"), "UTF-16"),
            (b"int main;\n" * 2000, "more than 1000 lines are no configuration"),
            (b"\n" * 300_000, "more than 250000 lines"),
            (b"CONFIG_A=y\n" * (100 << 20 >> 3), "larger than 16 MB"),
        ],
    )
    def test_a_file_that_is_no_configuration_is_one_line(self, tmp_path: Path, data: bytes, message: str) -> None:
        (tmp_path / "c").write_bytes(data)
        error = self.refusal(tmp_path / "c")
        assert message in error.message
        assert error.where.startswith(str(tmp_path / "c"))

    def test_what_is_not_there_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(COMPLETE)
        (tmp_path / "folder").mkdir()
        assert self.refusal(tmp_path / "none").message == "no such file or directory"
        assert self.refusal(tmp_path / "file/x").message == "not a directory"
        assert "no configuration in this folder" in self.refusal(tmp_path / "folder").message
        for spec in ("", "a\0b"):
            self.refusal(spec)
        self.refusal([])
        assert self.refusal([tmp_path / "file", tmp_path / "none"]).where == str(tmp_path / "none")

    def test_a_file_without_permission_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def deny(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        (tmp_path / "c").write_bytes(COMPLETE)
        monkeypatch.setattr("builtins.open", deny)
        assert str(self.refusal(tmp_path / "c")) == f"{tmp_path}/c: permission denied"


class TestWriting:
    @pytest.mark.parametrize(
        ("value", "quoted", "line"),
        [
            ("y", False, "CONFIG_A=y"),
            ("m", False, "CONFIG_A=m"),
            ("n", False, "# CONFIG_A is not set"),
            ("-5", False, "CONFIG_A=-5"),
            ("0x1F", False, "CONFIG_A=0x1F"),
            ('a"b\\c', True, 'CONFIG_A="a\\"b\\\\c"'),
            ("", True, 'CONFIG_A=""'),
            ("n", True, 'CONFIG_A="n"'),
        ],
    )
    def test_a_value_is_written_as_the_kernel_writes_it(self, value: str, quoted: bool, line: str) -> None:
        assert format_line("A", value, quoted=quoted) == line

    def test_a_line_break_cannot_be_written(self) -> None:
        with pytest.raises(UserError):
            format_line("A", "a\nb", quoted=True)

    def test_a_configuration_is_written_as_it_was_read(self) -> None:
        body = COMPLETE.decode().split("\n", 4)[4]
        written = [format_line(one.symbol, one.value, quoted=one.quoted) for one in parse_config(body, "f").assignments]
        assert written == body.splitlines()


NAMES = st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True)
STRINGS = st.text(st.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), max_size=30)
PLAIN = st.sampled_from(["y", "m", "n", "0", "-12", "0x1f", "4096"])
VALUES = st.one_of(st.tuples(NAMES, STRINGS, st.just(True)), st.tuples(NAMES, PLAIN, st.just(False)))


@given(st.lists(VALUES, max_size=20))
@example([("A", 'x\\"\r', True)])
def test_what_is_written_is_read_back(values: list[tuple[str, str, bool]]) -> None:
    lines = [Assignment(name, value, at, "f", quoted) for at, (name, value, quoted) in enumerate(values, 1)]
    config = parse_config("".join(f"{format_line(*one[:2], quoted=one[2])}\n" for one in values).encode(), "f")
    assert config.assignments == tuple(lines)
    assert config.warnings == ()


PIECES = st.sampled_from(
    [b"CONFIG_", b"# ", b" is not set", b'"', b"\\", b"=", b"A", b"y", b"\r", b"\n", b"\xff", b"\0"]
)


@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join)))
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes) -> None:
    for stdin in (None, io.BytesIO(data)):
        try:
            config = parse_config(data, "f") if stdin is None else read_config("-", stdin=stdin)
        except UserError as error:
            assert "\n" not in str(error)
        else:
            lines = [a.line for a in config.assignments] + [w.line for w in config.warnings]
            assert all(1 <= line <= data.count(b"\n") + 1 for line in lines)


@given(st.text(st.sampled_from('CONFIG_ABy=mn"\\ #\n\r'), max_size=200))
def test_every_line_that_the_kernel_reads_is_an_assignment(text: str) -> None:
    """Against a line-by-line transcription of conf_read_simple (6.12), without its knowledge of symbols."""
    text += "\n"
    expected = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.startswith("# CONFIG_") and line[9:].partition(" ")[2] == "is not set":
            expected.append((number, line[9:].partition(" ")[0]))
        elif line.startswith("CONFIG_") and "=" in line:
            symbol, _, value = line[7:].partition("=")
            if not (value.startswith('"') and open_string(value)):
                expected.append((number, symbol))
    expected = [(number, name) for number, name in expected if name and not set(name) & set('"\\ #\r=')]
    assert [(a.line, a.symbol) for a in parse_config(text, "f").assignments] == expected


def open_string(value: str) -> bool:
    at = 1
    while at < len(value):
        if value[at] == '"':
            return False
        at += 2 if value[at] == "\\" else 1
    return True


def test_ten_thousand_lines_take_milliseconds() -> None:
    text = COMPLETE * 1000
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        assert len(parse_config(text, "f").assignments) == 8000
        best = min(best, time.process_time() - start)
    assert best < 0.1  # 0.006 on an idle core


class TestRunningConfig:
    def test_the_first_place_that_can_be_read_is_taken(self, tmp_path: Path) -> None:
        wanted = [
            "proc/config.gz",
            "boot/config-6.12",
            "lib/modules/6.12/config",
            "lib/modules/6.12/build/.config",
            "usr/lib/kernel/config-6.12",
            "lib/modules/6.12/kernel/kernel/configs.ko.xz",
        ]
        for place in reversed(wanted):
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place).write_bytes(COMPLETE)
            assert find_running_config(tmp_path, "6.12") == tmp_path / place

    def test_nothing_found_lists_what_was_tried(self, tmp_path: Path) -> None:
        with pytest.raises(UserError) as caught:
            find_running_config(tmp_path, "6.12")
        for place in (
            "proc/config.gz",
            "boot/config-6.12",
            "lib/modules/6.12/config",
            "lib/modules/6.12/build/.config",
        ):
            assert str(tmp_path / place) in str(caught.value)

    def test_an_unreadable_place_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "boot").mkdir()
        (tmp_path / "boot/config-6.12").write_bytes(COMPLETE)
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(UserError, match=r"config-6\.12 \(not readable\)"):
            find_running_config(tmp_path, "6.12")
