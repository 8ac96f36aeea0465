//! The stored answers of one operation, and how a request finds its own.

use super::params::Rules;
use super::refusal::ErrorFormat;
use crate::reply::Reply;
use crate::stored::Stored;
use vigie_scenario::Case;

/// The cases that have a payload. `absent` is the answer when there is neither a match nor a fallback.
pub(super) fn stored(cases: &[&Case], rules: &Rules, form: ErrorFormat, france_connect: bool, absent: Reply) -> Stored {
    let mut stored = Stored::new(absent);
    for case in cases {
        let Some(payload) = &case.payload else { continue };
        let reply = Reply::new(case.status, form.media_type(), payload.clone());
        if case.is_fallback() {
            stored.fallback = reply.clone();
        }
        let plain = rules.key_of(&case.params).filter(|_| !france_connect);
        stored.keep(&case.name, rules.connected_key_of(&case.params).into_iter().chain(plain), reply);
    }
    stored
}

#[cfg(test)]
mod tests {
    use super::stored;
    use crate::api_particulier::dialect::DIALECT;
    use crate::api_particulier::identity::Identity;
    use crate::api_particulier::params::Rules;
    use crate::api_particulier::refusal::{ErrorFormat, nobody};
    use crate::stored::Stored;
    use serde_json::{Value, json};
    use vigie_contract::model::Contract;
    use vigie_scenario::{Case, parse_case};

    fn rules() -> Rules {
        let parameters = json!([{"in": "query", "name": "annee", "schema": {"type": "integer"}}]);
        let operation = json!({"operationId": "op", "parameters": parameters, "responses": {}});
        let contract =
            Contract::new("t/v3", json!({"paths": {"/v3/dss/quotient_familial/france_connect": {"get": operation}}}));
        Rules::new(&contract.operations[0], &contract.document, ErrorFormat::Structured).expect("the schemas are valid")
    }

    fn store(cases: &[(&str, &str)], france_connect: bool) -> Stored {
        let parsed: Vec<Case> = cases
            .iter()
            .map(|(name, text)| parse_case("op", &format!("op/{name}.yml"), text, &DIALECT).expect("it parses"))
            .collect();
        let absent = nobody(ErrorFormat::Structured, "23003");
        stored(&parsed.iter().collect::<Vec<_>>(), &rules(), ErrorFormat::Structured, france_connect, absent)
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
            store.exact(&key).map(|reply| reply.body.clone())
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
            &[("200-gate", "status: 200\n"), ("404", "status: 404\nparams: {annee: 1990}\npayload: nobody\n")],
            false,
        );
        assert_eq!(store.named("200-gate").body, "nobody");
        assert_eq!(store.fallback.body, "nobody");
    }

    #[test]
    fn without_a_case_404_the_code_is_the_contract_s() {
        let body: Value = serde_json::from_slice(&store(&[], false).fallback.body).expect("JSON");
        assert_eq!(body["errors"][0]["code"], "23003");
    }
}
