//! Whatever an HTML page holds, reading gives a case or says why not.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = [b"<table>", data].concat();
    foureyes_fuzz::read_case("history.xls", &bytes);
});
