//! `vigie login kaizala`: what a tenant's user does by hand, and the access token that a refresh token gives.

use crate::auth::TokenFile;
use crate::providers::login::{LoginError, Place, Wishes, asks_for_time};
use crate::providers::{Access, Variable, provider};
use secrecy::ExposeSecret;
use std::io::Write;
use vigie::clients::kaizala::{Connector, Session, SessionError};

/// What a login begins with.
const BEGINNINGS: [Variable; 3] = [
    Variable {
        name: "VIGIE_KAIZALA_CONNECTOR_ID",
        what: "the ID of your connector, for `vigie login kaizala`",
        how: "the portal shows it when the connector is created (step 1)",
    },
    Variable {
        name: "VIGIE_KAIZALA_CONNECTOR_SECRET",
        what: "the secret of your connector, for `vigie login kaizala`",
        how: "the portal shows it when the connector is created (step 1)",
    },
    Variable {
        name: "VIGIE_KAIZALA_REFRESH_TOKEN",
        what: "the refresh token of a tenant's user, for `vigie login kaizala`",
        how: "the tenant's user generates it on the portal (step 2)",
    },
];

/// What is kept, and the variable that gives it the first time.
const PARTS: [(&str, Variable); 3] =
    [("connectorId", BEGINNINGS[0]), ("connectorSecret", BEGINNINGS[1]), ("refreshToken", BEGINNINGS[2])];

pub(super) static ACCESS: Access = Access {
    token: Variable {
        name: "VIGIE_KAIZALA_TOKEN",
        what: "`connector id:secret:refresh token`, or an access token, for your own host",
        how: "`vigie login kaizala` says how: a connector on the portal, then its user's refresh token",
    },
    further: &BEGINNINGS,
    steps: BY_HAND,
    scope: None,
    staging: None,
};

/// The way to a tenant-level user token, as Kaizala's own page told it.
const BY_HAND: &str = "\
A tenant-level user token opens all groups in which the user is an administrator; for a user of the tenant, all groups of
the organisation. You create it by hand, in four steps.

Step 1: the developer registers a connector
  On the management portal, https://manage.kaiza.la/, sign in with an Office 365 account and add a phone number (Generate
  PIN, and the PIN that comes by SMS). Then Connectors, Add Connector: name and details, the permissions that it needs,
  Create Connector. Note its ID and secret.

Step 2: the tenant's user grants access to all groups that they administer
  On the same portal, signed in and with a phone number, the user opens Connectors, taps the connector's name, and then
  Generate user token. Note the refresh token.

Step 3: the user shares the refresh token with the developer
  By hand: there is no call for it.

Step 4: the developer gets an access token
  vigie login kaizala --target URL --store FILE
  with the three in VIGIE_KAIZALA_CONNECTOR_ID, VIGIE_KAIZALA_CONNECTOR_SECRET and VIGIE_KAIZALA_REFRESH_TOKEN. FILE, for you
  alone to read, keeps them. From then on the command needs no variables; a refresh token that the service replaces is replaced
  there too. `--print` prints the access token and its endpoint, one per line, and without `--store` a refresh token that replaces
  yours.

";

/// The login, as [`Login`](crate::providers::login::Login) has it.
pub(super) async fn login(
    wishes: &Wishes,
    guide: &mut (dyn Write + Send),
    out: &mut (dyn Write + Send),
) -> Result<(), LoginError> {
    let host = match &wishes.place {
        Place::Url(url) => Ok(url.as_str()),
        Place::Stage(stage) => provider("kaizala").map_or(Ok(""), |kaizala| kaizala.host(*stage)),
    };
    if wishes.store.is_none() && !wishes.print {
        out.write_all(BY_HAND.as_bytes())?;
        if let Err(retired) = host {
            writeln!(out, "Kaizala {retired}.")?;
        }
        return Ok(());
    }
    let host = host.map_err(|retired| LoginError::Retired { name: "kaizala", retired })?;
    let mut secrets = wishes.store.as_ref().map(TokenFile::read).transpose()?.unwrap_or_default();
    for (name, variable) in PARTS {
        if let Some(value) = (wishes.environment)(variable.name) {
            secrets.insert(name.to_owned(), value.into());
        }
        if !secrets.contains_key(name) {
            return Err(LoginError::Missing { what: variable.name.to_owned(), mend: variable.how });
        }
    }
    // Before the service is asked: a refresh token that takes the place of another one must have a place.
    let place = wishes.store.as_ref().map(TokenFile::reserve).transpose()?;
    let part = |name: &str| secrets[name].expose_secret().to_owned();
    let connector = Connector::new(part("connectorId"), part("connectorSecret"));
    let mut session = Session::prepare(host, connector, part("refreshToken"))?;
    let opened = session.renew().await;
    let rotated = session.rotated();
    if let Some(refresh_token) = rotated.clone() {
        secrets.insert("refreshToken".into(), refresh_token);
    }
    // An answer that is no good otherwise may have replaced the refresh token: the old one is not to be used again.
    if let Some(place) = place.filter(|_| opened.is_ok() || rotated.is_some()) {
        place.fill(&secrets)?;
        if opened.is_err() {
            writeln!(guide, "The service has replaced the refresh token; the new one is stored.")?;
        }
    }
    opened?;
    if wishes.print {
        // For a program that reads it: the token, where it is good, and what would be lost otherwise.
        writeln!(out, "{}\n{}", session.access_token().expose_secret(), session.base_url())?;
        if let (Some(refresh_token), None) = (&rotated, &wishes.store) {
            writeln!(out, "{}", refresh_token.expose_secret())?;
        }
    } else {
        let told =
            if rotated.is_some() { "The service has replaced the refresh token; the new one is stored. " } else { "" };
        // A service may say the secrets back that it was sent, in an address too.
        let names = |secret: &str| session.base_url().to_lowercase().contains(&secret.to_lowercase());
        let mut own = secrets.values().map(ExposeSecret::expose_secret).chain([session.access_token().expose_secret()]);
        let place =
            if own.any(names) { "an address with a secret in it: `--print` shows it" } else { session.base_url() };
        writeln!(out, "{told}The access token is valid at {place}")?;
    }
    Ok(())
}

impl From<SessionError> for LoginError {
    fn from(error: SessionError) -> Self {
        let outage = match &error {
            SessionError::Connection(_) | SessionError::Throttled { .. } => true,
            SessionError::Refused { status, .. } => asks_for_time(*status),
            _ => false,
        };
        Self::NoToken { reason: error.into(), outage }
    }
}
