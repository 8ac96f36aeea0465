//! What every session of the sandbox begins with. The people are invented; their numbers are of the range that French
//! works of fiction may use.

use super::clock::{DAY, HOUR, NOW};
use super::posts::{Action, Kind, Post};
use super::state::{
    Connector, Counter, Grant, Group, Holder, Kept, Membership, Move, Person, Reach, Series, Shelf, State,
};
use crate::quota::Quotas;
use crate::tokens::{Token, Tokens};
use serde_json::json;
use std::num::NonZeroU32;
use std::time::Duration;

/// How many calls a connector has in a minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
const MINUTE: Duration = Duration::from_secs(60);

/// How many tokens of a kind are kept beside the seed, how many messages and actions, and how many of what is small.
const TOKENS: usize = 500;
const POSTS: usize = 200;
const SMALL: usize = 1_000;

/// Id of the good connector.
pub const CONNECTOR: &str = "c0000000-0000-4000-8000-000000000001";
/// Its secret.
pub const SECRET: &str = "sandbox-secret";
/// Id of a connector whose calls are spent: always 429.
pub const SPENT_CONNECTOR: &str = "c0000000-0000-4000-8000-000000000002";
/// Id of a connector that was deleted.
pub const DELETED_CONNECTOR: &str = "c0000000-0000-4000-8000-000000000003";
/// Id of another good connector, with the same secret.
pub const OTHER_CONNECTOR: &str = "c0000000-0000-4000-8000-000000000004";
/// Where the good connector may be sent back to after OAuth, beside loopback addresses.
pub const REDIRECT: &str = "https://chantier.example/retour";
/// The PIN that every phone gets.
pub const PIN: &str = "135790";

/// The group of the group token; Chantier Nord.
pub const GROUP: &str = "20000000-0000-4000-8000-000000000001";
/// Its sub-group; Equipe Beton.
pub const SUB_GROUP: &str = "20000000-0000-4000-8000-000000000002";
/// A group that only the tenant-level token reaches; Depot Sud. Its id ends as ids of real groups may.
pub const FAR_GROUP: &str = "20000000-0000-4000-8000-000000000003@1";
/// A public group with sixty subscribers; Annonces.
pub const PUBLIC_GROUP: &str = "20000000-0000-4000-8000-000000000004";
/// The package of the seeded custom action.
pub const PACKAGE: &str = "example.chantier.visite";
/// A custom action in [`GROUP`].
pub const ACTION: &str = "40000000-0000-4000-8000-000000000001";
/// The phone of the user whose tokens are seeded.
pub const PHONE: &str = "+33639980002";
/// A member of [`GROUP`].
pub const MEMBER: &str = "10000000-0000-4000-8000-000000000003";

const ADMIN_ID: &str = "10000000-0000-4000-8000-000000000001";
const USER_ID: &str = "10000000-0000-4000-8000-000000000002";
const FAR_ID: &str = "10000000-0000-4000-8000-000000000004";

/// How many subscribers the public group has.
const SUBSCRIBERS: usize = 60;

/// Whether a text is the id of something of this sandbox, or a phone here.
#[must_use]
pub fn is_own(text: &str) -> bool {
    let ids = ["c0000000-0000-4000-8000-", "10000000-0000-4000-8000-", "20000000-0000-4000-8000-"];
    let others = ["30000000-0000-4000-8000-", "40000000-0000-4000-8000-", "+336399800"];
    ids.iter().chain(&others).any(|start| text.starts_with(start))
}

/// A session as it begins; `endpoint` is the base URL of the endpoint host.
pub(super) fn state(endpoint: &str, limited: bool) -> State {
    let (people, groups, posts, connectors) = (people(), groups(), posts(), connectors());
    State {
        endpoint: endpoint.to_owned(),
        // Later ids go on from what the seed has of each kind.
        counter: Counter::after(&[
            (Series::Person, people.len()),
            (Series::Group, groups.len()),
            (Series::Reference, posts.len()),
            (Series::Action, 1),
        ]),
        quotas: if limited {
            Quotas::new(PER_MINUTE, MINUTE, connectors.len())
        } else {
            Quotas::uncounted(PER_MINUTE.get(), MINUTE)
        },
        connectors,
        grants: Tokens::seeded(grants(), TOKENS),
        accesses: Tokens::seeded(accesses(), TOKENS),
        pending: Shelf::new(Vec::new(), TOKENS),
        people,
        groups,
        posts: Shelf::new(posts, POSTS),
        reactions: Shelf::new(Vec::new(), SMALL),
        media: Shelf::new(Vec::new(), SMALL),
        webhooks: Vec::new(),
        outbox: Vec::new(),
    }
}

/// Everything that is registered on the portal.
fn connectors() -> Vec<Connector> {
    let connector = |id: &str| Connector { id: id.to_owned(), secret: SECRET.to_owned(), spent: false, deleted: false };
    vec![
        connector(CONNECTOR),
        Connector { spent: true, ..connector(SPENT_CONNECTOR) },
        Connector { deleted: true, ..connector(DELETED_CONNECTOR) },
        connector(OTHER_CONNECTOR),
    ]
}

