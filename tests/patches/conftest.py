"""The small upstream and its queue, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from tests.patches.upstream import Upstream, make, queue_of


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    return make(tmp_path_factory.mktemp("upstream") / "repo")


@pytest.fixture(scope="session")
def queue(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return queue_of(upstream, tmp_path_factory.mktemp("queue") / "patches")


@pytest.fixture(scope="session")
def index_file(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    update(str(upstream.path), path)
    return path


@pytest.fixture
def index(index_file: Path) -> Index:
    return Index.open(index_file)
