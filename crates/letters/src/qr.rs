//! The QR code to the verification page.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// An SVG of the code: one unit a module, the quiet zone of four modules around it (ISO/IEC 18004).
/// `None` when the address is too long for a QR code.
pub(crate) fn svg(url: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(url.as_bytes(), EcLevel::M).ok()?;
    Some(
        code.render::<svg::Color<'_>>()
            .module_dimensions(1, 1)
            .quiet_zone(true)
            .build(),
    )
}
