"""Writes tables of every binary format, one trait each, into the folder given as the first argument."""

import datetime
import decimal
import gzip
import io
import json
import os
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import openpyxl.chart
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
from openpyxl.worksheet.worksheet import Worksheet

Rows = list[list[Any]]
ORDERS = '"order lines ""2024"""'
PEOPLE: Rows = [["id", "name", "amount"], [1, "张伟", 12.5], [2, "Ann", -3], [3, "Bob", 40]]


def put(sheet: Worksheet, rows: Rows, row: int = 1, column: int = 1) -> None:
    """Writes rows with their first cell at `row` and `column`, counted from 1."""
    for down, cells in enumerate(rows):
        for right, value in enumerate(cells):
            if value is not None:
                sheet.cell(row + down, column + right, value)


def workbook(name: str, fill: Callable[[openpyxl.Workbook, Worksheet], None]) -> None:
    """Writes a workbook whose first sheet is called Data."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Data"
    fill(book, sheet)
    book.save(name)


def titled(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """A merged title, a blank row, and a table that begins in the second column."""
    sheet["B1"] = "Sales report"
    sheet.merge_cells("B1:D1")
    put(sheet, PEOPLE, 4, 2)


def grouped(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Names of groups above names of columns."""
    put(sheet, [["Region", "2023", None, "2024", None], [None, "Q1", "Q2", "Q1", "Q2"]])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    put(sheet, [["North", 1, 2, 3, 4], ["South", 5, 6, 7, 8], ["West", 9, 10, 11, 12]], 3)


