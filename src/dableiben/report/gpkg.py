# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as a GeoPackage with QGIS styles: areas, gaps, ways and facilities.

pyogrio writes the layers; what depends on the clock is then set to one date, styles and metadata are added, and the
file is packed anew, so that equal results give equal bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import geopandas as gpd
import pandas as pd
import pyogrio

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang
from dableiben.core.geo import CRS
from dableiben.privacy.released import Released
from dableiben.report.labels import Labels
from dableiben.report.map_layers import Layer, LayerField, map_layers
from dableiben.report.qgis_style import DOCTYPE, QGIS_VERSION, qml

STAMP = "2000-01-01T00:00:00.000Z"
"""stands wherever the format asks for a time of writing"""
PANDAS_TYPES = {"text": "object", "real": "float64", "whole": "int64"}
STYLE_TABLE = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT, styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
QMD_STANDARD = "http://mrcc.com/qgis.dtd"
LANGUAGES: dict[Lang, str] = {"de": "GER", "en": "ENG"}


def write_gpkg(released: Released, catalogue: Catalogue, path: Path, *, lang: Lang = "de") -> None:
    """Write the layers gebiete, luecken, wege (where ways were computed) and einrichtungen in EPSG:3035.

    released   the only thing that may leave the house (privacy.gate.release)
    Errors: TypeError for anything else than Released.
    """
    if not isinstance(released, Released):
        raise TypeError("write_gpkg takes privacy.Released only")
    labels = Labels(released, catalogue, lang)
    layers = map_layers(labels)
    with TemporaryDirectory(dir=path.parent, prefix=".gpkg-") as folder:
        loose, packed = Path(folder, "loose.gpkg"), Path(folder, "packed.gpkg")
        for layer in layers:
            _write_layer(loose, layer, labels)
        with closing(sqlite3.connect(loose, isolation_level=None)) as database:
            database.execute("BEGIN")
            _add_styles(database, layers)
            _add_metadata(database, layers, labels)
            _settle_times(database)
            database.execute("COMMIT")
            database.execute("VACUUM INTO ?", (str(packed),))
        packed.replace(path)


def _write_layer(path: Path, layer: Layer, labels: Labels) -> None:
    content = {field.name: _column(layer, number, field) for number, field in enumerate(layer.fields)}
    frame = gpd.GeoDataFrame(content, geometry=gpd.GeoSeries(layer.shapes, crs=CRS))
    pyogrio.write_dataframe(
        frame, path, layer=layer.name, driver="GPKG", geometry_type=layer.geometry_type,
        promote_to_multi=layer.geometry_type == "MultiPolygon", use_arrow=False,
        dataset_options={} if path.exists() else {"VERSION": "1.2"},  # read without a warning by older QGIS
        layer_options={
            "IDENTIFIER": _titled(labels, layer), "DESCRIPTION": _described(labels, layer), "GEOMETRY_NAME": "geom",
            "SPATIAL_INDEX": "YES",
        },
    )  # fmt: skip


def _column(layer: Layer, number: int, field: LayerField) -> pd.Series:
    return pd.Series([row[number] for row in layer.rows], dtype=PANDAS_TYPES[field.type])


def _titled(labels: Labels, layer: Layer) -> str:
    mark = f" ({labels.word('table.made_up_short')})" if labels.released.run["made_up"] else ""
    return f"{layer.title} {labels.title()}{mark}"


def _described(labels: Labels, layer: Layer) -> str:
    return " · ".join([*labels.marks(), layer.about, *labels.attributions()])


def _add_styles(database: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    """Styles as QGIS keeps them in a GeoPackage; the first of each layer is loaded with it."""
    database.execute(STYLE_TABLE)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (STAMP,),
    )
    for layer in layers:
        aliases = {"fid": "fid"} | {field.name: field.alias for field in layer.fields}
        for number, style in enumerate(layer.styles):
            text = qml(style.renderer, layer.geometry_type, aliases, tip=style.tip, shown=style.shown)
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
                "VALUES ('', '', ?, 'geom', ?, ?, '', ?, ?, '', NULL, ?)",
                (layer.name, style.name, text, int(number == 0), style.name, STAMP),
            )


def _add_metadata(database: sqlite3.Connection, layers: Sequence[Layer], labels: Labels) -> None:
    """Title, content, marks and attribution as QGIS reads them, once for the file and once for each layer."""
    for statement in _METADATA_TABLES:
        database.execute(statement)
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        database.execute(
            "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) "
            "VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            (table, "http://www.geopackage.org/spec121/#extension_metadata"),
        )
    about = " · ".join([*labels.marks(), labels.word("summary.title", region=labels.released.run["name"])])
    _metadata_row(database, 1, _qmd(labels, labels.title(), about), None)
    for number, layer in enumerate(layers, start=2):
        _metadata_row(database, number, _qmd(labels, _titled(labels, layer), _described(labels, layer)), layer.name)


_METADATA_TABLES = (
    """CREATE TABLE IF NOT EXISTS gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))""",
)


def _metadata_row(database: sqlite3.Connection, number: int, text: str, table: str | None) -> None:
    database.execute(
        "INSERT INTO gpkg_metadata (id, md_scope, md_standard_uri, mime_type, metadata) "
        "VALUES (?, 'dataset', ?, 'text/xml', ?)",
        (number, QMD_STANDARD, text),
    )
    database.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) VALUES (?, ?, ?, ?)",
        ("geopackage" if table is None else "table", table, STAMP, number),
    )


def _qmd(labels: Labels, title: str, about: str) -> str:
    """Metadata in the form of QGIS."""
    rights = "".join(f" <rights>{escape(line)}</rights>\n" for line in labels.attributions())
    return (
        f'{DOCTYPE}<qgis version="{QGIS_VERSION}">\n <identifier>{escape(title)}</identifier>\n'
        f" <language>{LANGUAGES[labels.lang]}</language>\n <type>dataset</type>\n <title>{escape(title)}</title>\n"
        f" <abstract>{escape(about)}</abstract>\n{rights}</qgis>\n"
    )


def _settle_times(database: sqlite3.Connection) -> None:
    database.execute("UPDATE gpkg_contents SET last_change = ?", (STAMP,))
    database.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (STAMP,))
