//! Templates and data become pages and mails.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::layout::Layout;
use crate::{assets, filters, sources, typography};

/// A page: a template and the data it needs.
pub trait Page: Serialize + Sized {
    /// File under `templates/`.
    const TEMPLATE: &'static str;

    /// Title of the page, without the name of the service.
    fn title(&self) -> String;

    /// Pages as they may be, each with a name for its picture: rendered by the test of all templates.
    fn samples() -> Vec<Sample<Self>>;
}

/// A page with made-up data.
#[derive(Debug, Clone)]
pub struct Sample<P> {
    /// Name of the file in the gallery.
    pub name: &'static str,
    /// What surrounds it.
    pub layout: Layout,
    /// The page.
    pub page: P,
}

impl<P> Sample<P> {
    /// A sample.
    pub fn new(name: &'static str, layout: Layout, page: P) -> Self {
        Self { name, layout, page }
    }
}

/// A mail: a folder under `templates/mails/` and the data it needs.
pub trait Mail: Serialize + Sized {
    /// Folder with `subject.txt`, `body.txt` and `body.html`.
    const FOLDER: &'static str;

    /// Mails with made-up data, each with a name.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// Plain text, which says everything.
    pub text: String,
    /// The same, for those who read HTML.
    pub html: String,
}

/// A template could not be loaded or rendered: always our fault, never the reader's.
#[derive(Debug, thiserror::Error)]
#[error("template {name} cannot be rendered")]
pub struct ViewError {
    name: String,
    source: minijinja::Error,
}

/// All templates, loaded once and shared.
#[derive(Debug)]
pub struct Views {
    environment: Environment<'static>,
}

impl Views {
    /// Loads the templates embedded in the program.
    ///
    /// # Errors
    /// When one of them is not a valid template.
    pub fn new() -> Result<Self, ViewError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(whitespace()?);
        environment.set_auto_escape_callback(|name| {
            if name.ends_with(".html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        filters::add_to(&mut environment);
        for (name, source) in sources::TEMPLATES {
            environment
                .add_template_owned(*name, typography::set_template(source))
                .map_err(|source| ViewError {
                    name: (*name).to_owned(),
                    source,
                })?;
        }
        Ok(Self { environment })
    }

    /// A whole page.
    ///
    /// # Errors
    /// When the template asks for what the page does not have.
    pub fn render<P: Page>(&self, layout: &Layout, page: &P) -> Result<String, ViewError> {
        let title = typography::set(&page.title()).into_owned();
        self.fill(
            P::TEMPLATE,
            context! {
                layout => Value::from(Serde(layout)),
                page => Value::from(Serde(page)),
                title,
            },
        )
    }

    /// The three parts of a mail.
    ///
    /// # Errors
    /// When a template asks for what the mail does not have.
    pub fn mail<M: Mail>(&self, mail: &M) -> Result<RenderedMail, ViewError> {
        let part = |file: &str| {
            self.fill(
                &format!("mails/{}/{file}", M::FOLDER),
                context! { mail => Value::from(Serde(mail)) },
            )
        };
        Ok(RenderedMail {
            subject: one_line(&part("subject.txt")?),
            text: part("body.txt")?,
            html: part("body.html")?,
        })
    }

    fn fill(&self, name: &str, context: minijinja::Value) -> Result<String, ViewError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(context))
            .map_err(|source| ViewError {
                name: name.to_owned(),
                source,
            })
    }
}

/// Folds line ends and spaces; no-break spaces stay.
fn one_line(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// A statement alone on its line leaves no line behind.
fn whitespace() -> Result<SyntaxConfig, ViewError> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(|source| ViewError {
            name: "syntax".to_owned(),
            source,
        })
}

/// Address of an embedded file, for templates.
pub(crate) fn statique(name: &str) -> Result<String, minijinja::Error> {
    assets::static_url(name).ok_or_else(|| {
        minijinja::Error::new(
            minijinja::ErrorKind::InvalidOperation,
            format!("no static file {name}"),
        )
    })
}
