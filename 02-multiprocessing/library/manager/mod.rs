//! A process that keeps dicts and lists for others: what they ask of it, and with [`store`] what it does.

mod store;

use std::marker::PhantomData;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};
use crate::manager::store::{Answer, Bytes, Request};
use crate::pipe::{End, Pipe};
use crate::queue::{Queue, Sender};
use crate::travel::packet;
use crate::workers::process::Process;
use crate::workers::task::Tasks;

pub(crate) fn register(tasks: &mut Tasks) {
    tasks.process(store::serve);
}

/// A server process that owns dicts and lists which other processes read and change. Answers to `multiprocessing.Manager`.
///
/// It ends when dropped, and with the process that started it; handles then say [`Error::Broken`].
#[derive(Debug)]
pub struct Manager {
    server: Process,
    link: Link,
}

impl Manager {
    /// Starts the server process.
    ///
    /// # Errors
    /// As [`Process::spawn`].
    pub fn start() -> Result<Manager> {
        let Queue { sender, receiver } = Queue::new()?;
        let server = Process::spawn_named("Manager", store::serve, (receiver,))?;
        Ok(Manager { server, link: Link { door: sender, id: 0, own: Mutex::default() } })
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// A new, empty dict. Answers to `manager.dict()`.
    ///
    /// # Errors
    /// [`Error::Broken`] if the server has ended.
    pub fn dict<K, V>(&self) -> Result<Dict<K, V>> {
        Ok(Dict { link: self.link.to_new(Request::NewDict)?, types: PhantomData })
    }

    /// A new, empty list. Answers to `manager.list()`.
    ///
    /// # Errors
    /// [`Error::Broken`] if the server has ended.
    pub fn list<T>(&self) -> Result<List<T>> {
        Ok(List { link: self.link.to_new(Request::NewList)?, types: PhantomData })
    }
}

/// A connection to the server, made when first used in a process, for one object there.
#[derive(Debug, Serialize, Deserialize)]
struct Link {
    /// Where the server takes in the ends of new connections.
    door: Sender<End<Answer, Request>>,
    id: u64,
    #[serde(skip)]
    own: Mutex<Option<End<Request, Answer>>>,
}

impl Link {
    fn to(&self, id: u64) -> Link {
        Link { door: self.door.clone(), id, own: Mutex::default() }
    }

    fn to_new(&self, request: Request) -> Result<Link> {
        match self.ask(request)? {
            Answer::Number(id) => Ok(self.to(id)),
            _ => Err(ended()),
        }
    }

    fn ask(&self, request: Request) -> Result<Answer> {
        let mut own = self.own.lock();
        let end = match &mut *own {
            Some(end) => end,
            none => {
                let Pipe { parent, child } = Pipe::new()?;
                self.door.send(child).map_err(broken)?;
                none.insert(parent)
            }
        };
        end.send(request).map_err(broken)?;
        end.recv()?.ok_or_else(ended)
    }

    fn value(&self, request: Request) -> Result<Option<Bytes>> {
        match self.ask(request)? {
            Answer::Value(value) => Ok(value),
            _ => Err(ended()),
        }
    }

    fn values(&self, request: Request) -> Result<Vec<Bytes>> {
        match self.ask(request)? {
            Answer::Values(values) => Ok(values),
            _ => Err(ended()),
        }
    }

    fn number(&self, request: Request) -> Result<u64> {
        match self.ask(request)? {
            Answer::Number(number) => Ok(number),
            _ => Err(ended()),
        }
    }
}

fn ended() -> Error {
    Error::Broken { reason: "the manager's server process ended".into() }
}

fn broken(error: Error) -> Error {
    match error {
        Error::Closed => ended(),
        error => error,
    }
}

fn to_bytes<T: Serialize>(value: &T) -> Result<Bytes> {
    let mut bytes = Vec::new();
    packet::put(&mut bytes, value, "a value of a manager")?;
    Ok(bytes)
}

fn from_bytes<T: DeserializeOwned>(bytes: Bytes) -> Result<T> {
    packet::take(&mut bytes.as_slice(), "a value of a manager")
}

/// A handle to a dict in a [`Manager`]. Clone it or pass it to a process; all handles mean the same dict.
///
/// Every method is a request to the server and its answer, [`update`](Dict::update) two: some 10 µs each, where the lock
/// of a [`Shared`](crate::Shared) value takes 10 ns. For a few values of any type, not for numbers in a loop.
///
/// # Errors
/// Every method: [`Error::Broken`] if the server has ended, [`Error::Encoding`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Dict<K, V> {
    link: Link,
    types: PhantomData<fn(K) -> V>,
}

