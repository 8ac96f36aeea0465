//! The parameters of one operation: what the contract and the provider accept, and the key under which cases are kept.

use super::france_connect::{self, Part};
use super::identity::{Identity, fold_into};
use super::refusal::{ErrorFormat, bad_parameter};
use super::rule::{Rule, code};
use crate::SandboxError;
use crate::gate::pairs;
use crate::reply::Reply;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use vigie_contract::model::{Location, Operation};
use vigie_scenario::text;

/// The end of the keys that count an identity.
const CONNECTED: char = '\u{F8FF}';

/// The query parameters of one operation, sorted by internal name.
pub(super) struct Rules {
    all: Vec<Rule>,
    by_name: HashMap<String, usize>,
    recipient: Option<usize>,
    /// Header and path parameters, which no key counts.
    aside: Vec<String>,
    connected: Option<Connected>,
    /// v2 students: a civil identity needs `sexe`.
    sex_of_identity: Option<usize>,
    /// One establishment, or a perimeter, not both.
    establishment: Option<(usize, Vec<usize>, Reply)>,
}

/// What counts of a call with a FranceConnect token.
struct Connected {
    parts: &'static [Part],
    /// Whether a parameter is compared beside the identity, by place.
    beside: Vec<bool>,
}

/// What of a query the operation knows, decoded.
pub(super) struct Sent<'q> {
    values: Vec<(usize, Cow<'q, str>)>,
    /// Whether something in the query is no percent-encoded UTF-8.
    pub(super) unreadable: bool,
}

impl Rules {
    /// Compiles the parameters of an operation.
    pub(super) fn new(operation: &Operation, document: &Value, form: ErrorFormat) -> Result<Self, SandboxError> {
        let (mut parameters, aside): (Vec<_>, Vec<_>) =
            operation.parameters.iter().partition(|parameter| parameter.location == Location::Query);
        parameters.sort_by_key(|parameter| parameter.internal_name());
        let rules = parameters
            .into_iter()
            .map(|parameter| Rule::new(operation, parameter, document, form))
            .collect::<Result<Vec<_>, _>>()?;
        let place = |name: &str| rules.iter().position(|rule| rule.name == name);
        let perimeter: Vec<usize> = ["codesBcnDepartements", "codesBcnRegions"].into_iter().filter_map(place).collect();
        let both = bad_parameter(form, "codeEtablissement", code("codesBcn", false), false);
        Ok(Self {
            by_name: rules.iter().enumerate().map(|(place, rule)| (rule.wire.clone(), place)).collect(),
            recipient: place("recipient"),
            aside: aside.into_iter().map(|parameter| parameter.name.clone()).collect(),
            connected: france_connect::row(operation).map(|(parts, beside)| Connected {
                parts,
                beside: rules.iter().map(|rule| beside.contains(&rule.name.as_str())).collect(),
            }),
            sex_of_identity: place("sexe").filter(|_| operation.path.ends_with("/v2/etudiants-boursiers")),
            establishment: place("codeEtablissement").map(|one| (one, perimeter, both)),
            all: rules,
        })
    }

