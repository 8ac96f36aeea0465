//! Runs of digits: as many as before, a zero first where there was one, checksums that hold where they held.

use super::dates::is_date;
use super::keyed::Keyed;

/// Digits of a SIREN, and of a SIRET, which begins with one. Both end with a checksum.
const SIREN: usize = 9;
const SIRET: usize = 14;
/// How the INSEE's codes of countries begin: five digits.
const COUNTRY: &str = "99";
/// Digits that a number of 64 bits holds.
const MOST: usize = 20;

impl Keyed {
    /// A run of digits, by what it may be. `salt` is for the next try, where the contract refuses the first one.
    pub(super) fn digits(&self, text: &str, salt: &str) -> String {
        let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse().ok()).unwrap_or(0);
        match text.len() {
            SIREN => self.siren(text, salt),
            SIRET => {
                let (siren, nic) = text.split_at(SIREN);
                let last = nic.len() - 1;
                let body = self.siren(siren, salt) + &self.plain(&nic[..last], &format!("nic{salt}"));
                checked(&body, text)
            }
            8 if is_date(part(0..4), part(4..6), part(6..8)) => {
                let (year, month, day) = self.date((part(0..4), part(4..6), part(6..8)));
                format!("{year:04}{month:02}{day:02}")
            }
            8 if is_date(part(4..8), part(2..4), part(0..2)) => {
                let (year, month, day) = self.date((part(4..8), part(2..4), part(0..2)));
                format!("{day:02}{month:02}{year:04}")
            }
            5 if text.starts_with(COUNTRY) => {
                format!("{COUNTRY}{:03}", self.moved(&format!("country{salt}"), part(2..5), 1000))
            }
            4 if (1900..=2100).contains(&part(0..4)) => self.year(part(0..4)).to_string(),
            _ => self.plain(text, salt),
        }
    }

    fn siren(&self, text: &str, salt: &str) -> String {
        checked(&self.plain(&text[..SIREN - 1], &format!("siren{salt}")), text)
    }

    /// Digits that are nothing but digits.
    pub(super) fn plain(&self, text: &str, salt: &str) -> String {
        let (zero, rest) = match text.strip_prefix('0') {
            Some(rest) => ("0", rest),
            None => ("", text),
        };
        if rest.bytes().all(|digit| digit == b'0') {
            return text.to_owned();
        }
        let label = format!("digits{salt}");
        let length = rest.len();
        let Some(value) = Some(rest).filter(|_| length <= MOST).and_then(|rest| rest.parse::<u64>().ok()) else {
            let mut stream = self.stream(&label, text);
            let first = stream.next().map_or('1', |byte| char::from(b'1' + byte % 9));
            let rest = stream.take(length - 1).map(|byte| char::from(b'0' + byte % 10));
            return zero.chars().chain([first]).chain(rest).collect();
        };
        let power = |length: usize| 10_u64.checked_pow(u32::try_from(length).unwrap_or(u32::MAX)).unwrap_or(u64::MAX);
        let end = power(length);
        if zero.is_empty() {
            let (first, end) = (power(length - 1), bound(value).map_or(end, |bound| end.min(bound + 1)));
            (first + self.moved(&label, value - first, end - first)).to_string()
        } else {
            // Nothing but zeros would be nothing at all.
            format!("0{:0length$}", 1 + self.moved(&label, value - 1, end - 1))
        }
    }
}

/// What reads a number as one of 32 bits, or of 64, must be able to read its pseudonym.
fn bound(value: u64) -> Option<u64> {
    [u64::from(i32::MAX.unsigned_abs()), i64::MAX.unsigned_abs()].into_iter().find(|bound| value <= *bound)
}

/// Appends the last digit: as far from the checksum as that of the original is from its own.
fn checked(body: &str, original: &str) -> String {
    let wrong_by = |text: &str| luhn(text) % 10;
    let own = wrong_by(original);
    let sum = luhn(&format!("{body}0")) % 10;
    format!("{body}{}", (own + 10 - sum) % 10)
}

/// The sum of Luhn: a multiple of ten where the checksum holds.
fn luhn(digits: &str) -> u32 {
    let weigh = |(place, byte): (usize, u8)| {
        let digit = u32::from(byte - b'0');
        match if place % 2 == 1 { 2 * digit } else { digit } {
            double @ 10.. => double - 9,
            digit => digit,
        }
    };
    digits.bytes().rev().enumerate().map(weigh).sum()
}

#[cfg(test)]
mod tests {
    use super::super::keyed::Keyed;
    use super::luhn;
    use std::collections::BTreeSet;

    #[test]
    fn checksums_hold_where_they_held() {
        let keyed = Keyed::new(b"key");
        let holds = |text: &str| luhn(text).is_multiple_of(10);
        for siret in ["13002526500013", "21920023500014", "00000000000000", "13002526500014"] {
            let pseudonym = keyed.digits(siret, "");
            assert_eq!((pseudonym.len(), holds(&pseudonym)), (14, holds(siret)), "{siret} -> {pseudonym}");
        }
        assert!(keyed.digits("13002526500013", "").starts_with(&keyed.digits("130025265", "")));
        for value in (0..2_000_000_u64).step_by(997) {
            let text = format!("{:09}", value * 491 % 1_000_000_000);
            let pseudonym = keyed.digits(&text, "");
            assert_eq!((pseudonym.len(), holds(&pseudonym)), (9, holds(&text)), "{text} -> {pseudonym}");
        }
    }

    #[test]
    fn runs_keep_their_length_and_their_zero_and_never_meet() {
        let keyed = Keyed::new(b"key");
        for length in 1..=4 {
            let texts = || (0..10_u32.pow(length)).map(|value| format!("{value:0width$}", width = length as usize));
            let mut seen = BTreeSet::new();
            for text in texts() {
                let pseudonym = keyed.plain(&text, "");
                assert_eq!(pseudonym.len(), text.len());
                assert_eq!(pseudonym.starts_with('0'), text.starts_with('0'), "{text} -> {pseudonym}");
                assert!(pseudonym != text || text.trim_matches('0').is_empty(), "{text}");
                seen.insert(pseudonym);
            }
            assert_eq!(seen.len(), texts().count());
        }
        for text in ["2147483647", "1234567890"] {
            assert!(keyed.plain(text, "").parse::<i32>().is_ok());
        }
        assert_eq!(keyed.plain("123456789012345678901234567890", "").len(), 30);
        assert!(keyed.digits("99100", "").starts_with("99") && keyed.digits("99100", "") != "99100");
    }

    #[test]
    fn eight_digits_that_are_a_date_stay_one() {
        let keyed = Keyed::new(b"key");
        let (year, month, day) = keyed.date((1989, 7, 18));
        assert_eq!(keyed.digits("19890718", ""), format!("{year:04}{month:02}{day:02}"));
        assert_eq!(keyed.digits("18071989", ""), format!("{day:02}{month:02}{year:04}"));
    }
}
