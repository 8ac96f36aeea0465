//! A run: scenarios in, a report out.
//!
//! A file imports only files of earlier rows, and of its own row only those to its left:
//!
//! | files | what they hold |
//! |---|---|
//! | `error` `events` `likeness` `policy` `cancellation` `listener` `snapshots` `witness` | why a run cannot be made; what it reports on its way; whose an answer is; whom a case may name; stopping; callbacks; accepted and published facts |
//! | `outcome` `attempts` `aside` `scenario_session` `peer` | what came of a case, and of its attempts (pure); what is not judged; what a scenario remembers; what the run talks to |
//! | `context` `redaction` `request` `unsent` | what all cases of a run share; what may be said of an answer; what is sent, or why it is not |
//! | `case` `introspect` `reach` `scenario` `wrong_host` | one case; the live schemas; whether anybody is there; the steps of a scenario; whether it is another API |
//! | `schedule` `run` `call` `plan` | what runs in which order; the run and its report; one case by hand; how it all begins |

mod aside;
mod attempts;
mod call;
mod cancellation;
mod case;
mod context;
mod error;
mod events;
mod introspect;
mod likeness;
mod listener;
mod outcome;
mod peer;
mod plan;
mod policy;
mod reach;
mod redaction;
mod request;
mod run;
mod scenario;
mod scenario_session;
mod schedule;
mod snapshots;
mod unsent;
mod witness;
mod wrong_host;

pub use crate::targets::Target;
pub use call::Answered;
pub use cancellation::Cancellation;
pub use error::PlanError;
pub use events::{Event, Events};
pub use introspect::{Promised, introspect};
pub use outcome::Outcome;
pub use plan::Plan;
pub use run::Run;
pub use snapshots::Store;
pub use witness::{Published, PublishedError};

pub(crate) use aside::unreadable;
pub(crate) use context::locators;
pub(crate) use error::near_to;
pub(crate) use redaction::{Keys, media_type, redact};
pub(crate) use snapshots::unusable;
pub(crate) use unsent::unknown_operation;
