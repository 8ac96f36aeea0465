//! A document in several files, as one document: what its references to other files lead to is put into it.
//!
//! A schema becomes a component, since schemas may contain themselves; everything else (path items, parameters, answers, sections)
//! takes the place of its reference. References over the network are followed only where the document itself is on the web, and
//! only to its own host. What could not be read stays a reference, so that whoever compares the document finds it.

use crate::schema::lookup;
use crate::subschemas::{Holds, subschemas};
use crate::tree::{self, Keep};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Values that references outside of schemas may copy into a document.
const MOST_COPIED: usize = 500_000;
/// Values within values, in one document.
const DEEPEST: usize = 200;
/// References that lead to each other, one within the other.
const MOST_NESTED: usize = 64;

/// The files beside a document.
pub trait Files {
    /// The bytes of a file, by its path from the folder of the document, with `/` between its parts. An error is the reason.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String>;

    /// Where the document is on the web. Then a path is a relative URL, and URLs of the same host name files too.
    fn url(&self) -> Option<&Url> {
        None
    }
}

/// What an object of a document is: it decides which of its members are objects with references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    MediaType,
    Encoding,
    Callback,
    Schema,
    /// An object that holds no others: a link, an example, a security scheme.
    Leaf,
}

/// How such objects are held.
#[derive(Debug, Clone, Copy)]
enum Held {
    /// By itself, or in a list.
    One(Kind),
    /// By name.
    Named(Kind),
    /// Schemas by the names that the document gives them.
    Section,
    /// It is data, or prose.
    Not,
}

impl Kind {
    fn member(self, key: &str) -> Held {
        use Held::{Named, Not, One, Section};
        match (self, key) {
            (Self::Callback | Self::PathItem, key) if key.starts_with("x-") => Not,
            (Self::PathItem, "servers" | "summary" | "description") => Not,
            (Self::Document, "components") => One(Self::Components),
            (Self::Document, "paths" | "webhooks") | (Self::Components, "pathItems") => Named(Self::PathItem),
            (Self::Callback, _) => One(Self::PathItem),
            (Self::PathItem | Self::Operation, "parameters") => One(Self::Parameter),
            (Self::Document | Self::Components, "parameters")
            | (Self::Components | Self::Response | Self::Encoding, "headers") => Named(Self::Parameter),
            (Self::PathItem, "additionalOperations") => Named(Self::Operation),
            (Self::PathItem, _) => One(Self::Operation),
            (Self::Operation, "requestBody") => One(Self::Body),
            (Self::Components, "requestBodies") => Named(Self::Body),
            (Self::Document | Self::Components | Self::Operation, "responses") => Named(Self::Response),
            (Self::Components | Self::Operation, "callbacks") => Named(Self::Callback),
            (Self::Parameter | Self::Body | Self::Response, "content") | (Self::Components, "mediaTypes") => {
                Named(Self::MediaType)
            }
            (Self::MediaType, "encoding") => Named(Self::Encoding),
            (Self::Components, "securitySchemes" | "examples" | "links")
            | (Self::Response, "links")
            | (Self::Document, "securityDefinitions") => Named(Self::Leaf),
            (Self::Document, "definitions") | (Self::Components, "schemas") => Section,
            (Self::Parameter | Self::Response | Self::MediaType, "schema")
            | (Self::Parameter, "items")
            | (Self::MediaType, "itemSchema") => One(Self::Schema),
            (Self::Schema, keyword) => match subschemas(keyword) {
                Some((Holds::Named, _)) => Named(Self::Schema),
                Some(_) => One(Self::Schema),
                None => Not,
            },
            _ => Not,
        }
    }
}

impl Held {
    fn member(self, key: &str) -> Self {
        match self {
            Self::One(kind) => kind.member(key),
            Self::Named(kind) => Self::One(kind),
            Self::Section => Self::One(Kind::Schema),
            Self::Not => Self::Not,
        }
    }

    fn leads_to_section(self, key: &str) -> bool {
        matches!(self.member(key), Self::Section | Self::One(Kind::Components))
    }

    /// Whether no version of `OpenAPI` has references there, so that nobody else follows them.
    fn is_unusual(self) -> bool {
        matches!(
            self,
            Self::Section
                | Self::Named(_)
                | Self::One(Kind::Operation | Kind::MediaType | Kind::Encoding | Kind::Components)
        )
    }
}

