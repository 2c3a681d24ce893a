"""Writes the tables of tests/cases/writers/reference with many programs, each into a folder beside it.

The reference says what is true; every file made here must be imported to these very bytes (tests/writers.rs). What was made with is
written into `writer.txt` of each folder. Dates become real date cells, numbers number cells, ids stay texts.

    python3 -m venv v
    v/bin/pip install openpyxl==3.1.5 XlsxWriter==3.3.1 pandas==3.1.1 xlwt==1.3.0 odfpy==1.4.1 lxml==6.1.3 pyexcel==0.7.6 \
        pyexcel-ezodf==0.3.4 pyexcel-ods3==0.6.1 pyexcel-xlsx==0.6.1 PyExcelerate==0.13.0 tablib==3.10.0 csvkit==2.2.0
    npm install xlsx@0.18.5 exceljs@4.4.0 csv-stringify@6.9.0 write-excel-file@4.1.1 xlsx-populate@1.21.0 papaparse@5.7.1
    apt-get install --no-install-recommends libreoffice-calc gnumeric libspreadsheet-writeexcel-perl libexcel-writer-xlsx-perl libtext-csv-perl
    NODE_PATH=node_modules v/bin/python tests/writers/writers.py            (all)
    NODE_PATH=node_modules v/bin/python tests/writers/writers.py odfpy xlwt  (those whose folder begins so)

Debian 12: LibreOffice 7.4.7, Gnumeric 1.12.55, Spreadsheet::WriteExcel 2.40, Excel::Writer::XLSX 1.10, Text::CSV 2.02. Node 20.
The folder `rust_xlsxwriter` is written by the test itself: `BLESS=1 cargo test --test writers`.
"""
import csv, datetime, glob, importlib.metadata as meta, json, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "cases", "writers")
ALL = ["establishments", "inspectors", "visits", "conflicts", "absences", "history"]
SOME = ["inspectors", "conflicts", "absences"]
DATES = {"left_on", "earliest", "latest", "from", "to", "date"}
NUMBERS = {"risk", "team_size"}


def table(name):
    """Header and rows, with dates and numbers as such and None for blank."""
    with open(os.path.join(CASES, "reference", name + ".csv"), encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))

    def cell(title, text):
        if not text:
            return None
        if title in DATES:
            return datetime.date.fromisoformat(text)
        return int(text) if title in NUMBERS else text

    return header, [[cell(title, text) for title, text in zip(header, row)] for row in rows]


def plain(value):
    return "" if value is None else value.isoformat() if isinstance(value, datetime.date) else str(value)


def folder(name, writer):
    path = os.path.join(CASES, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    with open(os.path.join(path, "writer.txt"), "w", encoding="utf-8") as file:
        file.write(writer + "\n")
    return path


def version(package):
    return f"{package} {meta.version(package)}, Python {sys.version_info[0]}.{sys.version_info[1]}"


WRITERS = {}


def writer(name, says, ending, tables=SOME):
    """Registers a function that writes one table to a path."""

    def register(function):
        def work():
            path = folder(name, says())
            for one in tables:
                function(os.path.join(path, one + ending), one, *table(one))

        WRITERS[name] = work
        return function

    return register


@writer("openpyxl", lambda: version("openpyxl") + ", XLSX", ".xlsx", ALL)
def openpyxl_(path, name, header, rows, style="yyyy-mm-dd"):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in [header] + rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, datetime.date):
            cell.number_format = style
    book.save(path)


@writer("openpyxl_write_only", lambda: version("openpyxl") + ", XLSX, write_only (texts in their cells), dates as ISO texts of type d", ".xlsx")
def openpyxl_iso(path, name, header, rows):
    import openpyxl

    book = openpyxl.Workbook(write_only=True, iso_dates=True)
    sheet = book.create_sheet(name)
    for row in [header] + rows:
        sheet.append(row)
    book.save(path)


