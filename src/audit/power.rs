//! The smallest effect that so much data could have found: without it, silence says nothing.

use super::tails::{Counts, ln_at_least};

/// Effects are found in so many of ten offices that have them.
const FOUND: f64 = 0.8;
/// Chances that are counted one by one.
const COUNTED: usize = 2000;
/// Larger effects are not told.
const TIMES_MAX: f64 = 1000.0;

/// What would have been found, told of the comparison with most to go by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// How often it would happen by chance.
    pub expected: f64,
    /// The count from which on it would have been an alarm.
    pub alarm_at: usize,
    /// How many times as likely it must be to be found in eight of ten offices; none where nothing of this size would be.
    pub times: Option<f64>,
}

/// The comparison of a question with most to go by.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Likely {
    expected: f64,
    /// How much its count varies by chance.
    spread: f64,
    counts: Option<Counts>,
    chances: Vec<f64>,
}

impl Likely {
    /// Takes a count of these chances where it has more to go by.
    pub fn take_chances(&mut self, chances: &[f64]) {
        let spread: f64 = chances.iter().map(|p| p * (1.0 - p)).sum();
        if spread > self.spread {
            let expected = chances.iter().sum();
            *self = Self { expected, spread, counts: None, chances: chances.to_vec() };
        }
    }

    /// The same for a count whose distribution is known.
    pub fn take_counts(&mut self, expected: f64, counts: &Counts) {
        let spread = counts.variance();
        if spread > self.spread {
            *self = Self { expected, spread, counts: Some(counts.clone()), chances: Vec::new() };
        }
    }
}

/// What would be found of it, where tails of `critical` are alarms.
pub(super) fn power(likely: &Likely, critical: f64) -> Option<Power> {
    let (expected, chances) = (likely.expected, &likely.chances);
    if let Some(counts) = &likely.counts {
        let alarm_at = (1..counts.len()).find(|n| counts.at_least(*n) <= critical)?;
        return Some(Power { expected, alarm_at, times: None });
    }
    let alarm_at = alarm_at(chances, critical)?;
    let finds = |times: f64| {
        let raised: Vec<f64> = chances.iter().map(|chance| (chance * times).min(1.0)).collect();
        found(&raised, alarm_at) >= FOUND
    };
    let (mut low, mut high) = (1.0, TIMES_MAX);
    for _ in 0..20 {
        let middle = f64::midpoint(low, high);
        if finds(middle) { high = middle } else { low = middle }
    }
    Some(Power { expected, alarm_at, times: finds(high).then_some(high) })
}

/// The least count whose tail is critical, by halving.
fn alarm_at(chances: &[f64], critical: f64) -> Option<usize> {
    let is_alarm = |n: usize| ln_at_least(chances, n) <= critical.ln();
    let (mut low, mut high) = (0, chances.len());
    if high == 0 || !is_alarm(high) {
        return None;
    }
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if is_alarm(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// How likely `n` or more are: counted or, of many chances, by the normal curve's eight of ten.
fn found(chances: &[f64], n: usize) -> f64 {
    if chances.len() <= COUNTED {
        return Counts::of_chances(chances, n).at_least(n);
    }
    let mean: f64 = chances.iter().sum();
    let spread: f64 = chances.iter().map(|p| p * (1.0 - p)).sum::<f64>().sqrt();
    // 0.8416 is the normal curve's quantile of 0.8.
    if mean - 0.8416 * spread >= n as f64 { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likely(chances: &[f64]) -> Likely {
        let mut likely = Likely::default();
        likely.take_chances(chances);
        likely
    }

    #[test]
    fn what_would_be_found_grows_smaller_with_more_data() {
        let times = |n: usize| power(&likely(&vec![0.05; n]), 1e-4).unwrap().times.unwrap();
        assert!(times(100) > times(400) && times(400) > times(1600) && times(1600) > times(6400));
        assert!(times(1600) < 1.7, "{}", times(1600));
    }

    #[test]
    fn what_can_never_be_an_alarm_is_said() {
        assert_eq!(power(&likely(&[0.5, 0.5]), 1e-4), None);
    }
}
