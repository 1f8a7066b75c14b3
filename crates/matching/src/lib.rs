//! Who in the register is meant: normalise, key, compare, decide, explain. No IO.
