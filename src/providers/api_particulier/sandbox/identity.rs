//! Pivot identities: the claims of a FranceConnect token under every name that a case may use for them.

use super::tokens::pivot;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Who a FranceConnect token stands for: by part, the folded values that are equal to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity(HashMap<String, Vec<String>>);

/// How well the identity parts of a stored case fit a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// A part differs, or none is common.
    Other,
    /// Every part that both have is equal.
    Loose,
    /// The same parts with the same values.
    Exact,
}

impl Identity {
    /// The identity that a case's parameters spell out.
    pub(super) fn of_case(params: &Map<String, Value>) -> Self {
        Self(pivot(params).map(|(name, value)| (name.to_owned(), vec![value])).collect())
    }

    /// The identity of OpenID claims, under the names of v3, of v2, and their own.
    pub(super) fn of_claims(claims: &Map<String, Value>) -> Self {
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut identity = Self::default();
        let family_name = claim("family_name");
        identity.put(&["nomNaissance", "family_name"], family_name);
        identity.put(&["nomUsage"], claim("preferred_username"));
        let list = claims.get("given_name_array").and_then(Value::as_array).into_iter().flatten();
        let list = list.filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        let list = Some(list.as_str()).filter(|list| !list.is_empty());
        let given_name = claim("given_name");
        identity.put(&["prenoms", "given_name"], list.or(given_name));
        identity.put(&["given_name"], given_name);
        identity.birth(claim("birthdate"));
        let birthplace = ["codeCogInseeCommuneNaissance", "codeInseeLieuDeNaissance", "birthplace"];
        identity.put(&birthplace, claim("birthplace"));
        let birthcountry = ["codeCogInseePaysNaissance", "codePaysLieuDeNaissance", "birthcountry"];
        identity.put(&birthcountry, claim("birthcountry"));
        identity.put(&["gender"], claim("gender"));
        let letter = match claim("gender") {
            Some("male") => Some("M"),
            Some("female") => Some("F"),
            _ => None,
        };
        identity.put(&["sexeEtatCivil", "sexe", "gender"], letter);
        identity
    }

    /// `1994-04-16` is also three numbers, and `16/04/1994` to some providers.
    fn birth(&mut self, birthdate: Option<&str>) {
        self.put(&["birthdate"], birthdate);
        let parts: Vec<&str> = birthdate.unwrap_or_default().split('-').collect();
        if let [year, month, day] = parts[..] {
            self.put(&["birthdate"], Some(&format!("{day}/{month}/{year}")));
            for (part, text) in [("annee", year), ("mois", month), ("jour", day)] {
                let names = [format!("{part}DateNaissance"), format!("{part}DateDeNaissance")];
                let names = [names[0].as_str(), names[1].as_str()];
                self.put(&names, Some(text));
                self.put(&names, Some(text.trim_start_matches('0')));
            }
        }
    }

    fn put(&mut self, names: &[&str], value: Option<&str>) {
        for name in names {
            if let Some(value) = value.map(fold) {
                let values = self.0.entry((*name).to_owned()).or_default();
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }

    /// Compares with the identity parts of a stored case.
    pub(super) fn fit(&self, parts: &[(String, String)]) -> Fit {
        let mut common = 0;
        for (name, value) in parts {
            match self.0.get(name) {
                Some(values) if values.contains(value) => common += 1,
                Some(_) => return Fit::Other,
                None => {}
            }
        }
        if common == parts.len() && common == self.0.len() {
            Fit::Exact
        } else if common > 0 || parts.is_empty() {
            Fit::Loose
        } else {
            Fit::Other
        }
    }
}

/// Letter case does not count: Unicode lowercase, letter by letter.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// [`fold`], appended.
pub(super) fn fold_into(buffer: &mut String, text: &str) {
    for letter in text.chars() {
        if letter.is_ascii() {
            buffer.push(letter.to_ascii_lowercase());
        } else {
            buffer.extend(letter.to_lowercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, Identity};
    use serde_json::{Map, Value, json};

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    fn parts(value: &Value) -> Vec<(String, String)> {
        super::pivot(&map(value)).map(|(name, text)| (name.to_owned(), text)).collect()
    }

    fn thomas() -> Identity {
        Identity::of_claims(&map(&json!({
            "family_name": "Delatour", "given_name": "Thomas", "given_name_array": ["Thomas"], "gender": "male",
            "birthdate": "1994-04-16", "birthplace": "75111", "birthcountry": "99100",
        })))
    }

    #[test]
    fn claims_are_known_under_every_name() {
        for case in [
            json!({"nomNaissance": "DELATOUR", "nomUsage": "Delamouette", "prenoms": ["Thomas"], "moisDateNaissance": 4}),
            json!({"nomNaissance": "Delatour", "anneeDateDeNaissance": 1994, "moisDateDeNaissance": "04", "sexe": "M"}),
            json!({"family_name": "Delatour", "given_name": "Thomas", "birthdate": "16/04/1994", "gender": "M"}),
            json!({"family_name": "Delatour", "birthdate": "1994-04-16", "gender": "male", "birthplace": "75111"}),
            json!({"codeCogInseePaysNaissance": "99100", "codeInseeLieuDeNaissance": "75111"}),
        ] {
            assert_eq!(thomas().fit(&parts(&case)), Fit::Loose, "{case}");
        }
    }

    #[test]
    fn one_part_that_differs_is_somebody_else() {
        assert_eq!(thomas().fit(&parts(&json!({"nomNaissance": "Delatour", "prenoms": ["Tom"]}))), Fit::Other);
    }

    #[test]
    fn no_common_part_is_somebody_else_but_a_case_without_identity_is_anybody() {
        let named = Identity::of_case(&map(&json!({"nomNaissance": "A"})));
        assert_eq!(named.fit(&parts(&json!({"given_name": "B"}))), Fit::Other);
        assert_eq!(named.fit(&[]), Fit::Loose);
    }

    #[test]
    fn the_identity_of_a_case_is_exactly_its_own() {
        let case = json!({"nomNaissance": "ÉTÉ", "prenoms": ["A", "B"], "immatriculation": "X"});
        let other = json!({"nomNaissance": "Été", "prenoms": ["A", "B"], "sexe": "F"});
        let identity = Identity::of_case(&map(&case));
        assert_eq!(identity.fit(&parts(&case)), Fit::Exact);
        assert_eq!(identity.fit(&parts(&other)), Fit::Loose);
    }
}