/// Where a reference leads.
enum Target {
    /// Where it says, in the document itself.
    Here,
    /// Into the document, from another file.
    Document(String),
    /// To what a file has at a JSON pointer.
    File(At),
    /// Out of reach: another host, or a schema that has its own identifier.
    Elsewhere,
}

/// A JSON pointer in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    path: String,
    pointer: String,
}

impl At {
    fn reference(&self) -> String {
        if self.pointer.is_empty() { self.path.clone() } else { format!("{}#{}", self.path, self.pointer) }
    }
}

/// Puts what the references to other files lead to into a document, which is the file `name`. Returns what could not be read.
pub fn bundle(document: &mut Value, name: &str, files: &mut dyn Files) -> Vec<String> {
    let mut bundler = Bundler::new(document, name, files);
    if has_unusual(document, Held::One(Kind::Document)) {
        bundler.loaded.insert(String::new(), Some(document.clone()));
    }
    bundler.walk(document, Held::One(Kind::Document), "", 0);
    let mut schemas = Map::new();
    // Each may lead to others.
    while let Some(at) = bundler.waiting.pop() {
        let Some(mut schema) = bundler.target(&at).cloned() else { continue };
        bundler.walk(&mut schema, Held::One(Kind::Schema), &at.path, 0);
        schemas.insert(bundler.names[&at].clone(), schema);
    }
    let (section, notes) = (bundler.section, bundler.notes);
    if schemas.is_empty() {
        return notes;
    }
    let mut holder = &mut *document;
    for key in section {
        let Some(object) = holder.as_object_mut() else { return notes };
        holder = object.entry(*key).or_insert_with(|| Map::new().into());
    }
    if let Some(object) = holder.as_object_mut() {
        object.extend(schemas);
    }
    notes
}

struct Bundler<'f> {
    files: &'f mut dyn Files,
    /// What the document's own file is called: other files may refer to it.
    own: String,
    /// Where its schemas have their names.
    section: &'static [&'static str],
    loaded: BTreeMap<String, Option<Value>>,
    /// The component of each schema of another file.
    names: BTreeMap<At, String>,
    taken: BTreeSet<String>,
    waiting: Vec<At>,
    /// The references that are followed now.
    within: Vec<At>,
    copied: usize,
    /// The last parts of the identifiers that schemas have: a reference to one of them is not a file.
    identifiers: BTreeSet<String>,
    notes: Vec<String>,
}

impl<'f> Bundler<'f> {
    fn new(document: &Value, name: &str, files: &'f mut dyn Files) -> Self {
        let mut identifiers = BTreeSet::new();
        collect_identifiers(document, &mut identifiers);
        Self {
            files,
            own: last(name).to_owned(),
            section: if document.get("swagger").is_some() { &["definitions"] } else { &["components", "schemas"] },
            loaded: BTreeMap::new(),
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            waiting: Vec::new(),
            within: Vec::new(),
            copied: 0,
            identifiers,
            notes: Vec::new(),
        }
    }

    /// Learns the names of the document's own schemas. One that is a reference to a file, and nothing else, keeps its name.
    fn name_components(&mut self, schemas: &Map<String, Value>, base: &str) {
        self.taken.extend(schemas.keys().cloned());
        for (name, schema) in schemas {
            let reference = schema.get("$ref").and_then(Value::as_str);
            let is_alone = schema.as_object().is_some_and(|schema| schema.len() == 1);
            if let Some(Target::File(at)) =
                reference.filter(|_| is_alone).map(|reference| self.resolve(reference, base))
                && !self.names.contains_key(&at)
                && self.target(&at).is_some()
            {
                self.names.insert(at.clone(), name.clone());
                self.waiting.push(at);
            }
        }
    }

    fn walk(&mut self, node: &mut Value, held: Held, base: &str, depth: usize) {
        let (kind, is_map) = match held {
            Held::One(kind) => (kind, false),
            Held::Named(kind) => (kind, true),
            Held::Section => (Kind::Schema, true),
            Held::Not => return,
        };
        if let Value::Array(items) = node {
            return items.iter_mut().for_each(|item| self.walk(item, held, base, depth + 1));
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            match self.resolve(reference, base) {
                Target::Here if held.is_unusual() => {
                    let at = At { path: String::new(), pointer: reference.trim_start_matches('#').to_owned() };
                    return self.replace(node, held, base, &at, depth);
                }
                Target::Here | Target::Elsewhere => {}
                Target::Document(reference) => node["$ref"] = reference.into(),
                Target::File(at) if kind == Kind::Schema && !is_map => {
                    node["$ref"] = self.component(&at).unwrap_or_else(|| at.reference().into());
                }
                Target::File(at) => return self.replace(node, held, base, &at, depth),
            }
        }
        let Some(object) = node.as_object_mut() else { return };
        if matches!(held, Held::Section) {
            self.name_components(object, base);
        }
        // The document's own schemas come first: no schema of another file may get the name of one.
        for is_first in [true, false] {
            for (key, member) in object.iter_mut().filter(|(key, _)| held.leads_to_section(key) == is_first) {
                self.walk(member, held.member(key), base, depth + 1);
                if kind == Kind::Schema && key == "discriminator" {
                    self.map_subtypes(member, base);
                }
            }
        }
    }

