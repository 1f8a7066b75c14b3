//! How often one address may come to the pages that are open to anybody and cost something: a session in the database,
//! a look-up of a code, a round to a provider.
//!
//! It is about cost, not about secrecy: codes and states have more than a hundred bits and are not found by trying. So each
//! process counts for itself, in memory, by the minute; behind a balancer an address may come that much more often.
//! Who is logged in is counted as well on these pages, and on no other.
//!
//! Behind a reverse proxy every connection comes from the proxy: the client's address is then in a header, which is
//! believed only if the configuration names it (`web.client_address_header`), because anybody can send one. Without
//! that name, connections from this machine or a private network are not counted: they are a proxy's, and one limit for
//! all of its clients would shut out everybody for the sake of one.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HeaderName;

use crate::WebState;
use crate::problem::Problem;

/// The pages counted.
const COUNTED: [&str; 5] = [
    "/connexion",
    "/connexion/{provider}",
    "/connexion/{provider}/retour",
    "/verification",
    "/v/{code}",
];
/// How long is counted before all begins anew.
const WINDOW: Duration = Duration::from_secs(60);
/// Most addresses counted at once: the memory of a process is bounded, and past this an attack is the network's matter.
const MAX_ADDRESSES: usize = 100_000;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// How often each address came in the running minute.
pub(crate) struct Visitors {
    per_minute: u32,
    window: Mutex<Window>,
}

struct Window {
    begun: Instant,
    seen: HashMap<IpAddr, u32>,
}

impl Visitors {
    /// Lets each address come so often; 0: without limit.
    pub(crate) fn new(per_minute: u32, now: Instant) -> Self {
        let seen = HashMap::new();
        Self {
            per_minute,
            window: Mutex::new(Window { begun: now, seen }),
        }
    }

    /// Counts a visit.
    ///
    /// # Errors
    /// Seconds to wait, when it is one too many.
    fn admit(&self, address: IpAddr, now: Instant) -> Result<(), u32> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(window.begun) >= WINDOW {
            window.begun = now;
            window.seen.clear();
        }
        let address = network(address);
        if window.seen.len() >= MAX_ADDRESSES && !window.seen.contains_key(&address) {
            return Ok(());
        }
        let count = window.seen.entry(address).or_default();
        *count = count.saturating_add(1);
        if *count <= self.per_minute {
            return Ok(());
        }
        let left = WINDOW.saturating_sub(now.duration_since(window.begun));
        Err(u32::try_from(left.as_secs()).unwrap_or_default() + 1)
    }
}

/// What one client has: an address of IPv4, the first half of one of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four @ IpAddr::V4(_) => four,
    }
}

pub(crate) async fn count(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    if route.is_some_and(|route| COUNTED.contains(&route.as_str()))
        && let Some(client) = client(&request, state.settings().client_address_header.as_ref())
        && let Err(seconds) = state.visitors().admit(client, Instant::now())
    {
        return Problem::TooManyRequests { seconds }.into_response();
    }
    next.run(request).await
}

/// Where a request comes from, if that can be told: from the header that the proxy sets, or from the connection.
fn client(request: &Request, header: Option<&HeaderName>) -> Option<IpAddr> {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    match header {
        Some(header) => last_address(request, header).or(peer),
        None => peer.filter(|peer| !is_near(*peer)),
    }
}

/// The last address in the header: the one our own proxy wrote. Those before it may be the client's invention.
fn last_address(request: &Request, header: &HeaderName) -> Option<IpAddr> {
    let value = request.headers().get_all(header).iter().next_back()?;
    let last = value.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok()
}

/// Of this machine or of a private network.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn each_address_has_its_minute() {
        let begin = Instant::now();
        let visitors = Visitors::new(2, begin);
        let visit = |text: &str, seconds| visitors.admit(address(text), begin + Duration::from_secs(seconds));
        assert_eq!(visit("192.0.2.1", 0), Ok(()));
        assert_eq!(visit("192.0.2.1", 10), Ok(()));
        assert_eq!(visit("192.0.2.1", 20), Err(41));
        assert_eq!(visit("::ffff:192.0.2.1", 21), Err(40));
        assert_eq!(visit("192.0.2.2", 22), Ok(()));
        assert_eq!(visit("192.0.2.1", 60), Ok(()));
        // One client has a whole network of IPv6.
        assert_eq!(visit("2001:db8:1:2:3::1", 61), Ok(()));
        assert_eq!(visit("2001:db8:1:2:4::1", 61), Ok(()));
        assert_eq!(visit("2001:db8:1:2::9", 61), Err(60));
        assert_eq!(visit("2001:db8:1:3::9", 61), Ok(()));
        let open = Visitors::new(0, begin);
        assert!((0..1000).all(|_| open.admit(address("192.0.2.1"), begin).is_ok()));
    }

    #[test]
    fn a_header_is_believed_only_if_it_is_named() {
        let named = HeaderName::from_static("x-forwarded-for");
        let from = |peer: &str, values: &[&str], header: Option<&HeaderName>| {
            let mut request = Request::new(Body::empty());
            request.extensions_mut().insert(Peer(address(peer)));
            for value in values {
                request.headers_mut().append(&named, value.parse().unwrap());
            }
            client(&request, header).map(|address| address.to_string())
        };
        let near = "10.0.0.1";
        assert_eq!(from(near, &["192.0.2.1"], None), None);
        assert_eq!(from("127.0.0.1", &[], None), None);
        assert_eq!(
            from("192.0.2.9", &["192.0.2.1"], None),
            Some("192.0.2.9".to_owned())
        );
        let believed = |values| from(near, values, Some(&named)).unwrap();
        assert_eq!(believed(&["192.0.2.1"]), "192.0.2.1");
        assert_eq!(believed(&["invented, 192.0.2.7, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(believed(&["192.0.2.7", "192.0.2.1"]), "192.0.2.1");
        // Nothing in it: not through the proxy.
        assert_eq!(believed(&[]), near);
        assert_eq!(believed(&["unknown"]), near);
    }
}
