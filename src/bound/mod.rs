//! What no schedule could beat, and why a visit cannot be staffed.
