//! axe-core's judgement of a page.

use std::fmt;

use serde_json::Value;

/// A rule of WCAG 2.1 AA that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Rule: `color-contrast`.
    pub rule: String,
    /// What it asks.
    pub help: String,
    /// The elements that break it, as selectors, each with axe's word on it.
    pub elements: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.help)?;
        self.elements
            .iter()
            .try_for_each(|element| write!(f, "\n    {element}"))
    }
}

/// Runs axe on the page and hands its violations over; run after axe itself.
pub(super) const RUN: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
  .then((result) => done(result.violations.map(({ id, help, nodes }) => ({
    rule: id, help, elements: nodes.map((node) => `${node.target.join(' ')} – ${node.failureSummary}`) }))))
  .catch((error) => done(String(error)));
";

/// What [`RUN`] hands over; `None` when axe failed.
pub(super) fn read(answer: &Value) -> Option<Vec<Violation>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let violations = answer.as_array()?.iter().map(|found| Violation {
        rule: text(&found["rule"]),
        help: text(&found["help"]),
        elements: found["elements"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect(),
    });
    Some(violations.collect())
}