    /// Reads a query. With a FranceConnect token the identity is the token's: what else names a person does not count.
    pub(super) fn read<'q>(&self, query: &'q str, france_connect: bool) -> Sent<'q> {
        let mut sent = Sent { values: Vec::with_capacity(self.all.len()), unreadable: false };
        for (name, value) in pairs(query) {
            let (Ok(name), Ok(value)) = (name, value) else {
                sent.unreadable = true;
                continue;
            };
            match self.by_name.get(name.as_ref()) {
                Some(place) if self.counts(*place, france_connect) => sent.values.push((*place, value)),
                _ => {}
            }
        }
        sent
    }

    /// Whether a parameter counts: with a FranceConnect token only what is compared beside the identity does.
    fn counts(&self, place: usize, france_connect: bool) -> bool {
        let connected = self.connected.as_ref().filter(|_| france_connect);
        connected.is_none_or(|connected| connected.beside[place]) || Some(place) == self.recipient
    }

    /// The recipient that was sent.
    pub(super) fn recipient<'s>(&self, sent: &'s Sent<'_>) -> Option<&'s str> {
        sent.last(self.recipient?)
    }

    /// The first parameter that cannot be accepted; the recipient has been looked at before.
    pub(super) fn refuse(&self, sent: &Sent<'_>, france_connect: bool) -> Option<&Reply> {
        let is_checked = |place: usize| Some(place) != self.recipient && self.counts(place, france_connect);
        for (place, rule) in self.all.iter().enumerate().filter(|(place, _)| is_checked(*place)) {
            let (items, single);
            let values: &[&str] = if rule.list {
                items = sent.of(place).collect::<Vec<_>>();
                &items
            } else {
                single = sent.last(place);
                single.as_slice()
            };
            if rule.required && values.iter().all(|value| value.is_empty()) {
                return Some(&rule.missing);
            }
            if !values.is_empty() && !rule.accepts(values) {
                return Some(&rule.invalid);
            }
        }
        if let Some(sex) = self.sex_of_identity.filter(|sex| !france_connect && sent.last(*sex).is_none()) {
            let is_identity = |name: &str| ["nom", "prenoms", "dateDeNaissance", "lieuDeNaissance"].contains(&name);
            if sent.values.iter().any(|(place, _)| is_identity(&self.all[*place].name)) {
                return Some(&self.all[sex].missing);
            }
        }
        let (one, perimeter, both) = self.establishment.as_ref()?;
        let sends = |place: usize| sent.of(place).any(|value| !value.is_empty());
        (sends(*one) && perimeter.iter().any(|place| sends(*place))).then_some(both)
    }

    /// The key of what was sent: equal for equal parameters, whatever their order and letter case.
    pub(super) fn key(&self, sent: &Sent<'_>) -> String {
        let mut key = String::with_capacity(192);
        for (place, rule) in self.all.iter().enumerate().filter(|(place, _)| Some(*place) != self.recipient) {
            if rule.list {
                add(&mut key, place, sent.of(place));
            } else {
                add(&mut key, place, sent.last(place).into_iter());
            }
        }
        key
    }

    /// The key of what was sent by whom a FranceConnect token stands for; `None` where the operation takes no such token.
    pub(super) fn connected_key(&self, sent: &Sent<'_>, identity: &Identity) -> Option<String> {
        let mut key = self.key(sent);
        identity.add_to(&mut key, self.connected.as_ref()?.parts);
        key.push(CONNECTED);
        Some(key)
    }

    /// The key of a stored case, `None` when it has a parameter that nobody can send.
    pub(super) fn key_of(&self, params: &Map<String, Value>) -> Option<String> {
        self.key_of_those(params, |_| true, |_| false)
    }

    /// The key of a stored case for FranceConnect tokens, `None` when it has a parameter that is not compared with them.
    pub(super) fn connected_key_of(&self, params: &Map<String, Value>) -> Option<String> {
        let connected = self.connected.as_ref()?;
        let is_part = |name: &str| connected.parts.iter().any(|part| part.name == name);
        let mut key = self.key_of_those(params, |place| connected.beside[place], is_part)?;
        Identity::Case(params.clone()).add_to(&mut key, connected.parts);
        key.push(CONNECTED);
        Some(key)
    }

    /// The key of the parameters that count, `None` when there is one that neither counts nor is known `elsewhere`.
    fn key_of_those(
        &self,
        params: &Map<String, Value>,
        counts: impl Fn(usize) -> bool,
        elsewhere: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut key = String::new();
        let given = |name: &str| params.get(name).filter(|value| !value.is_null());
        let counted =
            || self.all.iter().enumerate().filter(|(place, _)| Some(*place) != self.recipient && counts(*place));
        for (place, rule) in counted() {
            let value = given(&rule.name).or_else(|| given(&rule.wire)).map(text);
            add(&mut key, place, value.as_deref().into_iter());
        }
        let known = |name: &str| {
            name == "recipient"
                || elsewhere(name)
                || counted().any(|(_, rule)| rule.name == name || rule.wire == name)
                || self.aside.iter().any(|aside| aside == name)
        };
        params.iter().filter(|(_, value)| !value.is_null()).all(|(name, _)| known(name)).then_some(key)
    }
}

impl Sent<'_> {
    fn of(&self, place: usize) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(named, _)| *named == place).map(|(_, value)| value.as_ref())
    }

    fn last(&self, place: usize) -> Option<&str> {
        self.of(place).last()
    }
}

/// Appends the place and the folded values of a parameter that is there.
fn add<'v>(key: &mut String, place: usize, values: impl Iterator<Item = &'v str>) {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    key.extend(u32::try_from(place).ok().and_then(|place| char::from_u32(0xE000 + place)));
    for (position, value) in values.enumerate() {
        if position > 0 {
            key.push(' ');
        }
        fold_into(key, value);
    }
}

