//! The rows of a session.

use serde::Deserialize;
use serde_json::Value;

/// Something with an id.
pub(crate) trait Row {
    fn id(&self) -> i64;

    /// A field that GraphQL shows as it is.
    fn shown(&self, field: &str) -> Option<Value>;
}

/// Rows: their fields, and in parentheses what GraphQL calls those that it shows as they are.
macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident $(($shown:literal))?: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub(crate) struct $name {
                pub(crate) id: i64,
                $(pub(crate) $field: $type,)*
            }

            impl Row for $name {
                fn id(&self) -> i64 {
                    self.id
                }

                fn shown(&self, field: &str) -> Option<Value> {
                    match field {
                        "id" => Some(self.id.into()),
                        $($($shown => Some(self.$field.clone().into()),)?)*
                        _ => None,
                    }
                }
            }
        )*
    };
}

rows! {
    /// A person with an account.
    User {
        first("firstName"): String,
        last("lastName"): String,
        email: Option<String>,
        phone("phoneNumber"): Option<String>,
        timezone("timezoneName"): String,
        activated("hasActivatedEmail"): bool,
        password: String,
        bad_tries: i64,
        totp("totpEnabled"): bool,
        created("creationTime"): i64,
    }
    /// A company.
    Company {
        name("name"): String,
        siren("siren"): String,
        sirets("sirets"): Vec<String>,
        phone("phoneNumber"): Option<String>,
        workers("nbWorkers"): Option<i64>,
        business: Option<usize>,
        expenditures: bool,
    }
    /// A person's employment in a company. Days are counted from 1970.
    Employment {
        company("companyId"): i64,
        user("userId"): Option<i64>,
        email: Option<String>,
        hide_email("hideEmail"): bool,
        admin("hasAdminRights"): Option<bool>,
        start: i64,
        end: Option<i64>,
        status("validationStatus"): String,
        submitter("submitterId"): Option<i64>,
        reception("receptionTime"): i64,
        dismissed("dismissedAt"): Option<i64>,
        team("teamId"): Option<i64>,
        business: Option<usize>,
        invited("latestInviteEmailTime"): Option<i64>,
        detachment: Option<i64>,
    }
    /// A vehicle of a company.
    Vehicle {
        company("companyId"): i64,
        registration("registrationNumber"): String,
        alias("alias"): Option<String>,
        kilometers("lastKilometerReading"): Option<i64>,
    }
    /// An address that a company knows.
    Address {
        company: i64,
        alias("alias"): Option<String>,
        name("name"): String,
        city("city"): Option<String>,
        postal("postalCode"): Option<String>,
    }
    /// People of a company, with what they use.
    Team {
        company: i64,
        name("name"): String,
        created("creationTime"): i64,
        users: Vec<i64>,
        admins: Vec<i64>,
        vehicles: Vec<i64>,
        addresses: Vec<i64>,
    }
    /// A round, of one or more people.
    Mission {
        company("companyId"): i64,
        name("name"): Option<String>,
        context("context"): Value,
        vehicle("vehicleId"): Option<i64>,
        justification: Option<String>,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
        holiday("isHoliday"): bool,
        deleted: Option<(i64, i64)>,
        ends: Vec<End>,
    }
    /// What one person did, from when to when.
    Activity {
        mission("missionId"): i64,
        user("userId"): i64,
        kind("type"): String,
        start("startTime"): i64,
        end("endTime"): Option<i64>,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
        updated("lastUpdateTime"): i64,
        last_submitter("lastSubmitterId"): i64,
        dismissed: Option<Dismissal>,
        versions: Vec<Version>,
        dispute("dispute"): Value,
    }
    /// A state of an activity.
    Version {
        start("startTime"): i64,
        end("endTime"): Option<i64>,
        context("context"): Value,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
    }
    /// Something that was paid for.
    Expenditure {
        mission("missionId"): i64,
        user("userId"): i64,
        kind("type"): String,
        day: i64,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
        dismissed: Option<Dismissal>,
    }
    /// Someone's word that a mission is right.
    Validation {
        mission("missionId"): i64,
        user("userId"): i64,
        submitter("submitterId"): Option<i64>,
        admin("isAdmin"): bool,
        auto("isAuto"): bool,
        justification: Option<String>,
        reception("receptionTime"): i64,
    }
    /// A remark.
    Comment {
        mission("missionId"): i64,
        text("text"): String,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
        dismissed: bool,
    }
    /// One end of a mission. `place` tells places apart.
    Location {
        mission("missionId"): i64,
        kind: String,
        place: String,
        name("name"): String,
        city("city"): Option<String>,
        postal("postalCode"): Option<String>,
        alias("alias"): Option<String>,
        kilometers("kilometerReading"): Option<i64>,
        submitter("submitterId"): i64,
        reception("receptionTime"): i64,
    }
    /// A software.
    Client { name("name"): String, secret: String, redirects: Vec<String>, key: String }
    /// What a user's token stands for, made by hand or by the code flow.
    UserToken { user: i64, client: i64 }
    /// A software that a company uses.
    CompanyLink { company: i64, client: i64, revoked: bool }
    /// A software that an employee may let in.
    EmploymentLink {
        employment: i64,
        client: i64,
        invitation: String,
        expires: i64,
        token: Option<String>,
        dismissed: bool,
    }
    /// An authorization code.
    Code { text: String, user: i64, client: i64, redirect: String, used: bool }
}

/// Someone's end of a mission.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct End {
    pub(crate) user: i64,
    pub(crate) submitter: i64,
    pub(crate) reception: i64,
}

/// That something was taken back.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Dismissal {
    pub(crate) at: i64,
    pub(crate) author: i64,
    pub(crate) context: Value,
}

/// Kinds of business: transport and name, by place.
pub(crate) const BUSINESSES: [(&str, &str); 9] = [
    ("TRM", "LONG_DISTANCE"),
    ("TRM", "SHORT_DISTANCE"),
    ("TRM", "SHIPPING"),
    ("TRV", "FREQUENT"),
    ("TRV", "INFREQUENT"),
    ("TRV", "TAXI_GENERAL"),
    ("TRV", "TAXI_REGULATED"),
    ("TRV", "VTC"),
    ("TRV", "LOTI"),
];

impl Activity {
    /// Whether it counts.
    pub(crate) fn stands(&self) -> bool {
        self.dismissed.is_none()
    }

    /// Whether it shares an instant with a span, whose end may be open.
    pub(crate) fn meets(&self, start: i64, end: Option<i64>) -> bool {
        end.is_none_or(|end| self.start < end) && self.end.is_none_or(|own| start < own)
    }
}

impl Employment {
    /// Whether it is in force on a day, accepted or not.
    pub(crate) fn covers(&self, day: i64) -> bool {
        self.dismissed.is_none()
            && self.status != "rejected"
            && self.start <= day
            && self.end.is_none_or(|end| day <= end)
    }

    /// Whether it was accepted.
    pub(crate) fn approved(&self) -> bool {
        self.status == "approved" && self.dismissed.is_none()
    }

    /// Whether it gives the rights of a manager on a day.
    pub(crate) fn manages(&self, day: i64) -> bool {
        self.approved() && self.covers(day) && self.admin == Some(true)
    }
}
