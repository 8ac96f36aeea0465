//! `vigie record`: what it writes replays, and holds no value of anybody's.

mod double;
mod real;

use crate::needles::{Needles, files};
use double::{Double, Told, vigie};
use std::path::Path;
use vigie_harness::providers::provider;
use vigie_harness::record::{Recording, Redaction};
use vigie_harness::runner::{Plan, Store, Target};

const KEY: &str = "6f1d6a0f3c2b4e5d8a9b0c1d2e3f4051";
const TOKEN: &str = "sandbox-token";
/// The same invented person is in all of these; see [`corpus`].
const QUOTIENT: &str = "api_particulier_v3_cnav_quotient_familial_with_civility";
const CONNECTED: &str = "api_particulier_v3_cnav_quotient_familial_with_france_connect";
const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_civility";
const PUPIL: &str = "api_particulier_v3_men_scolarites_with_civility";
const GRANT: &str = "api_particulier_v2_cnous_student_scholarship";

/// People who are easy to find: names and values in the forms in which they go over the wire.
const PEOPLE: [&str; 22] = [
    "OSTERMANN",
    "Ostermann",
    "Liselotte",
    "LISELOTTE",
    "Brünhilde",
    "BRÜNHILDE",
    "VANDERPUTTE",
    "1987-03-14",
    "14/03/1987",
    "2011-11-27",
    "88493 GÉRARDMER",
    "17 ALLEE DES TOURTEREAUX",
    "liselotte.ostermann@courriel.example",
    "06 39 98 41 27",
    "0639984127",
    "7734219",
    "2790512345G",
    "13002526500013",
    "Madame LISELOTTE OSTERMANN",
    "f81d4fae-7dec-41d0-a765-00a0c91e6bf6",
    "88160",
    "8473",
];

/// Cases in which one person asks for several things, and a corpus of our own beside them.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let own = support::root().join("tests/scenarios/api-particulier");
    for operation in [QUOTIENT, CONNECTED, STUDENT, PUPIL, GRANT] {
        let target = folder.path().join(operation);
        std::fs::create_dir(&target).expect("it is made");
        for entry in std::fs::read_dir(own.join(operation)).expect("our own cases").flatten() {
            std::fs::copy(entry.path(), target.join(entry.file_name())).expect("it is copied");
        }
    }
    let parent = "nomNaissance: OSTERMANN\n  nomUsage: VANDERPUTTE\n  prenoms: [Liselotte, Brünhilde]\n  anneeDateNaissance: 1987\n  \
                  moisDateNaissance: 3\n  jourDateNaissance: 14\n  sexeEtatCivil: F\n  codeCogInseePaysNaissance: '99100'\n  \
                  codeCogInseeCommuneNaissance: '88160'";
    let family = r#"{"data": {"adresse": {"code_postal_ville": "88493 GÉRARDMER", "complement_information": "f81d4fae-7dec-41d0-a765-00a0c91e6bf6",
        "complement_information_geographique": "liselotte.ostermann@courriel.example 06 39 98 41 27", "destinataire": "Madame LISELOTTE OSTERMANN",
        "lieu_dit": "0639984127", "numero_libelle_voie": "17 ALLEE DES TOURTEREAUX", "pays": "FRANCE"}, "allocataires": [{"date_naissance": "1987-03-14",
        "nom_naissance": "OSTERMANN", "nom_usage": "VANDERPUTTE", "prenoms": "LISELOTTE BRÜNHILDE", "sexe": "F"}], "enfants": [{"date_naissance":
        "2011-11-27", "nom_naissance": "VANDERPUTTE", "nom_usage": null, "prenoms": "BRÜNHILDE", "sexe": "F"}], "quotient_familial": {"annee": 2024,
        "annee_calcul": 2024, "fournisseur": "CNAF", "mois": 5, "mois_calcul": 5, "valeur": 8473}}, "links": {}, "meta": {}}"#;
    let scholar = r#"{"nom": "Ostermann", "prenom": "Liselotte", "prenom2": "Brünhilde", "dateNaissance": "1987-03-14", "lieuNaissance": "GÉRARDMER",
        "sexe": "F", "boursier": true, "echelonBourse": "6", "email": "liselotte.ostermann@courriel.example", "dateDeRentree": "2024-09-01",
        "dureeVersement": 12, "statut": 0, "statutLibelle": "définitif pour 7734219 le 14/03/1987", "villeEtudes": "GÉRARDMER", "etablissement": "LYCEE OSTERMANN"}"#;
    for (file, text) in [
        (
            format!("{QUOTIENT}/200-famille-ostermann.yml"),
            format!("description: Madame LISELOTTE OSTERMANN\nparams:\n  {parent}\nstatus: 200\npayload: '{family}'\n"),
        ),
        (
            format!("{CONNECTED}/200-Liselotte.yml"),
            format!("params:\n  {parent}\n  recipient: '13002526500013'\nstatus: 200\npayload: '{family}'\n"),
        ),
        (
            format!("{GRANT}/200-boursiere.yml"),
            format!("params: {{ine: 2790512345G}}\nstatus: 200\npayload: '{scholar}'\n"),
        ),
    ] {
        std::fs::write(folder.path().join(file), text).expect("it is written");
    }
    folder
}

