//! Client of Mobilic: GraphQL operations and REST routes are methods of one [`Client`].
//!
//! ```no_run
//! use vigie::clients::GraphqlAnswer;
//! use vigie::clients::mobilic::{self, Client};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let token = std::env::var("MOBILIC_TOKEN")?;
//! let client = Client::connect(mobilic::SANDBOX, mobilic::user(token, 123_456_789))?;
//! let answer = client
//!     .create_mission()
//!     .body_map(|mission| mission.company_id(4001).name("Rennes"))
//!     .send()
//!     .await?;
//! if answer.code() == Some("AUTHORIZATION_ERROR") {
//!     println!("not your company");
//! }
//! println!("{:?}", answer.whole()?.data);
//! # Ok(())
//! # }
//! ```
//!
//! Whatever fails while an operation is executed comes under HTTP 200: see [`GraphqlAnswer`](super::GraphqlAnswer). Documents
//! that cannot be executed, and all REST errors, are [`Error`](super::Error)s.
//!
//! There are three kinds of token: [`user`], [`employment`], and [`software`] for the operations below `/protected`. A user
//! token is made by hand on the web, or by [`OAuth`]; a [`Session`] has a token of its own kind, which is renewed.

mod oauth;
mod session;

generated_client!("mobilic");

pub use oauth::{OAuth, OAuthError};
pub use session::{Session, SessionError};

use super::{Coded, Credentials};
use secrecy::SecretString;
use std::time::Duration;

/// API host of production.
pub const PRODUCTION: &str = "https://api.mobilic.beta.gouv.fr";
/// API host of the sandbox.
pub const SANDBOX: &str = "https://api.sandbox.mobilic.beta.gouv.fr";
/// Web host of production, where users agree; its API is below `/api`.
pub const WEB_PRODUCTION: &str = "https://mobilic.beta.gouv.fr";
/// Web host of the sandbox, where users agree; its API is below `/api`.
pub const WEB_SANDBOX: &str = "https://sandbox.mobilic.beta.gouv.fr";

/// Codes of its errors, those of GraphQL and of REST.
pub const ERROR_CODES: &[&str] = &[
    "ACTIVATION_EMAIL_DELAY_ERROR",
    "ACTIVITY_EXIST_AFTER_EMPLOYMENT_END_DATE",
    "ACTIVITY_OUTSIDE_EMPLOYMENT_ADMIN",
    "ACTIVITY_OUTSIDE_EMPLOYMENT_EMPLOYEE",
    "ACTIVITY_TIME_IN_FUTURE",
    "AGENT_CONNECT_ERROR",
    "AUTHENTICATION_ERROR",
    "AUTHORIZATION_ERROR",
    "AUTHORIZATION_PARSING_ERROR",
    "BAD_GRAPHQL_REQUEST",
    "BAD_PASSWORD_ERROR",
    "BAD_REQUEST",
    "BLOCKED_ACCOUNT_ERROR",
    "COMPANY_ADDRESS_ALREADY_REGISTERED",
    "COMPANY_CLIENT_LINK_NOT_FOUND",
    "COMPANY_HAS_CEASED_ACTIVITY",
    "CONTROL_NOT_FOUND",
    "CONTROL_WITH_SAME_CONTROL_TIME",
    "DUPLICATE_EXPENDITURES",
    "EMPLOYMENT_ALREADY_TERMINATED",
    "EMPLOYMENT_CLIENT_LINK_ALREADY_ACCEPTED",
    "EMPLOYMENT_CLIENT_LINK_EXPIRED",
    "EMPLOYMENT_CLIENT_LINK_NOT_FOUND",
    "EMPTY_ACTIVITY_DURATION",
    "ERROR_WHILE_REGISTERING_USER",
    "EXPENDITURE_DATE_NOT_INCLUDED_IN_MISSION_RANGE",
    "EXPIRED_TOKEN",
    "FRANCE_CONNECT_ERROR",
    "INACCESSIBLE_SIREN",
    "INTERNAL_ERROR",
    "INTERNAL_SERVER_ERROR",
    "INVALID_ACTIVITY_SWITCH",
    "INVALID_CONTROL_TOKEN",
    "INVALID_EMAIL_ADDRESS",
    "INVALID_FORMAT",
    "INVALID_INPUTS",
    "INVALID_RESOURCE",
    "INVALID_TOKEN",
    "LOCATION_ALREADY_SET",
    "LOG_ACTIVITY_IN_HOLIDAY_MISSION",
    "LOG_HOLIDAY_IN_MISSION_NOT_EMPTY",
    "MAILJET_ERROR",
    "METHOD_NOT_ALLOWED",
    "MISSING_JUSTIFICATION_FOR_ADMIN_VALIDATION",
    "MISSING_SIGNATURE",
    "MISSION_ALREADY_AUTO_VALIDATED",
    "MISSION_ALREADY_ENDED",
    "MISSION_ALREADY_VALIDATED_BY_ADMIN",
    "MISSION_ALREADY_VALIDATED_BY_USER",
    "MISSION_NOT_ALREADY_VALIDATED_BY_USER",
    "MISSION_STILL_RUNNING",
    "NOT_FOUND",
    "NO_ACTIVITIES_TO_VALIDATE",
    "OVERLAPPING_ACTIVITIES",
    "OVERLAPPING_EMPLOYMENTS",
    "OVERLAPPING_MISSIONS",
    "REQUEST_ENTITY_TOO_LARGE",
    "SIGNATURE_DOES_NOT_MATCH",
    "SIREN_ALREADY_SIGNED_UP",
    "SIRET_ALREADY_SIGNED_UP",
    "UNAUTHORIZED",
    "UNAVAILABLE_SIREN_API",
    "USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_ADMIN",
    "USER_NOT_EMPLOYED_BY_COMPANY_ANYMORE_EMPLOYEE",
    "USER_SELF_CHANGE_ROLE",
    "USER_SELF_TERMINATE_EMPLOYMENT",
    "VEHICLE_ALREADY_REGISTERED",
];

/// No time is documented; exports of files are made while the caller waits.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// A user's own token, made by hand or by [`OAuth`]: everything the user may do, in every company.
pub fn user(token: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::bearer(token).and(software_number(client_id))
}

/// The token of one employee in one company.
pub fn employment(token: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::of("x-employment-token", token).and(software_number(client_id))
}

/// The key of a software, with its prefix: for the operations below `/protected`.
pub fn software(api_key: impl Into<SecretString>, client_id: u64) -> Credentials {
    Credentials::api_key(api_key).and(software_number(client_id))
}

fn software_number(client_id: u64) -> Credentials {
    Credentials::of("x-client-id", client_id.to_string())
}

impl Coded for types::GraphqlError {
    const KNOWN: &[&str] = ERROR_CODES;

    fn code(&self) -> Option<&str> {
        self.extensions.as_ref().map(|extensions| extensions.code.as_str())
    }
}
