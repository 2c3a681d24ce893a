#!/bin/sh
# SheetJS writes a local midnight as 23:59:16 of the day before, in zones whose local time of 1899 had odd seconds.
#
# Met with: SheetJS `xlsx` 0.18.5 (npm), dates given as `Date` objects, without the option `cellDates`.
# The serial number is counted from 1899-12-31 in local time. Where that day's offset from UTC is no whole minute (Madrid: -0:14:44),
# the seconds go missing: 4 January 2027 becomes 46390.9995, which every reader that cuts off the time of day takes for 3 January.
# Tbilisi errs the other way (00:00:11); Berlin, Tokyo, New York and UTC are exact.
# Prints zone, number and what SheetJS itself shows for it; fails if that is no longer so. Needs node and npm with full ICU data.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent xlsx@0.18.5
cat >write.cjs <<'JS'
const xlsx = require('xlsx');
const cell = xlsx.utils.aoa_to_sheet([[new Date(2027, 0, 4)]]).A1;
console.log(process.env.TZ, cell.v, xlsx.SSF.format('yyyy-mm-dd hh:mm:ss', cell.v));
JS
for zone in Europe/Madrid Asia/Tbilisi Europe/Berlin Asia/Tokyo America/New_York UTC; do TZ=$zone node write.cjs; done | tee seen
cat >expected <<'TEXT'
Europe/Madrid 46390.99949074074 2027-01-03 23:59:16
Asia/Tbilisi 46391.000127314815 2027-01-04 00:00:11
Europe/Berlin 46391 2027-01-04 00:00:00
Asia/Tokyo 46391 2027-01-04 00:00:00
America/New_York 46391 2027-01-04 00:00:00
UTC 46391 2027-01-04 00:00:00
TEXT
diff expected seen
