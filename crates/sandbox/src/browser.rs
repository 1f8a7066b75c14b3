//! A browser without a screen: follows links and redirects, keeps cookies, fills the forms a page really has.
//!
//! What it sends is what the page's own HTML says: hidden fields, the form's action, method and encoding. A page
//! whose form is broken therefore breaks the demo and the tests, as it would a person.

use anyhow::{Context, Result, bail, ensure};
use std::sync::Arc;

use reqwest::cookie::Jar;
use reqwest::{Client, Response, StatusCode, header::HeaderMap, multipart, redirect::Policy};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// One person's browser: its cookies are its own.
#[derive(Debug, Clone)]
pub struct Browser {
    client: Client,
    /// The same cookies, but redirects are shown.
    still: Client,
}

/// What came back, after redirects.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it ended.
    pub url: Url,
    /// Status of the last answer.
    pub status: StatusCode,
    /// Headers of the last answer.
    pub headers: HeaderMap,
    /// Body of the last answer.
    pub body: Vec<u8>,
}

/// A file put into a form.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the field.
    pub field: String,
    /// Name of the file.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Browser {
    /// A browser that follows redirects.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new() -> Result<Self> {
        Self::with_redirects(Policy::limited(20))
    }

    /// A browser that shows each redirect instead of following it.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn stopping_at_redirects() -> Result<Self> {
        Self::with_redirects(Policy::none())
    }

    fn with_redirects(policy: Policy) -> Result<Self> {
        // Installed by whoever comes first in the process; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let cookies = Arc::new(Jar::default());
        let client = |policy| {
            Client::builder()
                .cookie_provider(Arc::clone(&cookies))
                .redirect(policy)
                .user_agent("dn-browser")
                .build()
        };
        Ok(Self {
            client: client(policy)?,
            still: client(Policy::none())?,
        })
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn get(&self, url: impl AsRef<str>) -> Result<Page> {
        Page::read(self.client.get(url.as_ref()).send().await?).await
    }

    /// Sends fields to an address as a form would.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn post(&self, url: impl AsRef<str>, fields: &[(String, String)]) -> Result<Page> {
        Page::read(self.client.post(url.as_ref()).form(fields).send().await?).await
    }

    /// As [`Browser::get`], but shows a redirect instead of following it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn get_still(&self, url: impl AsRef<str>) -> Result<Page> {
        Page::read(self.still.get(url.as_ref()).send().await?).await
    }

    /// As [`Browser::post`], but shows a redirect instead of following it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn post_still(&self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Result<Page> {
        Page::read(self.still.post(url.as_ref()).form(fields).send().await?).await
    }

    /// Follows the first link the selector finds.
    ///
    /// # Errors
    /// When there is no such link, or the server cannot be reached.
    pub async fn follow(&self, page: &Page, selector: &str) -> Result<Page> {
        let target = page
            .attribute(selector, "href")
            .with_context(|| format!("no link {selector} on {}", page.url))?;
        self.get(page.url.join(&target)?).await
    }

    /// Submits the first form the selector finds, with what it holds, the given fields put in the place of its own.
    ///
    /// # Errors
    /// When there is no such form, or the server cannot be reached.
    pub async fn submit(&self, page: &Page, selector: &str, fields: &[(&str, &str)]) -> Result<Page> {
        self.send(page.form(selector)?.with(fields), None).await
    }

    /// As [`Browser::submit`], with a file.
    ///
    /// # Errors
    /// When the form does not take files, or the server cannot be reached.
    pub async fn upload(
        &self,
        page: &Page,
        selector: &str,
        fields: &[(&str, &str)],
        file: Upload,
    ) -> Result<Page> {
        let form = page.form(selector)?;
        ensure!(
            form.multipart,
            "the form {selector} on {} takes no file",
            page.url
        );
        self.send(form.with(fields), Some(file)).await
    }

    async fn send(&self, form: Form, file: Option<Upload>) -> Result<Page> {
        let request = if form.post && form.multipart {
            let mut body = multipart::Form::new();
            for (name, value) in form.fields {
                body = body.text(name, value);
            }
            if let Some(file) = file {
                let part = multipart::Part::bytes(file.bytes)
                    .file_name(file.name)
                    .mime_str("application/pdf")?;
                body = body.part(file.field, part);
            }
            self.client.post(form.action).multipart(body)
        } else if form.post {
            self.client.post(form.action).form(&form.fields)
        } else {
            let mut action = form.action;
            action.query_pairs_mut().clear().extend_pairs(&form.fields);
            self.client.get(action)
        };
        Page::read(request.send().await?).await
    }
}

/// A form as the page has it.
#[derive(Debug, Clone)]
pub struct Form {
    action: Url,
    post: bool,
    multipart: bool,
    /// Names and values that would be sent.
    pub fields: Vec<(String, String)>,
}

