//! A company, its employments, and what it owns.

use super::super::graphql::{Answer, Args, Call, Node, Resolved, leaf, maybe, nodes, null, record};
use super::super::state::time::{NOW, day_of, day_text, today};
use super::super::state::{Activity, BUSINESSES, Employment, Failure, Row, State, find};
use super::page::{Page, page};
use super::user::masked;
use super::{named, regulation, row, workday};

/// Items of a page of a company, at most.
const MOST: usize = 1_000;

/// Fields that only managers may see.
const MANAGED: [&str; 8] = [
    "employments",
    "missions",
    "missionsDeleted",
    "workDays",
    "dashboardSummary",
    "regulatoryAlertsRecap",
    "adminRegulationComputationsByUserAndByDay",
    "currentAdmins",
];

pub(super) fn field(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    let state = call.state();
    let employments = || state.employments.iter().filter(|own| own.company == id && own.dismissed.is_none());
    if MANAGED.contains(&field) {
        return managed(call, id, field, args);
    }
    row(&state.companies, id, field, |company| {
        Ok(match field {
            "legalName" => leaf(company.name.as_str()),
            "numberWorkers" => leaf(company.workers),
            "business" => business(company.business),
            "hasCeasedActivity" | "hasNoActiveAdmins" => leaf(false),
            "hasNoActivity" => leaf(!state.missions.iter().any(|own| own.company == id)),
            "users" => {
                let mut users: Vec<i64> = employments().filter_map(|own| own.user).collect();
                users.dedup();
                nodes(users.into_iter().map(Node::User))
            }
            "currentUsers" => {
                nodes(employments().filter(|own| own.covers(today())).filter_map(|own| own.user).map(Node::User))
            }
            "vehicles" => owned(&state.vehicles, |own| own.company == id, Node::Vehicle),
            "knownAddresses" => owned(&state.addresses, |own| own.company == id, Node::Address),
            "teams" => owned(&state.teams, |own| own.company == id, Node::Team),
            "authorizedClients" => {
                let links = state.company_links.iter().filter(|own| own.company == id && !own.revoked);
                nodes(links.map(|own| Node::Client(own.client)))
            }
            "settings" => settings(company.expenditures),
            "currentCompanyCertification" => {
                let fields = [
                    ("isCertified", leaf(false)),
                    ("certificationMedal", leaf("NO_CERTIFICATION")),
                    ("lastDayCertified", null()),
                    ("startLastCertificationPeriod", null()),
                    ("certificateCriterias", null()),
                    ("badgeUrl", null()),
                ];
                Answer::Node(record("CompanyCertificationType", fields))
            }
            _ => null(),
        })
    })
}

fn settings(expenditures: bool) -> Answer {
    let fields = [
        ("allowTeamMode", leaf(true)),
        ("allowTransfers", leaf(true)),
        ("requireKilometerData", leaf(true)),
        ("requireExpenditures", leaf(expenditures)),
        ("requireSupportActivity", leaf(false)),
        ("requireMissionName", leaf(true)),
        ("allowOtherTask", leaf(false)),
        ("otherTaskLabel", null()),
    ];
    Answer::Node(record("CompanySettings", fields))
}

fn owned<R: Row>(rows: &[R], mine: impl Fn(&R) -> bool, node: impl Fn(i64) -> Node) -> Answer {
    nodes(rows.iter().filter(|row| mine(row)).map(|row| node(row.id())))
}

fn business(place: Option<usize>) -> Answer {
    maybe(place.map(|place| {
        let (transport, name) = BUSINESSES[place];
        record("Business", [("id", leaf(place + 1)), ("transportType", leaf(transport)), ("businessType", leaf(name))])
    }))
}

