# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Small public files of two made-up neighbouring Länder, and a server on this machine that hands them out."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import geopandas as gpd
import osmium
import shapely
from osmium.osm.mutable import Node, Way

from dableiben.core.geo import CRS, to_degrees

X_M, Y_M = 4_400_000.0, 3_350_000.0
STEP_M, STEPS = 250, 33
"""streets every 250 m over 8 km"""
OWN, NEIGHBOUR = "13099001", "03999001"
VG250 = "vg250_01-01.utm32s.gpkg.ebenen.zip"
ZENSUS = "Zensus2022_Bevoelkerungszahl.zip"
OSM = {"13": "mecklenburg-vorpommern-latest.osm.pbf", "03": "niedersachsen-latest.osm.pbf"}
FAR_M = 100_000.0


def write_public_files(folder: Path) -> None:
    """Boundaries of two municipalities side by side and one far away, an extract for each Land, cells."""
    own = shapely.box(X_M + 2000, Y_M + 2000, X_M + 4000, Y_M + 6000)
    other = shapely.box(X_M + 4000, Y_M + 2000, X_M + 6000, Y_M + 6000)
    far = shapely.box(X_M + FAR_M, Y_M, X_M + FAR_M + 1000, Y_M + 1000)
    rows = {"AGS": [OWN, NEIGHBOUR, "09999001"], "GEN": ["Musterau", "Nebenau", "Fernau"]}
    gpkg = folder / "DE_VG250.gpkg"
    table = gpd.GeoDataFrame(rows, geometry=[own, other, far], crs=CRS)
    table.to_crs(25832).to_file(gpkg, layer="vg250_gem", engine="pyogrio")
    with zipfile.ZipFile(folder / VG250, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(gpkg, "vg250_01-01.utm32s.gpkg.ebenen/vg250_ebenen_0101/DE_VG250.gpkg")
    gpkg.unlink()
    # Each Land's extract reaches over the middle, as extracts that keep ways whole do.
    half = STEPS // 2
    write_extract(folder / OSM["13"], range(half + 2), "2026-01-02T00:00:00Z")
    write_extract(folder / OSM["03"], range(half - 1, STEPS), "2026-01-01T00:00:00Z")
    for name in OSM.values():
        digest = hashlib.md5((folder / name).read_bytes(), usedforsecurity=False).hexdigest()
        (folder / f"{name}.md5").write_text(f"{digest}  {name}\n", encoding="ascii")
    write_grid(folder / ZENSUS)


def write_extract(path: Path, columns: range, stamp: str) -> None:
    """A net of streets in some columns, a Kita in each corner of it, and one node far away."""
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", stamp)
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for column in columns:
            for row in range(STEPS):
                corner = column in (columns[0], columns[-1]) and row in (0, STEPS - 1)
                tags = {"amenity": "kindergarten", "name": f"Kita {column}/{row}"} if corner else {}
                writer.add_node(Node(id=_node(column, row), version=1, location=_place(column, row), tags=tags))
        writer.add_node(Node(id=9_000_000 + columns[0], version=1, location=_place(400, 0), tags={"shop": "bakery"}))
        for column in columns:
            nodes = [_node(column, row) for row in range(STEPS)]
            writer.add_way(Way(id=1 + column, version=1, nodes=nodes, tags={"highway": "residential"}))
        for row in range(STEPS):
            nodes = [_node(column, row) for column in columns]
            tags = {"highway": "residential"}
            writer.add_way(Way(id=1000 + row + 100 * (columns[0] > 0), version=1, nodes=nodes, tags=tags))


def _node(column: int, row: int) -> int:
    return 1 + column * STEPS + row


def _place(column: int, row: int) -> tuple[float, float]:
    lon, lat = to_degrees(X_M + column * STEP_M, Y_M + row * STEP_M)  # type: ignore[arg-type]
    return float(lon), float(lat)


def write_grid(path: Path) -> None:
    """Cells of 100 m with 7 persons each on a diagonal of the net, and one far away."""
    lines = ["GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner"]
    spots = [(X_M + 2000 + 200 * i, Y_M + 2000 + 200 * i) for i in range(10)]
    for west, south in [*spots, (X_M + FAR_M, Y_M)]:
        lines.append(f"CRS3035RES100mN{south:.0f}E{west:.0f};{west + 50:.0f};{south + 50:.0f};7")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for size in ("10km", "1km", "100m"):
            archive.writestr(f"Zensus2022_Bevoelkerungszahl_{size}-Gitter.csv", "\r\n".join(lines) + "\r\n")


@dataclass
class Server:
    """What a test may change about the server, and what it was asked."""

    folder: Path
    url: str = ""
    status: dict[str, int] = field(default_factory=dict)
    """answers with this code for a file"""
    cut: set[str] = field(default_factory=set)
    """files of which only the first half is sent"""
    sent: Counter[str] = field(default_factory=Counter)
    """files sent whole or in part"""
    agents: set[str] = field(default_factory=set)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Hand out the files of a folder on 127.0.0.1 while the block runs."""
    state = Server(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, state)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(request: BaseHTTPRequestHandler, state: Server) -> None:
    name = request.path.rsplit("/", 1)[-1]
    path = state.folder / name
    state.agents.add(request.headers.get("User-Agent", ""))
    code = state.status.get(name) or (200 if path.is_file() else 404)
    content = path.read_bytes() if code == 200 else b"gone"
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    if code == 200 and request.headers.get("If-None-Match") == tag:
        request.send_response(304)
        request.end_headers()
        return
    request.send_response(code)
    request.send_header("Content-Length", str(len(content)))
    request.send_header("ETag", tag)
    request.end_headers()
    state.sent[name] += code == 200
    request.wfile.write(content[: len(content) // 2] if name in state.cut else content)
