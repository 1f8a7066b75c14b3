//! Requests to every route there is.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use dn_testing::TestApp;
use dn_testing::people::{ADMIN_RHONE, NOTARY};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use sandbox::Browser;
use tokio::runtime::Runtime;

use dn_testing::broken::{broken, broken_text, cases};

const SEGMENTS: &[&str] = &[
    "rhone",
    "isere",
    "..",
    ".",
    "%2e%2e",
    "%00",
    "/",
    "\\",
    "0192f3c4-0000-7000-8000-000000000000",
    "idnot",
    "proconnect",
    "69-7K2QX-9M4TD-0ZB3W-HF6RP",
    "couleurs-1.css",
    "logo-1",
    "é",
    "\u{202e}",
    "'",
    "\"",
    "<",
    "&",
    "%",
];
const FIELDS: &[&str] = &[
    "departements",
    "nom_naissance",
    "nom_usage",
    "prenoms",
    "sexe",
    "naissance_date",
    "naissance_lieu",
    "deces_date",
    "deces_lieu",
    "acte_date",
    "reference",
    "attestation",
    "demande",
    "acceptation",
    "code",
    "state",
    "error",
    "iss",
    "suite",
    "page",
    "nom",
    "departement",
    "reponse",
    "du",
    "au",
    "texte",
];
const VALUES: &[&str] = &[
    "rhone",
    "oui",
    "F",
    "02/01/1931",
    "31/02/1931",
    "0",
    "-1",
    "99999999999999999999",
    "\0",
    "é",
    "\u{202e}",
    "'",
    "%00",
    "LEFÈVRE",
    "0192f3c4-0000-7000-8000-000000000000",
    "recoverable",
    "<script>",
    "{{ 7*7 }}",
    "\r\nSet-Cookie: a=b",
    "//evil.example",
];

/// A request as a browser could send it.
#[derive(Debug, Clone)]
struct Sent {
    route: usize,
    who: usize,
    segments: Vec<String>,
    fields: Vec<(String, String)>,
}

fn sent(routes: usize) -> impl Strategy<Value = Sent> {
    let field = (
        select(FIELDS),
        prop_oneof![
            broken_text("Odette", VALUES),
            select(VALUES).prop_map(str::to_owned)
        ],
    );
    let segment = prop_oneof![
        select(SEGMENTS).prop_map(str::to_owned),
        broken_text("rhone", SEGMENTS)
    ];
    let parts = (
        0..routes,
        0..3usize,
        prop::collection::vec(segment, 2),
        prop::collection::vec(field, 0..14),
    );
    parts.prop_map(|(route, who, segments, fields)| Sent {
        route,
        who,
        segments,
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    })
}

fn path(pattern: &str, segments: &[String]) -> String {
    let mut segments = segments.iter();
    let filled = pattern.split('/').map(|part| match part.starts_with('{') {
        true => segments
            .next()
            .map_or(String::new(), |text| encoded(text.as_bytes())),
        false => part.to_owned(),
    });
    filled.collect::<Vec<_>>().join("/")
}

fn encoded(bytes: &[u8]) -> String {
    url::form_urlencoded::byte_serialize(bytes).collect()
}

/// Somebody with a browser, and the token their forms carry.
struct Visitor {
    browser: Browser,
    csrf: String,
}

impl Visitor {
    async fn new(app: &TestApp, browser: Browser, form: &str) -> Self {
        let page = browser.get(app.at(form)).await.unwrap();
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        Self { browser, csrf }
    }

    /// The status of the answer.
    async fn send(
        &self,
        app: &TestApp,
        method: &http::Method,
        path: &str,
        fields: &[(String, String)],
    ) -> u16 {
        let mut fields = fields.to_vec();
        let page = if method == http::Method::POST {
            fields.push(("csrf".to_owned(), self.csrf.clone()));
            self.browser.post(app.at(path), &fields).await
        } else {
            let query = fields
                .iter()
                .map(|(name, value)| format!("{name}={}", encoded(value.as_bytes())));
            let address = format!("{}?{}", app.at(path), query.collect::<Vec<_>>().join("&"));
            self.browser.get(address).await
        };
        page.unwrap().status.as_u16()
    }
}

