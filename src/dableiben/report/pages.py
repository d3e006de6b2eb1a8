# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Pages to read: the overview in sentences, and the method with the settings of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dableiben.catalogue.schema import TIERS, AssessmentCard
from dableiben.catalogue.words import service_words
from dableiben.report.labels import UNCERTAIN, Labels, known
from dableiben.report.questions import Question, open_questions
from dableiben.report.rated import has_ways, services, unrated_services
from dableiben.report.sheet import Cell, Line, Page, Sheet, records
from dableiben.report.view_time import time_total, weeks_words
from dableiben.report.view_unknowns import words_of

WITHHELD_SIGN = "•"
STEPS = ("limit", "need", "way", "places", "times", "areas", "unknown", "naming", "not_rated")
SETTINGS = (
    "as_of", "weeks", "ags", "modes", "dimensions", "kinds", "adopted_norms", "carless", "population_basis",
    "structurally_weak", "own_cards",
)  # fmt: skip


def overview_page(labels: Labels, sheets: list[Sheet | Page]) -> Page:
    """What the workbook says in short, what its sheets and signs mean."""
    lines = [Line("title", labels.word("summary.title", region=labels.released.run["name"]))]
    lines += [Line("mark", mark) for mark in labels.marks()]
    lines += [Line("text", text) for text in summary(labels)]
    lines += [Line("section", labels.word("section.results")), *_results(labels)]
    lines.append(Line("section", labels.word("section.sheets")))
    for sheet in sheets:
        name = labels.word(f"sheet.{sheet.id}")
        lines.append(Line("sheet", name, labels.word(f"sheet_about.{sheet.id}"), target=name))
    lines += [Line("section", labels.word("section.signs")), *_signs(labels)]
    lines.append(Line("section", labels.word("section.attribution")))
    lines += [Line("text", attribution) for attribution in labels.attributions()]
    return Page("overview", lines)


def summary(labels: Labels) -> Iterator[str]:
    """The result in sentences."""
    released, word = labels.released, labels.word
    run, gaps, questions = released.run, labels.gaps, open_questions(labels)
    persons = run["counts"].get("persons")
    if persons is not None:
        yield word("summary.what", region=run["name"], year=run["year"], n_kinds=len(services(labels)), persons=persons,
                   ways=has_ways(labels))  # fmt: skip
    yield word("summary.gaps_confirmed" if released.council else "summary.gaps", n=len(gaps))
    named = records(gaps)
    if any(gap["dimension"] == "time" for gap in named):
        dimensions = Counter(gap["dimension"] for gap in named)
        yield word("summary.dimensions", **{one: dimensions[one] for one in ("content", "space", "time")})
        total = time_total(labels, named)
        if total:
            yield total
    if len(gaps):
        yield word("summary.top_gap", text=gaps.iloc[0][f"explanation_{labels.lang}"])
    yield word("summary.unknown", n=len(questions))
    if questions and questions[0].persons:
        yield _best_entry(labels, questions[0])
    unrated = len(unrated_services(labels))
    if unrated:
        yield word("summary.not_rated", n=unrated, ways=has_ways(labels))
    obstacles = int(gaps["integration_obstacle"].astype(bool).sum())
    if obstacles:
        yield word("summary.integration", n=obstacles)
    uncertain = [norm["title"][labels.lang] for norm in run["norms_used"] if norm["uncertain"]]
    if uncertain:
        yield word("summary.uncertain_norms", norms=list(dict.fromkeys(uncertain)))
    if released.minimum_count is not None:
        yield word("summary.withheld", minimum=released.minimum_count)


def _best_entry(labels: Labels, asked: Question) -> str:
    """The missing entry that would answer most."""
    _, entry = words_of(labels, asked)
    kind = service_words(labels.catalogue, asked.kind, labels.lang)
    return labels.word("summary.best_entry", entry=entry, low=asked.low, high=asked.high, kind=kind)


def _results(labels: Labels) -> Iterator[Line]:
    released = labels.released
    yield Line("item", labels.word("table.year"), str(released.run["year"]))
    as_of = released.run["settings"].get("as_of")
    if as_of:
        yield Line("item", labels.word("setting.as_of"), date.fromisoformat(str(as_of)))
    tiers = Counter(labels.gaps["tier"])
    for tier in TIERS:
        if tiers[tier]:
            said = labels.word("table.gaps_of_tier", tier=labels.word(f"label.{tier}"))
            yield Line("item", said, tiers[tier])
    for name, value in released.run["counts"].items():
        yield Line("item", str(labels.label("count", name)), value)


