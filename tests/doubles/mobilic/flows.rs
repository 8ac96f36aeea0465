//! The tokens of third parties, from the consent on the web front to its end.

use super::common::{Double, MANAGER, SOFTWARE, WORKER};
use serde_json::{Value, json};

/// Another software.
const OTHER_SOFTWARE: i64 = 739_205_648;
const ME: &str = "{ me { id } }";

/// `/unexposed`, with a session.
async fn web(double: &Double, session: &str, document: &str) -> Value {
    double.ask("/unexposed", document, &[("Authorization", session)]).await.json()
}

#[tokio::test]
async fn a_user_token_is_made_by_hand_and_revoked() {
    let double = Double::start().await;
    let session = double.sign_in("alix.moreau@deuxrives.test").await;
    let create = format!(
        "mutation {{ createOauthToken(userId: {WORKER}, clientId: {OTHER_SOFTWARE}) {{ id token clientId clientName }} }}"
    );
    let of_software = |answer: &Value, mutation: &str| {
        let tokens = answer["data"][mutation].as_array().cloned().unwrap_or_default();
        tokens.into_iter().find(|token| token["clientId"] == OTHER_SOFTWARE)
    };
    let made = of_software(&web(&double, &session, &create).await, "createOauthToken").expect("a token");
    let again = of_software(&web(&double, &session, &create).await, "createOauthToken").expect("a token");
    assert_eq!(made, again, "one live token per user and software");
    assert_eq!(made["clientName"], "Tournées Faciles");
    let bearer = format!("Bearer {}", made["token"].as_str().expect("a text"));
    let used = double.ask("/graphql", ME, &[("Authorization", &bearer), ("X-CLIENT-ID", "garbage")]).await;
    assert_eq!(used.json()["data"]["me"]["id"], WORKER, "the software's id is not looked at beside a user's token");
    let revoke = format!("mutation {{ revokeOauthToken(tokenId: {}) {{ clientId token }} }}", made["id"]);
    let left = web(&double, &session, &revoke).await;
    assert_eq!(of_software(&left, "revokeOauthToken"), None);
    let dead = double.ask("/graphql", ME, &[("Authorization", &bearer)]).await;
    assert_eq!(dead.error(), ("Invalid token".into(), json!("AUTHENTICATION_ERROR")));
    let anew = of_software(&web(&double, &session, &create).await, "createOauthToken").expect("a token");
    assert_ne!(anew["token"], made["token"]);
    assert_eq!(web(&double, &session, &revoke).await["errors"][0]["extensions"]["code"], "INVALID_INPUTS");
}

#[tokio::test]
async fn nobody_makes_tokens_for_others_or_for_software_that_there_is_not() {
    let double = Double::start().await;
    let session = double.sign_in("alix.moreau@deuxrives.test").await;
    for (user, client, code) in [(MANAGER, SOFTWARE, "AUTHORIZATION_ERROR"), (WORKER, 1, "BAD_REQUEST")] {
        let document = format!("mutation {{ createOauthToken(userId: {user}, clientId: {client}) {{ token }} }}");
        assert_eq!(web(&double, &session, &document).await["errors"][0]["extensions"]["code"], code);
    }
}

/// The key that a person was given by mail when the software was registered.
async fn software(double: &Double, document: &str) -> Value {
    let key = vigie_sandbox::mobilic::api_key(SOFTWARE);
    let id = SOFTWARE.to_string();
    double.ask("/protected", document, &[("X-API-KEY", &key), ("X-CLIENT-ID", &id)]).await.json()
}

async fn accept(double: &Double, employment: i64, invitation: &str) -> Value {
    let document = format!(
        "mutation {{ generateEmploymentToken(employmentId: {employment}, clientId: {SOFTWARE}, invitationToken: \
         \"{invitation}\") {{ success }} }}"
    );
    double.ask("/unexposed", &document, &[]).await.json()
}

async fn invitation(double: &Double, employment: i64) -> String {
    let mails = double.send(double.request("GET", "/mails")).await.json();
    let mail = mails.as_array().into_iter().flatten().find(|mail| mail["employmentId"] == employment);
    mail.and_then(|mail| mail["invitationToken"].as_str()).expect("the employee got a mail").to_owned()
}

