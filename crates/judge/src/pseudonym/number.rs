//! Numbers: the digits of a number are those of the text that says the same.

use super::Part;
use super::keyed::Keyed;
use serde_json::{Number, Value};

impl Keyed {
    /// The pseudonym of a number: its sign, and how many digits it has before and after the mark, stay. Zero stays.
    pub(super) fn number_of(&self, number: &Number, part: Part, salt: &str) -> Value {
        let text = number.to_string();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
        let (digits, exponent) = digits.split_at(digits.find(['e', 'E']).unwrap_or(digits.len()));
        let written = match digits.split_once('.') {
            Some((whole, fraction)) => format!("{}.{}", self.digits(whole, salt), self.fraction(fraction, salt)),
            None => self.of_part(digits, part, salt),
        };
        // What was a number is one, unless it was too large for its digits to be others.
        serde_json::from_str(&format!("{sign}{written}{exponent}")).unwrap_or_else(|_| Value::Number(number.clone()))
    }

    /// Digits whose key may say that they are a part of a date.
    pub(super) fn of_part(&self, digits: &str, part: Part, salt: &str) -> String {
        let width = digits.len();
        match (part, digits.parse::<u64>()) {
            (Part::Day, Ok(day)) if width <= 2 => fitting(self.day(day), digits),
            (Part::Month, Ok(month)) if width <= 2 => fitting(self.month(month), digits),
            // A year is told by itself.
            _ => self.digits(digits, salt),
        }
    }

    /// A last digit of zero would be one digit less.
    fn fraction(&self, digits: &str, salt: &str) -> String {
        let Some((rest, last)) = digits.split_at_checked(digits.len().saturating_sub(1)) else { return digits.into() };
        let last = if last == "0" { last.to_owned() } else { self.plain(last, &format!("last{salt}")) };
        let rest: String = rest
            .bytes()
            .map(|digit| {
                let moved = self.moved(&format!("fraction{salt}"), u64::from(digit - b'0'), 10);
                char::from(b'0' + u8::try_from(moved).unwrap_or(0))
            })
            .collect();
        rest + &last
    }
}

/// `07` stays two digits, and `7` becomes `11` where it must.
fn fitting(number: u64, original: &str) -> String {
    if original.starts_with('0') { format!("{number:0width$}", width = original.len()) } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::super::keyed::Keyed;
    use serde_json::{Value, json};

    fn of(value: &Value, part: Part) -> Value {
        let Value::Number(number) = value else { panic!("a number") };
        Keyed::new(b"key").number_of(number, part, "")
    }

    #[test]
    fn a_number_has_the_digits_of_its_text() {
        let keyed = Keyed::new(b"key");
        assert_eq!(of(&json!(75002), Part::Any).to_string(), keyed.digits("75002", ""));
        assert_eq!(of(&json!(0), Part::Any), json!(0));
        assert_eq!(of(&json!(0.0), Part::Any), json!(0.0));
        for number in
            [json!(-790.25), json!(12), json!(1_700_000_000_000_i64), json!(1e300), json!(u64::MAX - 1), json!(0.5)]
        {
            let pseudonym = of(&number, Part::Any);
            assert_ne!(pseudonym, number);
            assert_eq!(pseudonym.is_f64(), number.is_f64(), "{number} -> {pseudonym}");
            assert_eq!(pseudonym.to_string().len(), number.to_string().len(), "{number} -> {pseudonym}");
        }
    }

    #[test]
    fn a_part_of_a_date_is_that_part_of_the_date_s_pseudonym() {
        let keyed = Keyed::new(b"key");
        let (year, month, day) = keyed.date((1989, 7, 18));
        assert_eq!(of(&json!(1989), Part::Year), json!(year));
        assert_eq!(of(&json!(7), Part::Month), json!(month));
        assert_eq!(of(&json!(18), Part::Day), json!(day));
        assert_eq!(keyed.of_part("07", Part::Month, ""), format!("{month:02}"));
        assert_eq!(of(&json!(32), Part::Day), json!(32));
    }
}
