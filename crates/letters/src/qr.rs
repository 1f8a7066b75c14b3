//! The QR code to the verification page.

use std::fmt::Write as _;

use qrcode::bits::encode_auto;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel};

/// How much of the code may be soiled.
const LEVEL: EcLevel = EcLevel::M;
/// Modules left white around the code (ISO/IEC 18004).
const QUIET: usize = 4;
/// Widest code, in modules: more than a thousand signs.
const WIDEST: usize = 128;

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// An SVG of the code: one unit a module, the quiet zone around it. What is dark in a row stands in it as few long
/// rectangles: each is worked on several times on its way into the PDF.
/// `None` when the address is too long for a QR code.
pub(crate) fn svg(url: &str) -> Option<String> {
    let (width, colours) = code(url)?;
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

/// Its width and its modules, row by row. The library would weigh the eight masks itself, module by module: an eighth of
/// the time a letter takes.
fn code(url: &str) -> Option<(usize, Vec<Color>)> {
    let bits = encode_auto(url.as_bytes(), LEVEL).ok()?;
    let version = bits.version();
    let (data, corrections) = construct_codewords(&bits.into_bytes(), version, LEVEL).ok()?;
    let width = usize::try_from(version.width())
        .ok()
        .filter(|width| *width <= WIDEST)?;
    let mut canvas = Canvas::new(version, LEVEL);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &corrections);
    let masked = MASKS.map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(mask);
        canvas.into_colors()
    });
    let best = masked.into_iter().min_by_key(|colours| penalty(width, colours))?;
    Some((width, best))
}

/// How hard a code would be to read (ISO/IEC 18004, 7.8.3): the mask with the least is taken.
fn penalty(width: usize, colours: &[Color]) -> u32 {
    let line = |modules: &mut dyn Iterator<Item = &Color>| {
        modules.fold(0, |line, colour| line << 1 | u128::from(*colour == Color::Dark))
    };
    let rows: Vec<u128> = colours.chunks(width).map(|row| line(&mut row.iter())).collect();
    let columns: Vec<u128> = (0..width)
        .map(|column| line(&mut colours.iter().skip(column).step_by(width)))
        .collect();
    let lines: u32 = rows
        .iter()
        .chain(&columns)
        .map(|line| in_line(width, *line))
        .sum();
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let percent = dark as usize * 100 / (width * width);
    let unbalanced = u32::try_from(percent.abs_diff(50) / 5 * 10).unwrap_or(u32::MAX);
    lines + blocks(width, &rows) + unbalanced
}

/// Of a line, as its bits: five modules of one colour or more in a row, and what looks like a corner of the code.
fn in_line(width: usize, line: u128) -> u32 {
    // Bits whose module is of the same colour as the next.
    let same = !(line ^ line >> 1) & ((1 << (width - 1)) - 1);
    let five = same & same >> 1 & same >> 2 & same >> 3;
    let begun = five & !(five << 1);
    // A row of five costs 3, each module more 1.
    five.count_ones() + 2 * begun.count_ones() + 40 * corners(width, line)
}

/// Places of a line where what looks like a corner begins: found in all places at once, module by module of the corner.
fn corners(width: usize, line: u128) -> u32 {
    const LENGTH: usize = 11;
    const CORNERS: [u128; 2] = [0b101_1101_0000, 0b000_0101_1101];
    let Some(room) = (width + 1).checked_sub(LENGTH) else {
        return 0;
    };
    let places = |corner: u128| {
        (0..LENGTH).fold((1 << room) - 1, |found: u128, module| {
            let dark = line >> module;
            found & if corner >> module & 1 == 1 { dark } else { !dark }
        })
    };
    CORNERS.map(|corner| places(corner).count_ones()).iter().sum()
}

/// Two by two modules of one colour.
fn blocks(width: usize, rows: &[u128]) -> u32 {
    let within = (1_u128 << (width - 1)) - 1;
    let of_pair = |pair: &[u128]| {
        let (one, next) = (pair[0], pair[1]);
        let alike = !(one ^ next);
        let same = !(one ^ one >> 1);
        3 * (alike & alike >> 1 & same & within).count_ones()
    };
    rows.windows(2).map(of_pair).sum()
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

    const URL: &str = "https://notaires.example.org/v/69-ABCDE-FGHJK-MNPQR-STUVW-XYZ23";

    #[test]
    fn every_dark_module_is_filled_and_no_other() {
        let (width, colours) = code(URL).unwrap();
        let dark = |place: &usize| colours[*place] == Color::Dark;
        let expected: Vec<_> = (0..width * width)
            .filter(dark)
            .map(|place| (place % width + QUIET, place / width + QUIET))
            .collect();
        assert_eq!(filled(&svg(URL).unwrap()), expected);
        assert_eq!(svg(&"x".repeat(5000)), None);
    }

    /// The library draws the same code under one of the eight masks.
    #[test]
    fn the_code_is_that_of_the_library_but_for_its_mask() {
        let (width, colours) = code(URL).unwrap();
        let theirs = qrcode::QrCode::with_error_correction_level(URL, LEVEL).unwrap();
        assert_eq!(width, theirs.width());
        assert!(penalty(width, &colours) <= penalty(width, &theirs.to_colors()));
        let functional = |place: &usize| theirs.is_functional(place % width, place / width);
        // Corners, rulers and the version are functional; of the rest each module is masked or not by one pattern.
        let differing = (0..width * width)
            .filter(|place| !functional(place) && colours[*place] != theirs.to_colors()[*place]);
        let patterns: Vec<usize> = differing.collect();
        assert!(patterns.is_empty() || patterns.len() > width, "{patterns:?}");
    }

    #[test]
    fn what_is_hard_to_read_costs() {
        assert_eq!(in_line(5, 0b11111), 3);
        assert_eq!(in_line(7, 0b0000000), 5);
        assert_eq!(in_line(11, 0b101_1101_0000), 40);
        assert_eq!(in_line(6, 0b101010), 0);
        assert_eq!(blocks(3, &[0b110, 0b110, 0b001]), 3);
    }
}
