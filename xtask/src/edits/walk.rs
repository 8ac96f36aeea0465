//! The locations of a document at which an object stands: found by walking the metamodel over it.

use super::law::Role;
use super::model::{Field, Model, Notation, is_within};
use serde_json::Value;

/// One object of the base document.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// Its kind, as the metamodel calls it.
    pub(super) object: String,
    /// Where it is.
    pub(super) pointer: String,
    pub(super) role: Role,
    pub(super) notation: Notation,
    /// What a reader calls its location: `call, answer body`.
    pub(super) label: String,
    /// Of a schema, its place in the one around it.
    pub(super) position: String,
    pub(super) flips: bool,
    pub(super) mixes: bool,
    /// The path or webhook through which it was met.
    pub(super) home: Option<(&'static str, String)>,
}

/// Every object of a document, each once for each way to it.
pub(super) fn sites(model: &Model, base: &Value, version: &str) -> Vec<Site> {
    let root = Site {
        object: "document".into(),
        pointer: String::new(),
        role: Role::Sent,
        notation: Notation::Json,
        label: String::new(),
        position: "root".into(),
        flips: false,
        mixes: false,
        home: None,
    };
    let mut walk = Walk { model, base, version, found: Vec::new() };
    walk.visit(root);
    walk.found
}

/// Leaves out the fields of an object, and of all objects in it, that are not kept.
pub(super) fn retain(model: &Model, object: &str, node: &mut Value, is_kept: &dyn Fn(&Field) -> bool) {
    let Some(fields) = model.get(object) else { return };
    let Some(map) = node.as_object_mut() else { return };
    map.retain(|name, _| field_of(fields, name).is_none_or(is_kept));
    for (name, value) in map {
        let Some(field) = field_of(fields, name) else { continue };
        for (own, value) in children_mut(field, value) {
            retain(model, own, value, is_kept);
        }
    }
}

fn children_mut<'f, 'v>(field: &'f Field, value: &'v mut Value) -> Vec<(&'f str, &'v mut Value)> {
    let mut children = Vec::new();
    match (&field.is, &field.list, &field.map) {
        (Some(object), ..) => children.push((object.as_str(), value)),
        (_, Some(object), _) => {
            children.extend(value.as_array_mut().into_iter().flatten().map(|item| (object.as_str(), item)));
        }
        (.., Some(object)) => {
            children.extend(value.as_object_mut().into_iter().flatten().map(|(_, item)| (object.as_str(), item)));
        }
        _ => {}
    }
    children
}

/// Whether a version has a field.
pub(super) fn has(field: &Field, version: &str) -> bool {
    is_within(version, field.since.as_ref(), field.until.as_ref())
}

/// A field by its name; an object whose keys are names has one for all of them.
fn field_of<'m>(fields: &'m std::collections::BTreeMap<String, Field>, name: &str) -> Option<&'m Field> {
    fields.get(name).or_else(|| fields.iter().find(|(key, _)| key.starts_with('{')).map(|(_, field)| field))
}

struct Walk<'a> {
    model: &'a Model,
    base: &'a Value,
    version: &'a str,
    found: Vec<Site>,
}

