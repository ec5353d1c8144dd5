//! Sockets of the internet families that the program and its children hold, as Linux lists them under `/proc`.
//!
//! What is not seen: sockets of other families, of programs that are not children of this one, and what was
//! open before or after the moment of looking.

use super::Finding;
use crate::views::{CheckView, SelfCheck};

/// `allowed` says whether something is switched on that uses a network, where that is known.
pub(super) fn check(allowed: Option<bool>) -> CheckView {
    let Some(seen) = look() else { return SelfCheck::Network.ends(Finding::NetworkUnknown) };
    let finding = match (seen.outward.is_empty(), allowed) {
        (true, _) if seen.hidden > 0 => Finding::NetworkPartly,
        (true, _) => Finding::NetworkSilent,
        (false, Some(true)) => Finding::NetworkAllowed,
        (false, _) => Finding::NetworkOpen,
    };
    SelfCheck::Network
        .ends(finding)
        .figure("processes", seen.processes)
        .figure("hidden", seen.hidden)
        .named(seen.outward)
}

#[derive(Debug, Default)]
struct Seen {
    processes: usize,
    /// Processes whose sockets this one may not list.
    hidden: usize,
    /// What leads beyond this machine.
    outward: Vec<String>,
}

#[cfg(not(target_os = "linux"))]
const fn look() -> Option<Seen> {
    None
}

#[cfg(target_os = "linux")]
use proc::look;

#[cfg(target_os = "linux")]
mod proc {
    use std::collections::HashSet;
    use std::fs;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    use std::path::{Path, PathBuf};

    use super::Seen;

    /// The kernel's tables of a network namespace.
    const TABLES: [&str; 6] = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"];

    pub(super) fn look() -> Option<Seen> {
        let processes = family(std::process::id(), &parents()?);
        let mut seen = Seen { processes: processes.len(), ..Seen::default() };
        for process in processes {
            match outward_of(&PathBuf::from(format!("/proc/{process}"))) {
                Some(found) => seen.outward.extend(found),
                None => seen.hidden += 1,
            }
        }
        Some(seen)
    }

    /// Every process with its parent.
    fn parents() -> Option<Vec<(u32, u32)>> {
        let numbered = fs::read_dir("/proc").ok()?.flatten();
        let found = numbered.filter_map(|entry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name in parentheses may hold anything; the fields follow the last one.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((process, parent))
        });
        Some(found.collect())
    }

    /// A process and all that descend from it.
    fn family(root: u32, parents: &[(u32, u32)]) -> Vec<u32> {
        let mut family = vec![root];
        let mut next = 0;
        while let Some(&parent) = family.get(next) {
            family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
            next += 1;
        }
        family
    }

    /// What a process holds that leads beyond this machine; nothing where it may not be looked at.
    fn outward_of(process: &Path) -> Option<Vec<String>> {
        let held: HashSet<String> = fs::read_dir(process.join("fd"))
            .ok()?
            .flatten()
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
            .collect();
        let mut found = Vec::new();
        for table in TABLES {
            // A kernel without a family has no table of it.
            let Ok(text) = fs::read_to_string(process.join("net").join(table)) else { continue };
            let rows = text.lines().skip(1).filter_map(Row::parse);
            let outward = rows.filter(|row| held.contains(row.inode) && row.leads_out());
            found.extend(outward.map(|row| row.said(table.trim_end_matches('6'))));
        }
        Some(found)
    }

    #[derive(Debug, PartialEq, Eq)]
    struct Row<'a> {
        local: SocketAddr,
        remote: SocketAddr,
        inode: &'a str,
    }

    impl<'a> Row<'a> {
        fn parse(line: &'a str) -> Option<Self> {
            let mut fields = line.split_whitespace();
            let (local, remote) = (address(fields.nth(1)?)?, address(fields.next()?)?);
            Some(Self { local, remote, inode: fields.nth(6)? })
        }

        fn leads_out(&self) -> bool {
            let here = |at: SocketAddr| at.ip().to_canonical().is_loopback();
            !here(self.local) && !here(self.remote)
        }

        fn said(&self, protocol: &str) -> String {
            if self.remote.ip().to_canonical().is_unspecified() {
                format!("{protocol} on {}", self.local)
            } else {
                format!("{protocol} to {}", self.remote)
            }
        }
    }

    /// `0100007F:1F90`: words of 32 bits as the machine holds them, and a port.
    fn address(text: &str) -> Option<SocketAddr> {
        let (ip, port) = text.split_once(':')?;
        let words: Vec<[u8; 4]> = ip
            .as_bytes()
            .chunks(8)
            .map(|word| Some(u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()?.to_ne_bytes()))
            .collect::<Option<_>>()?;
        let ip = match <[u8; 16]>::try_from(words.concat()) {
            Ok(bytes) => IpAddr::from(Ipv6Addr::from(bytes)),
            Err(bytes) => Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into(),
        };
        Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
    }

    #[cfg(test)]
    mod tests {
        use std::net::{TcpListener, UdpSocket};

        use super::*;

        #[test]
        fn a_socket_that_leads_out_is_seen_and_loopback_is_not() {
            let inner = TcpListener::bind("127.0.0.1:0").unwrap();
            let outer = UdpSocket::bind("0.0.0.0:0").unwrap();
            let found = outward_of(Path::new("/proc/self")).unwrap();
            let said = format!("udp on {}", outer.local_addr().unwrap());
            assert!(found.contains(&said), "{found:?}");
            let port = inner.local_addr().unwrap().port().to_string();
            assert!(!found.iter().any(|line| line.ends_with(&port)), "{found:?}");
            drop(outer);
            assert!(!outward_of(Path::new("/proc/self")).unwrap().contains(&said));
        }

        #[test]
        fn a_row_of_the_kernel_is_read() {
            let line = "   0: 0100007F:1F90 0A00A8C0:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 \
                4711 1 0000000000000000 20 4 30 10 -1";
            let row = Row::parse(line).unwrap();
            let (local, remote) = ("127.0.0.1:8080", "192.168.0.10:443");
            assert_eq!(
                row,
                Row { local: local.parse().unwrap(), remote: remote.parse().unwrap(), inode: "4711" }
            );
            let six = address("B80D0120000000000000000001000000:0050").unwrap();
            assert_eq!(six, "[2001:db8::1]:80".parse().unwrap());
        }

        #[test]
        fn a_family_is_all_that_descend() {
            assert_eq!(family(10, &[(11, 10), (12, 11), (13, 1), (14, 12)]), [10, 11, 12, 14]);
        }
    }
}
