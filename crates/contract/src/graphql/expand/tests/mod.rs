//! Small schemas of our own, one rule of the derivation at a time.

mod answers;
mod contract;
mod refusals;
mod variables;

use super::{Problem, endpoints, expand, operation_for};
use serde_json::{Value, json};

/// A contract of a library, whose books and people are asked at one path.
const SCHEMA: &str = r#"
schema { query: Reads mutation: Writes }
type Reads { me: Person book(id: Int!): Book! books(kind: Kind, limit: Int = 10): [Book!] any: [Thing] thing: Item shelf: Shelf }
type Writes { shelves: Shelves lend(bookId: Int!, until: Day, terms: Terms, states: [State]!): Loan }
type Shelves { put(bookId: Int!, state: State!, tags: [String!]): Shelf }
type Person implements Named { id: Int! name: String! email: Mail born: Day kind: Kind loans: [Loan]! tags: [[String!]] friend: Person }
type Book implements Named { id: Int! name: String! pages: Int price: Float owner: Person state: State! extra: Any secret: Odd }
type Loan { id: ID! book: Book! open: Boolean! seen: Stamp! until: Day }
type Shelf implements Named { name: String! place: String! owner: Person! }
interface Named { name: String! }
interface Item { name: String! }
union Thing = Person | Book
enum Kind { NOVEL POEM }
input Terms { days: Int! notes: [Note!] fee: Float = 1.5 }
input Note { text: String! again: Note }
scalar Any
scalar Day
scalar Mail
scalar Odd
scalar Stamp
"""
The state of a book.
- "good": as new
- "worn": still whole
"""
scalar State
"#;

/// Of the staff alone.
const STAFF: &str = "schema { query: StaffReads } type StaffReads { wages(year: Int!): Int }";

fn document() -> Value {
    let errors = json!({"type": "array", "items": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}});
    let answer =
        |schema: Value| json!({"description": "The answer.", "content": {"application/json": {"schema": schema}}});
    let graphql = json!({"type": "object", "properties": {"data": {}, "errors": errors}});
    let many = json!({"oneOf": [{"$ref": "#/components/schemas/Answer"}, {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}}]});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Library", "version": "1"},
        "x-graphql": [{"path": "/graphql", "schema": "schema.graphql", "edition": 2016}, {"path": "/staff", "schema": "staff.graphql"}],
        "paths": {
            "/graphql": {"post": {
                "operationId": "graphql",
                "security": [{"token": []}],
                "parameters": [{"in": "header", "name": "X-Branch", "schema": {"type": "string"}}],
                "responses": {"200": answer(many), "400": {"$ref": "#/components/responses/Refused"}},
            }},
            "/staff": {"post": {"operationId": "staff", "responses": {"200": {"$ref": "#/components/responses/Answered"}}}},
        },
        "components": {
            "responses": {"Refused": answer(json!({"type": "object"})), "Answered": answer(graphql.clone())},
            "schemas": {
                "Answer": graphql,
                "Any": {},
                "Day": {"type": "string", "format": "date"},
                "Mail": {"type": "string"},
                "Stamp": {"type": "integer", "format": "int64"},
            },
        },
    })
}

const SCHEMAS: [(&str, &str); 2] = [("schema.graphql", SCHEMA), ("staff.graphql", STAFF)];

/// The operation of a query at `/graphql`.
fn asked(query: &str) -> Result<Value, Vec<Problem>> {
    let contract = document();
    let document = operation_for(&contract, &endpoints(&contract, &SCHEMAS)?, "/graphql", query, None)?;
    Ok(document["paths"]["/graphql#query"]["post"].clone())
}

/// What the answer's `data` is, with the type that each value is of as its title.
#[track_caller]
fn titled(query: &str) -> Value {
    let operation = asked(query).expect("the schema answers it");
    operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"].clone()
}

/// What the answer's `data` is.
#[track_caller]
fn data(query: &str) -> Value {
    fn untitled(schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                members.remove("title");
                members.values_mut().for_each(untitled);
            }
            Value::Array(parts) => parts.iter_mut().for_each(untitled),
            _ => {}
        }
    }
    let mut data = titled(query);
    untitled(&mut data);
    data
}

/// The variables of a query.
#[track_caller]
fn given(query: &str) -> Value {
    let operation = asked(query).expect("the schema answers it");
    operation["requestBody"]["content"]["application/json"]["schema"].clone()
}

/// What is wrong with a query, a line each.
fn refused(query: &str) -> Vec<String> {
    asked(query).expect_err("it must be refused").iter().map(ToString::to_string).collect()
}

/// The document with operations of these files.
fn expanded(operations: &[(&str, &str)]) -> Result<Value, String> {
    expand(document(), &SCHEMAS, operations).map_err(|error| error.to_string())
}
