//! From published files to findings.
