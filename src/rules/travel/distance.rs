//! Whether two points of the Earth lie within so many kilometres of each other, in whole numbers.
//!
//! The haversine formula: with a = sin²(Δlat / 2) + cos(lat1) · cos(lat2) · sin²(Δlon / 2), two points are as far apart as an
//! angle h seen from the centre of the Earth where a = sin²(h / 2). So nothing need be turned back into an angle: a is held against
//! the square of the sine that belongs to the kilometres. Sines come from a table of whole degrees, with straight lines between
//! them. Against the great circle of a sphere of 6,371.009 km the error is less than 0.03 % from one kilometre on; the Earth is no
//! sphere, which makes up to 0.6 % more.

use crate::model::Point;

/// Millionths of a degree in a degree.
const DEGREE: u64 = 1_000_000;
/// The sine of a right angle.
const ONE: u64 = 1_000_000_000;
/// Half the angle of a kilometre, in billionths of a degree.
const HALF_KM: u64 = 4_496_602;

/// Whether `a` and `b` lie at most `km` kilometres apart.
///
/// ```
/// use foureyes::{model::Point, rules::is_within};
/// let porto = Point::new(41_149_450, -8_610_790).unwrap();
/// let braga = Point::new(41_550_322, -8_420_053).unwrap();
/// assert!(is_within(porto, braga, 48) && !is_within(porto, braga, 46));
/// ```
pub fn is_within(a: Point, b: Point, km: u32) -> bool {
    let far = sine(u64::from(km) * HALF_KM / 1000);
    haversine(a, b) <= u128::from(far) * u128::from(far)
}

/// The square of the sine of half the angle between two points, in units of 10^-18.
fn haversine(a: Point, b: Point) -> u128 {
    let square = |sine: u64| u128::from(sine) * u128::from(sine);
    let half = |one: i32, other: i32| u64::from(one.abs_diff(other)) / 2;
    let cosines = cosine(a) * cosine(b) / ONE;
    let across = u128::from(cosines) * square(sine(half(a.lon(), b.lon()))) / u128::from(ONE);
    square(sine(half(a.lat(), b.lat()))) + across
}

/// The cosine of a point's latitude.
fn cosine(of: Point) -> u64 {
    sine((90 * DEGREE).saturating_sub(u64::from(of.lat().unsigned_abs())))
}

/// The sine of an angle in millionths of a degree, from 0 to a right angle; more counts as that.
fn sine(angle: u64) -> u64 {
    let angle = angle.min(90 * DEGREE);
    let (degrees, rest) = ((angle / DEGREE) as usize, angle % DEGREE);
    let low = SINES[degrees];
    let high = SINES[(degrees + 1).min(90)];
    low + (high - low) * rest / DEGREE
}

/// 10^9 times the sine of each whole degree, rounded.
#[rustfmt::skip]
const SINES: [u64; 91] = [
    0, 17_452_406, 34_899_497, 52_335_956, 69_756_474, 87_155_743, 104_528_463, 121_869_343, 139_173_101, 156_434_465,
    173_648_178, 190_808_995, 207_911_691, 224_951_054, 241_921_896, 258_819_045, 275_637_356, 292_371_705, 309_016_994, 325_568_154,
    342_020_143, 358_367_950, 374_606_593, 390_731_128, 406_736_643, 422_618_262, 438_371_147, 453_990_500, 469_471_563, 484_809_620,
    500_000_000, 515_038_075, 529_919_264, 544_639_035, 559_192_903, 573_576_436, 587_785_252, 601_815_023, 615_661_475, 629_320_391,
    642_787_610, 656_059_029, 669_130_606, 681_998_360, 694_658_370, 707_106_781, 719_339_800, 731_353_702, 743_144_825, 754_709_580,
    766_044_443, 777_145_961, 788_010_754, 798_635_510, 809_016_994, 819_152_044, 829_037_573, 838_670_568, 848_048_096, 857_167_301,
    866_025_404, 874_619_707, 882_947_593, 891_006_524, 898_794_046, 906_307_787, 913_545_458, 920_504_853, 927_183_855, 933_580_426,
    939_692_621, 945_518_576, 951_056_516, 956_304_756, 961_261_696, 965_925_826, 970_295_726, 974_370_065, 978_147_601, 981_627_183,
    984_807_753, 987_688_341, 990_268_069, 992_546_152, 994_521_895, 996_194_698, 997_564_050, 998_629_535, 999_390_827, 999_847_695,
    1_000_000_000,
];
