//! The leaf of a place: what stays the same when the same change shows elsewhere.

use crate::deviation::Kind;
use vigie_contract::model::unescape;

/// The last property's name, a parameter with its `in`, a status, a header's name or a media type. Of an operation's own coming, going
/// and naming it is the operation; of a server its URL.
#[must_use]
pub fn leaf(kind: Kind, operation: &str, location: &str) -> String {
    // Other credentials are one decision of the provider, in however many operations; every other change of an operation
    // is that operation's.
    if kind.is_of_operation() && !matches!(kind, Kind::OperationSecurityChanged | Kind::OperationSecurityRelaxed) {
        return operation.to_owned();
    }
    if matches!(kind, Kind::ServerAdded | Kind::ServerRemoved) {
        return location.to_owned();
    }
    if let Some(pointer) = location.strip_prefix('/') {
        return of_pointer(pointer);
    }
    match location.split_once(' ') {
        Some((_, whole)) if whole.starts_with("header ") || whole.starts_with("media type ") => whole.to_owned(),
        Some((_, path)) => path.rsplit('.').next().unwrap_or(path).to_owned(),
        None => location.to_owned(),
    }
}

/// `data/admissions/0/date_fin` is `date_fin`, `data/prenoms/0` is `prenoms[]`.
fn of_pointer(pointer: &str) -> String {
    let is_position =
        |token: &str| token == "*" || (!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()));
    let mut elements = String::new();
    for token in pointer.rsplit('/') {
        if !is_position(token) {
            return unescape(token) + &elements;
        }
        elements += "[]";
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::leaf;
    use crate::rules::by_id;

    #[test]
    fn leaves_of_every_form_of_place() {
        for (rule, location, expected) in [
            ("response-property-removed", "200 data.identite.nom", "nom"),
            ("response-pattern-changed", "200 allocataires[].dateDeNaissance", "dateDeNaissance"),
            ("response-type-changed", "200 prenoms[]", "prenoms[]"),
            ("request-property-removed", "body a.b", "b"),
            ("response-status-added", "409", "409"),
            ("response-header-added", "200 header X-Response-Cached", "header X-Response-Cached"),
            (
                "response-media-type-added",
                "200 media type application/vnd.api+json",
                "media type application/vnd.api+json",
            ),
            ("request-type-changed", "query:filter depuis.annee", "annee"),
            ("parameter-removed", "query:prenoms[]", "query:prenoms[]"),
            ("server-added", "https://staging.example.org/a.b", "https://staging.example.org/a.b"),
            ("operation-removed", "", "GET /a"),
            ("operation-security-changed", "", ""),
            ("body-invalid", "/data/admissions/12/date_fin", "date_fin"),
            ("value-null", "/data/*/a~1b/*/0", "a/b[][]"),
            ("value-null", "/0", "[]"),
            ("case-parameter-unknown", "inee", "inee"),
        ] {
            let kind = by_id(rule).expect("a rule").kind;
            assert_eq!(leaf(kind, "GET /a", location), expected, "{rule} at {location}");
        }
    }
}