fn record(corpus: &Path, target: &str, out: &Path, variables: &[(&str, &str)]) -> Told {
    let out = out.to_str().expect("a path in UTF-8");
    vigie(corpus, &["record", "--corpus", ".", "--target", target, "--out", out], variables)
}

fn read(folder: &Path, file: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_yaml::from_str(&text).expect("it is YAML")
}

#[test]
fn a_recording_replays_and_holds_nothing_of_anybody() {
    let corpus = corpus();
    let double = Double::of(corpus.path());
    let place = tempfile::tempdir().expect("a temporary folder");
    let [first, second, other] = ["first", "second", "other"].map(|name| place.path().join(name));
    let told = record(corpus.path(), &double.url, &first, &[("VIGIE_RECORD_KEY", KEY)]);
    assert_eq!(told.code, Some(0), "{}", told.text);
    // Whatever is in a name of a file of theirs, it is told to whoever called, and to no file.
    assert!(!told.text.contains(KEY), "{}", told.text);

    // Found nowhere, in no way of writing it.
    let mut needles = Needles::of_people(&PEOPLE);
    needles.add_corpus(corpus.path());
    needles.add_secrets(&[KEY, TOKEN]);
    let searched = needles.assert_absent(&first);
    eprintln!("{} values, {} spellings, searched in {} files", needles.values(), needles.spellings(), searched);
    assert!(needles.values() > 200 && searched > 100);

    // It replays, FranceConnect and refusals included.
    let out = first.to_str().expect("UTF-8");
    let snapshots = first.join("snapshots");
    let before = files(&first);
    let told = vigie(place.path(), &["check", "--corpus", out, "--snapshots", snapshots.to_str().expect("UTF-8")], &[]);
    assert_eq!(told.code, Some(0), "{}", told.text);
    let cases = before.keys().filter(|path| path.extension().is_some_and(|extension| extension == "yml")).count();
    assert!(told.text.contains(&format!("{cases} of {cases} cases conform")), "{}", told.text);
    assert!(!told.text.contains("new snapshot"), "{}", told.text);
    assert_eq!(files(&first), before);

    // One key gives one recording, and another key another one.
    assert_eq!(record(corpus.path(), &double.url, &second, &[("VIGIE_RECORD_KEY", KEY)]).code, Some(0));
    assert_eq!(files(&second), before);
    let told = record(corpus.path(), &double.url, &second, &[("VIGIE_RECORD_KEY", KEY)]);
    assert!(told.text.contains("0 files written"), "{}", told.text);
    let another = "another key, and long enough to be one";
    assert_eq!(record(corpus.path(), &double.url, &other, &[("VIGIE_RECORD_KEY", another)]).code, Some(0));
    let family = |folder: &Path| {
        let name =
            std::fs::read_dir(folder.join(QUOTIENT)).expect("it is there").flatten().map(|entry| entry.file_name());
        let name = name.filter_map(|name| name.into_string().ok()).find(|name| name.starts_with("200-famille-"));
        read(folder, &format!("{QUOTIENT}/{}", name.expect("the case of the family")))
    };
    let (own, others) = (family(&first), family(&other));
    assert_ne!(own["params"]["nomNaissance"], others["params"]["nomNaissance"]);

    // The same person is the same person in every operation, in every letter case.
    let payload: serde_json::Value =
        serde_json::from_str(own["payload"].as_str().expect("a text")).expect("it is JSON");
    let params = &own["params"];
    assert_eq!(payload["data"]["allocataires"][0]["nom_naissance"], params["nomNaissance"]);
    let first_name = params["prenoms"][0].as_str().expect("a text").to_uppercase();
    let name = params["nomNaissance"].as_str().expect("a text");
    let addressee = payload["data"]["adresse"]["destinataire"].as_str().expect("a text");
    assert!(addressee.ends_with(&format!("{first_name} {name}")), "{addressee}");
    let number = |key: &str| params[key].as_u64().expect("a number");
    let (year, month, day) = (number("anneeDateNaissance"), number("moisDateNaissance"), number("jourDateNaissance"));
    assert_eq!(payload["data"]["allocataires"][0]["date_naissance"], format!("{year}-{month:02}-{day:02}"));
    let scholar = read(&first, &format!("{GRANT}/200-boursiere.yml"));
    let scholar: serde_json::Value =
        serde_json::from_str(scholar["payload"].as_str().expect("a text")).expect("it is JSON");
    assert_eq!(scholar["nom"].as_str().expect("a text").to_uppercase(), name);
    assert_eq!(scholar["dateNaissance"], payload["data"]["allocataires"][0]["date_naissance"]);
    assert!(
        scholar["statutLibelle"].as_str().is_some_and(|text| text.ends_with(&format!("{day:02}/{month:02}/{year}")))
    );
    assert_eq!((&scholar["sexe"], &scholar["boursier"]), (&"F".into(), &true.into()));
    assert_ne!(params["nomNaissance"], "OSTERMANN");
}

