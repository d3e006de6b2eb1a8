# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Small timetables in the format GTFS: one bus line over four stops in a row, any table of which may be replaced."""

from __future__ import annotations

import zipfile
from pathlib import Path

TABLES: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Kreisbus,https://example.org,Europe/Berlin\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon\na,Markt,50.30,8.90\nb,Schule,50.30,8.91\nc,Mühle,50.30,8.93\n"
        "d,Hof,50.30,8.94\n"
    ),
    "routes.txt": "route_id,route_short_name,route_long_name,route_type\n1,21,Markt - Hof,3\n",
    "trips.txt": "route_id,service_id,trip_id\n1,w,t1\n1,w,t2\n1,s,t3\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,07:00:00,07:00:00,a,1\nt1,07:05:00,07:06:00,b,2\nt1,07:15:00,07:15:00,d,3\n"
        "t2,23:50:00,23:50:00,a,1\nt2,24:10:00,24:10:00,d,2\n"
        "t3,10:00:00,10:00:00,a,1\nt3,10:20:00,10:20:00,d,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "w,1,1,1,1,1,0,0,20260105,20260131\ns,0,0,0,0,0,1,0,20260105,20260131\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nw,20260106,2\ns,20260106,1\n",
}
"""service w runs Monday to Friday, s on Saturdays; 6 January 2026, a Tuesday, is served like a Saturday"""


def write_feed(path: Path, /, **replaced: str | None) -> Path:
    """Write a feed as a ZIP archive, or as a folder where the path has no ending.

    replaced   name of a table (stop_times; locations for locations.geojson) -> its text; None = without the table
    """
    tables: dict[str, str | None] = dict(TABLES)
    tables |= {f"{name}.geojson" if name == "locations" else f"{name}.txt": text for name, text in replaced.items()}
    if not path.suffix:
        path.mkdir(parents=True)
        for name, text in tables.items():
            if text is not None:
                (path / name).write_text(text, encoding="utf-8")
        return path
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in tables.items():
            if text is not None:
                opened.writestr(name, text)
    return path


def times(*rows: str) -> str:
    """Rows "trip stop arrival departure ..." of stop_times.txt, numbered by their order; "-" is an empty cell."""
    lines = ["trip_id,stop_id,arrival_time,departure_time,pickup_type,drop_off_type,shape_dist_traveled,stop_sequence"]
    for number, row in enumerate(rows, start=1):
        cells = ["" if cell == "-" else cell for cell in row.split()]
        lines.append(",".join([*cells, *[""] * (7 - len(cells)), str(number)]))
    return "\n".join(lines) + "\n"
