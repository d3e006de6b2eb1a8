# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which counts are withheld: the small ones, and as many others as it takes to hide them."""

from __future__ import annotations

from collections.abc import Collection

from dableiben.privacy.bounds import Component, Equation, Web, too_narrow
from dableiben.privacy.ledger import TOLERANCE, Count, Ledger, Tie, is_small


def withheld_ties(ledger: Ledger, minimum: int, forced: Collection[Tie] = ()) -> frozenset[Tie]:
    """Ties to withhold so that no small count can be narrowed to less than `minimum` persons.

    First every count with 0 < n < minimum (primary). Then, as long as an attacker with all released
    counts, all sums and public totals could confine a small count to an interval shorter than `minimum`,
    the smallest neighbour in a sum that binds it is withheld as well (secondary). Ends because every round
    withholds at least one more or finds nothing left to withhold. Last, what turned out to be withheld in
    vain is released again, large counts first. `forced` ties are withheld in any case.
    """
    web = Web(ledger)
    primary = {*forced} | {c.tie for c in ledger.counts if _is_primary(c, minimum)}
    ties = set(primary)
    pending = {x for x, count in enumerate(ledger.counts) if _is_small(count, minimum)}
    lost: set[int] = set()
    safe: set[Component] = set()
    while pending:
        released = {c.tie for c in ledger.counts if c.published} - ties
        chosen: set[Tie] = set()
        lost -= pending
        for component, exposed in _exposures(web, pending, ties, minimum, safe):
            for x in exposed:
                options = _neighbours(ledger, component, x, released, minimum)
                # One chosen in the same round may be enough; the next round finds out.
                if options and not chosen & {ledger.counts[y].tie for y in options}:
                    chosen.add(ledger.counts[min(options, key=lambda y: _cost(ledger.counts[y], y))].tie)
                if not options:
                    lost.add(x)
        ties |= chosen
        pending = _touched(web, chosen, ties, minimum)
    for tie in _largest_first(ledger, ties - primary):
        touched = _touched(web, {tie}, ties, minimum)
        left = _exposures(web, touched, ties - {tie}, minimum, safe)
        if {x for _, exposed in left for x in exposed} <= lost:
            ties -= {tie}
    return frozenset(ties)


def _touched(web: Web, changed: set[Tie], ties: set[Tie], minimum: int) -> set[int]:
    """Small counts whose bounds depend on the counts of some withheld ties."""
    seen: set[int] = set()
    for x in sorted(x for tie in changed for x in web.counts_of[tie]):
        if x not in seen:
            seen.update(web.component(x, ties).unknowns)
    return {x for x in seen if _is_small(web.ledger.counts[x], minimum)}


def _largest_first(ledger: Ledger, ties: set[Tie]) -> list[Tie]:
    value: dict[Tie, float] = {}
    for count in ledger.counts:
        if count.tie in ties:
            value[count.tie] = max(value.get(count.tie, 0.0), count.value)
    return sorted(value, key=lambda tie: (-value[tie], str(tie)))


def _exposures(
    web: Web, pending: Collection[int], ties: set[Tie], minimum: int, safe: set[Component]
) -> list[tuple[Component, list[int]]]:
    """Components with their small counts whose bounds are closer than `minimum`, around the pending ones.

    `safe` remembers components found safe before, so that they are not solved again.
    """
    found = []
    seen: set[int] = set()
    for start in sorted(pending):
        if start in seen:
            continue
        component = web.component(start, ties)
        seen.update(component.unknowns)
        if not component.equations or component in safe:
            continue
        small = [x for x in component.unknowns if _is_small(web.ledger.counts[x], minimum)]
        exposed = too_narrow(web.ledger, component, small, minimum)
        if exposed:
            found.append((component, exposed))
        else:
            safe.add(component)
    return found


def _is_small(count: Count, minimum: int) -> bool:
    return not count.free and is_small(count.value, minimum)


def _is_primary(count: Count, minimum: int) -> bool:
    """Small counts; one that is released in a class only may be shown if the class is wide enough."""
    return count.between is None and _is_small(count, minimum)


def _neighbours(ledger: Ledger, component: Component, x: int, released: set[Tie], minimum: int) -> list[int]:
    """Released counts whose withholding can widen the bounds of `x`: first those in the sums that bind it.

    Where these sums hold nothing more to withhold, the sums of their unknown counts follow, ring by ring.
    """
    of_count: dict[int, list[Equation]] = {}
    for equation in component.equations:
        for y, _ in equation.terms:
            of_count.setdefault(y, []).append(equation)
    mine = of_count[x]
    before = dict(zip(component.unknowns, component.limits, strict=True))
    low, high = ({y: ends[side] for y, ends in before.items()} for side in (0, 1))
    ranges = [equation.range_of(x, low, high) for equation in mine]
    tight = [e for e, (least, most) in zip(mine, ranges, strict=True) if most - least < minimum - TOLERANCE]
    ring, seen = tight or mine, set[int]()
    while ring:
        members = [y for equation in ring for y in _members(ledger, equation.number)]
        options = [y for y in members if ledger.counts[y].tie in released]
        if options:
            return options
        seen |= {equation.number for equation in ring}
        around = {e.number: e for equation in ring for y, _ in equation.terms for e in of_count[y]}
        ring = [e for number, e in sorted(around.items()) if number not in seen]
    return []


def _members(ledger: Ledger, number: int) -> tuple[int, ...]:
    return (ledger.sums[number].total, *ledger.sums[number].parts)


def _cost(count: Count, number: int) -> tuple[bool, bool, float, int]:
    # Totals last: many other sums hang on them. Zeros late: withholding one hides little.
    return (count.total, count.value <= TOLERANCE, count.value, number)
