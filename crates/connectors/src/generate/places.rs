//! Communes of birth.

use super::given::Culture;
use super::random::{Random, Weighted};

const FRANCE: &str = "
12: Lyon, Paris, Marseille, Lille, Grenoble
7: Saint-Étienne, Villeurbanne, Roubaix, Toulouse, Bordeaux, Nantes, Strasbourg, Tourcoing, Dunkerque, Vienne
4: Lyon 3e Arrondissement, Lyon 7e Arrondissement, Paris 14e Arrondissement, Valenciennes, Voiron, Douai, Rennes
4: Villefranche-sur-Saône, Bourgoin-Jallieu, Clermont-Ferrand, Dijon, Le Havre, Reims, Nancy, Metz, Mâcon, Roanne
2: Brest, Le Puy-en-Velay, Annecy, Chambéry, Valence, Bourg-en-Bresse, Tarare, L’Arbresle, Givors, La Mure, Cambrai
2: Maubeuge, Hazebrouck, Armentières, Saint-Amand-les-Eaux, Avignon, Nîmes, Montpellier, Limoges, Caen, Amiens, Arras
1: Ajaccio, Bastia, Fort-de-France, Saint-Denis (La Réunion), Pointe-à-Pitre, L’Isle-d’Abeau, Saint-Martin-d’Hères
";

fn abroad(culture: Culture) -> &'static str {
    match culture {
        Culture::French => {
            "2: Alger (Algérie), Oran (Algérie)\n1: Tunis (Tunisie), Casablanca (Maroc), Bruxelles (Belgique), Genève (Suisse)"
        }
        Culture::Iberian => {
            "1: Porto (Portugal), Braga (Portugal), Valencia (Espagne), Almeria (Espagne), Oran (Algérie)"
        }
        Culture::Italian => {
            "1: Turin (Italie), Cuneo (Italie), Bergame (Italie), Palerme (Italie), Naples (Italie)"
        }
        Culture::Maghrebi => {
            "1: Sétif (Algérie), Tlemcen (Algérie), Constantine (Algérie), Fès (Maroc), Oujda (Maroc), Sfax (Tunisie)"
        }
        Culture::Slavic => {
            "1: Poznan (Pologne), Cracovie (Pologne), Varsovie (Pologne), Marseille, Erevan (Arménie)"
        }
        Culture::Asian => "1: Saigon (Vietnam), Hanoï (Vietnam), Phnom Penh (Cambodge)",
        Culture::African => {
            "1: Dakar (Sénégal), Bamako (Mali), Abidjan (Côte d’Ivoire), Saint-Pierre (La Réunion)"
        }
    }
}

const CULTURES: [Culture; 7] = [
    Culture::French,
    Culture::Iberian,
    Culture::Italian,
    Culture::Maghrebi,
    Culture::Slavic,
    Culture::Asian,
    Culture::African,
];

/// Every list, ready to draw from.
#[derive(Debug)]
pub(super) struct Places {
    france: Weighted,
    abroad: Vec<(Culture, Weighted)>,
}

impl Places {
    pub(super) fn new() -> Self {
        Self {
            france: Weighted::new(FRANCE),
            abroad: CULTURES
                .map(|culture| (culture, Weighted::new(abroad(culture))))
                .into(),
        }
    }

    /// A place of birth and whether it is abroad.
    pub(super) fn draw(&self, random: &mut Random, culture: Culture) -> (&'static str, bool) {
        let emigrated = if culture == Culture::French { 40 } else { 750 };
        let list = self.abroad.iter().find(|(own, _)| *own == culture);
        match list {
            Some((_, places)) if random.per_mille(emigrated) => (places.draw(random), true),
            _ => (self.france.draw(random), false),
        }
    }
}
