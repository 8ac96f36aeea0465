//! Lowering: the copy of a contract that progenitor generates a client from.
//!
//! The judge works on the full contract; this copy only has to give types that lose nothing and refuse nothing that
//! a consumer can use. Each step answers a defect of generated code that was met on real documents:
//!
//! - every object and enum gets a component of its own, with a unique name (types are found by name alone);
//! - one success type and one error type an operation; where there are several forms, the caller gets all of them as JSON;
//! - answers that are no JSON are bytes; `default` is the error form;
//! - response formats, patterns and bounds go (one impossible date must not refuse a whole answer);
//! - enums, patterns and bounds of what is sent go (a caller must be able to provoke a 422);
//! - keys inside an answer are optional, since a token without their scope does not get them; in a contract of GraphQL
//!   operations they stay required, since that protocol answers every key that was asked for;
//! - unknown properties and unknown enum values are kept;
//! - what no type can say (alternatives, a list with a place for each element, `if` and `not`) is any JSON, or forbids nothing;
//! - equal answers of GraphQL operations are one type (`share`);
//! - the body of a GraphQL operation is its variables: the client puts the query around them.

mod answer;
mod kind;
mod name;
mod request;
mod share;

pub use answer::json_schema;
pub use name::{Prefix, ident};

use super::members;
use super::operations::operations;
use super::schema::{Schema, follow, lookup};
use answer::Success;
use kind::{Kind, scalar};
use name::pascal;
use serde_json::{Map, Value};
use share::Shared;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// A lowered contract.
#[derive(Debug)]
pub struct Lowered {
    /// An `OpenAPI` 3.0 document for progenitor.
    pub document: Value,
    /// Names of the components that are enums: fields of theirs stay open for other values.
    pub enums: BTreeSet<String>,
    /// Names of every component, unique.
    pub types: BTreeSet<String>,
    /// Names of the components that a caller builds: they are part of no answer.
    pub requests: BTreeSet<String>,
    /// The operations that are methods of the client, in the order of the document.
    pub operations: Vec<Operation>,
    /// The operations that no client is generated for: no HTTP library here has a function for their methods.
    pub left_out: Vec<Operation>,
    /// Methods whose body is sent as the variables of a GraphQL document, with that document.
    pub graphql: Vec<(String, String)>,
    /// Methods that send bytes, with the media type of these.
    pub media_types: Vec<(String, String)>,
}

/// An operation, as a method of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its id in the contract.
    pub id: String,
    /// Its id without the words that all ids begin with: that of the client's method.
    pub name: String,
    /// The path that it stands at.
    pub path: String,
    /// The HTTP method, as the document has it.
    pub method: String,
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// Lowers a contract in canonical form. An error names the two schemas that would share one type name, or the two
/// operations that share one id.
pub fn lower(contract: &Value) -> Result<Lowered, String> {
    let mut lowering = Lowering::new(contract);
    let ids: Vec<&str> =
        each_operation(contract).filter_map(|(_, _, operation)| operation["operationId"].as_str()).collect();
    let prefix = shared_prefix(&ids);
    let mut paths = Map::new();
    let mut known = BTreeSet::new();
    let (mut own_operations, mut left_out) = (Vec::new(), Vec::new());
    let (mut graphql, mut media_types) = (Vec::new(), Vec::new());
    for (path, method, operation) in each_operation(contract) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let short = id.strip_prefix(prefix).unwrap_or(id);
        if !known.insert(id) {
            return Err(format!("two operations have the id `{id}`"));
        }
        let own = Operation { id: id.into(), name: short.into(), path: path.clone(), method: method.into() };
        if !CALLABLE.contains(&method) {
            left_out.push(own);
            continue;
        }
        own_operations.push(own);
        let own_name = ident(short, Prefix::Underscore);
        if let Some(document) = operation["x-graphql"]["document"].as_str() {
            graphql.push((own_name.clone(), document.to_owned()));
        }
        let (lowered, media_type) = lowering.operation(short, operation, &contract["paths"][path]["parameters"])?;
        media_types.extend(media_type.map(|media_type| (own_name, media_type)));
        let item = paths.entry(path.clone()).or_insert_with(|| object([]));
        item[method] = lowered;
    }
    lowering.name_shared(&mut paths);
    let types = lowering.components.keys().cloned().collect();
    let document = object([
        ("openapi", "3.0.3".into()),
        ("info", contract["info"].clone()),
        ("paths", paths.into()),
        ("components", object([("schemas", lowering.components.into())])),
    ]);
    let (enums, requests) = (lowering.enums, lowering.requests);
    Ok(Lowered { document, enums, types, requests, operations: own_operations, left_out, graphql, media_types })
}

/// Methods that a client can call: it has a function for each of these.
const CALLABLE: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