@writer("xlsxwriter", lambda: version("XlsxWriter") + ", XLSX", ".xlsx", ALL)
def xlsxwriter_(path, name, header, rows, options={}):
    import xlsxwriter

    book = xlsxwriter.Workbook(path, options)
    style = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(name)
    for at, row in enumerate([header] + rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(at, column, value, style)
            elif isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, value)
    book.close()


@writer("xlsxwriter_1904", lambda: version("XlsxWriter") + ", XLSX, constant_memory, days counted from 1904", ".xlsx")
def xlsxwriter_1904(path, name, header, rows):
    xlsxwriter_(path, name, header, rows, {"date_1904": True, "constant_memory": True})


def frame(header, rows):
    import pandas

    data = pandas.DataFrame(rows, columns=header)
    for title in header:
        if title in DATES:
            data[title] = pandas.to_datetime(data[title])
    return data


@writer("pandas_xlsx", lambda: version("pandas") + ", " + version("openpyxl") + ", to_excel(index=False), XLSX", ".xlsx", ALL)
def pandas_xlsx(path, name, header, rows):
    frame(header, rows).to_excel(path, index=False)


@writer("pandas_xlsx_index", lambda: version("pandas") + ", " + version("openpyxl") + ", to_excel with its index, XLSX", ".xlsx")
def pandas_xlsx_index(path, name, header, rows):
    frame(header, rows).to_excel(path)


@writer("pandas_ods", lambda: version("pandas") + ", " + version("odfpy") + ", to_excel(engine=odf), ODS", ".ods")
def pandas_ods(path, name, header, rows):
    frame(header, rows).to_excel(path, index=False, engine="odf")


@writer("pandas_csv", lambda: version("pandas") + ", to_csv(index=False)", ".csv", ALL)
def pandas_csv(path, name, header, rows):
    frame(header, rows).to_csv(path, index=False)


@writer("pandas_csv_index", lambda: version("pandas") + ", to_csv with its index, UTF-8 with a mark, semicolons", ".csv", ALL)
def pandas_csv_index(path, name, header, rows):
    frame(header, rows).to_csv(path, sep=";", encoding="utf-8-sig")


@writer("pandas_html", lambda: version("pandas") + ", to_html(index=False), named .xls", ".xls")
def pandas_html(path, name, header, rows):
    frame(header, rows).to_html(path, index=False, na_rep="", encoding="utf-8")


@writer("pyexcel_xlsx", lambda: version("pyexcel") + ", " + version("pyexcel-xlsx") + ", XLSX", ".xlsx")
@writer("pyexcel_ods3", lambda: version("pyexcel") + ", " + version("pyexcel-ods3") + ", ODS", ".ods", ALL)
@writer("pyexcel_csv", lambda: version("pyexcel") + ", CSV", ".csv", ALL)
def pyexcel_(path, name, header, rows):
    import pyexcel

    pyexcel.save_as(array=[header] + [["" if cell is None else cell for cell in row] for row in rows], dest_file_name=path)


@writer("pyexcelerate", lambda: version("PyExcelerate") + ", XLSX", ".xlsx")
def pyexcelerate_(path, name, header, rows):
    import pyexcelerate

    midnight = lambda cell: datetime.datetime.combine(cell, datetime.time()) if isinstance(cell, datetime.date) else cell
    book = pyexcelerate.Workbook()
    book.new_sheet(name, data=[header] + [[midnight(cell) for cell in row] for row in rows])
    book.save(path)


@writer("tablib_xlsx", lambda: version("tablib") + ", XLSX", ".xlsx")
@writer("tablib_ods", lambda: version("tablib") + ", ODS", ".ods")
@writer("tablib_csv", lambda: version("tablib") + ", CSV", ".csv")
def tablib_(path, name, header, rows):
    import tablib

    data = tablib.Dataset(*rows, headers=header, title=name).export(path.rsplit(".")[-1])
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


