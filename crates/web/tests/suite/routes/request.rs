//! From a line of the table to a request, and what a person sees of the answer.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::VerificationCode;
use reqwest::{Method, RequestBuilder, Response};
use testing::TestApp;
use testing::people::{DECEDENTS, NOTARY, OTHER_NOTARY};
use uuid::Uuid;

use super::people::Person;
use super::table::Line;

/// The application, with an inquiry of each of two offices in it.
pub(super) struct Ground<'a> {
    app: &'a TestApp,
    /// What the names of the table stand for.
    known: BTreeMap<&'static str, String>,
}

/// What a person sees of an answer.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// Where the browser is sent.
    went: String,
    /// Everything, where two answers are to be compared.
    pub(super) seen: Seen,
}

/// Everything that a person sees of an answer, but what is new in each: its id, its time, a session's number. What the
/// person asked for is blotted out.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    status: u16,
    pub(super) cookies: Vec<String>,
    location: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Seen {
    /// The first thing by which the two can be told apart.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let parts = |seen: &Self| {
            let first = format!("{} {} {:?}", seen.status, seen.location, seen.cookies);
            let headers = seen
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}"));
            let body = seen.body.lines().map(str::to_owned);
            [first].into_iter().chain(headers).chain(body).collect::<Vec<_>>()
        };
        let (ours, theirs) = (parts(self), parts(other));
        let lines = ours.iter().zip(&theirs).find(|(one, other)| one != other);
        let found = lines.map(|(one, other)| format!("{one} / {other}"));
        found.or_else(|| (ours.len() != theirs.len()).then(|| "one is longer".to_owned()))
    }
}

impl<'a> Ground<'a> {
    pub(super) async fn prepare(app: &'a TestApp) -> Result<Self> {
        let mut known = BTreeMap::from([
            ("SX", Uuid::now_v7().to_string()),
            ("IX", Uuid::now_v7().to_string()),
            ("CX", "38-00000-00000-00000-00000".to_owned()),
        ]);
        let both = [
            (NOTARY, "rhone", "69", ["S1", "I1", "C1"]),
            (OTHER_NOTARY, "isere", "38", ["S2", "I2", "C2"]),
        ];
        for (subject, department, number, [submission, inquiry, code]) in both {
            let browser = app.notary(subject).await?;
            let answer = app.ask(&browser, &[department], &DECEDENTS[0], "").await?;
            let mut path = answer.url.path_segments().context("no path")?;
            known.insert(submission, path.next_back().context("no id")?.to_owned());
            let secret = format!("select verification_secret from tenant_{department}.letter");
            let typed: VerificationCode = format!("{number}-{}", app.sql(&secret).await?).parse()?;
            known.insert(code, typed.to_string());
            let id = format!("select id from tenant_{department}.inquiry");
            known.insert(inquiry, app.sql(&id).await?);
        }
        app.work().await?;
        known.insert("C?", known["C1"].replacen("69", "38", 1));
        Ok(Self { app, known })
    }

    fn value(&self, name: &str) -> String {
        match name {
            "style" => views::static_url("style.css")
                .unwrap()
                .trim_start_matches("/statique/")
                .to_owned(),
            name => self.known.get(name).cloned().unwrap_or_else(|| name.to_owned()),
        }
    }

    /// The address of a line.
    pub(super) fn address(&self, line: &Line) -> String {
        let mut address = line.route.clone();
        for part in line.case.split('/').map(|name| self.value(name)) {
            let Some((start, end)) = address.find('{').zip(address.find('}')) else {
                break;
            };
            // `{hash}/{name}` in one.
            let end = if part.contains('/') {
                address.len() - 1
            } else {
                end
            };
            address.replace_range(start..=end, &part);
        }
        assert!(!address.contains('{'), "{line}: {address}");
        self.app.at(&address)
    }

    /// Asks as this person.
    pub(super) async fn ask(&self, person: &Person, line: &Line) -> Result<Told> {
        let address = self.address(line);
        let request = match line.method.as_str() {
            "GET" => person.client.get(address),
            _ => {
                let page = person
                    .client
                    .get(self.app.at("/verification"))
                    .send()
                    .await?
                    .text()
                    .await?;
                self.form(person.client.post(address), line, Some(token(&page)?))
            }
        };
        self.told(request.send().await?, line).await
    }

