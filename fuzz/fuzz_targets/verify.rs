//! Whatever the files of a record are, the verifier gives a verdict, the same one each time.
//!
//! The input is a text of changes to the hand-made record of `tests/tampered/base`: each line, a byte that
//! says which file, two that say where, one how many bytes go, and what comes in their place. So the fuzzer
//! begins next to a sound record rather than far away from any.

#![no_main]

use std::sync::LazyLock;

use foureyes::record::{self, Files};
use foureyes::verify::verify;
use foureyes_fuzz::{files_in, splice_one};
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<Files> = LazyLock::new(|| files_in("tests/tampered/base"));

fuzz_target!(|data: &[u8]| {
    let mut files = BASE.clone();
    data.split(|byte| *byte == b'\n').for_each(|change| splice_one(&mut files, change));
    let verdict = verify(&files);
    assert_eq!(verdict, verify(&files));
    assert!(!verdict.is_sound() || verdict.findings.is_empty());
    assert!(!verdict.to_string().is_empty() && !verdict.json().is_empty());
    if let Ok((case, book)) = record::thaw(&files) {
        assert!(record::freeze(&case, &book).files.iter().all(|(name, bytes)| files.get(name) == Some(bytes)));
    }
});
