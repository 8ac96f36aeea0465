//! Sessions: opened with a password, renewed once with each refresh token, closed.

use super::super::graphql::{Answer, Args, Call, Resolved, done, leaf, null, record};
use super::super::state::{Failure, find, nothing};

/// Bad passwords after which an account is blocked.
const MOST: i64 = 10;
/// The second factor of everyone who has one.
const TOTP: &str = "314159";

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    match field {
        "login" => login(call, args),
        "validateTotpLogin" => {
            let user = call.credentials.session_only(&call.state())?;
            if args.text("code") != Some(TOTP) {
                return Err(Failure::authentication("Invalid TOTP code"));
            }
            Ok(tokens(call, user))
        }
        "refresh" => {
            let (user, id) = call.credentials.refresh(&call.state())?;
            call.state_mut().spent.insert(id);
            Ok(tokens(call, user))
        }
        _ => {
            let (_, id) = call.credentials.refresh(&call.state())?;
            call.state_mut().spent.insert(id);
            call.cookies.borrow_mut().extend(["at=; Path=/api".to_owned(), "rt=; Path=/api/token".to_owned()]);
            Ok(done())
        }
    }
}

fn login(call: &Call<'_>, args: &Args) -> Resolved {
    let email = args.text("email").unwrap_or_default();
    let mut state = call.state_mut();
    let user = state.users.iter_mut().find(|own| own.email.as_deref() == Some(email)).ok_or_else(|| nothing("id"))?;
    let blocked = || Failure::new("BLOCKED_ACCOUNT_ERROR", "Error");
    if user.bad_tries >= MOST {
        return Err(blocked());
    }
    if Some(user.password.as_str()) != args.text("password") {
        user.bad_tries += 1;
        if user.bad_tries >= MOST {
            return Err(blocked().keeping());
        }
        let message = format!("Wrong email/password combination for email {email}");
        let failure = Failure::new("BAD_PASSWORD_ERROR", message);
        return Err(failure.with("nb_bad_tries", user.bad_tries).with("max_possible_tries", MOST).keeping());
    }
    user.bad_tries = 0;
    let (id, totp) = (user.id, user.totp);
    drop(state);
    let (access, refresh) = pair(call, id);
    let refresh = if totp { null() } else { leaf(refresh) };
    let fields = [("accessToken", leaf(access)), ("refreshToken", refresh), ("totpRequired", leaf(totp))];
    Ok(Answer::Node(record("LoginOutput", fields)))
}

fn pair(call: &Call<'_>, user: i64) -> (String, String) {
    let (access, refresh) = call.state_mut().open_session(user);
    let cookies = [format!("at={access}; Path=/api; HttpOnly"), format!("rt={refresh}; Path=/api/token; HttpOnly")];
    call.cookies.borrow_mut().extend(cookies);
    (access, refresh)
}

fn tokens(call: &Call<'_>, user: i64) -> Answer {
    if find(&call.state().users, user).is_none() {
        return null();
    }
    let (access, refresh) = pair(call, user);
    Answer::Node(record("UserTokens", [("accessToken", leaf(access)), ("refreshToken", leaf(refresh))]))
}
