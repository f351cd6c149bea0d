"""Debian's Chromium for the browser tests: finds it, and installs it where that is possible.

    python -m tests.browser.chromium

installs what is missing (root and apt), says so, and fails with the command to run where it may not. KCFG_OFFLINE=1
says loudly that the browser tests are left out, and fails nothing.
"""

from __future__ import annotations

import os
import shutil
import sys

from tests.conformance import debian
from tests.conformance.debian import FetchError

PROGRAMS = ("chromium", "/usr/bin/chromium")
PACKAGES = ("chromium", "fonts-dejavu-core")
"""A browser without a font shows empty boxes, and the widths that the tests measure would mean nothing."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""For root in a container, and so that the browser asks nothing of the network on its own account."""


def say(text: str) -> None:
    """One line of progress on standard error."""
    print(f"browser: {text}", file=sys.stderr, flush=True)


def offline() -> bool:
    """Whether nothing may be fetched."""
    return os.environ.get("KCFG_OFFLINE") == "1"


def find() -> str | None:
    """The browser's path; None when it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def install() -> None:
    """Installs the browser when it is missing. Raises FetchError with what to do when that is not possible."""
    if find():
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise FetchError(f"chromium is missing (as root: apt-get install {' '.join(PACKAGES)})")
    say(f"installing {' '.join(PACKAGES)}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "install", "-y", "--no-install-recommends", *PACKAGES]
    try:
        debian.run(command, env=env)
    except FetchError:
        debian.run(["apt-get", "-q", "update"])
        debian.run(command, env=env)
    if find() is None:
        raise FetchError(f"apt-get installed {' '.join(PACKAGES)}, but there is no chromium on PATH")


def main() -> int:
    """0 when the browser is there or nothing may be fetched, else 1."""
    if find() is None and offline():
        say("*** KCFG_OFFLINE=1: NOT TESTED, because chromium is missing: pages in a browser")
        return 0
    try:
        install()
    except FetchError as error:
        say(f"error: {error} (KCFG_OFFLINE=1 leaves the browser tests out)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