#[test]
fn with_a_real_token_what_it_cannot_provoke_is_told_and_the_token_is_nowhere() {
    let corpus = corpus();
    let double = Double::of(corpus.path());
    let place = tempfile::tempdir().expect("a temporary folder");
    let variables = [("VIGIE_RECORD_KEY", KEY), ("VIGIE_API_PARTICULIER_TOKEN", TOKEN)];
    let told = record(corpus.path(), &double.url, place.path(), &variables);
    assert_eq!(told.code, Some(3), "{}", told.text);
    assert!(told.text.contains(&format!("left out  {CONNECTED}/200-Liselotte: ")), "{}", told.text);
    let mut needles = Needles::of_people(&PEOPLE);
    needles.add_corpus(corpus.path());
    needles.add_secrets(&[KEY, TOKEN]);
    needles.assert_absent(place.path());
    let told = vigie(place.path(), &["check", "--corpus", "."], &[]);
    assert_eq!(told.code, Some(0), "{}", told.text);
}

#[test]
fn of_production_there_are_shapes_and_not_even_a_pseudonym() {
    let corpus = corpus();
    let double = Double::of(corpus.path());
    let place = tempfile::tempdir().expect("a temporary folder");
    let (shapes, cases) = (place.path().join("shapes"), place.path().join("cases"));
    // A host of this machine stands for production.
    let session = || {
        let mut plan =
            Plan::new(provider("api-particulier").expect("it is known"), Some(corpus.path())).expect("it is good");
        plan.target = Target::Url(double.url.clone());
        plan.snapshots = Store::Off;
        plan.start(|_| true)
    };
    let recorded = double.runtime.block_on(async {
        let recording = Recording { out: shapes.clone(), redaction: Redaction::Outlines, public: false };
        session().await.expect("it answers").record(recording).await
    });
    let recorded = recorded.expect("it is recorded");
    assert!(
        recorded
            .left_out
            .iter()
            .any(|(case, reason)| case.ends_with("200-famille-ostermann") && reason.contains("rename"))
    );
    assert!(recorded.written.iter().all(
        |path| path.starts_with("snapshots/") && Path::new(path).extension().is_some_and(|ending| ending == "snap")
    ));
    let mut needles = Needles::of_people(&PEOPLE);
    needles.add_corpus(corpus.path());
    needles.add_secrets(&[TOKEN]);
    assert!(needles.assert_absent(&shapes) > 40);
    assert_eq!(record(corpus.path(), &double.url, &cases, &[("VIGIE_RECORD_KEY", KEY)]).code, Some(0));
    let mut pseudonyms = Needles::default();
    pseudonyms.add_corpus(&cases);
    assert!(pseudonyms.values() > 200);
    pseudonyms.assert_absent(&shapes);

    // The shapes of other people's answers are the same shapes, and another shape is drift.
    let check = |target: &str| {
        let shapes = shapes.join("snapshots");
        let shapes = shapes.to_str().expect("UTF-8");
        vigie(
            corpus.path(),
            &["check", "--corpus", ".", "--snapshots", shapes, "--target", target, "--case", "200-bour*"],
            &[],
        )
    };
    assert_eq!(check(&double.url).code, Some(0));
    let file = corpus.path().join(GRANT).join("200-boursiere.yml");
    let text = std::fs::read_to_string(&file).expect("it reads");
    for (from, to, code) in [("Ostermann", "Van Houten", 0), ("\"1987-03-14\"", "\"14/03/1987\"", 1)] {
        std::fs::write(&file, text.replace(from, to)).expect("it is written");
        let changed = Double::of(corpus.path());
        let told = check(&changed.url);
        assert_eq!(told.code, Some(code), "{}", told.text);
    }
}

