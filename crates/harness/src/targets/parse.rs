//! The tables `[target.PROVIDER.NAME]` of `vigie.toml`.

use super::{Settings, Source, Table, is_name};
use crate::providers::{PROVIDERS, Provider, provider};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;
use toml::Spanned;
use vigie::clients::base_url;
use vigie_judge::exceptions::{ConfigError, line};

/// Longer than any provider makes a caller wait.
const LONGEST: Duration = Duration::from_secs(600);

type Named<T> = BTreeMap<Spanned<String>, T>;
type Wrong = (Range<usize>, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `[[ignore]]` entries, `[severity]` and `[target]`")]
struct File {
    #[serde(default)]
    target: Named<Named<Spanned<Entry>>>,
    /// Another reader's: see `exceptions`.
    #[serde(rename = "ignore")]
    _ignore: Option<IgnoredAny>,
    #[serde(rename = "severity")]
    _severity: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table `[target.PROVIDER.NAME]`")]
struct Entry {
    url: Option<Spanned<String>>,
    token_env: Option<Spanned<String>>,
    token_file: Option<Spanned<String>>,
    token_command: Option<Spanned<Vec<String>>>,
    scopes: Option<Vec<Spanned<String>>>,
    timeout: Option<Spanned<String>>,
    requests_per_second: Option<Spanned<i64>>,
}

impl Settings {
    /// Reads `vigie.toml`. `file` is its path as a person finds it; paths in it are relative to its folder.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let wrong = |(span, message): Wrong| ConfigError::new(file, text, span, message);
        let content: File = toml::from_str(text)
            .map_err(|error| wrong((error.span().unwrap_or_default(), message(error.message()))))?;
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let mut tables = BTreeMap::new();
        for (owner, entries) in content.target {
            let provider = known(&owner).map_err(wrong)?;
            for (name, entry) in entries {
                // The name stands on the line of the table, wherever its first key is.
                let line = line(text, name.span().start);
                let table = table(provider, &name, entry, folder, line).map_err(wrong)?;
                tables.insert((provider.name, name.into_inner()), table);
            }
        }
        Ok(Self { file: file.to_owned(), tables })
    }
}

/// What the reader of TOML says, with what would be right where it knows types only. It shows a text that is of the wrong
/// type, which may be a token.
fn message(said: &str) -> String {
    let shown = said.split_once("string \"").zip(said.rsplit_once('"'));
    let said = match shown {
        Some(((before, _), (_, after))) => format!("{before}text{after}"),
        None => said.to_owned(),
    };
    let mend = match said.as_str() {
        said if said.starts_with("unknown field `token`") => ": the token itself must not be in this file",
        said if said.ends_with("expected a map") => ": write a table `[target.PROVIDER.NAME]` of its own",
        said if said.ends_with("expected a sequence") => {
            ": write a list between brackets, `[\"pass\", \"show\", \"vigie\"]`"
        }
        said if said.ends_with("expected a string") => ": write a text between quotes",
        said if said.ends_with("expected i64") => ": write a whole number without quotes",
        "duplicate key" => ": it is defined twice; keep one of them",
        _ => "",
    };
    format!("{said}{mend}")
}

fn known(name: &Spanned<String>) -> Result<&'static Provider, Wrong> {
    provider(name.get_ref()).ok_or_else(|| {
        let known: Vec<&str> = PROVIDERS.iter().map(|provider| provider.name).collect();
        (name.span(), format!("no provider `{}`; known: {}", name.get_ref(), known.join(", ")))
    })
}

fn table(
    provider: &Provider,
    name: &Spanned<String>,
    entry: Spanned<Entry>,
    folder: &Path,
    line: usize,
) -> Result<Table, Wrong> {
    let entry = entry.into_inner();
    let at_name = |message: String| Err((name.span(), message));
    match name.get_ref().as_str() {
        "sandbox" => {
            return at_name("the sandbox is embedded and needs no table; choose another name".into());
        }
        text if !is_name(text) => {
            return at_name(format!("`{text}` is not a valid target name: use only letters, digits, `-` and `_`"));
        }
        "staging" | "production" => {}
        text if entry.url.is_none() => {
            return at_name(format!("`{text}` is not a target of {}, so it needs a `url`", provider.name));
        }
        _ => {}
    }
    Ok(Table {
        line,
        url: entry.url.as_ref().map(url).transpose()?,
        token: source(&entry, folder)?,
        scopes: entry.scopes.map(|scopes| declared(provider, scopes)).transpose()?,
        timeout: entry.timeout.as_ref().map(timeout).transpose()?,
        requests_per_second: entry.requests_per_second.as_ref().map(|wished| pace(wished, provider)).transpose()?,
    })
}

