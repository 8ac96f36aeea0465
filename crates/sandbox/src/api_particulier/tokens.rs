//! The well-known tokens of the sandbox, and the token that stands for a case's credential.

use super::france_connect::is_part;
use super::identity::fold;
use serde_json::{Map, Value};
use vigie_scenario::{Case, text};

/// Every scope; answers are never masked, as in the official sandbox.
pub const TOKEN: &str = "sandbox-token";
/// A good token without any scope.
pub const NO_SCOPES: &str = "sandbox-no-scopes";
/// A token past its end.
pub const EXPIRED: &str = "sandbox-expired";
/// A token that was taken back.
pub const BLACKLISTED: &str = "sandbox-blacklisted";
/// A token whose quota is spent: always 429.
pub const EXHAUSTED: &str = "sandbox-exhausted";
/// A token whose requests wait for an identical one, which gets 409.
pub const TWIN: &str = "sandbox-twin";
/// `sandbox-scopes:cnaf_adresse,cnaf_enfants`: just these scopes; answers are masked, as in production.
pub const SCOPES_PREFIX: &str = "sandbox-scopes:";
/// A text that is no FranceConnect token.
pub const FRANCE_CONNECT_MALFORMED: &str = "fc%malformed";
/// A FranceConnect token past its end.
pub const FRANCE_CONNECT_EXPIRED: &str = "fc-expired";
/// A FranceConnect token without a pivot identity.
pub const FRANCE_CONNECT_ANONYMOUS: &str = "fc-anonymous";

/// A token that the sandbox never issues.
const UNKNOWN: &str = "sandbox-unknown";

/// How the requests of a token are treated, beside what it may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    NoScopes,
    Exhausted,
    Twin,
}

impl Mode {
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::NoScopes, Self::Exhausted, Self::Twin];

    /// The FranceConnect token of an identity in this mode.
    pub(super) fn france_connect(self, identity: u64) -> String {
        let prefix = match self {
            Self::Plain => "fc",
            Self::NoScopes => "fc-no-scopes",
            Self::Exhausted => "fc-exhausted",
            Self::Twin => "fc-twin",
        };
        format!("{prefix}-{identity:016x}")
    }
}

/// The token that a case's credential stands for in this sandbox; `None` when no token is sent.
///
/// A FranceConnect token names the pivot identity in the case's parameters, and is the same in every process.
#[must_use]
pub fn token(case: &Case) -> Option<String> {
    let mint = |mode: Mode| mode.france_connect(identity_of(case));
    Some(match case.credential.name() {
        "unknown" => UNKNOWN.to_owned(),
        "expired" => EXPIRED.to_owned(),
        "blacklisted" => BLACKLISTED.to_owned(),
        "no-scopes" => NO_SCOPES.to_owned(),
        "exhausted" => EXHAUSTED.to_owned(),
        "twin" => TWIN.to_owned(),
        "france-connect" => mint(Mode::Plain),
        "france-connect-malformed" => FRANCE_CONNECT_MALFORMED.to_owned(),
        "france-connect-expired" => FRANCE_CONNECT_EXPIRED.to_owned(),
        "france-connect-anonymous" => FRANCE_CONNECT_ANONYMOUS.to_owned(),
        "france-connect-no-scopes" => mint(Mode::NoScopes),
        "france-connect-exhausted" => mint(Mode::Exhausted),
        "france-connect-twin" => mint(Mode::Twin),
        "token" => match &case.scopes {
            Some(scopes) => format!("{SCOPES_PREFIX}{}", scopes.join(",")),
            None => TOKEN.to_owned(),
        },
        // `none`, and headers of the case's own.
        _ => return None,
    })
}

/// A stable hash (FNV-1a) of the folded pivot identity of a case.
pub(super) fn identity_of(case: &Case) -> u64 {
    let mut parts: Vec<(String, String)> = pivot(&case.params).map(|(name, value)| (name.to_owned(), value)).collect();
    parts.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().flat_map(|(name, value)| name.bytes().chain([b'=']).chain(value.bytes()).chain([b'\n'])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// The parts of a pivot identity among a case's parameters, folded.
fn pivot(params: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    let parts = params.iter().filter(|(name, value)| is_part(name) && !value.is_null());
    parts.map(|(name, value)| (name.as_str(), fold(&text(value))))
}

#[cfg(test)]
mod tests {
    use super::token;
    use crate::api_particulier::dialect::DIALECT;
    use vigie_scenario::parse_case;

    fn of(case: &str) -> Option<String> {
        token(&parse_case("op", "op/a.yml", case, &DIALECT).expect("it parses"))
    }

    #[test]
    fn a_france_connect_token_names_the_identity_whatever_the_case_and_the_own_parameters() {
        let one =
            of("status: 200\ncredential: france-connect\nparams: {prenoms: [Zoé, Ana], nomNaissance: LÉO, annee: 1}");
        let two = of(
            "status: 200\ncredential: france-connect\nparams: {nomNaissance: Léo, prenoms: [ZOÉ, ANA], recipient: '1'}",
        );
        let other = of("status: 200\ncredential: france-connect\nparams: {nomNaissance: Léa, prenoms: [ZOÉ, ANA]}");
        assert_eq!(one, two);
        assert_ne!(one, other);
        let twin = of("status: 409\ncredential: france-connect-twin\nparams: {nomNaissance: Léo, prenoms: [ZOÉ, ANA]}");
        assert_eq!(twin, one.map(|token| token.replace("fc-", "fc-twin-")));
    }

    #[test]
    fn no_credential_is_no_token() {
        assert_eq!(of("status: 401\ncredential: none"), None);
    }
}
