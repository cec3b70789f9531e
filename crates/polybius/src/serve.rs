//! `polybius serve`: a store in the browser and over HTTP.

use crate::args::{RunArgs, ServeArgs};
use crate::failure::Failure;
use crate::resources::data_folder;
use crate::{report, run, sql};
use polybius_serve::{App, Kind, Options, Problem};
use std::net::SocketAddr;

/// Letters of a token at least: what cannot be guessed.
const TOKEN_LETTERS: usize = 16;

/// Serves the store until the program is told to stop.
pub fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let token = token(args)?;
    let app = App::open(&args.store.store, options(args, token.clone()))?;
    let ready = |address: SocketAddr| {
        let entry = token.as_ref().map_or(String::new(), |t| format!("?token={t}"));
        println!("http://{address}/{entry}");
    };
    polybius_serve::serve(app, args.addr, ready).map_err(|e| {
        Failure::caused(&format!("cannot serve on {}", args.addr), &e)
            .hint("another program may have that port; `--addr 127.0.0.1:0` takes a free one")
    })
}

fn options(args: &ServeArgs, token: Option<String>) -> Options {
    let store = args.store.store.clone();
    let name = store.file_name().unwrap_or(store.as_os_str()).to_string_lossy().into_owned();
    let engine = args.engine.clone();
    let compare = move || {
        let mut run_args = RunArgs::anew(store.clone(), engine.clone());
        run_args.quiet = true;
        run::run(&run_args).map(|_| ()).map_err(|failure| {
            Problem::new(Kind::Internal, "the store cannot be compared anew").detail(failure.message().trim())
        })
    };
    Options {
        name,
        token,
        hosts: hosts(args.addr),
        engine: sql::beside(),
        data: data_folder(&args.engine).ok(),
        report: report::page,
        compare: Box::new(compare),
        workers: std::thread::available_parallelism().map_or(2, |n| n.get()) * 2,
    }
}

/// What the server is called on loopback; who reaches another address has shown the token.
fn hosts(address: SocketAddr) -> Vec<String> {
    if !address.ip().is_loopback() {
        return Vec::new();
    }
    let own = match address {
        SocketAddr::V4(a) => a.ip().to_string(),
        SocketAddr::V6(a) => format!("[{}]", a.ip()),
    };
    let mut hosts = vec!["127.0.0.1".to_string(), "localhost".to_string(), "[::1]".to_string()];
    if !hosts.contains(&own) {
        hosts.push(own);
    }
    hosts
}

fn token(args: &ServeArgs) -> Result<Option<String>, Failure> {
    match &args.token {
        None if args.addr.ip().is_loopback() => Ok(None),
        None => Err(Failure::new(format!("others can reach {}: it wants a token", args.addr))
            .hint("give one with --token or POLYBIUS_TOKEN, e.g. of `openssl rand -hex 16`")),
        Some(token) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            if token.len() < TOKEN_LETTERS || !token.chars().all(plain) {
                return Err(Failure::new("the token cannot be used".to_string())
                    .hint(&format!("at least {TOKEN_LETTERS} letters, digits or - . _ ~")));
            }
            Ok(Some(token.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_has_names_and_may_do_without_a_token() {
        assert!(hosts("127.0.0.1:1".parse().unwrap()).contains(&"localhost".to_string()));
        assert!(hosts("127.0.0.9:1".parse().unwrap()).contains(&"127.0.0.9".to_string()));
        assert!(hosts("0.0.0.0:1".parse().unwrap()).is_empty());
        assert!(hosts("192.0.2.7:1".parse().unwrap()).is_empty());
    }
}
