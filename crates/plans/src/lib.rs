//! Plans, tasks, ledger: from a plan document to the work and back to the official form.
