//! Given names that are one name written otherwise, and names that stand for another.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Transliterations and spellings of one name: two people of one family do not bear two of them. The first is the
/// form keys and frequencies use.
const SPELLINGS: &[&[&str]] = &[
    &[
        "MOHAMED",
        "MOHAMMED",
        "MOHAMMAD",
        "MOHAMAD",
        "MUHAMMAD",
        "MUHAMMED",
        "MOUHAMED",
        "MOUHAMAD",
        "MOHAMET",
        "MOHAMMEDE",
        "MHAMED",
    ],
    &["AHMED", "AHMAD", "AHMET", "AHMADE"],
    &[
        "YOUSSEF", "YOUSEF", "YOUCEF", "YUSUF", "YOUSSOUF", "YOUSOUF", "YUSSUF", "YOUSSEFF",
    ],
    &[
        "HOCINE", "HUSSEIN", "HOUSSINE", "HOUCINE", "HOUSSEIN", "HUSSEYIN", "HOSSEIN", "HUSEYIN", "HOCEINE",
    ],
    &["IBRAHIM", "IBRAHIMA", "EBRAHIM", "BRAHIM", "IBRAIM"],
    &[
        "MUSTAPHA",
        "MUSTAFA",
        "MOUSTAPHA",
        "MOSTEFA",
        "MOSTAFA",
        "MOSTAPHA",
        "MOUSTAFA",
    ],
    &[
        "ABDELKADER",
        "ABDELQADER",
        "ABDALKADER",
        "ABDELKADIR",
        "ABDULKADER",
    ],
    &["ABDALLAH", "ABDELLAH", "ABDULLAH", "ABDOULLAH"],
    &[
        "ABDERRAHMANE",
        "ABDERAHMANE",
        "ABDELRAHMANE",
        "ABDURRAHMAN",
        "ABDERRAHMAN",
    ],
    &["DJAMEL", "JAMEL", "JAMAL", "DJAMAL"],
    &["DJAMILA", "JAMILA", "DJEMILA"],
    &[
        "KHADIJA",
        "KHADIDJA",
        "KHEDIDJA",
        "KHADIJAH",
        "KADIJA",
        "KHADOUDJA",
    ],
    &["FATIMA", "FATMA", "FATEMA", "FATIMAH", "FATMAH"],
    &["AICHA", "AISHA", "AYCHA", "AYSE"],
    &["RACHID", "RASHID", "RECHID"],
    &["SAID", "SAYD", "SAIID"],
    &["OMAR", "OMER", "OUMAR", "UMAR"],
    &["MESSAOUD", "MASSAOUD", "MESSAOUDE"],
    &["KHALED", "KHALID", "KALED"],
    &["ZOHRA", "ZAHRA", "ZOHRAH"],
    &["SLIMANE", "SLIMAN", "SOLIMANE", "SULEYMAN", "SOULEYMANE"],
    &["TAHAR", "TAHER"],
    &["CATHERINE", "KATHERINE", "CATERINE", "KATERINE"],
    &["MATHIEU", "MATTHIEU", "MATHIEUX", "MATIEU"],
    &["HENRI", "HENRY"],
    &["DENIS", "DENYS"],
    &["REMI", "REMY"],
    &["YVES", "IVES"],
    &["THERESE", "THERAISE", "TERESE"],
    &["CHRISTIANE", "CHRISTIANNE", "CRISTIANE"],
    &["CHRISTOPHE", "CRISTOPHE", "CHRISTOFE"],
    &["ELISABETH", "ELIZABETH", "ELISABET"],
    &["SUZANNE", "SUSANNE"],
    &["SOLANGE", "SOLENGE"],
    &["NATHALIE", "NATALIE"],
    &["MAGDELEINE", "MADELEINE", "MADELAINE"],
    &["GENEVIEVE", "GENNEVIEVE"],
    &["JACQUELINE", "JAQUELINE"],
    &["GHISLAINE", "GUISLAINE", "GISLAINE", "GHYSLAINE"],
    &["ROLAND", "ROLLAND"],
    &["LOIC", "LOICK", "LOEIZ"],
    &["GWENAEL", "GWENNAEL", "GUENAEL"],
    &["STEPHANE", "STEFANE"],
    &["THIERRY", "THIERY", "THIERRI"],
    &["JEROME", "GEROME"],
    &["CECILE", "CECILLE"],
    &["EMMANUELLE", "EMANUELLE"],
    &["EMMANUEL", "EMANUEL"],
    &["JOSIANE", "JOSIANNE", "JOSYANE"],
    &["LILIANE", "LILIANNE", "LYLIANE"],
    &["ELIANE", "ELIANNE", "ELYANE"],
    &["ARLETTE", "ARLETE"],
    &["YOLANDE", "YOLLANDE"],
    &["RAYMONDE", "REMONDE", "RAIMONDE"],
    &["RAYMOND", "RAIMOND", "REMOND"],
];

