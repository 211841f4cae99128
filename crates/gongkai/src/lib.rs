//! The binary as a library: route table, commands, composition.