    /// The subtypes of a discriminator are named as references are, or by the name of a component.
    fn map_subtypes(&mut self, discriminator: &mut Value, base: &str) {
        let mapping = discriminator.get_mut("mapping").and_then(Value::as_object_mut);
        for subtype in mapping.into_iter().flat_map(Map::values_mut) {
            let Some(reference) = subtype.as_str().filter(|text| text.contains(['.', '#', '/'])) else { continue };
            match self.resolve(reference, base) {
                Target::Document(reference) => *subtype = reference.into(),
                Target::File(at) => {
                    if let Some(component) = self.component(&at) {
                        *subtype = component;
                    }
                }
                Target::Here | Target::Elsewhere => {}
            }
        }
    }

    /// The reference to the component that a schema of another file becomes.
    fn component(&mut self, at: &At) -> Option<Value> {
        if !self.names.contains_key(at) {
            self.target(at)?;
            let name = self.free_name(at);
            self.taken.insert(name.clone());
            self.names.insert(at.clone(), name);
            self.waiting.push(at.clone());
        }
        Some(format!("#/{}/{}", self.section.join("/"), self.names[at]).into())
    }

    /// What the schema is called in its file, or its file; with its folders where that is another's name.
    fn free_name(&self, at: &At) -> String {
        let plain = |text: &str| -> String {
            let letter =
                |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
            text.chars().map(letter).collect()
        };
        let stem = |path: &str| path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned();
        let short = if at.pointer.is_empty() { stem(last(&at.path)) } else { last(&at.pointer).to_owned() };
        let long = format!("{}{}", stem(&at.path), at.pointer);
        let numbered = (2..).map(|number| format!("{}_{number}", plain(&long)));
        let mut names = [plain(&short), plain(&long)].into_iter().chain(numbered);
        names.find(|name| !self.taken.contains(name)).unwrap_or_default()
    }

    /// Puts what a reference leads to in its place. What stands beside a reference counts more.
    fn replace(&mut self, node: &mut Value, held: Held, base: &str, at: &At, depth: usize) {
        let target = self.target(at).cloned();
        let reason = match &target {
            None => None,
            Some(_) if self.within.contains(at) => Some("it leads back to itself"),
            Some(_) if self.within.len() == MOST_NESTED => Some("too many references lead to each other"),
            Some(target) => {
                let (values, height) = size(target);
                self.copied += values;
                let is_much = self.copied > MOST_COPIED || depth + height > DEEPEST;
                is_much.then_some("the document would have too many values, or too many within each other")
            }
        };
        let Some(mut target) = target.filter(|_| reason.is_none()) else {
            if let Some(reason) = reason {
                self.notes.push(format!("`{}` was not read: {reason}", at.reference()));
            }
            node["$ref"] = at.reference().into();
            return;
        };
        if let Some(object) = node.as_object_mut() {
            object.remove("$ref");
        }
        self.walk(node, held, base, depth);
        self.within.push(at.clone());
        self.walk(&mut target, held, &at.path, depth);
        self.within.pop();
        if let (Some(object), Value::Object(beside)) = (target.as_object_mut(), node.take()) {
            object.extend(beside);
        }
        *node = target;
    }