#[tokio::test]
async fn an_employment_token_comes_from_an_invitation_and_goes_with_either_side() {
    let double = Double::start().await;
    let register = format!(
        "mutation {{ company {{ softwareRegistration(clientId: {SOFTWARE}, usualName: \"Cars Fougère\", siren: \"900000556\", nbWorkers: 3) {{ id }} }} }}"
    );
    let company = software(&double, &register).await["data"]["company"]["softwareRegistration"]["id"].clone();
    let sync = format!(
        "mutation {{ company {{ syncEmployment(companyId: {company}, employees: [{{email: \"zoe.petit@fougere.test\", \
         firstName: \"Zoé\", lastName: \"Petit\"}}, {{email: \"yann.roy@fougere.test\", firstName: \"Yann\", lastName: \"Roy\", \
         hasAdminRights: true}}]) {{ id }} }} }}"
    );
    let employments = software(&double, &sync).await["data"]["company"]["syncEmployment"].clone();
    let ids: Vec<i64> = employments.as_array().into_iter().flatten().filter_map(|own| own["id"].as_i64()).collect();
    let [zoe, yann] = ids[..] else { panic!("two employments: {employments}") };
    let token_of = async |employment: i64| {
        let document =
            format!("{{ employmentToken(clientId: {SOFTWARE}, employmentId: {employment}) {{ accessToken }} }}");
        software(&double, &document).await
    };
    assert_eq!(token_of(zoe).await["data"], json!({"employmentToken": {"accessToken": null}}), "not accepted yet");
    let mut tokens = Vec::new();
    for employment in [zoe, yann] {
        let invitation = invitation(&double, employment).await;
        assert_eq!(accept(&double, employment, &invitation).await["data"]["generateEmploymentToken"]["success"], true);
        let again = accept(&double, employment, &invitation).await;
        assert_eq!(again["errors"][0]["extensions"]["code"], "EMPLOYMENT_CLIENT_LINK_ALREADY_ACCEPTED");
        let token = token_of(employment).await["data"]["employmentToken"]["accessToken"].clone();
        tokens.push(token.as_str().expect("accepted").to_owned());
    }
    let id = SOFTWARE.to_string();
    let ask = async |path: &str, token: &str, document: &str| {
        double.ask(path, document, &[("X-CLIENT-ID", &id), ("X-EMPLOYMENT-TOKEN", token)]).await
    };
    let active = ask("/graphql", &tokens[0], "{ me { firstName hasActivatedEmail } }").await.json();
    assert_eq!(active["data"]["me"], json!({"firstName": "Zoé", "hasActivatedEmail": true}));
    // The employee ends it.
    let dismiss =
        format!("mutation {{ dismissEmploymentToken(employmentId: {zoe}, clientId: {SOFTWARE}) {{ success }} }}");
    assert_eq!(ask("/unexposed", &tokens[0], &dismiss).await.json()["data"]["dismissEmploymentToken"]["success"], true);
    assert_eq!(ask("/graphql", &tokens[0], ME).await.error().0, "Invalid token");
    assert_eq!(token_of(zoe).await["data"], json!({"employmentToken": null}), "no link any more");
    // The company ends it.
    let end = format!("mutation {{ dismissCompanyToken(companyId: {company}, clientId: {SOFTWARE}) {{ id }} }}");
    assert_eq!(ask("/unexposed", &tokens[1], &end).await.json()["data"]["dismissCompanyToken"], json!([]));
    assert_eq!(ask("/graphql", &tokens[1], ME).await.error().0, "Company token has been revoked");
    assert_eq!(token_of(yann).await["errors"][0]["message"], "Company token has been revoked");
    assert_eq!(software(&double, &sync).await["errors"][0]["extensions"]["code"], "AUTHORIZATION_ERROR");
}

#[tokio::test]
async fn an_invitation_must_be_known_and_fresh() {
    let double = Double::start().await;
    let late = invitation(&double, 5010).await;
    for (employment, invitation, code) in [
        (5010, late.as_str(), "EMPLOYMENT_CLIENT_LINK_EXPIRED"),
        (5009, "wrong", "EMPLOYMENT_CLIENT_LINK_NOT_FOUND"),
        (999_999, "wrong", "EMPLOYMENT_CLIENT_LINK_NOT_FOUND"),
    ] {
        assert_eq!(accept(&double, employment, invitation).await["errors"][0]["extensions"]["code"], code);
    }
    // Software that asks again renews what has expired.
    let sync = "mutation { company { syncEmployment(companyId: 4003, employees: [{email: \"tom.girard@lavande.test\", \
                firstName: \"Tom\", lastName: \"Girard\"}]) { id } } }";
    software(&double, sync).await;
    assert_eq!(accept(&double, 5010, &late).await["data"]["generateEmploymentToken"]["success"], true);
}

#[tokio::test]
async fn a_manager_lets_a_software_in_and_out() {
    let double = Double::start().await;
    let session = double.sign_in("camille.garnier@deuxrives.test").await;
    let on = format!("companyId: 4001, clientId: {OTHER_SOFTWARE}");
    let out = format!("mutation {{ dismissCompanyToken({on}) {{ id }} }}");
    assert_eq!(web(&double, &session, &out).await["errors"][0]["extensions"]["code"], "COMPANY_CLIENT_LINK_NOT_FOUND");
    let linked = web(&double, &session, &format!("mutation {{ generateCompanyToken({on}) {{ id }} }}")).await;
    assert_eq!(linked["data"]["generateCompanyToken"], json!([{"id": SOFTWARE}, {"id": OTHER_SOFTWARE}]));
    assert_eq!(web(&double, &session, &out).await["data"]["dismissCompanyToken"], json!([{"id": SOFTWARE}]));
}

#[tokio::test]
async fn vehicles_and_places_are_registered_once() {
    let double = Double::start().await;
    let session = double.sign_in("camille.garnier@deuxrives.test").await;
    for (document, code) in [
        (
            "vehicles { createVehicle(companyId: 4001, registrationNumber: \"GD-1-VR\") { id } }",
            "VEHICLE_ALREADY_REGISTERED",
        ),
        (
            "locations { createKnownAddress(companyId: 4001, manualAddress: \"Halte\") { id } }",
            "COMPANY_ADDRESS_ALREADY_REGISTERED",
        ),
    ] {
        let document = format!("mutation {{ {document} }}");
        assert!(web(&double, &session, &document).await.get("errors").is_none());
        assert_eq!(web(&double, &session, &document).await["errors"][0]["extensions"]["code"], code);
    }
}