fn url(url: &Spanned<String>) -> Result<String, Wrong> {
    match base_url(url.get_ref()) {
        Ok(_) => Ok(url.get_ref().clone()),
        Err(error) => Err((url.span(), error.to_string())),
    }
}

/// The one place that the token comes from.
fn source(entry: &Entry, folder: &Path) -> Result<Option<Source>, Wrong> {
    let given: Vec<Range<usize>> = [
        entry.token_env.as_ref().map(Spanned::span),
        entry.token_file.as_ref().map(Spanned::span),
        entry.token_command.as_ref().map(Spanned::span),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let [_, second, ..] = &given[..] {
        return Err((
            second.clone(),
            "a token has one source: keep one of token_env, token_file, token_command".into(),
        ));
    }
    if let Some(name) = &entry.token_env {
        let is_variable = |text: &str| is_name(text) && !text.starts_with(|first: char| first.is_ascii_digit());
        // What is no name may be the token itself: it is not told.
        let refused = "not the name of an environment variable: use letters, digits and `_`; the token itself must not be in this file";
        return if is_variable(name.get_ref()) && !name.get_ref().contains('-') {
            Ok(Some(Source::Variable(name.get_ref().clone())))
        } else {
            Err((name.span(), refused.into()))
        };
    }
    if let Some(path) = &entry.token_file {
        return match path.get_ref().as_str() {
            "" => Err((path.span(), "an empty path: name the file with the token".into())),
            own => Ok(Some(Source::File { path: folder.join(own), base: folder.to_owned() })),
        };
    }
    let Some(command) = &entry.token_command else { return Ok(None) };
    match &command.get_ref()[..] {
        [program, arguments @ ..] if !program.is_empty() => {
            // A bare name is looked for in the PATH, a path from the folder of the file.
            let is_path = Path::new(program).components().count() > 1;
            let program = if is_path { folder.join(program) } else { program.into() };
            Ok(Some(Source::Command { program, arguments: arguments.to_vec() }))
        }
        _ => Err((command.span(), "an empty command: write the program and its arguments as separate texts".into())),
    }
}

/// A misspelt scope would call drift masked, or what is masked drift.
fn declared(provider: &Provider, scopes: Vec<Spanned<String>>) -> Result<Vec<String>, Wrong> {
    let contracts = provider.contracts();
    let ids = contracts.iter().flat_map(|contract| &contract.operations).map(|operation| operation.id.as_str());
    let known: Vec<&str> = ids.flat_map(|id| provider.scopes(id)).collect();
    let check = |scope: Spanned<String>| {
        let text = scope.get_ref().as_str();
        if known.contains(&text) {
            return Ok(scope.into_inner());
        }
        let likeness = |other: &&str| (vigie_drift::finding::likeness(other, text) * 1000.0).round();
        let near = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let near = near.filter(|near| likeness(near) > 800.0);
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = if known.is_empty() {
            format!("{} has no scopes; remove the line", provider.name)
        } else {
            format!("no operation of {} has a scope `{text}`{hint}", provider.name)
        };
        Err((scope.span(), message))
    };
    scopes.into_iter().map(check).collect()
}

fn timeout(text: &Spanned<String>) -> Result<Duration, Wrong> {
    let refused = || {
        (text.span(), format!("`{}` is not a time from 1ms to 10 minutes: write \"5s\" or \"500ms\"", text.get_ref()))
    };
    let (number, unit): (_, fn(u64) -> Duration) = match text.get_ref().strip_suffix("ms") {
        Some(number) => (number, Duration::from_millis),
        None => (text.get_ref().strip_suffix('s').ok_or_else(refused)?, Duration::from_secs),
    };
    let time = number.parse().map(unit).map_err(|_| refused())?;
    if time.is_zero() || time > LONGEST { Err(refused()) } else { Ok(time) }
}

fn pace(number: &Spanned<i64>, provider: &Provider) -> Result<NonZeroU32, Wrong> {
    let most = provider.rate.per_second;
    let wished = u32::try_from(*number.get_ref()).ok().and_then(NonZeroU32::new);
    wished.filter(|wished| wished.get() <= most).ok_or_else(|| {
        let message =
            format!("{} is not from 1 to {most}, the provider's limit per token and second", number.get_ref());
        (number.span(), message)
    })
}
