//! What a GraphQL schema promises: names, types and default values, without order and without prose.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Scalars that every schema has, whether its document defines them or not.
pub const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// A schema. Built-in scalars, the types of introspection and directives are not part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The name of the object type whose fields are the operations of each kind.
    pub roots: BTreeMap<Root, String>,
    /// Every type by its name.
    pub types: BTreeMap<String, Type>,
}

/// A kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// Waits for events.
    Subscription,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A value that is a leaf, such as a date.
    Scalar {
        /// Its prose, which is the only place where some providers list the values that it takes.
        description: Option<String>,
    },
    /// An object with its fields.
    Object {
        /// Its fields by name.
        fields: BTreeMap<String, Field>,
        /// The interfaces that it implements.
        interfaces: BTreeSet<String>,
    },
    /// Fields that several objects have.
    Interface {
        /// Its fields by name.
        fields: BTreeMap<String, Field>,
    },
    /// One of several objects.
    Union {
        /// Their names.
        members: BTreeSet<String>,
    },
    /// One of several words.
    Enum {
        /// Each word, and whether it is deprecated: `None` where the document cannot say it.
        values: BTreeMap<String, Option<bool>>,
    },
    /// An object that a caller sends.
    Input {
        /// Its fields by name.
        fields: BTreeMap<String, Input>,
    },
}

/// A field of an object or interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The type of its value.
    pub ty: TypeRef,
    /// What a caller may give to it, by name.
    pub arguments: BTreeMap<String, Input>,
    /// `None` where the document cannot say it.
    pub deprecated: Option<bool>,
}

/// An argument, or a field of an input object.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The type of its value.
    pub ty: TypeRef,
    /// What leaving it out means; null is the same as none.
    pub default: Value,
    /// `None` where the document cannot say it, as introspection before 2021 cannot.
    pub deprecated: Option<bool>,
}

/// A use of a type, such as `[String!]!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRef {
    /// The type that is named.
    pub name: String,
    /// Whether a value is never null, from the outermost list to the named type; one more than there are lists.
    pub never_null: Vec<bool>,
}

impl Root {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Query, Self::Mutation, Self::Subscription];

    /// The keyword that begins an operation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

impl Schema {
    /// The fields of an object or interface.
    #[must_use]
    pub fn fields(&self, name: &str) -> Option<&BTreeMap<String, Field>> {
        match self.types.get(name)? {
            Type::Object { fields, .. } | Type::Interface { fields } => Some(fields),
            _ => None,
        }
    }

    /// Each operation: its kind, name and field.
    pub fn operations(&self) -> impl Iterator<Item = (Root, &str, &Field)> {
        self.roots.iter().flat_map(|(root, name)| {
            let fields = self.fields(name).into_iter().flatten();
            fields.map(|(name, field)| (*root, name.as_str(), field))
        })
    }
}

impl Type {
    /// The keyword of SDL that defines such a type.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Scalar { .. } => "scalar",
            Self::Object { .. } => "type",
            Self::Interface { .. } => "interface",
            Self::Union { .. } => "union",
            Self::Enum { .. } => "enum",
            Self::Input { .. } => "input",
        }
    }

    /// The names of its fields, values or members; none of a scalar.
    #[must_use]
    pub fn parts(&self) -> BTreeSet<&str> {
        match self {
            Self::Scalar { .. } => BTreeSet::new(),
            Self::Object { fields, .. } | Self::Interface { fields } => fields.keys().map(String::as_str).collect(),
            Self::Union { members } => members.iter().map(String::as_str).collect(),
            Self::Enum { values } => values.keys().map(String::as_str).collect(),
            Self::Input { fields } => fields.keys().map(String::as_str).collect(),
        }
    }
}

impl Input {
    /// Whether a caller must give it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.ty.is_never_null() && self.default.is_null()
    }
}

impl TypeRef {
    /// Whether the value as a whole is never null.
    #[must_use]
    pub fn is_never_null(&self) -> bool {
        self.never_null.first().is_some_and(|never_null| *never_null)
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = self.never_null.len().saturating_sub(1);
        write!(out, "{}{}", "[".repeat(lists), self.name)?;
        for (position, never_null) in self.never_null.iter().rev().enumerate() {
            let bracket = if position > 0 { "]" } else { "" };
            write!(out, "{bracket}{}", if *never_null { "!" } else { "" })?;
        }
        Ok(())
    }
}
