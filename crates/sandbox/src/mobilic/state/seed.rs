//! What every state begins with. People, companies and software are invented.

use super::secret::{Use, hex, session, uuid};
use super::time::{DAY, NOW, today};
use super::{
    Activity, Address, Client, Comment, Company, CompanyLink, Employment, EmploymentLink, End, Expenditure, Location,
    Mission, State, Team, User, UserToken, Validation, Vehicle, Version,
};
use crate::tokens::Token;
use serde_json::Value;

/// A driver of the company that most examples are about.
pub const WORKER: i64 = 318_450_271;
/// Who manages `COMPANY`.
pub const MANAGER: i64 = 527_306_914;
/// A driver of both companies.
pub const TEAMMATE: i64 = 640_918_253;
/// Whose address was never confirmed.
pub const INACTIVE: i64 = 205_771_836;
/// Who left `COMPANY` at the end of January.
pub const FORMER: i64 = 471_650_382;
/// Who manages `OTHER_COMPANY`.
pub const OUTSIDER: i64 = 893_124_067;
/// Who was invited to [`INVITING_COMPANY`] and has not answered.
const INVITED: i64 = 736_502_918;
/// Whose invitation to [`INVITING_COMPANY`] is too old.
const LATE: i64 = 159_384_720;
/// Who signs in with a second factor.
const CAUTIOUS: i64 = 382_619_045;

/// The company of most people here.
const COMPANY: i64 = 4001;
/// Another one, without expenditures.
const OTHER_COMPANY: i64 = 4002;
/// One that the first software registered.
const INVITING_COMPANY: i64 = 4003;

/// The software of most examples.
pub const CLIENT: i64 = 264_810_537;
/// Another software.
pub const OTHER_CLIENT: i64 = 739_205_648;

/// The password of everyone.
const PASSWORD: &str = "route-nationale-7";

/// The token of a user for a software, as every state has it.
#[must_use]
pub fn user_token(user: i64, client: i64) -> String {
    uuid(&format!("user-token/{user}/{client}/0"))
}

/// The token of an employment for a software, as every state has it.
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

/// A session that every state knows; an old one has expired.
#[must_use]
pub fn known_session(user: i64, old: bool) -> String {
    session(user, Use::Access, 0, if old { NOW - 2 * DAY } else { NOW })
}

/// The refresh token of a session that every state knows.
#[must_use]
pub fn known_refresh(user: i64) -> String {
    session(user, Use::Refresh, 0, NOW)
}

/// The token of a road controller who reads the data of [`WORKER`].
#[must_use]
pub fn read_token() -> String {
    hex("read-token/worker", 40)
}

/// The employment whose token every state knows: that of [`TEAMMATE`] in `COMPANY`.
pub const LINKED_EMPLOYMENT: i64 = 5003;

/// Whether a text is the number of a person or a software of this state, or an address here: they were drawn from so many
/// that no others have them.
#[must_use]
pub fn is_own(text: &str) -> bool {
    const NUMBERS: [i64; 11] =
        [WORKER, MANAGER, TEAMMATE, INACTIVE, FORMER, OUTSIDER, INVITED, LATE, CAUTIOUS, CLIENT, OTHER_CLIENT];
    let domains = ["@deuxrives.test", "@vallon.test", "@lavande.test"];
    text.parse().is_ok_and(|number| NUMBERS.contains(&number)) || domains.iter().any(|domain| text.ends_with(domain))
}

impl State {
    /// The state as it begins.
    pub(in super::super) fn seeded() -> Self {
        let mut state = Self::default();
        people(&mut state);
        companies(&mut state);
        software(&mut state);
        rounds(&mut state);
        state.read_tokens.keep(read_token(), Token::new(WORKER));
        state
    }
}