fn managed(call: &Call<'_>, id: i64, field: &str, args: &Args) -> Resolved {
    let actor = call.actor()?;
    let state = call.state();
    if !state.manages(actor.user, id) || field == "currentAdmins" {
        let who = if field == "currentAdmins" { "controller user" } else { "company admin" };
        let message = format!("Forbidden access to field '{field}' of company object. Actor must be {who}.");
        return Err(Failure::new("AUTHORIZATION_ERROR", message));
    }
    let activities: Vec<Activity> = {
        let of_company = |own: &&Activity| find(&state.missions, own.mission).is_some_and(|own| own.company == id);
        state.activities.iter().filter(|own| own.stands()).filter(of_company).cloned().collect()
    };
    Ok(match field {
        "employments" => employments(&state, id, args.flag("latestPerUser") == Some(true)),
        "missions" => missions(&state, id, &activities, args)?,
        "missionsDeleted" => {
            let deleted = state.missions.iter().filter(|own| own.company == id && own.deleted.is_some());
            let edges = deleted.map(|own| {
                // The real connection has neither cursors nor a page: asking for them nulls it.
                Ok(Answer::Node(record("MissionEdge", [("node", Answer::Node(Node::Mission(own.id)))])))
            });
            Answer::Node(record("MissionConnection", [("edges", Answer::List(edges.collect()))]))
        }
        "workDays" => {
            let wanted = args.ids("userIds");
            let kept = activities.iter().filter(|own| wanted.as_ref().is_none_or(|wanted| wanted.contains(&own.user)));
            let kept: Vec<Activity> = kept.cloned().collect();
            let days = workday::days(&kept, args);
            let items = days.iter().map(|day| {
                (day.day * super::super::state::time::DAY, day.user, Answer::Node(workday::node(&state, day, true)))
            });
            page("WorkDayConnection", "WorkDayEdge", items.collect(), &Page::new(args, MOST)?)
        }
        "dashboardSummary" => dashboard(&state, id, &activities),
        "regulatoryAlertsRecap" => {
            let fields = [
                ("hasAnyComputation", leaf(!activities.is_empty())),
                ("month", leaf(args.value("month"))),
                ("totalNbAlerts", leaf(0)),
                ("totalNbAlertsPreviousMonth", leaf(0)),
                ("dailyAlerts", Answer::List(Vec::new())),
                ("weeklyAlerts", Answer::List(Vec::new())),
            ];
            Answer::Node(record("RegulatoryAlertsSummary", fields))
        }
        _ => Answer::List(Vec::new()),
    })
}

fn employments(state: &State, company: i64, latest: bool) -> Answer {
    let all: Vec<&Employment> =
        state.employments.iter().filter(|own| own.company == company && own.dismissed.is_none()).collect();
    let newest = |own: &&&Employment| {
        !latest || own.user.is_none() || !all.iter().any(|other| other.user == own.user && other.start > own.start)
    };
    nodes(all.iter().filter(newest).map(|own| Node::Employment(own.id)))
}

fn missions(state: &State, company: i64, activities: &[Activity], args: &Args) -> Resolved {
    let (from, until) = (args.int("fromTime"), args.int("untilTime"));
    let ended_only = args.flag("onlyEndedMissions") == Some(true);
    let own = state.missions.iter().filter(|own| own.company == company && own.deleted.is_none());
    let items = own.filter_map(|mission| {
        let mine: Vec<&Activity> = activities.iter().filter(|own| own.mission == mission.id).collect();
        let start = mine.iter().map(|own| own.start).min()?;
        let end = mine.iter().map(|own| own.end.unwrap_or(NOW)).max()?;
        let ended = mine.iter().all(|own| mission.ends.iter().any(|end| end.user == own.user));
        let kept =
            (ended || !ended_only) && from.is_none_or(|from| end >= from) && until.is_none_or(|until| start <= until);
        kept.then_some((start, mission.id, Answer::Node(Node::Mission(mission.id))))
    });
    Ok(page("MissionConnection", "MissionEdge", items.collect(), &Page::new(args, MOST)?))
}

