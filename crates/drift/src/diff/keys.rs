//! Which keys of which object are compared, and which promise nothing. Every other key that differs is reported as not
//! compared.

/// An object of a document.
#[derive(Debug)]
pub(super) struct Object {
    /// Its name, as a reader looks for it.
    pub(super) name: &'static str,
    /// Keys that are compared elsewhere, each with what stands there.
    pub(super) compared: &'static [(&'static str, Shape)],
    /// Keys that no consumer can fail on.
    pub(super) idle: &'static [&'static str],
}

/// What stands below a key. Anything else there is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Map,
    List,
    Text,
    Flag,
    Any,
}

use Shape::{Any, Flag, List, Map, Text};

/// Prose of a schema, and names that only references use: what they name is compared where it is used. Whether a value is
/// only read or only written is compared where an object lists its properties, and so is `deprecated`.
const PROSE: [&str; 18] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "$comment",
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$vocabulary",
    "$defs",
    "definitions",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// Keys of parameters that have the keywords of a schema beside their name. They are compared with the parameter.
const BESIDE: [&str; 4] = ["name", "in", "style", "explode"];

/// Whether a keyword of a schema promises nothing. Extensions are the provider's own.
pub(super) fn is_prose(key: &str) -> bool {
    key.starts_with("x-") || PROSE.contains(&key)
}

/// Whether a key of a schema is none of its keywords.
pub(super) fn is_idle(key: &str) -> bool {
    is_prose(key) || BESIDE.contains(&key)
}

/// Whether the keywords of a dialect are those that are read here.
pub(super) fn is_read_dialect(dialect: &serde_json::Value) -> bool {
    let dialect = dialect.as_str().unwrap_or_default();
    let is_of =
        |host: &str| ["https://", "http://"].iter().any(|scheme| dialect.starts_with(&format!("{scheme}{host}/")));
    is_of("json-schema.org") || is_of("spec.openapis.org")
}

/// Keys whose value has names for keys, which may be called like anything.
pub(super) const OF_NAMES: [&str; 14] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "dependentRequired",
    "dependencies",
    "$defs",
    "definitions",
    "headers",
    "encoding",
    "links",
    "parameters",
    "variables",
    "mapping",
    "responses",
];

/// `info`, `tags` and `externalDocs` are prose, the version of the notation says nothing of the API, and components are
/// compared where they are used; so are the sections of Swagger 2.0.
pub(super) const DOCUMENT: Object = Object {
    name: "document",
    compared: &[
        ("paths", Map),
        ("webhooks", Map),
        ("servers", List),
        ("security", List),
        ("components", Map),
        ("jsonSchemaDialect", Text),
        ("definitions", Any),
        ("parameters", Any),
        ("responses", Any),
    ],
    idle: &["openapi", "swagger", "info", "tags", "externalDocs", "$self"],
};

pub(super) const PATH_ITEM: Object = Object {
    name: "path item",
    compared: &[
        ("get", Map),
        ("put", Map),
        ("post", Map),
        ("delete", Map),
        ("options", Map),
        ("head", Map),
        ("patch", Map),
        ("trace", Map),
        ("query", Map),
        ("additionalOperations", Map),
        ("parameters", List),
        ("servers", List),
    ],
    idle: &["summary", "description"],
};

/// Tags sort operations for readers.
pub(super) const OPERATION: Object = Object {
    name: "operation",
    compared: &[
        ("operationId", Any),
        ("deprecated", Flag),
        ("parameters", List),
        ("requestBody", Map),
        ("responses", Map),
        ("callbacks", Map),
        ("security", List),
        ("servers", List),
    ],
    idle: &["summary", "description", "tags", "externalDocs"],
};

/// A call that the provider makes: what it asks for is not compared, and of its parameters only which there are.
pub(super) const CALLBACK: Object = Object {
    name: "callback",
    compared: &[
        ("operationId", Any),
        ("parameters", List),
        ("requestBody", Map),
        ("responses", Map),
        ("deprecated", Flag),
        ("servers", List),
    ],
    idle: OPERATION.idle,
};

/// The keys of a schema may stand in the parameter itself, as some documents have it.
pub(super) const PARAMETER: Object = Object {
    name: "parameter",
    compared: &[
        ("name", Text),
        ("in", Text),
        ("required", Flag),
        ("deprecated", Flag),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("allowEmptyValue", Flag),
        ("schema", Any),
        ("content", Map),
    ],
    idle: &["description", "example", "examples"],
};

pub(super) const REQUEST_BODY: Object =
    Object { name: "request body", compared: &[("required", Flag), ("content", Map)], idle: &["description"] };

pub(super) const MEDIA_TYPE: Object = Object {
    name: "media type",
    compared: &[("schema", Any), ("itemSchema", Any), ("encoding", Map)],
    idle: &["example", "examples"],
};

pub(super) const ENCODING: Object = Object {
    name: "part",
    compared: &[("contentType", Text), ("headers", Map), ("style", Text), ("explode", Flag), ("allowReserved", Flag)],
    idle: &[],
};

pub(super) const RESPONSE: Object = Object {
    name: "response",
    compared: &[("headers", Map), ("content", Map), ("links", Map)],
    idle: &["description", "summary"],
};

pub(super) const HEADER: Object = Object {
    name: "header",
    compared: &[
        ("required", Flag),
        ("deprecated", Flag),
        ("style", Text),
        ("explode", Flag),
        ("schema", Any),
        ("content", Map),
    ],
    idle: &["description", "example", "examples"],
};

/// What a bearer token looks like is nothing that a caller decides.
pub(super) const SECURITY_SCHEME: Object = Object {
    name: "security scheme",
    compared: &[
        ("type", Text),
        ("name", Any),
        ("in", Any),
        ("scheme", Text),
        ("flows", Map),
        ("openIdConnectUrl", Text),
        ("oauth2MetadataUrl", Text),
        ("deprecated", Flag),
    ],
    idle: &["description", "bearerFormat"],
};

pub(super) const DISCRIMINATOR: Object = Object {
    name: "discriminator",
    compared: &[("propertyName", Text), ("mapping", Map), ("defaultMapping", Text)],
    idle: &[],
};

pub(super) const SERVER: Object =
    Object { name: "server", compared: &[("url", Text), ("variables", Map)], idle: &["description", "name"] };
