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
const SEXES: [&str; 9] = ["m", "f", "h", "male", "female", "homme", "femme", "masculin", "feminin"];

impl Part {
    /// Reads `anneeDateNaissance`, `mois_calcul`, `birth_day`: one of the words that a key is made of.
    #[must_use]
    pub fn of(key: &str) -> Self {
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
            "jour" | "day" => Some(Self::Day),
            "mois" | "month" => Some(Self::Month),
            "annee" | "année" | "year" => Some(Self::Year),
            "sexe" | "sex" | "gender" | "genre" => Some(Self::Sex),
            _ => None,
        };
        words.iter().find_map(named).unwrap_or_default()
    }

    /// Whether a value is nobody's: it tells one half of all people from the other.
    pub(super) fn keeps(self, text: &str) -> bool {
        self == Self::Sex && SEXES.contains(&text.to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
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
            assert_eq!(Part::of(key), part, "{key}");
        }
        assert!(Part::Sex.keeps("F") && !Part::Sex.keeps("Frida") && !Part::Any.keeps("F"));
    }
}
