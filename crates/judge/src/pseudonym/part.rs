//! What a key says of its value: a part of a date that is told apart, or somebody's sex.

/// What a value is, as its key tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// A day of a month.
    Day,
    /// A month of a year.
    Month,
    /// A year.
    Year,
    /// One of the two or three values that everybody has.
    Sex,
    /// Anything else.
    #[default]
    Any,
}

/// Values of [`Part::Sex`] that stay.
const SEXES: [&str; 4] = ["m", "f", "male", "female"];

impl Part {
    /// Reads `birthYear`, `birth_day`: one of the words that a key is made of, in English or in the words of a provider.
    pub(super) fn of(key: &str, own: &[(&str, Self)]) -> Self {
        let mut word = String::new();
        let mut words = Vec::new();
        for letter in key.chars() {
            if letter.is_uppercase() || !letter.is_alphanumeric() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(letter.to_lowercase().filter(|letter| letter.is_alphanumeric()));
        }
        words.push(word);
        let named = |word: &String| match word.as_str() {
            "day" => Some(Self::Day),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            "sex" | "gender" => Some(Self::Sex),
            word => own.iter().find(|(known, _)| *known == word).map(|(_, part)| *part),
        };
        words.iter().find_map(named).unwrap_or_default()
    }

    /// Whether a value is nobody's: it tells one half of all people from the other.
    pub(super) fn keeps(self, text: &str, own: &[&str]) -> bool {
        self == Self::Sex && SEXES.iter().chain(own).any(|known| *known == text.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::FRENCH;
    use super::Part;

    #[test]
    fn keys_tell_parts_of_dates() {
        for (key, part) in [
            ("anneeDateNaissance", Part::Year),
            ("moisDateDeNaissance", Part::Month),
            ("mois_calcul", Part::Month),
            ("jourDateNaissance", Part::Day),
            ("sexeEtatCivil", Part::Sex),
            ("birth_day", Part::Day),
            ("birthdate", Part::Any),
            ("dateNaissance", Part::Any),
            ("sejour", Part::Any),
        ] {
            assert_eq!(Part::of(key, FRENCH.words), part, "{key}");
        }
        assert!(Part::Sex.keeps("F", &[]) && !Part::Sex.keeps("Frida", &[]) && !Part::Any.keeps("F", &[]));
    }
}
