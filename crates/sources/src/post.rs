//! Sending: JSON to addresses that the user named, under the same policy as fetching.

use crate::fetch::{Guarded, tls};
use crate::urls;
use std::io::Read;
use std::time::Duration;
use ureq::unversioned::transport::DefaultConnector;

/// Bytes of a refusal that are shown.
const SHOWN: u64 = 300;

/// Sends to addresses of the public net, to others only where that is allowed. Follows no redirect.
pub struct Poster {
    agent: ureq::Agent,
}

/// Why a body was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// The status of the answer; `None` where there was none.
    pub status: Option<u16>,
    /// What happened, in words.
    pub what: String,
}

impl Poster {
    /// `timeout` is for one request, from looking up the name to the last byte.
    pub fn new(allow_private: bool, timeout: Duration) -> Poster {
        let config = ureq::Agent::config_builder()
            .user_agent(concat!("polybius/", env!("CARGO_PKG_VERSION"), " (news event research)"))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .proxy(None)
            .tls_config(tls())
            .build();
        Poster {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), Guarded::new(allow_private)),
        }
    }

    /// Whether it could send to an address at all: `http://` or `https://` with a host.
    pub fn is_address(url: &str) -> bool {
        urls::parse(url).is_some()
    }

    /// Sends JSON; any status of 200 to 299 says that it was taken.
    pub fn post(&self, url: &str, headers: &[(&str, String)], json: &[u8]) -> Result<(), NotTaken> {
        let failed = |e: ureq::Error| NotTaken { status: None, what: e.to_string() };
        let mut request = self.agent.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.send(json).map_err(failed)?;
        let status = response.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(());
        }
        let mut said = Vec::new();
        let _ = response.into_body().into_reader().take(SHOWN).read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said);
        let said: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let what = format!("status {status} {}", said.trim()).trim_end().to_string();
        Err(NotTaken { status: Some(status), what })
    }
}
