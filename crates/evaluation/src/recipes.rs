//! The worlds of the bench.

use crate::world::Recipe;

/// A world most départements would know.
pub const METROPOLIS: Recipe = Recipe {
    name: "metropolis",
    origins: [0.78, 0.03, 0.03, 0.08, 0.02, 0.06],
    steepness: 0.8,
    rare: 0.5,
    given_names: [0.25, 0.35, 0.3, 0.1],
    usage_names: 0.75,
    places: 0.7,
    sexes: 0.95,
    deaths: 0.15,
    clerk_errors: 0.0,
    errors: [0.35, 0.3, 0.28, 0.07],
};

/// Many frequent names, mostly one or two given names, no places: the least to go by.
pub const FREQUENT: Recipe = Recipe {
    name: "frequent names",
    origins: [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    steepness: 0.9,
    rare: 0.35,
    given_names: [0.5, 0.35, 0.15, 0.0],
    usage_names: 0.5,
    places: 0.0,
    sexes: 1.0,
    deaths: 0.0,
    clerk_errors: 0.0,
    errors: [0.35, 0.25, 0.35, 0.05],
};

/// Names of the Maghreb, many registered on 1 January.
pub const MAGHREB: Recipe = Recipe {
    name: "Maghreb",
    origins: [0.4, 0.0, 0.0, 0.5, 0.0, 0.1],
    steepness: 0.7,
    rare: 0.5,
    given_names: [0.6, 0.3, 0.08, 0.02],
    usage_names: 0.6,
    places: 0.6,
    sexes: 0.9,
    deaths: 0.1,
    clerk_errors: 0.0,
    errors: [0.3, 0.35, 0.3, 0.05],
};

/// Overseas: few family names for many, given names as family names.
pub const OVERSEAS: Recipe = Recipe {
    name: "overseas",
    origins: [0.1, 0.0, 0.0, 0.05, 0.8, 0.05],
    steepness: 0.9,
    rare: 0.4,
    given_names: [0.2, 0.4, 0.3, 0.1],
    usage_names: 0.6,
    places: 0.8,
    sexes: 1.0,
    deaths: 0.2,
    clerk_errors: 0.0,
    errors: [0.3, 0.35, 0.25, 0.1],
};

/// Brittany, Corsica, the Basque country: particles and composites.
pub const EDGES: Recipe = Recipe {
    name: "Brittany, Corsica, Basque country",
    origins: [0.2, 0.45, 0.33, 0.0, 0.0, 0.02],
    steepness: 0.6,
    rare: 0.5,
    given_names: [0.15, 0.4, 0.35, 0.1],
    usage_names: 0.8,
    places: 0.5,
    sexes: 0.8,
    deaths: 0.3,
    clerk_errors: 0.0,
    errors: [0.45, 0.3, 0.2, 0.05],
};

/// Portugal, Viêt Nam, Italy, West Africa: frequent names, names of two letters, given names as few as they are.
pub const ABROAD: Recipe = Recipe {
    name: "born abroad",
    origins: [0.3, 0.0, 0.0, 0.1, 0.0, 0.6],
    steepness: 0.9,
    rare: 0.45,
    given_names: [0.5, 0.4, 0.1, 0.0],
    usage_names: 0.4,
    places: 0.3,
    sexes: 0.9,
    deaths: 0.1,
    clerk_errors: 0.0,
    errors: [0.3, 0.3, 0.3, 0.1],
};

/// A register full of clerks' errors.
pub const CARELESS: Recipe = Recipe {
    name: "careless clerks",
    origins: [0.6, 0.1, 0.05, 0.15, 0.03, 0.07],
    steepness: 0.8,
    rare: 0.5,
    given_names: [0.4, 0.3, 0.2, 0.1],
    usage_names: 0.7,
    places: 0.5,
    sexes: 0.8,
    deaths: 0.1,
    clerk_errors: 0.02,
    errors: [0.3, 0.3, 0.35, 0.05],
};

/// All of them.
pub const ALL: [Recipe; 7] = [METROPOLIS, FREQUENT, MAGHREB, OVERSEAS, EDGES, ABROAD, CARELESS];
