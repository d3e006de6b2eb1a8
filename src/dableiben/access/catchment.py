# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Floating catchments: from persons, places and travel times to the places each person can count on.

Every measure exists twice: on travel held in memory, and streamed over blocks of it with memory of the order
of cells + sites. Both add in the order of the pairs, so they agree to the last bit however blocks are cut.
Nothing in reach gives 0 places: that is known, not missing. Unknown supply never comes in (ContractError);
the caller runs once with the lowest and once with the highest supply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from dableiben.access.decay import Decay
from dableiben.core.errors import ContractError

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Travel:
    """Pairs of a cell and a site that can reach each other; a pair that is absent is out of reach.

    cell     index of the cell, int32, shape (pairs,)
    site     index of the site, int32, shape (pairs,)
    minutes  travel time >= 0, float64, shape (pairs,)
    """

    cell: IndexArray
    site: IndexArray
    minutes: FloatArray

    def only(self, keep: npt.NDArray[np.bool_]) -> Travel:
        """The pairs where `keep` is true, in the same order."""
        return Travel(self.cell[keep], self.site[keep], self.minutes[keep])


# Called once per pass; must give the same blocks each time.
Blocks = Callable[[], Iterable[Travel]]


@dataclass(frozen=True)
class Nearest:
    """Nearest site per cell: index (int32, -1 if none is in reach) and minutes (NaN if none)."""

    site: IndexArray
    minutes: FloatArray


def supply_in_reach(supply_places: FloatArray, travel: Travel, *, cells: int, decay: Decay) -> FloatArray:
    """Places in reach of each cell, competition left aside (cumulative opportunities, gravity).

    supply_places  places, shape (sites,), >= 0
    result         weighted places, shape (cells,)
    law            unlimited reach with weight 1 gives the total supply everywhere
    errors         ContractError if an index lies outside, a time or a number is negative or missing
    source         Hansen 1959, https://doi.org/10.1080/01944365908978307
    """
    return supply_in_reach_streamed(supply_places, lambda: (travel,), cells=cells, decay=decay)


def supply_in_reach_streamed(supply_places: FloatArray, blocks: Blocks, *, cells: int, decay: Decay) -> FloatArray:
    """As `supply_in_reach`, in one pass over blocks."""
    supply = _numbers(supply_places, "supply_places")
    reached = np.zeros(cells)
    for block in _checked(blocks, cells, supply.size):
        _add(reached, block.cell, supply, block.site, decay(block.minutes))
    return reached


def two_step(need_persons: FloatArray, supply_places: FloatArray, travel: Travel, *, decay: Decay) -> FloatArray:
    """Places each person can count on, competition included: 2SFCA with one step, else E2SFCA.

    Step 1, per site: ratio = places / weighted persons in reach. Step 2, per cell: sum of weight · ratio.

    need_persons   persons, shape (cells,), >= 0
    supply_places  places, shape (sites,), >= 0
    result         places per person, shape (cells,)
    law            sum(need · result) = supply of all sites with anybody in reach; unlimited reach with
                   weight 1 gives S/P everywhere
    errors         ContractError if an index lies outside, a time or a number is negative or missing
    source         Luo & Wang 2003, https://doi.org/10.1068/b29120; Luo & Qi 2009,
                   https://doi.org/10.1016/j.healthplace.2009.06.002
    """
    need, supply = _numbers(need_persons, "need_persons"), _numbers(supply_places, "supply_places")
    _check(travel, need.size, supply.size)
    return _two_step_weighted(need, supply, travel, decay(travel.minutes))


def two_step_streamed(
    need_persons: FloatArray, supply_places: FloatArray, blocks: Blocks, *, decay: Decay
) -> FloatArray:
    """As `two_step`, in two passes over blocks."""
    need, supply = _numbers(need_persons, "need_persons"), _numbers(supply_places, "supply_places")
    wanted = np.zeros(supply.size)
    for block in _checked(blocks, need.size, supply.size):
        _add(wanted, block.site, need, block.cell, decay(block.minutes))
    ratio = _ratio(supply, wanted)
    places = np.zeros(need.size)
    for block in _checked(blocks, need.size, supply.size):
        _add(places, block.cell, ratio, block.site, decay(block.minutes))
    return places


def three_step(
    need_persons: FloatArray, supply_places: FloatArray, travel: Travel, *, decay: Decay, choice: Decay
) -> FloatArray:
    """3SFCA: as `two_step`, but persons first choose among their sites by the shares of another decay.

    choice  decay of the choice; it may reach farther than `decay` (PySAL access shares over all pairs given)
    law     sum(need · result) = supply of all sites with anybody in reach; with one site it equals `two_step`
    source  Wan, Zou & Sternberg 2012, https://doi.org/10.1080/13658816.2011.624987
    Other arguments, result and errors as `two_step`.
    """
    need, supply = _numbers(need_persons, "need_persons"), _numbers(supply_places, "supply_places")
    _check(travel, need.size, supply.size)
    weight = decay(travel.minutes) * _share_of_total(choice(travel.minutes), travel.cell, need.size)
    return _two_step_weighted(need, supply, travel, weight)


def balanced(need_persons: FloatArray, supply_places: FloatArray, travel: Travel, *, decay: Decay) -> FloatArray:
    """BFCA: every person is counted once and every site's level of service is handed out once.

    Persons are split over sites by the cell's weight shares (rows sum to 1); the level of service, places per
    person so assigned, is split over cells by the site's weight shares (columns sum to 1).

    result  level of service, shape (cells,); not places per person of the cell, so compare cells, not norms
    law     sum of persons assigned to sites = persons with a site in reach; sum(result) = sum of the levels
            of service of all sites with anybody in reach
    source  Páez, Higgins & Vivona 2019, https://doi.org/10.1371/journal.pone.0218773
    Arguments and errors as `two_step`.
    """
    return balanced_streamed(need_persons, supply_places, lambda: (travel,), decay=decay)


