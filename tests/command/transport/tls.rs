//! Hosts whose certificates prove nothing, through `vigie check`, which is told whom to trust.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

/// Whom the client trusts.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    // With the name of the others, it would be taken for who issued them.
    params.distinguished_name.push(DnType::CommonName, "Test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("it is signed")
}

/// Starts a host that has this certificate, and answers `204`.
fn start(params: &CertificateParams, issuer: Option<&CertifiedIssuer<'static, KeyPair>>) -> String {
    rustls::crypto::ring::default_provider().install_default().ok();
    let key = KeyPair::generate().expect("a key");
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.clone().self_signed(&key),
    };
    let chain = vec![certificate.expect("it is signed").der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).expect("they fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("it has one").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut server = ServerConnection::new(Arc::clone(&config)).expect("the config is good");
            let mut tls = Stream::new(&mut server, &mut stream);
            // A client that does not trust goes away here, which is what it should do.
            if tls.read(&mut [0; 4096]).is_ok() {
                tls.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").ok();
                tls.conn.send_close_notify();
                tls.flush().ok();
            }
        }
    });
    format!("https://localhost:{port}")
}

/// What a check finds at a target.
fn found(target: &str, trusted: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), trusted).expect("it is written");
    std::fs::create_dir(folder.path().join("api_particulier_v2_introspect")).expect("it is made");
    let case = folder.path().join("api_particulier_v2_introspect/case.yml");
    std::fs::write(case, "status: 204\n").expect("it is written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.current_dir(&folder).env("SSL_CERT_FILE", folder.path().join("ca.pem")).env_remove("SSL_CERT_DIR");
    command
        .env("VIGIE_API_PARTICULIER_TOKEN", "token")
        .args(["check", "--corpus", ".", "--format", "json", "--case", "*"]);
    let output = command.args(["--target", target]).output().expect("vigie runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let first = &report["cases"][0]["findings"][0];
    let text = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
    (text("rule"), text("observed"))
}

#[test]
fn a_host_that_does_not_prove_who_it_is_gets_no_request() {
    let authority = authority();
    let trusted = authority.pem();
    let of = |name: &str| CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let (mut expired, mut early) = (of("localhost"), of("localhost"));
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    early.not_before = date_time_ymd(2090, 1, 1);
    for (params, issuer, reason) in [
        (&expired, Some(&authority), "the certificate has expired"),
        (&early, Some(&authority), "the certificate is not valid yet"),
        (&of("api.example.org"), Some(&authority), "the certificate is that of another host"),
        (&of("localhost"), None, "nobody known has issued the certificate"),
    ] {
        let expected = ("tls-failed".to_owned(), format!("no secure connection: {reason}"));
        assert_eq!(found(&start(params, issuer), &trusted), expected);
    }
    // The same way with a good one: what is found is about the answer.
    assert_ne!(found(&start(&of("localhost"), Some(&authority)), &trusted).0, "tls-failed");
}