def labelled(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Labels that span several rows."""
    put(sheet, [["region", "city", "n"], ["North", "A", 1], [None, "B", 2], ["South", "C", 3], [None, "D", 4]])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:A5")


def hidden(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Hidden rows, a hidden column and a hidden sheet."""
    put(sheet, [["k", "secret", "v"], ["a", 1, 10], ["b", 2, 20], ["c", 3, 30], ["d", 4, 40]])
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    other = book.create_sheet("Secret")
    other.sheet_state = "hidden"
    put(other, [["x", "y"]] + [[index, index] for index in range(50)])


def clocks(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Dates, times, lengths of time, shares and money."""
    put(sheet, [["day", "moment", "clock", "worked", "share", "price"]])
    for index in range(4):
        row = index + 2
        sheet.cell(row, 1, datetime.date(2024, 1, 30 - index))
        sheet.cell(row, 2, datetime.datetime(2024, 1, 31, 10, 30 + index))
        sheet.cell(row, 3, datetime.time(10 + index, 30)).number_format = "h:mm"
        sheet.cell(row, 4, datetime.timedelta(hours=25 + index, minutes=30)).number_format = "[h]:mm:ss"
        sheet.cell(row, 5, 0.125 * index).number_format = "0.0%"
        sheet.cell(row, 6, 1234.5 + index).number_format = '"$"#,##0.00'


def old_epoch(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Days counted from 1904."""
    book.epoch = datetime.datetime(1904, 1, 1)
    put(sheet, [["day", "n"]] + [[datetime.date(2024, 3, 1 + index), index] for index in range(4)])


def errors(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Cells that hold errors, and formulas that nobody has computed."""
    put(sheet, [["k", "v", "sum"], ["a", 1, "=B2*2"], ["b", "#N/A", "=B3*2"], ["c", "#DIV/0!", "=1/0"], ["d", 4, 8]])
    for place in ("B3", "B4"):
        sheet[place].data_type = "e"


def text_numbers(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Numbers that are text, beside codes that are text on purpose."""
    put(sheet, [["code", "amount"], ["007", "12.5"], ["008", "7.5"], ["123", 10]])


def beside(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Two tables side by side."""
    put(sheet, PEOPLE)
    put(sheet, [["city", "people"]] + [[f"c{index}", index * 10] for index in range(9)], 1, 6)


def stacked(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Two tables above each other, each with a title, and a remark."""
    put(sheet, [["Plan"], ["k", "v"], ["a", 1], ["b", 2], ["c", 3]])
    put(sheet, [["Result"], ["k", "v", "w"]] + [[f"r{index}", index, 1] for index in range(8)], 9)


def covered(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    """An empty first sheet, a cover, a chart, and the table last."""
    for row in range(1, 40):
        sheet.cell(row, 1).font = openpyxl.styles.Font(bold=True)
    put(book.create_sheet("Cover"), [["Annual report"]])
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(sheet, min_col=1, min_row=1, max_row=4))
    book.create_chartsheet("Chart").add_chart(chart)
    put(book.create_sheet("Numbers"), PEOPLE)


def totalled(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Blank rows inside, and a total at the end."""
    put(sheet, [["k", "v"], ["a", 1], [None, None], ["b", 2], ["c", 3], ["Total", 6]])


def year_names(_: openpyxl.Workbook, sheet: Worksheet) -> None:
    """Columns named by numbers and by days."""
    put(sheet, [["region", 2023, datetime.date(2024, 1, 1)], ["a", 1, 2], ["b", 3, 4], ["c", 5, 6]])


def formatted_to_the_end(source: str, name: str) -> None:
    """The workbook `source` with 50,000 rows below its own that hold formats and no values."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                rows = "".join(
                    f'<row r="{row}" s="1"><c r="A{row}" s="1"/><c r="B{row}" s="1"/><c r="E{row}" s="1"></c></row>'
                    for row in range(100, 50_100)
                )
                content = content.replace(b"</sheetData>", f"{rows}</sheetData>".encode())
            new.writestr(member, content)


def workbooks() -> None:
    """Workbooks with one trait each."""
    for make in (titled, grouped, labelled, hidden, clocks, old_epoch, errors, text_numbers, beside, stacked, covered,
                 totalled, year_names):  # fmt: skip
        workbook(f"{make.__name__}.xlsx", make)
    open_document("hidden.ods", "collapse")
    open_document("shown.ods", "visible")
    with open("titled.xlsx", "rb") as file:
        content = file.read()
    with open("book-called.csv", "wb") as renamed:
        renamed.write(content)
    formatted_to_the_end("titled.xlsx", "formatted.xlsx")
    with gzip.open("book.xlsx.gz", "wb") as packed:
        packed.write(content)


def open_document(name: str, visibility: str) -> None:
    """An OpenDocument spreadsheet whose second column and third and fourth row have the given visibility."""
    document = odf.opendocument.OpenDocumentSpreadsheet()
    for title in ("Data", "Other"):
        table = odf.table.Table(name=title)
        shown = {} if title == "Other" else {"visibility": visibility}
        table.addElement(odf.table.TableColumn())
        table.addElement(odf.table.TableColumn(**shown))
        for index, cells in enumerate([["k", "secret", "v"], *([key, key * 10, key * 10] for key in range(1, 5))]):
            row = odf.table.TableRow(**(shown if index in (2, 3) else {}))
            for value in cells:
                number = {} if isinstance(value, str) else {"valuetype": "float", "value": value}
                cell = odf.table.TableCell(**(number or {"valuetype": "string"}))
                cell.addElement(odf.text.P(text=str(value)))
                row.addElement(cell)
            table.addElement(row)
        document.spreadsheet.addElement(table)
    document.save(name)


def frame(rows: int = 6) -> pd.DataFrame:
    """Columns of all kinds."""
    return pd.DataFrame(
        {
            "id": range(rows),
            "name": ["张伟", "Ann", None, "Bob", "NA", "x"][:rows] if rows <= 6 else [f"n{i % 7}" for i in range(rows)],
            "amount": [index * 1.5 for index in range(rows)],
            "ok": [index % 2 == 0 for index in range(rows)],
            "moment": pd.date_range("2024-01-01 10:00", periods=rows, freq="h"),
        }
    )


def columnar() -> None:
    """Parquet and Arrow files: codecs, types, row groups, none."""
    table = pa.Table.from_pandas(frame(), preserve_index=False)
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        pyarrow.parquet.write_table(table, f"{codec}.parquet", compression=codec)
    rich = pa.table(
        {
            "price": pa.array([decimal.Decimal("1.10"), decimal.Decimal("2.25"), None], pa.decimal128(12, 2)),
            "day": pa.array([datetime.date(2024, 1, 31), None, datetime.date(1969, 12, 31)]),
            "zoned": pa.array([datetime.datetime(2024, 1, 1)] * 3, pa.timestamp("us", tz="Asia/Shanghai")),
            "city": pa.array(["a", "b", "a"]).dictionary_encode(),
            "tags": pa.array([["x"], [], None]),
            "place": pa.array([{"lat": 1.5, "lon": 2.0}, None, {"lat": 3.0, "lon": 4.0}]),
            "big": pa.array([2**63 + 1, 2, 3], pa.uint64()),
            "raw": pa.array([b"\x01\x02", None, b""]),
        }
    )
    pyarrow.parquet.write_table(rich, "rich.parquet")
    many = pa.Table.from_pandas(frame(50_000), preserve_index=False)
    pyarrow.parquet.write_table(many, "groups.parquet", row_group_size=3000)
    pyarrow.parquet.write_table(table.slice(0, 0), "none-at-all.parquet")
    for codec in ("uncompressed", "lz4", "zstd"):
        pyarrow.feather.write_feather(many, f"{codec}.feather", compression=codec)
    pyarrow.feather.write_feather(rich.drop_columns(["place"]), "rich.arrow")
    with pa.ipc.new_stream("stream.arrows", table.schema) as writer:
        writer.write_table(table)


def packed() -> None:
    """Text and other tables in gzip and zip."""
    text = "k,v\n" + "".join(f"r{index},{index}\n" for index in range(3000))
    with gzip.open("rows.csv.gz", "wt", encoding="utf-8", newline="") as file:
        file.write(text)
    with gzip.open("packed-called.csv", "wt", encoding="gb18030", newline="") as file:
        file.write("城市;人数\n北京;1\n上海;2\n广州;3\n")
    with gzip.open("lines.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"a": index, "b": f"x{index}"}) + "\n" for index in range(40))
    with gzip.open("table.parquet.gz", "wb") as file:
        buffer = io.BytesIO()
        frame().to_parquet(buffer)
        file.write(buffer.getvalue())
    with zipfile.ZipFile("one.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.csv", text)
    with zipfile.ZipFile("several.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", "about the data\n" * 2000)
        archive.writestr("data/small.csv", "a,b\n1,2\n3,4\n5,6\n")
        archive.writestr("data/large.csv", text)
        archive.writestr("data/records.json", json.dumps([{"p": 1, "q": {"r": 2}}, {"p": 3, "q": {"r": 4}}]))
        archive.write("titled.xlsx", "data/book.xlsx", zipfile.ZIP_STORED)
        archive.writestr("__MACOSX/data/._large.csv", "x" * 90_000)
        archive.writestr("data/inner.csv.gz", gzip.compress(text.encode()))


def database() -> None:
    """A database with tables, a view and names that need quoting."""
    with sqlite3.connect("shop.db") as connection:
        connection.executescript(
            f"""
            PRAGMA journal_mode = WAL;
            CREATE TABLE small (a INTEGER, b TEXT);
            INSERT INTO small VALUES (1, 'x'), (2, NULL), (9007199254740993, 'big');
            CREATE TABLE {ORDERS} (id INTEGER PRIMARY KEY, item TEXT, price REAL, code TEXT, raw BLOB);
            CREATE VIEW dear AS SELECT item, price FROM {ORDERS} WHERE price > 5;
            """
        )
        rows = [(index, f"item {index % 3}", index * 1.25, f"{index:05}", b"\x00") for index in range(20)]
        connection.executemany(f"INSERT INTO {ORDERS} VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()


def documents() -> None:
    """JSON in the shapes that programs write, GeoJSON, web pages."""
    shapes: dict[str, Any] = {
        "records.json": [{"id": 1, "v": 2.5}, {"id": 2, "v": None}],
        "columns.json": {"a": [1, 2, 3], "b": ["x", "y", "z"]},
        "by-column.json": {"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}},
        "by-row.json": {"north": {"n": 1, "m": 2}, "south": {"n": 3, "m": 4}, "west": {"n": 5}},
        "split.json": {"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]},
        "rows-under.json": {"meta": {"n": 2}, "result": {"columns": ["a", "b"], "rows": [[1, "x"], [2, "y"]]}},
        "arrays.json": [["city", "n"], ["a", 1], ["b", 2], ["c", 3]],
        "bare-arrays.json": [[1, 2], [3, 4], [5, 6]],
        "values.json": [4, 5, 6],
        "single.json": {"id": 1, "name": "x", "n": 2.5, "gone": None},
        "under.json": {"status": "ok", "data": {"items": [{"id": 1, "g": {"lat": 1.5}}, {"id": 2, "g": {"lat": 2.5}}]}},
        "huge.json": [{"n": 123456789012345678901234567890}, {"n": 2}],
    }
    for name, shape in shapes.items():
        with open(name, "w", encoding="utf-8") as file:
            json.dump(shape, file, ensure_ascii=False)
    with open("nan.json", "w", encoding="utf-8") as file:
        file.write('[{"k": "NaN", "v": NaN}, {"k": "b", "v": 2.0}, {"k": "c", "v": Infinity}]')
    with open("marked.json", "w", encoding="utf-8-sig") as file:
        json.dump([{"名": "甲", "数": 1}, {"名": "乙", "数": 2}], file, ensure_ascii=False)
    with open("chinese.json", "w", encoding="gb18030") as file:
        people = [{"姓名": "张伟", "城市": "北京市", "金额": 12.5}, {"姓名": "李娜", "城市": "上海市", "金额": 3}]
        json.dump(people, file, ensure_ascii=False)
    with open("varying.jsonl", "w", encoding="utf-8") as file:
        file.write('{"a": 1}\n\n{"b": "x", "a": 2}\n{"c": {"d": 5}, "a": 3}\n')
    with open("empty-objects.jsonl", "w", encoding="utf-8") as file:
        file.write('{"a": 1, "b": {}}\n{"a": 2, "b": {"c": 1.5, "d": {}}}\n{"a": 3}\n')
    with open("single.jsonl", "w", encoding="utf-8") as file:
        file.write('{"a": 1, "b": 2}\n')
    features = [
        {"type": "Feature", "id": index, "properties": {"name": name, "n": index + 5},
         "geometry": {"type": "Point", "coordinates": [index + 0.5, 2]} if index < 2 else None}
        for index, name in enumerate(["A", "B", "C"])
    ]  # fmt: skip
    with open("places.geojson", "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    with open("shapes.geojson", "w", encoding="utf-8") as file:
        ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
        records = [{"type": "Feature", "properties": {"area": index}, "geometry": ring} for index in range(3)]
        json.dump({"type": "FeatureCollection", "features": records}, file)


PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body>
<table><tr><td>menu</td></tr></table>
<table><caption>Cities</caption><thead><tr><th>city</th><th>people</th><th>code</th></tr></thead><tbody>
<tr><td>A&amp;B</td><td>1,234</td><td>001</td></tr><tr><td>C<br>D</td><td>2,000</td><td>002</td></tr>
<tr><td>E</td><td></td><td>003</td></tr></tbody></table>
<table><tr><th rowspan="2">region</th><th colspan="2">2024</th></tr><tr><th>q1</th><th>q2</th></tr>
<tr><td rowspan="2">north</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>
<tr><td>south</td><td colspan="2">5</td></tr></table>
<table style="display: none"><tr><th>a</th></tr><tr><td>1</td></tr></table></body></html>"""

SHEET_PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body>
<table border=1><tr><td>编号<td>金额</tr><tr><td>a<td>1.5</tr><tr><td>b<td>2.5</tr></table></body></html>"""

SPREADSHEET = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Data"><Table>
<Row><Cell><Data ss:Type="String">Report</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">k</Data></Cell><Cell><Data ss:Type="String">v</Data></Cell>
<Cell><Data ss:Type="String">w</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="Number">1.5</Data></Cell>
<Cell><Data ss:Type="Number">4</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">b</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">5</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">c</Data></Cell><Cell><Data ss:Type="Number">2.5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""

PARTS = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="----=part"; type="text/html"

------=part
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable
Content-Location: sheet.html

<html><body><table><tr><th>=E5=9F=8E=E5=B8=82</th><th>n</th></tr><tr><td>a=
b</td><td>1</td></tr><tr><td>c</td><td>2</td></tr></table></body></html>
------=part
Content-Type: image/png
Content-Transfer-Encoding: base64

AAAA
------=part--
"""


def pages() -> None:
    """Web pages, also under the names of workbooks, and spreadsheets as XML."""
    for name, text in (("page.html", PAGE), ("page-called.xls", SHEET_PAGE), ("xml-called.xls", SPREADSHEET)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    with open("archive-called.xls", "w", encoding="ascii", newline="\r\n") as file:
        file.write(PARTS)
    with open("text-called.xls", "w", encoding="utf-8") as file:
        file.write("k\tv\na\t1\nb\t2\n")


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    workbooks()
    columnar()
    packed()
    database()
    documents()
    pages()
