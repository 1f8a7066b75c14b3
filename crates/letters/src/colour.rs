//! The accent colour, and one dark enough to be read on white.

/// Contrast that text needs against white (WCAG 2.1, 1.4.3).
const READABLE: f64 = 4.5;

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

impl Colour {
    /// Takes `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// `#rrggbb`.
    pub(crate) fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The colour, darkened step by step until text in it can be read on white.
    pub(crate) fn readable(mut self) -> Self {
        while self.contrast_with_white() < READABLE {
            self.0 = self.0.map(|part| (u16::from(part) * 19 / 20) as u8);
        }
        self
    }

    fn contrast_with_white(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn darkens_what_cannot_be_read_and_leaves_the_rest() {
        let yellow = Colour::parse("#ffe000").unwrap();
        assert!(yellow.contrast_with_white() < 2.0);
        assert!(yellow.readable().contrast_with_white() >= READABLE);
        let blue = Colour::parse("#1B3A6B").unwrap();
        assert_eq!(blue.readable().hex(), "#1b3a6b");
        for bad in ["", "1b3a6b", "#1b3a6", "#1b3a6g", "#1b3a6b00", "rouge", "#é1b3a"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }
}
