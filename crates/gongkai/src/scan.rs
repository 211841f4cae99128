//! Uploads are shown to a virus scanner that speaks the protocol of ClamAV's daemon, where the configuration names one.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use clamav_client::TransportProtocol;
use gongkai_platform::files::{NotKept, Scanner};

/// A large archive takes its time; a scanner that is silent for longer is taken for dead.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clamd {
    address: String,
}

impl Clamd {
    /// # Errors
    /// A sentence, when the address is of neither form.
    pub fn new(address: &str) -> Result<Self, String> {
        let known = ["tcp://", "unix:/"];
        if known.iter().any(|start| address.starts_with(start)) {
            Ok(Self {
                address: address.to_owned(),
            })
        } else {
            Err(format!(
                "virus_scan = \"{address}\" 无法识别。数据没有被改动。请写成 tcp://127.0.0.1:3310 或 unix:/run/clamav/clamd.ctl，不用杀毒则留空。"
            ))
        }
    }

    /// Does it answer?
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn ping(&self) -> io::Result<()> {
        clamav_client::ping(self).map(|_| ())
    }
}

/// A connection with limits on waiting.
#[derive(Debug)]
pub enum Connection {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Read for Connection {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(into),
            Self::Unix(stream) => stream.read(into),
        }
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            Self::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Unix(stream) => stream.flush(),
        }
    }
}

impl TransportProtocol for Clamd {
    type Stream = Connection;

    fn connect(&self) -> io::Result<Connection> {
        if let Some(path) = self.address.strip_prefix("unix:") {
            let stream = UnixStream::connect(path)?;
            stream.set_read_timeout(Some(WAIT_MAX))?;
            stream.set_write_timeout(Some(WAIT_MAX))?;
            return Ok(Connection::Unix(stream));
        }
        let host = self.address.trim_start_matches("tcp://");
        let mut addresses = host.to_socket_addrs()?;
        let address = addresses.next().ok_or(io::ErrorKind::NotFound)?;
        let stream = TcpStream::connect_timeout(&address, WAIT_MAX)?;
        stream.set_read_timeout(Some(WAIT_MAX))?;
        stream.set_write_timeout(Some(WAIT_MAX))?;
        Ok(Connection::Tcp(stream))
    }
}

impl Scanner for Clamd {
    fn scan(&self, bytes: &[u8]) -> Result<(), NotKept> {
        let silent = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, scanner = self.address, "the virus scanner does not answer");
            NotKept::NotScanned
        };
        let answer =
            clamav_client::scan_buffer(bytes, self, None).map_err(|error| silent(&error))?;
        let text = String::from_utf8_lossy(&answer);
        let text = text.trim_end_matches(['\0', '\n']);
        match clamav_client::clean(&answer) {
            Ok(true) => Ok(()),
            Ok(false) if text.ends_with("FOUND") => {
                let found = text.trim_start_matches("stream:").trim_end_matches("FOUND");
                Err(NotKept::Infected(found.trim().to_owned()))
            }
            // Such as a file past the scanner's own limit.
            _ => Err(silent(&text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use gongkai_platform::db::StoreError;
    use gongkai_platform::files::{Files, NotKept};

    use super::Clamd;

    /// A daemon that speaks the protocol: it finds what holds the word "EVIL", and refuses what holds "HUGE".
    fn daemon(connections: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for _ in 0..connections {
                let (mut stream, _) = listener.accept().unwrap();
                let mut command = [0; 10];
                stream.read_exact(&mut command).unwrap();
                assert_eq!(&command, b"zINSTREAM\0");
                let mut all = Vec::new();
                loop {
                    let mut length = [0; 4];
                    stream.read_exact(&mut length).unwrap();
                    let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
                    if length == 0 {
                        break;
                    }
                    let mut chunk = vec![0; length];
                    stream.read_exact(&mut chunk).unwrap();
                    all.extend(chunk);
                }
                let text = String::from_utf8_lossy(&all);
                let answer = if text.contains("EVIL") {
                    "stream: Test-Signature FOUND\0"
                } else if text.contains("HUGE") {
                    "INSTREAM size limit exceeded. ERROR\0"
                } else {
                    "stream: OK\0"
                };
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn what_a_scanner_finds_is_not_kept_and_a_silent_scanner_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = |address: &str| {
            let scanner = std::sync::Arc::new(Clamd::new(address).unwrap());
            Files::new(folder.path().to_path_buf()).scanned_by(scanner)
        };
        let scanned = files(&daemon(4));
        let hash = scanned.put(b"harmless").unwrap();
        assert_eq!(scanned.get(&hash).unwrap(), b"harmless");
        let found = scanned.put(b"an EVIL file").unwrap_err();
        assert!(
            matches!(&found, StoreError::NotKept(NotKept::Infected(name)) if name == "Test-Signature"),
            "{found:?}"
        );
        let refused = scanned.put(b"a HUGE file").unwrap_err();
        assert!(matches!(refused, StoreError::NotKept(NotKept::NotScanned)));
        // What was kept before is looked at again: signatures change.
        assert!(scanned.put(b"harmless").is_ok());
        let silent = files("tcp://127.0.0.1:1").put(b"new").unwrap_err();
        assert!(matches!(silent, StoreError::NotKept(NotKept::NotScanned)));
        let kept = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(kept, 1);
    }

    #[test]
    fn an_address_is_of_one_of_two_forms() {
        assert!(Clamd::new("tcp://10.0.0.1:3310").is_ok());
        assert!(Clamd::new("unix:/run/clamav/clamd.ctl").is_ok());
        assert!(Clamd::new("10.0.0.1:3310").is_err());
    }
}
