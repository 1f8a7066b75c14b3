//! What is done to dates of birth.

use super::ErrorKind::{
    self, DayDigit, DayMonth, Decade, FirstOfJanuary, MonthDigit, NeighbourYear, YearDigit,
};
use crate::random::Random;
use crate::world::civil::Civil;

pub(super) fn date(kind: ErrorKind, civil: &mut Civil, random: &mut Random) -> bool {
    if civil.day == 0 || civil.month == 0 {
        return false;
    }
    let (year, month, day) = (civil.year, civil.month, civil.day);
    let digit = |random: &mut Random, tens: u32, units: u32| {
        if random.happens(0.35) {
            (random.below(10) as u32, units)
        } else {
            (tens, random.below(10) as u32)
        }
    };
    let before = (year, month, day);
    let set = match kind {
        DayDigit => {
            let (tens, units) = if random.happens(0.2) {
                (day % 10, day / 10)
            } else {
                digit(random, day / 10, day % 10)
            };
            tens * 10 + units > 0 && civil.set_date(year, month, tens * 10 + units)
        }
        MonthDigit => {
            let (tens, units) = digit(random, month / 10, month % 10);
            tens * 10 + units > 0 && civil.set_date(year, tens * 10 + units, day)
        }
        YearDigit => {
            let year = if random.happens(0.25) {
                year - year % 100 + year % 10 * 10 + year / 10 % 10
            } else {
                year - year % 10 + random.below(10) as i32
            };
            civil.set_date(year, month, day)
        }
        Decade => {
            let tens = if random.happens(0.5) {
                year / 10 % 10 + if random.happens(0.5) { 1 } else { -1 }
            } else {
                random.below(10) as i32
            };
            (0..10).contains(&tens)
                && (1890..1975).contains(&(year - year % 100 + tens * 10 + year % 10))
                && civil.set_date(year - year % 100 + tens * 10 + year % 10, month, day)
        }
        DayMonth => day <= 12 && civil.set_date(year, day, month),
        NeighbourYear => civil.set_date(year + if random.happens(0.5) { 1 } else { -1 }, month, day),
        FirstOfJanuary => civil.set_date(year, 1, 1),
        _ => civil.set_date(year, if random.happens(0.5) { 0 } else { month }, 0),
    };
    set && (civil.year, civil.month, civil.day) != before
}