/// Path, method and operation. What a provider calls (`callbacks`, `webhooks`) is no method of a client.
fn each_operation(contract: &Value) -> impl Iterator<Item = (&String, &str, &Value)> {
    members(&contract["paths"])
        .flat_map(|(path, item)| operations(item).map(move |(method, operation)| (path, method, operation)))
}

/// The words that all operation ids begin with (`api_particulier_v2_`): the module says them already.
#[must_use]
pub fn shared_prefix<'a>(ids: &[&'a str]) -> &'a str {
    let Some(first) = ids.first() else { return "" };
    let ends = first.match_indices('_').map(|(at, _)| &first[..=at]);
    ends.rev().find(|head| ids.iter().all(|id| id.starts_with(head) && id.len() > head.len())).unwrap_or("")
}

/// References that may lead from one to the next, and schemas within each other.
const DEEPEST: usize = 200;
/// Bytes of the names of all types, each schema counted as a name of some length: what is sent is named after its
/// operation, so that schemas which refer to each other twice have types without end.
const MOST_BYTES: usize = 16 << 20;

/// The members of a JSON:API document: a scope opens what is below them, and they are there without it.
const ENVELOPE: [&str; 3] = ["data", "links", "meta"];

/// Which way a schema goes.
#[derive(Debug, Clone, Copy)]
enum Side {
    /// A client reads it: types that lose nothing, and refuse nothing. `masked` says that keys may be absent.
    Read { masked: bool },
    /// A caller builds it: types of its own, named after its operation.
    Sent,
}

/// Where references and lone parts of a schema end.
struct End<'a> {
    schema: Schema<'a>,
    /// The last reference on the way.
    reference: Option<&'a str>,
    /// Whether null is allowed anywhere on the way.
    is_nullable: bool,
}

struct Lowering<'a> {
    contract: &'a Value,
    /// Whether keys inside an answer may be absent.
    masked: bool,
    components: Map<String, Value>,
    enums: BTreeSet<String>,
    requests: BTreeSet<String>,
    /// Answers that may be equal.
    shared: Shared,
    /// Whether numbers and flags are texts: in a form.
    texts: bool,
    /// References that are being followed: a schema may contain itself.
    open: Vec<&'a str>,
    /// Schemas within schemas that are being lowered.
    depth: usize,
    /// Bytes that names of types may still take.
    bytes_left: usize,
    /// What references became, by whether keys may be absent: most components stand in many answers.
    done: HashMap<(&'a str, bool), Value>,
}

impl<'a> Lowering<'a> {
    fn new(contract: &'a Value) -> Self {
        Self {
            contract,
            masked: contract.get("x-graphql").is_none(),
            components: Map::new(),
            enums: BTreeSet::new(),
            requests: BTreeSet::new(),
            shared: Shared::default(),
            texts: false,
            open: Vec::new(),
            depth: 0,
            bytes_left: MOST_BYTES,
            done: HashMap::new(),
        }
    }

    /// The lowered operation; for a body of bytes that are not just any, also their media type.
    fn operation(
        &mut self,
        id: &str,
        operation: &'a Value,
        shared: &'a Value,
    ) -> Result<(Value, Option<String>), String> {
        let mut result = Map::new();
        result.insert("operationId".into(), id.into());
        for key in ["description", "summary", "deprecated"] {
            if let Some(value) = operation.get(key) {
                result.insert(key.into(), value.clone());
            }
        }
        result.insert("parameters".into(), self.parameters(operation, shared).into());
        let body = self.request(id, operation)?;
        let media_type = body.as_ref().and_then(|body| body.media_type.clone());
        if let Some(body) = body {
            result.insert("requestBody".into(), body.lowered);
        }

        let mut responses = Map::new();
        let (mut successes, mut errors): (Vec<(&str, &Value)>, Vec<&Value>) = (Vec::new(), Vec::new());
        for (status, response) in members(&operation["responses"]) {
            let response = self.target(response);
            match status.as_bytes().first() {
                Some(b'2') => successes.push((status, response)),
                Some(b'4' | b'5' | b'd') => {
                    errors.extend(json_schema(response).filter(|schema| !errors.contains(schema)));
                }
                // Where a redirect leads is a header's matter.
                _ => {}
            }
        }
        let content = match Success::of(successes.iter().map(|(_, response)| *response)) {
            Success::Json(schema) => {
                let schema = Schema::new(self.contract, schema);
                let side = Side::Read { masked: self.masked };
                json_content(self.schema(schema, &format!("{}Answer", pascal(id)), side)?)
            }
            Success::AnyJson => json_content(object([])),
            Success::Bytes => object([("application/octet-stream", object([]))]),
            Success::Nothing => object([]),
        };
        // A range takes every status that it covers: progenitor would write arms that are never reached.
        let range = successes.iter().any(|(status, _)| !status.bytes().all(|byte| byte.is_ascii_digit()));
        let statuses = if range { vec!["2XX"] } else { successes.iter().map(|(status, _)| *status).collect() };
        for status in statuses {
            responses.insert(status.to_owned(), object([("description", "".into()), ("content", content.clone())]));
        }
        let error = match errors[..] {
            [error] => {
                let error = Schema::new(self.contract, error);
                self.schema(error, &format!("{}Error", pascal(id)), Side::Read { masked: false })?
            }
            // Several forms: the caller gets the JSON as it is.
            _ => object([]),
        };
        // Ranges, not `default`: progenitor takes a default for one more success type.
        for range in ["4XX", "5XX"] {
            let content = json_content(error.clone());
            responses.insert(range.into(), object([("description", "".into()), ("content", content)]));
        }
        result.insert("responses".into(), responses.into());
        Ok((result.into(), media_type))
    }

