//! Object storage: encrypted, tenant by tenant.