fn people(state: &mut State) {
    for (id, first, last, email, activated) in [
        (WORKER, "Alix", "Moreau", "alix.moreau@deuxrives.test", true),
        (MANAGER, "Camille", "Garnier", "camille.garnier@deuxrives.test", true),
        (TEAMMATE, "Noé", "Lambert", "noe.lambert@deuxrives.test", true),
        (INACTIVE, "Inès", "Faure", "ines.faure@deuxrives.test", false),
        (FORMER, "Hugo", "Perrin", "hugo.perrin@deuxrives.test", true),
        (OUTSIDER, "Louise", "Marchand", "louise.marchand@vallon.test", true),
        (INVITED, "Maya", "Colin", "maya.colin@lavande.test", false),
        (LATE, "Tom", "Girard", "tom.girard@lavande.test", false),
        (CAUTIOUS, "Sacha", "Vidal", "sacha.vidal@vallon.test", true),
    ] {
        state.users.push(User {
            id,
            first: first.into(),
            last: last.into(),
            email: Some(email.into()),
            phone: None,
            timezone: "Europe/Paris".into(),
            activated,
            password: PASSWORD.into(),
            bad_tries: 0,
            totp: id == CAUTIOUS,
            created: NOW - 400 * DAY,
        });
    }
    for (user, company, admin, status, start, end) in [
        (MANAGER, COMPANY, true, "approved", 400, None),
        (WORKER, COMPANY, false, "approved", 300, None),
        (TEAMMATE, COMPANY, false, "approved", 200, None),
        (INACTIVE, COMPANY, false, "approved", 100, None),
        (FORMER, COMPANY, false, "approved", 390, Some(44)),
        (OUTSIDER, OTHER_COMPANY, true, "approved", 400, None),
        (TEAMMATE, OTHER_COMPANY, false, "approved", 60, None),
        (CAUTIOUS, OTHER_COMPANY, false, "approved", 30, None),
        (INVITED, INVITING_COMPANY, false, "pending", 1, None),
        (LATE, INVITING_COMPANY, false, "pending", 20, None),
    ] {
        let reception = NOW - start * DAY;
        state.employments.push(Employment {
            id: 5001 + i64::try_from(state.employments.len()).unwrap_or_default(),
            company,
            user: Some(user),
            email: None,
            hide_email: user == TEAMMATE && company == OTHER_COMPANY,
            admin: Some(admin),
            start: today() - start,
            end: end.map(|days: i64| today() - days),
            status,
            submitter: Some(if company == OTHER_COMPANY { OUTSIDER } else { MANAGER }),
            reception,
            dismissed: None,
            team: None,
            business: None,
            invited: (status == "pending").then_some(reception),
            detachment: None,
        });
    }
}

fn companies(state: &mut State) {
    for (id, name, siren, workers, expenditures) in [
        (COMPANY, "Transports des Deux Rives", "900000118", 12, true),
        (OTHER_COMPANY, "Fret du Vallon", "900000225", 4, false),
        (INVITING_COMPANY, "Cars Lavande", "900000332", 30, true),
    ] {
        state.companies.push(Company {
            id,
            name: name.into(),
            siren: siren.into(),
            sirets: if id == INVITING_COMPANY { vec![format!("{siren}00014")] } else { Vec::new() },
            phone: None,
            workers: Some(workers),
            business: Some(usize::from(id == INVITING_COMPANY) * 3),
            expenditures,
        });
    }
    for (id, company, registration, alias) in [
        (3001, COMPANY, "GA-174-VR", None),
        (3002, COMPANY, "GB-205-VR", Some("Le grand")),
        (3003, OTHER_COMPANY, "GC-336-VR", None),
    ] {
        state.vehicles.push(Vehicle {
            id,
            company,
            registration: registration.into(),
            alias: alias.map(str::to_owned),
            kilometers: None,
        });
    }
    for (id, company, alias, name, city, postal) in [
        (8001, COMPANY, Some("Dépôt"), "12 quai des Mariniers", "Saumur", "49400"),
        (8002, OTHER_COMPANY, None, "3 route du Col", "Die", "26150"),
    ] {
        state.addresses.push(Address {
            id,
            company,
            alias: alias.map(str::to_owned),
            name: name.into(),
            city: Some(city.into()),
            postal: Some(postal.into()),
        });
    }
    state.teams.push(Team {
        id: 610_294_837,
        company: COMPANY,
        name: "Équipe de nuit".into(),
        created: NOW - 90 * DAY,
        users: vec![TEAMMATE],
        admins: vec![MANAGER],
        vehicles: vec![3002],
        addresses: vec![8001],
    });
}