#[test]
fn a_refresh_keeps_what_people_wrote_and_an_outage_keeps_all() {
    let corpus = corpus();
    let double = Double::of(corpus.path());
    let place = tempfile::tempdir().expect("a temporary folder");
    let variables = [("VIGIE_RECORD_KEY", KEY)];
    assert_eq!(record(corpus.path(), &double.url, place.path(), &variables).code, Some(0));
    let (file, renamed) =
        (place.path().join(GRANT).join("200-boursiere.yml"), place.path().join(GRANT).join("200-etudiante.yml"));
    let text = std::fs::read_to_string(&file).expect("it was recorded");
    let own = format!("# mine\ndescription: A student.\n{text}");
    std::fs::write(&renamed, &own).expect("it is written");
    std::fs::remove_file(&file).expect("it is removed");
    assert_eq!(record(corpus.path(), &double.url, place.path(), &variables).code, Some(0));
    assert!(!file.exists());
    assert_eq!(std::fs::read_to_string(&renamed).expect("it is there"), own);

    // The answer changes: what people wrote stays.
    let given = corpus.path().join(GRANT).join("200-boursiere.yml");
    let changed =
        std::fs::read_to_string(&given).expect("it reads").replace("\"boursier\": true", "\"boursier\": false");
    std::fs::write(&given, changed).expect("it is written");
    let changed = Double::of(corpus.path());
    assert_eq!(record(corpus.path(), &changed.url, place.path(), &variables).code, Some(0));
    let text = std::fs::read_to_string(&renamed).expect("it is there");
    assert!(text.contains("description: A student.") && text.contains("\"boursier\": false"), "{text}");

    let before = files(place.path());
    let down = support::host::start(|first| {
        let status = if first.starts_with("HEAD") { "204 No Content" } else { "503 Service Unavailable" };
        support::host::http(status, [("Content-Type", "text/html")], "<html>Maintenance</html>")
    });
    let variables = [("VIGIE_RECORD_KEY", KEY), ("VIGIE_API_PARTICULIER_TOKEN", TOKEN)];
    let told = record(corpus.path(), &down, place.path(), &variables);
    assert_eq!(told.code, Some(3), "{}", told.text);
    assert!(told.text.contains(&format!("left out  {GRANT}/200-boursiere: ")), "{}", told.text);
    assert_eq!(files(place.path()), before);
}

