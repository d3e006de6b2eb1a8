# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The words in which Germans write opening hours, as tokens; a word that is not known is told, never skipped."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass

from dableiben.supply.hour_days import WEEKDAYS, Unusable

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ENGLISH = {"mar": "Mar", "may": "May", "oct": "Oct", "dec": "Dec"}
_MONTH_WORDS = (
    "januar jänner jan", "februar feber feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul",
    "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez",
)  # fmt: skip
_DAY_WORDS = (
    "montag montags mo", "dienstag dienstags di tu", "mittwoch mittwochs mi we",
    "donnerstag donnerstags do th", "freitag freitags fr",
    "samstag samstags sonnabend sonnabends sa", "sonntag sonntags so sonn su",
)  # fmt: skip
_NUMBER_WORDS = "null ein zwei drei vier fünf sechs sieben acht neun zehn"
_ORDINALS = {"letzt": "-1", "erst": "1", "zweit": "2", "dritt": "3", "viert": "4", "fünft": "5"}
_MEANINGS = {
    # Words that add nothing to what stands beside them.
    "": (
        "uhr h von vom um am an im in den der die das dem jeweils immer jeden jede jeder jedes nur geöffnet offen auf "
        "öffnungszeit öffnungszeiten öffnungstage betreuungszeit betreuungszeiten sprechzeit sprechzeiten sprechstunde "
        "sprechstunden servicezeit servicezeiten betriebszeit betriebszeiten geschäftszeiten bürozeiten zeit zeiten "
        "durchgehend durchgängig gesetzlich "
        "gesetzliche gesetzlichen gesetzlicher ca circa etwa während regulär regelmäßig open jahr jährlich einer eines"
    ),
    "and": "und u sowie",
    "to": "bis",
    "from": "ab",
    "daily": "täglich",
    "workday": "werktag werktags werktäglich werktage werktagen wochentags wochentag wochentage wochentagen",
    "weekend": "wochenende wochenenden wochenends",
    "public": "feiertag feiertags feiertage feiertagen feiertagsöffnung ph",
    "school": "ferien schulferien ferienzeit ferienzeiten sh",
    "bridge": "brückentag brückentage brückentagen",
    "term": "schulzeit schultag schultage schultagen schultags unterrichtszeit",
    "off": "geschlossen zu off closed ruhetag entfällt",
    "closing": (
        "schließzeit schließzeiten schliesszeit schliesszeiten schließung schliessung schließtag schließtage "
        "schließtagen schliesstage betriebsferien betriebsurlaub betriebsruhe schließwoche schließwochen"
    ),
    "weeks": "woche wochen",
    "days": "tag tage tagen",
    "week_number": "kw kalenderwoche kalenderwochen",
    "half": "vormittag vormittags nachmittag nachmittags abends morgens früh mittag mittags",
    "except": "außer ausgenommen nicht",
    "fortnight": "zweiwöchentlich zweiwöchig vierzehntägig",
}
_WORDS: dict[str, tuple[str, str]] = {
    **{word: (kind or "skip", word) for kind, words in _MEANINGS.items() for word in words.split()},
    **{word: ("day", WEEKDAYS[n]) for n, words in enumerate(_DAY_WORDS) for word in words.split()},
    **{word: ("month", MONTHS[n]) for n, words in enumerate(_MONTH_WORDS) for word in words.split()},
    **{word: ("month", month) for word, month in _ENGLISH.items()},
    **{word: ("number", str(n)) for n, word in enumerate(_NUMBER_WORDS.split())},
    **{stem + end: ("ordinal", n) for stem, n in _ORDINALS.items() for end in ("e", "en", "er", "es", "em")},
}
SEASONS = ("sommer", "herbst", "weihnachts", "winter", "oster", "pfingst", "frühjahrs")