fn software(state: &mut State) {
    for (id, name, redirects) in [
        (CLIENT, "Carnet de Bord", vec!["http://127.0.0.1:8723/callback", "https://carnet.test/retour"]),
        (OTHER_CLIENT, "Tournées Faciles", vec!["*"]),
    ] {
        state.clients.push(Client { id, name, secret: client_secret(id), redirects, key: api_key(id) });
    }
    for (user, client, revoked) in [
        (WORKER, CLIENT, false),
        (MANAGER, CLIENT, false),
        (TEAMMATE, CLIENT, false),
        (OUTSIDER, CLIENT, false),
        (FORMER, CLIENT, false),
        (WORKER, OTHER_CLIENT, true),
    ] {
        let id = 101 + i64::try_from(state.tokens.len()).unwrap_or_default();
        state.tokens.keep(user_token(user, client), Token { revoked, ..Token::new(UserToken { id, user, client }) });
    }
    for (id, company, client) in
        [(201, COMPANY, CLIENT), (202, INVITING_COMPANY, CLIENT), (203, OTHER_COMPANY, OTHER_CLIENT)]
    {
        state.company_links.push(CompanyLink { id, company, client, revoked: false });
    }
    for (employment, accepted, days) in [(LINKED_EMPLOYMENT, true, 150), (5009, false, 1), (5010, false, 20)] {
        state.employment_links.push(EmploymentLink {
            id: super::next(&state.employment_links, 301),
            employment,
            client: CLIENT,
            invitation: hex(&format!("invitation/{employment}/{CLIENT}"), 120),
            expires: NOW + (7 - days) * DAY,
            token: accepted.then(|| employment_token(employment, CLIENT)),
            dismissed: false,
        });
    }
}

/// Rounds of the last two weeks: validated by both, by the worker, automatically, by nobody, and one of another company.
fn rounds(state: &mut State) {
    let at = |days: i64, hour: i64| (today() - days) * DAY + hour * 3_600;
    for (id, company, user, name, days) in [
        (1001, COMPANY, WORKER, "Saumur - Tours", 7),
        (1002, COMPANY, WORKER, "Saumur - Angers", 4),
        (1003, COMPANY, WORKER, "Tours - Blois", 14),
        (1004, COMPANY, WORKER, "Angers - Laval", 3),
        (1005, OTHER_COMPANY, TEAMMATE, "Die - Valence", 5),
    ] {
        let reception = at(days, 16);
        state.missions.push(Mission {
            id,
            company,
            name: Some(name.into()),
            context: Value::Null,
            vehicle: Some(if company == COMPANY { 3001 } else { 3003 }),
            justification: None,
            submitter: user,
            reception: at(days, 8),
            holiday: false,
            deleted: None,
            ends: vec![End { user, submitter: user, reception }],
        });
        for (kind, from, until) in [("drive", 8, 11), ("work", 11, 12), ("drive", 13, 16)] {
            state.versions += 1;
            let (start, end, taken) = (at(days, from), Some(at(days, until)), at(days, until));
            let version =
                Version { id: state.versions, start, end, context: Value::Null, submitter: user, reception: taken };
            state.activities.push(Activity {
                id: super::next(&state.activities, 2001),
                mission: id,
                user,
                kind: kind.into(),
                start,
                end,
                submitter: user,
                reception: at(days, from),
                updated: taken,
                last_submitter: user,
                dismissed: None,
                versions: vec![version],
                dispute: Value::Null,
            });
        }
    }
    for (mission, submitter, admin, auto, days) in [
        (1001, Some(WORKER), false, false, 7),
        (1001, Some(MANAGER), true, false, 6),
        (1002, Some(WORKER), false, false, 4),
        (1003, None, false, true, 13),
        (1003, None, true, true, 12),
    ] {
        let id = super::next(&state.validations, 9001);
        let reception = at(days, 18);
        state.validations.push(Validation {
            id,
            mission,
            user: WORKER,
            submitter,
            admin,
            auto,
            justification: None,
            reception,
        });
    }
    state.expenditures.push(Expenditure {
        id: 6001,
        mission: 1004,
        user: WORKER,
        kind: "day_meal".into(),
        day: today() - 3,
        submitter: WORKER,
        reception: at(3, 14),
        dismissed: None,
    });
    state.comments.push(Comment {
        id: 7001,
        mission: 1004,
        text: "Quai encombré à l'arrivée".into(),
        submitter: WORKER,
        reception: at(3, 15),
        dismissed: false,
    });
    state.locations.push(Location {
        id: 8501,
        mission: 1004,
        kind: "mission_start_location".into(),
        place: "address/8001".into(),
        name: "12 quai des Mariniers".into(),
        city: Some("Saumur".into()),
        postal: Some("49400".into()),
        alias: Some("Dépôt".into()),
        kilometers: Some(18_240),
        submitter: WORKER,
        reception: at(3, 8),
    });
}
