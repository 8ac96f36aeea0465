//! Teams, and the company itself.

use super::super::graphql::{Answer, Args, Call, Node, Resolved};
use super::super::state::time::NOW;
use super::super::state::{Failure, State, Team, find, find_mut, secret::hex};
use super::employment::business;

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    actor.may_write(&call.state())?;
    let state: &mut State = &mut call.state_mut();
    let company = match args.int("teamId") {
        Some(id) => find(&state.teams, id).ok_or_else(|| Failure::inputs("Invalid team id"))?.company,
        None => args.id("companyId"),
    };
    actor.must_manage(state, company)?;
    if field == "deleteTeam" {
        let id = args.id("teamId");
        state.teams.retain(|own| own.id != id);
        for own in state.employments.iter_mut().filter(|own| own.team == Some(id)) {
            own.team = None;
        }
        return Ok(Answer::Node(Node::Company(company)));
    }
    // What is left out is emptied.
    let list = |name: &str| args.ids(name).unwrap_or_default();
    let (users, admins) = (list("userIds"), list("adminIds"));
    if users.iter().any(|user| !state.employed(*user, company)) {
        return Err(Failure::inputs("Some user ids are invalid"));
    }
    if admins.iter().any(|user| !state.manages(*user, company)) {
        return Err(Failure::inputs("Some admin ids are invalid"));
    }
    let id = args.int("teamId").unwrap_or_else(|| nine_digits(state.teams.len()));
    let created = find(&state.teams, id).map_or(NOW, |own| own.created);
    let name = args.text("name").unwrap_or_default().to_owned();
    let (vehicles, addresses) = (list("vehicleIds"), list("knownAddressIds"));
    for own in state.employments.iter_mut().filter(|own| own.company == company) {
        match own.user {
            Some(user) if users.contains(&user) => own.team = Some(id),
            _ if own.team == Some(id) => own.team = None,
            _ => {}
        }
    }
    let team = Team { id, company, name, created, users, admins, vehicles, addresses };
    match find_mut(&mut state.teams, id) {
        Some(own) => *own = team,
        None => state.teams.push(team),
    }
    Ok(Answer::Node(Node::Company(company)))
}

/// Ids of teams look random.
fn nine_digits(number: usize) -> i64 {
    let digits = i64::from_str_radix(&hex(&format!("team/{number}"), 12), 16).unwrap_or_default();
    100_000_000 + digits % 900_000_000
}

pub(super) fn update_company(call: &Call<'_>, args: &Args) -> Resolved {
    let actor = call.actor()?;
    actor.may_write(&call.state())?;
    let state: &mut State = &mut call.state_mut();
    let id = args.id("companyId");
    actor.must_manage(state, id)?;
    if args.int("newNbWorkers").is_some_and(|workers| workers <= 0) {
        return Err(Failure::inputs("Number of workers must be greater than 0"));
    }
    let kind = args.text("newBusinessType").map(business).transpose()?;
    if let Some(own) = find_mut(&mut state.companies, id) {
        if let Some(name) = args.text("newName") {
            name.clone_into(&mut own.name);
        }
        own.phone = args.text("newPhoneNumber").map(str::to_owned).or(own.phone.take());
        own.workers = args.int("newNbWorkers").or(own.workers);
        own.business = kind.or(own.business);
    }
    if args.flag("applyBusinessTypeToEmployees") == Some(true) {
        for own in state.employments.iter_mut().filter(|own| own.company == id) {
            own.business = kind.or(own.business);
        }
    }
    Ok(Answer::Node(Node::Company(id)))
}