    /// Where a reference in the file `base` leads; the document itself is the file without a name.
    fn resolve(&self, reference: &str, base: &str) -> Target {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        if file.is_empty() {
            return match base {
                "" => Target::Here,
                _ => Target::File(At { path: base.to_owned(), pointer: decoded(pointer) }),
            };
        }
        let scheme = file.split_once(':').map(|(scheme, _)| scheme);
        let has_scheme =
            scheme.is_some_and(|scheme| scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let has_host = has_scheme || file.starts_with("//");
        if self.identifiers.contains(last(file)) {
            return Target::Elsewhere;
        }
        // None where it is on another host.
        let path = self.files.url().and_then(|root| root.make_relative(&root.join(base).ok()?.join(file).ok()?));
        let Some(path) = path.or_else(|| (!has_host).then(|| join(base, &decoded(file)))) else {
            return Target::Elsewhere;
        };
        if path == self.own || path.is_empty() {
            return Target::Document(format!("#{pointer}"));
        }
        Target::File(At { path, pointer: decoded(pointer) })
    }

    /// What a file has there. A file is read once, and what is wrong with it noted once.
    fn target(&mut self, at: &At) -> Option<&Value> {
        if !self.loaded.contains_key(&at.path) {
            let read = self.files.read(&at.path).and_then(|bytes| {
                let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
                tree::parse(text, Keep::Facts).map_err(|error| error.to_string())
            });
            let value = match read {
                Ok(tree) => {
                    self.notes.extend(tree.notes.iter().map(|note| format!("{}: {note}", at.path)));
                    Some(tree.value)
                }
                Err(reason) => {
                    self.notes.push(format!("`{}` was not read: {reason}", at.path));
                    None
                }
            };
            self.loaded.insert(at.path.clone(), value);
        }
        lookup(self.loaded.get(&at.path)?.as_ref()?, &format!("#{}", at.pointer))
    }
}

/// Whether the document has a reference to itself where nobody else follows one.
fn has_unusual(node: &Value, held: Held) -> bool {
    match node {
        _ if matches!(held, Held::Not) => false,
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            held.is_unusual() && reference.is_some_and(|reference| reference.starts_with('#'))
                || object.iter().any(|(key, member)| has_unusual(member, held.member(key)))
        }
        Value::Array(items) => items.iter().any(|item| has_unusual(item, held)),
        _ => false,
    }
}

