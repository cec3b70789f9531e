//! Names and signatures of deliveries, as in Standard Webhooks (<https://www.standardwebhooks.com>), so that receivers can
//! check them with the libraries that there are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// What base64 secrets begin with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret at least.
const SHORTEST: usize = 16;

/// What a receiver checks signatures with.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads a secret: `whsec_` and base64, or any other text as its bytes.
    pub fn parse(text: &str) -> Result<Secret, String> {
        let bytes = match text.strip_prefix(PREFIX) {
            Some(coded) => {
                STANDARD.decode(coded).map_err(|_| format!("what follows `{PREFIX}` is no base64"))?
            }
            None => text.as_bytes().to_vec(),
        };
        match bytes.len() {
            SHORTEST.. => Ok(Secret(bytes)),
            n => Err(format!(
                "it has {n} bytes; a secret has {SHORTEST} at least, e.g. of `openssl rand -hex 32`"
            )),
        }
    }

    /// The value of `webhook-signature`.
    pub fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length will do");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The id of a delivery: the same for the same news, however often it is sent.
pub fn id_of(hook: &str, sequence: u64, body: &str) -> String {
    let digest = Sha256::digest(format!("{hook}.{sequence}.{body}").as_bytes());
    let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("msg_{hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_2104_over_id_time_and_body() {
        // Computed with `openssl dgst -sha256 -hmac 0123456789abcdef -binary | base64`.
        let secret = Secret::parse("0123456789abcdef").unwrap();
        assert_eq!(
            secret.sign("msg_1", 1_700_000_000, "{\"a\":1}"),
            "v1,41C4mdfM4X7k7EqLRBhc2OjUAQFwQVsqMUoL0CbTfxc="
        );
        let coded = Secret::parse("whsec_MDEyMzQ1Njc4OWFiY2RlZg==").unwrap();
        assert_eq!(coded.sign("a", 1, ""), secret.sign("a", 1, ""));
    }

    #[test]
    fn short_and_broken_secrets_are_refused() {
        assert!(Secret::parse("short").is_err_and(|e| e.contains("5 bytes")));
        assert!(Secret::parse("whsec_!").is_err_and(|e| e.contains("base64")));
    }
}
