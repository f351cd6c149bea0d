"""Facts of the rows of an index."""

from __future__ import annotations

import numpy as np

from patches.upstreams.rows import by_prefix, lines_row
from patches.upstreams.store import lines_crc


def test_a_checksum_belongs_to_its_document_and_its_keys() -> None:
    keys = np.array([1, 2, 3], np.uint32)
    ident, blob, crc = lines_row(7, keys)
    assert (ident, blob) == (7, keys.tobytes())
    assert crc == lines_crc(7, blob) != lines_crc(8, blob)
    assert crc != lines_crc(7, blob[:-1] + b"\1")
    assert lines_crc(7, None) == lines_crc(7, "text") == -1
    assert lines_crc(1 << 40, blob) >= 0


def test_a_name_is_found_by_its_beginning_alone() -> None:
    names = [bytes.fromhex("ab" * 20), bytes.fromhex("ac" * 20)]
    assert by_prefix(names, "ab" * 4) == names[0]
    assert by_prefix(names, "ad" * 4) is None
