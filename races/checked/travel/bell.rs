//! A bell: a pipe with a byte in it for each time that it was rung, whose writers are counted.

use std::sync::Arc;

use crate::{
    error::Result,
    process::{self, Object},
};

#[derive(Debug)]
struct Pipe {
    bytes: usize,
    ropes: usize,
}

#[derive(Debug)]
pub(crate) struct Rope(Arc<Object<Pipe>>);

#[derive(Clone, Debug)]
pub(crate) struct Bell(Arc<Object<Pipe>>);

pub(crate) fn bell() -> Result<(Bell, Rope)> {
    let pipe = Object::new(Pipe { bytes: 0, ropes: 1 });
    Ok((Bell(Arc::clone(&pipe)), Rope(pipe)))
}

impl Rope {
    pub fn ring(&self) -> Result<()> {
        self.0.call(|pipe| {
            pipe.bytes += 1;
            Some(Ok(()))
        })
    }
}

impl Clone for Rope {
    fn clone(&self) -> Rope {
        self.0.change(|pipe| pipe.ropes += 1);
        Rope(Arc::clone(&self.0))
    }
}

impl Drop for Rope {
    fn drop(&mut self) {
        let pipe = Arc::clone(&self.0);
        process::close(move || pipe.change(|pipe| pipe.ropes -= 1));
    }
}

impl Bell {
    /// Reads at most 64 bytes, as there.
    pub fn silence(&self) -> Result<()> {
        self.0.call(|pipe| {
            pipe.bytes = pipe.bytes.saturating_sub(64);
            Some(Ok(()))
        })
    }

    pub fn wait(&self) -> Result<bool> {
        let is_news = |pipe: &Pipe| pipe.bytes > 0 || pipe.ropes == 0;
        Ok(self.0.call(|pipe| is_news(pipe).then_some(pipe.ropes == 0)))
    }

    pub fn has_no_rope(&self) -> Result<bool> {
        Ok(self.0.call(|pipe| Some(pipe.ropes == 0)))
    }
}
