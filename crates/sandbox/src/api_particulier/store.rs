//! The stored answers of one operation, and how a request finds its own.

use super::faults::Form;
use super::params::Rules;
use super::reply::{JSON, JSON_API, Reply};
use axum::http::StatusCode;
use bytes::Bytes;
use std::collections::HashMap;
use vigie_scenario::Case;

/// The stored answers of one operation.
pub(super) struct Store {
    replies: Vec<Reply>,
    by_name: HashMap<String, usize>,
    by_key: HashMap<String, usize>,
    /// Those that a FranceConnect token can reach.
    connected: HashMap<String, usize>,
    absent: Reply,
}

impl Store {
    /// Keeps the cases that have a payload. `absent` is the answer when there is neither a match nor a fallback.
    pub(super) fn new(cases: &[&Case], rules: &Rules, form: Form, france_connect: bool, absent: Reply) -> Self {
        let mut store = Self {
            replies: Vec::new(),
            by_name: HashMap::new(),
            by_key: HashMap::new(),
            connected: HashMap::new(),
            absent,
        };
        let media_type = if form == Form::Flat { JSON } else { JSON_API };
        for case in cases {
            let (Some(payload), Ok(status)) = (&case.payload, StatusCode::from_u16(case.status)) else { continue };
            let place = store.replies.len();
            let body = Bytes::from(payload.clone());
            store.replies.push(Reply { status, media_type: media_type.clone(), body });
            store.by_name.entry(case.name.clone()).or_insert(place);
            if let Some(key) = rules.connected_key_of(&case.params) {
                store.connected.entry(key).or_insert(place);
            }
            if let Some(key) = rules.key_of(&case.params).filter(|_| !france_connect) {
                store.by_key.entry(key).or_insert(place);
            }
            if case.is_fallback() {
                store.absent = store.replies[place].clone();
            }
        }
        store
    }

    /// The answer to exactly these parameters.
    pub(super) fn exact(&self, key: &str) -> Option<&Reply> {
        self.by_key.get(key).map(|place| &self.replies[*place])
    }

    /// The answer to exactly this identity, and exactly these parameters beside it.
    pub(super) fn of_identity(&self, key: &str) -> Option<&Reply> {
        self.connected.get(key).map(|place| &self.replies[*place])
    }

    /// The case of this name.
    pub(super) fn named(&self, name: &str) -> Option<&Reply> {
        self.by_name.get(name).map(|place| &self.replies[*place])
    }

    /// The answer when nothing matches.
    pub(super) fn absent(&self) -> &Reply {
        &self.absent
    }
}

#[cfg(test)]
mod tests {
    use super::Store;
    use crate::api_particulier::dialect::DIALECT;
    use crate::api_particulier::faults::{Form, nobody};
    use crate::api_particulier::identity::Identity;
    use crate::api_particulier::params::Rules;
    use serde_json::{Value, json};
    use vigie_contract::model::Contract;
    use vigie_scenario::{Case, parse_case};

    fn rules() -> Rules {
        let parameters = json!([{"in": "query", "name": "annee", "schema": {"type": "integer"}}]);
        let operation = json!({"operationId": "op", "parameters": parameters, "responses": {}});
        let contract =
            Contract::new("t/v3", json!({"paths": {"/v3/dss/quotient_familial/france_connect": {"get": operation}}}));
        Rules::new(&contract.operations[0], &contract.document, Form::Structured).expect("the schemas are valid")
    }

    fn store(cases: &[(&str, &str)], france_connect: bool) -> Store {
        let parsed: Vec<Case> = cases
            .iter()
            .map(|(name, text)| parse_case("op", &format!("op/{name}.yml"), text, &DIALECT).expect("it parses"))
            .collect();
        let absent = nobody(Form::Structured, "23003");
        Store::new(&parsed.iter().collect::<Vec<_>>(), &rules(), Form::Structured, france_connect, absent)
    }

    fn identity(value: &Value) -> Identity {
        Identity::Case(value.as_object().expect("an object").clone())
    }

    #[test]
    fn an_identity_finds_the_case_that_is_exactly_its_own() {
        let wide = "status: 200\nparams: {nomNaissance: A, prenoms: [B], annee: 2023}\npayload: wide\n";
        let own = "status: 200\nparams: {nomNaissance: A, annee: 2023}\npayload: own\n";
        let misnamed = "status: 200\nparams: {nomNaissance: A, prenom: B}\npayload: misnamed\n";
        let other = "status: 200\nparams: {nomNaissance: A, codeInseeLieuDeNaissance: '75111'}\npayload: v2\n";
        let store = store(&[("wide", wide), ("own", own), ("misnamed", misnamed), ("v2", other)], true);
        let rules = rules();
        let found = |value: Value, query: &'static str| {
            let key = rules.connected_key(&rules.read(query, true), &identity(&value)).expect("it takes such tokens");
            store.of_identity(&key).map(|reply| reply.body.clone())
        };
        assert_eq!(found(json!({"nomNaissance": "a"}), "annee=2023").as_deref(), Some(&b"own"[..]));
        let both = json!({"nomNaissance": "A", "prenoms": ["B"]});
        assert_eq!(found(both.clone(), "annee=2023&nomNaissance=Z").as_deref(), Some(&b"wide"[..]));
        assert_eq!(found(both.clone(), "annee=2022"), None);
        assert_eq!(found(both, ""), None, "nobody is asked for another name");
        assert_eq!(found(json!({"nomNaissance": "A"}), ""), None, "no name of v2 is left out");
        assert_eq!(found(json!({"nomNaissance": "A", "prenoms": ["B"], "sexeEtatCivil": "F"}), "annee=2023"), None);
    }

    #[test]
    fn a_case_without_payload_is_not_stored_and_404_is_the_answer_to_strangers() {
        let store = store(
            &[("200-door", "status: 200\n"), ("404", "status: 404\nparams: {annee: 1990}\npayload: nobody\n")],
            false,
        );
        assert!(store.named("200-door").is_none());
        assert_eq!(store.absent().body, "nobody");
    }

    #[test]
    fn without_a_case_404_the_code_is_the_contract_s() {
        let body: Value = serde_json::from_slice(&store(&[], false).absent().body).expect("JSON");
        assert_eq!(body["errors"][0]["code"], "23003");
    }
}
