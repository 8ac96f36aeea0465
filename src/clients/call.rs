//! One call of a generated client, from the request that its builder made to the typed answer.
//!
//! The builders differ in their parameters alone, so what all of them end with stands here once.

use super::body::Bodies;
use super::{Bytes, Error, ResponseValue, Tap};
use http::header::{ACCEPT, HeaderValue};
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use std::fmt::Display;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request on its way.
pub(crate) struct Call<'a> {
    pub(crate) http: &'a reqwest::Client,
    pub(crate) tap: &'a Tap,
    pub(crate) bodies: &'static Bodies,
    /// The method of the client.
    pub(crate) method: &'static str,
    pub(crate) request: RequestBuilder,
}

#[allow(dead_code, reason = "not every contract has answers of every form")]
impl Call<'_> {
    /// Sends it, for an answer in JSON. `is_success` says which statuses the contract gives the answer's type.
    pub(crate) async fn json<A: DeserializeOwned, E: DeserializeOwned>(
        self,
        is_success: fn(u16) -> bool,
    ) -> Result<ResponseValue<A>, Error<E>> {
        let response = self.success(is_success, Some(JSON)).await?;
        Ok(ResponseValue::from_response(response).await?)
    }

    /// The same for an answer that is no JSON.
    pub(crate) async fn bytes<E: DeserializeOwned>(
        self,
        is_success: fn(u16) -> bool,
    ) -> Result<ResponseValue<Bytes>, Error<E>> {
        let response = self.success(is_success, None).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| Error::Connection(error.without_url()))?;
        Ok(ResponseValue::new(body, status, headers))
    }

    /// The same for an answer without a body.
    pub(crate) async fn nothing<E: DeserializeOwned>(
        self,
        is_success: fn(u16) -> bool,
    ) -> Result<ResponseValue<()>, Error<E>> {
        Ok(ResponseValue::empty(self.success(is_success, Some(JSON)).await?))
    }

    /// The answer if it is a success; else the provider's error, or what else went wrong.
    async fn success<E: DeserializeOwned>(
        self,
        is_success: fn(u16) -> bool,
        accepted: Option<HeaderValue>,
    ) -> Result<reqwest::Response, Error<E>> {
        let response = self.response(accepted).await.map_err(Failure::into_error)?;
        match response.status().as_u16() {
            status if is_success(status) => Ok(response),
            400..=599 => Err(Error::Api(ResponseValue::from_response(response).await?)),
            _ => Err(Error::Unexpected(response.status())),
        }
    }

    /// Any answer. What no type of the contract has a part in is compiled once.
    async fn response(self, accepted: Option<HeaderValue>) -> Result<reqwest::Response, Failure> {
        let mut request = self.request.build().map_err(Failure::Connection)?;
        if let Some(accepted) = accepted {
            // A contract may have a parameter of that name.
            request.headers_mut().entry(ACCEPT).or_insert(accepted);
        }
        let prepared = self.bodies.prepare(self.method, &mut request).and_then(|()| self.tap.prepare(&mut request));
        prepared.map_err(Failure::Request)?;
        self.tap.execute(self.http, request).await.map_err(Failure::Connection)
    }
}

/// An error that has nothing of a provider's form.
enum Failure {
    Request(String),
    Connection(reqwest::Error),
}

impl Failure {
    fn into_error<E>(self) -> Error<E> {
        match self {
            Self::Request(message) => Error::Request(message),
            Self::Connection(error) => Error::Connection(error.without_url()),
        }
    }
}

/// What a caller gives to a setter.
pub(crate) fn given<T>(value: impl TryInto<T>, name: &str) -> Result<T, String> {
    value.try_into().map_err(|_| format!("the value given for {name} is not of its type"))
}

/// What a caller gives to a setter of a body, with the reason why it does not fit.
#[allow(dead_code, reason = "not every contract has bodies that are built")]
pub(crate) fn fitting<T>(value: impl TryInto<T, Error: Display>, name: &str) -> Result<T, String> {
    value.try_into().map_err(|error| format!("the value given for {name} does not fit: {error}"))
}

/// The body that a builder was told to make.
#[allow(dead_code, reason = "not every contract has bodies that are built")]
pub(crate) fn built<B, T: TryFrom<B, Error: Display>, E>(builder: Result<B, String>) -> Result<T, Error<E>> {
    builder.and_then(|builder| T::try_from(builder).map_err(|error| error.to_string())).map_err(Error::Request)
}
