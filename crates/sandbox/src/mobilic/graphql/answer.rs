//! What a field resolves to, and how the engine reads it.

use super::super::state::Failure;
use super::call::Call;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The value of a field.
#[derive(Clone)]
pub(crate) enum Answer {
    Leaf(Value),
    Node(Node),
    List(Vec<Result<Answer, Failure>>),
}

/// An object of the graph.
#[derive(Clone)]
pub(crate) enum Node {
    /// The root of an operation or a group of mutations, by the name of its type.
    Space(&'static str),
    User(i64),
    Company(i64),
    Employment(i64),
    Vehicle(i64),
    Address(i64),
    Team(i64),
    Mission(i64),
    Activity(i64),
    Expenditure(i64),
    Validation(i64),
    Comment(i64),
    Location(i64),
    Client(i64),
    /// Something computed: the name of its type, and its fields.
    Record(&'static str, Rc<Vec<(&'static str, Result<Answer, Failure>)>>),
}

/// What a field comes to.
pub(crate) type Resolved = Result<Answer, Failure>;

/// Nothing.
pub(crate) fn null() -> Answer {
    Answer::Leaf(Value::Null)
}

/// A scalar.
pub(crate) fn leaf(value: impl Into<Value>) -> Answer {
    Answer::Leaf(value.into())
}

/// An object, where there is one.
pub(crate) fn maybe(node: Option<Node>) -> Answer {
    node.map_or_else(null, Answer::Node)
}

/// Objects.
pub(crate) fn nodes(nodes: impl IntoIterator<Item = Node>) -> Answer {
    Answer::List(nodes.into_iter().map(|node| Ok(Answer::Node(node))).collect())
}

/// An object that is computed.
pub(crate) fn record<const N: usize>(name: &'static str, fields: [(&'static str, Answer); N]) -> Node {
    Node::Record(name, Rc::new(fields.into_iter().map(|(name, field)| (name, Ok(field))).collect()))
}

/// `Void`, after something was done.
pub(crate) fn done() -> Answer {
    Answer::Node(record("Void", [("success", leaf(true))]))
}

impl Node {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Space(name) | Self::Record(name, _) => name,
            Self::User(_) => "User",
            Self::Company(_) => "Company",
            Self::Employment(_) => "Employment",
            Self::Vehicle(_) => "Vehicle",
            Self::Address(_) => "CompanyKnownAddress",
            Self::Team(_) => "Team",
            Self::Mission(_) => "Mission",
            Self::Activity(_) => "Activity",
            Self::Expenditure(_) => "Expenditure",
            Self::Validation(_) => "MissionValidation",
            Self::Comment(_) => "Comment",
            Self::Location(_) => "LocationEntry",
            Self::Client(_) => "OAuth2Client",
        }
    }
}

/// An object together with the call that asks for it.
pub(super) struct Object<'c, 'w> {
    pub(super) call: &'c Call<'w>,
    pub(super) node: Node,
}

impl ObjectValue for Object<'_, '_> {
    fn type_name(&self) -> &str {
        self.node.type_name()
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = serde_json::to_value(info.arguments()).unwrap_or_default();
        // A null that came in a variable counts as absent.
        let arguments: Map<String, Value> = match arguments {
            Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
            _ => Map::new(),
        };
        let is_int = |name: &str| {
            info.field_definition().argument_by_name(name).is_some_and(|own| own.ty.inner_named_type() == "Int")
        };
        if arguments.iter().any(|(name, value)| value.is_boolean() && is_int(name)) {
            let failure = Failure::bug("operator does not exist: integer = boolean");
            return Err(self.call.fail(failure, info));
        }
        let resolved = self.call.resolve(&self.node, info.field_name(), &Args(arguments));
        // A list of scalars is a list, unless a scalar may be any JSON.
        let resolved = resolved.map(|answer| match answer {
            Answer::Leaf(Value::Array(items)) if info.field_definition().ty.is_list() => {
                Answer::List(items.into_iter().map(|item| Ok(Answer::Leaf(item))).collect())
            }
            other => other,
        });
        resolved.map(|answer| resolve(self.call, answer)).map_err(|failure| self.call.fail(failure, info))
    }
}

fn resolve<'c>(call: &'c Call<'_>, answer: Answer) -> ResolvedValue<'c> {
    match answer {
        Answer::Leaf(value) => ResolvedValue::Leaf(value.into()),
        Answer::Node(node) => ResolvedValue::object(Object { call, node }),
        Answer::List(items) => ResolvedValue::List(Box::new(
            items
                .into_iter()
                .map(move |item| item.map(|answer| resolve(call, answer)).map_err(|failure| call.fail_item(failure))),
        )),
    }
}

/// The arguments of a field, without those that are null.
pub(crate) struct Args(pub(crate) Map<String, Value>);

impl Args {
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// An argument that the schema requires.
    pub(crate) fn id(&self, name: &str) -> i64 {
        self.int(name).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    pub(crate) fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn ids(&self, name: &str) -> Option<Vec<i64>> {
        Some(self.0.get(name)?.as_array()?.iter().filter_map(Value::as_i64).collect())
    }

    /// The objects of a list.
    pub(crate) fn items(&self, name: &str) -> Vec<Args> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten().map(Self::of).collect()
    }

    /// An object as arguments.
    pub(crate) fn of(value: &Value) -> Self {
        let map = value.as_object().cloned().unwrap_or_default();
        Self(map.into_iter().filter(|(_, value)| !value.is_null()).collect())
    }

    /// A day of the form `2026-03-16`; the schema's check has read it before.
    pub(crate) fn day(&self, name: &str) -> Option<i64> {
        self.text(name).and_then(super::super::state::time::parse_day)
    }
}