/// Names that stand for one another across languages or in short: evidence, but two people may bear them.
const STAND_INS: &[&[&str]] = &[
    &["JOSEPH", "JOSE", "GIUSEPPE", "JO", "YOUSSEF", "JOZEF", "JOSEP"],
    &[
        "JEAN", "JUAN", "JOAO", "GIOVANNI", "YANN", "JOHN", "JOHANN", "HANS", "JEANNOT", "JOAN", "JAN",
        "GIANNI", "IVAN",
    ],
    &["PIERRE", "PEDRO", "PIETRO", "PETER", "PIERROT", "PER", "PIERO"],
    &["PAUL", "PABLO", "PAULO", "PAOLO", "POL"],
    &["MARIE", "MARIA", "MARIETTE", "MARINETTE", "MARY"],
    &["ANTOINE", "ANTONIO", "TOINE", "TONY", "ANTON", "ANTONIN"],
    &["FRANCOIS", "FRANCISCO", "FRANCESCO", "FRANZ", "FANCH", "FRANCIS"],
    &["FRANCOISE", "FRANCISCA", "FRANCESCA"],
    &["LOUIS", "LUIS", "LUIGI", "LOULOU", "LUDWIG"],
    &["LOUISE", "LUISA", "LOUISETTE"],
    &["HENRI", "ENRIQUE", "ENRICO", "HEINRICH", "RIRI"],
    &["JACQUES", "JAIME", "GIACOMO", "JACKY", "JACK", "JAKOB"],
    &["MICHEL", "MIGUEL", "MIKAEL", "MICHAEL", "MIMI", "MICHELE"],
    &["ANDRE", "ANDRES", "ANDREAS", "DEDE", "ANDREA"],
    &["CATHERINE", "CATERINA", "CATARINA", "CATHY", "KATIA"],
    &["GEORGES", "JORGE", "GIORGIO", "JOJO", "GEORG"],
    &["CHARLES", "CARLOS", "CARLO", "CHARLY", "CHARLOT", "KARL"],
    &["FREDERIC", "FRED", "FREDO", "FREDERICO", "FREDDY"],
    &["ALFRED", "FREDO", "FRED", "ALFREDO"],
    &["EMMANUEL", "MANUEL", "MANU", "MANOEL"],
    &["ALEXANDRE", "ALEX", "ALEXANDRO", "ALESSANDRO", "SACHA"],
    &["ETIENNE", "ESTEBAN", "STEFANO", "STEPHANE"],
    &["VINCENT", "VICENTE", "VINCENZO"],
    &["LAURENT", "LORENZO"],
    &["JOACHIM", "JOAQUIM", "JOAQUIN"],
    &["ANNE", "ANNA", "ANA", "ANNIE", "NINON"],
    &["JEANNE", "JUANA", "GIOVANNA", "JEANNETTE", "JOANNA"],
    &["ROSE", "ROSA", "ROSETTE"],
    &["THERESE", "TERESA", "THERESA"],
    &["ISABELLE", "ISABEL", "ISABELLA", "ZABETH"],
    &[
        "ELISABETH",
        "BABETTE",
        "LISE",
        "LISETTE",
        "ELISA",
        "BETTY",
        "ISABEL",
    ],
    &["MARGUERITE", "MARGARITA", "MARGOT", "MARGHERITA", "GUITE"],
    &["HELENE", "ELENA", "HELENA", "LENA"],
    &["MARTINE", "TITINE"],
    &["CHRISTINE", "CRISTINA", "CHRIS", "KRISTINA"],
    &["CHRISTIAN", "CHRIS", "CRISTIAN"],
    &["CHRISTOPHE", "CRISTOBAL", "CHRIS", "CRISTOFORO"],
    &["DANIEL", "DANY", "DANIELE"],
    &["GERARD", "GEGE", "GERARDO"],
    &["BERNARD", "NANARD", "BERNARDO"],
    &["ROBERT", "BOB", "ROBERTO", "BOBBY"],
    &["RAYMOND", "RAMON", "RAYMONDO"],
    &["RENE", "NENE"],
    &["MARCEL", "MARCELLO", "MARCELINO"],
    &["MAURICE", "MAURIZIO", "MOMO"],
    &["SUZANNE", "SUZY", "SUZETTE", "SUSANA"],
    &["JACQUELINE", "JACKIE", "LINE", "JACOTTE"],
    &["SIMONE", "MONETTE"],
    &["YVONNE", "VONNETTE", "VONNICK"],
    &["GENEVIEVE", "GINETTE", "GENY"],
    &["VIRGINIE", "GINETTE", "GINIE"],
    &["MADELEINE", "MADO", "MADDALENA", "MAGDALENA", "MADY"],
    &["GABRIELLE", "GABY", "GABRIELA"],
    &["GABRIEL", "GABY", "GABRIELE"],
    &["PHILIPPE", "FELIPE", "FILIPPO", "PHIL"],
    &["GUILLAUME", "GUILLERMO", "WILLIAM", "WILHELM", "GUGLIELMO"],
    &["SEBASTIEN", "SEBASTIAO", "SEB", "BASTIEN"],
    &["DOMINIQUE", "DOMENICO", "DOMINGO", "DOMINGOS", "DOM"],
    &["ELEONORE", "NORA", "LEONORE"],
    &["EUGENIE", "NINIE", "EUGENIA"],
    &["LUCIE", "LUCIA", "LUCETTE"],
    &["LUCIEN", "LUCIANO", "LULU"],
    &["EDOUARD", "EDUARDO", "EDDY", "EDDIE"],
    &["THEODORE", "THEO"],
    &["MAXIMILIEN", "MAX", "MAXIME"],
    &["ABDELKADER", "KADER"],
    &["ABDERRAHMANE", "RAHMANE"],
    &["MOHAMED", "MOH", "MOMO", "HAMID"],
];

