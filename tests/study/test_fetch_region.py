# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Public sources reach a region like files of a person: whole, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from dableiben.sources import fetch as network
from dableiben.store.config import config_from, read_config
from dableiben.study.fetch import fetch
from dableiben.study.init import init_region
from dableiben.study.load import load
from support.public_files import OSM, OWN, VG250, ZENSUS, Server, served, write_public_files
from support.two_lists import write_register, write_residents


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    write_public_files(folder)
    return folder


@pytest.fixture
def server(public: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(network, "PAUSE_S", 0.0)
    with served(public) as running:
        yield running


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A region of two lists, without any map."""
    root = tmp_path / "musterau"
    files = [write_residents(tmp_path / "einwohner.csv"), write_register(tmp_path / "einrichtungen.csv")]
    config = config_from(name="Musterau", land=None, ags=(OWN,))
    init_region(root, config, [("population", files[0]), ("register", files[1])])
    return root


def content(root: Path) -> dict[str, bytes]:
    paths = [p for p in sorted(root.rglob("*")) if p.is_file() and "cache" not in p.parts and p.suffix != ".lock"]
    return {str(p.relative_to(root)): p.read_bytes() for p in paths}


def test_a_region_of_lists_gets_boundaries_streets_and_cells(server: Server, lists: Path) -> None:
    done = fetch(lists, base=server.url)
    assert [dataset.id for dataset in done.datasets] == ["vg250", "osm", "zensus2022"]
    # Both Länder that the surroundings touch were asked for; no other.
    assert set(server.sent) == {VG250, ZENSUS, *OSM.values(), *(f"{name}.md5" for name in OSM.values())}
    region = load(lists).region
    assert region.network is not None
    assert region.cells["persons"].sum() == 70
    assert set(
        region.areas.loc[region.areas["inside"].astype(bool) & (region.areas["level"] == "municipality"), "name"]
    ) == {"Musterau"}
    files = [entry.file for entry in read_config(lists).inputs]
    assert files[2:] == [
        f"inputs/{VG250}",
        "inputs/openstreetmap.osm.pbf",
        "inputs/Zensus2022_Bevoelkerungszahl_100m-Gitter.csv",
    ]
    server.sent.clear()
    again = fetch(lists, base=server.url)
    assert again.datasets == () and not server.sent


def test_a_new_region_is_made_from_public_sources_alone(server: Server, tmp_path: Path) -> None:
    root = tmp_path / "neu"
    fetch(root, config=config_from(name="Musterkreis", land=None, ags=("13099",)), base=server.url)
    config = read_config(root)
    assert (config.name, config.land, len(config.inputs)) == ("Musterkreis", "MV", 3)
    assert load(root).region.year == 2022


def test_a_missing_file_leaves_the_region_as_it_was(server: Server, lists: Path) -> None:
    before = content(lists)
    for name in (VG250, OSM["03"], ZENSUS):
        server.status = {name: 404}
        with pytest.raises(InputError) as refused:
            fetch(lists, base=server.url)
        assert refused.value.code == "fetch-gone"
        assert content(lists) == before


def test_what_was_loaded_before_a_failure_is_not_loaded_twice(server: Server, lists: Path) -> None:
    server.status = {ZENSUS: 503}
    with pytest.raises(InputError):
        fetch(lists, base=server.url)
    server.status = {}
    fetch(lists, base=server.url)
    assert server.sent[VG250] == server.sent[OSM["13"]] == 1


def test_a_failure_makes_no_new_region(server: Server, tmp_path: Path) -> None:
    server.cut = {ZENSUS}
    with pytest.raises(InputError) as refused:
        fetch(tmp_path / "neu", config=config_from(name="x", land=None, ags=("13099",)), base=server.url)
    assert refused.value.code == "fetch-truncated"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ags", "code"), [((), "no-keys"), (("05999",), "ags-not-found")])
def test_without_a_key_of_a_municipality_nothing_is_made(
    server: Server, tmp_path: Path, ags: tuple[str, ...], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        fetch(tmp_path / "neu", config=config_from(name="x", land=None, ags=ags), base=server.url)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []
