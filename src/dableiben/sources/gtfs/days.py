# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Days of service of a feed: calendar.txt, calendar_dates.txt, or only one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.sources.gtfs.losses import Losses
from dableiben.sources.gtfs.places import unique_rows
from dableiben.sources.gtfs.tables import Feed, Flags, Table, read_table

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_DAYS = 20 * 366
"""a feed that says it runs to the year 2099 knows nothing of it; later days are left out"""
YEARS = range(1990, 2101)


@dataclass(frozen=True)
class Services:
    """Services by their ids and the days on which they run; days counted from `first_day`."""

    index: pd.Index
    first_day: date
    runs: Flags
    """shape (services, days)"""


def day_number(text: str) -> float:
    """Proleptic day number of YYYYMMDD, NaN if the text is no date."""
    if len(text) == 8 and text.isdigit() and int(text[:4]) in YEARS:
        try:
            return float(date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal())
        except ValueError:
            pass
    return float("nan")


def read_services(feed: Feed, names: pd.Index, losses: Losses) -> Services:
    """Services named by trips (`names`, unique) with their days; ids without any day of their own are not among them.

    The window goes from the first to the last day that the calendar of a used service speaks of; a day on which a
    service is only taken away says nothing about others.
    """
    weekly = _weekly(feed, losses)
    single = _single(feed, losses)
    known = [table.texts("service_id") for table, _ in (weekly, single)]
    index = names[names.isin(np.concatenate(known))]
    for table, _ in (weekly, single):
        unused = table.at("service_id", index) < 0
        losses.lose(f"Verkehrstage ohne Fahrt ({table.name})", int(unused.sum()))
    first, last = _window(weekly, single, index)
    if last < first:
        return Services(index[:0], date(1970, 1, 1), np.zeros((0, 0), np.bool_))
    if last - first >= MOST_DAYS:
        until = date.fromordinal(first + MOST_DAYS - 1)
        losses.note(f"Die Verkehrstage reichen weit in die Zukunft; gelesen wurden sie bis {until:%d.%m.%Y}.")
        last = first + MOST_DAYS - 1
    runs = _runs(weekly, single, index, first, last)
    return Services(index, date.fromordinal(first), runs)


Dated = tuple[Table, NDArray[np.float64]]
"""a table and its days: shape (rows, 2) from, to; or (rows,)"""


def _weekly(feed: Feed, losses: Losses) -> Dated:
    needed = ("service_id", *WEEKDAYS, "start_date", "end_date")
    table = read_table(feed, "calendar.txt", needed, losses, needed=needed) or Table("calendar.txt", 0, {})
    table = unique_rows(table, "service_id", "Verkehrstage", losses)
    days = np.stack([table.mapped(column, day_number) for column in ("start_date", "end_date")], axis=1)
    good = ~np.isnan(days).any(axis=1) & (days[:, 1] >= days[:, 0])
    losses.lose("Verkehrstage ohne lesbaren Zeitraum", int((~good).sum()), table.texts("service_id")[~good])
    return table.where(good), days[good]


def _single(feed: Feed, losses: Losses) -> Dated:
    needed = ("service_id", "date", "exception_type")
    table = read_table(feed, "calendar_dates.txt", needed, losses, needed=needed) or Table("calendar_dates.txt", 0, {})
    days = table.mapped("date", day_number)
    good = ~np.isnan(days) & np.isin(table.numbers("exception_type"), (1, 2)) & table.said("service_id")
    losses.lose("Verkehrstag ohne lesbares Datum oder ohne Art", int((~good).sum()))
    return table.where(good), days[good]


def _window(weekly: Dated, single: Dated, index: pd.Index) -> tuple[int, int]:
    table, days = single
    added = (table.numbers("exception_type") == 1) & (table.at("service_id", index) >= 0)
    regular = weekly[0].at("service_id", index) >= 0
    said = np.concatenate([weekly[1][regular].ravel(), days[added]])
    return (int(said.min()), int(said.max())) if len(said) else (0, -1)


def _runs(weekly: Dated, single: Dated, index: pd.Index, first: int, last: int) -> Flags:
    runs = np.zeros((len(index), last - first + 1), np.bool_)
    table, spans = weekly
    weekday = (np.arange(first, last + 1) - 1) % 7  # day 1 of the count was a Monday
    flags = np.stack([table.numbers(name) == 1 for name in WEEKDAYS], axis=1)
    for row, service in enumerate(table.at("service_id", index)):
        if service >= 0:
            start, end = int(spans[row, 0]) - first, int(spans[row, 1]) - first
            runs[service, start : end + 1] = flags[row][weekday[start : end + 1]]
    table, days = single
    service = table.at("service_id", index)
    inside = (service >= 0) & (days >= first) & (days <= last)
    at = (days[inside] - first).astype(np.int64)
    adds = table.numbers("exception_type")[inside] == 1
    runs[service[inside][adds], at[adds]] = True
    runs[service[inside][~adds], at[~adds]] = False
    return runs


def narrower(feed: Feed, first_day: date, days: int, losses: Losses) -> tuple[str, str]:
    """Publisher and version of feed_info.txt; a window narrower than that of the calendars is told, not applied."""
    columns = ("feed_publisher_name", "feed_version", "feed_start_date", "feed_end_date")
    table = read_table(feed, "feed_info.txt", columns, losses)
    if table is None or not table.rows:
        return "", ""
    last_day = first_day + timedelta(days=max(days - 1, 0))
    start, end = (table.mapped(column, day_number)[0] for column in columns[2:])
    start, end = (None if np.isnan(d) else date.fromordinal(int(d)) for d in (start, end))
    if (start and start > first_day) or (end and end < last_day):
        said = f"{start:%d.%m.%Y}" if start else "…", f"{end:%d.%m.%Y}" if end else "…"
        losses.note(
            f"Der Herausgeber nennt als Geltung {said[0]} bis {said[1]}; die Verkehrstage reichen von "
            f"{first_day:%d.%m.%Y} bis {last_day:%d.%m.%Y}. Gerechnet wird mit den Verkehrstagen."
        )
    return str(table.texts(columns[0])[0]), str(table.texts(columns[1])[0])
