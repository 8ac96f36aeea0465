//! `vigie login mobilic`: the authorization-code flow, with a callback on this machine.

use crate::auth::{Callback, TokenFile};
use crate::providers::login::{LoginError, Place, Wishes, asks_for_time};
use crate::providers::{Access, Stage, Variable};
use secrecy::{ExposeSecret, SecretString};
use std::io::Write;
use std::time::Duration;
use vigie::clients::GraphqlAnswer;
use vigie::clients::mobilic::{Client, OAuth, OAuthError, WEB_PRODUCTION, WEB_SANDBOX, user};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(300);

/// What can be done without this program, and what it needs.
const BY_HAND: &str = "\
There are two ways to get a token of a Mobilic user (a worker or a manager).

By hand
  1. Register your software: write to mobilic@beta.gouv.fr, and name the environment (production or sandbox)
     and what the software is called. You get a `client_id`.
  2. Give the `client_id` to the user. On the website of Mobilic the user generates an API key for it, and hands it to you.
  3. The key is the token: set VIGIE_MOBILIC_TOKEN to `client_id:key`.

With this command, if you registered a redirect URI too
  vigie login mobilic --client-id NUMBER --store FILE
  with the secret of the software in VIGIE_MOBILIC_CLIENT_SECRET. It prints a page to open, waits for the browser to
  return to the redirect URI (--redirect-uri, on this machine), and stores the token in FILE, for you alone to read.
";

/// The secret of the software.
const SECRET: Variable = Variable {
    name: "VIGIE_MOBILIC_CLIENT_SECRET",
    what: "the secret of your software, for `vigie login mobilic --client-id NUMBER`",
    how: "it came with the client_id, from mobilic@beta.gouv.fr; set VIGIE_MOBILIC_CLIENT_SECRET to it",
};

pub(super) static ACCESS: Access = Access {
    token: Variable {
        name: "VIGIE_MOBILIC_TOKEN",
        what: "a user's own token of Mobilic, alone or as `client_id:token`",
        how: "`vigie login mobilic` says how: a client_id from mobilic@beta.gouv.fr, then the user's own key",
    },
    further: &[SECRET],
    steps: BY_HAND,
    scope: None,
    staging: None,
};

/// The login, as [`Login`](crate::providers::login::Login) has it.
pub(super) async fn login(
    wishes: &Wishes,
    guide: &mut (dyn Write + Send),
    out: &mut (dyn Write + Send),
) -> Result<(), LoginError> {
    let Some(client_id) = wishes.client_id else { return Ok(out.write_all(BY_HAND.as_bytes())?) };
    if wishes.store.is_none() && !wishes.print {
        let what = "where to put the token".to_owned();
        return Err(LoginError::Missing { what, mend: "add `--store FILE`, or `--print` to print it" });
    }
    let secret = (wishes.environment)(SECRET.name)
        .ok_or_else(|| LoginError::Missing { what: format!("the secret of software {client_id}"), mend: SECRET.how })?;
    let mut secrets = wishes.store.as_ref().map(TokenFile::read).transpose()?.unwrap_or_default();
    let (web, api) = match &wishes.place {
        Place::Stage(Stage::Staging) => (WEB_SANDBOX.to_owned(), format!("{WEB_SANDBOX}/api")),
        Place::Stage(Stage::Production) => (WEB_PRODUCTION.to_owned(), format!("{WEB_PRODUCTION}/api")),
        Place::Url(url) => (url.clone(), url.clone()),
    };
    // Before anybody is asked: a token that comes must have a place.
    let place = wishes.store.as_ref().map(TokenFile::reserve).transpose()?;
    let callback = Callback::listen(&wishes.redirect_uri).await?;
    let redirect_uri = callback.uri().to_owned();
    let oauth = OAuth { client_id, client_secret: secret.into(), redirect_uri };
    let state = state()?;
    writeln!(guide, "Open this page, and agree:\n{}", oauth.authorize_url(&web, &state)?)?;
    guide.flush()?;
    let asker = oauth.clone();
    let code = callback.receive(move |brought| asker.code(brought, &state), PATIENCE).await??;
    let token = oauth.exchange(&api, &code).await?;
    let who = owner(&api, &token, client_id).await?;
    if let Some(place) = place {
        secrets.insert("userToken".into(), token.clone());
        place.fill(&secrets)?;
        writeln!(out, "The token of user {who} is stored")?;
    }
    if wishes.print {
        writeln!(out, "{}", token.expose_secret())?;
    }
    Ok(())
}

impl From<OAuthError> for LoginError {
    fn from(error: OAuthError) -> Self {
        let outage = match &error {
            OAuthError::Connection(_) => true,
            OAuthError::Refused { status, .. } => asks_for_time(*status),
            _ => false,
        };
        Self::NoToken { reason: format!("{error}; nothing is stored, run the command again").into(), outage }
    }
}

/// The number of the user whose token it is: a token that nobody can use is not stored.
async fn owner(api: &str, token: &SecretString, client_id: u64) -> Result<i64, LoginError> {
    let client = Client::connect(api, user(token.expose_secret(), client_id))?;
    let answer = client.check_auth().send().await.map_err(|error| LoginError::Useless(error.to_string()))?;
    if let Err(errors) = answer.whole() {
        return Err(LoginError::Useless(errors.to_string()));
    }
    let data = answer.into_inner().data;
    data.and_then(|data| data.check_auth.user_id).ok_or_else(|| LoginError::Useless("it belongs to no user".into()))
}

/// What only the browser that was sent off can bring back: 128 random bits.
fn state() -> Result<String, LoginError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| LoginError::Random(error.to_string()))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
