#!/usr/bin/env python3
"""Cut the built-in price series out of the `skfolio` package.

    pip download --no-deps skfolio==1.12.2
    python3 extract.py skfolio-1.12.2-py3-none-any.whl > us-equities-2020-03.csv

Standard library only. A price is copied as the text that stands in the package: nothing is filled, rounded or changed. What changes is
the first column: the trading day becomes Unix seconds UTC of that day's midnight, which is the open of the daily bar.
"""

import csv
import gzip
import io
import sys
import zipfile
from datetime import date, datetime, timezone

FIRST_DAY, LAST_DAY = date(2019, 11, 1), date(2020, 6, 30)
STOCKS, INDEX = "skfolio/datasets/data/sp500_dataset.csv.gz", "skfolio/datasets/data/sp500_index.csv.gz"


def table(wheel, name):
    """The header without its date column, and the rows of the window by day."""
    text = gzip.decompress(wheel.read(name)).decode("utf-8")
    header, *rows = csv.reader(io.StringIO(text))
    days = {date.fromisoformat(row[0]): row[1:] for row in rows}
    return header[1:], {day: row for day, row in days.items() if FIRST_DAY <= day <= LAST_DAY}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        stocks, stock_rows = table(wheel, STOCKS)
        index, index_rows = table(wheel, INDEX)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["time", *stocks, *index])
    for day in sorted(stock_rows.keys() | index_rows.keys()):
        midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
        holes = lambda names: [""] * len(names)
        prices = stock_rows.get(day, holes(stocks)) + index_rows.get(day, holes(index))
        out.writerow([int(midnight.timestamp()), *prices])


if __name__ == "__main__":
    main()