/// Every refresh token that was made by hand.
fn grants() -> Vec<(String, Token<Grant>)> {
    let holder = |person: &str, reach: Reach| Holder { connector: CONNECTOR.into(), person: person.into(), reach };
    let grant =
        |name: &str, days: i64, holder: Holder| Grant::new(format!("sandbox-refresh-{name}"), NOW - days * DAY, holder);
    let tenant = || holder(ADMIN_ID, Reach::Tenant);
    let user = || holder(USER_ID, Reach::User);
    let other = |connector: &str| Holder { connector: connector.into(), ..user() };
    let grants = [
        grant("tenant", 30, tenant()),
        Grant { kept: Kept::Empty, ..grant("user", 30, user()) },
        Grant { kept: Kept::Absent, ..grant("group", 30, holder(ADMIN_ID, Reach::Group(GROUP.into()))) },
        grant("day-327", 327, holder(FAR_ID, Reach::User)),
        grant("day-328", 328, tenant()),
        grant("expired", 365, tenant()),
        grant("superseded", 40, user()),
        Grant { moved: Move::Endpoint, ..grant("moved", 30, user()) },
        Grant { moved: Move::Service, ..grant("moving", 30, user()) },
        grant("deleted", 30, other(DELETED_CONNECTOR)),
        grant("spent", 30, other(SPENT_CONNECTOR)),
        grant("other", 30, other(OTHER_CONNECTOR)),
    ];
    let known = |grant: Grant| {
        let revoked = grant.token.ends_with("-superseded");
        (grant.token.clone(), Token { revoked, ..grant.known() })
    };
    grants.map(known).into()
}

/// Access tokens that were issued before the session began.
fn accesses() -> Vec<(String, Token<Holder>)> {
    let named = ["tenant", "user", "group", "expired", "moved", "spent", "deleted"];
    let grants = grants().into_iter();
    let access = |(token, grant): (String, Token<Grant>)| {
        let name = token.strip_prefix("sandbox-refresh-").filter(|name| named.contains(name))?;
        let hours = if name == "expired" { 25 } else { 1 };
        let expires = Some(NOW + DAY - hours * HOUR);
        Some((format!("sandbox-access-{name}"), Token { expires, ..Token::new(grant.of.holder) }))
    };
    grants.filter_map(access).collect()
}

/// Members, and the subscribers of the public group.
fn people() -> Vec<Person> {
    let members = ["Awa Diallo", "Basile Kerguelen", "Chloe Vasseur", "Driss Benali", "Elsa Tournebride"];
    let members = members.iter().map(|name| Some((*name).to_owned()));
    let subscribers = (1..=SUBSCRIBERS).map(|number| Some(format!("Abonne {number:02}")));
    let person = |(position, name): (usize, Option<String>)| Person {
        id: format!("10000000-0000-4000-8000-{:012}", position + 1),
        phone: format!("+336399800{:02}", position + 1),
        provisioned: name.is_some(),
        name,
    };
    members.chain(subscribers).enumerate().map(person).collect()
}

/// The groups of the tenant.
fn groups() -> Vec<Group> {
    let person = |number: usize| format!("10000000-0000-4000-8000-{number:012}");
    let group = |id: &str, name: &str, members: &[usize]| Group {
        id: id.to_owned(),
        name: name.to_owned(),
        welcome: format!("Bienvenue dans {name}"),
        image: String::new(),
        connect: false,
        public: false,
        // The first is the admin.
        members: members.iter().zip(0..).map(|(n, at)| Membership { person: person(*n), admin: at == 0 }).collect(),
        subscribers: Vec::new(),
        children: Vec::new(),
    };
    let first = 6;
    vec![
        Group { children: vec![SUB_GROUP.to_owned()], ..group(GROUP, "Chantier Nord", &[1, 2, 3]) },
        group(SUB_GROUP, "Equipe Beton", &[2, 3]),
        group(FAR_GROUP, "Depot Sud", &[4, 5]),
        Group {
            public: true,
            subscribers: (first..first + SUBSCRIBERS).map(person).collect(),
            ..group(PUBLIC_GROUP, "Annonces", &[1, 2])
        },
    ]
}

/// What was sent before the session began: a place and a photo, which only the app can send, and a custom action.
fn posts() -> Vec<Post> {
    let post = |number: usize, hours: i64, action: Action| Post {
        reference: format!("30000000-0000-4000-8000-{number:012}"),
        group: GROUP.to_owned(),
        sender: USER_ID.to_owned(),
        sent: NOW - hours * HOUR,
        action: Some(action),
    };
    let action = |kind: Kind, id: Option<&str>| Action::new(kind, id.map(str::to_owned));
    let mut place = action(Kind::ShareLocation, None);
    place.listed = json!({"latitude": 48.1, "longitude": -1.68});
    let mut photo = action(Kind::PhotoWithLocation, None);
    photo.listed = json!({"imageUrl": "https://media.example/photo-1.jpg", "latitude": 48.1, "longitude": -1.68});
    let visit = Action {
        package: Some(PACKAGE.to_owned()),
        title: "Visite".to_owned(),
        properties: vec![json!({"name": "Batiment", "type": "Text", "value": "B"})],
        ..action(Kind::Package, Some(ACTION))
    };
    vec![post(1, 48, place), post(2, 47, photo), post(3, 46, visit)]
}
