//! Family names of fiction, by origin, the common ones drawn more often. Written down from common knowledge, not taken
//! from a data set.

use super::given::Culture;
use super::random::{Random, Weighted};

const FRENCH: &str = "
60: MARTIN
32: BERNARD, THOMAS, PETIT, ROBERT, RICHARD, DURAND, DUBOIS, MOREAU, LAURENT
24: SIMON, MICHEL, LEFEBVRE, LEROY, ROUX, DAVID, BERTRAND, MOREL, FOURNIER, GIRARD
16: BONNET, DUPONT, LAMBERT, FONTAINE, ROUSSEAU, VINCENT, LEFÈVRE, FAURE, ANDRÉ, MERCIER, BLANC, GUÉRIN, BOYER
14: GARNIER, CHEVALIER, FRANÇOIS, LEGRAND, GAUTHIER, PERRIN, ROBIN, CLÉMENT, MORIN, NICOLAS, HENRY, ROUSSEL
11: MATHIEU, GAUTIER, MASSON, MARCHAND, DUVAL, DENIS, DUMONT, MARIE, LEMAIRE, NOËL, DUFOUR, MEUNIER, BRUN
9: BLANCHARD, GIRAUD, JOLY, RIVIÈRE, LUCAS, BRUNET, GAILLARD, BARBIER, ARNAUD, RENARD, ROY, LEROUX, COLIN, VIDAL
8: CARON, PICARD, ROGER, FABRE, AUBERT, LEMOINE, RENAUD, DUMAS, LACROIX, OLIVIER, PHILIPPE, BOURGEOIS, PIERRE
7: BENOÎT, REY, LECLERC, ROLLAND, LECLERCQ, GUILLAUME, LECOMTE, JEAN, DUPUY, GUILLOT, HUBERT, BERGER, CARPENTIER
6: LOUIS, CHARLES, CHARPENTIER, BRETON, PARIS, RENAULT, MOULIN, ROCHE, MAILLARD, BARON, BERTIN, PERROT, RÉMY
5: COLLET, GERMAIN, PRÉVOST, JACQUET, HAMON, PONS, BOUVIER, COUSIN, POULAIN, TESSIER, CHARTIER, ALLARD, GRÉGOIRE
4: BESSON, GROS, VASSEUR, MALLET, LÉGER, ŒUVRARD, PELTIER, JACOB, MILLET, PASQUIER, BRIAND, HÉBERT, COSTE, FLEURY
3: DELORME, CHAUVIN, BÉRARD, GILBERT, BARRÉ, TEXIER, HARDY, GRONDIN, PRAT, VALETTE, CORDIER, MAÎTRE, BÉGUIN, CRÉPIN
2: SAINT-MARTIN, SAINT-JEAN, ST-AMAND, SAINT-ÉTIENNE, L’HÔTE, D’ORVAL, L’HÉRITIER, CÔTE, FORÊT, GÂTEAU, LHUILLIER
";
const BRETON: &str = "
6: LE GALL, LE GOFF, LE ROUX, LE BIHAN, LE CORRE, TANGUY, RIOU, GUILLOU
3: LE MEUR, LE DÛ, LE BRIS, LE GUEN, KERVELLA, KERMARREC, QUÉMÉNEUR, L’HOSTIS, ABGRALL, MADEC, PRIGENT, LEGALL
1: LE BERRE, LE FLOC’H, CUEFF, SALAÜN, GOURVENNEC, LE QUERREC
";
const NORTHERN: &str = "
5: DESCAMPS, DELATTRE, VANDAMME, DELANNOY, LECŒUVRE, WALLAERT, DUTHOIT
3: VANDENBERGHE, VAN DEN BROECK, DE SMET, DEWAELE, VAN HECKE, VERMEERSCH, D’HONDT, VANDEWALLE, DE BACKER, VERHAEGHE
3: MULLER, SCHMITT, MEYER, SCHNEIDER, WEISS, KLEIN, ZIMMERMANN, SCHAEFFER, STOLTZ, VON ARX, HÜBNER
";
const NOBLE: &str = "
3: DE LA TOUR, DE MONTBRUN, DU PLANTIER, DES ESSARTS, D’AUBREVAL, DE LA ROCHEVERTE, DE SAINT-AVRIL, DE BEAUPRÉ
1: D’HAUTECOMBE, DE LA MOTTE-VERNAY, DU BOISCLAIR, DE LANGEVAL, D’ESTRÉVILLE, DE VILLEMAUR, DE ROCHEMONT D’ARCY
";
const IBERIAN: &str = "
6: GARCIA, MARTINEZ, LOPEZ, FERNANDEZ, SANCHEZ, PEREZ, DA SILVA, FERREIRA, DOS SANTOS, RODRIGUEZ
3: GOMEZ, PEREIRA, DE OLIVEIRA, RODRIGUES, GONZALEZ, RUIZ, DIAZ, MARTINS, ALVES, LOURENÇO, SIMÕES, MUÑOZ, NUÑEZ, PEÑA
1: DE LOS RIOS, DA COSTA PINTO, GARCIA LORENZO, CONCEIÇÃO, IBAÑEZ, ETCHEVERRY, DEL CASTILLO
";
const ITALIAN: &str = "
4: ROSSI, FERRARI, RUSSO, BIANCHI, MORETTI, RICCI, GALLO, CONTI, COSTA, BRUNO
2: DE LUCA, DI MARCO, D’ANGELO, DEL VECCHIO, LO PRESTI, DELLA VALLE, RIZZI, MARCHETTI, LEONE, VITALI, FERRERO
";
const MAGHREBI: &str = "
5: BENALI, MANSOURI, HADDAD, CHERIF, SAÏDI, HAMIDI, BELKACEM, BRAHIMI, AMRANI
3: BEN AHMED, BEN SALAH, EL AMRANI, EL HADDAD, KHELIFI, BOUAZZA, BOUDJEMA, MEBARKI, BENSAÏD, ZERROUKI, KACI, TOUATI
1: M’BAREK, AÏT BRAHIM, BEN YOUSSEF, EL OUARDI, OULD ALI, BOU SAADA, BENMOUSSA
";
const SLAVIC: &str = "
3: KOWALSKI, NOWAK, KACZMAREK, LEWANDOWSKI, WOJCIK, SZYMANSKI, MAZUREK, PAWLAK
2: SARKISSIAN, MANOUKIAN, PETROSSIAN, KRASNY, POPOV, HORVATH, NOVÁK, DIMITRESCU
";
const ASIAN: &str = "
5: NGUYEN
2: TRAN, LE, PHAM, VO, LE VAN, HUYNH, CHEN, SOK
";
const AFRICAN: &str = "
3: DIALLO, TRAORÉ, N’DIAYE, COULIBALY, DIOP, KOUASSI, HOARAU, PAYET
1: M’BALLA, N’GUESSAN, CISSÉ, SYLLA, RAKOTO, BARRY
";

