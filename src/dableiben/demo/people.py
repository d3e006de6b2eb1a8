# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who lives in the made-up district: residents by locality, age year and sex, and second homes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dableiben.demo import plan
from dableiben.demo.chance import shared_out, stream

OLDEST = 100
SEXES = ("m", "w")
Whole = NDArray[np.int64]

# A shrinking rural district: relative size of the age years at some ages, straight lines between them.
_AGES = (
    0, 1, 2, 3, 5, 8, 12, 16, 18, 20, 23, 27, 30, 34, 38, 42, 46, 50, 54,
    58, 62, 66, 70, 74, 78, 82, 85, 88, 92, 96, 100,
)  # fmt: skip
_SIZES = (
    6.4, 6.7, 7.1, 7.6, 8.4, 8.8, 8.8, 8.4, 7.6, 6.0, 5.6, 7.0, 8.8, 11.0, 12.0, 11.8, 10.6, 11.0, 14.5,
    17.8, 18.6, 16.5, 14.6, 11.2, 9.0, 10.2, 9.0, 5.4, 2.2, 0.6, 0.12,
)  # fmt: skip
_WOMEN_AGES = (0, 20, 35, 50, 70, 85, 95, 100)
_WOMEN_SHARE = (0.487, 0.475, 0.485, 0.50, 0.52, 0.60, 0.73, 0.80)
LOCALITY_NOISE = 0.06
"""how much the seed changes the size of a locality"""


@dataclass(frozen=True)
class Residents:
    """Persons by age year (rows 0 to 100) and sex (columns m, w) for every locality."""

    main: dict[str, Whole]
    second: dict[str, Whole]

    def persons(self, locality: str) -> int:
        """Main residents of a locality."""
        return int(self.main[locality].sum())

    def of(self, localities: tuple[str, ...], ages: range, sex: str | None = None) -> int:
        """Main residents of some localities at some ages."""
        columns = [SEXES.index(sex)] if sex else [0, 1]
        return int(sum(self.main[name][ages.start : ages.stop, columns].sum() for name in localities))


@dataclass(frozen=True)
class FixedAges:
    """Exact numbers of children at some ages that the story needs, for one locality or a whole municipality."""

    numbers: dict[int, int]


FIXED_IN_MUNICIPALITY = {"Haldersee": FixedAges({0: 40, 1: 42, 2: 38})}
FIXED_IN_LOCALITY = {"Birkenmoor": FixedAges({3: 17, 4: 18, 5: 17, 6: 18})}
SECOND_HOMES = {"Sandrade": 640, "Uferkaten": 60, "Haldersee": 110, "Altstadt": 180, "Mahrenfelde": 24, "Röhrbeck": 18}
"""persons with a second home; those of Sandrade belong to its 400 holiday homes, with children among them"""


def locality_sizes(seed: int) -> dict[str, int]:
    """Main residents by locality; municipalities keep the exact number of the plan."""
    chance = stream(seed, "sizes")
    sizes: dict[str, int] = {}
    for municipality in plan.MUNICIPALITIES:
        free = [place for place in municipality.localities if place.persons is None]
        fixed = {place.name: place.persons for place in municipality.localities if place.persons is not None}
        noise = 1 + chance.uniform(-LOCALITY_NOISE, LOCALITY_NOISE, len(free))
        shares = shared_out(municipality.persons - sum(fixed.values()), np.array([p.weight for p in free]) * noise)
        sizes.update(fixed)
        sizes.update({place.name: int(share) for place, share in zip(free, shares, strict=True)})
    return {name: sizes[name] for name in plan.localities()}


def settle(seed: int) -> Residents:
    """Give every locality its residents by age and sex, and its second homes."""
    chance = stream(seed, "residents")
    sizes = locality_sizes(seed)
    main: dict[str, Whole] = {}
    for municipality in plan.MUNICIPALITIES:
        names = [place.name for place in municipality.localities]
        fixed = _fixed_by_locality(municipality, sizes, chance)
        for place in municipality.localities:
            main[place.name] = _draw(sizes[place.name], place.min_age, fixed.get(place.name, {}), chance)
        assert sum(int(main[name].sum()) for name in names) == municipality.persons
    second = {name: _draw(SECOND_HOMES.get(name, 0), 0, {}, chance) for name in sizes}
    return Residents(main, second)


def _fixed_by_locality(
    municipality: plan.Municipality, sizes: dict[str, int], chance: np.random.Generator
) -> dict[str, dict[int, int]]:
    """Children whose number is fixed, handed to the localities by size."""
    names = [place.name for place in municipality.localities]
    fixed = {name: dict(FIXED_IN_LOCALITY[name].numbers) for name in names if name in FIXED_IN_LOCALITY}
    if municipality.name in FIXED_IN_MUNICIPALITY:
        weights = np.array([sizes[name] for name in names], float)
        for age, number in FIXED_IN_MUNICIPALITY[municipality.name].numbers.items():
            shares = shared_out(number, weights * chance.uniform(0.8, 1.2, len(names)))
            for name, share in zip(names, shares, strict=True):
                fixed.setdefault(name, {})[age] = int(share)
    return fixed


def _draw(persons: int, min_age: int, fixed: dict[int, int], chance: np.random.Generator) -> Whole:
    """Persons by age year and sex; ages in `fixed` get exactly their number."""
    ages = np.arange(OLDEST + 1)
    women = np.interp(ages, _WOMEN_AGES, _WOMEN_SHARE)
    sizes = np.interp(ages, _AGES, _SIZES) * (ages >= min_age)
    sizes[list(fixed)] = 0
    by_age = chance.multinomial(persons - sum(fixed.values()), sizes / sizes.sum())
    for age, number in fixed.items():
        by_age[age] = number
    of_women = chance.binomial(by_age, women)
    return np.column_stack([by_age - of_women, of_women]).astype(np.int64)
