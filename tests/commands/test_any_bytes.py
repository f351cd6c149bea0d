"""Whatever the bytes are, a command ends with a status and without a traceback."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.commands.run import Ran, run_quickly

PIECES = st.sampled_from(
    [
        b"CONFIG_XEN=y\n",
        b"CONFIG_XEN_PVH=",
        b"# CONFIG_XEN is not set\n",
        b"# Linux/x86 6.12.0 Kernel Configuration\n",
        b"# Linux/x86 99999.99999 Kernel Configuration\n",
        b"# Linux/\xc3\xa9 6.1 Kernel Configuration\n",
        b'CONFIG_CC_VERSION_TEXT="gcc"\n',
        b"CONFIG_GCC_VERSION=\n",
        b"CONFIG_LOG_BUF_SHIFT=-99999999999999999999\n",
        b"CONFIG_PHYSICAL_START=0xzz\n",
        b'CONFIG_LOCALVERSION="\\',
        b"CONFIG_ARM64=y\n",
        b"\r\n",
        b"\0",
        b"\x1f\x8b",
    ]
)
BYTES = st.binary(max_size=200)
CONFIGS = st.lists(PIECES | BYTES, max_size=8).map(b"".join)

WORDS = st.sampled_from(
    [
        "schema = 1\n",
        'name = "mine"\n',
        'title = "t"\n',
        'kind = "policy"\n',
        'about = "a"\n',
        'extends = ["no-pv"]\n',
        'extends = ["./mine.toml"]\n',
        "[[rule]]\n",
        "[[essential]]\n",
        'symbol = "XEN"\n',
        'symbol = "CONFIG_XEN"\n',
        "symbol = 3\n",
        'level = "required"\n',
        'value = ["y", "m"]\n',
        "value = []\n",
        'any-of = [{symbol = "XEN_PV"}, {all = [{symbol = "PVH"}]}]\n',
        'kernel = ">=5.10"\n',
        'kernel = "?"\n',
        'arch = ["x86_64"]\n',
        'why = "w"\n',
        'source = "s"\n',
        "x = 1979-05-27\n",
        "[[",
    ]
)
TOML = st.lists(WORDS | st.text(max_size=10), max_size=14).map("".join)


def ended(ran: Ran) -> None:
    assert ran.status in (0, 1, 2, 3)
    if ran.status == 2 and not ran.out:
        assert ran.err.startswith("kcfg: ")
        assert ran.err.count("\n") == 1


def in_file(name: str, data: bytes) -> str:
    path = os.path.join(tempfile.mkdtemp(dir=FOLDER.name), name)
    Path(path).write_bytes(data)
    return path


FOLDER = tempfile.TemporaryDirectory()


@settings(max_examples=60, deadline=None)
@given(CONFIGS)
def test_any_bytes_as_configuration(data: bytes) -> None:
    ended(run_quickly("modes", "-", "--kernel", "6.1", stdin=data))


@settings(max_examples=25, deadline=None)
@given(CONFIGS)
def test_any_bytes_as_configuration_to_resolve(data: bytes) -> None:
    ended(run_quickly("resolve", "-", stdin=data))


@settings(max_examples=40, deadline=None)
@given(TOML.map(lambda text: text.encode("utf-8", "surrogatepass")) | BYTES)
def test_any_bytes_as_profile(data: bytes) -> None:
    ended(run_quickly("profiles", in_file("mine.toml", data)))


@settings(max_examples=25, deadline=None)
@given(TOML.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_profile_that_is_read_can_be_checked(data: bytes) -> None:
    name = in_file("mine.toml", data)
    if run_quickly("profiles", name).status == 0:
        ended(run_quickly("check", "-", "-p", name, stdin=b"CONFIG_XEN=y\n"))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["[[waiver]]\n", 'symbol = "XEN"\n', "reason = 1\n", "expires = 2027-01-01\n"])).map(
        "".join
    )
)
def test_any_file_of_waivers(text: str) -> None:
    name = in_file("waivers.toml", text.encode())
    ended(run_quickly("check", "-", "-p", "no-pv", "--waivers", name, stdin=b"CONFIG_XEN=y\n"))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=20))
def test_any_text_as_symbol(text: str) -> None:
    ended(run_quickly("show", "--kernel", "6.12", "--", text))