def _signs(labels: Labels) -> Iterator[Line]:
    yield Line("item", WITHHELD_SIGN, labels.word("sign.withheld"))
    yield Line("item", labels.word("table.unknown"), labels.word("sign.unknown"))
    yield Line("item", labels.word("sign.empty_sign"), labels.word("sign.empty"))
    if labels.released.minimum_count is not None:
        yield Line("item", labels.word("sign.about_sign"), labels.word("sign.about"))
    yield Line("item", UNCERTAIN, labels.word("sign.uncertain_norm"))


def method_page(labels: Labels) -> Page:
    """How gaps come about, with every number of the method and the versions of the programs."""
    run, word = labels.released.run, labels.word
    numbers: Any = run["settings"].get("assessment") or {}
    lines = [Line("title", word("sheet.method")), Line("section", word("section.steps"))]
    steps = [step for step in STEPS if step != "times" or run["settings"].get("weeks")]
    lines += [Line("text", word(f"step.{step}")) for step in steps]
    lines.append(Line("text", word("summary.edge")))
    if numbers:
        weights = {key: numbers[key] for key in ("persons_weight", "severity_weight")}
        lines.append(Line("text", word("summary.rank_weights", **weights)))
    lines += [Line("section", word("section.settings")), *_settings(labels)]
    lines.append(Line("section", word("section.numbers")))
    for key in AssessmentCard.model_fields:
        if key in numbers and labels.has(f"number.{key}"):
            lines.append(Line("item", word(f"number.{key}"), _number(labels, key, numbers[key])))
    lines.append(Line("section", word("section.versions")))
    lines += [Line("item", labels.label("version", name) or name, v) for name, v in sorted(run["versions"].items())]
    return Page("method", lines)


def _settings(labels: Labels) -> Iterator[Line]:
    settings = labels.released.run["settings"]
    for key in SETTINGS:
        if key in settings:
            yield Line("item", labels.word(f"setting.{key}"), _setting(labels, key, settings[key]))
    if labels.released.minimum_count is not None:
        yield Line("item", labels.word("setting.minimum_count"), labels.released.minimum_count)


def _setting(labels: Labels, key: str, value: Any) -> Cell:
    if known(value) is None:
        return labels.word("table.unknown")
    if isinstance(value, (list, tuple)) and key != "weeks":
        return ", ".join(str(_one_of(labels, key, str(item))) for item in value) or "–"
    if key in ("weeks", "population_basis"):
        return weeks_words(labels) or "–" if key == "weeks" else labels.label("basis", value)
    if key == "as_of":
        return date.fromisoformat(str(value))
    if isinstance(value, Mapping):
        return _mapping(labels, value)
    return str(value)


def _one_of(labels: Labels, key: str, item: str) -> str | None:
    if key in ("modes", "dimensions"):
        return labels.label(key[:-1], item)
    if key == "adopted_norms" and item in labels.catalogue.norms:
        return str(getattr(labels.catalogue.norms[item].title, labels.lang))
    return labels.service(item) if key == "kinds" else item


def _mapping(labels: Labels, value: Mapping[str, Any]) -> str:
    """A value with its source: 12 % (erfunden)."""
    amount = value.get("share", value.get("value"))
    if isinstance(amount, bool):
        said = labels.word("table.yes" if amount else "table.no")
    else:
        said = labels.say.share(amount, 1) if isinstance(amount, (int, float)) else ""
    by_group = value.get("share_by_group") or {}
    parts = [said] if said else []
    parts += [f"{labels.group(group)}: {labels.say.share(share, 1)}" for group, share in sorted(by_group.items())]
    source = value.get("source")
    return "; ".join(parts) + (f" ({source})" if source else "")


def _number(labels: Labels, key: str, value: Any) -> Cell:
    if isinstance(value, Mapping):
        return "; ".join(f"{labels.unit(unit)}: {labels.say.number(n, 2)}" for unit, n in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        if key == "default_modes":
            return ", ".join(str(labels.label("mode", item)) for item in value)
        return ", ".join(labels.say.number(float(item)) for item in value)
    return value if isinstance(value, str) else float(value)
