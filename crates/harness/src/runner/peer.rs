//! What a run talks to, and what follows from that.

use super::cancellation::Cancellation;
use super::error::PlanError;
use super::events::{Event, Events};
use crate::pace::{Double, Pace};
use crate::providers::Tokens;
use crate::targets::{Resolved, TokenError};
use crate::transport::{Outage, Transport};
use secrecy::SecretString;
use std::time::Duration;
use vigie_sandbox::Running;

/// How often a target is asked whether it is there: one probe in twenty is lost while its provider keeps its promise.
const PROBES: usize = 3;
/// Between two probes: long enough for a process that is being replaced, short enough for a person.
const PAUSE: Duration = Duration::from_millis(200);

/// What a run talks to. Whatever depends on who answers is asked here.
pub(crate) struct Peer {
    pub(super) transport: Transport,
    pub(super) pace: Pace,
    /// The scopes of a real token, where they are known.
    pub(crate) scopes: Option<Vec<String>>,
    who: Who,
}

/// A host of a sandbox that has several: its role and its base URL.
type Host = (String, String);

/// Who answers.
enum Who {
    /// The embedded sandbox, in this process.
    Embedded(Vec<Host>),
    /// A vigie sandbox at a URL, without a token.
    Sandbox(Vec<Host>),
    /// Whoever takes the token that was given: a provider, or a vigie sandbox that is treated as one.
    Real { tokens: Tokens, is_sandbox: bool },
    /// Nobody, and why. Without a reason the run was cancelled before anybody answered.
    Nobody(Option<Outage>),
}

impl Peer {
    /// The embedded sandbox.
    pub(super) fn embedded(running: &Running, timeout: Duration) -> Result<Self, PlanError> {
        let hosts = running.hosts().map(|(role, url)| (role.to_owned(), url)).collect();
        let transport = Transport::new(&running.base_url(), timeout)?;
        Ok(Self { transport, pace: Pace::unlimited(), scopes: None, who: Who::Embedded(hosts) })
    }

    /// Whoever answers at a host.
    pub(super) async fn at(host: &Resolved, cancellation: &Cancellation, events: &Events) -> Result<Self, PlanError> {
        let transport = Transport::new(&host.base_url, host.timeout)?;
        let (events, name) = (events.clone(), transport.base_url().authority().to_owned());
        let waits = move |time| events.report(Event::WaitingForRateLimit { host: &name, time });
        let pace = Pace::polite(host.rate, transport.base_url())?.telling(waits);
        let (who, pace) = match cancellation.unless_cancelled(reach(&pace, &transport)).await {
            Err(_) => (Who::Nobody(None), pace),
            // Nothing will be sent, so no token is needed either.
            Ok(Err(outage)) => (Who::Nobody(Some(outage)), pace),
            Ok(Ok(double)) => {
                let tokens = cancellation.unless_cancelled(tokens(host, double.is_some())).await;
                match (tokens.unwrap_or(Ok(Tokens::Sandbox))?, double) {
                    // A person's token goes to no address that only an answer names.
                    (tokens @ Tokens::Real(_), double) => (Who::Real { tokens, is_sandbox: double.is_some() }, pace),
                    (Tokens::Sandbox, Some(double)) => {
                        let pace = Pace::hurried(&double);
                        (Who::Sandbox(double.hosts), pace)
                    }
                    // Of a run that is given up nothing is sent.
                    (Tokens::Sandbox, None) => (Who::Nobody(None), pace),
                }
            }
        };
        Ok(Self { transport, pace, scopes: None, who })
    }

    /// Whether answers may be people's: no value of them is reported or written, and nothing that writes is sent.
    pub(crate) fn is_real(&self) -> bool {
        matches!(self.who, Who::Real { .. })
    }

    /// Whether it plays the cases: it has a token for each credential, takes a stored answer's name, and keeps a state of its own
    /// for each scenario.
    pub(super) fn plays_cases(&self) -> bool {
        !self.is_real()
    }

    /// Whether a vigie sandbox answers, so that cases may name its people.
    pub(super) fn is_sandbox(&self) -> bool {
        matches!(self.who, Who::Embedded(_) | Who::Sandbox(_) | Who::Real { is_sandbox: true, .. })
    }

    /// Whether it may be another API than the provider's.
    pub(super) fn may_be_another_api(&self) -> bool {
        matches!(self.who, Who::Real { is_sandbox: false, .. })
    }

    /// Whether it answers the same request in the same way for ever, and nothing is lost on the way.
    pub(super) fn is_deterministic(&self) -> bool {
        matches!(self.who, Who::Embedded(_))
    }

    /// Why nobody answers.
    pub(super) fn outage(&self) -> Option<&Outage> {
        if let Who::Nobody(outage) = &self.who { outage.as_ref() } else { None }
    }

    /// The hosts of a sandbox that has several.
    pub(super) fn hosts(&self) -> &[Host] {
        match &self.who {
            Who::Embedded(hosts) | Who::Sandbox(hosts) => hosts,
            Who::Real { .. } | Who::Nobody(_) => &[],
        }
    }

    /// The tokens that it knows.
    pub(super) fn tokens(&self) -> &Tokens {
        if let Who::Real { tokens, .. } = &self.who { tokens } else { &Tokens::Sandbox }
    }

    /// The token that nobody but it may see.
    pub(crate) fn token(&self) -> Option<&SecretString> {
        if let Tokens::Real(token) = self.tokens() { Some(token) } else { None }
    }
}

/// Whether anybody listens, and whether it is a double of ours. One answer is enough, and one failure is not.
async fn reach(pace: &Pace, transport: &Transport) -> Result<Option<Double>, Outage> {
    for _ in 1..PROBES {
        if let Ok(double) = pace.probe(transport).await {
            return Ok(double);
        }
        tokio::time::sleep(PAUSE).await;
    }
    pace.probe(transport).await
}

/// A vigie sandbox knows the tokens of every case, unless one is given; another host needs one.
async fn tokens(host: &Resolved, is_sandbox: bool) -> Result<Tokens, TokenError> {
    if is_sandbox {
        return match host.token.read().await {
            Err(error) if error.is_withheld() => Ok(Tokens::Sandbox),
            read => Ok(read?.map_or(Tokens::Sandbox, Tokens::Real)),
        };
    }
    host.token.require().await.map(Tokens::Real)
}

#[cfg(test)]
mod tests {
    use super::{Peer, Who};
    use crate::pace::Pace;
    use crate::providers::Tokens;
    use crate::transport::{Outage, Transport};
    use std::time::Duration;

    fn peer(who: Who) -> Peer {
        let transport = Transport::new("http://127.0.0.1:1", Duration::from_secs(1)).expect("a URL");
        Peer { transport, pace: Pace::unlimited(), scopes: None, who }
    }

    #[tokio::test]
    async fn a_sandbox_with_a_token_is_treated_as_a_real_host_and_is_still_the_right_api() {
        let real = |is_sandbox| peer(Who::Real { tokens: Tokens::Real("token".to_owned().into()), is_sandbox });
        let told = |peer: &Peer| (peer.is_real(), peer.is_sandbox(), peer.may_be_another_api(), peer.token().is_some());
        assert_eq!(told(&real(true)), (true, true, false, true));
        assert_eq!(told(&real(false)), (true, false, true, true));
        let hosts = vec![("service".to_owned(), "http://127.0.0.1:2".to_owned())];
        let sandbox = peer(Who::Sandbox(hosts.clone()));
        assert_eq!(told(&sandbox), (false, true, false, false));
        assert_eq!((sandbox.hosts(), sandbox.is_deterministic()), (&hosts[..], false));
        assert!(peer(Who::Embedded(hosts)).is_deterministic());
    }

    #[tokio::test]
    async fn nobody_is_no_other_api_and_no_sandbox() {
        let nobody = peer(Who::Nobody(Some(Outage::Refused)));
        assert!(!nobody.is_sandbox() && !nobody.may_be_another_api() && nobody.token().is_none());
        assert!(matches!(nobody.outage(), Some(Outage::Refused)));
        assert!(peer(Who::Nobody(None)).outage().is_none());
    }
}
