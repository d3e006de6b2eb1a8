# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The raw street network as it was read: arrays of nodes, ways and their tags, no mode and no speed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dableiben.core.errors import ContractError

Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]

WAY_KEYS = (
    "highway", "route", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot",
    "oneway", "oneway:bicycle", "oneway:foot", "junction", "cycleway", "cycleway:left", "cycleway:right",
    "cycleway:both", "maxspeed", "surface", "tracktype", "service", "motorroad",
)  # fmt: skip
"""tags of a way that a mode card may ask for"""

NODE_KEYS = ("barrier", "highway", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot")
"""tags of a node that a mode card may ask for"""


@dataclass(frozen=True, eq=False)
class TagColumn:
    """One tag for many ways or nodes: a small code per row and the word for each code, sorted."""

    codes: Int16
    """-1 = the tag is absent"""
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        self.codes.setflags(write=False)

    def __len__(self) -> int:
        return len(self.codes)

    def present(self) -> Bool:
        """Which rows carry the tag at all."""
        return self.codes >= 0

    def among(self, words: frozenset[str]) -> Bool:
        """Which rows carry one of the words."""
        return self.look_up(dict.fromkeys(words, 1.0), 0.0) > 0

    def look_up(self, values: Mapping[str, float], otherwise: float) -> NDArray[np.float64]:
        """A number per row: `values[word]`, else `otherwise` (also where the tag is absent)."""
        # The last entry is what code -1 finds.
        table = np.array([values.get(word, otherwise) for word in self.words] + [otherwise], dtype=np.float64)
        return np.asarray(table[self.codes], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Streets, paths and ferries of one file in EPSG:3035, with the tags the mode cards ask for.

    Way `w` runs over the nodes `way_node[way_start[w]:way_start[w + 1]]` (indices into the node arrays).
    A way with nodes missing in the file is cut there into several rows of the same `way_id`.
    """

    node_id: Int64
    """ids of the source, ascending"""
    node_x_dm: Int32
    """EPSG:3035 in decimetres, so that lengths are the same on every machine"""
    node_y_dm: Int32
    is_data_edge: Bool
    """here the file may have been cut: streets beyond this node are unknown"""
    way_id: Int64
    way_start: Int32
    way_node: Int32
    way_tags: Mapping[str, TagColumn]
    """by key of WAY_KEYS"""
    way_duration_s: Float32
    """tag duration (ferries); NaN = not given"""
    tagged_node: Int32
    """nodes with a barrier or a traffic light, ascending"""
    node_tags: Mapping[str, TagColumn]
    """by key of NODE_KEYS, one row per tagged node"""
    box_degrees: tuple[float, float, float, float] | None = None
    """west, south, east, north of the file header, if it has one that can be trusted"""
    edge_rule: str = "none"
    """how is_data_edge was found: header-box, header-box-inset, missing-nodes, outline, given-area, none"""
    counts: Mapping[str, int] = field(default_factory=dict)
    """what was read and lost"""

    def __post_init__(self) -> None:
        nodes, ways = len(self.node_id), len(self.way_id)
        _check("node arrays", {len(self.node_x_dm), len(self.node_y_dm), len(self.is_data_edge)} == {nodes})
        _check("way arrays", len(self.way_start) == ways + 1 and len(self.way_duration_s) == ways)
        _check("way_start", int(self.way_start[0]) == 0 and int(self.way_start[-1]) == len(self.way_node))
        _check("way_node", not len(self.way_node) or int(self.way_node.max()) < nodes)
        _check("way_tags", set(self.way_tags) == set(WAY_KEYS))
        _check("node_tags", set(self.node_tags) == set(NODE_KEYS))
        _check("way tag rows", all(len(column) == ways for column in self.way_tags.values()))
        _check("node tag rows", all(len(c) == len(self.tagged_node) for c in self.node_tags.values()))
        for name in (f.name for f in fields(self)):
            value: Any = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is no street at all."""
        return len(self.way_id) == 0

    @classmethod
    def empty(cls) -> StreetNetwork:
        """A network without streets."""
        none = TagColumn(np.empty(0, np.int16), ())
        return cls(
            node_id=np.empty(0, np.int64),
            node_x_dm=np.empty(0, np.int32),
            node_y_dm=np.empty(0, np.int32),
            is_data_edge=np.empty(0, np.bool_),
            way_id=np.empty(0, np.int64),
            way_start=np.zeros(1, np.int32),
            way_node=np.empty(0, np.int32),
            way_tags=dict.fromkeys(WAY_KEYS, none),
            way_duration_s=np.empty(0, np.float32),
            tagged_node=np.empty(0, np.int32),
            node_tags=dict.fromkeys(NODE_KEYS, none),
        )


def _check(what: str, holds: bool) -> None:
    if not holds:
        raise ContractError(f"street network: {what} do not fit together")
