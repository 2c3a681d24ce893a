//! Filling up like water: how high a level must stand so that so much is held altogether.

/// Something that fills up: half of what the level stands above its ground, at most so much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Water {
    /// Where it begins to fill.
    pub ground: f64,
    /// What it holds.
    pub most: f64,
}

impl Water {
    /// What is in it at a level.
    fn at(self, level: f64) -> f64 {
        ((level - self.ground) / 2.0).clamp(0.0, self.most)
    }
}

/// The level at which `waters` hold `wanted` together: Newton's steps from `guess`, kept between what is too low and too high.
/// Where they can't hold so much it is the level at which all are full; where nothing is wanted, that at which all are dry.
pub(super) fn level(waters: &[Water], wanted: f64, guess: f64) -> f64 {
    let mut low = waters.iter().map(|one| one.ground).fold(f64::INFINITY, f64::min);
    let mut high = waters.iter().map(|one| one.ground + 2.0 * one.most).fold(f64::NEG_INFINITY, f64::max);
    if waters.is_empty() || wanted <= 0.0 {
        return if waters.is_empty() { 0.0 } else { low };
    }
    if waters.iter().map(|one| one.most).sum::<f64>() <= wanted {
        return high;
    }
    let mut at = guess.clamp(low, high);
    for _ in 0..100 {
        let (mut held, mut rising) = (0.0, 0.0);
        for one in waters {
            let here = one.at(at);
            held += here;
            rising += f64::from(u8::from(here > 0.0 && here < one.most));
        }
        if (held - wanted).abs() <= wanted * 1e-10 {
            break;
        }
        if held < wanted {
            low = at
        } else {
            high = at
        }
        let next = at + (wanted - held) * 2.0 / rising;
        at = if low < next && next < high { next } else { low + (high - low) / 2.0 };
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn at_the_level_as_much_is_held_as_is_wanted(
            waters in proptest::collection::vec((-50i32..50, 1u32..30), 1..8),
            part in 0u32..101,
            guess in -200i32..200,
        ) {
            let waters: Vec<_> = waters.iter().map(|(g, m)| Water { ground: f64::from(*g), most: f64::from(*m) }).collect();
            let wanted = waters.iter().map(|one| one.most).sum::<f64>() * f64::from(part) / 100.0;
            let found = level(&waters, wanted, f64::from(guess));
            let held: f64 = waters.iter().map(|one| one.at(found)).sum();
            prop_assert!((held - wanted).abs() < 1e-6, "{} held, {} wanted", held, wanted);
        }
    }
}