/// Usual abbreviations of two letters: `CH`, `FR`, `J-B`.
const ABBREVIATIONS: &[(&str, &[&str])] = &[
    ("BD", &["BERNARD"]),
    ("CH", &["CHARLES", "CHRISTIAN", "CHRISTIANE"]),
    ("FR", &["FRANCOIS", "FRANCOISE", "FRANCIS"]),
    ("GG", &["GEORGES"]),
    ("GEO", &["GEORGES"]),
    ("GUIL", &["GUILLAUME"]),
    ("JB", &["JEANBAPTISTE"]),
    ("JC", &["JEANCLAUDE"]),
    ("JJ", &["JEANJACQUES"]),
    ("JL", &["JEANLOUIS", "JEANLUC"]),
    ("JM", &["JEANMARIE", "JEANMARC", "JEANMICHEL"]),
    ("JP", &["JEANPIERRE", "JEANPAUL"]),
    ("JN", &["JEAN"]),
    ("JQ", &["JACQUES"]),
    ("JS", &["JOSEPH"]),
    ("LS", &["LOUIS"]),
    ("MGTE", &["MARGUERITE"]),
    ("MIE", &["MARIE"]),
    ("PH", &["PHILIPPE"]),
    ("PRE", &["PIERRE"]),
    ("TH", &["THERESE", "THIERRY", "THOMAS"]),
    ("XAV", &["XAVIER"]),
];

/// The form of a name that all its spellings share.
pub(crate) fn canonical(name: &str) -> &str {
    static FORMS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let pairs = |spellings: &'static &'static [&'static str]| {
            let first = spellings[0];
            spellings
                .iter()
                .map(move |spelling| (*spelling, first))
                .collect::<Vec<_>>()
        };
        SPELLINGS.iter().flat_map(pairs).collect()
    });
    FORMS.get(name).copied().unwrap_or(name)
}

/// The groups of [`STAND_INS`] a name is in.
pub(crate) fn groups(name: &str) -> Vec<u8> {
    static GROUPS: LazyLock<HashMap<&str, Vec<u8>>> = LazyLock::new(|| {
        let mut groups: HashMap<&str, Vec<u8>> = HashMap::new();
        for (group, names) in (0u8..).zip(STAND_INS) {
            for name in *names {
                groups.entry(name).or_default().push(group);
            }
        }
        groups
    });
    GROUPS.get(name).cloned().unwrap_or_default()
}

/// Whether one is the other cut short or its usual abbreviation.
pub(crate) fn shortened(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let cut = short.len() >= 3 && long.len() >= short.len() + 2 && long.starts_with(short);
    let abbreviated = short.len() <= 4
        && ABBREVIATIONS
            .iter()
            .any(|(abbreviation, names)| *abbreviation == short && names.contains(&long));
    cut || abbreviated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_written_otherwise() {
        assert_eq!(canonical("MOHAMMED"), canonical("MOHAMED"));
        assert_eq!(canonical("MARTIN"), "MARTIN");
        assert!(
            groups("JOSE")
                .iter()
                .any(|group| groups("JOSEPH").contains(group))
        );
        assert!(groups("MARTIN").is_empty());
        for (a, b, expected) in [
            ("CH", "CHARLES", true),
            ("CATH", "CATHERINE", true),
            ("LOUIS", "LOUISE", false),
            ("MARC", "PAUL", false),
        ] {
            assert_eq!(shortened(a, b), expected, "{a} {b}");
            assert_eq!(shortened(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn no_spelling_belongs_to_two_names() {
        let mut all: Vec<&str> = SPELLINGS.concat();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
