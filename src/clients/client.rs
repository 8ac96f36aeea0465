//! What every generated client has beside its methods.

/// One generated client: the module that progenitor wrote, the hook, and the constructors.
macro_rules! client {
    ($file:literal, $timeout:expr) => {
        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));

        impl progenitor_client::ClientHooks<crate::clients::Tap> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> Result<(), progenitor_client::Error<E>> {
                let prepared = BODIES.prepare(info.operation_id, request).and_then(|()| self.inner.prepare(request));
                prepared.map_err(progenitor_client::Error::Custom)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                _info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(&self.client, request).await
            }
        }

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
