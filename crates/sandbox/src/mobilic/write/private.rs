//! `/unexposed`, as far as flows need it: what a person does on the web front.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, done, leaf, nodes, null, record};
use super::super::world::secret::uuid;
use super::super::world::time::NOW;
use super::super::world::{
    Address, CompanyLink, Failure, UserToken, Vehicle, World, find, find_mut, next, seed::employment_token,
};

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    match field {
        "createOauthToken" => create_token(call, args),
        "revokeOauthToken" => revoke_token(call, args),
        "generateEmploymentToken" => accept(&mut call.world_mut(), args),
        "dismissEmploymentToken" => dismiss(call, args),
        "generateCompanyToken" => link_company(call, args),
        "dismissCompanyToken" => unlink_company(call, args),
        "createVehicle" => create_vehicle(call, args),
        "createKnownAddress" => create_address(call, args),
        _ => Ok(null()),
    }
}

/// The queries of `/unexposed`.
pub(in super::super) fn tokens_of(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    if field != "oauthAccessTokens" {
        return Ok(null());
    }
    if actor.user != args.id("userId") {
        return Err(Failure::forbidden());
    }
    Ok(list(&call.world(), actor.user))
}

fn list(world: &World, user: i64) -> Answer {
    let live = world.tokens.iter().filter(|own| own.user == user && !own.revoked);
    nodes(live.map(|own| {
        let name = find(&world.clients, own.client).map(|client| client.name);
        let fields = [
            ("id", leaf(own.id)),
            ("token", leaf(own.token.as_str())),
            ("clientId", leaf(own.client)),
            ("clientName", leaf(name)),
        ];
        record("OAuth2Token", fields)
    }))
}

impl World {
    /// The token of a user for a software: the live one, or a new one.
    pub(in super::super) fn token_of(&mut self, user: i64, client: i64) -> String {
        let own = |token: &&UserToken| token.user == user && token.client == client;
        if let Some(live) = self.tokens.iter().filter(own).find(|token| !token.revoked) {
            return live.token.clone();
        }
        let before = self.tokens.iter().filter(own).count();
        let token = uuid(&format!("user-token/{user}/{client}/{before}"));
        let id = next(&self.tokens, 101);
        self.tokens.push(UserToken { id, user, client, token: token.clone(), revoked: false });
        token
    }
}

fn create_token(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (user, client) = (args.id("userId"), args.id("clientId"));
    if actor.user != user {
        return Err(Failure::forbidden());
    }
    if find(&call.world().clients, client).is_none() {
        return Err(Failure::new("BAD_REQUEST", "Invalid client_id"));
    }
    call.world_mut().token_of(user, client);
    Ok(list(&call.world(), user))
}

fn revoke_token(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let mut world = call.world_mut();
    let own = find_mut(&mut world.tokens, args.id("tokenId")).filter(|own| own.user == actor.user && !own.revoked);
    own.ok_or_else(|| Failure::inputs("Forbidden access"))?.revoked = true;
    drop(world);
    Ok(list(&call.world(), actor.user))
}

/// The employee agrees, with the invitation that came by mail: no session is needed.
fn accept(world: &mut World, args: &Args) -> Resolved {
    let (employment, client) = (args.id("employmentId"), args.id("clientId"));
    let refuse = |code| Failure::new(code, "Error");
    let link = world.employment_links.iter_mut().find(|own| own.employment == employment && own.client == client);
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
    if let Some(own) = find_mut(&mut world.employments, employment) {
        own.status = "approved";
        user = own.user;
    }
    if let Some(user) = user.and_then(|id| find_mut(&mut world.users, id)) {
        user.activated = true;
    }
    Ok(done())
}

fn dismiss(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (employment, client) = (args.id("employmentId"), args.id("clientId"));
    let mut world = call.world_mut();
    let own = find(&world.employments, employment).is_some_and(|own| own.user == Some(actor.user));
    if !own {
        return Err(Failure::unauthorized());
    }
    let link = world.employment_links.iter_mut().find(|own| own.employment == employment && own.client == client);
    let link = link.filter(|own| !own.dismissed);
    link.ok_or_else(|| Failure::new("EMPLOYMENT_CLIENT_LINK_NOT_FOUND", "Error"))?.dismissed = true;
    Ok(done())
}

fn link_company(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (company, client) = (args.id("companyId"), args.id("clientId"));
    actor.must_manage(&call.world(), company)?;
    if find(&call.world().clients, client).is_none() {
        return Err(Failure::new("BAD_REQUEST", "Invalid client_id"));
    }
    let mut world = call.world_mut();
    if !world.linked(company, client) {
        let id = next(&world.company_links, 201);
        world.company_links.push(CompanyLink { id, company, client, revoked: false });
    }
    drop(world);
    Ok(clients(call, company))
}

fn unlink_company(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let (company, client) = (args.id("companyId"), args.id("clientId"));
    actor.must_manage(&call.world(), company)?;
    let mut world = call.world_mut();
    let link =
        world.company_links.iter_mut().find(|own| own.company == company && own.client == client && !own.revoked);
    link.ok_or_else(|| Failure::new("COMPANY_CLIENT_LINK_NOT_FOUND", "Error"))?.revoked = true;
    drop(world);
    Ok(clients(call, company))
}

fn clients(call: &Call<'_>, company: i64) -> Answer {
    let world = call.world();
    let links = world.company_links.iter().filter(|own| own.company == company && !own.revoked);
    nodes(links.map(|own| Node::Client(own.client)))
}

fn create_vehicle(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let company = args.id("companyId");
    actor.must_manage(&call.world(), company)?;
    let registration = args.text("registrationNumber").unwrap_or_default().to_owned();
    let mut world = call.world_mut();
    if world.vehicles.iter().any(|own| own.company == company && own.registration == registration) {
        return Err(Failure::new("VEHICLE_ALREADY_REGISTERED", "Vehicle already registered"));
    }
    let id = next(&world.vehicles, 3001);
    let alias = args.text("alias").map(str::to_owned);
    world.vehicles.push(Vehicle { id, company, registration, alias, kilometers: None });
    Ok(Answer::Node(Node::Vehicle(id)))
}

fn create_address(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let company = args.id("companyId");
    actor.must_manage(&call.world(), company)?;
    let name = args.text("manualAddress").unwrap_or_default().to_owned();
    let mut world = call.world_mut();
    if world.addresses.iter().any(|own| own.company == company && own.name == name) {
        return Err(Failure::new("COMPANY_ADDRESS_ALREADY_REGISTERED", "Company address already registered"));
    }
    let id = next(&world.addresses, 8001);
    let alias = args.text("alias").map(str::to_owned);
    world.addresses.push(Address { id, company, alias, name, city: None, postal: None });
    Ok(Answer::Node(Node::Address(id)))
}
