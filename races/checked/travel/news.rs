//! Tells one of those who wait that something has been given back.

use std::sync::Arc;

use crate::{
    error::Result,
    process::{self, Object},
};

/// A number of news.
#[derive(Clone, Debug)]
pub(crate) struct News(Arc<Object<u64>>);

impl News {
    pub fn none() -> Result<News> {
        let news = Object::new(0);
        process::mourn(&news);
        Ok(News(news))
    }

    pub fn tell(&self) {
        self.0.call(|news| {
            *news += 1;
            Some(())
        });
    }

    /// Time passes only once a process was killed: as long as none is, nobody must need it.
    pub fn hear(&self, _: u8) -> Result<bool> {
        self.0.call(|news| (*news > 0 || process::somebody_died()).then_some(()));
        if process::somebody_died() {
            shuttle::thread::yield_now();
        }
        Ok(self.0.call(|news| Some(std::mem::take(news) > 0)))
    }
}
