//! Pivot identities: what an operation compares of whom a FranceConnect token stands for.

use super::france_connect::{Claims, Part};
use serde_json::{Map, Value};
use vigie_scenario::text;

/// Who a FranceConnect token stands for.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// Whom a case spells out, under the names of its operation.
    Case(Map<String, Value>),
    /// Whom the claims of an official word name.
    Claims(Claims),
}

impl Identity {
    /// The value of a part; `None` where the identity does not have it.
    fn value(&self, part: &Part) -> Option<String> {
        match self {
            Self::Case(params) => params.get(part.name).filter(|value| !value.is_null()).map(text),
            Self::Claims(claims) => (part.of)(claims),
        }
    }

    /// Appends to a key what an operation compares: equal for equal values, whatever their letter case.
    pub(super) fn add_to(&self, key: &mut String, parts: &[Part]) {
        for (place, part) in parts.iter().enumerate() {
            let Some(value) = self.value(part) else { continue };
            key.extend(u32::try_from(place).ok().and_then(|place| char::from_u32(0xF000 + place)));
            // Of a date the numbers count: `04` is the fourth month.
            let is_number = ["annee", "mois", "jour"].iter().any(|unit| part.name.starts_with(unit));
            fold_into(key, if is_number { value.trim_start_matches('0') } else { &value });
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
    use super::Identity;
    use crate::api_particulier::france_connect::{Claims, row};
    use serde_json::{Map, Value, json};
    use vigie_contract::model::Contract;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    fn key(path: &str, identity: &Identity) -> String {
        let contract = Contract::new("t/v1", json!({"paths": {path: {"get": {"responses": {}}}}}));
        let (parts, _) = row(&contract.operations[0]).expect("it takes FranceConnect");
        let mut key = String::new();
        identity.add_to(&mut key, parts);
        key
    }

    /// Every operation builds another set of the same claims.
    #[test]
    fn claims_are_compared_under_the_names_of_each_operation() {
        let claims = Identity::Claims(Claims(map(&json!({
            "family_name": "Delatour", "given_name": "Thomas", "given_name_array": ["Thomas", "Léo"], "gender": "male",
            "birthdate": "1994-04-16", "birthplace": "75111", "birthcountry": "99100", "preferred_username": "Dela",
        }))));
        let civil = json!({"nomNaissance": "DELATOUR", "prenoms": ["thomas", "LÉO"], "anneeDateNaissance": 1994,
            "moisDateNaissance": "04", "jourDateNaissance": 16});
        let with = |more: &Value| {
            let mut all = map(&civil);
            all.extend(map(more));
            Value::Object(all)
        };
        let student = with(&json!({"sexeEtatCivil": "m", "codeCogInseeCommuneNaissance": "75111"}));
        let born = json!({"sexeEtatCivil": "M", "codeCogInseeCommuneNaissance": "75111", "codeCogInseePaysNaissance": "99100"});
        let mut household = map(&with(&born));
        household.insert("nomUsage".into(), "DELA".into());
        let household_v2 = json!({"nomNaissance": "Delatour", "nomUsage": "Dela", "prenoms": ["Thomas", "Léo"],
            "anneeDateDeNaissance": 1994, "moisDateDeNaissance": 4, "jourDateDeNaissance": 16, "sexe": "M",
            "codeInseeLieuDeNaissance": "75111", "codePaysLieuDeNaissance": "99100"});
        let cnous = json!({"given_name": "Thomas, Léo", "family_name": "Delatour", "birthdate": "16/04/1994", "gender": "M",
            "birthplace": "75111"});
        let mesri = json!({"given_name": "Thomas", "family_name": "Delatour", "birthdate": "1994-04-16",
            "gender": "male", "birthplace": "75111"});
        for (path, case) in [
            ("/api/v2/composition-familiale-v2", &household_v2),
            ("/api/v2/prime-activite", &household_v2),
            ("/api/v2/etudiants-boursiers", &cnous),
            ("/api/v2/etudiants", &mesri),
            ("/v3/dss/quotient_familial/france_connect", &Value::Object(household)),
            ("/v3/cnous/etudiant_boursier/france_connect", &student),
            ("/v4/cnous/etudiant_boursier/france_connect", &student),
            ("/v3/mesri/statut_etudiant/france_connect", &student),
            ("/v3/gip_mds/service_civique/france_connect", &civil),
            ("/v3/dsnj/service_national/france_connect", &with(&born)),
            ("/v3/ants/extrait_immatriculation_vehicule/france_connect", &json!({})),
        ] {
            assert_eq!(key(path, &claims), key(path, &Identity::Case(map(case))), "{path}");
        }
    }

    #[test]
    fn a_part_that_is_absent_or_another_makes_another_key() {
        let path = "/v3/mesri/statut_etudiant/france_connect";
        let of = |value: Value| key(path, &Identity::Case(map(&value)));
        let whole = of(json!({"nomNaissance": "ÉTÉ", "prenoms": ["A", "B"], "sexeEtatCivil": "F"}));
        assert_eq!(of(json!({"nomNaissance": "Été", "prenoms": "a b", "sexeEtatCivil": "f"})), whole);
        for other in [
            json!({"nomNaissance": "ÉTÉ", "prenoms": ["A", "B"]}),
            json!({"nomNaissance": "ÉTÉ", "prenoms": ["A"], "sexeEtatCivil": "F"}),
            json!({"nomNaissance": "ETE", "prenoms": ["A", "B"], "sexeEtatCivil": "F"}),
        ] {
            assert_ne!(of(other.clone()), whole, "{other}");
        }
    }
}