    /// The parameters of an operation, and those of its path that it does not have itself.
    fn parameters(&self, operation: &'a Value, shared: &'a Value) -> Vec<Value> {
        let list = |parameters: &'a Value| {
            let all = parameters.as_array().into_iter().flatten().map(|one| self.target(one));
            all.filter(|parameter| parameter.is_object())
        };
        let own: Vec<&Value> = list(&operation["parameters"]).collect();
        let security = operation.get("security").unwrap_or(&self.contract["security"]);
        let is_own = |shared: &&Value| own.iter().any(|one| one["name"] == shared["name"] && one["in"] == shared["in"]);
        let shared = list(shared).filter(|parameter| !is_own(parameter));
        let all = own.iter().copied().chain(shared);
        // Credentials are the client's own matter: it sets them, never the caller.
        let sent = all.filter(|parameter| !self.is_credential(parameter, security) && parameter["in"] != "cookie");
        sent.map(|parameter| self.parameter(parameter)).collect()
    }

    /// Whether a parameter is one that the client's credentials send: `Authorization`, or the header of a key that the operation
    /// asks for. An operation may take the key of another one as a parameter like any other.
    fn is_credential(&self, parameter: &Value, security: &Value) -> bool {
        let Some(name) = parameter["name"].as_str() else { return false };
        let schemes = &self.contract["components"]["securitySchemes"];
        let mut used = security.as_array().into_iter().flatten().flat_map(members).map(|(scheme, _)| &schemes[scheme]);
        name.eq_ignore_ascii_case("authorization")
            || used.any(|scheme| {
                scheme["type"] == "apiKey"
                    && scheme["in"] == "header"
                    && scheme["name"].as_str().is_some_and(|header| header.eq_ignore_ascii_case(name))
            })
    }

    fn parameter(&self, parameter: &'a Value) -> Value {
        let text = |schema: Schema<'a>| {
            let scalar = scalar(self.end(schema).schema);
            if scalar.get("type").is_none() { typed("string") } else { scalar }
        };
        let schema = self.end(Schema::new(self.contract, &parameter["schema"])).schema;
        let schema = match Kind::of(schema) {
            Kind::List(items) => list(items.map_or_else(|| typed("string"), text)),
            _ => text(schema),
        };
        with(parameter.clone(), "schema", schema)
    }

    /// Follows references and lone parts to the schema that says of which type the values are.
    fn end(&self, schema: Schema<'a>) -> End<'a> {
        let mut end = End { schema, reference: None, is_nullable: schema.own_nullable() };
        for _ in 0..DEEPEST {
            end.schema = match Kind::of(end.schema) {
                Kind::Reference(target) => {
                    end.reference = Some(target);
                    self.at(target)
                }
                Kind::Only(only) => only,
                _ => break,
            };
            end.is_nullable |= end.schema.own_nullable();
        }
        end
    }

    /// What a reference leads to; everything else is itself.
    fn target(&self, node: &'a Value) -> &'a Value {
        let followed = follow(self.contract, node);
        if followed.stuck.is_some() { &Value::Null } else { followed.node }
    }

    /// The schema that a reference names; one that leads nowhere says nothing.
    fn at(&self, reference: &str) -> Schema<'a> {
        Schema::new(self.contract, lookup(self.contract, reference).unwrap_or(&Value::Null))
    }

    /// Lowers a schema; objects, and enums that are read, become components named `name`.
    fn schema(&mut self, schema: Schema<'a>, name: &str, side: Side) -> Result<Value, String> {
        self.enter(name)?;
        let lowered = match (Kind::of(schema), side) {
            (Kind::Reference(target), Side::Read { masked }) => self.reference(target, masked)?,
            (Kind::Reference(target), Side::Sent) => self.sent_reference(target, name)?,
            (Kind::Object, _) => self.object(schema, name, side)?,
            (Kind::Enum(values), Side::Read { .. }) => self.known_values(schema, name, values)?,
            (Kind::List(Some(items)), _) => list(self.schema(items, &format!("{name}Item"), side)?),
            (Kind::List(None), _) => list(object([])),
            (Kind::Map, _) => map(),
            (Kind::Only(only), _) => self.schema(only, name, side)?,
            // All of a form is text on the wire.
            (Kind::Enum(_) | Kind::Scalar, _) if self.texts => typed("string"),
            (Kind::Enum(_) | Kind::Scalar, _) => scalar(schema),
        };
        self.depth -= 1;
        Ok(nullable(schema.own_nullable(), lowered))
    }

    /// An object, which becomes a component.
    fn object(&mut self, schema: Schema<'a>, name: &str, side: Side) -> Result<Value, String> {
        // What is only written is in no answer, and what is only read in no request, whatever is required.
        let other_way = if matches!(side, Side::Sent) { "readOnly" } else { "writeOnly" };
        let stated: BTreeSet<&str> = schema.own_required().collect();
        let (mut properties, mut required) = (Map::new(), BTreeSet::new());
        for (property, inner) in schema.own_properties() {
            let mut lowered = self.schema(inner, &format!("{name}{}", pascal(property)), side)?;
            let comes = stated.contains(property) && inner.keyword(other_way) != true;
            let is_required = match side {
                Side::Sent => comes,
                // Below `data` of JSON:API a scope may be missing. A key that may be null counts as required for serde: that keeps its null.
                Side::Read { masked } => {
                    lowered["nullable"] == true || comes && (!masked || ENVELOPE.contains(&property))
                }
            };
            if is_required {
                required.insert(property);
            } else if ["array", "object"].iter().any(|kind| lowered["type"] == *kind) {
                // An absent list or map is not an empty one: "you may not know" is not "there are none".
                lowered["nullable"] = true.into();
            }
            if matches!(side, Side::Sent)
                && lowered.get("$ref").is_none()
                && let Some(text) = request::said(inner)
            {
                lowered = with(lowered, "description", text.into());
            }
            properties.insert(property.to_owned(), lowered);
        }
        let mut lowered = with(typed("object"), "properties", properties.into());
        if !required.is_empty() {
            lowered = with(lowered, "required", required.into_iter().collect());
        }
        if let Some(description) = schema.node().get("description") {
            lowered = with(lowered, "description", description.clone());
        }
        if let Side::Sent = side {
            self.requests.insert(name.to_owned());
            return self.component(name, lowered);
        }
        self.answered(schema, name, with(lowered, "additionalProperties", true.into()))
    }

    /// Begins with a schema inside of another one, or says why no client can have a type for it.
    fn enter(&mut self, name: &str) -> Result<(), String> {
        self.depth += 1;
        self.bytes_left = self.bytes_left.saturating_sub(name.len() + 100);
        if self.bytes_left == 0 {
            return Err(format!("the types of a client would take more than {} MiB", MOST_BYTES >> 20));
        }
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} schemas stand within each other"));
        }
        Ok(())
    }

    /// Puts a component under its name. The same name for another shape is the defect that this module exists against.
    fn component(&mut self, name: &str, schema: Value) -> Result<Value, String> {
        match self.components.get(name) {
            Some(other) if *other != schema => Err(format!("two shapes claim the type name `{name}`")),
            _ => {
                self.components.insert(name.to_owned(), schema);
                Ok(reference(name))
            }
        }
    }
}

