//! Fetching, politely: what robots.txt allows, one request at a time to a host and a pause after it, limits on time, size and
//! redirects, no addresses of private networks unless allowed, nothing twice that has not changed.

use crate::http;
use crate::kept::Kept;
use crate::packed::Packed;
use crate::robots::Robots;
use crate::urls;
use jiff::Timestamp;
use polybius_text::{Reject, RejectReason};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// The name that robots.txt files know us by.
const AGENT: &str = "polybius";
const MAX_REDIRECTS: usize = 5;
/// A site may ask for longer pauses than ours, up to this one.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// How to fetch.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// Also addresses of this machine and of private networks.
    pub allow_private: bool,
    /// Pause between two requests to one host.
    pub delay: Duration,
    /// For one request, from looking up the name to the last byte.
    pub timeout: Duration,
    /// Longest body, packed or not, in bytes.
    pub max_bytes: usize,
    /// At most so many pages.
    pub max_pages: usize,
    /// Ask again for pages that were fetched less than a day ago.
    pub refresh: bool,
    /// Folder for what servers said of their pages (ETag, Last-Modified) and for the feeds; `None` keeps nothing.
    pub keep_in: Option<PathBuf>,
    /// Paths of pages that lie in the store: only of these is it asked whether they have changed.
    pub known: BTreeSet<String>,
}

