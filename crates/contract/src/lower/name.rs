//! Names of a document as Rust names, as progenitor and typify write them.

/// What progenitor and typify put before a name that begins with a digit.
#[derive(Debug, Clone, Copy)]
pub enum Prefix {
    /// Progenitor's, for methods and setters.
    Underscore,
    /// Typify's, for fields.
    X,
}

/// The name of a method, a setter or a field.
#[must_use]
pub fn ident(name: &str, prefix: Prefix) -> String {
    let words = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => name.replace('\'', "").replace(|c: char| !c.is_alphanumeric() && c != '_', "-"),
    };
    let snake = heck::ToSnakeCase::to_snake_case(words.as_str());
    let ident = match (snake.chars().next(), prefix) {
        (None, _) => "x".to_owned(),
        (Some(first), _) if first.is_alphabetic() || first == '_' => snake,
        (Some(_), Prefix::Underscore) => format!("_{snake}"),
        (Some(_), Prefix::X) => format!("x{snake}"),
    };
    if KEYWORDS.contains(&ident.as_str()) { format!("{ident}_") } else { ident }
}

/// The name of a type.
pub(super) fn pascal(text: &str) -> String {
    heck::ToPascalCase::to_pascal_case(text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").as_str())
}

/// Words that no Rust identifier can be.
const KEYWORDS: [&str; 52] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::{Prefix, ident};

    #[test]
    fn names_become_identifiers_as_the_generators_write_them() {
        for (name, field, setter) in [
            ("codePostal", "code_postal", "code_postal"),
            ("prenoms[]", "prenoms", "prenoms"),
            ("type", "type_", "type_"),
            ("1er_versement", "x1er_versement", "_1er_versement"),
            ("date d'échéance", "date_déchéance", "date_déchéance"),
            ("logActivity", "log_activity", "log_activity"),
        ] {
            assert_eq!((ident(name, Prefix::X), ident(name, Prefix::Underscore)), (field.into(), setter.into()));
        }
    }
}