/// A lowered schema that may be null, if the contract says so of it. Any JSON may be null already.
fn nullable(is_nullable: bool, lowered: Value) -> Value {
    if !is_nullable || lowered.as_object().is_some_and(Map::is_empty) {
        lowered
    } else if lowered.get("$ref").is_some() {
        object([("nullable", true.into()), ("allOf", Value::Array(vec![lowered]))])
    } else {
        with(lowered, "nullable", true.into())
    }
}

/// A schema of one type.
fn typed(kind: &str) -> Value {
    object([("type", kind.into())])
}

fn list(items: Value) -> Value {
    object([("type", "array".into()), ("items", items)])
}

/// Any object.
fn map() -> Value {
    object([("type", "object".into()), ("additionalProperties", true.into())])
}

fn json_content(schema: Value) -> Value {
    object([("application/json", object([("schema", schema)]))])
}

fn reference(name: &str) -> Value {
    object([("$ref", format!("#/components/schemas/{name}").into())])
}

/// An object of these members. `json!` would copy each of them.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>().into()
}

/// A member more, or another one. What is no object has none.
fn with(mut value: Value, key: &str, member: Value) -> Value {
    if let Some(map) = value.as_object_mut() {
        map.insert(key.to_owned(), member);
    }
    value
}

#[cfg(test)]
mod tests;
