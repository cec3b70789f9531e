//! robots.txt as RFC 9309 reads it.
//!
//! Written here because the crate for it brings a regular expression engine and two parser libraries, a quarter of the time
//! that all of fetching costs to build.

/// The rules of one site for one reader.
#[derive(Debug, Clone, Default)]
pub(crate) struct Robots {
    /// Allowed or not, and the pattern.
    rules: Vec<(bool, String)>,
    /// Seconds between two requests that the site asks for.
    pub crawl_delay: Option<f64>,
}

/// Longest file that is read (RFC 9309, section 2.5 asks for at least this).
pub(crate) const MAX_BYTES: usize = 500 << 10;

impl Robots {
    /// The rules of the group that names `agent`, or of the one for all.
    pub fn read(bytes: &[u8], agent: &str) -> Robots {
        let agent = agent.to_ascii_lowercase();
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]);
        let (mut own, mut all) = (None::<Robots>, Robots::default());
        // Whom the present group is for, and whether its rules have begun.
        let (mut for_own, mut for_all, mut in_rules) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let Some((key, value)) = line.split('#').next().and_then(|l| l.split_once(':')) else { continue };
            let value = value.trim();
            let key = key.trim().to_ascii_lowercase();
            if key == "user-agent" {
                if std::mem::replace(&mut in_rules, false) {
                    (for_own, for_all) = (false, false);
                }
                let name: String =
                    value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
                for_own |= name.eq_ignore_ascii_case(&agent);
                for_all |= value == "*";
                if for_own {
                    own.get_or_insert_default();
                }
                continue;
            }
            let allow = match key.as_str() {
                "allow" => Some(true),
                "disallow" => Some(false),
                "crawl-delay" => None,
                // Sitemaps and unknown lines belong to no group.
                _ => continue,
            };
            in_rules = true;
            let groups = [own.as_mut().filter(|_| for_own), Some(&mut all).filter(|_| for_all)];
            for group in groups.into_iter().flatten() {
                match allow {
                    None => group.crawl_delay = value.parse().ok().filter(|d| *d >= 0.0),
                    Some(_) if value.is_empty() => {}
                    Some(allow) => group.rules.push((allow, value.to_string())),
                }
            }
        }
        own.unwrap_or(all)
    }

    /// Whether the path with its query may be read: the longest rule that matches decides, an allowing one on a tie.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        if path == "/robots.txt" {
            return true;
        }
        self.rules
            .iter()
            .filter(|(_, pattern)| matches(&normal(pattern), &path))
            .max_by_key(|(allow, pattern)| (pattern.len(), *allow))
            .is_none_or(|(allow, _)| *allow)
    }
}

/// Percent signs in capitals, and letters beyond ASCII as percent signs.
fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut capitals = 0;
    for b in text.bytes() {
        match b {
            b'%' => {
                capitals = 2;
                out.push('%');
            }
            b if capitals > 0 && b.is_ascii_hexdigit() => {
                capitals -= 1;
                out.push(b.to_ascii_uppercase() as char);
            }
            b if b.is_ascii() => {
                capitals = 0;
                out.push(b as char);
            }
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Whether a pattern with `*` and a closing `$` matches the beginning of a path. Linear in both.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (n, part) in parts.iter().enumerate() {
        if to_end && n + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    !to_end || rest.is_empty() || parts.last().is_some_and(|p| p.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(robots: &str, allowed: &[&str], refused: &[&str]) {
        let robots = Robots::read(robots.as_bytes(), "polybius");
        for path in allowed {
            assert!(robots.allows(path), "{path} is refused");
        }
        for path in refused {
            assert!(!robots.allows(path), "{path} is allowed");
        }
    }

    #[test]
    fn the_longest_rule_decides_and_an_allowing_one_on_a_tie() {
        check(
            "User-agent: *\nDisallow: /news\nAllow: /news/2024\nDisallow: /p\nAllow: /p\n",
            &["/", "/news/2024/a", "/p"],
            &["/news", "/newsroom", "/news/2023"],
        );
    }

    #[test]
    fn a_group_that_names_us_replaces_the_one_for_all() {
        let text = "user-agent: *\ndisallow: /\n\nUser-Agent: other\nUser-Agent: Polybius/1.0 # us\nDisallow: /own\nCrawl-delay: 4\n";
        check(text, &["/", "/a"], &["/own"]);
        assert_eq!(Robots::read(text.as_bytes(), "polybius").crawl_delay, Some(4.0));
        check("User-agent: polybiusbot\nDisallow: /\n", &["/"], &[]);
    }

    #[test]
    fn stars_and_ends_match_as_the_standard_says() {
        check(
            "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*b/c\nDisallow: /%e4\nDisallow: /ü\nDisallow:\n",
            &["/x.pdf?y", "/ab", "/robots.txt"],
            &["/x.pdf", "/a/x/b/c/d", "/%E4", "/%C3%BC"],
        );
        check("User-agent: *\nDisallow: /\n", &["/robots.txt"], &["/", "/x"]);
        check("<html>no rules: here</html>", &["/x"], &[]);
    }
}
