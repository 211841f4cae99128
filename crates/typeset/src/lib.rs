//! PDF by typst, fonts found beside the binary or on the system.