def balanced_streamed(
    need_persons: FloatArray, supply_places: FloatArray, blocks: Blocks, *, decay: Decay
) -> FloatArray:
    """As `balanced`, in three passes over blocks (the weight totals must be known before the first share)."""
    need, supply = _numbers(need_persons, "need_persons"), _numbers(supply_places, "supply_places")
    of_cell, of_site = np.zeros(need.size), np.zeros(supply.size)
    for block in _checked(blocks, need.size, supply.size):
        weight = decay(block.minutes)
        np.add.at(of_cell, block.cell, weight)
        np.add.at(of_site, block.site, weight)
    need_per_weight = _ratio(need, of_cell)
    wanted = np.zeros(supply.size)
    for block in _checked(blocks, need.size, supply.size):
        _add(wanted, block.site, need_per_weight, block.cell, decay(block.minutes))
    level_per_weight = _ratio(_ratio(supply, wanted), of_site)
    level = np.zeros(need.size)
    for block in _checked(blocks, need.size, supply.size):
        _add(level, block.cell, level_per_weight, block.site, decay(block.minutes))
    return level


def nearest(travel: Travel, *, cells: int) -> Nearest:
    """Nearest site of each cell: least minutes, ties by the smaller index of the site.

    law     independent of the order of the pairs
    errors  ContractError if an index lies outside or a time is negative or missing
    """
    return nearest_streamed(lambda: (travel,), cells=cells)


def nearest_streamed(blocks: Blocks, *, cells: int) -> Nearest:
    """As `nearest`, in one pass over blocks."""
    none = np.iinfo(np.int32).max
    site = np.full(cells, none, dtype=np.int32)
    minutes = np.full(cells, np.inf)
    for block in _checked(blocks, cells, none):
        before = minutes.copy()
        np.minimum.at(minutes, block.cell, block.minutes)
        site[minutes < before] = none
        best = block.minutes == minutes[block.cell]
        np.minimum.at(site, block.cell[best], block.site[best])
    found = site < none
    return Nearest(np.where(found, site, np.int32(-1)), np.where(found, minutes, np.nan))


def to_nearest_only(travel: Travel, *, cells: int) -> Travel:
    """Travel in which everybody goes to the nearest site: one pair per cell, by cell.

    Into `two_step` it gives the places per person of exclusive catchments. Leave out sites that do not count
    beforehand (`Travel.only`).
    """
    found = nearest(travel, cells=cells)
    cell = np.flatnonzero(found.site >= 0).astype(np.int32)
    return Travel(cell, found.site[cell], found.minutes[cell])


def _two_step_weighted(need: FloatArray, supply: FloatArray, travel: Travel, weight: FloatArray) -> FloatArray:
    wanted = np.zeros(supply.size)
    _add(wanted, travel.site, need, travel.cell, weight)
    ratio = _ratio(supply, wanted)
    places = np.zeros(need.size)
    _add(places, travel.cell, ratio, travel.site, weight)
    return places


def _add(out: FloatArray, to: IndexArray, value: FloatArray, of: IndexArray, weight: FloatArray) -> None:
    """out[to] += value[of] · weight, pair by pair in the order given; the pairs have been checked."""
    if weight.shape != to.shape:
        raise ContractError("the decay does not give one weight for each pair")
    to, of = np.ascontiguousarray(to, dtype=np.int32), np.ascontiguousarray(of, dtype=np.int32)
    _add_pairs(out, to, value, of, np.ascontiguousarray(weight, dtype=np.float64))


@numba.njit(cache=True)
def _add_pairs(out: FloatArray, to: IndexArray, value: FloatArray, of: IndexArray, weight: FloatArray) -> None:
    # A plain loop adds in the same order as numpy's add.at and is five times faster; the sum of a run of pairs
    # with the same target stays in a register.
    if to.size == 0:
        return
    target = to[0]
    total = out[target]
    for pair in range(to.size):
        if to[pair] != target:
            out[target] = total
            target = to[pair]
            total = out[target]
        total += value[of[pair]] * weight[pair]
    out[target] = total


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """top / bottom, 0 where nobody (nothing) is below: what no one can use is handed to no one."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _share_of_total(weight: FloatArray, group: IndexArray, groups: int) -> FloatArray:
    total = np.zeros(groups)
    np.add.at(total, group, weight)
    return _ratio(weight, total[group])


def _numbers(numbers: FloatArray, name: str) -> FloatArray:
    array = np.ascontiguousarray(numbers, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all() or (array < 0).any():
        raise ContractError(f"{name} must be one column of finite numbers >= 0")
    return array


def _checked(blocks: Blocks, cells: int, sites: int) -> Iterator[Travel]:
    for block in blocks():
        _check(block, cells, sites)
        yield block


def _check(travel: Travel, cells: int, sites: int) -> None:
    pairs = travel.cell.size
    if travel.site.size != pairs or travel.minutes.size != pairs:
        raise ContractError("cell, site and minutes of travel differ in length")
    if not pairs:
        return
    if travel.cell.min() < 0 or travel.cell.max() >= cells:
        raise ContractError(f"a cell of travel lies outside 0..{cells - 1}")
    if travel.site.min() < 0 or travel.site.max() >= sites:
        raise ContractError(f"a site of travel lies outside 0..{sites - 1}")
    if not travel.minutes.min() >= 0:  # also false for NaN
        raise ContractError("a travel time is negative or missing; leave pairs out of reach away")
