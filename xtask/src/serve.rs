//! Serving the built page on this machine.
//! The standard library alone: one file over plain HTTP to oneself is less code than choosing a server.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::page;
use crate::process::{Res, root};

/// A request longer than this is nobody's browser.
const REQUEST_LIMIT: u64 = 64 * 1024;
/// A connection on which nothing comes is dropped after this.
const PATIENCE: Duration = Duration::from_secs(10);

/// Builds the page, serves it and prints the address, until interrupted.
pub(crate) fn run(args: &[String]) -> Res {
    let port = port(args)?;
    page::build()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("can't listen on port {port}: {error}; choose another with --port N"))?;
    let address = listener.local_addr().map_err(|error| format!("can't tell the address: {error}"))?;
    println!("\nPortcullis is at http://{address}/  (Ctrl+C ends it)");
    for connection in listener.incoming().flatten() {
        thread::spawn(move || {
            // A browser that hangs up half-way is not our error.
            let _ = answer(&connection);
        });
    }
    Ok(())
}

fn port(args: &[String]) -> Res<u16> {
    match args {
        [] => Ok(0),
        [flag, number] if flag == "--port" => {
            number.parse().map_err(|_| format!("{number:?} is not a port: give a number from 0 to 65535"))
        }
        _ => Err("serve takes --port N and nothing else".to_owned()),
    }
}

fn answer(connection: &TcpStream) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(connection.take(REQUEST_LIMIT)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // The headers are read to their end, or the browser sees a reset instead of the answer.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let (status, kind, body) = respond(&request);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut out = connection;
    out.write_all(head.as_bytes())?;
    if !request.starts_with("HEAD ") {
        out.write_all(&body)?;
    }
    out.flush()
}

/// Status, content type and body for the first line of a request.
fn respond(request: &str) -> (&'static str, &'static str, Vec<u8>) {
    const TEXT: &str = "text/plain; charset=utf-8";
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(method, "GET" | "HEAD") {
        return ("405 Method Not Allowed", TEXT, b"only GET and HEAD\n".to_vec());
    }
    let Some((file, kind)) = served(target) else {
        return ("404 Not Found", TEXT, b"there is only the page, at /\n".to_vec());
    };
    match fs::read(file) {
        Ok(body) => ("200 OK", kind, body),
        Err(_) => ("404 Not Found", TEXT, b"the page is not built: run cargo xtask build\n".to_vec()),
    }
}

/// The one file there is, whatever the query; nothing else can be named, so nothing else can be reached.
fn served(target: &str) -> Option<(PathBuf, &'static str)> {
    let path = target.split('?').next().unwrap_or_default();
    matches!(path, "/" | "/portcullis.html").then(|| (root().join("dist/portcullis.html"), "text/html; charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_is_served() {
        for target in ["/", "/portcullis.html", "/?x=1"] {
            assert!(served(target).is_some(), "{target}");
        }
        for target in ["", "/../Cargo.toml", "//portcullis.html", "/Cargo.toml", "/%2e%2e/Cargo.toml", "http://x/"] {
            assert!(served(target).is_none(), "{target}");
        }
    }

    #[test]
    fn other_methods_are_refused() {
        assert_eq!(respond("POST / HTTP/1.1").0, "405 Method Not Allowed");
        assert_eq!(respond("").0, "405 Method Not Allowed");
    }

    #[test]
    fn a_port_is_a_number_or_free() {
        let args = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(port(&[]), Ok(0));
        assert_eq!(port(&args(&["--port", "8080"])), Ok(8080));
        assert!(port(&args(&["--port", "65536"])).is_err());
        assert!(port(&args(&["8080"])).is_err());
    }

    #[test]
    fn a_request_over_a_socket_gets_an_answer() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = thread::spawn(move || answer(&listener.accept().expect("a connection").0));
        let mut client = TcpStream::connect(address).expect("the server");
        client.write_all(b"HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n").expect("a request");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
        server.join().expect("no panic").expect("no error");
    }
}