impl Default for FetchSettings {
    fn default() -> FetchSettings {
        FetchSettings {
            allow_private: false,
            delay: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            max_bytes: crate::MAX_PAGE_BYTES,
            max_pages: 1000,
            refresh: false,
            keep_in: None,
            known: BTreeSet::new(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Body {
    /// After redirects.
    pub url: String,
    pub bytes: Vec<u8>,
    pub media_type: String,
    pub charset: Option<String>,
    /// ISO 8601; empty for a body that was kept.
    pub fetched: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

pub(crate) struct Fetcher {
    agent: ureq::Agent,
    settings: FetchSettings,
    kept: Mutex<Kept>,
    /// The rules of each site, or why they could not be had.
    robots: Mutex<BTreeMap<String, Arc<Result<Robots, String>>>>,
    /// When each host may be asked again.
    free_at: Mutex<BTreeMap<String, Instant>>,
}

impl Fetcher {
    pub fn new(settings: &FetchSettings) -> Fetcher {
        let config = ureq::Agent::config_builder()
            .user_agent(concat!("polybius/", env!("CARGO_PKG_VERSION"), " (news event research)"))
            .accept("text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1")
            .accept_encoding("gzip")
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(settings.timeout))
            .proxy(None)
            .tls_config(tls())
            .build();
        let resolver = Guarded::new(settings.allow_private);
        Fetcher {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver),
            kept: Mutex::new(Kept::open(settings.keep_in.clone())),
            settings: settings.clone(),
            robots: Mutex::default(),
            free_at: Mutex::default(),
        }
    }

    /// Seconds until the host of an address may be asked.
    pub fn wait_for(&self, url: &Url) -> Duration {
        let free = lock(&self.free_at).get(&host(url)).copied();
        free.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()))
    }

    /// Fetches a page, a feed or a sitemap; `None` when it has not changed and the store has it. A feed that has not
    /// changed is given as it was kept. [`Fetcher::keep`] is to follow.
    pub fn get(&self, url: &Url) -> Result<Option<Body>, Reject> {
        let refused =
            |detail: String| Reject { path: url.to_string(), reason: RejectReason::NotFetched, detail };
        let known = self.settings.known.contains(url.as_str());
        if known && !self.settings.refresh && lock(&self.kept).is_fresh(url.as_str()) {
            return Ok(None);
        }
        let ask = known || lock(&self.kept).has_body(url.as_str());
        let mut at = url.clone();
        let mut seen = BTreeSet::new();
        for _ in 0..=MAX_REDIRECTS {
            if !seen.insert(at.to_string()) {
                return Err(refused(format!("it redirects in a circle, over `{at}`")));
            }
            match self.robots_for(&at).as_ref() {
                Ok(rules) if rules.allows(&path_of(&at)) => {}
                Ok(_) => {
                    return Err(refused(format!("the site's robots.txt does not allow `{}`", path_of(&at))));
                }
                Err(what) => return Err(refused(format!("the site's robots.txt cannot be had: {what}"))),
            }
            self.pause(&at);
            let validators = if ask { lock(&self.kept).validators(url.as_str()).cloned() } else { None };
            let mut request = self.agent.get(at.as_str());
            if let Some(kept) = &validators {
                if let Some(etag) = &kept.etag {
                    request = request.header("If-None-Match", etag);
                }
                if let Some(modified) = &kept.last_modified {
                    request = request.header("If-Modified-Since", modified);
                }
            }
            let response = request.call().map_err(|e| refused(e.to_string()))?;
            let status = response.status().as_u16();
            let header = |name: &str| {
                let value = response.headers().get(name)?;
                Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
            match status {
                200 => {}
                301 | 302 | 303 | 307 | 308 => {
                    let to = header("location").and_then(|l| at.join(&l).ok());
                    at = to.and_then(|to| urls::parse(to.as_str())).ok_or_else(|| {
                        refused(format!("status {status} without an address that can be fetched"))
                    })?;
                    continue;
                }
                304 => {
                    let mut kept = lock(&self.kept);
                    kept.touch(url.as_str());
                    return Ok(kept.body(url.as_str()));
                }
                _ => return Err(refused(format!("status {status}"))),
            }
            let content_type = header("content-type").unwrap_or_default();
            let (encoding, etag, modified) =
                (header("content-encoding"), header("etag"), header("last-modified"));
            let limit = self.settings.max_bytes;
            let mut packed = Vec::new();
            response
                .into_body()
                .into_reader()
                .take(limit as u64 + 1)
                .read_to_end(&mut packed)
                .map_err(|e| refused(e.to_string()))?;
            let too_large = || Reject {
                path: url.to_string(),
                reason: RejectReason::TooLarge,
                detail: format!("more than {} MB", limit >> 20),
            };
            if packed.len() > limit {
                return Err(too_large());
            }
            let mut bytes = http::unpack(encoding.as_deref(), &packed, limit)
                .map_err(|what| if what.contains("more than") { too_large() } else { refused(what) })?;
            if bytes.starts_with(b"\x1f\x8b") {
                // A sitemap that is packed as a file.
                let file = Packed::new(Box::new(std::io::Cursor::new(std::mem::take(&mut bytes))));
                let unpacked = file.map_err(|e| refused(e.to_string()))?.read_all(limit);
                bytes = unpacked.map_err(|d| refused(d.what))?.ok_or_else(too_large)?;
            }
            let body = Body {
                url: at.to_string(),
                bytes,
                media_type: http::media_type(&content_type),
                charset: http::charset(&content_type),
                fetched: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                etag,
                last_modified: modified,
            };
            return Ok(Some(body));
        }
        Err(refused(format!("more than {MAX_REDIRECTS} redirects")))
    }

    /// Whether an address was a feed or a sitemap when it was last fetched.
    pub fn was_list(&self, url: &Url) -> bool {
        lock(&self.kept).has_body(url.as_str())
    }

    /// Notes what the server said of an address, so that it is asked for changes only; the body of a feed is kept too.
    pub fn keep(&self, url: &Url, body: &Body, is_list: bool) {
        if !body.fetched.is_empty() {
            lock(&self.kept).keep(url.as_str(), body, is_list);
        }
    }

    /// The rules of a site, fetched once a run. A site that does not answer is not read; one without rules is.
    fn robots_for(&self, url: &Url) -> Arc<Result<Robots, String>> {
        let site = url.origin().ascii_serialization();
        let known = lock(&self.robots).get(&site).cloned();
        known.unwrap_or_else(|| {
            let rules = Arc::new(self.fetch_robots(url));
            lock(&self.robots).insert(site, rules.clone());
            rules
        })
    }

    fn fetch_robots(&self, url: &Url) -> Result<Robots, String> {
        let mut at = url.join("/robots.txt").map_err(|e| e.to_string())?;
        for _ in 0..=MAX_REDIRECTS {
            self.pause(&at);
            let response = self.agent.get(at.as_str()).call().map_err(|e| e.to_string())?;
            match response.status().as_u16() {
                200..=299 => {
                    let mut bytes = Vec::new();
                    let encoding = response.headers().get("content-encoding").cloned();
                    let limit = crate::robots::MAX_BYTES;
                    let read = response.into_body().into_reader().take(limit as u64).read_to_end(&mut bytes);
                    read.map_err(|e| e.to_string())?;
                    let encoding = encoding.as_ref().and_then(|e| e.to_str().ok());
                    let bytes = http::unpack(encoding, &bytes, limit).unwrap_or_default();
                    return Ok(Robots::read(&bytes, AGENT));
                }
                300..=399 => {
                    let to = response.headers().get("location").and_then(|l| l.to_str().ok());
                    let to = to.and_then(|to| urls::parse(at.join(to).ok()?.as_str()));
                    at = to.ok_or("it redirects nowhere")?;
                }
                400..=499 => return Ok(Robots::default()),
                status => return Err(format!("status {status}")),
            }
        }
        // RFC 9309, section 2.3.1.2: after five redirects it counts as not there.
        Ok(Robots::default())
    }

    /// Waits until the host may be asked, and says when it may be again.
    fn pause(&self, url: &Url) {
        let rules = lock(&self.robots).get(&url.origin().ascii_serialization()).cloned();
        let asked = rules.and_then(|r| r.as_ref().as_ref().ok()?.crawl_delay);
        let asked = asked.and_then(|s| Duration::try_from_secs_f64(s).ok()).unwrap_or_default();
        let delay = self.settings.delay.max(asked.min(MAX_DELAY));
        let turn = {
            // Whoever comes next waits behind us.
            let mut free_at = lock(&self.free_at);
            let now = Instant::now();
            let turn = free_at.get(&host(url)).map_or(now, |at| now.max(*at));
            free_at.insert(host(url), turn + delay);
            turn
        };
        std::thread::sleep(turn.saturating_duration_since(Instant::now()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Host and port.
fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(0))
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_string(),
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(crate) fn tls() -> ureq::tls::TlsConfig {
    ureq::tls::TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls_graviola::default_provider()))
        .build()
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn tls() -> ureq::tls::TlsConfig {
    ureq::tls::TlsConfig::default()
}

/// Looks names up and drops addresses that are not of the public net, also those behind redirects and names that change.
#[derive(Debug)]
pub(crate) struct Guarded {
    inner: DefaultResolver,
    allow_private: bool,
}

impl Guarded {
    pub(crate) fn new(allow_private: bool) -> Guarded {
        Guarded { inner: DefaultResolver::default(), allow_private }
    }
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.allow_private {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|a| is_public(a.ip())) {
            public.push(*address);
        }
        if public.is_empty() {
            let host = uri.host().unwrap_or("");
            let what = format!("`{host}` lies in a private network: --allow-private allows it");
            return Err(ureq::Error::Io(std::io::Error::other(what)));
        }
        Ok(public)
    }
}

/// Whether an address is of the public net.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => {
            let embedded = ip.to_ipv4_mapped().or_else(|| nat64(ip));
            embedded.map_or_else(|| is_public_v6(ip), is_public_v4)
        }
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !(reserved
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || ip.is_broadcast())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    // 2000::/3 is the public net; parts of it are for documents and tunnels into IPv4.
    (first & 0xe000) == 0x2000 && !(first == 0x2001 && ip.segments()[1] == 0xdb8) && first != 0x2002
}

/// The IPv4 address within `64:ff9b::/96`.
fn nat64(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let [a, b] = s[6].to_be_bytes();
    let [c, d] = s[7].to_be_bytes();
    (s[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_net_are_public() {
        let refused = "127.0.0.1 10.2.3.4 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 \
            198.18.0.1 ::1 :: fe80::1 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::a00:1 2001:db8::1 2002:a00:1::";
        for ip in refused.split_whitespace() {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "172.32.0.1"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
