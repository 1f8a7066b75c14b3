//! What a département may give for a letterhead, and what it is told when it cannot be used.

use std::path::Path;
use std::sync::Arc;

use dn_letters::{KitFile, LetterData, Letterhead};
use domain::TenantSettings;

const LOGO: &[u8] = include_bytes!("../../src/samples/logo.svg");

fn settings() -> TenantSettings {
    serde_json::from_value(serde_json::json!({
        "identity": {"name": "Rhône", "official_name": "Département du Rhône", "insee_code": "69"},
        "contact": {
            "service": ["Direction de l'autonomie"],
            "address": ["29 cours de la Liberté", "69003 Lyon"],
            "telephone": "04 00 00 00 00",
            "email": "recuperations@rhone.example"
        },
        "recovery": {"mailbox": "recuperations@rhone.example", "officer": "Claire Roussel"},
        "letterhead": {
            "logo": "logo.svg",
            "accent": "#ffd500",
            "place": "Lyon",
            "signatory": {"name": "Hélène Marchand", "capacity": ["La directrice"]},
            "footer": "Département du Rhône"
        }
    }))
    .unwrap()
}

fn file(name: &str, bytes: &[u8]) -> KitFile {
    KitFile {
        name: name.into(),
        bytes: bytes.to_vec(),
    }
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    Letterhead::new(&settings(), file(name, bytes), None)
        .unwrap_err()
        .to_string()
}

/// A PNG of one colour, stored without compression: real enough to be decoded.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for _ in 0..height {
        rows.push(0);
        rows.extend(std::iter::repeat_n(0x80, width as usize));
    }
    let mut data = vec![0x78, 0x01];
    let mut chunks = rows.chunks(65_535).peekable();
    while let Some(chunk) = chunks.next() {
        data.push(u8::from(chunks.peek().is_none()));
        data.extend((chunk.len() as u16).to_le_bytes());
        data.extend((!(chunk.len() as u16)).to_le_bytes());
        data.extend(chunk);
    }
    data.extend(adler(&rows).to_be_bytes());
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", vec![])] {
        png.extend((body.len() as u32).to_be_bytes());
        let checked = [kind.as_slice(), &body].concat();
        png.extend(&checked);
        png.extend(crc(&checked).to_be_bytes());
    }
    png
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[tokio::test]
async fn a_plain_kit_makes_a_letter() {
    for (name, bytes) in [("logo.svg", LOGO.to_vec()), ("LOGO.PNG", png(120, 60))] {
        let head = Letterhead::new(&settings(), file(name, &bytes), None).unwrap();
        let data = LetterData::samples().remove(5);
        let rendered = crate::support::renderer()
            .render(data, Arc::new(head))
            .await
            .unwrap();
        let letter = crate::support::text(&rendered.pdf);
        assert!(
            letter.contains("Direction de l’autonomie") && letter.contains("Lyon, le 20 novembre 2026"),
            "{letter}"
        );
        assert!(!letter.contains("SPÉCIMEN"));
    }
}