fn dashboard(state: &State, company: i64, activities: &[Activity]) -> Answer {
    let missions = || state.missions.iter().filter(|own| own.company == company && own.deleted.is_none());
    let validated = |mission: i64, auto: bool| {
        state.validations.iter().any(|own| own.mission == mission && own.admin && (!auto || own.auto))
    };
    let active = missions().filter(|own| own.ends.is_empty()).count();
    let pending: Vec<i64> = state
        .employments
        .iter()
        .filter(|own| own.company == company && own.status == "pending" && own.dismissed.is_none())
        .map(|own| own.id)
        .collect();
    let this_week = activities.iter().any(|own| day_of(own.start) >= today());
    let fields = [
        ("activeMissionsCount", leaf(active)),
        (
            "pendingValidationsCount",
            leaf(missions().filter(|own| !own.ends.is_empty() && !validated(own.id, false)).count()),
        ),
        ("pendingInvitationsCount", leaf(pending.len())),
        ("inactiveEmployeesCount", leaf(0)),
        ("autoValidatedMissionsCount", leaf(missions().filter(|own| validated(own.id, true)).count())),
        ("pendingInvitationEmploymentIds", leaf(pending)),
        ("hasAnyMissionThisWeek", leaf(this_week)),
    ];
    Answer::Node(record("DashboardSummary", fields))
}

pub(super) fn employment(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let actor = call.actor().ok().map(|actor| actor.user);
    let state = call.state();
    row(&state.employments, id, field, |own| {
        let ended = own.end.is_some_and(|end| end < today());
        let status = match (own.status.as_str(), own.dismissed, ended) {
            (_, Some(_), _) => "DISMISSED",
            ("pending", ..) => "PENDING",
            ("rejected", ..) => "REJECTED",
            (_, _, true) => "TERMINATED",
            _ => "ACTIVE",
        };
        let email = own.email.clone().or_else(|| find(&state.users, own.user?)?.email.clone());
        Ok(match field {
            // Software that syncs employees sees addresses even where they are hidden.
            "email" if own.hide_email && actor.is_some() && actor != own.user => leaf(email.as_deref().map(masked)),
            "email" => leaf(email),
            "startDate" => leaf(day_text(own.start)),
            "endDate" => leaf(own.end.map(day_text)),
            "isAcknowledged" => leaf(own.status == "approved"),
            "status" => leaf(status),
            "isActive" => leaf(status == "ACTIVE"),
            "isTerminated" => leaf(status == "TERMINATED"),
            "isInactive" => leaf(status == "INACTIVE"),
            "business" => business(own.business.or_else(|| find(&state.companies, own.company)?.business)),
            "detachmentRequest" => maybe(
                own.detachment
                    .map(|at| record("DetachmentRequestOutput", [("requestedAt", leaf(at)), ("lastSentAt", leaf(at))])),
            ),
            "authorizedClients" => {
                let links = state.employment_links.iter().filter(|link| link.employment == id && link.token.is_some());
                nodes(links.filter(|link| !link.dismissed).map(|link| Node::Client(link.client)))
            }
            "shouldSeeCertificateInfo" | "shouldForceNbWorkerInfo" => leaf(false),
            _ => null(),
        })
    })
}

pub(super) fn vehicle(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    row(&call.state().vehicles, id, field, |vehicle| match field {
        "creationTime" => Err(regulation::unserializable()),
        "name" => Ok(leaf(vehicle.alias.as_deref().unwrap_or(&vehicle.registration))),
        _ => Ok(null()),
    })
}

pub(super) fn team(call: &Call<'_>, id: i64, field: &str) -> Resolved {
    let state = call.state();
    row(&state.teams, id, field, |team| {
        Ok(match field {
            "users" => named(&state.users, &team.users, Node::User),
            "adminUsers" => named(&state.users, &team.admins, Node::User),
            "vehicles" => named(&state.vehicles, &team.vehicles, Node::Vehicle),
            "knownAddresses" => named(&state.addresses, &team.addresses, Node::Address),
            _ => null(),
        })
    })
}
