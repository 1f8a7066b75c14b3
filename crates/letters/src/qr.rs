//! The QR code to the verification page.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Modules left white around the code (ISO/IEC 18004).
const QUIET: usize = 4;

/// An SVG of the code: one unit a module, the quiet zone around it. What is dark in a row stands in it as few long
/// rectangles: each is worked on several times on its way into the PDF.
/// `None` when the address is too long for a QR code.
pub(crate) fn svg(url: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(url.as_bytes(), EcLevel::M).ok()?;
    let (width, colours) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path d=\"M0 0h{side}v{side}H0z\" fill=\"#fff\"/><path fill=\"#000\" d=\""
    );
    for (row, colours) in colours.chunks(width).enumerate() {
        let mut column = QUIET;
        for run in colours.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                let (top, length) = (row + QUIET, run.len());
                write!(svg, "M{column} {top}h{length}v1H{column}z").ok()?;
            }
            column += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Module by module, as the paths fill them.
    fn filled(svg: &str) -> Vec<(usize, usize)> {
        let (_, path) = svg.split_once("fill=\"#000\" d=\"").unwrap();
        let (path, _) = path.split_once('"').unwrap();
        let rectangles = path.split('M').filter(|rectangle| !rectangle.is_empty());
        let mut filled = Vec::new();
        for rectangle in rectangles {
            let (at, rest) = rectangle.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let (length, back) = rest.split_once("v1H").unwrap();
            assert_eq!(back, format!("{x}z"));
            let length: usize = length.parse().unwrap();
            filled.extend((x..x + length).map(|x| (x, y)));
        }
        filled
    }

    #[test]
    fn every_dark_module_is_filled_and_no_other() {
        let url = "https://notaires.example.org/v/69-ABCDE-FGHJK-MNPQR-STUVW-XYZ23";
        let code = QrCode::with_error_correction_level(url, EcLevel::M).unwrap();
        let width = code.width();
        let dark = |place: &usize| code.to_colors()[*place] == Color::Dark;
        let expected: Vec<_> = (0..width * width)
            .filter(dark)
            .map(|place| (place % width + QUIET, place / width + QUIET))
            .collect();
        assert_eq!(filled(&svg(url).unwrap()), expected);
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