/// Halves of the long tail: thousands of names that a few people bear each.
const HEADS: &str = "
1: BEAU, BELLE, BOIS, BON, BOUR, CAMP, CASTEL, CHAMP, CHANTE, CHAU, CLAIR, COMBE, COUR, DAM, FONT, GRAND, HAUTE, LAR
1: MAL, MAR, MONT, MOUL, PEYRE, PLAN, PONT, PUY, RIVE, ROCHE, ROUGE, SAUVE, TERRE, VAL, VAU, VER, VIGNE, VILLE
";
const TAILS: &str = "
1: BERT, BRUN, CHET, CLAIR, DIEU, FORT, GARD, LIEU, LONG, LOUP, MAGNE, MONT, NEUVE, NET, PIN, PRÉ, RAND, ROND, ROY, SEL
1: TIER, VERT, VIEL, ZAC, NIER, NEAU, LET, LOT, NARD, LIN, NELLE, GNAC, SSON, VEL, THIER, DON
";

/// Every list, ready to draw from.
#[derive(Debug)]
pub(super) struct FamilyNames {
    origins: [(u32, Culture, Weighted); 10],
    heads: Weighted,
    tails: Weighted,
}

impl FamilyNames {
    pub(super) fn new() -> Self {
        let list = |weight, culture, table| (weight, culture, Weighted::new(table));
        Self {
            origins: [
                list(540, Culture::French, FRENCH),
                list(30, Culture::French, BRETON),
                list(45, Culture::French, NORTHERN),
                list(12, Culture::French, NOBLE),
                list(50, Culture::Iberian, IBERIAN),
                list(40, Culture::Italian, ITALIAN),
                list(55, Culture::Maghrebi, MAGHREBI),
                list(18, Culture::Slavic, SLAVIC),
                list(8, Culture::Asian, ASIAN),
                list(12, Culture::African, AFRICAN),
            ],
            heads: Weighted::new(HEADS),
            tails: Weighted::new(TAILS),
        }
    }

    /// A name and the culture its given names come from.
    pub(super) fn draw(&self, random: &mut Random) -> (String, Culture) {
        let (name, culture) = self.single(random);
        if culture == Culture::French && random.per_mille(12) {
            let (other, _) = self.single(random);
            return (format!("{name}-{other}"), culture);
        }
        (name, culture)
    }

    fn single(&self, random: &mut Random) -> (String, Culture) {
        let mut at = random.below(1000);
        for (weight, culture, names) in &self.origins {
            if at < *weight {
                return (names.draw(random).to_owned(), *culture);
            }
            at -= weight;
        }
        let name = format!("{}{}", self.heads.draw(random), self.tails.draw(random));
        (name, Culture::French)
    }
}

#[cfg(test)]
mod tests {
    use domain::FamilyName;

    use super::*;

    #[test]
    fn every_name_is_one_a_register_may_hold() {
        let names = FamilyNames::new();
        let all = names.origins.iter().flat_map(|(_, _, list)| list.words());
        let mut count = 0;
        for name in all {
            assert!(FamilyName::parse(name).is_ok(), "{name}");
            assert!(
                !encoding_rs::WINDOWS_1252.encode(name).2,
                "{name} cannot be written in Windows-1252"
            );
            count += 1;
        }
        assert!(count > 300, "{count}");
        assert!(names.heads.words().len() * names.tails.words().len() > 1000);
    }
}
