//! What the gate itself answers when it refuses, in the two error forms. The codes are the provider's, the texts ours.

use super::reply::JSON_API;
use crate::reply::{JSON, Reply};
use axum::http::HeaderValue;
use serde_json::{Value, json};

/// The error form of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorFormat {
    /// v2: `{error, reason, message}`.
    Flat,
    /// v3 and later: `{errors: [{code, title, detail, ..}]}`.
    Structured,
}

impl ErrorFormat {
    pub(super) fn media_type(self) -> HeaderValue {
        if self == Self::Flat { JSON } else { JSON_API }
    }
}

/// Status and `error` of the flat form, status and code of the structured form, title, detail.
type Row = (u16, &'static str, u16, &'static str, &'static str, &'static str);

const DENIED: &str = "access_denied";

macro_rules! refusals {
    ($($name:ident $row:tt)*) => {
        /// What can be refused without looking at an operation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Refusal {
            $($name,)*
        }

        const ROWS: &[(Refusal, Row)] = &[$((Refusal::$name, $row),)*];
    };
}

refusals! {
    Token (401, DENIED, 401, "00101", "Jeton refusé", "Aucun jeton connu n'accompagne la demande.")
    Expired (401, DENIED, 401, "00103", "Jeton périmé", "La validité de ce jeton est dépassée.")
    Blacklisted (401, DENIED, 401, "00105", "Jeton retiré", "Ce jeton figure sur la liste noire.")
    Malformed (401, DENIED, 401, "50001", "Jeton FranceConnect illisible", "Ce texte n'a pas la forme d'un jeton.")
    Stale (401, DENIED, 401, "50002", "Jeton FranceConnect refusé", "Ce jeton est inconnu ou n'a plus cours.")
    Anonymous (401, DENIED, 401, "50003", "Identité pivot absente", "Ce jeton ne donne accès à aucune identité.")
    Scopes (401, DENIED, 403, "00100", "Droits insuffisants", "Le jeton n'ouvre pas cette donnée.")
    Quota (429, "", 429, "00429", "Trop d'appels", "Le quota du jeton est épuisé, patientez.")
    Recipient (400, "bad_request", 422, "00210", "Destinataire invalide", "Un SIRET valide est attendu.")
    Encoding (400, "bad_request", 422, "00366", "Adresse illisible", "Un paramètre n'est pas de l'UTF-8 encodé.")
    Conflict (409, "conflict", 409, "00015", "Demande en double", "La même demande est en cours de traitement.")
    Version (404, "not_found", 404, "00402", "Version inconnue", "Ce service existe sous une autre version.")
    Path (404, "not_found", 404, "00404", "Chemin inconnu", "Aucun service ne répond à cette adresse.")
    Method (405, "error", 405, "00405", "Méthode refusée", "Seule la lecture (GET) est possible.")
}

impl Refusal {
    fn reply(self, form: ErrorFormat) -> Reply {
        let (flat, error, structured, code, title, detail) = ROWS[self as usize].1;
        let parameter = (self == Self::Recipient).then_some("recipient");
        match form {
            // The rate limiter of v2 answers in a form of its own.
            ErrorFormat::Flat if self == Self::Quota => body(flat, form, &json!({"errors": [detail]})),
            ErrorFormat::Flat => body(flat, form, &json!({"error": error, "reason": title, "message": detail})),
            ErrorFormat::Structured => body(structured, form, &structure(code, title, detail, parameter)),
        }
    }
}

/// Every refusal in both forms, as bytes.
pub(super) struct Refusals(Vec<[Reply; 2]>);

impl Refusals {
    pub(super) fn new() -> Self {
        Self(
            ROWS.iter()
                .map(|(refusal, _)| [refusal.reply(ErrorFormat::Flat), refusal.reply(ErrorFormat::Structured)])
                .collect(),
        )
    }

    pub(super) fn get(&self, refusal: Refusal, form: ErrorFormat) -> &Reply {
        &self.0[refusal as usize][form as usize]
    }
}

/// A parameter that cannot be accepted: `code` counts in the structured form only.
pub(super) fn bad_parameter(form: ErrorFormat, name: &str, code: &str, missing: bool) -> Reply {
    let (title, detail) = if missing {
        ("Paramètre absent", format!("Le paramètre {name} est attendu."))
    } else {
        ("Paramètre invalide", format!("La valeur du paramètre {name} n'est pas recevable."))
    };
    match form {
        ErrorFormat::Flat => body(400, form, &json!({"error": "bad_request", "reason": title, "message": detail})),
        ErrorFormat::Structured => body(422, form, &structure(code, title, &detail, Some(name))),
    }
}

/// The provider knows nobody behind the parameters.
pub(super) fn nobody(form: ErrorFormat, code: &str) -> Reply {
    let (title, detail) = ("Dossier introuvable", "Le fournisseur ne connaît personne sous ces critères.");
    match form {
        ErrorFormat::Flat => body(404, form, &json!({"error": "not_found", "reason": title, "message": detail})),
        ErrorFormat::Structured => body(404, form, &structure(code, title, detail, None)),
    }
}

fn structure(code: &str, title: &str, detail: &str, parameter: Option<&str>) -> Value {
    let source = parameter.map(|name| json!({"parameter": name}));
    let meta = provider(code).map_or_else(|| json!({}), |provider| json!({"provider": provider}));
    json!({"errors": [{"code": code, "title": title, "detail": detail, "source": source, "meta": meta}]})
}

fn body(status: u16, form: ErrorFormat, body: &Value) -> Reply {
    Reply::new(status, form.media_type(), body.to_string())
}

/// The two first digits of a code name the provider.
fn provider(code: &str) -> Option<&'static str> {
    Some(match code.get(..2)? {
        "23" => "CNAF",
        "24" => "France Travail",
        "25" => "MESRI",
        "26" => "CNOUS",
        "30" => "MEN",
        "31" => "GIP-MDS",
        "35" => "CNAF & MSA",
        "36" => "Sécurité sociale",
        "37" => "CNAV",
        "39" => "DSNJ",
        "40" => "RNCPS",
        "41" => "SDH",
        "42" => "ANTS",
        "50" | "51" => "FranceConnect",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ErrorFormat, Refusal, Refusals, bad_parameter, nobody};
    use serde_json::{Value, json};

    #[test]
    fn missing_rights_are_401_in_v2_and_403_in_v3() {
        let refusals = Refusals::new();
        assert_eq!(refusals.get(Refusal::Scopes, ErrorFormat::Flat).status, 401);
        assert_eq!(refusals.get(Refusal::Scopes, ErrorFormat::Structured).status, 403);
    }

    #[test]
    fn the_quota_of_v2_has_a_form_of_its_own() {
        let refusals = Refusals::new();
        let body: Value = serde_json::from_slice(&refusals.get(Refusal::Quota, ErrorFormat::Flat).body).expect("JSON");
        assert!(body["errors"][0].is_string(), "{body}");
    }

    #[test]
    fn structured_errors_name_the_parameter_or_the_provider() {
        let body = |reply: crate::reply::Reply| serde_json::from_slice::<Value>(&reply.body).expect("JSON");
        let bad = body(bad_parameter(ErrorFormat::Structured, "ine", "00360", false));
        assert_eq!(bad["errors"][0]["source"], json!({"parameter": "ine"}));
        assert_eq!(body(nobody(ErrorFormat::Structured, "26003"))["errors"][0]["meta"]["provider"], "CNOUS");
    }
}
