//! The migrations, in a leaf crate so that a new one rebuilds little.
