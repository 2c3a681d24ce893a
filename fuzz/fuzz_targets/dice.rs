//! Whatever is typed in for throws of dice, it is read as exactly as many throws as 256 bits take, or everything wrong is told.

#![no_main]

use foureyes::draw::dice::{Dice, Throws, agreed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [faces, text @ ..] = data else { return };
    let Some(dice) = Dice::with_faces(*faces) else { return };
    let text = String::from_utf8_lossy(text);
    match dice.parse(&text) {
        Ok(throws) => {
            assert_eq!(throws.throws().len(), dice.throws_needed());
            assert!(throws.throws().iter().all(|throw| (1..=*faces).contains(throw)));
            assert_eq!(Throws::from_spelled(dice, &throws.spelled()).as_ref(), Some(&throws));
            assert!(agreed(throws.clone(), &throws).is_ok());
        }
        Err(problems) => {
            assert!(problems.iter().all(|problem| !problem.to_string().is_empty()) && !problems.is_empty())
        }
    }
    if let Some(throws) = Throws::from_spelled(dice, &text) {
        assert_eq!(throws.spelled(), text);
    }
});
