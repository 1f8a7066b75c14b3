//! A département's accent colour, made legible: contrast as WCAG 2.1 defines it (success criteria 1.4.3 and 1.4.11;
//! <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>, <https://www.w3.org/TR/WCAG21/#dfn-relative-luminance>).

use std::fmt;
use std::str::FromStr;

use domain::DepartmentSlug;

/// Text below 24 px needs this contrast to its ground (WCAG 2.1, 1.4.3, level AA).
pub const TEXT_CONTRAST: f64 = 4.5;
/// `--ground` of the stylesheet in light mode.
pub const LIGHT_GROUND: Colour = Colour(255, 255, 255);
/// `--ground` of the stylesheet in dark mode.
pub const DARK_GROUND: Colour = Colour(0x17, 0x18, 0x1b);

/// Not a colour as settings write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("une couleur s’écrit « #1a5e8a » : un croisillon et six chiffres hexadécimaux")]
pub struct ColourError;

/// A colour in sRGB: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Relative luminance, from 0 (black) to 1 (white).
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            // WCAG writes 0.03928; for 8-bit channels it makes no difference to the 0.04045 of IEC 61966-2-1.
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio to another colour, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour, taken towards black on a light ground or white on a dark one just far enough to be read there.
    #[must_use]
    pub fn legible_on(self, ground: Self) -> Self {
        let end = if ground.luminance() > 0.5 { 0 } else { 255 };
        (0..=100)
            .map(|percent| self.towards(end, percent))
            .find(|colour| colour.contrast(ground) >= TEXT_CONTRAST)
            .unwrap_or(Self(end, end, end))
    }

    fn towards(self, end: u8, percent: u16) -> Self {
        let mix = |channel: u8| {
            let mixed = (u16::from(channel) * (100 - percent) + u16::from(end) * percent) / 100;
            u8::try_from(mixed).unwrap_or(end)
        };
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl FromStr for Colour {
    type Err = ColourError;

    /// Takes `#rrggbb`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColourError);
        }
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| ColourError);
        Ok(Self(channel(0)?, channel(2)?, channel(4)?))
    }
}

/// The stylesheet that gives the class `departement-<slug>` the colours of a département, for light and dark.
///
/// `--brand` is the colour as chosen, for what is only ornament; `--accent` is it made legible, for links, buttons
/// and all that must be read.
///
/// # Errors
/// When `accent` is not of the form `#rrggbb`.
pub fn department_css(slug: &DepartmentSlug, accent: &str) -> Result<String, ColourError> {
    let brand: Colour = accent.parse()?;
    let light = brand.legible_on(LIGHT_GROUND);
    let dark = brand.legible_on(DARK_GROUND);
    Ok(format!(
        ".departement-{slug} {{ --brand: {brand}; --accent: {light}; }}\n\
         @media screen and (prefers-color-scheme: dark) {{ .departement-{slug} {{ --accent: {dark}; }} }}\n"
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BLACK: Colour = Colour(0, 0, 0);

    #[test]
    fn contrast_is_what_wcag_says() {
        assert!((LIGHT_GROUND.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((LIGHT_GROUND.contrast(LIGHT_GROUND) - 1.0).abs() < 1e-9);
        // The greys every checker knows: #767676 just passes on white, #777777 just fails.
        assert!(Colour(0x76, 0x76, 0x76).contrast(LIGHT_GROUND) >= TEXT_CONTRAST);
        assert!(Colour(0x77, 0x77, 0x77).contrast(LIGHT_GROUND) < TEXT_CONTRAST);
    }

    #[test]
    fn a_legible_colour_stays_and_a_pale_one_darkens() {
        let css = department_css(&"rhone".parse().unwrap(), "#b3261e").unwrap();
        assert!(css.contains("--brand: #b3261e; --accent: #b3261e;"), "{css}");
        let css = department_css(&"nord".parse().unwrap(), "#ffd600").unwrap();
        assert!(css.contains("--brand: #ffd600; --accent: #"), "{css}");
        assert!(!css.contains("--accent: #ffd600; }\n@media"), "{css}");
    }

    #[test]
    fn nothing_but_a_colour_gets_into_the_stylesheet() {
        for bad in ["", "red", "#fff", "#12345g", "#1234567", "#ffffff;}", "#é1234"] {
            assert_eq!(bad.parse::<Colour>(), Err(ColourError), "{bad}");
        }
    }

    #[test]
    fn grounds_are_those_of_the_stylesheet() {
        let css = crate::assets::STYLE;
        for ground in [LIGHT_GROUND, DARK_GROUND] {
            assert!(css.contains(&format!("--ground: {ground};")), "{ground}");
        }
    }

    /// Value of a colour in a part of the stylesheet.
    fn token(css: &str, name: &str) -> Colour {
        let (_, rest) = css.split_once(&format!("--{name}: ")).unwrap();
        rest[..7].parse().unwrap()
    }

    #[test]
    fn every_colour_of_the_stylesheet_is_legible() {
        let (light, dark) = crate::assets::STYLE
            .split_once("prefers-color-scheme: dark")
            .unwrap();
        let text = [
            "ink",
            "quiet",
            "platform",
            "wrong",
            "focus",
            "recoverable",
            "overpayment",
            "not-recoverable",
            "unknown",
            "ambiguous",
            "pending",
        ];
        for css in [light, dark] {
            let ground = token(css, "ground");
            for name in text {
                let contrast = token(css, name).contrast(ground);
                assert!(contrast >= TEXT_CONTRAST, "{name}: {contrast:.2}");
            }
            // Borders of fields (WCAG 2.1, 1.4.11).
            assert!(token(css, "edge").contrast(ground) >= 3.0);
            assert!(token(css, "ink").contrast(token(css, "wash")) >= TEXT_CONTRAST);
        }
    }

    proptest! {
        #[test]
        fn every_colour_becomes_legible(r: u8, g: u8, b: u8) {
            let colour = Colour(r, g, b);
            for ground in [LIGHT_GROUND, DARK_GROUND] {
                prop_assert!(colour.legible_on(ground).contrast(ground) >= TEXT_CONTRAST);
            }
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
