//! Given names by sex, culture and, for French ones, the years they were given in. From common knowledge.

use domain::Sex;

use super::random::{Random, Weighted};

/// Where a family's given names come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Culture {
    French,
    Iberian,
    Italian,
    Maghrebi,
    Slavic,
    Asian,
    African,
}

/// French given names: up to 1929, 1944, 1959 and later, men first.
const FRENCH: [(&str, &str); 4] = [
    (
        "20: Jean
        14: André, Pierre, Marcel, René, Louis
        9: Roger, Robert, Henri, Maurice, Georges, Raymond, Lucien, Paul
        5: Joseph, Fernand, Émile, Charles, Albert, Marius, François, Gabriel, Léon, Gaston, Eugène, Antoine
        2: Auguste, Jules, Edmond, Félix, Honoré, Théophile, Noël, Aimé, Désiré, Célestin, Clovis, Jean-Baptiste",
        "20: Marie, Jeanne
        14: Marguerite, Germaine, Suzanne, Simone, Yvonne, Madeleine
        9: Denise, Lucienne, Louise, Marcelle, Andrée, Renée, Georgette, Paulette, Odette
        5: Alice, Berthe, Hélène, Raymonde, Juliette, Henriette, Gabrielle, Thérèse, Fernande, Anna, Joséphine
        2: Émilienne, Clémence, Léontine, Noémie, Augustine, Philomène, Marie-Louise, Zélie, Cécile, Marie Ange",
    ),
    (
        "20: Jean, Michel, Pierre
        12: André, Jacques, Claude, René, Roger, Robert, Bernard
        7: Guy, Georges, Gérard, Raymond, Maurice, Daniel, Paul, Henri, Louis, Serge, Marcel
        4: Gilbert, Roland, Lucien, Yves, Christian, François, Jean-Claude, Jean-Pierre, Jean-Paul, Jean-Marie
        2: Dominique, Noël, Rémi, Étienne, Élie, Joël, Fernand, Camille, Régis, Aimé, Jean-Louis, Ange",
        "18: Jeannine, Jacqueline, Monique, Marie
        10: Denise, Madeleine, Yvette, Simone, Paulette, Thérèse, Jeanne, Ginette, Andrée, Yvonne
        6: Micheline, Odette, Huguette, Colette, Nicole, Josette, Claudine, Françoise, Christiane, Suzanne
        4: Marie-Thérèse, Anne-Marie, Raymonde, Gisèle, Pierrette, Lucette, Arlette, Solange, Bernadette, Renée
        2: Marie-Louise, Éliane, Hélène, Rolande, Claude, Dominique, Camille, Noëlle, Andréa, Marie-Jeanne",
    ),
    (
        "14: Michel, Alain, Bernard, Gérard, Christian, Daniel, Patrick, Philippe
        9: Jean-Pierre, Jean-Claude, Jacques, Claude, Jean, Pierre, Serge
        5: Jean-Paul, Jean-Luc, Dominique, Gilles, Éric, Didier, Francis, Guy, Yves, Denis, Joël
        3: Jean-Louis, Jean-François, Jean-Michel, Marc, François, Hervé, Thierry, Régis, Jean-Marc, Noël, Rémy",
        "12: Monique, Françoise, Nicole, Chantal, Catherine, Danielle, Annie, Michèle
        8: Jacqueline, Christiane, Martine, Brigitte, Sylvie, Dominique, Évelyne
        5: Marie-Claude, Marie-France, Éliane, Josiane, Geneviève, Bernadette, Claudine, Ghislaine, Maryse
        3: Joëlle, Colette, Viviane, Véronique, Élisabeth, Marie-Christine, Anne-Marie, Mireille, Béatrice, Agnès",
    ),
    (
        "12: Philippe, Éric, Christophe, Laurent, Pascal, Thierry, Frédéric, Olivier
        7: Stéphane, David, Bruno, Franck, Patrick, Nicolas, Sébastien, Jérôme, Didier
        3: Gilles, Xavier, Cédric, Fabrice, Arnaud, Benoît, Loïc, Hervé, Jean-Christophe, Régis, Dominique",
        "12: Nathalie, Isabelle, Sylvie, Sandrine, Valérie, Catherine, Christine, Véronique
        7: Stéphanie, Florence, Céline, Corinne, Laurence, Pascale, Sophie, Karine, Patricia
        3: Muriel, Béatrice, Agnès, Cécile, Marie-Pierre, Anne-Sophie, Françoise, Maïté, Joëlle, Dominique",
    ),
];