impl Walk<'_> {
    fn visit(&mut self, mut site: Site) {
        let Some(mut node) = self.base.pointer(&site.pointer) else { return };
        if let Some(reference) = node["$ref"].as_str().filter(|_| site.object != "pathItem") {
            // A schema that is referred to is edited where it is used.
            if site.object == "schema" {
                return self.found.push(site);
            }
            let Some(target) = reference.strip_prefix('#').and_then(|pointer| self.base.pointer(pointer)) else {
                return;
            };
            reference[1..].clone_into(&mut site.pointer);
            site.label.push_str(" by reference");
            node = target;
        }
        match site.object.as_str() {
            "pathItem" if node["$ref"].is_string() => site.position = "referred".into(),
            "pathItem" | "operation" => site.position = "here".into(),
            "mediaType" => site.position = if site.notation == Notation::Form { "form" } else { "body" }.into(),
            "parameter" => {
                site.notation = Notation::Text;
                site.position = node["in"].as_str().unwrap_or_default().into();
                let caller = if site.label.is_empty() { "call" } else { &site.label };
                site.label = format!("{caller} {} parameter", node["in"].as_str().unwrap_or_default());
            }
            "header" => {
                site.notation = Notation::Text;
                site.label.push_str(" header");
            }
            _ => {}
        }
        self.found.push(site.clone());
        let Some(fields) = self.model.get(&site.object) else { return };
        for (name, value) in node.as_object().into_iter().flatten() {
            let is_met = |field: &&Field| has(field, self.version) && !field.elsewhere;
            let Some(field) = field_of(fields, name).filter(is_met) else { continue };
            let pointer = format!("{}/{}", site.pointer, escaped(name));
            match (&field.is, &field.list, &field.map) {
                (Some(object), ..) => self.visit(within(&site, object, field, pointer)),
                (_, Some(object), _) => {
                    for at in 0..value.as_array().map_or(0, Vec::len) {
                        let mut inner = within(&site, object, field, format!("{pointer}/{at}"));
                        // Beside a discriminator, one alternative is enough: its name is a value.
                        if inner.position == "alternative" && node.get("discriminator").is_some() {
                            if at > 0 {
                                break;
                            }
                            inner.position = "subtype".into();
                        }
                        self.visit(inner);
                    }
                }
                (.., Some(object)) => {
                    for (key, _) in value.as_object().into_iter().flatten() {
                        let pointer = format!("{pointer}/{}", escaped(key));
                        let mut inner = within(&site, object, field, pointer);
                        inner.enter(name, key, object);
                        self.visit(inner);
                    }
                }
                _ => {}
            }
        }
    }
}

/// An object at a field of another one.
fn within(site: &Site, object: &str, field: &Field, pointer: String) -> Site {
    let mut inner = Site { object: object.to_owned(), pointer, ..site.clone() };
    if field.turns {
        inner.role = site.role.turned();
    }
    match object {
        "schema" => {
            inner.flips ^= field.flips;
            inner.mixes |= field.mixes;
            if let Some(position) = &field.position {
                inner.position.clone_from(position);
            }
            if site.object == "schema" {
                let around = site.label.split(": ").next().unwrap_or_default();
                inner.label = format!("{around}: {}", inner.position);
                if site.notation == Notation::Form {
                    inner.notation = Notation::Text;
                }
            }
        }
        "operation" if site.label.is_empty() => inner.label = "call".into(),
        "requestBody" => inner.label.push_str(" request"),
        _ => {}
    }
    inner
}

impl Site {
    /// A map was entered by one of its keys.
    fn enter(&mut self, field: &str, key: &str, object: &str) {
        match (field, object) {
            ("paths", _) => self.home = Some(("paths", key.to_owned())),
            ("webhooks", _) => {
                self.home = Some(("webhooks", key.to_owned()));
                self.label = "webhook".into();
            }
            ("encoding", _) => {
                key.clone_into(&mut self.position);
                self.label.push_str(" part");
            }
            ("securitySchemes", _) => {
                key.clone_into(&mut self.position);
                self.label = "security scheme".into();
            }
            ("callbacks", "callback") => self.label = "callback".into(),
            ("responses", _) => {
                let kind = if key.starts_with('2') { "answer" } else { "other answer" };
                self.label = format!("{} {kind}", self.label);
            }
            ("content", _) => {
                let (notation, name) = match key {
                    key if key.ends_with("xml") => (Notation::Xml, "XML"),
                    key if key.ends_with("json") => (Notation::Json, "JSON"),
                    key if key.ends_with("urlencoded") => (Notation::Form, "form"),
                    key if key.starts_with("multipart/") => (Notation::Form, "multipart"),
                    key => (Notation::Json, key),
                };
                self.notation = notation;
                self.label = format!("{} {name}", self.label);
            }
            _ => {}
        }
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
