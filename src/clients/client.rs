//! What every generated client has beside its methods.

/// One generated client: the module that progenitor wrote, its constructors, and what its methods end with.
macro_rules! client {
    ($file:literal, $timeout:expr) => {
        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));

        impl Client {
            /// A client of a host, or of any other base URL.
            pub fn connect(
                base_url: &str,
                credentials: crate::clients::Credentials,
            ) -> Result<Self, crate::clients::ConnectError> {
                let url = crate::clients::base_url(base_url)?;
                let http = crate::clients::http_client(&url, $timeout)?;
                let base_url = url.as_str().trim_end_matches('/');
                Ok(Self::new_with_client(base_url, http, crate::clients::Tap::new(credentials)))
            }

            /// What every method ends with.
            fn call(&self, method: &'static str, request: reqwest::RequestBuilder) -> crate::clients::call::Call<'_> {
                crate::clients::call::Call { http: &self.client, tap: &self.inner, bodies: &BODIES, method, request }
            }

            /// The same client with a Tap of its own: make one for each call whose raw exchange you want.
            #[must_use]
            pub fn tapped(&self) -> Self {
                Self { inner: self.inner.fresh(), ..self.clone() }
            }

            /// The raw exchange of the last call of this client.
            #[must_use]
            pub fn exchange(&self) -> Option<crate::exchange::Exchange> {
                self.inner.exchange()
            }
        }
    };
}

/// The generated client of a provider that has one contract, in a module of its own, and its items where the macro stands.
#[cfg(any(feature = "kaizala", feature = "mobilic"))]
macro_rules! generated_client {
    ($file:literal) => {
        #[allow(
            missing_docs,
            unreachable_pub,
            unused_imports,
            dead_code,
            clippy::pedantic,
            rustdoc::all,
            reason = "generated code"
        )]
        mod generated {
            client!($file, super::TIMEOUT);
        }

        pub use generated::{Client, builder, types};
    };
}
