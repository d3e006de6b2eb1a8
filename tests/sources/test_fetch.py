# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Loading public files: politely, once, whole or not at all. The server is on this machine."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY
from dableiben.sources.fetch import Fetcher, packaged_datasets
from support.public_files import Server, served

NAME = "grenzen.zip"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / NAME).write_bytes(b"x" * 400_000)
    with served(folder) as running:
        yield running


def fetcher(server: Server, tmp_path: Path) -> Fetcher:
    return Fetcher(tmp_path / "cache", pause_s=0.0)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_file_comes_whole_and_says_who_asks(server: Server, tmp_path: Path) -> None:
    path = fetcher(server, tmp_path).load((f"{server.url}/a/b/{NAME}",))
    assert path.read_bytes() == (server.folder / NAME).read_bytes()
    assert [agent.split("/")[0] for agent in server.agents] == ["dableiben"]
    assert files(tmp_path / "cache") == {NAME, f"{NAME}.json"}


def test_what_is_known_is_not_sent_again_and_what_is_newer_is(server: Server, tmp_path: Path) -> None:
    load = fetcher(server, tmp_path).load
    for _ in range(3):
        load((f"{server.url}/{NAME}",))
    assert server.sent[NAME] == 1
    (server.folder / NAME).write_bytes(b"newer")
    assert load((f"{server.url}/{NAME}",)).read_bytes() == b"newer"
    assert server.sent[NAME] == 2


def test_a_cache_that_was_deleted_or_cut_is_filled_again(server: Server, tmp_path: Path) -> None:
    load = fetcher(server, tmp_path).load
    path = load((f"{server.url}/{NAME}",))
    path.write_bytes(b"half")
    assert load((f"{server.url}/{NAME}",)).stat().st_size == 400_000
    path.unlink()
    assert load((f"{server.url}/{NAME}",)).stat().st_size == 400_000
    assert server.sent[NAME] == 3


def test_the_base_replaces_all_but_the_name(server: Server, tmp_path: Path) -> None:
    mirror = Fetcher(tmp_path / "cache", base=f"{server.url}/", pause_s=0.0)
    assert mirror.load((f"https://example.org/a/{NAME}",)).name == NAME
    assert server.sent[NAME] == 1


def test_the_next_address_is_tried_where_one_is_gone(server: Server, tmp_path: Path) -> None:
    path = fetcher(server, tmp_path).load((f"{server.url}/weg.zip", f"{server.url}/{NAME}"))
    assert path.name == NAME


def test_the_sum_beside_a_file_is_compared(server: Server, tmp_path: Path) -> None:
    right = hashlib.md5((server.folder / NAME).read_bytes(), usedforsecurity=False).hexdigest()
    (server.folder / f"{NAME}.md5").write_text(f"{right}  {NAME}\n", encoding="ascii")
    load = fetcher(server, tmp_path).load
    for _ in range(2):
        load((f"{server.url}/{NAME}",), md5_beside=True)
    assert server.sent[NAME] == 1


@pytest.mark.parametrize("text", ["0" * 32, "<html>", ""])
def test_a_wrong_sum_is_refused(server: Server, tmp_path: Path, text: str) -> None:
    (server.folder / f"{NAME}.md5").write_text(text, encoding="ascii")
    with pytest.raises(InputError) as refused:
        fetcher(server, tmp_path).load((f"{server.url}/{NAME}",), md5_beside=True)
    assert refused.value.code == "fetch-checksum"
    assert files(tmp_path / "cache") == set()


@pytest.mark.parametrize(("status", "code"), [(404, "fetch-gone"), (410, "fetch-gone"), (503, "fetch-refused")])
def test_an_answer_that_is_no_file_is_refused(server: Server, tmp_path: Path, status: int, code: str) -> None:
    server.status[NAME] = status
    with pytest.raises(InputError) as refused:
        fetcher(server, tmp_path).load((f"{server.url}/{NAME}",))
    assert refused.value.code == code
    assert "dableiben add" in refused.value.repair
    assert files(tmp_path / "cache") == set()


def test_half_a_file_is_refused_and_the_older_copy_stays(server: Server, tmp_path: Path) -> None:
    load = fetcher(server, tmp_path).load
    path = load((f"{server.url}/{NAME}",))
    (server.folder / NAME).write_bytes(b"y" * 500_000)
    server.cut.add(NAME)
    with pytest.raises(InputError) as refused:
        load((f"{server.url}/{NAME}",))
    assert refused.value.code == "fetch-truncated"
    assert path.read_bytes() == b"x" * 400_000
    assert files(tmp_path / "cache") == {NAME, f"{NAME}.json"}


def test_an_empty_answer_is_refused(server: Server, tmp_path: Path) -> None:
    (server.folder / NAME).write_bytes(b"")
    with pytest.raises(InputError) as refused:
        fetcher(server, tmp_path).load((f"{server.url}/{NAME}",))
    assert refused.value.code == "fetch-truncated"


def test_without_connection_the_message_says_how_to_go_on(tmp_path: Path) -> None:
    with socket.socket() as reserved:  # bound but not listening: nobody answers there
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/{NAME}"
        with pytest.raises(InputError) as refused:
            Fetcher(tmp_path / "cache").load((url,))
    assert refused.value.code == "fetch-no-connection"
    assert "Ohne Internet" in refused.value.repair


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "grenzen.zip"])
def test_only_web_addresses_are_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError) as refused:
        Fetcher(tmp_path / "cache").load((url,))
    assert refused.value.code == "fetch-address"


def test_requests_keep_a_distance(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("dableiben.sources.fetch.time.monotonic", lambda: now[0])
    monkeypatch.setattr("dableiben.sources.fetch.time.sleep", sleep)
    slow = Fetcher(tmp_path / "cache", pause_s=7.0)
    for _ in range(3):
        slow.load((f"{server.url}/{NAME}",))
    assert slept == [0.0, 7.0, 7.0]


def test_the_cards_say_whose_the_data_are() -> None:
    cards = packaged_datasets()
    assert [card.kind for card in cards.datasets] == ["boundaries", "osm", "zensus_grid"]
    for card in cards.datasets:
        assert card.publisher and card.licence and card.attribution
        assert all(url.startswith("https://") for url in card.urls)
    (osm,) = (card for card in cards.datasets if card.id == "osm")
    assert set(osm.per_land) == set(LAND_BY_KEY.values())
    assert len({osm.addresses(land) for land in osm.per_land}) == 16
