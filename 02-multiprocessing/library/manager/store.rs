//! The server of a manager: dicts and lists of encoded values.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::pipe::End;
use crate::queue::Receiver;

/// A key or value as postcard wrote it; the server does not know its type.
pub(crate) type Bytes = Vec<u8>;

/// The first number is the dict's or list's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    NewDict,
    NewList,
    DictGet(u64, Bytes),
    DictSet(u64, Bytes, Bytes),
    /// Key, value expected, value to set.
    DictSwap(u64, Bytes, Option<Bytes>, Bytes),
    DictLen(u64),
    DictItems(u64),
    ListPush(u64, Bytes),
    ListGet(u64, u64),
    ListLen(u64),
    ListItems(u64),
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Value(Option<Bytes>),
    /// Of a dict: key, value, key, value …
    Values(Vec<Bytes>),
    Number(u64),
    Swapped,
    /// The number is not one of a dict or list.
    Unknown,
}

/// Everything the server keeps. Its objects live as long as it does.
#[derive(Default)]
struct Store {
    dicts: HashMap<u64, Entries>,
    lists: HashMap<u64, Vec<Bytes>>,
    next: u64,
}

/// A dict's values by key, each with the order of its key's first setting.
#[derive(Default)]
struct Entries {
    values: HashMap<Bytes, (u64, Bytes)>,
    next: u64,
}

/// The server process: a thread for each connection, until nobody can open one any more.
pub(crate) fn serve(door: Receiver<End<Answer, Request>>) -> Result<()> {
    let store = Arc::new(Mutex::new(Store::default()));
    while let Some(end) = door.recv()? {
        let store = Arc::clone(&store);
        let serve = move || {
            // A client that is gone, or sends what cannot be read, ends its connection only.
            while let Ok(Some(request)) = end.recv() {
                let answer = store.lock().answer(request);
                if end.send(answer).is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().spawn(serve).map_err(Error::system("start a thread"))?;
    }
    Ok(())
}

impl Store {
    fn answer(&mut self, request: Request) -> Answer {
        self.try_answer(request).unwrap_or(Answer::Unknown)
    }

    fn try_answer(&mut self, request: Request) -> Option<Answer> {
        Some(match request {
            Request::NewDict => {
                self.next += 1;
                self.dicts.insert(self.next, Entries::default());
                Answer::Number(self.next)
            }
            Request::NewList => {
                self.next += 1;
                self.lists.insert(self.next, Vec::new());
                Answer::Number(self.next)
            }
            Request::DictGet(id, key) => Answer::Value(self.dicts.get(&id)?.get(&key)),
            Request::DictSet(id, key, value) => {
                Answer::Value(self.dicts.get_mut(&id)?.set(key, value))
            }
            Request::DictSwap(id, key, expected, value) => {
                let dict = self.dicts.get_mut(&id)?;
                let now = dict.get(&key);
                if now == expected {
                    dict.set(key, value);
                    Answer::Swapped
                } else {
                    Answer::Value(now)
                }
            }
            Request::DictLen(id) => Answer::Number(self.dicts.get(&id)?.values.len() as u64),
            Request::DictItems(id) => {
                let mut items: Vec<_> = self.dicts.get(&id)?.values.iter().collect();
                items.sort_unstable_by_key(|(_, (order, _))| *order);
                Answer::Values(
                    items
                        .into_iter()
                        .flat_map(|(key, (_, value))| [key.clone(), value.clone()])
                        .collect(),
                )
            }
            Request::ListPush(id, value) => {
                let list = self.lists.get_mut(&id)?;
                list.push(value);
                Answer::Number(list.len() as u64)
            }
            Request::ListGet(id, index) => {
                Answer::Value(self.lists.get(&id)?.get(index as usize).cloned())
            }
            Request::ListLen(id) => Answer::Number(self.lists.get(&id)?.len() as u64),
            Request::ListItems(id) => Answer::Values(self.lists.get(&id)?.clone()),
        })
    }
}

impl Entries {
    fn get(&self, key: &Bytes) -> Option<Bytes> {
        self.values.get(key).map(|(_, value)| value.clone())
    }

    fn set(&mut self, key: Bytes, value: Bytes) -> Option<Bytes> {
        if let Some((_, slot)) = self.values.get_mut(&key) {
            return Some(std::mem::replace(slot, value));
        }
        self.next += 1;
        self.values.insert(key, (self.next, value));
        None
    }
}