impl Form {
    fn with(mut self, given: &[(&str, &str)]) -> Self {
        self.fields
            .retain(|(name, _)| !given.iter().any(|(other, _)| other == name));
        self.fields.extend(
            given
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        self
    }
}

impl Page {
    async fn read(response: Response) -> Result<Self> {
        let (url, status, headers) = (
            response.url().clone(),
            response.status(),
            response.headers().clone(),
        );
        Ok(Self {
            url,
            status,
            headers,
            body: response.bytes().await?.to_vec(),
        })
    }

    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Value of a header, if it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Text of every element the selector finds, white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let Ok(selector) = Selector::parse(selector) else {
            return vec![];
        };
        Html::parse_document(&self.html())
            .select(&selector)
            .map(text_of)
            .collect()
    }

    /// Text of the first element the selector finds.
    pub fn text(&self, selector: &str) -> Option<String> {
        self.texts(selector).into_iter().next()
    }

    /// An attribute of the first element the selector finds.
    pub fn attribute(&self, selector: &str, attribute: &str) -> Option<String> {
        self.attributes(selector, attribute).into_iter().next()
    }

    /// An attribute of every element the selector finds.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        let Ok(selector) = Selector::parse(selector) else {
            return vec![];
        };
        let document = Html::parse_document(&self.html());
        document
            .select(&selector)
            .filter_map(|element| element.attr(attribute))
            .map(str::to_owned)
            .collect()
    }

    /// The first form the selector finds, with what it would send.
    ///
    /// # Errors
    /// When there is none.
    pub fn form(&self, selector: &str) -> Result<Form> {
        let document = Html::parse_document(&self.html());
        let Ok(parsed) = Selector::parse(selector) else {
            bail!("not a selector: {selector}")
        };
        let element = document
            .select(&parsed)
            .next()
            .with_context(|| format!("no form {selector} on {} ({})", self.url, self.status))?;
        let post = element
            .attr("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let multipart = element.attr("enctype") == Some("multipart/form-data");
        let action = match element.attr("action") {
            Some(action) if !action.is_empty() => self.url.join(action)?,
            _ => self.url.clone(),
        };
        Ok(Form {
            action,
            post,
            multipart,
            fields: successful_controls(element),
        })
    }
}

fn text_of(element: ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The controls a browser would send (HTML, "constructing the entry list"), buttons aside.
fn successful_controls(form: ElementRef<'_>) -> Vec<(String, String)> {
    let Ok(controls) = Selector::parse("input[name], select[name], textarea[name]") else {
        return vec![];
    };
    form.select(&controls)
        .filter(|control| control.attr("disabled").is_none())
        .filter_map(control_value)
        .collect()
}

fn control_value(control: ElementRef<'_>) -> Option<(String, String)> {
    let name = control.attr("name")?.to_owned();
    let value = match control.value().name() {
        "textarea" => control.text().collect(),
        "select" => selected_option(control)?,
        _ => match control.attr("type").unwrap_or("text") {
            "checkbox" | "radio" => {
                control.attr("checked")?;
                control.attr("value").unwrap_or("on").to_owned()
            }
            "submit" | "button" | "image" | "reset" | "file" => return None,
            _ => control.attr("value").unwrap_or("").to_owned(),
        },
    };
    Some((name, value))
}

fn selected_option(select: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").ok()?;
    let mut options = select.select(&options).peekable();
    let first = options.peek().copied();
    let chosen = options
        .find(|option| option.attr("selected").is_some())
        .or(first)?;
    Some(
        chosen
            .attr("value")
            .map_or_else(|| text_of(chosen), str::to_owned),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        let url = "http://localhost/a/b".parse().unwrap();
        Page {
            url,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: html.into(),
        }
    }

    #[test]
    fn a_form_sends_what_its_html_says() {
        let page = page(
            r#"<form id="f" method="post" action="../c"><input type="hidden" name="csrf" value="t">
            <input name="nom" value="Durand"><input type="checkbox" name="d" value="69" checked>
            <input type="checkbox" name="d" value="38"><input type="radio" name="s" value="M">
            <select name="o"><option value="1">un<option value="2" selected>deux</select>
            <textarea name="t">texte</textarea><input name="off" value="x" disabled><button name="b">ok</button></form>"#,
        );
        let form = page.form("#f").unwrap().with(&[("nom", "Petit")]);
        assert_eq!(form.action.as_str(), "http://localhost/c");
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            fields,
            [
                ("csrf", "t"),
                ("d", "69"),
                ("o", "2"),
                ("t", "texte"),
                ("nom", "Petit")
            ]
        );
    }
}
