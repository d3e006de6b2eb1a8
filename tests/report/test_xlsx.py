# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The workbook read back as a planner would: words, signs for what is missing, no formulas, equal bytes."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dableiben.catalogue.text import Lang
from dableiben.core.run import Results
from dableiben.report.finding_sheets import share_in_gap, target_and_actual
from dableiben.report.labels import Labels
from dableiben.report.sheet import Shown, Sign
from dableiben.report.xlsx import FOOTER_MAX, footer, write_xlsx
from support.exports import Made, made

DAY = dt.datetime(2025, 3, 1)  # noqa: DTZ001 (a workbook knows no zones)


@pytest.fixture(scope="module")
def district() -> Made:
    return made()


@pytest.fixture(scope="module")
def book(district: Made, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return written(district, tmp_path_factory.mktemp("xlsx") / "report.xlsx")


def written(made_up: Made, path: Path, lang: Lang = "de") -> Workbook:
    write_xlsx(made_up.released, made_up.catalogue, path, lang=lang)
    return openpyxl.load_workbook(path)


def rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """Rows of a table by column title; the heading stands above the titles."""
    every = list(cast(Worksheet, book[sheet]).iter_rows(min_row=2, values_only=True))
    return [dict(zip(every[0], row, strict=True)) for row in every[1:]]


def cells(book: Workbook) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def test_sheets_have_german_names_and_are_linked_from_the_overview(book: Workbook) -> None:
    assert book.sheetnames == [
        "Übersicht", "Lücken", "Unbekannt", "Bestand-Bedarf-Saldo", "Gemeinden", "Vergleich", "Indikatoren",
        "Einrichtungen", "Normen", "Quellen", "Datenprüfung", "Methode",
    ]  # fmt: skip
    links = {cell.value for row in book["Übersicht"].iter_rows() for cell in row if cell.hyperlink is not None}
    assert links == set(book.sheetnames[1:])


def test_gaps_are_told_in_words_with_ids_at_the_end(district: Made, book: Workbook) -> None:
    gaps = district.released.tables["gaps"]
    shown = rows(book, "Lücken")
    assert [row["Kennung der Lücke"] for row in shown] == list(gaps["gap_id"])
    first = shown[0]
    assert (first["Rang"], first["Angebot"], first["Gebiet"], first["Ebene"], first["Gruppe"]) == (
        1, "Hausarztpraxis", "Mittelbereich B", "Mittelbereich", "Alle",
    )  # fmt: skip
    assert first["Ursache"] == "zu wenig Arztstellen"
    assert (first["Soll"], first["Ist"], first["Personen"]) == (18.2, 12.7, 5200)
    assert (first["Bindung"], first["Pflicht oder freiwillig"], first["Einfluss"]) == (
        "Planungswert", "Pflichtaufgabe", "selbst zuständig",
    )  # fmt: skip
    assert first["Beteiligte Stellen"] == "Jugendamt; Sozialplanung" and first["Prüfstatus"] == "bestätigt"
    assert first["Norm"] == "Anspruch auf einen Platz (§ 24 SGB VIII)"
    assert first["Älteste Angabe (Einwohner, Einrichtungen)"] == DAY
    titles = list(first)
    assert all(title.startswith("Kennung") for title in titles[-5:])
    carless = [row["Gruppe"] for row in shown if row["Kennung der Gruppe"].endswith(".ohne_auto")]
    assert carless and all(group.endswith("aus Haushalten ohne Auto") for group in carless)


def test_no_withheld_number_is_in_any_cell(district: Made, book: Workbook) -> None:
    """Every number on the sheets of findings is one that the gate let pass."""
    secret = district.released.tables["gaps"]["withheld"].notna()
    assert secret.sum() > 2
    hidden = district.released.tables["gaps"].loc[secret, "gap_id"]
    internal = district.results.tables["gaps"].set_index("gap_id")
    for row in rows(book, "Lücken"):
        if row["Kennung der Lücke"] in set(hidden):
            assert row["Personen"] == row["Personen mindestens"] == row["Personen höchstens"] == "•"
            count = internal.loc[row["Kennung der Lücke"], "persons_best"]
            assert f"{count:.0f} Personen" not in row["Begründung"]
    balance = district.released.tables["balance"]
    kept = set(balance["need_persons"].dropna().round(6))
    shown = rows(book, "Bestand-Bedarf-Saldo")
    assert {row["Bedarf"] for row in shown} - {"•", "unbekannt"} == kept
    assert sum(row["Bedarf"] == "•" for row in shown) == balance["withheld"].notna().sum() > 0
    needs = {row["Personen mit Bedarf"] for row in rows(book, "Gemeinden")} - {"•"}
    assert needs == set(district.released.tables["coverage"]["need_persons"].dropna().round(6))


def test_unknown_and_withheld_look_different_and_neither_is_zero(district: Made, book: Workbook) -> None:
    shown = {
        (row["Kennung des Gebiets"], row["Kennung des Angebots"], row["Kita- oder Schuljahr"]): row
        for row in rows(book, "Bestand-Bedarf-Saldo")
    }
    table = district.released.tables["balance"]
    assert table["places"].isna().any() and len(shown) == len(table)
    for record in table.to_dict("records"):
        row = shown[record["area_id"], record["kind"], record["kita_year"]]
        if record["places"] != record["places"]:
            # Without Bestand there is no Saldo that could be withheld.
            assert row["Bestand"] == row["Saldo"] == "unbekannt"
        elif record["withheld"]:
            assert row["Bestand"] == record["places"] and row["Saldo"] == row["Bedarf"] == "•"
        else:
            assert row["Saldo"] == pytest.approx(record["saldo_places"])
    signs = {row[0].value: row[1].value for row in book["Übersicht"].iter_rows(max_col=2)}
    assert signs["•"].startswith("geheim gehalten") and "nicht null" in signs["unbekannt"]


IDS = ("Kennung des Angebots", "Kennung der Gruppe", "Kennung des Gebiets")


def test_rounded_shares_make_no_exact_persons(district: Made, book: Workbook) -> None:
    sheet = book["Gemeinden"]
    titles = [cell.value for cell in sheet[2]]
    column = titles.index("davon von einer Lücke betroffen")
    numbers = [row[column] for row in sheet.iter_rows(min_row=3) if isinstance(row[column].value, (int, float))]
    towns = [(cell, *(str(sheet.cell(cell.row, titles.index(title) + 1).value) for title in IDS)) for cell in numbers]
    gaps = district.released.tables["gaps"]
    groups = gaps["group"].str.split(".").str[0]
    for cell, kind, group, area in (town for town in towns if town[0].value and re.fullmatch(r"\d{8}", town[3])):
        mine = gaps[(gaps["kind"] == kind) & (groups == group) & gaps["area_id"].str.startswith(area)]
        assert cell.value in [pytest.approx(total) for total in mine.groupby("cause")["persons_best"].sum()]
    words = {str(row[column].value) for row in sheet.iter_rows(min_row=3) if isinstance(row[column].value, str)}
    assert all(re.fullmatch(r"(rund|unter) \d+\s%|•", word) for word in words)
    exact = made(restricted=False)
    coverage = exact.released.tables["coverage"]
    assert coverage["share_step"].isna().all() and (coverage["gap_share"] > 0).any()
    labels = Labels(exact.released, exact.catalogue, "de")
    from dableiben.report.finding_sheets import coverage_sheet

    persons = [row[6] for row in coverage_sheet(labels).rows]
    assert sum(cast(float, p) for p in persons) == pytest.approx(
        (coverage["need_persons"] * coverage["gap_share"]).sum()
    )


def test_protected_places_are_absent(district: Made, book: Workbook) -> None:
    texts = " ".join(str(cell.value) for cell in cells(book))
    names = district.results.tables["facilities"]
    protected = names[names["kind"].isin(["frauenhaus", "kindertagespflege"])]
    for secret in (*protected["name"], *protected["facility_id"]):
        assert secret not in texts
    refuge = [row for row in rows(book, "Einrichtungen") if row["Angebot"] == "Frauenhaus"]
    minders = [row for row in rows(book, "Einrichtungen") if row["Angebot"] == "Kindertagespflege"]
    assert not refuge and len(minders) == 3
    assert all(row["Lage"] == "geschützter Ort" and row["Länge (Grad Ost)"] is None for row in minders)


DANGEROUS = ("=1+1", "+49 381 1", "-5 Plätze", "@SUM(A1)", '=HYPERLINK("http://x")', "https://example.org", "00815")


def test_texts_stay_texts(tmp_path: Path) -> None:
    """Names that look like formulas, links or numbers come from registers; Excel must not act on them."""

    def rename(results: Results) -> None:
        facilities = results.tables["facilities"]
        at = facilities.index[facilities["kind"] == "kita"][: len(DANGEROUS)]
        facilities.loc[at, "name"] = DANGEROUS
        facilities.loc[at, "provider"] = [text * 20_000 for text in DANGEROUS]

    changed = written(made(change=rename), tmp_path / "report.xlsx")
    shown = {row["Name"]: row for row in rows(changed, "Einrichtungen")}
    assert set(DANGEROUS) <= set(shown)
    assert {len(shown[text]["Träger"]) for text in DANGEROUS} == {32_767}  # what a cell holds
    sheet = changed["Einrichtungen"]
    named = [cell for row in sheet.iter_rows() for cell in row if cell.value in DANGEROUS]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in named)
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 12
        assert not any(b"<f>" in archive.read(n) or b"<f " in archive.read(n) for n in sheets)


