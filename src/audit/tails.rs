//! Tails of distributions: how likely it is that something happens at least so often by chance.
//!
//! Exact for counts of independent chances, equal or not (Poisson-binomial, by dynamic programming), and for overlaps of two sets of
//! which one lies at random (hypergeometric). Where so many chances add up that a tail is too small for a floating-point number, Chernoff's
//! bound stands in, which is never below the tail. What is told is how surprising a count is; nothing is decided here.

/// Below this a sum of floats says nothing any more, and Chernoff's bound is asked.
const LEAST: f64 = 1e-250;
/// Chances that are added up one by one; beyond these only the bound is given.
const CHANCES_MAX: usize = 20_000;

/// How likely each count is, from nought on; the last stands for itself and everything above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    chances: Vec<f64>,
}

impl Counts {
    /// How often things with these chances happen, all independent: the Poisson-binomial distribution. Counts above `most` are
    /// told as one.
    ///
    /// ```
    /// use foureyes::audit::Counts;
    /// let two_coins = Counts::of_chances(&[0.5, 0.5], 2);
    /// assert_eq!([two_coins.at_least(0), two_coins.at_least(1), two_coins.at_least(2)], [1.0, 0.75, 0.25]);
    /// ```
    pub fn of_chances(chances: &[f64], most: usize) -> Self {
        let top = most.min(chances.len());
        let mut counts = vec![0.0; top + 1];
        counts[0] = 1.0;
        for (at, chance) in chances.iter().enumerate() {
            let chance = chance.clamp(0.0, 1.0);
            let reached = (at + 1).min(top);
            for k in (0..=reached).rev() {
                // Whoever has reached the top stays there.
                let stays = if k == top && at >= top { counts[k] } else { counts[k] * (1.0 - chance) };
                counts[k] = stays + if k > 0 { counts[k - 1] * chance } else { 0.0 };
            }
        }
        Self { chances: counts }
    }

    /// How many of `marked` among `all` are in a random choice of `chosen`: the hypergeometric distribution.
    ///
    /// ```
    /// use foureyes::audit::Counts;
    /// // Of 5 days 2 are chosen at random; how many of them are among the 2 that were marked?
    /// let overlap = Counts::of_overlap(5, 2, 2);
    /// assert!((overlap.at_least(2) - 0.1).abs() < 1e-12);
    /// ```
    pub fn of_overlap(all: u64, marked: u64, chosen: u64) -> Self {
        let (marked, chosen) = (marked.min(all), chosen.min(all));
        let least = (marked + chosen).saturating_sub(all);
        let most = marked.min(chosen);
        // From each count to the next the chances stand in a simple ratio; as logarithms, so that none is lost.
        let mut logs = vec![0.0_f64];
        for k in least..most {
            let more = ((marked - k) as f64) * ((chosen - k) as f64);
            let fewer = ((k + 1) as f64) * ((all + k + 1 - marked - chosen) as f64);
            logs.push(logs[logs.len() - 1] + (more / fewer).ln());
        }
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| (log - top).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let mut chances = vec![0.0; usize::try_from(least).unwrap_or(0)];
        chances.extend(weights.iter().map(|weight| weight / sum));
        Self { chances }
    }

    /// The sum of two counts that have nothing to do with each other.
    pub fn plus(&self, other: &Self) -> Self {
        let mut chances = vec![0.0; self.chances.len() + other.chances.len() - 1];
        for (at, one) in self.chances.iter().enumerate() {
            for (further, two) in other.chances.iter().enumerate() {
                chances[at + further] += one * two;
            }
        }
        Self { chances }
    }

    /// How likely a count of `n` or more is.
    pub fn at_least(&self, n: usize) -> f64 {
        let tail: f64 = self.chances.iter().skip(n).rev().sum();
        if n == 0 { 1.0 } else { tail.min(1.0) }
    }

    /// How many different counts are possible.
    #[allow(clippy::len_without_is_empty, reason = "nought is always one of them")]
    pub fn len(&self) -> usize {
        self.chances.len()
    }

    /// How much the count varies by chance.
    pub fn variance(&self) -> f64 {
        let of = |of: &dyn Fn(f64) -> f64| -> f64 {
            self.chances.iter().enumerate().map(|(n, chance)| of(n as f64) * chance).sum()
        };
        let mean = of(&|n| n);
        of(&|n| (n - mean) * (n - mean))
    }

    /// Each count that is possible with how likely it is, and how likely it or more is; the highest first.
    pub fn steps(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let mut tail = 0.0;
        self.chances.iter().rev().map(move |chance| {
            tail += chance;
            (tail, *chance)
        })
    }
}

/// The logarithm of how likely it is that of these independent chances `n` or more come true: exact, or no less than it.
pub fn ln_at_least(chances: &[f64], n: usize) -> f64 {
    if n == 0 {
        return 0.0;
    }
    if chances.len() <= CHANCES_MAX {
        let tail = Counts::of_chances(chances, n).at_least(n);
        if tail > LEAST {
            return tail.ln();
        }
    }
    chernoff(chances, n)
}