@writer("odfpy", lambda: version("odfpy") + ", ODS", ".ods", ALL)
def odfpy_(path, name, header, rows):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name=name)
    for row in [header] + rows:
        line = TableRow()
        for value in row:
            if value is None:
                line.addElement(TableCell())
                continue
            if isinstance(value, datetime.date):
                cell, shown = TableCell(valuetype="date", datevalue=value.isoformat()), value.strftime("%d.%m.%y")
            elif isinstance(value, int):
                cell, shown = TableCell(valuetype="float", value=value), str(value)
            else:
                cell, shown = TableCell(valuetype="string"), value
            cell.addElement(P(text=shown))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(path)


@writer("ezodf", lambda: "ezodf as " + version("pyexcel-ezodf") + ", ODS", ".ods")
def ezodf_(path, name, header, rows):
    import ezodf

    book = ezodf.newdoc("ods", path)
    sheet = ezodf.Sheet(name, size=(len(rows) + 1, len(header)))
    book.sheets += sheet
    for at, row in enumerate([header] + rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet[at, column].set_value(value.isoformat(), "date")
            elif value is not None:
                sheet[at, column].set_value(value)
    book.save()


@writer("xlwt", lambda: version("xlwt") + ", XLS (BIFF8)", ".xls", ALL)
def xlwt_(path, name, header, rows):
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(name)
    style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate([header] + rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write(at, column, value, style)
            elif value is not None:
                sheet.write(at, column, value)
    book.save(path)


def with_csv(path, rows, encoding="utf-8", **dialect):
    with open(path, "w", encoding=encoding, newline="") as file:
        csv.writer(file, **dialect).writerows([[plain(cell) for cell in row] for row in rows])


PYTHON = f"csv of Python {sys.version.split()[0]}"


@writer("python_csv_excel", lambda: PYTHON + ", dialect excel", ".csv", ALL)
def csv_excel(path, name, header, rows):
    with_csv(path, [header] + rows, dialect="excel")


@writer("python_csv_excel_tab", lambda: PYTHON + ", dialect excel-tab, UTF-16 with a mark", ".csv", ALL)
def csv_excel_tab(path, name, header, rows):
    with_csv(path, [header] + rows, "utf-16", dialect="excel-tab")


@writer("python_csv_unix", lambda: PYTHON + ", dialect unix", ".csv", ALL)
def csv_unix(path, name, header, rows):
    with_csv(path, [header] + rows, dialect="unix")


@writer("csvkit", lambda: "in2csv of " + version("csvkit") + " from XLSX", ".csv", ALL)
def csvkit_(path, name, header, rows):
    with tempfile.TemporaryDirectory() as scratch:
        source = os.path.join(scratch, name + ".xlsx")
        openpyxl_(source, name, header, rows)
        program = os.path.join(os.path.dirname(sys.executable), "in2csv")
        out = subprocess.run([program, "--no-inference", source], check=True, capture_output=True).stdout
        with open(path, "wb") as file:
            file.write(out)


def office(name, says, ending, to, tables, style="yyyy-mm-dd"):
    """Converts workbooks with LibreOffice."""

    def work():
        path = folder(name, "LibreOffice 7.4.7, " + says)
        with tempfile.TemporaryDirectory() as scratch:
            for one in tables:
                openpyxl_(os.path.join(scratch, one + ".xlsx"), one, *table(one), style)
            sources = sorted(glob.glob(scratch + "/*.xlsx"))
            out = os.path.join(scratch, "out")
            command = ["soffice", "--headless", "-env:UserInstallation=file:///tmp/lo-writers", "--convert-to", to, "--outdir", out]
            subprocess.run(command + sources, check=True, capture_output=True)
            for one in tables:
                made = glob.glob(os.path.join(out, one + "*"))
                assert len(made) == 1, (name, one, made)
                shutil.move(made[0], os.path.join(path, one + ending))

    WRITERS[name] = work


office("libreoffice_xlsx", "XLSX", ".xlsx", "xlsx:Calc MS Excel 2007 XML", ALL)
office("libreoffice_ods", "ODS", ".ods", "ods", SOME)
office("libreoffice_fods", "flat ODS", ".fods", "fods", SOME)
office("libreoffice_xls", "XLS (BIFF8)", ".xls", "xls:MS Excel 97", ALL)
office("libreoffice_csv", "CSV, UTF-8", ".csv", "csv:Text - txt - csv (StarCalc):44,34,76", ALL)
office("libreoffice_csv_german", "CSV, UTF-8, semicolons, dates as dd.mm.yyyy", ".csv", "csv:Text - txt - csv (StarCalc):59,34,76", ALL, "dd.mm.yyyy")
office("libreoffice_html", "HTML, named .xls", ".xls", "html:HTML (StarCalc)", SOME)


def gnumeric(name, says, ending, exporter, tables, options=None, style="yyyy-mm-dd"):
    def work():
        path = folder(name, "Gnumeric 1.12.55, " + says)
        with tempfile.TemporaryDirectory() as scratch:
            for one in tables:
                source = os.path.join(scratch, one + ".xlsx")
                openpyxl_(source, one, *table(one), style)
                extra = ["-O", options] if options else []
                subprocess.run(["ssconvert", "-T", exporter, *extra, source, os.path.join(path, one + ending)], check=True, capture_output=True)

    WRITERS[name] = work


gnumeric("gnumeric_xlsx", "XLSX", ".xlsx", "Gnumeric_Excel:xlsx2", SOME)
gnumeric("gnumeric_xls", "XLS (BIFF8)", ".xls", "Gnumeric_Excel:excel_biff8", SOME)
gnumeric("gnumeric_ods", "ODS", ".ods", "Gnumeric_OpenCalc:odf", SOME)
gnumeric("gnumeric_csv", "CSV", ".csv", "Gnumeric_stf:stf_csv", ALL)
gnumeric("gnumeric_text", "text, UTF-16, tabs, dates as dd/mm/yyyy", ".csv", "Gnumeric_stf:stf_assistant", ALL, "separator='\t' charset=UTF-16LE format=preserve", "dd/mm/yyyy")
gnumeric("gnumeric_html", "HTML 4, named .xls", ".xls", "Gnumeric_html:html40", SOME)


def other(program, names, tables):
    """Lets a script of another language write `names`; it takes the folder and the tables as JSON, and prints its version."""

    def work(name):
        def one():
            path = folder(name, "")
            data = {one: [header, [[plain(cell) if cell is None or isinstance(cell, datetime.date) else cell for cell in row] for row in rows]] for one, (header, rows) in ((one, table(one)) for one in tables[name])}
            command = [*program, name, path]
            said = subprocess.run(command, input=json.dumps(data), check=True, capture_output=True, encoding="utf-8", env={**os.environ, "TZ": "UTC"})
            with open(os.path.join(path, "writer.txt"), "w", encoding="utf-8") as file:
                file.write(said.stdout)

        return one

    for name in names:
        WRITERS[name] = work(name)


NODE = {name: SOME for name in "sheetjs_xlsx_cell_dates sheetjs_fods sheetjs_ods sheetjs_html sheetjs_spreadsheetml xlsx_populate write_excel_file".split()}
NODE |= {name: ALL for name in "sheetjs_xlsx sheetjs_xlsb sheetjs_xls sheetjs_csv exceljs_xlsx csv_stringify papaparse".split()}
other(["node", os.path.join(HERE, "writers.cjs")], NODE, NODE)
PERL = {"perl_spreadsheet_writeexcel": SOME, "perl_excel_writer_xlsx": SOME, "perl_text_csv": ALL}
other(["perl", os.path.join(HERE, "writers.pl")], PERL, PERL)

if __name__ == "__main__":
    for name, work in WRITERS.items():
        if len(sys.argv) < 2 or any(name.startswith(begin) for begin in sys.argv[1:]):
            work()
            print(name)
