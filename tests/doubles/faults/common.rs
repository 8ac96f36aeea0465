//! A double of one case with its faults, and a client that sees every byte.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vigie_harness::providers::provider;
use vigie_sandbox::faults::{Fault, Faults, Kind};
use vigie_sandbox::{Options, Running};
use vigie_scenario::{Corpus, parse_case};

/// An operation of API Particulier.
pub(crate) const STUDENT: &str = "api_particulier_v3_mesri_statut_etudiant_with_ine";
/// How it is called.
pub(crate) const PATH: &str = "/v3/mesri/statut_etudiant/ine?ine=1234567890G&recipient=13002526500013";
/// What it answers when nothing goes wrong.
pub(crate) const BODY: &str = r#"{"data": {"identite": {"nom_naissance": "LE GOFF"}, "admissions": []}, "links": {}}"#;
/// How long a test waits for what must come, at most.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Faults as `vigie serve` takes them.
pub(crate) fn faults(specs: &[&str], seed: u64) -> Faults {
    Faults { faults: specs.iter().map(|spec| spec.parse().expect("a fault")).collect(), seed }
}

/// A double of a provider with these faults; API Particulier's has one case.
pub(crate) async fn double(name: &str, faults: Faults) -> Running {
    let provider = provider(name).expect("it is registered");
    let mut corpus = Corpus::new(provider.dialect);
    if name == "api-particulier" {
        let text = format!("params: {{ine: 1234567890G}}\nstatus: 200\npayload: '{BODY}'\n");
        let case = parse_case(STUDENT, "200.yml", &text, provider.dialect).expect("a case");
        corpus.scenarios.push(case.into());
    }
    let options = Options { faults, ..Options::default() };
    let sandbox = provider.sandbox(&provider.contracts(), &corpus, &options).expect("it can be made");
    sandbox.start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port")
}

/// The double of API Particulier, all of whose answers have the same fault.
pub(crate) async fn always(kind: Kind) -> Running {
    double("api-particulier", Fault::always(kind).into()).await
}

/// What came on a connection until it ended.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) bytes: Vec<u8>,
    /// Whether it ended in a reset.
    pub(crate) reset: bool,
}

impl Seen {
    /// The head as text, and the body.
    pub(crate) fn parts(&self) -> (&str, &[u8]) {
        let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        (std::str::from_utf8(&self.bytes[..end]).expect("ASCII"), &self.bytes[end + 4..])
    }

    /// A header; empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.parts().0.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub(crate) fn status(&self) -> u16 {
        self.parts().0.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
    }
}

/// Opens a connection and asks for a path.
pub(crate) async fn ask(address: SocketAddr, method: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer sandbox-token\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("it reads");
    stream
}

/// Everything that comes on a connection.
pub(crate) async fn read(mut stream: TcpStream) -> Seen {
    let mut bytes = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("it ends");
    let reset = ended.is_err_and(|error| {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        true
    });
    Seen { bytes, reset }
}

/// Asks for the case, and reads what comes.
pub(crate) async fn get(running: &Running) -> Seen {
    read(ask(running.address(), "GET", PATH).await).await
}
