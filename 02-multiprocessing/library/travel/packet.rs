//! A message between processes: bytes and the descriptors they mention.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};
use crate::travel::descriptor::{self, Descriptor};

/// One message. A buffer to use again and again, for either direction.
#[derive(Default)]
pub(crate) struct Packet {
    /// What goes over the wire; the first byte belongs to [`Socket`](crate::travel::socket::Socket).
    pub bytes: Vec<u8>,
    pub descriptors: Vec<Descriptor>,
}

impl Packet {
    /// Starts a new message and lets `fill` append to its bytes.
    pub fn write<R>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<R>) -> Result<R> {
        let Packet { bytes, descriptors } = self;
        bytes.clear();
        bytes.push(0);
        descriptors.clear();
        descriptor::writing(descriptors, || fill(bytes))
    }

    /// Lets `empty` take values from the front of a received message. Descriptors nobody took are closed.
    pub fn read<R>(&mut self, empty: impl FnOnce(&mut &[u8]) -> Result<R>) -> Result<R> {
        let Packet { bytes, descriptors } = self;
        let result =
            descriptor::reading(descriptors, || empty(&mut bytes.get(1..).unwrap_or_default()));
        descriptors.clear();
        result
    }
}

/// postcard's output appended to a vector that exists; `to_extend` would append byte by byte.
struct Append<'a>(&'a mut Vec<u8>);

impl postcard::ser_flavors::Flavor for Append<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if bytes.len() <= 10 {
            // A number: a call of memmove would take longer.
            self.0.reserve(10);
            bytes.iter().for_each(|&byte| self.0.push(byte));
        } else {
            self.0.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Appends `value` to `bytes`.
#[inline]
pub(crate) fn put<T: Serialize + ?Sized>(
    bytes: &mut Vec<u8>,
    value: &T,
    what: &'static str,
) -> Result<()> {
    postcard::serialize_with_flavor(value, Append(bytes)).map_err(Error::encoding(what))
}

/// Takes a value from the front of `bytes`.
#[inline]
pub(crate) fn take<T: DeserializeOwned>(bytes: &mut &[u8], what: &'static str) -> Result<T> {
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(Error::encoding(what))?;
    *bytes = rest;
    Ok(value)
}
