//! Whatever a change has, it is written again as the same bytes, and held after it is what can be; nothing stops the reader or the fold.

#![no_main]

use foureyes::record::changes::{Held, change_line, read_change};
use libfuzzer_sys::fuzz_target;

const NAME: &str = "changes/001.json";

fuzz_target!(|data: &[u8]| {
    let mut held = Held::default();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        let (change, flaws) = read_change(line, NAME);
        if let Some(change) = change {
            held.change(&change);
            if flaws.is_empty() {
                assert_eq!(change_line(&change), line);
            }
        }
    }
});