    /// Sends the form of a line without its token.
    pub(super) async fn unsigned(&self, person: &Person, line: &Line) -> Result<u16> {
        let request = self.form(person.client.post(self.address(line)), line, None);
        Ok(request.send().await?.status().as_u16())
    }

    /// Another method, and nothing else.
    pub(super) async fn bare(&self, person: &Person, method: &str, line: &Line) -> Result<u16> {
        let method: Method = method.parse()?;
        let request = person.client.request(method, self.address(line));
        Ok(request.send().await?.status().as_u16())
    }

    fn form(&self, request: RequestBuilder, line: &Line, token: Option<String>) -> RequestBuilder {
        let mut fields: Vec<(&str, String)> = token.map(|token| ("csrf", token)).into_iter().collect();
        match line.case.as_str() {
            "nothing" => {}
            "accepted" => fields.push(("acceptation", "oui".to_owned())),
            _ if line.route == "/verification" => {
                fields.push(("code", self.value(&line.case)));
                let form = reqwest::multipart::Form::new();
                return request.multipart(
                    fields
                        .into_iter()
                        .fold(form, |form, (name, value)| form.text(name, value)),
                );
            }
            submission => {
                let department = if submission == "S2" { "isere" } else { "rhone" };
                fields.push(("demande", self.value(submission)));
                fields.push(("departements", department.to_owned()));
                fields.extend(
                    DECEDENTS[0]
                        .fields()
                        .map(|(name, value)| (name, value.to_owned())),
                );
            }
        }
        request.form(&fields)
    }

    async fn told(&self, response: Response, line: &Line) -> Result<Told> {
        let status = response.status().as_u16();
        let mut headers = BTreeMap::new();
        let mut cookies = Vec::new();
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            match name.as_str() {
                "set-cookie" => cookies.push(without_value(&value)),
                name => drop(headers.insert(name.to_owned(), value)),
            }
        }
        let id = headers.remove("x-request-id").context("no request id")?;
        let location = headers.remove("location").unwrap_or_default();
        headers.remove("date");
        // The bodies are compared; what was asked may be longer.
        headers.remove("content-length");
        let body = response.bytes().await?;
        let blot = |text: &str| {
            let asked = line
                .case
                .split('/')
                .map(|name| self.value(name))
                .filter(|value| value.len() > 1);
            asked.fold(text.replace(&id, "…"), |text, value| text.replace(&value, "…"))
        };
        let seen = Seen {
            status,
            location: blot(&location),
            cookies,
            headers,
            body: blot(&String::from_utf8_lossy(&body)),
        };
        Ok(Told { went: location, seen })
    }

    /// What came, if it is not what the table says.
    pub(super) fn differs(&self, expected: &str, line: &Line, told: &Told) -> Option<String> {
        let (status, went) = (told.seen.status, told.went.as_str());
        let found = format!("{status} {went}").trim().to_owned();
        let fits = match expected {
            "login" => is_login(told, self.address(line).trim_start_matches(&self.app.at(""))),
            "terms" => status == 303 && went == "/conditions",
            "away" => status == 303 && went.starts_with("http://127.0.0.1:"),
            "on" => status == 303 && went.starts_with("/demandes"),
            path if path.starts_with('>') => {
                status == 303 && went == path[1..].replace(&line.case, &self.value(&line.case))
            }
            expected => found == expected,
        };
        (!fits).then_some(found)
    }
}

/// To the login, and back to where the person was, where that is a page to come back to.
fn is_login(told: &Told, asked: &str) -> bool {
    let back: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    told.seen.status == 303 && (told.went == "/connexion" || told.went == format!("/connexion?suite={back}"))
}

/// Name and attributes of a cookie.
fn without_value(cookie: &str) -> String {
    let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
    let name = pair.split('=').next().unwrap_or_default();
    let steady = attributes
        .split(';')
        .filter(|attribute| !attribute.trim().starts_with("Max-Age="));
    format!("{name};{}", steady.collect::<Vec<_>>().join(";"))
}

/// The token in a page's form.
pub(super) fn token(page: &str) -> Result<String> {
    let after = page.split("name=\"csrf\" value=\"").nth(1).context("no token")?;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}
