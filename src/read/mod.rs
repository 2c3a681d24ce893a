//! From files to a case; every problem with file, row, column and what to do.
