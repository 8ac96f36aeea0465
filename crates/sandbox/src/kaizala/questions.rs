//! Questions of surveys and packages, and answers to them.

use super::clock::millis;
use super::posts::Question;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::State;
use serde_json::{Value, json};

/// How many questions an action may have.
const MOST: usize = 100;

const TYPES: [&str; 9] =
    ["SingleOption", "MultiOption", "Text", "Image", "Numeric", "Date", "DateTime", "Location", "AttachmentList"];

/// Reads the questions of an action.
pub(super) fn read(list: &[Value]) -> Answer<Vec<Question>> {
    if list.len() > MOST {
        return Err(Refusal::invalid("there are too many questions"));
    }
    list.iter().map(Question::read).collect()
}

impl Question {
    fn read(value: &Value) -> Answer<Self> {
        let fields = Fields::of(value, "a question")?;
        let title = fields.needed(&["title"])?.to_owned();
        let kind = fields.one_of("type", &TYPES)?.ok_or_else(|| Refusal::missing("type"))?;
        let option = |option: &Value| Ok(Fields::of(option, "an option")?.needed(&["title"])?.to_owned());
        let options: Vec<String> = match fields.list(&["options"])? {
            Some(list) => list.iter().map(option).collect::<Answer<_>>()?,
            None => Vec::new(),
        };
        if kind.ends_with("Option") && options.is_empty() {
            return Err(Refusal::missing("options"));
        }
        Ok(Self { title, kind, options, invisible: fields.flag("isInvisible")?.unwrap_or(false) })
    }

    /// What events show of it.
    pub(super) fn shown(&self) -> Value {
        let options: Vec<Value> = self.options.iter().map(|title| json!({"title": title})).collect();
        json!({"title": self.title, "type": self.kind, "options": options, "isInvisible": self.invisible})
    }
}

impl State {
    /// The questions with their answers, as events show them: what is unanswered has none.
    pub(super) fn answered(&self, questions: &[Question], answers: &[Value]) -> Answer<Vec<Value>> {
        if answers.len() > questions.len() {
            return Err(Refusal::invalid("there are more answers than questions"));
        }
        let given = answers.iter().map(Some).chain(std::iter::repeat(None));
        let show = |(question, answer): (&Question, Option<&Value>)| {
            let mut shown = question.shown();
            if let Some(answer) = answer.filter(|answer| !answer.is_null()) {
                shown["answer"] = self.answer(question, answer)?;
            }
            Ok(shown)
        };
        questions.iter().zip(given).map(show).collect()
    }

    /// An answer in the form of events, which is not that in which it is sent.
    fn answer(&self, question: &Question, answer: &Value) -> Answer {
        let wrong = || Refusal::invalid(format!("that is no answer to a question of type {}", question.kind));
        let text = || answer.as_str().ok_or_else(wrong);
        let texts = || {
            let list = answer.as_array().ok_or_else(wrong)?;
            list.iter().map(|text| text.as_str().ok_or_else(wrong)).collect::<Answer<Vec<&str>>>()
        };
        let option = |text: &str| question.options.iter().any(|option| option == text).then_some(()).ok_or_else(wrong);
        Ok(match question.kind {
            "SingleOption" => {
                option(text()?)?;
                json!([text()?])
            }
            "MultiOption" => {
                let texts = texts()?;
                texts.iter().try_for_each(|text| option(text))?;
                json!(texts)
            }
            "Text" => json!(text()?),
            "Image" => json!([self.attachment(text()?)?]),
            "AttachmentList" => {
                texts()?.into_iter().map(|resource| self.attachment(resource)).collect::<Answer<Vec<Value>>>()?.into()
            }
            "Numeric" => answer.is_number().then(|| answer.clone()).ok_or_else(wrong)?,
            "Date" | "DateTime" => json!(millis(answer.as_i64().ok_or_else(wrong)?)),
            _ => {
                let place = Fields::of(answer, "a place")?;
                let number = |name: &str| place.get(&[name]).and_then(Value::as_f64).ok_or_else(wrong);
                json!({"lt": number("lt")?, "lg": number("lg")?, "n": place.text(&["n"])?.unwrap_or_default()})
            }
        })
    }

    /// A file, as events show it.
    pub(super) fn attachment(&self, resource: &str) -> Answer {
        let media = self.uploaded(resource)?;
        Ok(json!({"mediaUrl": media.url, "mediaFileName": media.name}))
    }
}
