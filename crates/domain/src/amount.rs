//! Amounts of money.

use serde::{Deserialize, Serialize};

/// An amount cannot be taken as written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("écrivez le montant en euros, par exemple 1234,56")]
pub struct AmountError;

/// An amount in euro cents, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(u64);

impl Amount {
    /// An amount from its cents.
    pub const fn from_cents(cents: u64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    pub fn cents(self) -> u64 {
        self.0
    }

    /// Takes `1234,56`, `1 234.56`, `1234`, with or without the euro sign.
    ///
    /// # Errors
    /// [`AmountError`] for anything else, or more than a thousand million euros.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
        let (euros, cents) = text.split_once([',', '.']).unwrap_or((&text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(euros) || !digits(cents) || euros.len() > 10 || cents.len() > 2 {
            return Err(AmountError);
        }
        let euros: u64 = euros.parse().map_err(|_| AmountError)?;
        let hundredths: u64 = cents.parse().map_err(|_| AmountError)?;
        Ok(Self(
            euros * 100
                + if cents.len() == 1 {
                    hundredths * 10
                } else {
                    hundredths
                },
        ))
    }

    /// The sum, or the greatest amount when it would not fit.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_exports_contain() {
        for (text, cents) in [
            ("1234,56", 123_456),
            ("1 234.5 €", 123_450),
            ("0", 0),
            ("12", 1200),
        ] {
            assert_eq!(Amount::parse(text), Ok(Amount::from_cents(cents)), "{text}");
        }
        for bad in ["", "-1", "1,2,3", "abc", "1e5", "12345678901"] {
            assert_eq!(Amount::parse(bad), Err(AmountError), "{bad}");
        }
    }
}