/// The least of `ln E[exp(t (X - n))]` over t of 0 and more, by halving: its slope rises with t.
fn chernoff(chances: &[f64], n: usize) -> f64 {
    let n = n as f64;
    let sum = |of: &dyn Fn(f64) -> f64| -> f64 { chances.iter().map(|p| of(p.clamp(0.0, 1.0))).sum() };
    let slope = |t: f64| sum(&|p| p / (p + (1.0 - p) * (-t).exp())) - n;
    if slope(0.0) >= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 60.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    (sum(&|p| (1.0 - p + p * low.exp()).ln()) - low * n).min(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::distribution::{Binomial, DiscreteCDF as _};

    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * b.abs().max(1e-9)
    }

    /// By Python's `fractions`, over all subsets.
    #[test]
    fn unequal_chances_add_up_as_fractions_do() {
        let counts = Counts::of_chances(&[0.1, 0.25, 0.5, 0.04], 4);
        for (n, tail) in [(1, 1.0 - 0.9 * 0.75 * 0.5 * 0.96), (2, 0.1945), (3, 0.019), (4, 0.0005)] {
            assert!(near(counts.at_least(n), tail), "{n}: {}", counts.at_least(n));
        }
    }

    /// `math.comb(5,3)*math.comb(5,2)/math.comb(10,5)` and so on.
    #[test]
    fn an_overlap_is_counted_as_combinations_are() {
        let overlap = Counts::of_overlap(10, 5, 5);
        assert!(near(overlap.at_least(5), 1.0 / 252.0));
        assert!(near(overlap.at_least(4), 26.0 / 252.0));
        assert!(near(overlap.at_least(3), 126.0 / 252.0));
        assert_eq!(Counts::of_overlap(0, 0, 0).at_least(1), 0.0);
    }

    /// Large sets keep their tails, which a table of factorials up to 170 would lose.
    #[test]
    fn an_overlap_of_large_sets_is_counted_too() {
        let overlap = Counts::of_overlap(4000, 75, 174);
        assert!(near(overlap.at_least(1), 0.9656) || (overlap.at_least(1) - 0.965).abs() < 0.005);
        assert!(overlap.at_least(8) > 0.01 && overlap.at_least(8) < 0.03);
    }

    #[test]
    fn a_tail_too_small_for_a_float_has_a_bound() {
        let chances = vec![0.01; 5000];
        let ln = ln_at_least(&chances, 3000);
        assert!(ln.is_finite() && ln < -10_000.0, "{ln}");
        // The bound is sharp within the few terms that it leaves out.
        let (exact, bound) = (Counts::of_chances(&chances[..400], 40).at_least(40).ln(), chernoff(&chances[..400], 40));
        assert!(exact <= bound && bound - exact < 4.0, "{exact} {bound}");
    }

    proptest! {
        #[test]
        fn all_counts_together_are_certain(chances in prop::collection::vec(0.0..1.0f64, 0..40), most in 0..50usize) {
            let counts = Counts::of_chances(&chances, most);
            prop_assert!((counts.chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }

        #[test]
        fn equal_chances_are_binomial(p in 0.01..0.99f64, n in 1..30usize, k in 0..30usize) {
            let ours = Counts::of_chances(&vec![p; n], n).at_least(k);
            let binomial = Binomial::new(p, n as u64).unwrap();
            let theirs = if k == 0 { 1.0 } else { binomial.sf(k as u64 - 1) };
            prop_assert!((ours - theirs).abs() < 1e-9, "{} {}", ours, theirs);
        }

        #[test]
        fn the_order_of_chances_changes_nothing(mut chances in prop::collection::vec(0.0..1.0f64, 1..20), k in 0..20usize) {
            let before = Counts::of_chances(&chances, 20).at_least(k);
            chances.reverse();
            prop_assert!((before - Counts::of_chances(&chances, 20).at_least(k)).abs() < 1e-9);
        }

        #[test]
        fn counts_above_the_most_are_one(chances in prop::collection::vec(0.0..1.0f64, 1..20), most in 1..10usize) {
            let (short, whole) = (Counts::of_chances(&chances, most), Counts::of_chances(&chances, 20));
            for k in 0..=most {
                prop_assert!((short.at_least(k) - whole.at_least(k)).abs() < 1e-9);
            }
        }

        #[test]
        fn overlaps_are_symmetric(all in 1..60u64, a in 0..60u64, b in 0..60u64, k in 0..20usize) {
            let (one, two) = (Counts::of_overlap(all, a, b), Counts::of_overlap(all, b, a));
            prop_assert!((one.at_least(k) - two.at_least(k)).abs() < 1e-9);
        }

        #[test]
        fn no_bound_is_below_the_tail(chances in prop::collection::vec(0.0..1.0f64, 1..30), k in 1..30usize) {
            let tail = Counts::of_chances(&chances, 30).at_least(k);
            prop_assert!(k > chances.len() || chernoff(&chances, k) >= tail.ln() - 1e-9);
        }
    }
}
