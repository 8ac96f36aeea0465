//! The fields of every object.

mod company;
mod mission;
mod page;
mod regulation;
mod user;
mod workday;

use super::graphql::{Answer, Args, Call, Node, Resolved, leaf, maybe, null, record};
use super::state::{Failure, Row, find, nothing};

/// The value of a field of an object.
pub(super) fn field(call: &Call<'_>, node: &Node, field: &str, args: &Args) -> Resolved {
    match node {
        Node::Space("ProtectedQueries") => super::write::employment_token(call, field, args),
        Node::Space("PrivateQueries") => super::write::tokens_of(call, field, args),
        Node::Space(_) => root(call, field, args),
        Node::Record(_, fields) => {
            let own = fields.iter().find(|(name, _)| *name == field);
            own.map_or_else(|| Ok(null()), |(_, value)| value.clone())
        }
        Node::User(id) => user::field(call, *id, field, args),
        Node::Company(id) => company::field(call, *id, field, args),
        Node::Employment(id) => company::employment(call, *id, field),
        Node::Vehicle(id) => company::vehicle(call, *id, field),
        Node::Address(id) => row(&call.state().addresses, *id, field, |_| Ok(null())),
        Node::Team(id) => company::team(call, *id, field),
        Node::Client(id) => row(&call.state().clients, *id, field, |_| Ok(null())),
        Node::Mission(id) => mission::field(call, *id, field, args),
        Node::Activity(id) => mission::activity(call, *id, field),
        Node::Expenditure(id) => mission::expenditure(call, *id, field),
        Node::Validation(id) => mission::validation(call, *id, field),
        Node::Comment(id) => row(&call.state().comments, *id, field, |_| Ok(null())),
        Node::Location(id) => row(&call.state().locations, *id, field, |_| Ok(null())),
    }
}

fn root(call: &Call<'_>, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    Ok(match field {
        "me" => Answer::Node(Node::User(actor.user)),
        "checkAuth" => {
            let fields = [("success", leaf(true)), ("userId", leaf(actor.user))];
            Answer::Node(record("CheckOutput", fields))
        }
        "user" => {
            user::readable(call, args.id("id"))?;
            Answer::Node(Node::User(args.id("id")))
        }
        "company" => {
            let id = args.id("id");
            actor.within(id)?;
            if !call.state().current(actor.user).any(|own| own.company == id) {
                return Err(Failure::unauthorized());
            }
            Answer::Node(Node::Company(id))
        }
        "mission" => {
            mission::readable(call, args.id("id"))?;
            Answer::Node(Node::Mission(args.id("id")))
        }
        "output" => super::write::dry_run(call, args)?,
        _ => null(),
    })
}

/// A field of a row: what the row shows as it is, or else `more`.
fn row<R: Row>(rows: &[R], id: i64, field: &str, more: impl FnOnce(&R) -> Resolved) -> Resolved {
    let row = find(rows, id).ok_or_else(|| nothing(field))?;
    shown(row, field).map_or_else(|| more(row), Ok)
}

/// A field that a row shows as it is, or the object that the row names by its id: `company` by `companyId`.
fn shown<R: Row>(row: &R, field: &str) -> Option<Answer> {
    if let Some(value) = row.shown(field) {
        return Some(leaf(value));
    }
    let id = row.shown(&format!("{field}Id"))?;
    let node = match field {
        "company" => Node::Company,
        "mission" => Node::Mission,
        "team" => Node::Team,
        "vehicle" => Node::Vehicle,
        _ => Node::User,
    };
    Some(maybe(id.as_i64().map(node)))
}

/// A row as data, with these fields; one that the row does not show is an empty list.
pub(super) fn snapshot<R: Row, const N: usize>(name: &'static str, row: &R, fields: [&'static str; N]) -> Node {
    record(name, fields.map(|field| (field, shown(row, field).unwrap_or_else(|| Answer::List(Vec::new())))))
}

/// A user by id, where there is one.
fn person(id: Option<i64>) -> Answer {
    maybe(id.map(Node::User))
}

/// An item that a list of ids names.
fn named<R: Row>(rows: &[R], ids: &[i64], node: impl Fn(i64) -> Node) -> Answer {
    super::graphql::nodes(ids.iter().filter(|id| find(rows, **id).is_some()).map(|id| node(*id)))
}
