//! Use cases and jobs: what web, worker and command line have in common.
