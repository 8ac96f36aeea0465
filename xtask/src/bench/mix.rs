//! The requests of the load: own cases, bound to the contracts of the tree, as bytes that go over the wire.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use vigie_contract::model::{Contract, Operation};
use vigie_contract::plausible;
use vigie_scenario::{Case, Dialect, Identity, bind, parse_case};

/// Answers of several sizes, refusals of the door, and cases that are not found; v2 and v3.
const CASES: [&str; 8] = [
    "api_particulier_v3_mesri_statut_etudiant_with_ine/200-inscrit",
    "api_particulier_v3_cnav_quotient_familial_with_civility/200-couple-deux-enfants-caf",
    "api_particulier_v3_cnav_quotient_familial_with_civility/422-mois-treize",
    "api_particulier_v3_mesri_statut_etudiant_with_ine/404-identite-introuvable",
    "api_particulier_v3_men_scolarites_with_civility/200-collegienne-boursiere",
    "api_particulier_v3_france_travail_statut_with_identifiant/200-inscrit-temps-plein",
    "api_particulier_v2_mesri_student_status/200-inscrit-et-admis",
    "api_particulier_v3_mesri_statut_etudiant_with_ine/422-ine-trop-court",
];

/// Only the token of every scope is measured: a case with another one is refused.
static DIALECT: Dialect = Dialect {
    credentials: &["token"],
    twins: &[],
    defaults: &[("recipient", "13002526500013")],
    identity: Identity::NONE,
    fallback: None,
    codes: &[],
    refusals: &[],
    busy: &[],
    decided: &[],
};

/// A request that is sent as it is.
pub(super) struct Prepared {
    /// `operation/case`, for a message.
    pub(super) case: String,
    /// The only right status.
    pub(super) status: u16,
    pub(super) bytes: Vec<u8>,
}

/// Prepares the mix for a server and the token that it told.
pub(super) fn prepare(root: &Path, address: SocketAddr, token: &str) -> Result<Vec<Prepared>, String> {
    let contracts = [contract(root, "v2")?, contract(root, "v3")?];
    let one = |key: &str| {
        let path = format!("tests/scenarios/api-particulier/{key}.yml");
        let mend = |reason: &str| format!("{path}: {reason}; choose another case in xtask/src/bench/mix.rs");
        let text = std::fs::read_to_string(root.join(&path)).map_err(|error| mend(&error.to_string()))?;
        let operation = key.split('/').next().unwrap_or_default();
        let case = parse_case(operation, &path, &text, &DIALECT).map_err(|error| mend(&error.to_string()))?;
        if case.scopes.is_some() {
            return Err(mend("only the token of every scope is measured"));
        }
        let found = contracts.iter().find_map(|contract| Some((contract, contract.operation(operation)?)));
        let (contract, operation) = found.ok_or_else(|| mend("no contract has its operation"))?;
        let credential = if contract.name.ends_with("/v2") { "x-api-key: " } else { "authorization: Bearer " };
        let bytes = request(&case, operation, address, &format!("{credential}{token}"));
        Ok(Prepared { case: key.to_owned(), status: case.status, bytes })
    };
    CASES.into_iter().map(one).collect()
}

fn contract(root: &Path, version: &str) -> Result<Contract, String> {
    let path = format!("specs/api-particulier/{version}/open-api.yml");
    let bytes = std::fs::read(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
    let document = plausible::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    Ok(Contract::new(&format!("api-particulier/{version}"), document))
}

fn request(case: &Case, operation: &Operation, address: SocketAddr, credential: &str) -> Vec<u8> {
    let bound = bind(case, operation);
    let pairs = bound.query.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    let mut head = format!("{} {}?{query} HTTP/1.1\r\nhost: {address}\r\n{credential}\r\n", bound.method, bound.path);
    for (name, value) in &bound.headers {
        // Writing to a `String` cannot fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{CASES, prepare};
    use crate::specs::workspace;
    use std::net::SocketAddr;

    #[test]
    fn the_mix_is_of_the_tree_and_each_request_is_whole() {
        let address = SocketAddr::from(([127, 0, 0, 1], 4010));
        let mix = prepare(workspace(), address, "t0ken").expect("every case is there");
        assert_eq!(mix.len(), CASES.len());
        for request in &mix {
            let text = String::from_utf8(request.bytes.clone()).expect("it is ASCII");
            assert!(text.is_ascii() && text.starts_with("GET /") && text.ends_with("\r\n\r\n"), "{text}");
            assert!(text.contains("\r\nhost: 127.0.0.1:4010\r\n"), "{text}");
            let header = if text.contains("/v2/") { "x-api-key: t0ken\r\n" } else { "authorization: Bearer t0ken\r\n" };
            assert!(text.contains(header), "{text}");
        }
        for status in [200, 404, 422] {
            assert!(mix.iter().any(|request| request.status == status), "{status}");
        }
        let lists = mix.iter().filter(|request| request.bytes.windows(12).any(|part| part == b"prenoms%5B%5"));
        assert!(lists.count() > 0, "lists keep their brackets, escaped");
    }
}