/// The kits in `tenants/` are what the demo shows and what others copy.
#[tokio::test]
async fn every_shipped_kit_makes_a_letter() {
    let tenants = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants");
    let mut seen = 0;
    for folder in std::fs::read_dir(tenants).unwrap() {
        let folder = folder.unwrap().path();
        let Ok(text) = std::fs::read_to_string(folder.join("tenant.toml")) else {
            continue;
        };
        let settings: TenantSettings = toml::from_str(&text).unwrap();
        let kit = |name: &String| {
            file(
                name,
                &std::fs::read(folder.join("letterhead").join(name)).unwrap(),
            )
        };
        let look = &settings.letterhead;
        let head = Letterhead::new(
            &settings,
            kit(&look.logo),
            look.signatory.signature.as_ref().map(kit),
        )
        .unwrap();
        let data = LetterData::samples().remove(0);
        let rendered = crate::support::renderer()
            .render(data, Arc::new(head))
            .await
            .unwrap();
        assert!(crate::support::text(&rendered.pdf).contains(&settings.identity.official_name));
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder.file_name().unwrap());
        std::fs::write(kept.with_extension("pdf"), rendered.pdf).unwrap();
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn the_fingerprint_follows_every_part() {
    let of = |settings: &TenantSettings, bytes: &[u8]| {
        Letterhead::new(settings, file("logo.svg", bytes), None)
            .unwrap()
            .fingerprint()
    };
    let first = of(&settings(), LOGO);
    assert_eq!(first, of(&settings(), LOGO));
    let mut other = settings();
    other.letterhead.place = "Villeurbanne".into();
    assert_ne!(first, of(&other, LOGO));
    let mut specimen = settings();
    specimen.letterhead.specimen = true;
    assert_ne!(first, of(&specimen, LOGO));
    assert_ne!(first, of(&settings(), &[LOGO, b" "].concat()));
}

#[test]
fn settings_at_fault_are_named() {
    let refuse = |change: fn(&mut TenantSettings)| {
        let mut settings = settings();
        change(&mut settings);
        Letterhead::new(&settings, file("logo.svg", LOGO), None)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refuse(|s| s.letterhead.accent = "bleu".into()),
        "letterhead.accent : écrivez la couleur sous la forme « #1b3a6b »"
    );
    assert_eq!(
        refuse(|s| s.contact.service = vec!["a".into(); 9]),
        "contact.service : donnez d’une à 6 lignes"
    );
    assert_eq!(
        refuse(|s| s.letterhead.footer = "x".repeat(161)),
        "letterhead.footer : ce texte dépasse 160 caractères"
    );
    assert!(refuse(|s| s.letterhead.signatory.signature = Some("s.png".into())).contains("signature"));
}

#[test]
fn files_at_fault_are_named_with_what_to_do() {
    for (name, bytes, part) in [
        (
            "logo.gif",
            b"GIF89a".to_vec(),
            "n’est ni un PNG, ni un JPEG, ni un SVG",
        ),
        ("logo", LOGO.to_vec(), "n’est ni un PNG"),
        (
            "logo.png",
            LOGO.to_vec(),
            "n’a pas le contenu que son extension annonce",
        ),
        (
            "logo.svg",
            png(60, 60),
            "n’a pas le contenu que son extension annonce",
        ),
        ("logo.png", vec![], "est un fichier vide"),
        (
            "logo.svg",
            vec![b'x'; 600 * 1024],
            "pèse 600 ko : le maximum est de 512 ko",
        ),
        (
            "logo.png",
            [png(60, 60), vec![0; 3_000_000]].concat(),
            "le maximum est de 2048 ko",
        ),
        ("logo.png", png(60, 60)[..60].to_vec(), "tronquée ou illisible"),
        (
            "logo.png",
            png(20, 20),
            "mesure 20 × 20 pixels : il en faut au moins 40",
        ),
        ("logo.png", png(700, 50), "un côté dépasse 12 fois l’autre"),
        (
            "logo.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script/></svg>".to_vec(),
            "un script",
        ),
        (
            "logo.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text/></svg>".to_vec(),
            "en tracés",
        ),
        (
            "logo.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 0'/>".to_vec(),
            "n’a pas de dimensions",
        ),
        ("logo.svg", vec![0xff; 40], "n’est pas un SVG écrit en UTF-8"),
    ] {
        let refusal = refusal(name, &bytes);
        assert!(
            refusal.starts_with(&format!("le logo (« {name} ») ")),
            "{refusal}"
        );
        assert!(refusal.contains(part), "{part} in {refusal}");
    }
}

#[test]
fn an_image_that_would_fill_the_memory_is_never_decoded() {
    // The header says 50 000 × 50 000; there is nothing behind it.
    let mut bomb = png(60, 60);
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    assert!(refusal("logo.png", &bomb).contains("mesure 50000 × 50000 pixels"));
}

#[test]
fn a_jpeg_for_the_press_is_refused_and_a_broken_one_too() {
    let cmyk = [
        0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 60, 0, 60, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
    ];
    assert!(refusal("logo.jpg", &cmyk).contains("CMJN"));
    let mut rgb = cmyk.to_vec();
    rgb[11] = 3;
    assert!(refusal("logo.jpg", &rgb).contains("tronquée ou illisible"));
}
