//! What every session begins with. People, companies and software are invented.

use super::secret::{Use, hex, session, uuid};
use super::time::{DAY, NOW, parse_day, parse_instant};
use super::{State, User, UserToken};
use crate::tokens::Token;
use serde::de::Error;
use serde_json::Value;
use std::sync::LazyLock;

/// A driver of the company that most examples are about.
pub const WORKER: i64 = 318_450_271;
/// Who manages the company of most people here.
pub const MANAGER: i64 = 527_306_914;
/// A driver of both companies.
pub const TEAMMATE: i64 = 640_918_253;
/// Whose address was never confirmed.
pub const INACTIVE: i64 = 205_771_836;
/// Who left the company of most people here at the end of January.
pub const FORMER: i64 = 471_650_382;
/// Who manages the other company.
pub const OUTSIDER: i64 = 893_124_067;
/// The software of most examples.
pub const CLIENT: i64 = 264_810_537;
/// Another software.
pub const OTHER_CLIENT: i64 = 739_205_648;

/// The token of a user for a software, as every session has it.
#[must_use]
pub fn user_token(user: i64, client: i64) -> String {
    uuid(&format!("user-token/{user}/{client}/0"))
}

/// The token of an employment for a software, as every session has it.
#[must_use]
pub fn employment_token(employment: i64, client: i64) -> String {
    hex(&format!("employment-token/{employment}/{client}"), 120)
}

/// The key of a software, with its prefix.
#[must_use]
pub fn api_key(client: i64) -> String {
    format!("mobilic_live_{}", hex(&format!("api-key/{client}"), 120))
}

/// The secret of a software.
#[must_use]
pub fn client_secret(client: i64) -> String {
    hex(&format!("client-secret/{client}"), 120)
}

/// A session that every session knows; an old one has expired.
#[must_use]
pub fn known_session(user: i64, old: bool) -> String {
    session(user, Use::Access, 0, if old { NOW - 2 * DAY } else { NOW })
}

/// The refresh token of a session that every session knows.
#[must_use]
pub fn known_refresh(user: i64) -> String {
    session(user, Use::Refresh, 0, NOW)
}

/// The token of a road controller who reads the data of [`WORKER`].
#[must_use]
pub fn read_token() -> String {
    hex("read-token/worker", 40)
}

/// The employment whose token every session knows: that of [`TEAMMATE`] in the company of most people here.
pub const LINKED_EMPLOYMENT: i64 = 5003;

/// Whether a text is the number of a person or a software of this sandbox, or an address here: they were drawn from so
/// many that no others have them.
#[must_use]
pub fn is_own(text: &str) -> bool {
    let of_user = |user: &User| {
        let domain = user.email.as_deref().and_then(|email| email.find('@').map(|at| &email[at..]));
        user.id.to_string() == text || domain.is_some_and(|domain| text.ends_with(domain))
    };
    SEED.users.iter().any(of_user) || SEED.clients.iter().any(|client| client.id.to_string() == text)
}

/// The users whose tokens every session knows, with the software, and whether the token was revoked.
const TOKENS: [(i64, i64, bool); 6] = [
    (WORKER, CLIENT, false),
    (MANAGER, CLIENT, false),
    (TEAMMATE, CLIENT, false),
    (OUTSIDER, CLIENT, false),
    (FORMER, CLIENT, false),
    (WORKER, OTHER_CLIENT, true),
];

static SEED: LazyLock<State> =
    LazyLock::new(|| read().unwrap_or_else(|error| unreachable!("seed.yml is ours: {error}")));

impl State {
    /// The state as a session begins.
    pub(crate) fn seeded() -> Self {
        SEED.clone()
    }
}

/// The data, and what is derived from it: secrets and tokens.
fn read() -> Result<State, serde_json::Error> {
    let mut data = serde_yaml::from_str(include_str!("seed.yml")).map_err(serde_json::Error::custom)?;
    count_times(&mut data);
    let mut state: State = serde_json::from_value(data)?;
    for client in &mut state.clients {
        (client.secret, client.key) = (client_secret(client.id), api_key(client.id));
    }
    for link in &mut state.employment_links {
        link.invitation = hex(&format!("invitation/{}/{}", link.employment, link.client), 120);
        link.token = (link.employment == LINKED_EMPLOYMENT).then(|| employment_token(link.employment, link.client));
    }
    for (id, (user, client, revoked)) in (101..).zip(TOKENS) {
        let token = Token { revoked, ..Token::new(UserToken { id, user, client }) };
        state.tokens.keep(user_token(user, client), token);
    }
    state.read_tokens.keep(read_token(), Token::new(WORKER));
    Ok(state)
}

/// Days and instants as numbers: days and seconds since 1970.
fn count_times(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(number) = parse_day(text).or_else(|| parse_instant(text)) {
                *value = number.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(count_times),
        Value::Object(members) => members.values_mut().for_each(count_times),
        _ => {}
    }
}