#[allow(clippy::missing_errors_doc, reason = "said once for all of them")]
impl<K: Serialize + DeserializeOwned, V: Serialize + DeserializeOwned> Dict<K, V> {
    /// The value of a key. Answers to `d.get(key)`.
    pub fn get(&self, key: &K) -> Result<Option<V>> {
        self.link.value(Request::DictGet(self.link.id, to_bytes(key)?))?.map(from_bytes).transpose()
    }

    /// Sets the value of a key and gives the one before. Answers to `d[key] = value`.
    pub fn insert(&self, key: &K, value: &V) -> Result<Option<V>> {
        let request = Request::DictSet(self.link.id, to_bytes(key)?, to_bytes(value)?);
        self.link.value(request)?.map(from_bytes).transpose()
    }

    /// Changes the value of a key as one step: no change of another process comes in between, as it can in Python's
    /// `d[key] += 1`. `change` may run several times.
    pub fn update(&self, key: &K, mut change: impl FnMut(Option<V>) -> V) -> Result<()> {
        let key = to_bytes(key)?;
        let mut old = self.link.value(Request::DictGet(self.link.id, key.clone()))?;
        loop {
            let new = to_bytes(&change(old.clone().map(from_bytes).transpose()?))?;
            match self.link.ask(Request::DictSwap(self.link.id, key.clone(), old, new))? {
                Answer::Swapped => return Ok(()),
                Answer::Value(now) => old = now,
                _ => return Err(ended()),
            }
        }
    }

    /// How many keys there are. Answers to `len(d)`.
    pub fn len(&self) -> Result<usize> {
        Ok(self.link.number(Request::DictLen(self.link.id))? as usize)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// All keys and values in the order the keys were first set. Answers to `d.items()`.
    pub fn items(&self) -> Result<Vec<(K, V)>> {
        let mut values = self.link.values(Request::DictItems(self.link.id))?.into_iter();
        let mut items = Vec::new();
        while let (Some(key), Some(value)) = (values.next(), values.next()) {
            items.push((from_bytes(key)?, from_bytes(value)?));
        }
        Ok(items)
    }
}

impl<K, V> Clone for Dict<K, V> {
    fn clone(&self) -> Dict<K, V> {
        Dict { link: self.link.to(self.link.id), types: PhantomData }
    }
}

/// A handle to a list in a [`Manager`]. Clone it or pass it to a process; all handles mean the same list.
///
/// # Errors
/// Every method: [`Error::Broken`] if the server has ended, [`Error::Encoding`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct List<T> {
    link: Link,
    types: PhantomData<fn() -> T>,
}

#[allow(clippy::missing_errors_doc, reason = "said once for all of them")]
impl<T: Serialize + DeserializeOwned> List<T> {
    /// Appends a value. Answers to `l.append(value)`.
    pub fn push(&self, value: &T) -> Result<()> {
        self.link.number(Request::ListPush(self.link.id, to_bytes(value)?)).map(drop)
    }

    /// The value at a position. Answers to `l[index]`.
    pub fn get(&self, index: usize) -> Result<Option<T>> {
        self.link.value(Request::ListGet(self.link.id, index as u64))?.map(from_bytes).transpose()
    }

    /// How many values there are. Answers to `len(l)`.
    pub fn len(&self) -> Result<usize> {
        Ok(self.link.number(Request::ListLen(self.link.id))? as usize)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// A copy of it all. Answers to `list(l)`.
    pub fn to_vec(&self) -> Result<Vec<T>> {
        self.link.values(Request::ListItems(self.link.id))?.into_iter().map(from_bytes).collect()
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> List<T> {
        List { link: self.link.to(self.link.id), types: PhantomData }
    }
}
