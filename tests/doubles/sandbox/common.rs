//! A sandbox with the contracts and cases of the tree, and a client that follows no redirects.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use serde_json::Value;
use std::net::SocketAddr;
use vigie_contract::model::Contract;
use vigie_sandbox::api_particulier::dialect::DIALECT;
use vigie_sandbox::api_particulier::{TOKEN, sandbox};
use vigie_sandbox::{Options, Running};
use vigie_scenario::{Choice, Corpus, parse_case, read_corpus};

/// A file of the tree.
pub(crate) fn file(path: &str) -> String {
    let path = support::root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The vendored contracts of API Particulier.
pub(crate) fn contracts() -> Vec<Contract> {
    let read = |version: &str| {
        let text = file(&format!("specs/api-particulier/{version}/open-api.yml"));
        let document: Value = serde_yaml::from_str(&text).expect("the contract is YAML");
        Contract::new(&format!("api-particulier/{version}"), document)
    };
    vec![read("v2"), read("v3")]
}

/// The cases of the tree.
pub(crate) fn tree() -> Corpus {
    let folder = support::root().join("tests/scenarios/api-particulier");
    read_corpus(&folder, &DIALECT, &contracts(), &Choice::default()).expect("the cases can be read")
}

/// A corpus of the given cases: operation, name, text.
pub(crate) fn corpus(cases: &[(&str, &str, &str)]) -> Corpus {
    let mut corpus = Corpus::new(&DIALECT);
    for (operation, name, text) in cases {
        let case =
            parse_case(operation, &format!("{operation}/{name}.yml"), text, &DIALECT).expect("the case can be read");
        corpus.scenarios.push(case.into());
    }
    corpus
}

/// Starts a sandbox on a free port.
pub(crate) async fn start(corpus: &Corpus, options: &Options) -> Running {
    let scopes = file("specs/api-particulier/scopes.yml");
    let sandbox = sandbox(&contracts(), &scopes, corpus, options).expect("the sandbox can be made");
    sandbox.start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port")
}

/// A client without proxy.
pub(crate) fn client() -> Client {
    // The clients of this crate choose the provider of TLS; these tests speak plain HTTP but reqwest asks for one.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// A civil identity that every operation of that kind accepts.
pub(crate) const CIVIL: &str = "nomNaissance=MARTIN&prenoms[]=Jean&anneeDateNaissance=1990&moisDateNaissance=2\
    &jourDateNaissance=3&sexeEtatCivil=M&codeCogInseePaysNaissance=99100";
/// A good recipient, as a query.
pub(crate) const RECIPIENT: &str = "recipient=13002526500013";
/// An operation of v3 with scopes, by civil identity.
pub(crate) const QF: &str = "/v3/dss/quotient_familial/identite";
/// The id of [`QF`].
pub(crate) const QF_ID: &str = "api_particulier_v3_cnav_quotient_familial_with_civility";
/// A case of [`QF`] that [`CIVIL`] finds.
pub(crate) const QF_CASE: &str = "status: 200
params: {nomNaissance: MARTIN, prenoms: [Jean], anneeDateNaissance: 1990, moisDateNaissance: 2, jourDateNaissance: 3,
  sexeEtatCivil: M, codeCogInseePaysNaissance: '99100'}
payload: '{\"data\": {\"quotient_familial\": {}, \"allocataires\": [], \"enfants\": [], \"adresse\": {}}}'
";

/// What came back.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    /// The body; `null` if it is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// `errors[0].code`, or `error`, or nothing.
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        let code = body["errors"][0]["code"].as_str().or(body["error"].as_str());
        code.unwrap_or_default().to_owned()
    }

    /// The parameter that `errors[0]` names.
    pub(crate) fn parameter(&self) -> String {
        self.json()["errors"][0]["source"]["parameter"].as_str().unwrap_or_default().to_owned()
    }

    /// A header as text; empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of visible ASCII"))
    }
}

/// A running sandbox and a client of it.
pub(crate) struct Site {
    pub(crate) running: Running,
    client: Client,
}

impl Site {
    pub(crate) async fn new(cases: &[(&str, &str, &str)], options: &Options) -> Self {
        Self::of(&corpus(cases), options).await
    }

    pub(crate) async fn of(corpus: &Corpus, options: &Options) -> Self {
        Self { running: start(corpus, options).await, client: client() }
    }

    /// Any request with these headers.
    pub(crate) async fn send(&self, method: Method, target: &str, headers: &[(&str, &str)]) -> Seen {
        let mut request = self.client.request(method, format!("{}{target}", self.running.base_url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Seen { status, headers, text: response.text().await.expect("a body") }
    }

    /// GET with a bearer token.
    pub(crate) async fn bearer(&self, target: &str, token: &str) -> Seen {
        self.send(Method::GET, target, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// GET with an API token of v2.
    pub(crate) async fn key(&self, target: &str, token: &str) -> Seen {
        self.send(Method::GET, target, &[("x-api-key", token)]).await
    }

    /// GET of a v3 operation with the token of every scope and a good recipient.
    pub(crate) async fn get(&self, path: &str, query: &str) -> Seen {
        self.bearer(&format!("{path}?{RECIPIENT}&{query}"), TOKEN).await
    }
}
