//! Calendar dates.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day so many days after 1970-01-01.
    pub fn of_unix_day(days: u64) -> Option<Self> {
        // Four hundred years have 146,097 days, and 1970 is as good a beginning as any for counting years one by one after.
        let (cycles, mut left) = (days.checked_div(146_097)?, days.checked_rem(146_097)?);
        let mut year = u16::try_from(cycles.checked_mul(400)?.checked_add(1970)?).ok()?;
        loop {
            let length = if is_leap(year) { 366 } else { 365 };
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => break,
            }
            year = year.checked_add(1)?;
        }
        let mut month = 1_u8;
        while let Some(rest) = left.checked_sub(u64::from(days_of(year, month))) {
            left = rest;
            month = month.checked_add(1)?;
        }
        let day = u8::try_from(left.checked_add(1)?).ok()?;
        (year <= 9_999).then_some(Self { year, month, day })
    }
}

impl FromStr for Date {
    type Err = ();

    /// `YYYY-MM-DD` and nothing else.
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = |part: &str, count: usize| (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(());
        let mut parts = text.splitn(3, '-');
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return Err(()) };
        digits(year, 4).and(digits(month, 2)).and(digits(day, 2)).ok_or(())?;
        let (year, month, day) = (year.parse().map_err(drop)?, month.parse().map_err(drop)?, day.parse().map_err(drop)?);
        if (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day) { Ok(Self { year, month, day }) } else { Err(()) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

const fn days_of(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-01T00:00:00Z", "+026-01-01", ""] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert!(date("2024-02-29") < date("2024-03-01") && date("2023-12-31") < date("2024-01-01"));
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (days, text) in [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_454, "2026-01-01"), (146_097, "2370-01-01")]
        {
            assert_eq!(Date::of_unix_day(days).unwrap().to_string(), text);
        }
        assert_eq!(Date::of_unix_day(u64::MAX), None);
    }
}
