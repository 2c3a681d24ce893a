//! Coordinates of places: decimal degrees, read as whole millionths of a degree.
//!
//! A wrong coordinate sends somebody across the country, or keeps them from next door; what can be read in two ways is refused.

use super::header::Header;
use super::problem::{Level, Log, Problem, shown};
use super::table::Row;
use crate::model::{Establishment, Point};

/// Digits behind the point that count: a millionth of a degree is a tenth of a metre.
const PLACES: usize = 6;
/// Millionths in a degree.
const DEGREE: i32 = 1_000_000;

/// The point that the two columns of a row name; none where both are blank or something is wrong.
pub(super) fn point(row: &Row<'_>, [lat, lon]: [usize; 2], log: &mut Log) -> Option<Point> {
    match (row.text(lat), row.text(lon)) {
        (None, None) => None,
        (Some(_), Some(_)) => {
            let (most, column) = (Point::MOST_LATITUDE / DEGREE, lat);
            let lat = degrees(row, lat, most, log);
            let lon = degrees(row, lon, 180, log);
            known(row, Point::new(lat?, lon?)?, column, log)
        }
        (one, _) => {
            let (lacks, has) = if one.is_some() { (lon, lat) } else { (lat, lon) };
            log.one_of(Level::Error, &row.header.file, "places with half of their coordinates", || {
                let why = format!("{} is blank here", row.header.name(lacks));
                row.problem(has, why, "Fill in both, or neither")
            });
            None
        }
    }
}

/// The point, but for the one that programs write where they know none: it lies in the sea.
fn known(row: &Row<'_>, point: Point, column: usize, log: &mut Log) -> Option<Point> {
    let is_known = (point.lat(), point.lon()) != (0, 0);
    if !is_known {
        log.one_of(Level::Warning, &row.header.file, "places at 0, 0", || {
            let why = "0, 0 lies in the sea off Africa, and is taken to mean that nothing is known";
            Problem::warning(&row.header.file, why, "Fill in where the place lies, or leave lat and lon blank")
                .row(row.number())
                .column(row.header.title(column))
        });
    }
    is_known.then_some(point)
}

/// Millionths of a degree, within so many degrees on either side of nothing.
fn degrees(row: &Row<'_>, column: usize, most: i32, log: &mut Log) -> Option<i32> {
    let text = row.text(column)?;
    let found = millionths(text);
    let is_within = |found: &i32| found.abs() <= most * DEGREE;
    if found.is_none() {
        log.one_of(Level::Error, &row.header.file, "coordinates that are no decimal degrees", || {
            row.problem(
                column,
                "these are no decimal degrees",
                "Write them like 41.387015 or -8.61, one number in a cell",
            )
        });
    } else if found.filter(is_within).is_none() {
        log.one_of(Level::Error, &row.header.file, "coordinates out of bounds", || {
            let name = row.header.name(column);
            let (why, advice) = match name {
                "lat" => (
                    "the distance between places so near a pole is not counted",
                    "Look whether lat and lon are exchanged; else leave both blank",
                ),
                _ => ("there is no such longitude", "Write degrees from -180 to 180"),
            };
            row.problem(column, format!("{why}: {} is more than {most} degrees", shown(text)), advice)
        });
    }
    found.filter(is_within)
}

/// `-8.61` or `-8,61` in millionths, rounded. A number with both signs, or with one of them twice, is none: nobody knows which parts
/// thousands. With one comma nothing else can be meant, for no degree has thousands.
fn millionths(text: &str) -> Option<i32> {
    let (minus, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || whole.len() > 4 || part.len() > 30 {
        return None;
    }
    let padded = format!("{part:0<PLACES$}");
    let up = padded.as_bytes().get(PLACES).is_some_and(|next| *next >= b'5');
    let found =
        whole.parse::<i32>().ok()?.checked_mul(DEGREE)? + padded.get(..PLACES)?.parse::<i32>().ok()? + i32::from(up);
    Some(if minus { -found } else { found })
}

/// Refuses places on both sides of the date line: the way between them would be counted around the Earth.
pub(super) fn look_over(places: &[Establishment], header: &Header, column: usize, log: &mut Log) {
    let by_longitude = |place: &&Establishment| place.point.map_or(0, Point::lon);
    let there = || places.iter().filter(|place| place.point.is_some());
    let (west, east) = (there().min_by_key(by_longitude), there().max_by_key(by_longitude));
    if let (Some(west), Some(east)) = (west, east)
        && !Point::have_one_side([west, east].into_iter().filter_map(|place| place.point))
    {
        let why = format!(
            "`{}` and `{}` lie on two sides of the date line, and the distance across it is not counted",
            shown(&west.id),
            shown(&east.id)
        );
        let advice = "Leave lat and lon blank on one side, or plan the two sides as two cases";
        log.push(Problem::error(&header.file, why, advice).column(header.title(column)));
    }
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn decimal_degrees_are_read_with_a_point_or_a_comma() {
        let read = [
            ("41.387015", 41_387_015),
            ("-8.61", -8_610_000),
            ("−8,61", -8_610_000),
            ("41,387", 41_387_000),
            ("+7", 7_000_000),
            ("0.0000004", 0),
            ("0.0000005", 1),
            ("2.1700000000000001", 2_170_000),
            ("-0.9999999", -1_000_000),
        ];
        read.into_iter().for_each(|(text, number)| assert_eq!(millionths(text), Some(number), "{text}"));
    }

    #[test]
    fn what_may_be_read_in_two_ways_or_none_is_refused() {
        for text in [
            "41.387,5",
            "1,234,5",
            "41.387.015",
            "41°23'",
            "41.387 N",
            "41,",
            ".5",
            "4e1",
            "",
            "-",
            "--4",
            "41;2",
            "99999",
        ] {
            assert_eq!(millionths(text), None, "{text}");
        }
    }
}
