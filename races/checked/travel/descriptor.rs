//! Descriptors, which here all processes have in common: none travels.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// An open file.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor;

/// Fulfils what the bounds ask for.
macro_rules! stays_here {
    ($($kind:ty)*) => { $(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(ser::Error::custom("it does not travel here"))
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(_: D) -> Result<$kind, D::Error> {
                Err(de::Error::custom("it does not travel here"))
            }
        }
    )* };
}
stays_here!(Descriptor crate::travel::news::News);
