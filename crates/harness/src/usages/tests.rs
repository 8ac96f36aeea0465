use super::{Operations, UsagesError, usages};
use serde_json::Value;
use std::path::Path;
use vigie_drift::causes::group;
use vigie_drift::comparison::Cause;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::find;

const STUDENT: &str = "GET /v3/mesri/statut_etudiant/ine";
const OTHER: &str = "GET /v3/cnous/etudiant_boursier/ine";

fn cause(kind: Kind, operation: &str, place: &str) -> Cause {
    let Ok(place) = place.parse();
    let finding = find(Deviation::new(kind, place, "required", Value::Null).of(operation), |_| None);
    group(&[finding]).remove(0)
}

fn removed(operation: &str, name: &str) -> Cause {
    cause(Kind::ResponsePropertyRemoved, operation, &format!("200 data.{name}"))
}

/// Where files of these contents use the causes.
fn used(files: &[(&str, &str)], causes: &[Cause], operations: &Operations) -> (Vec<Vec<String>>, Vec<String>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }
    let mut causes = causes.to_vec();
    let notes = usages(folder.path(), &mut causes, operations).expect("it is a folder");
    (causes.into_iter().map(|cause| cause.used.expect("it is told")).collect(), notes)
}

fn is_named(operation: &str, ids: &[&str], text: &str) -> bool {
    let operations = [(operation.to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())].into();
    let (used, _) = used(&[("a.txt", text)], &[cause(Kind::OperationRemoved, operation, "")], &operations);
    !used[0].is_empty()
}

