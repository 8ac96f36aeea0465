//! FranceConnect: what each operation builds of an identity and compares with its stored cases. One set of names a family
//! of operations and generation; a case matches when its parameters are exactly that set, and what an identity does not
//! have is left out of it.

use super::dialect::FRANCE_CONNECT;
use serde_json::{Map, Value};
use vigie_contract::model::Operation;
use vigie_scenario::{Compared, IdentityPart, Written};

/// What a family of operations compares of an identity.
type Parts = &'static [Part];

/// One part: its name, and what it is made of.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// Its value for the claims of an identity; `None` where they do not give it.
    pub(super) of: fn(&Claims) -> Option<String>,
    /// How it has to be written, where not every text will do.
    written: Option<Written>,
}

const SLASHED: Written = Written { how: "a date as dd/mm/yyyy", fits: is_slashed };
const LETTER: Written = Written { how: "M or F", fits: |text| is_one_of(text, &["M", "F"]) };
const GENDER: Written = Written { how: "male or female", fits: |text| is_one_of(text, &["male", "female"]) };

/// The families: each part by its name, with the claim that it is made of, and how it has to be written.
macro_rules! families {
    ($($(#[$doc:meta])* $family:ident: $($name:ident $claim:ident $($written:ident)?),*;)*) => {
        $(
            $(#[$doc])*
            const $family: Parts = &[$(Part {
                name: stringify!($name),
                of: Claims::$claim,
                written: families!(@written $($written)?),
            },)*];
        )*
        const ALL: &[Parts] = &[$($family),*];
    };
    (@written) => { None };
    (@written $written:ident) => { Some($written) };
}

families! {
    CNAV_V2:
        nomUsage usage_name, nomNaissance family_name, prenoms given_names, anneeDateDeNaissance year,
        moisDateDeNaissance month, jourDateDeNaissance day, codeInseeLieuDeNaissance birthplace,
        codePaysLieuDeNaissance birthcountry, sexe letter, nomCommuneNaissance nothing,
        codeCogInseeDepartementNaissance nothing;
    CNAV:
        nomNaissance family_name, nomUsage usage_name, prenoms given_names, anneeDateNaissance year,
        moisDateNaissance month, jourDateNaissance day, sexeEtatCivil letter, codeCogInseePaysNaissance
        birthcountry, codeCogInseeCommuneNaissance birthplace, nomCommuneNaissance nothing,
        codeCogInseeDepartementNaissance nothing;
    CNOUS_V2:
        given_name listed_names, family_name family_name, birthdate slashed_birthdate SLASHED, gender letter
        LETTER, birthplace birthplace;
    MESRI_V2:
        given_name first_name, family_name family_name, birthdate birthdate, birthplace birthplace, gender
        gender GENDER;
    /// CNOUS and MESRI.
    STUDENTS:
        nomNaissance family_name, prenoms given_names, anneeDateNaissance year, moisDateNaissance month,
        jourDateNaissance day, sexeEtatCivil letter, codeCogInseeCommuneNaissance birthplace;
    CIVIC_SERVICE:
        nomNaissance family_name, prenoms given_names, anneeDateNaissance year, moisDateNaissance month,
        jourDateNaissance day;
    /// Not known from the provider: the parts that its call by civil identity takes.
    NATIONAL_SERVICE:
        nomNaissance family_name, prenoms given_names, anneeDateNaissance year, moisDateNaissance month,
        jourDateNaissance day, sexeEtatCivil letter, codeCogInseePaysNaissance birthcountry,
        codeCogInseeCommuneNaissance birthplace;
    /// A vehicle has a plate, and whoever it is that asks is checked by the provider.
    VEHICLES:;
}

/// What an operation compares with FranceConnect: parts of the identity, and the parameters beside them; `None` where it
/// takes no such token.
pub(super) fn row(operation: &Operation) -> Option<(Parts, &'static [&'static str])> {
    if let Some(name) = operation.path.strip_prefix("/api/v2/") {
        return Some(match name {
            "composition-familiale-v2" => (CNAV_V2, &["annee", "mois"]),
            "complementaire-sante-solidaire"
            | "allocation-adulte-handicape"
            | "allocation-soutien-familial"
            | "revenu-solidarite-active"
            | "prime-activite" => (CNAV_V2, &[]),
            "etudiants-boursiers" => (CNOUS_V2, &["campaignYear"]),
            "etudiants" => (MESRI_V2, &[]),
            _ => return None,
        });
    }
    let mut segments = operation.path.strip_suffix("/france_connect")?.rsplit('/');
    let (name, family) = (segments.next(), segments.next());
    Some(match (family, name) {
        (Some("cnous"), _) => (STUDENTS, &["campaignYear"]),
        (Some("mesri"), _) => (STUDENTS, &[]),
        (Some("gip_mds"), _) => (CIVIC_SERVICE, &[]),
        (Some("dsnj"), _) => (NATIONAL_SERVICE, &[]),
        (Some("ants"), _) => (VEHICLES, &["immatriculation"]),
        (_, Some("quotient_familial")) => (CNAV, &["annee", "mois"]),
        // The household operations, and whatever is new: every name that an identity has.
        _ => (CNAV, &[]),
    })
}

/// Whether an operation takes no other token: since v3 a path of its own says so.
pub(super) fn is_alone(operation: &Operation) -> bool {
    !operation.path.starts_with("/api/") && row(operation).is_some()
}

/// [`row`] for those who write cases.
pub(super) fn compared(operation: &Operation) -> Compared {
    let (parts, beside) = row(operation).unwrap_or_default();
    let public = |part: &Part| IdentityPart { name: part.name, written: part.written };
    // One server answers every version; a caller can send what its own version documents.
    let beside = beside.iter().copied().filter(|name| operation.parameter(name).is_some()).collect();
    Compared { parts: parts.iter().map(public).collect(), beside }
}

/// The credential of a case that names none. On a path of v2 that takes both tokens, a parameter that only an identity has
/// says that the case is one of FranceConnect.
#[must_use]
pub fn credential(operation: &Operation, names: &[&str]) -> Option<&'static str> {
    let (parts, _) = row(operation)?;
    let only_there = |name: &&str| is_named(parts, name) && operation.parameter(name).is_none();
    (is_alone(operation) || names.iter().any(only_there)).then_some(FRANCE_CONNECT)
}

/// Whether some operation compares a part of this name.
pub(super) fn is_part(name: &str) -> bool {
    ALL.iter().any(|parts| is_named(parts, name))
}

fn is_named(parts: Parts, name: &str) -> bool {
    parts.iter().any(|part| part.name == name)
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_slashed(text: &str) -> bool {
    let is = |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('/').collect();
    matches!(parts[..], [day, month, year] if is(day, 2) && is(month, 2) && is(year, 4))
}

/// The OpenID claims of a FranceConnect token.
#[derive(Debug, Clone)]
pub(super) struct Claims(pub(super) Map<String, Value>);

/// Claims that are a part as they are.
macro_rules! texts {
    ($($part:ident $claim:literal)*) => {
        impl Claims {
            $(fn $part(&self) -> Option<String> {
                self.text($claim)
            })*
        }
    };
}

texts! {
    family_name "family_name"
    usage_name "preferred_username"
    birthdate "birthdate"
    gender "gender"
    birthplace "birthplace"
    birthcountry "birthcountry"
}

impl Claims {
    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn names(&self, between: &str) -> Option<String> {
        let list = self.0.get("given_name_array").and_then(Value::as_array).into_iter().flatten();
        let list: Vec<&str> = list.filter_map(Value::as_str).collect();
        if list.is_empty() { self.text("given_name") } else { Some(list.join(between)) }
    }

    fn given_names(&self) -> Option<String> {
        self.names(" ")
    }

    fn listed_names(&self) -> Option<String> {
        self.names(", ")
    }

    fn first_name(&self) -> Option<String> {
        let first = self.0.get("given_name_array").and_then(|list| list[0].as_str()).map(str::to_owned);
        first.or_else(|| self.text("given_name"))
    }

    /// Year, month and day of `1994-04-16`.
    fn date(&self) -> Option<[String; 3]> {
        let parts: Vec<String> = self.birthdate()?.split('-').map(str::to_owned).collect();
        parts.try_into().ok()
    }

    fn slashed_birthdate(&self) -> Option<String> {
        self.date().map(|[year, month, day]| format!("{day}/{month}/{year}"))
    }

    fn year(&self) -> Option<String> {
        self.date().map(|[year, ..]| year)
    }

    fn month(&self) -> Option<String> {
        self.date().map(|[_, month, _]| month)
    }

    fn day(&self) -> Option<String> {
        self.date().map(|[.., day]| day)
    }

    fn letter(&self) -> Option<String> {
        match self.gender()?.as_str() {
            "male" => Some("M".to_owned()),
            "female" => Some("F".to_owned()),
            _ => None,
        }
    }

    /// No claim gives it.
    fn nothing(_: &Self) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{is_alone, row};

    /// A new document may bring a call whose parts nobody looked up.
    #[test]
    fn every_operation_that_takes_such_a_token_is_of_a_known_family() {
        for contract in vigie_embedded::contracts("api-particulier") {
            for operation in &contract.operations {
                let facts = contract.document.pointer(&operation.pointer).expect("it is there");
                let in_v2 = || facts["security"].to_string().contains("franceConnectToken");
                let takes = if operation.path.starts_with("/api/") {
                    in_v2()
                } else {
                    operation.path.ends_with("/france_connect")
                };
                assert_eq!(row(operation).is_some(), takes, "{}", operation.path);
                assert_eq!(is_alone(operation), takes && !operation.path.starts_with("/api/"), "{}", operation.path);
                if is_alone(operation) {
                    let family = operation.path.split('/').nth(2).unwrap_or_default();
                    let known = ["dss", "cnous", "mesri", "gip_mds", "dsnj", "ants"];
                    assert!(known.contains(&family), "{}: what does it compare?", operation.path);
                }
            }
        }
    }
}