def test_no_formula_in_any_cell(book: Workbook) -> None:
    assert {cell.data_type for cell in cells(book)} <= {"s", "n", "d"}


def test_tables_can_be_read_filtered_and_printed(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        left = sheet.oddFooter.left.text
        assert left.startswith("ERFUNDEN") and "OpenStreetMap" in left
        if sheet.title in ("Übersicht", "Methode"):
            continue
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("3")
        last = max(sheet.max_row, 3)
        assert sheet.auto_filter.ref == f"A2:{sheet.cell(last, sheet.max_column).coordinate}"
        assert str(sheet["A1"].value).startswith("ERFUNDEN")
        assert all(cell.value for cell in sheet[2])
        assert len({cell.value for cell in sheet[2]}) == sheet.max_column
        assert "Kennung" not in str(sheet[2][0].value)


def test_number_formats(book: Workbook) -> None:
    def formats(sheet: str, title: str) -> dict[Any, str]:
        titles = [cell.value for cell in book[sheet][2]]
        column = titles.index(title)
        return {row[column].value: row[column].number_format for row in book[sheet].iter_rows(min_row=3)}

    gaps = formats("Lücken", "Personen")
    assert gaps[5200] == gaps[7] == "#,##0"
    assert formats("Lücken", "Soll")[18.2] == "#,##0.0"
    assert formats("Lücken", "Älteste Angabe (Einwohner, Einrichtungen)")[DAY] == "dd.mm.yyyy"
    saldo = next(iter(formats("Bestand-Bedarf-Saldo", "Saldo").values()))
    assert saldo.startswith("+#,##0") and ";−#,##0" in saldo
    assert formats("Gemeinden", "Anteil in einer Lücke")[0.1] == "0 %"


def test_what_is_missing_most_stands_first(book: Workbook) -> None:
    shown = [row["Personen"] for row in rows(book, "Unbekannt")]
    numbers = [n for n in shown if isinstance(n, (int, float))]
    assert numbers == sorted(numbers, reverse=True) and shown[: len(numbers)] == numbers
    assert "•" in shown
    kita = rows(book, "Unbekannt")[0]
    assert kita["Offen ist"] == "Plätze, Stellen" and kita["Betrifft Einrichtungen"] == "Kita Dornsee"


def test_cells_of_the_map_are_not_dumped(district: Made, book: Workbook) -> None:
    assert len(district.released.tables["cells"]) > 2_000
    assert sum(sheet.max_row for sheet in book.worksheets) < 500


def test_english(district: Made, tmp_path: Path) -> None:
    english = written(district, tmp_path / "report.xlsx", "en")
    assert english.sheetnames[:4] == ["Overview", "Gaps", "Unknown", "Inventory-need-balance"]
    first = rows(english, "Gaps")[0]
    assert (first["Service"], first["Cause"], first["Binding"]) == (
        "general practice", "too few doctors' posts", "planning value",
    )  # fmt: skip
    assert "5200 persons" in first["Explanation"]
    assert first["Responsible"] == district.catalogue.kinds["hausarzt"].responsibility.body.en
    german = {
        row["Gebiet"]: row["Bestand"] for row in rows(written(district, tmp_path / "de.xlsx"), "Bestand-Bedarf-Saldo")
    }
    assert {row["Area"]: row["Inventory"] for row in rows(english, "Inventory-need-balance")} == {
        area: "unknown" if places == "unbekannt" else places for area, places in german.items()
    }
    heading = str(english["Gaps"]["A1"].value)
    assert heading.startswith("MADE UP")


def test_reasons_of_unknowns_are_found_in_english(district: Made) -> None:
    from dableiben.catalogue.explain import explain_unknown

    german = explain_unknown(district.catalogue, "data_edge", "kita", "kinder_u3", "de", area="Dornsee")
    english = explain_unknown(district.catalogue, "data_edge", "kita", "kinder_u3", "en", area="Dornsee")
    labels = Labels(district.released, district.catalogue, "en")
    assert labels.open_point(*german, "kita", "kinder_u3", "Dornsee") == english
    assert labels.open_point("Anders.", "etwas", "kita", "kinder_u3", "Dornsee") == ("Anders.", "etwas")


def test_equal_results_give_equal_bytes(district: Made, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    paths = [tmp_path / "a.xlsx", tmp_path / "elsewhere" / "b.xlsx"]
    for path, one in zip(paths, (district, made()), strict=True):
        write_xlsx(one.released, one.catalogue, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parent.parent
    script = (
        "import sys; from pathlib import Path; from support.exports import made;"
        "from dableiben.report.xlsx import write_xlsx; m = made();"
        "write_xlsx(m.released, m.catalogue, Path(sys.argv[1]))"
    )
    written_files = []
    for seed in ("1", "4242"):
        path = tmp_path / f"{seed}.xlsx"
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(tests)}
        subprocess.run([sys.executable, "-c", script, str(path)], env=env, check=True)
        written_files.append(path.read_bytes())
    assert written_files[0] == written_files[1]


def test_only_released_results_are_written(district: Made, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Released"):
        write_xlsx(district.results, district.catalogue, tmp_path / "no.xlsx")  # type: ignore[arg-type]
    assert not (tmp_path / "no.xlsx").exists()


def test_the_council_sees_confirmed_gaps_and_is_told_so(tmp_path: Path) -> None:
    council = made(council=True)
    confirmed = council.results.tables["gaps"]["review_status"] == "confirmed"
    assert 0 < confirmed.sum() < len(confirmed)
    book = written(council, tmp_path / "report.xlsx")
    shown = rows(book, "Lücken")
    assert {row["Prüfstatus"] for row in shown} == {"bestätigt"} and len(shown) == confirmed.sum()
    assert "Fassung mit bestätigten Lücken" in str(book["Lücken"]["A1"].value)


def test_a_result_without_any_gap_still_opens(tmp_path: Path) -> None:
    def nothing(results: Results) -> None:
        for name in ("gaps", "unknowns", "balance", "indicators", "cells", "need", "facilities"):
            cast(dict[str, Any], results.tables)[name] = results.tables[name].iloc[:0]

    book = written(made(change=nothing), tmp_path / "report.xlsx")
    assert book.sheetnames == ["Übersicht", "Lücken", "Unbekannt", "Normen", "Quellen", "Datenprüfung", "Methode"]
    assert book["Lücken"].max_row == 2


def test_the_footer_fits() -> None:
    district = made()
    labels = Labels(district.released, district.catalogue, "de")
    assert len(footer(labels)) <= FOOTER_MAX and "OpenStreetMap" in footer(labels)
    for source in district.released.run["sources"]:
        source["attribution"] = f"© {source['file']} & Söhne " * 20
    assert len(footer(labels)) <= FOOTER_MAX and "Blatt „Quellen“" in footer(labels)
    district.released.run["name"] = "Zweckverband & Co " * 20
    assert len(footer(labels)) <= FOOTER_MAX and footer(labels).endswith("&P/&N")


def part(
    unrated: float | None, gap: float | None, unknown: float | None, withheld: str | None = None
) -> dict[str, Any]:
    return {"unrated_share": unrated, "gap_share": gap, "unknown_share": unknown, "withheld": withheld}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([part(1.0, 0.0, 0.0)], None),
        ([part(0.0, 0.0, 0.0)], 0.0),
        ([part(0.0, 0.2, 0.1), part(0.0, 0.7, 0.0)], 0.7),
        ([part(0.0, 0.0, 0.3)], Sign.UNKNOWN),
        ([part(0.0, None, 0.0, "geheim"), part(0.0, 0.0, 0.0)], Sign.WITHHELD),
        ([part(None, None, None, "geheim")], Sign.WITHHELD),
        ([], None),
    ],
)
def test_the_comparison_shows_the_group_most_concerned(groups: list[dict[str, Any]], expected: object) -> None:
    assert share_in_gap(groups) == expected


def test_what_could_not_be_reached_is_no_number(district: Made) -> None:
    labels = Labels(district.released, district.catalogue, "de")
    way = {"target": 30.0, "actual": None, "unit": "min", "cause": "distance", "withheld": None}
    assert target_and_actual(labels, way) == (Shown(30.0, "minutes"), "nicht von allen erreicht")
    places = {"target": None, "actual": 60.0, "unit": "place", "cause": "capacity", "withheld": "geheim"}
    assert target_and_actual(labels, places) == (Sign.WITHHELD, 60.0)
    quality = {"target": None, "actual": None, "unit": "facility", "cause": "quality", "withheld": "geheim"}
    assert target_and_actual(labels, quality) == (None, None)


def test_the_council_is_told_no_unconfirmed_judgement(tmp_path: Path) -> None:
    def confirm_one(results: Results) -> None:
        gaps, balance = results.tables["gaps"], results.tables["balance"]
        large = balance[balance["saldo_places"].notna() & (balance["need_persons"] > 20)].iloc[0]
        gaps["review_status"] = "open"
        row = gaps.index[gaps["kind"] == "hausarzt"][0]
        for column in ("kind", "group", "area_id"):
            gaps.loc[row, column] = large[column]
        gaps.loc[row, "review_status"] = "confirmed"

    council = made(council=True, change=confirm_one)
    book = written(council, tmp_path / "report.xlsx")
    assert "Vergleich" not in book.sheetnames
    for sheet in ("Gemeinden", "Indikatoren"):
        if sheet in book.sheetnames:
            for row in rows(book, sheet):
                assert not [title for title in row if "Lücke" in title or title.startswith("Anteil")]
                assert row.get("Einheit") not in ("share", "%", "Anteil")
    gaps = council.results.tables["gaps"]
    content = gaps[(gaps["review_status"] == "confirmed") & (gaps["dimension"] == "content")]
    said = set(zip(content["kind"], content["area_id"], strict=True))
    told = {
        (row["Kennung des Angebots"], row["Kennung des Gebiets"])
        for row in rows(book, "Bestand-Bedarf-Saldo")
        if isinstance(row["Saldo"], float | int)
    }
    assert told and told <= said