#[test]
fn a_name_counts_where_its_operation_is_called_and_nowhere_else() {
    let files = [
        ("src/client.py", "url = f\"{BASE}/v3/mesri/statut_etudiant/ine?ine={ine}\"\n"),
        ("src/view.py", "# nothing\nprint(answer['nom'])\n"),
    ];
    let causes = [removed(STUDENT, "nom"), removed(OTHER, "nom"), removed(STUDENT, "prenom")];
    let (used, notes) = used(&files, &causes, &Operations::new());
    assert_eq!(used, [vec!["src/view.py:2"], vec![], vec![]]);
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn without_any_operation_names_alone_must_do_and_a_note_says_so() {
    let (used, notes) = used(
        &[("a.rb", "etudiant.nom\n")],
        &[removed(STUDENT, "nom"), cause(Kind::OperationRemoved, OTHER, "")],
        &Operations::new(),
    );
    assert_eq!(used, [vec!["a.rb:1"], vec![]]);
    assert!(notes[0].contains("name no operation"), "{notes:?}");
}

#[test]
fn recorded_answers_have_names_alone_and_a_document_that_is_not_credible_has_none() {
    let answer = cause(Kind::ResponseTypeChanged, "", "/data/*/nom");
    let (used, notes) = used(&[("a.rb", "etudiant.nom\n")], &[answer], &Operations::new());
    assert_eq!((used, notes), (vec![vec!["a.rb:1".to_owned()]], vec![]));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut causes = [cause(Kind::DocumentImplausible, "*", "")];
    usages(folder.path(), &mut causes, &Operations::new()).expect("it is a folder");
    assert_eq!(causes[0].used, None);
}

#[test]
fn names_are_whole_words_in_the_manner_of_any_language() {
    let call = ("call.txt", "GET /v3/mesri/statut_etudiant/ine");
    for (text, place, found) in [
        ("a.date_de_naissance", "200 dateDeNaissance", true),
        ("a.dateDeNaissance", "200 date_de_naissance", true),
        ("type DateDeNaissance", "200 date_de_naissance", true),
        ("DATE_DE_NAISSANCE = 1", "200 dateDeNaissance", true),
        ("dateDeNaissances", "200 dateDeNaissance", false),
        ("ma_date_de_naissance", "200 dateDeNaissance", false),
        ("prenoms[]=Jean", "query:prenoms[]", true),
        ("response.headers['x-response-cached']", "200 header X-Response-Cached", true),
        ("NOM = 1", "200 Nom", true),
        ("nommé", "200 nom", false),
    ] {
        let (used, _) =
            used(&[call, ("a.txt", text)], &[cause(Kind::ResponsePropertyRemoved, STUDENT, place)], &Operations::new());
        assert_eq!(!used[0].is_empty(), found, "{place} in {text}");
    }
}

#[test]
fn an_operation_is_named_by_its_path_however_it_is_put_together() {
    for (text, named) in [
        ("https://example.org/v3/mesri/statut_etudiant/ine", true),
        ("base + '/v3/mesri/statut_etudiant/ine?x=1'", true),
        ("base + '/mesri/statut_etudiant/ine'", true),
        ("`${base}/mesri/statut_etudiant/ine`", true),
        ("Url.join(\"v3/mesri/statut_etudiant/ine\")", true),
        ("/v3/mesri/statut_etudiant/ine/", true),
        ("/v3/mesri/statut_etudiant", false),
        ("/v3/mesri/statut_etudiant/ine/liste", false),
        ("/v3/mesri/statut_etudiant/ine_scolaire", false),
        ("/v4/mesri/statut_etudiant/ine", false),
    ] {
        assert_eq!(is_named(STUDENT, &[], text), named, "{text}");
    }
    for (text, named) in [
        ("f\"{base}/users/{user_id}/posts\"", true),
        ("base + \"/users/\" + id + \"/posts\"", true),
        ("/users/7", false),
        ("/users/7/comments", false),
        ("/users/\n/posts", false),
    ] {
        assert_eq!(is_named("GET /users/{id}/posts", &[], text), named, "{text}");
    }
    for (text, named) in [
        ("get('/ping')", true),
        ("https://host.example/ping", true),
        ("/api/caf/ping", false),
        ("a/ping", false),
        ("/ping/caf", false),
    ] {
        assert_eq!(is_named("GET /ping", &[], text), named, "{text}");
    }
}

#[test]
fn an_operation_is_named_by_its_id_in_any_case() {
    let ids = ["api_v3_statut_etudiant"];
    for (text, named) in [
        ("client.api_v3_statut_etudiant()", true),
        ("client.apiV3StatutEtudiant()", true),
        ("api_v3_statut_etudiant_ine()", false),
    ] {
        assert_eq!(is_named(STUDENT, &ids, text), named, "{text}");
    }
    assert!(is_named(STUDENT, &["ping"], "client.ping()") && !is_named(STUDENT, &["ping"], "ping the host"));
    assert!(is_named("query currentUser", &[], "query { currentUser { id } }"));
}

#[test]
fn a_caller_that_leaves_out_what_is_now_required_is_hit_by_it() {
    let cause = cause(Kind::ParameterBecameRequired, STUDENT, "query:recipient");
    let (used, _) = used(&[("a.py", "get(base + '/v3/mesri/statut_etudiant/ine')")], &[cause], &Operations::new());
    assert_eq!(used, [["a.py:1"]]);
}

#[test]
fn what_is_no_source_is_not_searched() {
    let call = ("call.txt", "/v3/mesri/statut_etudiant/ine");
    let large = "nom ".repeat(300_000);
    for (name, text) in [
        ("target/debug/a.rs", "nom"),
        ("vendor/api.yml", "# theirs\nopenapi: 3.0.0\nnom: 1\n"),
        ("vendor/api.json", "{\n  \"openapi\": \"3.0.0\", \"nom\": 1}"),
        ("a.bin", "nom \0 nom"),
        ("large.txt", &large),
        (".git/config", "nom"),
        ("ignored.txt", "nom"),
    ] {
        let files = [call, (".gitignore", "ignored.txt\n"), (name, text)];
        assert_eq!(used(&files, &[removed(STUDENT, "nom")], &Operations::new()).0, [[""; 0]], "{name}");
    }
    assert!(matches!(usages(Path::new("/no/such"), &mut [], &Operations::new()), Err(UsagesError::Unreadable { .. })));
}

#[test]
fn a_server_is_used_where_its_host_stands_and_places_are_limited() {
    let (used, _) = used(
        &[("a.txt", "https://old.example.org/v3"), ("b.txt", &"nom /v3/mesri/statut_etudiant/ine\n".repeat(30))],
        &[cause(Kind::ServerRemoved, "*", "https://old.example.org"), removed(STUDENT, "nom")],
        &Operations::new(),
    );
    assert_eq!((used[0].as_slice(), used[1].len()), (["a.txt:1".to_owned()].as_slice(), 20));
    assert_eq!(used[1][1], "b.txt:2");
}