/// Whether a text is a SIRET: 14 digits with a Luhn checksum.
pub(super) fn is_siret(text: &str) -> bool {
    let digits = || text.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let luhn = |(place, digit): (usize, u32)| match digit * (1 + u32::from(place % 2 == 1)) {
        double @ 10.. => double - 9,
        digit => digit,
    };
    text.len() == 14 && digits().all(|digit| digit < 10) && digits().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::{Rules, is_siret};
    use crate::api_particulier::refusal::ErrorFormat;
    use serde_json::{Map, Value, json};
    use vigie_contract::model::Contract;

    fn rules(path: &str, form: ErrorFormat) -> Rules {
        let parameters = json!([
            {"in": "query", "name": "recipient", "required": true, "schema": {"type": "string"}},
            {"in": "query", "name": "prenoms[]", "schema": {"type": "array", "items": {"type": "string"}}},
            {"in": "query", "name": "nom", "schema": {"type": "string"}},
            {"in": "query", "name": "sexe", "schema": {"type": "string"}},
            {"in": "query", "name": "identifiant", "required": true, "schema": {"type": "string"}},
            {"in": "header", "name": "Cache-Control", "schema": {"type": "string"}},
        ]);
        let operation = json!({"operationId": "op", "parameters": parameters, "responses": {}});
        let contract = Contract::new("t/v1", json!({"paths": {path: {"get": operation}}}));
        Rules::new(&contract.operations[0], &contract.document, form).expect("the schemas are valid")
    }

    fn params(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn the_key_of_a_request_is_that_of_its_case_whatever_the_order_and_the_letter_case() {
        let rules = rules("/v3/a", ErrorFormat::Structured);
        let case = json!({"nom": "ÉTÉ", "prenoms": ["A", "B"], "recipient": "1", "Cache-Control": "x", "sexe": null});
        let key = rules.key_of(&params(&case)).expect("every parameter can be sent");
        let sent = |query: &'static str| rules.key(&rules.read(query, false));
        assert_eq!(sent("prenoms[]=a&nom=%C3%A9t%C3%A9&prenoms%5B%5D=b&recipient=2&unheard-of=3"), key);
        assert_eq!(sent("nom=%C3%89T%C3%89&prenoms[]=A+B"), key);
        for other in ["nom=%C3%A9t%C3%A9", "nom=ete&prenoms[]=a&prenoms[]=b", "nom=%C3%A9t%C3%A9&prenoms=a+b"] {
            assert_ne!(sent(other), key, "{other}");
        }
        assert_ne!(sent("prenoms[]=a&prenoms[]=b&nom=%C3%A9t%C3%A9&sexe="), key, "an empty parameter is sent");
    }

    #[test]
    fn a_case_with_a_parameter_that_nobody_can_send_has_no_key() {
        let rules = rules("/v3/a", ErrorFormat::Structured);
        assert_eq!(rules.key_of(&params(&json!({"nom": "A", "nomm": "B"}))), None);
        assert_eq!(rules.connected_key_of(&params(&json!({"nom": "A"}))), None, "it takes no FranceConnect token");
    }

    #[test]
    fn what_is_required_must_be_there_and_not_empty() {
        let rules = rules("/v3/a", ErrorFormat::Structured);
        let code = |query: &'static str| {
            let reply = rules.refuse(&rules.read(query, false), false)?;
            let body: Value = serde_json::from_slice(&reply.body).expect("JSON");
            Some((body["errors"][0]["code"].clone(), body["errors"][0]["source"]["parameter"].clone()))
        };
        assert_eq!(code("nom=A"), Some((json!("00380"), json!("identifiant"))));
        assert_eq!(code("identifiant="), Some((json!("00380"), json!("identifiant"))));
        assert_eq!(code("identifiant=%ff"), Some((json!("00380"), json!("identifiant"))));
        assert_eq!(code("identifiant=A&nom=B"), None);
    }

    #[test]
    fn a_student_without_sex_is_refused_only_with_a_civil_identity() {
        let rules = rules("/api/v2/etudiants-boursiers", ErrorFormat::Flat);
        let refused = |query: &'static str, connected| rules.refuse(&rules.read(query, connected), connected).is_some();
        assert!(refused("identifiant=1&nom=A", false));
        assert!(!refused("identifiant=1&nom=A&sexe=F", false));
        assert!(!refused("identifiant=1", false));
        assert!(!refused("identifiant=1&nom=A", true));
    }

    #[test]
    fn a_siret_has_a_checksum() {
        assert!(is_siret("13002526500013"));
        for wrong in ["13002526500014", "1300252650001", "130025265000130", "1300252650001é", "", "é3002526500013"] {
            assert!(!is_siret(wrong), "{wrong}");
        }
    }
}
