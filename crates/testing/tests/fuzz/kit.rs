//! The letterhead a département sends, and the words a letter is made of.

use std::sync::Arc;

use domain::TenantSettings;
use letters::{KitFile, LetterData, Letterhead, RenderSettings, Renderer};
use proptest::prelude::*;

use dn_testing::broken::{broken, cases};

const SETTINGS: &str = include_str!("../../../../tenants/rhone/tenant.toml");
pub(crate) const LOGO: &[u8] = include_bytes!("../../../../tenants/rhone/letterhead/logo.svg");

const WORDS: &[&str] = &[
    "<svg",
    "</svg>",
    "<use href=\"#a\"/>",
    "<image href=\"file:///etc/passwd\"/>",
    "<g>",
    "</g>",
    "<!ENTITY a \"&a;\">",
    "&#0;",
    "width=\"1e30\"",
    "viewBox=\"0 0 0 0\"",
    "transform=\"scale(1e9)\"",
    "d=\"M0 0L1e38 1e38z\"",
    "\"",
    "<",
    ">",
    "<![CDATA[",
    "xmlns=\"\"",
    "<style>",
    "NaN",
    "-1",
];

fn without_signature() -> TenantSettings {
    let mut settings = TenantSettings::from_toml(SETTINGS).unwrap();
    settings.letterhead.signatory.signature = None;
    settings
}

pub(crate) fn letterhead(logo: Vec<u8>) -> Option<Letterhead> {
    let file = KitFile {
        name: "logo.svg".to_owned(),
        bytes: logo,
    };
    Letterhead::new(&without_signature(), file, None).ok()
}

pub(crate) fn render(data: LetterData, head: Letterhead) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let patient = RenderSettings {
        threads: 1,
        timeout_seconds: 60,
        ..RenderSettings::default()
    };
    let rendered = runtime.block_on(async {
        let renderer = Renderer::new(&patient).map_err(|error| error.to_string())?;
        let rendered = renderer.render(data, Arc::new(head)).await;
        rendered.map_err(|error| error.to_string())
    });
    match rendered {
        Ok(letter) => prop_assert!(letter.pdf.starts_with(b"%PDF-")),
        Err(error) => prop_assert!(false, "{error}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_broken_logo_is_taken_or_refused(logo in broken(LOGO, WORDS)) {
        letterhead(logo);
    }
}

proptest! {
    #![proptest_config(cases(80))]

    /// What the check lets through never keeps a letter from being rendered.
    #[test]
    fn a_logo_that_was_taken_can_be_rendered(logo in broken(LOGO, WORDS)) {
        if let Some(head) = letterhead(logo) {
            render(LetterData::samples().swap_remove(0), head)?;
        }
    }
}
