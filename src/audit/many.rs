//! Many comparisons: how surprising the most surprising of thousands is.
//!
//! Who compares a thousand pairs of people finds one that meets as rarely expects only once in a thousand. So each tail is held against its
//! whole family: the chance that *any* comparison of it would look as surprising by chance. That chance is at most the sum, over all
//! comparisons, of the chance of each to look so (Westfall and Wolfinger, The American Statistician 51, 1997). For smooth tails the sum is Bonferroni's,
//! the tail times how many there are. Counts are not smooth: a pair that could meet only once can never look very surprising, and adds nothing.
//! That makes the sum much smaller than Bonferroni's, and it stays a bound on false alarms, whatever depends on what.
//!
//! Between the questions, Holm's step-down: the most surprising question is held against all questions, the next against one fewer.

/// Tails above this are told as not surprising, whatever their family; they are not kept.
const KEPT: f64 = 0.05;

/// The comparisons of one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Family {
    /// How many there are.
    pub tests: usize,
    /// Those whose tail is not counted but bounded: each can look as surprising as it likes.
    smooth: usize,
    /// A tail that some comparison can have, and how likely it has just that.
    steps: Vec<(f64, f64)>,
    /// Once sorted: by tail, how likely each or a smaller one is, all comparisons added up.
    sums: Vec<(f64, f64)>,
}

impl Family {
    /// A comparison whose count can look as surprising as these steps say, smallest tail first.
    pub fn add(&mut self, steps: impl Iterator<Item = (f64, f64)>) {
        self.tests += 1;
        self.steps.extend(steps.take_while(|(tail, _)| *tail <= KEPT).filter(|(_, mass)| *mass > 0.0));
    }

    /// A comparison whose tail is a bound.
    pub fn add_smooth(&mut self) {
        self.tests += 1;
        self.smooth += 1;
    }

    /// Adds up; after this nothing is added.
    pub fn sum_up(&mut self) {
        self.steps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        self.sums = std::mem::take(&mut self.steps)
            .into_iter()
            .map(|(tail, mass)| {
                sum += mass;
                (tail, sum)
            })
            .collect();
    }

    /// The logarithm of the chance that any comparison looks as surprising as a tail of `exp(ln)`.
    pub fn ln_any(&self, ln: f64) -> f64 {
        if ln < -600.0 {
            // Too small to be added up: Bonferroni's bound.
            return ln + (self.tests.max(1) as f64).ln();
        }
        let tail = ln.exp();
        if tail > KEPT {
            return 0.0;
        }
        // Rounding must not make a tail smaller than itself.
        let at = self.sums.partition_point(|(step, _)| *step <= tail * (1.0 + 1e-9));
        let counted = at.checked_sub(1).map_or(0.0, |at| self.sums[at].1);
        (counted + self.smooth as f64 * tail).max(tail).min(1.0).ln()
    }

    /// The largest tail that is still an alarm when no more than `level` of honest families may have one; none where no tail is.
    pub fn critical(&self, level: f64) -> Option<f64> {
        let at = self.sums.partition_point(|(tail, sum)| *sum + self.smooth as f64 * tail <= level);
        let counted = at.checked_sub(1).map(|at| self.sums[at].0);
        // Whatever is smooth can have any tail.
        let smooth = (self.smooth > 0).then(|| level / self.smooth as f64).filter(|_| self.sums.is_empty());
        counted.or(smooth)
    }
}

/// Holm's step-down over questions: the logarithms of each question's smallest chance, in any order, give the factor (as a logarithm) by
/// which all chances of that question are raised.
pub(super) fn holm(smallest: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..smallest.len()).collect();
    order.sort_by(|a, b| smallest[*a].total_cmp(&smallest[*b]));
    let mut factors = vec![0.0; smallest.len()];
    let mut so_far = f64::NEG_INFINITY;
    for (rank, at) in order.into_iter().enumerate() {
        // What is less surprising is never told as more so.
        so_far = (smallest[at] + ((smallest.len() - rank) as f64).ln()).max(so_far);
        factors[at] = (so_far - smallest[at]).max(0.0);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::super::Counts;
    use super::*;

    #[test]
    fn what_can_never_look_surprising_costs_nothing() {
        let mut family = Family::default();
        family.add(Counts::of_chances(&[0.1; 5], 5).steps());
        let alone = { family.clone() };
        for _ in 0..1000 {
            family.add(Counts::of_chances(&[0.5], 1).steps());
        }
        let ln = |family: &Family| {
            let mut family = family.clone();
            family.sum_up();
            family.ln_any(Counts::of_chances(&[0.1; 5], 5).at_least(4).ln())
        };
        assert!((ln(&family) - ln(&alone)).abs() < 1e-12);
        assert_eq!(family.tests, 1001);
    }

    #[test]
    fn the_sum_is_never_above_bonferroni_and_never_below_the_tail() {
        let mut family = Family::default();
        for n in 1..50 {
            family.add(Counts::of_chances(&vec![0.07; n], n).steps());
        }
        family.sum_up();
        for n in 1..50_usize {
            let ln = Counts::of_chances(&vec![0.07; n], n).at_least(n.div_ceil(3)).ln();
            let any = family.ln_any(ln);
            assert!(any >= ln - 1e-9 && (any <= ln + 49f64.ln() + 1e-6 || any == 0.0), "{n}: {ln} {any}");
        }
        assert_eq!(family.ln_any(-1000.0), -1000.0 + 49f64.ln());
    }

    #[test]
    fn a_critical_tail_keeps_its_level() {
        let mut family = Family::default();
        (0..20).for_each(|_| family.add(Counts::of_chances(&[0.1; 20], 20).steps()));
        family.sum_up();
        let critical = family.critical(0.01).unwrap();
        assert!(family.ln_any(critical.ln()) <= 0.01f64.ln() + 1e-9);
    }

    /// Holm 1979: p of 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06.
    #[test]
    fn questions_step_down() {
        let p = [0.01f64, 0.04, 0.03];
        let ln: Vec<f64> = p.iter().map(|p| p.ln()).collect();
        let raised: Vec<f64> = holm(&ln).iter().zip(&ln).map(|(factor, ln)| (ln + factor).exp()).collect();
        for (raised, expected) in raised.iter().zip([0.03, 0.06, 0.06]) {
            assert!((raised - expected).abs() < 1e-12, "{raised}");
        }
    }
}