#[test]
fn a_target_that_tells_the_token_is_not_recorded() {
    let corpus = tempfile::tempdir().expect("a temporary folder");
    let token = "t0ken-that-nobody-else-has";
    for (name, ine) in [("200-a", "1234567890G"), ("200-b", "1234567890H")] {
        std::fs::create_dir_all(corpus.path().join(GRANT)).expect("it is made");
        let case = format!("params: {{ine: {ine}}}\nstatus: 200\npayload: '{{}}'\n");
        std::fs::write(corpus.path().join(GRANT).join(format!("{name}.yml")), case).expect("it is written");
    }
    let target = support::host::start(move |first| {
        let body = if first.contains("1234567890H") {
            r#"{"t0ken-that-nobody-else-has": true, "nom": "t0ken-that-nobody-else-has"}"#
        } else {
            r#"{"nom": "t0ken-that-nobody-else-has", "etablissement": "Bearer t0ken-that-nobody-else-has"}"#
        };
        support::host::http(
            if first.starts_with("HEAD") { "204 No Content" } else { "200 OK" },
            [("Content-Type", "application/json")],
            body,
        )
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let variables = [("VIGIE_RECORD_KEY", KEY), ("VIGIE_API_PARTICULIER_TOKEN", token)];
    let told = record(corpus.path(), &target, place.path(), &variables);
    assert_eq!(told.code, Some(0), "{}", told.text);
    let mut needles = Needles::default();
    needles.add_secrets(&[KEY, token]);
    assert!(needles.assert_absent(place.path()) >= 2);
}

#[test]
fn a_missing_key_is_made_for_its_owner_alone_and_never_shown() {
    let corpus = corpus();
    let double = Double::of(corpus.path());
    let out = tempfile::tempdir().expect("a temporary folder");
    let arguments = |out: &str| {
        ["record", "--corpus", ".", "--target", &double.url, "--operation", GRANT, "--out", out].map(str::to_owned)
    };
    let run = |out: &Path, more: &[&str]| {
        let own = arguments(out.to_str().expect("UTF-8"));
        let own: Vec<&str> = own.iter().map(String::as_str).chain(more.iter().copied()).collect();
        vigie(corpus.path(), &own, &[])
    };
    let told = run(out.path(), &[]);
    assert_eq!(told.code, Some(0), "{}", told.text);
    assert!(told.text.contains("created a new key: .vigie/record.key"), "{}", told.text);
    let folder = corpus.path().join(".vigie");
    let key = std::fs::read_to_string(folder.join("record.key")).expect("it was made");
    assert_eq!(key.trim().len(), 64);
    assert_eq!(std::fs::read_to_string(folder.join(".gitignore")).ok().as_deref(), Some("*\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.join("record.key")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let mut needles = Needles::default();
    needles.add_secrets(&[key.trim()]);
    needles.assert_absent(out.path());
    let again = run(out.path(), &[]);
    assert!(again.text.contains("0 files written") && !again.text.contains("new key"), "{}", again.text);
    assert!(!told.text.contains(key.trim()) && !again.text.contains(key.trim()));

    let inside = out.path().join("key");
    assert_eq!(run(out.path(), &["--key-file", inside.to_str().expect("UTF-8")]).code, Some(2));
    assert!(!inside.exists());
    let short = corpus.path().join("short");
    std::fs::write(&short, "hunter2\n").expect("it is written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let told = run(out.path(), &["--key-file", "short"]);
        assert!(told.code == Some(2) && told.text.contains("readable by others"), "{}", told.text);
        std::fs::set_permissions(&short, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
    }
    let told = run(out.path(), &["--key-file", "short"]);
    assert_eq!(told.code, Some(2));
    assert!(told.text.contains("fewer than 32") && !told.text.contains("hunter2"), "{}", told.text);
    let told = run(corpus.path(), &[]);
    assert_eq!(told.code, Some(2), "{}", told.text);
}

#[test]
fn steps_are_recorded_with_their_placeholders_and_replay() {
    let place = tempfile::tempdir().expect("a temporary folder");
    for name in ["mobilic", "kaizala"] {
        let arguments = ["record", "--provider", name, "--target", "sandbox", "--out", name];
        let told = vigie(place.path(), &arguments, &[("VIGIE_RECORD_KEY", KEY)]);
        assert_eq!(told.code, Some(0), "{}", told.text);
        assert!(told.text.contains(", 0 cases left out"), "{}", told.text);
        let snapshots = format!("{name}/snapshots");
        let arguments = ["check", "--provider", name, "--corpus", name, "--snapshots", &snapshots];
        let told = vigie(place.path(), &arguments, &[]);
        assert_eq!(told.code, Some(0), "{}", told.text);
    }
    let text = std::fs::read_to_string(place.path().join("kaizala/tokens/rotation.yml")).expect("it was recorded");
    assert!(text.contains("{{") && text.contains("capture:"), "{text}");
}
