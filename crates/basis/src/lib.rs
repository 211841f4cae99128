//! The words of the trade: calendar, clocks, numbers, roles. Pure: no IO, no async.
