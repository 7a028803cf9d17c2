//! https: reqwest is built without a provider of cryptography, so that there is one in all.

/// Makes ring the provider of this process. It stays what it is where there is one already.
pub fn use_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
