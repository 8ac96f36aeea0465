//! The endpoint: which room answers a call.

use super::courier;
use super::refusal::{Answer, Refusal};
use super::reply::{Call, elsewhere, response};
use super::service::{self, body};
use super::subscribers;
use super::tokens::Held;
use super::world::{Shared, World};
use crate::Worlds;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the endpoint of users was who have moved.
pub(super) const MOVED: &str = "/moved";
/// The path of everything else.
const ROOT: &str = "/v1/";

/// Answers a call of the endpoint.
pub(super) async fn answer(worlds: &Worlds<Shared>, base_url: &str, call: &Call, limited: bool) -> Response {
    if call.path.starts_with(MOVED) {
        return elsewhere(StatusCode::PERMANENT_REDIRECT, base_url);
    }
    if let Some(name) = call.path.strip_prefix(subscribers::PATH) {
        return subscribers::answer(call, name);
    }
    let Some(path) = call.path.strip_prefix(ROOT) else {
        return response(Err(Refusal::absent("the endpoint has no such path")));
    };
    let answered = async {
        let shared = worlds.of(&call.headers)?;
        if call.method == Method::GET && path.eq_ignore_ascii_case("accessToken") {
            return service::access_token_of_moved(&mut shared.lock(), call, limited);
        }
        let caller = {
            let mut world = shared.lock();
            let caller = world.caller(call)?;
            world.count(&caller.connector, limited)?;
            caller
        };
        let path = decoded(path)?;
        let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        route(&shared, &caller, call, &segments).await
    };
    response(answered.await)
}

/// A path without percent signs; what they stand for may be no slash.
fn decoded(path: &str) -> Answer<String> {
    let bad = || Refusal::absent("the endpoint has no such path");
    if path.to_ascii_lowercase().contains("%2f") {
        return Err(bad());
    }
    percent_decode_str(path).decode_utf8().map(Into::into).map_err(|_| bad())
}

async fn route(shared: &Arc<Shared>, caller: &Held, call: &Call, segments: &[&str]) -> Answer {
    let lowered: Vec<String> = segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lowered: Vec<&str> = lowered.iter().map(String::as_str).collect();
    let answer = match (call.method.as_str(), &lowered[..]) {
        ("POST", ["webhook"]) => create_webhook(shared, caller, call).await,
        ("GET", ["webhook"]) => {
            // Whether a webhook is still on depends on what is under way.
            courier::rest(shared).await;
            shared.lock().list_webhooks(caller, &call.query)
        }
        (method, lowered) => {
            let mut world = shared.lock();
            at_once(&mut world, caller, call, method, lowered, segments)
        }
    };
    let deliveries = std::mem::take(&mut shared.lock().outbox);
    courier::hand_over(shared, deliveries);
    answer
}

/// Answers what needs nobody else. Words of a path are taken in any case, and ids as they are.
fn at_once(world: &mut World, who: &Held, call: &Call, method: &str, words: &[&str], ids: &[&str]) -> Answer {
    let query = &call.query;
    // The body of a call that needs none may be empty.
    let optional = || if call.body.is_empty() { Ok(json!({})) } else { body(call) };
    match (method, words) {
        ("POST", ["media"]) => world.upload(call),
        ("POST", ["media", "url" | "attachment"]) => world.upload_from_url(&body(call)?),
        ("PUT", ["webhook", _]) => world.update_webhook(who, ids[1], &body(call)?),
        ("DELETE", ["webhook", _]) => world.delete_webhook(who, ids[1]),
        ("GET", ["groups"]) => Ok(world.list_groups(who, query)),
        ("POST", ["groups"]) => world.create_group(who, &body(call)?),
        ("GET", ["groups", _]) => world.get_group(who, ids[1]),
        ("GET", ["groups", _, "subgroups"]) => world.list_sub_groups(who, ids[1], query),
        ("POST", ["groups", _, "subgroups"]) => world.create_sub_group(who, ids[1], &body(call)?),
        ("PUT", ["groups", _, "subgroups"]) => world.add_sub_groups(who, ids[1], &body(call)?),
        ("DELETE", ["groups", _, "subgroups", _]) => world.remove_sub_group(who, ids[1], ids[3]),
        ("GET", ["groups", _, "members"]) => world.list_members(who, ids[1]),
        ("PUT", ["groups", _, "members"]) => world.add_members(who, ids[1], &body(call)?),
        ("PUT", ["groups", _, "members", _]) => world.update_member_role(who, ids[1], ids[3], &body(call)?),
        ("DELETE", ["groups", _, "members", _]) => world.remove_member(who, ids[1], ids[3]),
        ("POST", ["groups", _, "subscribers"]) => world.list_subscribers(who, ids[1], &optional()?),
        ("PUT", ["groups", _, "subscribers", "add"]) => world.add_subscribers(who, ids[1], &body(call)?),
        ("PUT", ["groups", _, "subscribers", "remove"]) => world.remove_subscribers(who, ids[1], &body(call)?),
        ("POST", ["groups", _, "messages"]) => world.send_message(who, ids[1], &body(call)?),
        ("GET", ["groups", _, "actions"]) => world.list_actions(who, ids[1], query),
        ("POST", ["groups", _, "actions"]) => world.post_action(who, ids[1], &body(call)?),
        ("GET", ["groups", _, "actions", _]) => world.get_action(who, ids[1], ids[3], query),
        ("PUT", ["groups", _, "actions", _] | ["groups", _, "actions", _, "properties"]) => {
            world.update_action(who, ids[1], ids[3], &body(call)?)
        }
        ("POST", ["groups", _, "actions", _, "responses"]) => world.respond(who, ids[1], ids[3], &body(call)?),
        ("POST", ["groups", _, "actions", _, "reminder"]) => world.remind(who, ids[1], ids[3], &optional()?),
        ("POST", ["groups", _, "reaction"]) => world.react(who, ids[1], &body(call)?),
        ("GET", ["groups", _, "reaction", "summary"]) => world.group_summary(who, ids[1], query),
        ("GET", ["groups", _, "reaction", _]) => world.list_reactions(who, ids[1], ids[3], query),
        ("GET", ["groups", _, "reaction", _, "summary"]) => world.action_summary(who, ids[1], ids[3], query),
        (_, ["groups" | "webhook" | "media"] | ["groups" | "webhook", _]) => Err(Refusal::method()),
        _ => Err(Refusal::absent("the endpoint has no such path")),
    }
}

/// `POST /webhook`: the webhook stands once its URL has answered the handshake.
async fn create_webhook(shared: &Arc<Shared>, caller: &Held, call: &Call) -> Answer<Value> {
    let webhook = shared.lock().draft(caller, &body(call)?)?;
    // Signs that have to be decoded: a subscriber that answers with the raw query is found out.
    let token = format!("sandbox+validation/{}=", webhook.id);
    if !courier::takes_part(&webhook.url, &token).await {
        return Err(Refusal::invalid("callBackUrl did not answer the validation as it has to"));
    }
    let answer = json!({"webhookId": webhook.id});
    shared.lock().webhooks.push(webhook);
    Ok(answer)
}
