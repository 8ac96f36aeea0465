//! Where a mission starts and ends.

use super::super::graphql::{Answer, Args, Node, Resolved, done};
use super::super::state::time::NOW;
use super::super::state::{Actor, Failure, Location, State, find, find_mut, next};
use super::check::{belongs, mission};
use serde_json::Value;

pub(super) fn log(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let own = mission(state, args.id("missionId"))?.clone();
    belongs(state, actor, &own)?;
    let given = ["companyKnownAddressId", "geoApiData", "manualAddress"];
    if given.iter().filter(|name| args.0.contains_key(**name)).count() != 1 {
        let message = "Exactly one of companyKnownAddressId or geoApiData or manualAddress should be set";
        return Err(Failure::inputs(message));
    }
    let kind = args.text("type").unwrap_or_default().to_owned();
    let mut place = read(state, own.company, args)?;
    place.mission = own.id;
    place.kind.clone_from(&kind);
    place.submitter = actor.user;
    place.kilometers = args.int("kilometerReading");
    let before = state.locations.iter().position(|other| other.mission == own.id && other.kind == kind);
    if let Some(before) = before {
        let may_override = args.flag("overrideExisting") == Some(true) && state.manages(actor.user, own.company);
        if state.locations[before].place == place.place {
            let known = &mut state.locations[before];
            known.kilometers = place.kilometers.or(known.kilometers);
            return Ok(Answer::Node(Node::Location(known.id)));
        }
        if !may_override {
            return Err(Failure::new("LOCATION_ALREADY_SET", "Location is already set for the mission"));
        }
        state.locations.remove(before);
    }
    place.id = next(&state.locations, 8501);
    let id = place.id;
    state.locations.push(place);
    Ok(Answer::Node(Node::Location(id)))
}

/// The place that the arguments mean.
fn read(state: &State, company: i64, args: &Args) -> Result<Location, Failure> {
    let mut place = Location { reception: NOW, ..Default::default() };
    if let Some(id) = args.int("companyKnownAddressId") {
        let known = find(&state.addresses, id).filter(|own| own.company == company);
        let known = known.ok_or_else(|| Failure::inputs("Invalid companyKnownAddressId"))?;
        place.place = format!("address/{id}");
        place.name.clone_from(&known.name);
        place.city.clone_from(&known.city);
        place.postal.clone_from(&known.postal);
        place.alias.clone_from(&known.alias);
    } else if let Some(name) = args.text("manualAddress") {
        place.place = format!("manual/{name}");
        name.clone_into(&mut place.name);
    } else {
        let data = args.value("geoApiData");
        let properties = &data["properties"];
        let text = |name: &str| properties[name].as_str().map(str::to_owned);
        place.name = text("name").ok_or_else(|| Failure::inputs("Invalid geoApiData"))?;
        place.city = text("city");
        place.postal = text("postcode");
        place.place = format!("geo/{}", properties.get("id").and_then(Value::as_str).unwrap_or(&place.name));
    }
    Ok(place)
}

pub(super) fn register_kilometers(state: &mut State, actor: Actor, args: &Args) -> Resolved {
    let id = args.id("missionLocationId");
    let place = find(&state.locations, id).ok_or_else(|| Failure::resource("Location not found"))?;
    let own = mission(state, place.mission)?;
    belongs(state, actor, own)?;
    let vehicle = own.vehicle;
    let reading = args.int("kilometerReading");
    if let Some(place) = find_mut(&mut state.locations, id) {
        place.kilometers = reading;
    }
    if let Some(vehicle) = vehicle.and_then(|id| find_mut(&mut state.vehicles, id)) {
        vehicle.kilometers = reading;
    }
    Ok(done())
}
