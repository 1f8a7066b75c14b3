//! What an SVG of a kit may hold: shapes and gradients. Everything else is refused by name.
//!
//! A list of what is allowed, not of what is dangerous: `use` and nested clips grow without bound, `image` and
//! stylesheets reach outside, `text` depends on fonts we do not have, scripts and entities have no place in a logo.

use roxmltree::{Document, Node, ParsingOptions};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Most elements.
const MAX_ELEMENTS: usize = 3_000;
/// Most nodes the parser reads (elements, texts, comments).
const MAX_NODES: u32 = 20_000;
/// Deepest nesting.
const MAX_DEPTH: usize = 40;

/// Longest side over shortest: a strip is a mistake.
const MAX_RATIO: f64 = 12.0;

const ELEMENTS: [&str; 18] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
];

/// Why an SVG is refused; reads on after « le logo (« x.svg ») ».
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SvgFault {
    #[error(
        "n’est pas un SVG bien formé, ou déclare un DOCTYPE ou des entités : enregistrez-le en « SVG simple »"
    )]
    Malformed,
    #[error("n’est pas un SVG")]
    NotSvg,
    #[error("contient un texte (<text>) : convertissez les textes en tracés")]
    Text,
    #[error("contient une image incorporée (<image>) : enregistrez-la plutôt en PNG")]
    Image,
    #[error("contient un script ou une action (« {0} ») : retirez-le")]
    Script(String),
    #[error("contient l’élément <{0}>, qui n’est pas admis : aplatissez le dessin en tracés simples")]
    Element(String),
    #[error("renvoie à un fichier ou à une adresse extérieure : le dessin doit tenir dans un seul fichier")]
    Outside,
    #[error(
        "imbrique des masques de découpe, ou les pose par une feuille de style : exportez-le avec des attributs de présentation, ou aplatissez le dessin"
    )]
    Clips,
    #[error("contient plus de {MAX_ELEMENTS} éléments ou trop d’imbrications : simplifiez le dessin")]
    TooMany,
    #[error("n’a pas de dimensions (viewBox, ou width et height)")]
    NoSize,
    #[error("a un côté qui dépasse {MAX_RATIO} fois l’autre")]
    Strip,
}

/// Checks an SVG.
pub(crate) fn check(text: &str) -> Result<(), SvgFault> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|fault| match fault {
        roxmltree::Error::NodesLimitReached => SvgFault::TooMany,
        _ => SvgFault::Malformed,
    })?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(SvgFault::NotSvg);
    }
    check_size(root)?;
    let mut elements = 0;
    for node in document.descendants().filter(Node::is_element) {
        elements += 1;
        if elements > MAX_ELEMENTS || node.ancestors().nth(MAX_DEPTH).is_some() {
            return Err(SvgFault::TooMany);
        }
        check_element(node)?;
    }
    Ok(())
}

fn check_size(root: Node<'_, '_>) -> Result<(), SvgFault> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let (width, height) = match root.attribute("viewBox") {
        Some(text) => {
            let parts: Vec<f64> = text
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|part| !part.is_empty())
                .filter_map(number)
                .collect();
            let [_, _, width, height] = parts[..] else {
                return Err(SvgFault::NoSize);
            };
            (width, height)
        }
        None => {
            let side = |name| {
                let text = root.attribute(name)?;
                number(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()))
            };
            side("width").zip(side("height")).ok_or(SvgFault::NoSize)?
        }
    };
    if width <= 0.0 || height <= 0.0 {
        return Err(SvgFault::NoSize);
    }
    if width > height * MAX_RATIO || height > width * MAX_RATIO {
        return Err(SvgFault::Strip);
    }
    Ok(())
}

fn check_element(node: Node<'_, '_>) -> Result<(), SvgFault> {
    let name = node.tag_name().name();
    // Elements of other vocabularies (drawing programs, RDF) are not drawn, but may still not carry scripts.
    if node.tag_name().namespace() == Some(SVG) && !ELEMENTS.contains(&name) {
        return Err(match name {
            "text" | "tspan" | "textPath" => SvgFault::Text,
            "image" | "feImage" => SvgFault::Image,
            "script" | "animate" | "set" | "a" => SvgFault::Script(name.into()),
            _ => SvgFault::Element(name.chars().take(30).collect()),
        });
    }
    if name.eq_ignore_ascii_case("script") {
        return Err(SvgFault::Script(name.into()));
    }
    if name == "style" {
        let css: String = node.children().filter_map(|n| n.text()).collect();
        check_css(&css)?;
        // A class could put a clip inside a clip, and each level multiplies the work.
        if css.contains("clip-path") {
            return Err(SvgFault::Clips);
        }
    }
    let in_clip = node.ancestors().any(|n| n.has_tag_name((SVG, "clipPath")));
    for attribute in node.attributes() {
        let (key, value) = (attribute.name(), attribute.value());
        if key.to_ascii_lowercase().starts_with("on") {
            return Err(SvgFault::Script(key.chars().take(30).collect()));
        }
        if key == "href" && !value.trim_start().starts_with('#') {
            return Err(SvgFault::Outside);
        }
        if in_clip && (key == "clip-path" || value.contains("clip-path")) {
            return Err(SvgFault::Clips);
        }
        check_css(value)?;
    }
    Ok(())
}