fn collect_identifiers(node: &Value, found: &mut BTreeSet<String>) {
    match node {
        Value::Object(object) => {
            found.extend(object.get("$id").and_then(Value::as_str).map(|id| last(id).to_owned()));
            object.values().for_each(|member| collect_identifiers(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_identifiers(item, found)),
        _ => {}
    }
}

/// The values of a tree, and how many of them are within each other.
fn size(value: &Value) -> (usize, usize) {
    let together = |(values, height): (usize, usize), inner: &Value| {
        let (more, inner) = size(inner);
        (values + more, height.max(inner + 1))
    };
    match value {
        Value::Object(object) => object.values().fold((1, 1), together),
        Value::Array(items) => items.iter().fold((1, 1), together),
        _ => (1, 1),
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path of a file that another file names, from the folder of the document.
fn join(base: &str, file: &str) -> String {
    let file = file.replace('\\', "/");
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> =
        if file.starts_with('/') { vec![""] } else { folder.split('/').filter(|part| !part.is_empty()).collect() };
    for part in file.split('/').filter(|part| !part.is_empty()) {
        match (part, parts.last()) {
            (".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Files, bundle, join};
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    #[derive(Default)]
    struct Folder {
        files: BTreeMap<&'static str, Value>,
        read: Vec<String>,
    }

    impl Files for Folder {
        fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
            self.read.push(path.to_owned());
            self.files.get(path).map(|value| value.to_string().into_bytes()).ok_or_else(|| "no such file".to_owned())
        }
    }

    fn bundled(document: Value, files: &[(&'static str, Value)]) -> (Value, Vec<String>, Vec<String>) {
        let mut folder = Folder { files: files.iter().cloned().collect(), ..Folder::default() };
        let mut document = document;
        let notes = bundle(&mut document, "api/openapi.yml", &mut folder);
        (document, notes, folder.read)
    }

    #[test]
    fn a_schema_of_another_file_becomes_a_component() {
        let boat = json!({"properties": {"mast": {"$ref": "parts/mast.json"}, "next": {"$ref": "#"}, "port": {"$ref": "openapi.yml#/components/schemas/Port"}}});
        let mast = json!({"definitions": {"m": {"type": "integer"}}, "$ref": "#/definitions/m"});
        let answer = json!({"content": {"application/json": {"schema": {"$ref": "./boat.json"}}}});
        let document = json!({"openapi": "3.0.3", "components": {"schemas": {"Port": {"type": "string"}, "boat": {}}},
            "paths": {"/b": {"get": {"responses": {"200": answer}}}}});
        let (document, notes, read) = bundled(document, &[("boat.json", boat), ("parts/mast.json", mast)]);
        assert!(notes.is_empty(), "{notes:?}");
        assert_eq!(read, ["boat.json", "parts/mast.json"], "each is read once");
        let schemas = &document["components"]["schemas"];
        // `boat` is the name of another one here.
        assert_eq!(
            document["paths"]["/b"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/boat_2"
        );
        assert_eq!(schemas["boat_2"]["properties"]["next"]["$ref"], "#/components/schemas/boat_2");
        assert_eq!(schemas["boat_2"]["properties"]["port"]["$ref"], "#/components/schemas/Port");
        assert_eq!(schemas["mast"]["$ref"], "#/components/schemas/m");
        assert_eq!(schemas["m"], json!({"type": "integer"}));
    }

    #[test]
    fn everything_else_takes_the_place_of_its_reference() {
        let document = json!({"openapi": "3.1.0", "paths": {
            "/a": {"$ref": "paths/a.yml", "summary": "beside"},
            "/b": {"get": {"$ref": "paths/a.yml#/get"}},
            "/c": {"get": {"parameters": [{"$ref": "parameters.yml#/page"}], "responses": {"$ref": "responses.yml"}}}},
            "components": {"schemas": {"$ref": "models.yml"}}});
        let operation =
            json!({"requestBody": {"$ref": "../bodies.yml#/one"}, "responses": {"200": {"description": "-"}}});
        let (document, notes, _) = bundled(
            document,
            &[
                ("paths/a.yml", json!({"get": operation})),
                (
                    "bodies.yml",
                    json!({"one": {"content": {"$ref": "#/content"}}, "content": {"text/csv": {"schema": {"$ref": "models.yml#/Row"}}}}),
                ),
                ("parameters.yml", json!({"page": {"name": "page", "in": "query", "schema": {"type": "integer"}}})),
                ("responses.yml", json!({"204": {"description": "-"}})),
                ("models.yml", json!({"Row": {"type": "string"}})),
            ],
        );
        assert!(notes.is_empty(), "{notes:?}");
        for path in ["/a", "/b"] {
            let schema = &document["paths"][path]["get"]["requestBody"]["content"]["text/csv"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/models_Row", "{document:#}");
        }
        assert_eq!(document["paths"]["/a"]["summary"], "beside");
        assert_eq!(document["paths"]["/c"]["get"]["parameters"][0]["name"], "page");
        assert!(document["paths"]["/c"]["get"]["responses"]["204"].is_object());
        assert_eq!(document["components"]["schemas"]["Row"], json!({"type": "string"}));
    }

    #[test]
    fn a_component_that_is_a_file_keeps_its_name() {
        let document = json!({"swagger": "2.0", "definitions": {"Boat": {"$ref": "b.json"}},
            "paths": {"/b": {"get": {"responses": {"200": {"schema": {"$ref": "b.json"}}}}}}});
        let (document, _, _) = bundled(document, &[("b.json", json!({"discriminator": {"mapping": {"a": "b.json"}}}))]);
        assert_eq!(document["paths"]["/b"]["get"]["responses"]["200"]["schema"]["$ref"], "#/definitions/Boat");
        assert_eq!(document["definitions"]["Boat"]["discriminator"]["mapping"]["a"], "#/definitions/Boat");
    }

    #[test]
    fn no_schema_of_a_file_gets_the_name_of_a_component_that_is_in_another_file() {
        let answer = json!({"content": {"text/csv": {"schema": {"$ref": "other.yml#/Row"}}}});
        let document = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": answer}}}},
            "components": {"$ref": "components.yml"}});
        let (document, notes, _) = bundled(
            document,
            &[
                (
                    "components.yml",
                    json!({"responses": {"A": {"content": {"a/b": {"schema": {"$ref": "other.yml#/Row"}}}}},
                    "schemas": {"$ref": "models.yml"}}),
                ),
                ("models.yml", json!({"Row": {"type": "string"}, "Kept": {"$ref": "kept.json"}})),
                ("kept.json", json!({"type": "boolean"})),
                ("other.yml", json!({"Row": {"type": "integer"}})),
            ],
        );
        assert!(notes.is_empty(), "{notes:?}");
        let schemas = json!({"Row": {"type": "string"}, "Kept": {"type": "boolean"}, "other_Row": {"type": "integer"}});
        assert_eq!(document["components"]["schemas"], schemas);
        let schema = &document["paths"]["/a"]["get"]["responses"]["200"]["content"]["text/csv"]["schema"]["$ref"];
        assert_eq!(schema, "#/components/schemas/other_Row");
    }

    #[test]
    fn what_cannot_be_read_stays_a_reference_and_is_noted_once() {
        let schema = json!({"$ref": "none.json#/a"});
        let document = json!({"openapi": "3.0.3", "components": {"schemas": {
            "A": schema, "B": {"items": schema}, "C": {"$ref": "https://example.com/c.json"}, "D": {"$ref": "there.json#/not"}}}});
        let (document, notes, _) = bundled(document, &[("there.json", json!({"$ref": "#/not"}))]);
        assert_eq!(notes, ["`none.json` was not read: no such file"]);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["A"]["$ref"], "none.json#/a");
        assert_eq!(schemas["C"]["$ref"], "https://example.com/c.json");
        assert_eq!(schemas["D"]["$ref"], "there.json#/not");
    }

    #[test]
    fn sections_of_the_document_itself_are_put_in_their_place() {
        let operation = json!({"responses": {"200": {"content": {"$ref": "#/components/x-contents/a"}}}});
        let document = json!({"openapi": "3.0.3",
            "paths": {"/a": {"get": operation, "put": {"$ref": "#/paths/~1a/get"}}, "/b": {"get": {"responses": {"$ref": "#/none"}}}},
            "components": {"x-contents": {"a": {"text/csv": {"schema": {"properties": {"$ref": "#/components/x-properties"}}}}},
                "x-properties": {"a": {"type": "string"}}}});
        let (document, notes, _) = bundled(document, &[]);
        assert!(notes.is_empty(), "{notes:?}");
        for method in ["get", "put"] {
            let content = &document["paths"]["/a"][method]["responses"]["200"]["content"];
            assert_eq!(content["text/csv"]["schema"]["properties"], json!({"a": {"type": "string"}}), "{method}");
        }
        assert_eq!(document["paths"]["/b"]["get"]["responses"]["$ref"], "#/none");
    }

    #[test]
    fn references_that_lead_round_end() {
        let document = json!({"openapi": "3.0.3", "paths": {"/a": {"$ref": "a.json"}}});
        let (document, notes, _) =
            bundled(document, &[("a.json", json!({"$ref": "b.json"})), ("b.json", json!({"$ref": "a.json"}))]);
        assert_eq!(document["paths"]["/a"]["$ref"], "a.json");
        assert_eq!(notes, ["`a.json` was not read: it leads back to itself"]);
    }

    #[test]
    fn files_that_multiply_or_nest_without_end_are_bounded() {
        let names: Vec<&'static str> = (0..40).map(|at| &*format!("{at}.json").leak()).collect();
        let document = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": {"content": {"$ref": "0.json"}}}}}}});
        for (keys, text) in [(&["a", "b"][..], "too many values"), (&["a"], "too many")] {
            let files: Vec<(&'static str, Value)> = names
                .iter()
                .enumerate()
                .map(|(at, name)| {
                    let next = json!({"content": {"$ref": format!("{}.json", at + 1)}});
                    let headers: serde_json::Map<String, Value> =
                        keys.iter().map(|key| ((*key).to_owned(), next.clone())).collect();
                    (*name, json!({"text/csv": {"encoding": {"a": {"headers": headers}}}}))
                })
                .collect();
            let (document, notes, _) = bundled(document.clone(), &files);
            assert!(notes.iter().any(|note| note.contains(text)), "{notes:?}");
            assert!(document.to_string().len() < 50_000_000);
        }
    }

    #[test]
    fn examples_are_data() {
        let example = json!({"$ref": "a.json"});
        let document = json!({"openapi": "3.0.3", "components": {"schemas": {"A": {"example": example, "enum": [example], "x-a": example}}}});
        let (after, notes, read) = bundled(document.clone(), &[]);
        assert_eq!((after, notes.len(), read.len()), (document, 0, 0));
    }

    #[test]
    fn paths_are_from_the_folder_of_the_document() {
        for (base, file, path) in [
            ("", "./a.yml", "a.yml"),
            ("a/b.yml", "c.yml", "a/c.yml"),
            ("a/b.yml", "../c/./d.yml", "c/d.yml"),
            ("a.yml", "../../c.yml", "../../c.yml"),
            ("../a/b.yml", "../../c.yml", "../../c.yml"),
            ("a/b.yml", "/etc/passwd", "/etc/passwd"),
            ("", "a\\b.yml", "a/b.yml"),
        ] {
            assert_eq!(join(base, file), path);
        }
    }
}
