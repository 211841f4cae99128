//! 索引号: `{统一社会信用代码}/{年}-{五位流水号}` (the scheme of Guangdong and others), begun anew each year for each organ.

/// The code of an organ that has not entered its own yet: the letters say that it is no credit code.
#[must_use]
pub fn format(code: &str, year: i16, serial: i64) -> String {
    format!("{code}/{year}-{serial:05}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_serial_has_five_digits() {
        assert_eq!(
            super::format("11441700007280420Y", 2021, 50),
            "11441700007280420Y/2021-00050"
        );
        assert_eq!(super::format("X", 2021, 123_456), "X/2021-123456");
    }
}