/// No import, and `url(…)` only to something inside the file.
fn check_css(css: &str) -> Result<(), SvgFault> {
    let folded: String = css
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let outside = folded
        .split("url(")
        .skip(1)
        .any(|target| !target.trim_start_matches(['"', '\'']).starts_with('#'));
    if outside || folded.contains("@import") || folded.contains("javascript:") || folded.contains('\\') {
        return Err(SvgFault::Outside);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns='{SVG}' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 9 9'>{inside}</svg>"
        )
    }

    #[test]
    fn takes_what_drawing_programs_write() {
        let inkscape = svg(
            "<sodipodi:namedview xmlns:sodipodi='http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd' id='v'/>
             <defs><linearGradient id='a'><stop offset='0' stop-color='#fff'/></linearGradient>
             <linearGradient id='b' xlink:href='#a'/><style>.c{fill:url(#b)}</style>
             <clipPath id='k'><rect width='9' height='9'/></clipPath></defs>
             <g clip-path='url(#k)'><path class='c' d='M0 0h9v9z' style='fill:url(&quot;#b&quot;)'/></g>",
        );
        assert_eq!(check(&inkscape), Ok(()));
    }

    #[test]
    fn refuses_by_name_what_reaches_out_runs_or_grows() {
        let outside = [
            "<path style='fill:url(http://x/a)'/>",
            "<style>@import 'x.css';</style>",
            "<linearGradient xlink:href='x.svg#a'/>",
            "<path fill='URL( file:///etc/passwd )'/>",
            r"<path style='fill:\75rl(x)'/>",
        ];
        for inside in outside {
            assert_eq!(check(&svg(inside)), Err(SvgFault::Outside), "{inside}");
        }
        assert_eq!(check(&svg("<script/>")), Err(SvgFault::Script("script".into())));
        assert_eq!(
            check(&svg("<x:script xmlns:x='x'/>")),
            Err(SvgFault::Script("script".into()))
        );
        assert_eq!(
            check(&svg("<g onload='x'/>")),
            Err(SvgFault::Script("onload".into()))
        );
        assert_eq!(
            check(&svg("<use href='#a'/>")),
            Err(SvgFault::Element("use".into()))
        );
        assert_eq!(
            check(&svg("<foreignObject/>")),
            Err(SvgFault::Element("foreignObject".into()))
        );
        assert_eq!(check(&svg("<image href='x'/>")), Err(SvgFault::Image));
        assert_eq!(check(&svg("<text>a</text>")), Err(SvgFault::Text));
        let clips = "<clipPath id='a'><rect clip-path='url(#b)'/></clipPath>";
        assert_eq!(check(&svg(clips)), Err(SvgFault::Clips));
        assert_eq!(
            check(&svg("<style>.a{clip-path:url(#b)}</style>")),
            Err(SvgFault::Clips)
        );
        assert_eq!(check(&svg(&"<g/>".repeat(MAX_ELEMENTS))), Err(SvgFault::TooMany));
        assert_eq!(check(&svg(&"a<!---->".repeat(30_000))), Err(SvgFault::TooMany));
        let deep = "<g>".repeat(50) + &"</g>".repeat(50);
        assert_eq!(check(&svg(&deep)), Err(SvgFault::TooMany));
    }

    #[test]
    fn refuses_what_is_not_an_svg() {
        let bomb = "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>&b;</svg>";
        assert_eq!(check(bomb), Err(SvgFault::Malformed));
        assert_eq!(check("<svg"), Err(SvgFault::Malformed));
        assert_eq!(check("<html/>"), Err(SvgFault::NotSvg));
        assert_eq!(
            check("<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Err(SvgFault::NoSize)
        );
    }
}
