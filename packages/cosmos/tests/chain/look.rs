//! What is on a chain, to be compared with what was there before.
