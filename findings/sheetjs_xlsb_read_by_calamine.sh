#!/bin/sh
# calamine reads one column of an XLSB workbook that SheetJS wrote, and reports no error.
#
# Met with: SheetJS `xlsx` 0.18.5 (npm), `python-calamine` 0.9.1 (PyPI, the Rust crate `calamine`).
# The same table is written twice, as XLSX and as XLSB. From the XLSX all three columns come back; from the XLSB only the first.
# SheetJS writes the second and later cells of a row as short records ([MS-XLSB] 2.4, BrtShortSt and its kin), which have no
# column number of their own. Whoever imports leave or conflicts this way gets ids without dates or targets.
# Prints what was read, and fails if that is no longer so. Needs node, npm and python3; installs into a temporary folder.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent xlsx@0.18.5
python3 -m venv venv
venv/bin/pip install --quiet python-calamine==0.9.1
cat >write.cjs <<'JS'
const xlsx = require('xlsx');
const book = xlsx.utils.book_new();
const rows = [['id', 'from', 'to'], ['A1', '2027-01-04', '2027-01-08'], ['A2', '2027-01-11', '2027-01-12']];
xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(rows), 'leave');
for (const form of ['xlsx', 'xlsb']) xlsx.writeFile(book, `leave.${form}`, { bookType: form });
JS
node write.cjs
venv/bin/python - <<'PY' | tee seen
from python_calamine import CalamineWorkbook
for form in ("xlsx", "xlsb"):
    rows = CalamineWorkbook.from_path(f"leave.{form}").get_sheet_by_index(0).to_python()
    print(form, rows)
PY
cat >expected <<'TEXT'
xlsx [['id', 'from', 'to'], ['A1', '2027-01-04', '2027-01-08'], ['A2', '2027-01-11', '2027-01-12']]
xlsb [['id'], ['A1'], ['A2']]
TEXT
diff expected seen
