//! `/unexposed`, as far as flows need it: what a person does on the web front.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, done, leaf, nodes, null, record};
use super::super::state::secret::uuid;
use super::super::state::time::NOW;
use super::super::state::{
    Address, CompanyLink, Failure, State, UserToken, Vehicle, find, find_mut, next, seed::employment_token,
};
use crate::tokens::Token;

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    match field {
        "createOauthToken" => create_token(call, args),
        "revokeOauthToken" => revoke_token(call, args),
        "generateEmploymentToken" => accept(&mut call.state_mut(), args),
        "dismissEmploymentToken" => dismiss(call, args),
        "generateCompanyToken" => link_company(call, args),
        "dismissCompanyToken" => unlink_company(call, args),
        "createVehicle" => create_vehicle(call, args),
        "createKnownAddress" => create_address(call, args),
        _ => Ok(null()),
    }
}

/// The queries of `/unexposed`.
pub(crate) fn tokens_of(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    if field != "oauthAccessTokens" {
        return Ok(null());
    }
    if actor.user != args.id("userId") {
        return Err(Failure::forbidden());
    }
    Ok(list(&call.state(), actor.user))
}

fn list(state: &State, user: i64) -> Answer {
    let live = state.tokens.iter().filter(|(_, token)| token.of.user == user && !token.revoked);
    nodes(live.map(|(text, token)| {
        let own = &token.of;
        let name = find(&state.clients, own.client).map(|client| client.name.as_str());
        let fields =
            [("id", leaf(own.id)), ("token", leaf(text)), ("clientId", leaf(own.client)), ("clientName", leaf(name))];
        record("OAuth2Token", fields)
    }))
}

impl State {
    /// The token of a user for a software: the live one, or a new one.
    pub(crate) fn token_of(&mut self, user: i64, client: i64) -> String {
        let own = || self.tokens.iter().filter(|(_, token)| token.of.user == user && token.of.client == client);
        if let Some((live, _)) = own().find(|(_, token)| !token.revoked) {
            return live.to_owned();
        }
        let text = uuid(&format!("user-token/{user}/{client}/{}", own().count()));
        let id = self.tokens.iter().map(|(_, token)| token.of.id).max().map_or(101, |last| last + 1);
        self.tokens.keep(text.clone(), Token::new(UserToken { id, user, client }));
        text
    }
}

fn create_token(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (user, client) = (args.id("userId"), args.id("clientId"));
    if actor.user != user {
        return Err(Failure::forbidden());
    }
    if find(&call.state().clients, client).is_none() {
        return Err(Failure::new("BAD_REQUEST", "Invalid client_id"));
    }
    call.state_mut().token_of(user, client);
    Ok(list(&call.state(), user))
}

fn revoke_token(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let id = args.id("tokenId");
    if !call.state_mut().tokens.revoke(|_, own| own.id == id && own.user == actor.user) {
        return Err(Failure::inputs("Forbidden access"));
    }
    Ok(list(&call.state(), actor.user))
}

/// The employee agrees, with the invitation that came by mail: no session is needed.
fn accept(state: &mut State, args: &Args) -> Resolved {
    let (employment, client) = (args.id("employmentId"), args.id("clientId"));
    let refuse = |code| Failure::new(code, "Error");
    let link = state.employment_links.iter_mut().find(|own| own.employment == employment && own.client == client);
    let link = link.filter(|own| args.text("invitationToken") == Some(own.invitation.as_str()) && !own.dismissed);
    let link = link.ok_or_else(|| refuse("EMPLOYMENT_CLIENT_LINK_NOT_FOUND"))?;
    if link.token.is_some() {
        return Err(refuse("EMPLOYMENT_CLIENT_LINK_ALREADY_ACCEPTED"));
    }
    if link.expires < NOW {
        return Err(refuse("EMPLOYMENT_CLIENT_LINK_EXPIRED"));
    }
    link.token = Some(employment_token(employment, client));
    let mut user = None;
    if let Some(own) = find_mut(&mut state.employments, employment) {
        own.status = "approved".into();
        user = own.user;
    }
    if let Some(user) = user.and_then(|id| find_mut(&mut state.users, id)) {
        user.activated = true;
    }
    Ok(done())
}

fn dismiss(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (employment, client) = (args.id("employmentId"), args.id("clientId"));
    let mut state = call.state_mut();
    let own = find(&state.employments, employment).is_some_and(|own| own.user == Some(actor.user));
    if !own {
        return Err(Failure::unauthorized());
    }
    let link = state.employment_links.iter_mut().find(|own| own.employment == employment && own.client == client);
    let link = link.filter(|own| !own.dismissed);
    link.ok_or_else(|| Failure::new("EMPLOYMENT_CLIENT_LINK_NOT_FOUND", "Error"))?.dismissed = true;
    Ok(done())
}

fn link_company(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (company, client) = (args.id("companyId"), args.id("clientId"));
    actor.must_manage(&call.state(), company)?;
    if find(&call.state().clients, client).is_none() {
        return Err(Failure::new("BAD_REQUEST", "Invalid client_id"));
    }
    let mut state = call.state_mut();
    if !state.linked(company, client) {
        let id = next(&state.company_links, 201);
        state.company_links.push(CompanyLink { id, company, client, revoked: false });
    }
    drop(state);
    Ok(clients(call, company))
}

fn unlink_company(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (company, client) = (args.id("companyId"), args.id("clientId"));
    actor.must_manage(&call.state(), company)?;
    let mut state = call.state_mut();
    let link =
        state.company_links.iter_mut().find(|own| own.company == company && own.client == client && !own.revoked);
    link.ok_or_else(|| Failure::new("COMPANY_CLIENT_LINK_NOT_FOUND", "Error"))?.revoked = true;
    drop(state);
    Ok(clients(call, company))
}

fn clients(call: &Call<'_>, company: i64) -> Answer {
    let state = call.state();
    let links = state.company_links.iter().filter(|own| own.company == company && !own.revoked);
    nodes(links.map(|own| Node::Client(own.client)))
}

fn create_vehicle(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let company = args.id("companyId");
    actor.must_manage(&call.state(), company)?;
    let registration = args.text("registrationNumber").unwrap_or_default().to_owned();
    let mut state = call.state_mut();
    if state.vehicles.iter().any(|own| own.company == company && own.registration == registration) {
        return Err(Failure::new("VEHICLE_ALREADY_REGISTERED", "Vehicle already registered"));
    }
    let id = next(&state.vehicles, 3001);
    let alias = args.text("alias").map(str::to_owned);
    state.vehicles.push(Vehicle { id, company, registration, alias, kilometers: None });
    Ok(Answer::Node(Node::Vehicle(id)))
}

fn create_address(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let company = args.id("companyId");
    actor.must_manage(&call.state(), company)?;
    let name = args.text("manualAddress").unwrap_or_default().to_owned();
    let mut state = call.state_mut();
    if state.addresses.iter().any(|own| own.company == company && own.name == name) {
        return Err(Failure::new("COMPANY_ADDRESS_ALREADY_REGISTERED", "Company address already registered"));
    }
    let id = next(&state.addresses, 8001);
    let alias = args.text("alias").map(str::to_owned);
    state.addresses.push(Address { id, company, alias, name, city: None, postal: None });
    Ok(Answer::Node(Node::Address(id)))
}
