#!/bin/sh
# ExcelJS leaves the blank cells at the end of a row out of a CSV file, so its rows have fewer cells than the header.
#
# Met with: `exceljs` 4.4.0 (npm), `workbook.csv.writeBuffer()`.
# RFC 4180, 2.4: each line should contain the same number of fields throughout the file. A reader that holds rows to the width of the
# header, because a lost delimiter moves dates and targets into other columns, must refuse such a file: an office whose conflicts
# have no end gets a row of two cells under a header of three. An empty text at the end is kept, a null is not.
# Prints the file as JSON, and fails if it is no longer so. Needs node and npm; installs into a temporary folder.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent exceljs@4.4.0
cat >write.cjs <<'JS'
const { Workbook } = require('exceljs');
(async () => {
  const book = new Workbook();
  const sheet = book.addWorksheet('conflicts');
  sheet.addRows([['id', 'target', 'to'], ['A1', 'E1', '2027-01-08'], ['A2', 'E2', null], ['A3', 'E3', '']]);
  console.log(JSON.stringify((await book.csv.writeBuffer()).toString()));
})();
JS
node write.cjs | tee seen
cat >expected <<'TEXT'
"id,target,to\nA1,E1,2027-01-08\nA2,E2\nA3,E3,"
TEXT
diff expected seen
