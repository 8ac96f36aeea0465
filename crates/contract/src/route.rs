//! Which operation a method and a path mean.

use super::model::{Contract, Operation};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// How well a path fits an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// A path that the contract only tolerates.
    Tolerated,
    /// Its own.
    Own,
}

impl Contract {
    /// The operations that a method and a path without query may mean, the best first: a literal segment counts more than
    /// a parameter. Those that share a path, as GraphQL operations do, come together. Callbacks have no path of their own.
    #[must_use]
    pub fn route(&self, method: &str, path: &str) -> Vec<&Operation> {
        let own = self.operations.iter().filter(|operation| !operation.callback);
        let same = own.filter(|operation| operation.method.eq_ignore_ascii_case(method));
        let mut found: Vec<_> = same.filter_map(|operation| Some((self.fit(operation, path)?, operation))).collect();
        found.sort_by(|(a, _), (b, _)| b.cmp(a));
        let best = found.first().map(|(rank, _)| *rank);
        found.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, operation)| operation).collect()
    }

    /// The operation that a request means. Of those that share a path, a GraphQL document takes its own, and any other the
    /// plain one.
    #[must_use]
    pub fn meant(&self, method: &str, path: &str, query: Option<&str>) -> Option<&Operation> {
        let sharing = self.route(method, path);
        let is_own = |operation: &&&Operation| {
            operation.graphql.as_ref().is_some_and(|graphql| Some(graphql.document.as_str()) == query)
        };
        let own = sharing.iter().find(is_own);
        own.or_else(|| sharing.iter().find(|operation| operation.graphql.is_none())).copied()
    }

    /// How well a path fits an operation, and with how many literal segments.
    #[must_use]
    pub fn fit(&self, operation: &Operation, path: &str) -> Option<(Fit, usize)> {
        if operation.callback {
            return Some((Fit::Own, 0));
        }
        self.values(operation, path).map(|(fit, literals, _)| (fit, literals))
    }

    /// What a path says for the parameters of an operation's path, as texts without percent-encoding.
    #[must_use]
    pub fn path_values(&self, operation: &Operation, path: &str) -> BTreeMap<String, String> {
        if operation.callback {
            return BTreeMap::new();
        }
        self.values(operation, path).map(|(.., values)| values).unwrap_or_default()
    }

    fn values(&self, operation: &Operation, path: &str) -> Option<(Fit, usize, BTreeMap<String, String>)> {
        let server = operation.server.as_deref().or_else(|| self.document["servers"][0]["url"].as_str());
        let base = server.map(base_path).unwrap_or_default();
        let below = path.strip_prefix(base).filter(|rest| rest.starts_with('/'));
        let paths = below.into_iter().chain([path]);
        let own = [(Fit::Own, operation.route())].into_iter();
        let tolerated = operation.tolerated_paths.iter().map(|path| (Fit::Tolerated, path.as_str()));
        let mut templates =
            own.chain(tolerated).flat_map(|(fit, template)| paths.clone().map(move |path| (fit, template, path)));
        templates.find_map(|(fit, template, path)| {
            let (literals, values) = fill(template, path)?;
            Some((fit, literals, values))
        })
    }
}

/// The path of a server's URL, whose host may be a variable: `/v1` of `{endpointUrl}/v1`.
fn base_path(url: &str) -> &str {
    let after_host = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None if url.starts_with('{') => url.split_once('}').map_or("", |(_, rest)| rest),
        None => url,
    };
    after_host.trim_end_matches('/')
}

/// The literal segments and the values of a path that a template stands for; a slash at the end says nothing.
fn fill(template: &str, path: &str) -> Option<(usize, BTreeMap<String, String>)> {
    let segments = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (template, path) = (segments(template), segments(path));
    if template.len() != path.len() {
        return None;
    }
    let (mut literals, mut values) = (0, BTreeMap::new());
    for (expected, observed) in template.iter().zip(&path) {
        match expected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(_) if observed.is_empty() => return None,
            Some(name) => {
                values.insert(name.to_owned(), percent_decode_str(observed).decode_utf8_lossy().into_owned());
            }
            None if expected == observed => literals += 1,
            None => return None,
        }
    }
    Some((literals, values))
}

#[cfg(test)]
mod tests {
    use super::{Fit, base_path};
    use crate::model::Contract;
    use serde_json::json;

    fn contract() -> Contract {
        let get = |id: &str| json!({"get": {"operationId": id}});
        let mut one = get("one");
        one["x-tolerated-paths"] = json!(["/car/{id}"]);
        let mut token = get("token");
        token["servers"] = json!([{"url": "https://login.example/api"}]);
        let paths = json!({
            "/cars/{id}": one, "/cars/new": get("new"), "/token": token,
            "/graphql#me": {"post": {"operationId": "me"}}, "/graphql": {"post": {"operationId": "graphql"}},
        });
        Contract::new("cars", json!({"servers": [{"url": "{endpoint}/v1"}], "paths": paths}))
    }

    #[test]
    fn a_path_means_the_operation_that_says_it_best() {
        let contract = contract();
        let ids = |method: &str, path: &str| -> Vec<&str> {
            contract.route(method, path).into_iter().map(|operation| operation.id.as_str()).collect()
        };
        assert_eq!(ids("get", "/v1/cars/7"), ["one"]);
        assert_eq!(ids("GET", "/v1/cars/new/"), ["new"]);
        assert_eq!(ids("GET", "/cars/7"), ["one"]);
        assert_eq!(ids("GET", "/v1/car/7"), ["one"]);
        assert_eq!(ids("GET", "/api/token"), ["token"]);
        assert_eq!(ids("POST", "/v1/graphql"), ["graphql", "me"]);
        assert_eq!(ids("PUT", "/v1/cars/7"), [""; 0]);
        assert_eq!(ids("GET", "/v1/cars/7/wheels"), [""; 0]);
    }

    #[test]
    fn a_path_tells_the_values_of_its_parameters() {
        let contract = contract();
        let one = contract.operation("one").expect("it is there");
        assert_eq!(contract.path_values(one, "/v1/cars/a%40b")["id"], "a@b");
        assert_eq!(contract.fit(one, "/v1/car/7"), Some((Fit::Tolerated, 1)));
        assert_eq!(contract.fit(one, "/v1/cars"), None);
    }

    #[test]
    fn the_path_of_a_server_stands_behind_its_host() {
        for (url, base) in [("https://a.b/api/", "/api"), ("https://a.b", ""), ("{x}/v1", "/v1"), ("/v2", "/v2")] {
            assert_eq!(base_path(url), base);
        }
    }
}
