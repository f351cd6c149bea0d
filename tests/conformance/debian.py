"""Debian packages through a private apt: no root, nothing of the system's apt changes.

The mirror is the one that the system's apt uses; only the suites differ. Signatures are checked as always.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECURITY_SUITES = ("bullseye-security", "bookworm-security", "trixie-security")
SMALL_SUITES = ("trixie-backports", "experimental", "sid")
"""Where the newest kernels are."""
MORE_SUITES = ("bullseye", "bookworm", "bookworm-backports", "trixie", "testing")
"""Asked only when the suites above lack something: their indexes are large and seldom have a newer kernel."""

DEBIAN_RELEASES = frozenset(
    {"bullseye", "bookworm", "trixie", "forky", "duke", "sid"}
    | {"oldoldstable", "oldstable", "stable", "testing", "unstable", "experimental"}
)
SECOND_ARCH_SUITES = (*SECURITY_SUITES, "trixie-backports")
"""Suites whose arm64 index is fetched too: that is where the configurations are, and the index is small."""

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)

_INRELEASE = re.compile(r"'([^']+)/dists/([^']+)/(?:In)?Release'")
_SERIES_PACKAGE = re.compile(r"linux-source-(\d+)\.(\d+)")

APT_CONFIG = """\
#clear APT::Architectures;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; "arm64"; }};
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "{home}/state";
Dir::State::lists "{home}/lists";
Dir::State::status "{home}/status";
Dir::Cache "{home}/cache";
Dir::Etc::sourcelist "{home}/sources.list";
Dir::Etc::sourceparts "{home}/sources.list.d";
Dir::Etc::preferences "{home}/preferences";
Dir::Etc::preferencesparts "{home}/preferences.d";
"""


class FetchError(Exception):
    """Something cannot be had; the message is one line that says what and why."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where the system's apt gets Debian from: addresses that are followed by /dists/SUITE."""

    main: tuple[str, ...]
    security: tuple[str, ...]


