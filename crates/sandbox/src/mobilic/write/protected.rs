//! `/protected`: a software registers a company and its employees, and fetches the tokens of those who agreed.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, leaf, nodes, null, record};
use super::super::state::secret::hex;
use super::super::state::time::{DAY, NOW, today};
use super::super::state::{
    Company, CompanyLink, Employment, EmploymentLink, Failure, State, User, find, find_mut, next,
};

/// How long an invitation is good.
const INVITATION: i64 = 7 * DAY;

/// The key, then the id in the arguments.
fn software(call: &Call<'_>, named: Option<i64>) -> Result<i64, Failure> {
    let client = call.credentials.software(&call.state())?;
    if named.is_some_and(|named| named != client) {
        let message = "You do not have access to the provided client id";
        return Err(Failure::new("AUTHORIZATION_ERROR", message));
    }
    Ok(client)
}

pub(super) fn field(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let client = software(call, args.int("clientId"))?;
    let state: &mut State = &mut call.state_mut();
    if field == "softwareRegistration" { register(state, client, args) } else { sync(state, client, args) }
}

/// `employmentToken`: null where there is no link, and a null token until the employee agreed.
pub(crate) fn employment_token(call: &Call<'_>, _field: &str, args: &Args) -> Resolved {
    let client = software(call, args.int("clientId"))?;
    let state = call.state();
    let employment = args.id("employmentId");
    let link = state.employment_links.iter().find(|own| own.employment == employment && own.client == client);
    let Some(link) = link.filter(|own| !own.dismissed) else { return Ok(null()) };
    let company = find(&state.employments, employment).map_or(0, |own| own.company);
    state.live_link(company, client)?;
    let name = find(&state.clients, client).map(|own| own.name.as_str());
    let fields = [
        ("id", leaf(link.id)),
        ("employmentId", leaf(employment)),
        ("employment", Answer::Node(Node::Employment(employment))),
        ("clientId", leaf(client)),
        ("clientName", leaf(name)),
        ("accessToken", leaf(link.token.as_deref())),
    ];
    Ok(Answer::Node(record("ThirdPartyClientEmployment", fields)))
}

fn register(state: &mut State, client: i64, args: &Args) -> Resolved {
    let text = |name: &str| args.text(name).unwrap_or_default().to_owned();
    let (name, unit) = (text("usualName"), text("siren"));
    if name.trim().is_empty() {
        return Err(Failure::inputs("Company usual name is required"));
    }
    digits("SIREN", &unit, 9)?;
    let siret = args.text("siret").map(str::to_owned);
    if let Some(siret) = &siret {
        digits("SIRET", siret, 14)?;
        if !siret.starts_with(&unit) {
            return Err(Failure::inputs("SIRET must start with SIREN"));
        }
    }
    let workers = args.id("nbWorkers");
    if workers <= 0 {
        return Err(Failure::inputs("Number of workers must be greater than 0"));
    }
    let same: Vec<&Company> = state.companies.iter().filter(|own| own.siren == unit).collect();
    match &siret {
        Some(siret) if same.iter().any(|own| own.sirets.contains(siret)) => {
            return Err(Failure::new("SIRET_ALREADY_SIGNED_UP", "SIRET already registered"));
        }
        Some(_) if same.iter().all(|own| !own.sirets.is_empty()) => {}
        _ if same.is_empty() => {}
        _ => return Err(Failure::new("SIREN_ALREADY_SIGNED_UP", "SIREN already registered")),
    }
    let id = next(&state.companies, 4001);
    state.companies.push(Company {
        id,
        name,
        siren: unit,
        sirets: siret.into_iter().collect(),
        workers: Some(workers),
        expenditures: true,
        ..Default::default()
    });
    let link = next(&state.company_links, 201);
    state.company_links.push(CompanyLink { id: link, company: id, client, revoked: false });
    Ok(Answer::Node(Node::Company(id)))
}

fn digits(what: &str, text: &str, count: usize) -> Result<(), Failure> {
    if !text.chars().all(|character| character.is_ascii_digit()) {
        return Err(Failure::inputs(format!("{what} must contain only digits")));
    }
    if text.len() == count { Ok(()) } else { Err(Failure::inputs(format!("{what} must be {count} digits"))) }
}

fn sync(state: &mut State, client: i64, args: &Args) -> Resolved {
    let company = args.id("companyId");
    if !state.linked(company, client) {
        let message = "You do not have access to the provided company id";
        return Err(Failure::new("AUTHORIZATION_ERROR", message));
    }
    for employee in args.items("employees") {
        let user = account(state, &employee);
        let employment = place(state, company, user, &employee);
        invite(state, employment, client);
    }
    let linked = |own: &&Employment| {
        own.company == company
            && own.dismissed.is_none()
            && state.employment_links.iter().any(|link| link.employment == own.id)
    };
    Ok(nodes(state.employments.iter().filter(linked).map(|own| Node::Employment(own.id))))
}

/// The account of an address, made if need be; it is not active before its owner agreed.
fn account(state: &mut State, employee: &Args) -> i64 {
    let text = |name: &str| employee.text(name).unwrap_or_default().to_owned();
    let email = text("email");
    if let Some(own) = state.users.iter().find(|own| own.email.as_deref() == Some(email.as_str())) {
        return own.id;
    }
    let digits = i64::from_str_radix(&hex(&format!("user/{email}"), 12), 16).unwrap_or_default();
    let id = 100_000_000 + digits % 900_000_000;
    state.users.push(User {
        id,
        first: text("firstName"),
        last: text("lastName"),
        email: Some(email),
        timezone: employee.text("timezoneName").unwrap_or("Europe/Paris").to_owned(),
        created: NOW,
        ..Default::default()
    });
    id
}

fn place(state: &mut State, company: i64, user: i64, employee: &Args) -> i64 {
    if let Some(own) = state.current(user).find(|own| own.company == company) {
        return own.id;
    }
    let id = next(&state.employments, 5001);
    state.employments.push(Employment {
        id,
        company,
        user: Some(user),
        admin: Some(employee.flag("hasAdminRights") == Some(true)),
        start: today(),
        status: "pending".into(),
        reception: NOW,
        invited: Some(NOW),
        ..Default::default()
    });
    id
}

/// A new invitation where there is none; an old one is renewed only when it has expired.
fn invite(state: &mut State, employment: i64, client: i64) {
    let known = state.employment_links.iter().find(|own| own.employment == employment && own.client == client);
    match known.map(|own| (own.id, own.token.is_none() && own.expires < NOW || own.dismissed)) {
        Some((id, true)) => {
            if let Some(link) = find_mut(&mut state.employment_links, id) {
                link.expires = NOW + INVITATION;
                link.dismissed = false;
                link.token = None;
            }
        }
        Some(_) => {}
        None => {
            let id = next(&state.employment_links, 301);
            let invitation = hex(&format!("invitation/{employment}/{client}"), 120);
            let expires = NOW + INVITATION;
            let link = EmploymentLink { id, employment, client, invitation, expires, token: None, dismissed: false };
            state.employment_links.push(link);
        }
    }
}
