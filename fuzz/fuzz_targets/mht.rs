#![no_main]

use gongkai_office::{Limits, Sniffed, read_as};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read_as(Sniffed::WebArchive, bytes, &Limits::default());
});
