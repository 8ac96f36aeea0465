//! Formats of French values: what pseudonyms keep of them.

use vigie_judge::pseudonym::{Formats, Part, ValueFormat};

/// Those of a French provider.
pub(super) const FRENCH: Formats = Formats {
    values: &[
        ValueFormat { name: "SIREN", pattern: r"\b(?P<siren>[0-9]{8})(?P<check>[0-9])\b" },
        // It begins with the SIREN of its company.
        ValueFormat {
            name: "SIRET",
            pattern: r"\b(?P<siren>[0-9]{8})(?P<check>[0-9])(?P<establishment>[0-9]{4})(?P<check_all>[0-9])\b",
        },
        ValueFormat { name: "country by INSEE", pattern: r"\b99(?P<country>[0-9]{3})\b" },
        // The digit before the subscriber's tells the kind of number: a region, a mobile.
        ValueFormat { name: "phone", pattern: r"(?:\+33[ .-]?|\b0)[1-9](?P<subscriber>(?:[ .-]?[0-9]{2}){4})\b" },
    ],
    words: &[
        ("jour", Part::Day),
        ("mois", Part::Month),
        ("annee", Part::Year),
        ("année", Part::Year),
        ("sexe", Part::Sex),
        ("genre", Part::Sex),
    ],
    sexes: &["h", "homme", "femme", "masculin", "feminin"],
};
