"""Whole configurations of distributions: `distributions.toml` says where they come from, the tests' cache has them."""

from __future__ import annotations

import lzma
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.conformance import kernels


@dataclass(frozen=True, slots=True)
class Distribution:
    """One configuration; `source` is where it comes from."""

    name: str
    arch: str
    path: Path
    source: str

    @property
    def there(self) -> bool:
        return self.path.is_file()

    def text(self) -> str:
        data = self.path.read_bytes()
        data = lzma.decompress(data) if self.path.suffix == ".xz" else data
        return data.decode("utf-8", "surrogateescape")


def distributions() -> list[Distribution]:
    """All that are named, in the order of the list, in the cache or not."""
    listed = tomllib.loads(Path(__file__).with_name("distributions.toml").read_text(encoding="utf-8"))["config"]
    folder = kernels.cache_root() / "configs"
    out = []
    for entry in listed:
        arch = entry.get("arch", "x86_64")
        if "debian" in entry:
            series, flavour = entry["debian"]
            path, source = folder / series / f"config.{flavour}.xz", f"Debian's linux {series}"
        else:
            path = folder / "distributions" / f"{entry['name']}.config"
            source = f"{entry['repository']}@{entry['revision']}:{entry['path']}"
        out.append(Distribution(entry["name"], arch, path, source))
    return out
