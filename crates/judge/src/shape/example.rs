//! A text of each form, the same one whatever text had it.

use super::form::{Build, Form, Letters};

impl Form {
    /// A text of this form that says nothing.
    #[must_use]
    pub fn example(self) -> String {
        match self {
            Self::Date => "2000-01-01".to_owned(),
            Self::OtherDate(separator, true) => format!("2000{separator}1{separator}1"),
            Self::OtherDate(separator, false) => format!("1{separator}1{separator}2000"),
            Self::DateTime(zoned) => format!("2000-01-01T00:00:00{}", if zoned { "Z" } else { "" }),
            Self::YearRange => "2000-2001".to_owned(),
            Self::Year => "2000".to_owned(),
            Self::Digits(length, zero) => {
                format!("{}{}", if zero { "0" } else { "1" }, "1".repeat(length.saturating_sub(1)))
            }
            Self::Number(mark) => format!("1{mark}5"),
            Self::Code(length) => "1".repeat(length.saturating_sub(1)) + "A",
            Self::Uuid => "00000000-0000-4000-8000-000000000000".to_owned(),
            Self::Email => "a@vigie.example".to_owned(),
            Self::Url => "https://vigie.example/".to_owned(),
            Self::Placeholder => "null".to_owned(),
            Self::Mangled => "a\u{fffd}".to_owned(),
            Self::Text(letters, build) => {
                let text = match build {
                    Build::Identifier => "Aaaa",
                    Build::Token => "Aaa1",
                    Build::Brief => "A.a",
                    Build::Words => "Aaaa aaaa",
                    Build::Numbered => "1 Aaaa",
                };
                match letters {
                    Letters::Lower => text.to_lowercase(),
                    Letters::Upper => text.to_uppercase(),
                    Letters::Mixed => text.to_owned(),
                }
            }
            Self::Symbols => "+".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn an_example_has_its_form() {
        for text in [
            "2025-01-31",
            "31/01/2025",
            "31 01 2025",
            "31-01-2025",
            "2025.01.31",
            "2025/1/31",
            "2025-01-31T00:00:00+01:00",
            "2025-01-31T00:00:00",
            "2025",
            "2024-2025",
            "75002",
            "01000",
            "7",
            "0",
            "00",
            "1234",
            "75002 PARIS",
            "ÉLÈVE",
            "Dupont",
            "dupont",
            "DUPONT",
            "+33 6",
            "790,5",
            "-790.5",
            "n/a",
            "GÃ©raldine",
            "BERNARD & SOPHIE",
            "jean dupont",
            "0bis",
            "3EME",
            "Fc-123-Ab",
            "2A004",
            "0890003V",
            "a@b.fr",
            "https://vigie.example/a",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "M.",
            "Me.",
            "m",
            "A",
            "12 bis",
            "12 Rue x",
        ] {
            let form = Form::of(text).expect("it has a form");
            assert_eq!(Form::of(&form.example()), Some(form), "{text}: {}", form.example());
        }
    }
}
