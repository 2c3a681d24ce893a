//! Building schedules that obey every rule.
