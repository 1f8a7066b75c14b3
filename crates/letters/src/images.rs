//! Images a département gives: checked before anything draws them.

use imagesize::ImageType;
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use crate::letterhead::{KitFile, LetterheadError};
use crate::svg;
use crate::world::Format;

/// Largest image file, in bytes.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Largest SVG file, in bytes: it is text, and ten times that of a rich coat of arms.
const MAX_SVG_BYTES: usize = 512 * 1024;
/// Most pixels a side.
const MAX_SIDE: usize = 6_000;
/// Most pixels in all: 12 million decode to 48 MB.
const MAX_PIXELS: usize = 12_000_000;
/// Fewest pixels a side that print as more than a smudge.
const MIN_SIDE: usize = 40;
/// Longest side over shortest: a strip is a mistake.
const MAX_RATIO: usize = 12;

/// An image that has been checked.
#[derive(Debug, Clone)]
pub(crate) struct KitImage {
    pub(crate) format: Format,
    pub(crate) bytes: Bytes,
    /// Width over height.
    pub(crate) ratio: f64,
}

impl KitImage {
    /// Checks one file of the kit. `what` names its part: `le logo`.
    pub(crate) fn check(what: &str, file: KitFile) -> Result<Self, LetterheadError> {
        let fault = |text: String| LetterheadError::new(format!("{what} (« {} ») {text}", shown(&file.name)));
        let format = format_of(&file).map_err(fault)?;
        let limit = if format == Format::Svg {
            MAX_SVG_BYTES
        } else {
            MAX_BYTES
        };
        if file.bytes.len() > limit {
            return Err(fault(format!(
                "pèse {} ko : le maximum est de {} ko",
                file.bytes.len().div_ceil(1024),
                limit / 1024
            )));
        }
        let bytes = Bytes::new(file.bytes.clone());
        let ratio = match format {
            Format::Svg => check_svg(&bytes),
            Format::Png | Format::Jpeg => check_pixels(format, &bytes),
        }
        .map_err(fault)?;
        Ok(Self { format, bytes, ratio })
    }
}

/// A file name as a message may show it.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// The format the extension says, if the content agrees.
fn format_of(file: &KitFile) -> Result<Format, String> {
    let extension = file
        .name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    let said = match extension.as_str() {
        "svg" => Format::Svg,
        "png" => Format::Png,
        "jpg" | "jpeg" => Format::Jpeg,
        _ => return Err("n’est ni un PNG, ni un JPEG, ni un SVG d’après son extension".into()),
    };
    if file.bytes.is_empty() {
        return Err("est un fichier vide".into());
    }
    let found = match imagesize::image_type(&file.bytes) {
        Ok(ImageType::Png) => Some(Format::Png),
        Ok(ImageType::Jpeg) => Some(Format::Jpeg),
        Ok(_) => None,
        Err(_) => Some(Format::Svg),
    };
    if found == Some(said) {
        Ok(said)
    } else {
        Err(
            "n’a pas le contenu que son extension annonce : enregistrez-le de nouveau en PNG, JPEG ou SVG"
                .into(),
        )
    }
}

/// The ratio of its sides.
pub(crate) fn check_svg(bytes: &Bytes) -> Result<f64, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "n’est pas un SVG écrit en UTF-8".to_owned())?;
    svg::check(text).map_err(|fault| fault.to_string())?;
    SvgImage::new(bytes.clone())
        .map(|image| image.width() / image.height())
        .map_err(|_| "est un SVG que l’on ne peut pas dessiner".to_owned())
}

/// The ratio of its sides, as it is shown: a photograph may lie on its side.
fn check_pixels(format: Format, bytes: &Bytes) -> Result<f64, String> {
    let size = imagesize::blob_size(bytes).map_err(|_| "est une image tronquée ou illisible".to_owned())?;
    let (long, short) = (size.width.max(size.height), size.width.min(size.height));
    if long > MAX_SIDE || long.saturating_mul(short) > MAX_PIXELS {
        return Err(format!(
            "mesure {} × {} pixels : réduisez-la à {MAX_SIDE} pixels de côté et 12 millions de pixels au plus",
            size.width, size.height
        ));
    }
    if short < MIN_SIDE {
        return Err(format!(
            "mesure {} × {} pixels : il en faut au moins {MIN_SIDE} de côté pour s’imprimer nettement",
            size.width, size.height
        ));
    }
    if long > short * MAX_RATIO {
        return Err(format!(
            "mesure {} × {} pixels : un côté dépasse {MAX_RATIO} fois l’autre",
            size.width, size.height
        ));
    }
    if format == Format::Jpeg && jpeg_components(bytes) == Some(4) {
        return Err("est un JPEG en quadrichromie (CMJN) : enregistrez-le en couleurs RVB".into());
    }
    let exchange = if format == Format::Png {
        ExchangeFormat::Png
    } else {
        ExchangeFormat::Jpg
    };
    RasterImage::plain(bytes.clone(), exchange)
        .map(|image| f64::from(image.width()) / f64::from(image.height()))
        .map_err(|_| "est une image tronquée ou illisible".to_owned())
}

/// Number of colour components, from the start-of-frame segment (ITU-T T.81, B.2.2).
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        let frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if frame {
            return rest.get(9).copied();
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?;
    }
}