def run(command: Sequence[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """What a command prints; raises FetchError with its last line of complaint."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
    except OSError as error:
        raise FetchError(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        raise FetchError(f"{Path(command[0]).name}: {complaint(done.stderr + done.stdout, done.returncode)}")
    return done.stdout


def complaint(output: str, status: int) -> str:
    """The most telling line of a failed command's output."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"E:|.*\b[Ee]rror\b", line)]
    return (telling or lines or [f"status {status}"])[-1]


def mirror_from(uris: str) -> Mirror:
    """Reads `apt-get update --print-uris`. Suites that are not Debian's own are left out.

    A machine without a security source gets it from its main mirror's sister folder, as Debian's mirrors have it.
    """
    main: dict[str, None] = {}
    security: dict[str, None] = {}
    for site, suite in _INRELEASE.findall(uris):
        release, _, pocket = suite.replace("/updates", "-security").partition("-")
        if release not in DEBIAN_RELEASES or site.startswith("cdrom:"):
            continue
        if pocket == "security":
            security[site] = None
        elif pocket in ("", "updates", "backports", "proposed-updates"):
            main[site] = None
    if not security:
        security = {f"{site.rstrip('/')}-security": None for site in main}
    return Mirror(tuple(main), tuple(security))


def system_mirror() -> Mirror:
    """The mirror that the system's apt is set to; raises FetchError when there is none."""
    mirror = mirror_from(run(["apt-get", "update", "--print-uris"]))
    if not mirror.main:
        raise FetchError("apt has no Debian source on this machine, so there is no mirror to take kernels from")
    return mirror


def sources_list(mirror: Mirror, suites: Sequence[str], keyring: str | None) -> str:
    """The private sources.list: package indexes only, of these suites."""
    lines = []
    for suite in suites:
        arch = "amd64,arm64" if suite in SECOND_ARCH_SUITES else "amd64"
        signed = f" signed-by={keyring}" if keyring else ""
        # An old suite's index may have run out; its signature still counts.
        options = f"arch={arch} target=Packages check-valid-until=no{signed}"
        sites = mirror.security if suite.endswith("-security") else mirror.main
        lines += [f"deb [{options}] {site} {suite} main" for site in sites]
    return "\n".join(lines) + "\n"


def sources_list_of_sources(mirror: Mirror, suites: Sequence[str], keyring: str | None) -> str:
    """The same for source packages: their indexes only."""
    signed = f" signed-by={keyring}" if keyring else ""
    lines = []
    for suite in suites:
        sites = mirror.security if suite.endswith("-security") else mirror.main
        lines += [f"deb-src [target=Sources check-valid-until=no{signed}] {site} {suite} main" for site in sites]
    return "\n".join(lines) + "\n"


class PrivateApt:
    """apt with its own sources, lists and state in a folder."""

    def __init__(self, home: Path, mirror: Mirror) -> None:
        """Writes the configuration; nothing is fetched yet."""
        self.home = home
        self.mirror = mirror
        self.suites: tuple[str, ...] = ()
        self._last_update = ""
        for folder in ("lists/partial", "cache/archives/partial", "state", "sources.list.d"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        (home / "status").touch()
        text = APT_CONFIG.format(home=home)
        if os.geteuid() == 0:
            # apt would drop to a user who cannot write here.
            text += 'APT::Sandbox::User "root";\n'
        (home / "apt.conf").write_text(text, encoding="utf-8")

    def command(self, tool: str, *arguments: str) -> list[str]:
        """The command line of apt-get or apt-cache with this configuration."""
        return [tool, "-c", str(self.home / "apt.conf"), "-q", *arguments]

    def update(self, suites: Sequence[str], *, sources: bool = False) -> None:
        """Reads the suites' indexes, those of source packages with `sources`.

        A suite that the mirror lacks is no error here: what it lacks shows later.
        """
        self.suites = tuple(suites)
        keyring = next((path for path in KEYRINGS if Path(path).exists()), None)
        listing = sources_list_of_sources if sources else sources_list
        (self.home / "sources.list").write_text(listing(self.mirror, suites, keyring), encoding="utf-8")
        try:
            run(self.command("apt-get", "update"))
            self._last_update = ""
        except FetchError as error:
            self._last_update = str(error)

    def why(self) -> str:
        """What the last update complained of, in brackets; empty when it did not."""
        return f" ({self._last_update})" if self._last_update else ""

    def series(self, major: int) -> list[str]:
        """The kernel series of that major version which have a linux-source package, newest first."""
        names = run(self.command("apt-cache", "pkgnames", f"linux-source-{major}.")).split()
        found = [match for name in names if (match := _SERIES_PACKAGE.fullmatch(name))]
        numbers = sorted(((int(m[1]), int(m[2])) for m in found), reverse=True)
        return [f"{a}.{b}" for a, b in numbers]

    def newest(self, package: str) -> str | None:
        """The newest version of a package, release candidates last; None when no suite has it."""
        lines = run(self.command("apt-cache", "madison", package)).splitlines()
        versions = [fields[1].strip() for line in lines if len(fields := line.split("|")) == 3]
        return next((v for v in versions if "~rc" not in v), versions[0] if versions else None)

    def download(self, package: str, folder: Path) -> tuple[Path, str]:
        """Downloads the newest version of PACKAGE or PACKAGE:ARCH; returns the file and the version.

        The index can be older than what the mirror still holds, so a failure is tried once more after an update.
        """
        try:
            version = self._download(package, folder)
        except FetchError:
            self.update(self.suites)
            version = self._download(package, folder)
        files = sorted(folder.glob(f"{package.partition(':')[0]}_*.deb"))
        if not files:
            raise FetchError(f"{package} {version}: apt-get download left no file")
        return files[-1], version

    def _download(self, package: str, folder: Path) -> str:
        version = self.newest(package)
        if version is None:
            raise FetchError(f"{package} is in none of {', '.join(self.suites)}{self.why()}")
        run(self.command("apt-get", "download", f"{package}={version}"), cwd=folder)
        return version

    def source_versions(self, package: str, series: str) -> list[str]:
        """The versions of a source package that belong to a series, such as 6.18; newest first."""
        lines = run(self.command("apt-cache", "madison", package)).splitlines()
        fields = [line.split("|") for line in lines if line.count("|") == 2]
        versions = {parts[1].strip() for parts in fields if parts[2].strip().endswith("Sources")}
        numbers = {version: re.findall(r"\d+", version) for version in versions if "~rc" not in version}
        found = [one for one, parts in numbers.items() if ".".join(parts[:2]) == series]
        return sorted(found, key=lambda one: [int(part) for part in numbers[one]], reverse=True)

    def upstream_tarball(self, package: str, series: str, folder: Path) -> tuple[Path, str]:
        """Downloads the upstream tarball of the newest source package of a series; returns it and the version.

        A mirror holds fewer versions than its index names: the newest that can be had is taken.
        """
        failed = ""
        for version in self.source_versions(package, series):
            try:
                run(self.command("apt-get", "source", "--download-only", "--tar-only", f"{package}={version}"), folder)
            except FetchError as error:
                failed = str(error)
            tarballs = sorted(folder.glob(f"{package}_*.orig.tar.xz"))
            if tarballs:
                return tarballs[0], version
        raise FetchError(failed or f"no source package {package} {series} in {', '.join(self.suites)}{self.why()}")