#[test]
fn no_request_to_any_route_makes_a_handler_fail() {
    let runtime = Runtime::new().unwrap();
    // The application says good-bye to its servers when it is dropped.
    let _inside = runtime.enter();
    let app = runtime.block_on(TestApp::start()).unwrap();
    let visitors = runtime.block_on(async {
        [
            Visitor::new(&app, Browser::stopping_at_redirects().unwrap(), "/verification").await,
            Visitor::new(&app, app.notary(NOTARY).await.unwrap(), "/demandes/nouvelle").await,
            Visitor::new(&app, app.agent(ADMIN_RHONE).await.unwrap(), "/departements/rhone").await,
        ]
    });
    // Who logs out sends nothing more of interest.
    let mut routes = web::routes();
    routes.retain(|(_, path)| *path != "/deconnexion");
    let outcome = TestRunner::new(cases(250)).run(&sent(routes.len()), |sent| {
        let (method, pattern) = &routes[sent.route];
        let path = path(pattern, &sent.segments);
        let status = runtime.block_on(visitors[sent.who].send(&app, method, &path, &sent.fields));
        prop_assert!(status < 500, "{method} {path}: {status}");
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn no_bytes_on_the_wire_make_the_server_fail() {
    const WORDS: &[&str] = &[
        "\r\n",
        "\n",
        "\r",
        ": ",
        "GET ",
        "POST ",
        "HTTP/1.0",
        "HTTP/2",
        "content-length: 5\r\n",
        "transfer-encoding: chunked\r\n",
        "expect: 100-continue\r\n",
        "cookie: __Host-dn=AAAA\r\n",
        "accept-encoding: gzip\r\n",
        "content-encoding: gzip\r\n",
        "range: bytes=0-1\r\n",
        "x-request-id: \u{e9}\r\n",
        "host: evil.example\r\n",
        "//",
        "http://",
        "%zz",
        "\0",
        "?",
        "#",
        ";",
        "=",
    ];
    let runtime = Runtime::new().unwrap();
    // The application says good-bye to its servers when it is dropped.
    let _inside = runtime.enter();
    let app = runtime.block_on(TestApp::start()).unwrap();
    let host = format!("127.0.0.1:{}", app.url.port().unwrap());
    let cookie = "cookie: __Host-dn=AAAAAAAAAAAAAAAAAAAAAA; autre=\"1\"";
    let body = "csrf=a&code=69-7K2QX-9M4TD-0ZB3W-HF6RP";
    let requests = [
        format!(
            "GET /demandes?page=2&nom=durand HTTP/1.1\r\nhost: {host}\r\n{cookie}\r\nconnection: close\r\n\r\n"
        ),
        format!(
            "POST /verification HTTP/1.1\r\nhost: {host}\r\n{cookie}\r\nconnection: close\r\ncontent-type: \
             application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    ];
    for request in requests {
        let outcome = TestRunner::new(cases(120)).run(&broken(request.as_bytes(), WORDS), |bytes| {
            let answer = exchange(&host, &bytes);
            let start = String::from_utf8_lossy(&answer[..answer.len().min(12)]).into_owned();
            // Nothing is an answer as well: what cannot be read as a request is hung up on.
            let fine =
                start.is_empty() || start.starts_with("HTTP/1.") && start.as_bytes().get(9) != Some(&b'5');
            prop_assert!(fine, "{start}");
            Ok(())
        });
        outcome.unwrap();
    }
    let page = runtime.block_on(async { Browser::new().unwrap().get(app.at("/")).await });
    assert_eq!(page.unwrap().status, 200);
}

/// Sends these bytes and nothing more, and reads what comes back.
fn exchange(host: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = Vec::new();
    // The server may hang up before it has read all: then what it said is lost, and it is none of its failures.
    if stream
        .write_all(bytes)
        .and_then(|()| stream.shutdown(Shutdown::Write))
        .is_ok()
    {
        let _ = stream.read_to_end(&mut answer);
    }
    answer
}