/// Given names of other cultures, men first; Slavic families often gave French names too.
fn foreign(culture: Culture) -> Option<(&'static str, &'static str)> {
    Some(match culture {
        Culture::French => return None,
        Culture::Iberian => (
            "3: Manuel, José, Antonio, Francisco, Joaquim\n1: João, Juan, Luis, Fernando, Angel, Ramon, José Maria",
            "3: Maria, Maria Dolores, Carmen, Ana\n1: Josefa, Conceição, Rosario, Encarnacion, Isabel, Maria de Fatima, Pilar",
        ),
        Culture::Italian => (
            "2: Giuseppe, Antonio, Giovanni, Mario\n1: Salvatore, Pietro, Luigi, Angelo, Vincenzo, Dominique, Carmelo",
            "2: Maria, Rosa, Giuseppina\n1: Angela, Anna, Concetta, Carmela, Lucia, Antonia, Marie Rose",
        ),
        Culture::Maghrebi => (
            "4: Mohamed, Ahmed, Ali\n2: Mohammed, Abdelkader, Saïd, Rachid, Omar, Larbi, Brahim, Mohamed Ali, Abd el Kader",
            "4: Fatima, Zohra, Khadija\n2: Fatma, Aïcha, Yamina, Malika, Zineb, Rabia, Fatima Zohra, Djamila, Halima",
        ),
        Culture::Slavic => (
            "2: Stanislas, Casimir, Jean, Joseph\n1: Stefan, Jan, Wladyslaw, Czeslaw, Arthur, Édouard",
            "2: Hélène, Sophie, Stanislawa, Marie\n1: Jadwiga, Wanda, Irène, Zofia, Anna, Stéphanie",
        ),
        Culture::Asian => (
            "2: Van Minh, Van Hai\n1: Duc, Hung, Tuan, Paul, Quang",
            "2: Thi Hoa, Thi Lan\n1: Mai, Thi Huong, Marie, Thu",
        ),
        Culture::African => (
            "2: Mamadou, Amadou, Ibrahima\n1: Moussa, Kouadio, Jean-Baptiste, Ousmane, Joseph",
            "2: Fatoumata, Aminata, Awa\n1: Mariama, Akissi, Marie-Josèphe, Aïssatou, Rose",
        ),
    })
}

/// Every list, ready to draw from.
#[derive(Debug)]
pub(super) struct GivenNameLists {
    french: Vec<(Weighted, Weighted)>,
    foreign: Vec<(Culture, Weighted, Weighted)>,
}

impl GivenNameLists {
    pub(super) fn new() -> Self {
        use Culture::*;
        let cultures = [Iberian, Italian, Maghrebi, Slavic, Asian, African];
        Self {
            french: FRENCH
                .iter()
                .map(|(men, women)| (Weighted::new(men), Weighted::new(women)))
                .collect(),
            foreign: cultures
                .into_iter()
                .filter_map(|culture| {
                    let (men, women) = foreign(culture)?;
                    Some((culture, Weighted::new(men), Weighted::new(women)))
                })
                .collect(),
        }
    }

    /// One to three given names, in order, separated by spaces.
    pub(super) fn draw(&self, random: &mut Random, culture: Culture, sex: Sex, year: i32) -> String {
        let mut names = vec![self.one(random, culture, sex, year)];
        let further = match culture {
            Culture::French => [0, 0, 0, 0, 1, 1, 1, 2, 2, 2][random.below(10) as usize],
            _ => u32::from(random.per_mille(100)),
        };
        for _ in 0..further {
            // Further names are those of grandparents, and of either sex now and then (Marie for men, notably).
            let name = if random.per_mille(60) {
                "Marie"
            } else {
                self.one(random, culture, sex, year - 25)
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" ")
    }

    fn one(&self, random: &mut Random, culture: Culture, sex: Sex, year: i32) -> &'static str {
        let period = match year {
            ..1930 => 0,
            1930..1945 => 1,
            1945..1960 => 2,
            _ => 3,
        };
        let own = self.foreign.iter().find(|(own, ..)| *own == culture);
        let (men, women) = match own {
            Some((_, men, women)) => (men, women),
            None => {
                let (men, women) = &self.french[period];
                (men, women)
            }
        };
        match sex {
            Sex::Male => men.draw(random),
            Sex::Female => women.draw(random),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::GivenNames;

    use super::*;

    #[test]
    fn every_name_is_one_a_register_may_hold() {
        let lists = GivenNameLists::new();
        let pairs = lists.french.iter().map(|(men, women)| (men, women));
        let foreign = lists.foreign.iter().map(|(_, men, women)| (men, women));
        for (men, women) in pairs.chain(foreign) {
            assert!(men.words().len() >= 5 && women.words().len() >= 5);
            for name in men.words().iter().chain(women.words()) {
                assert!(GivenNames::parse(name).is_ok(), "{name}");
                assert!(
                    !encoding_rs::WINDOWS_1252.encode(name).2,
                    "{name} cannot be written in Windows-1252"
                );
            }
        }
    }
}
