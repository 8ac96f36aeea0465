//! What to write instead of something that a schema does not have.

use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

/// From here on, a name is taken for another one that is misspelt.
const ALIKE: f64 = 0.8;
/// How many names are told where none is alike.
const MOST_NAMES: usize = 12;

/// The mend of a fault that the compiler calls by this name; `names` are those that its message quotes.
pub(super) fn mend(fault: &str, names: &[&str], schema: &Schema) -> String {
    match (fault, names) {
        ("UndefinedField", [ty, field]) => near(field, &fields(schema, ty), &format!("`{ty}` has")),
        ("UndefinedArgument", [argument, coordinate]) => match arguments(schema, coordinate) {
            Some(arguments) if !arguments.is_empty() => {
                let names: Vec<&str> = arguments.iter().map(|argument| argument.name.as_str()).collect();
                near(argument, &names, "it takes")
            }
            _ => "take it away: it takes no arguments".into(),
        },
        ("RequiredArgument" | "RequiredField", [coordinate, ..]) => match required(schema, coordinate) {
            Some(argument) => format!("add `{argument}`"),
            None => String::new(),
        },
        ("UndefinedDefinition" | "UndefinedTypeInInlineFragmentTypeCondition", [ty, ..])
        | ("UndefinedTypeInNamedFragmentTypeCondition", [ty, _]) => {
            let types: Vec<&str> = schema.types.keys().map(Name::as_str).collect();
            near(ty, &types, "")
        }
        ("UndefinedEnumValue", [value, ty]) => {
            let values: Option<Vec<&str>> =
                schema.get_enum(ty).map(|words| words.values.keys().map(Name::as_str).collect());
            near(value, &values.unwrap_or_default(), &format!("`{ty}` has"))
        }
        ("UndefinedInputValue", [field, ty]) => {
            let fields: Option<Vec<&str>> =
                schema.get_input_object(ty).map(|input| input.fields.keys().map(Name::as_str).collect());
            near(field, &fields.unwrap_or_default(), &format!("`{ty}` has"))
        }
        ("DisallowedVariableUsage", [variable, _, _, argument]) => {
            format!("declare `{variable}: {argument}`: types are compared by name")
        }
        ("UndefinedVariable", [variable]) => format!("declare `{variable}` behind the operation's name"),
        ("UnusedVariable", _) => "use it, or take it away".into(),
        ("UnusedFragment", _) => "spread it, or take it away".into(),
        ("UndefinedFragment", _) => "define it in one of the files".into(),
        ("SubselectionOnScalarType" | "SubselectionOnEnumType", _) => "take the braces away".into(),
        ("ConflictingFieldType" | "ConflictingFieldName" | "ConflictingFieldArgument", [alias]) => {
            format!("give one of them an alias of its own, as `other: {alias}`")
        }
        ("UndefinedRootOperation", _) => "ask another path of the contract".into(),
        _ => String::new(),
    }
}

/// What may be selected of a type.
pub(super) fn selection(ty: &str, schema: &Schema) -> String {
    listed(&format!("select fields of `{ty}`:"), &fields(schema, ty))
}

/// Bytes of a name that is compared with others.
const LONGEST: usize = 200;

/// The name that was meant, or those that there are.
fn near(name: &str, known: &[&str], there: &str) -> String {
    // Two texts are compared in time of the product of their lengths.
    let is_name = name.len() <= LONGEST;
    let likeness = |other| (if is_name { strsim::jaro_winkler(name, other) } else { 0.0 }, other);
    let likest = known.iter().copied().map(likeness).max_by(|a, b| a.0.total_cmp(&b.0));
    match likest {
        Some((alike, other)) if alike >= ALIKE => format!("did you mean `{other}`?"),
        Some(_) if !there.is_empty() => listed(there, known),
        _ => String::new(),
    }
}

fn listed(there: &str, known: &[&str]) -> String {
    let more = if known.len() > MOST_NAMES { ", .." } else { "" };
    format!("{there} {}{more}", known[..known.len().min(MOST_NAMES)].join(", "))
}

fn fields<'s>(schema: &'s Schema, ty: &str) -> Vec<&'s str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(object)) => object.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The arguments of `Type.field`.
fn arguments<'s>(schema: &'s Schema, coordinate: &str) -> Option<Vec<&'s InputValueDefinition>> {
    let (ty, field) = coordinate.split_once('.')?;
    let field = schema.type_field(ty, field).ok()?;
    Some(field.arguments.iter().map(|argument| &**argument).collect())
}

/// What `Type.field(argument:)` or `Input.field` must be given, as it is written.
fn required(schema: &Schema, coordinate: &str) -> Option<String> {
    let Some((field, argument)) = coordinate.split_once('(') else {
        let (ty, field) = coordinate.split_once('.')?;
        return Some(format!("{field}: {}", schema.get_input_object(ty)?.fields.get(field)?.ty));
    };
    let argument = argument.trim_end_matches([')', ':']);
    let arguments = arguments(schema, field)?;
    let argument = arguments.iter().find(|other| other.name == argument)?;
    Some(format!("{}: {}", argument.name, argument.ty))
}