_BY_APPOINTMENT = re.compile(
    r"(?:(?:weitere|andere|individuelle|sonstige)?\s*(?:termine?|zeiten|besuche?|sprechstunden?)\s+)?(?:nur\s+)?"
    r"(?:(?:nach|auf|mit|gegen|bei)\s+"
    r"(?:vorheriger|telefonischer|persönlicher|individueller|rechtzeitiger|tel\.?|und|\s)*"
    r"(?:termin)?(?:vereinbarung|absprache|anfrage|anmeldung|bedarf|voranmeldung|termin|verabredung)(?:en)?"
    r"|n\.\s?v\.|\bnv\b)"
)
_ALWAYS = re.compile(r"rund um die uhr|tag und nacht|24\s*(?:h\b|stunden|std\.?)(?:\s*(?:am|pro|/)?\s*tag)?|24/7")
_IN_MONTH = re.compile(r"\b(?:im|des|eines jeden|jeden|eines)\s+monats?\b|\bd\.\s?m\.")
_FORTNIGHT = re.compile(r"14[\s-]*tägige?r?|\b(?:alle (?:2|zwei) wochen|jede (?:2\.|zweite) woche|alle 14 tage)")
_EVEN = re.compile(r"\b(?:in\s+)?(un)?gerade[nr]?\s+(?:kw|kalenderwochen?|wochen?)\b")
_BETWEEN_YEARS = re.compile(
    r"zwischen den jahren|(?:(?:zwischen|von) )?weihnachten\s*(?:und|bis|-)\s*(?:einschließlich )?(?:neujahr|silvester)"
)
_DATE = rf"(?P<date>\d{{1,2}}\.\s?(?:(?:0?[1-9]|1[0-2])\.|(?:{'|'.join(_MONTH_WORDS).replace(' ', '|')})\b\.?)"
_TOKEN = re.compile(
    _DATE + r"""(?:\s?(?:(?:19|20)\d\d|\d\d(?![\d.:])))?)
    | (?P<time>\d{1,2}[:.]\d{2}(?!\d)) | (?P<day_number>\d{1,2}\.(?=\s*(?:-|bis)\s*\d{1,2}\.))
    | (?P<ordinal>[1-5]\.(?=\s*(?:[a-zäöü,+/&]|\d\.))) | (?P<number>\d{1,2}(?!\d))\.? | (?P<word>[a-zäöüß]+)\.?
    | (?P<mark>@\w+@) | (?P<dash>-) | (?P<and>[,+&/]) | (?P<end>[;\n|]) | (?P<skip>[\s.:()]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A word of the text: what it means, its value, and the words as written."""

    kind: str
    value: str
    shown: str = ""


def tokens_of(text: str) -> list[Token]:
    """Tokens of a text without those that say nothing. Errors: `Unusable` with the word that is not known."""
    given, text = text, _plain(text)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unusable(f"„{text[at : at + 12]}“ ist keine bekannte Angabe zu Öffnungszeiten.")
        try:
            token = _token(str(match.lastgroup), match)
        except KeyError:
            shown = _as_written(match["word"], given)
            raise Unusable(f"„{shown}“ ist keine bekannte Angabe zu Öffnungszeiten.") from None
        if token.kind != "skip":
            found.append(token)
        at = match.end()
    return found


def _plain(text: str) -> str:
    """Lower case, one kind of dash, small raised minutes as a time, and set phrases as one mark."""
    text = re.sub(r"(\d)\s?([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})", lambda m: f"{m[1]}:{unicodedata.normalize('NFKC', m[2])}", text)
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    text = text.replace("schliess", "schließ")
    text = re.sub(r"\b(\d{1,2}:\d{2}):00\b", r"\1", text)
    text = re.sub(r"(?<=\d)\s*(?:uhr|h)(?=\d)", ":", text)
    text = re.sub(r"\"[^\"]*\"|„[^“]*“", " @appointment@ ", text)  # a condition, as in OSM
    text = _BETWEEN_YEARS.sub(" @years@ ", text)
    text = _ALWAYS.sub(" @always@ ", text)
    text = _BY_APPOINTMENT.sub(" @appointment@ ", text)
    text = re.sub(r"\boder\s+@app", "und @app", text)
    text = _FORTNIGHT.sub(" @fortnight@ ", text)
    text = _EVEN.sub(lambda m: " @odd@ " if m[1] else " @even@ ", text)
    return _IN_MONTH.sub(" @monthly@ ", text)


def _token(kind: str, match: re.Match[str]) -> Token:
    shown = match.group().strip()
    if kind == "word":
        return _word(match["word"], shown)
    if kind == "mark":
        return Token(shown.strip("@"), "", shown.strip("@"))
    if kind == "dash":
        return Token("to", "", shown)
    if kind in ("ordinal", "day_number", "number"):
        return Token(kind, match[kind].rstrip("."), shown)
    return Token(kind, shown, shown)


def _word(word: str, shown: str) -> Token:
    if word in _WORDS:
        kind, value = _WORDS[word]
        return Token(kind, value, shown)
    for season in SEASONS:
        for kind in ("school", "closing"):
            if word.startswith(season) and _WORDS.get(word.removeprefix(season), ("", ""))[0] == kind:
                return Token(kind, season, shown)
    raise KeyError(word)


def _as_written(word: str, text: str) -> str:
    found = re.search(re.escape(word), text, re.IGNORECASE)
    return found.group() if found else word


def dates_to_osm(first: str, last: str | None) -> str:
    """One date or a stretch of dates as written ("13.7.", "22. August 2026") in OSM's syntax; years only if given.

    A year that only the last date has holds for the first too, the year before if the stretch goes over New Year.
    """
    start = _date(first)
    if last is None:
        return _osm_date(*start)
    end = _date(last)
    if start[2] is None and end[2] is not None:
        start = (start[0], start[1], end[2] - (start[1::-1] > end[1::-1]))
    if (start[2] is None) != (end[2] is None) or (start[2] or 0, *start[1::-1]) > (end[2] or 9999, *end[1::-1]):
        raise Unusable(f"„{first} – {last}“ ist kein Zeitraum.")
    return f"{_osm_date(*start)}-{_osm_date(*end)}"


def _date(text: str) -> tuple[int, int, int | None]:
    """Day, month and year (None if not given)."""
    numbers = re.findall(r"\d+", text)
    word = re.search(r"[a-zäöü]+", text)
    if word is not None:
        numbers.insert(1, str(MONTHS.index(_WORDS[word.group()][1]) + 1))
    year = int(numbers[2]) if len(numbers) > 2 else None
    year = year + 2000 if year is not None and year < 100 else year
    day, month = int(numbers[0]), int(numbers[1])
    if not 1 <= day <= monthrange(year or 2000, month)[1]:
        raise Unusable(f"„{text}“ ist kein Datum.")
    return day, month, year


def _osm_date(day: int, month: int, year: int | None) -> str:
    return f"{f'{year} ' if year else ''}{MONTHS[month - 1]} {day}"
