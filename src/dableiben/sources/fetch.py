# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Load public data sets; the only module that uses the network.

One file at a time, with a name in the request, a pause between requests, and a cache that asks the server whether
anything is newer. Half-loaded and altered files never reach the region.
"""

from __future__ import annotations

import hashlib
import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException, HTTPResponse
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.error import HTTPError, URLError

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dableiben import __version__
from dableiben.core.errors import InputError
from dableiben.sources.base import Role

USER_AGENT = f"dableiben/{__version__} (open source software for municipalities)"
TIMEOUT_S = 60.0
PAUSE_S = 0.5
BLOCK = 1 << 18
OFFLINE = "Ohne Internet die Datei von Hand laden und mit „dableiben add“ hinzufügen."


class Dataset(BaseModel):
    """One card of datasets.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    role: Role
    kind: str
    """what its reader calls it in the report; a region that has such a source needs no other"""
    title: str
    publisher: str
    licence: str
    attribution: str
    urls: tuple[str, ...] = Field(min_length=1)
    md5_beside: bool = False
    per_land: Mapping[str, str] = {}
    """Land -> word in the address; empty = one file for all Germany"""
    member: str | None = None
    """the file inside the archive that is wanted"""
    certainty: Literal["read", "memory"]

    def addresses(self, land: str | None = None) -> tuple[str, ...]:
        """Addresses to try in turn, of one Land where the set is split by Land."""
        word = self.per_land[land] if self.per_land and land is not None else ""
        return tuple(url.format(land=word) for url in self.urls)


class Datasets(BaseModel):
    """The whole of datasets.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    margin_km: float = Field(ge=0)
    datasets: tuple[Dataset, ...]


@cache
def packaged_datasets() -> Datasets:
    """The data sets that come with the package."""
    text = files("dableiben.sources").joinpath("datasets.yaml").read_text(encoding="utf-8")
    return Datasets.model_validate(yaml.safe_load(text))


def _no_progress(_: str) -> None:
    """Says nothing."""


@dataclass
class Fetcher:
    """Loads files into a cache folder.

    base      replaces everything of an address but the file name (a mirror in the house, a test)
    """

    cache: Path
    base: str | None = None
    pause_s: float = field(default_factory=lambda: PAUSE_S)
    progress: Callable[[str], None] = field(default=_no_progress)
    _last_request: float = field(default=float("-inf"), init=False)

    def load(self, addresses: tuple[str, ...], *, md5_beside: bool = False) -> Path:
        """The file of the first address that has it, from the cache if nothing newer is there.

        Errors: InputError if there is no connection, no such file, or what came is not what was sent.
        """
        for number, address in enumerate(addresses, start=1):
            try:
                return self._load(address, md5_beside)
            except InputError as error:
                if number == len(addresses) or error.code != "fetch-gone":
                    raise
        raise ValueError("no address")

    def _load(self, address: str, md5_beside: bool) -> Path:
        name = address.rsplit("/", 1)[-1]
        url = f"{self.base.rstrip('/')}/{name}" if self.base else address
        target, notes = self.cache / name, self.cache / f"{name}.json"
        self.cache.mkdir(parents=True, exist_ok=True)
        known = _notes(target, notes, url)
        self.progress(f"{name} laden")
        wanted = self._md5(f"{url}.md5") if md5_beside else None
        if wanted is not None and known.get("md5") == wanted:
            return target
        headers = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
        part = self.cache / f".{name}.part"
        try:
            with self._request(url, {k: v for k, v in headers.items() if v}) as answer:
                if answer is None:
                    return target
                found = self._save(answer, part, name)
            if wanted is not None and found["md5"] != wanted:
                raise InputError(
                    "fetch-checksum", "Die Prüfsumme der geladenen Datei stimmt nicht.",
                    "Später noch einmal laden; vielleicht wurde sie gerade erneuert.", file=name,
                )  # fmt: skip
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        notes.write_text(json.dumps({"url": url, **found}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return target

    def _md5(self, url: str) -> str:
        with self._request(url, {}) as answer:
            text = answer.read(4096).decode("ascii", "replace").split() if answer is not None else []
        if not text or len(text[0]) != 32:
            raise InputError(
                "fetch-checksum", "Die Prüfsumme ist nicht lesbar.", "Später noch einmal laden.",
                file=url.rsplit("/", 1)[-1],
            )  # fmt: skip
        return text[0].lower()

    @contextmanager
    def _request(self, url: str, headers: Mapping[str, str]) -> Iterator[HTTPResponse | None]:
        """The answer; None if nothing changed since the last time."""
        name = url.rsplit("/", 1)[-1]
        if not url.startswith(("https://", "http://")):
            raise InputError("fetch-address", f"„{url}“ ist keine Adresse.", "http:// oder https:// angeben.")
        time.sleep(max(0.0, self._last_request + self.pause_s - time.monotonic()))
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, **headers})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                yield answer
        except HTTPError as error:
            error.close()
            if error.code == 304:
                yield None
                return
            gone = error.code in (404, 410)
            what = "gibt es dort nicht mehr" if gone else "wird nicht geliefert"
            raise InputError(
                "fetch-gone" if gone else "fetch-refused", f"Die Datei {what} (Antwort {error.code} von {url}).",
                OFFLINE, file=name,
            ) from error  # fmt: skip
        except (URLError, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", error)
            raise InputError(
                "fetch-no-connection", f"Keine Verbindung zu {url} ({reason}).", OFFLINE, file=name
            ) from error
        except HTTPException as error:
            raise _truncated(name) from error
        finally:
            self._last_request = time.monotonic()

    def _save(self, answer: HTTPResponse, part: Path, name: str) -> dict[str, Any]:
        size = int(answer.headers.get("Content-Length") or 0)
        md5, done, told = hashlib.md5(usedforsecurity=False), 0, 0
        with part.open("wb") as handle:
            while block := answer.read(BLOCK):
                handle.write(block)
                md5.update(block)
                done += len(block)
                if size and done * 20 // size > told:
                    told = done * 20 // size
                    self.progress(f"{name} laden, {told * 5} % von {size / 1e6:.0f} MB")
        if done == 0 or (size and done != size):
            raise _truncated(name)
        headers = answer.headers
        return {
            "etag": headers.get("ETag"),
            "last_modified": headers.get("Last-Modified"),
            "md5": md5.hexdigest(),
            "size": done,
        }


def _truncated(name: str) -> InputError:
    return InputError(
        "fetch-truncated", "Die Übertragung brach ab; die Datei ist unvollständig.", "Noch einmal laden.", file=name
    )


def _notes(target: Path, notes: Path, url: str) -> dict[str, Any]:
    """What is known about the copy in the cache; nothing if it is not what was once loaded."""
    try:
        known: dict[str, Any] = json.loads(notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    whole = target.is_file() and target.stat().st_size == known.get("size")
    return known if whole and known.get("url") == url else {}
