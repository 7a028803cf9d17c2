//! Dicts and lists in a process of their own.

use multiprocessing::{Dict, Error, List, Manager, Process, Result, Tasks};

use crate::kill;

tests! { manager_serves killed_manager_is_broken }

pub fn register(tasks: &mut Tasks) {
    tasks.process(changes);
}

fn changes(dict: Dict<String, u64>, list: List<u64>, number: u64) -> Result<()> {
    for _ in 0..100 {
        dict.update(&"sum".to_owned(), |sum| sum.unwrap_or(0) + 1)?;
    }
    dict.insert(&format!("square of {number}"), &(number * number))?;
    list.push(&number)
}

fn manager_serves() -> Result<()> {
    let manager = Manager::start()?;
    let (dict, ordered) = (manager.dict()?, manager.dict::<u64, ()>()?);
    let (list, other) = (manager.list()?, manager.list::<u64>()?);
    let processes = (0..4)
        .map(|number| Process::spawn(changes, (dict.clone(), list.clone(), number)))
        .collect::<Result<Vec<_>>>()?;
    processes.into_iter().try_for_each(Process::join)?;
    assert_eq!((dict.len()?, dict.get(&"sum".into())?), (5, Some(400)));
    assert_eq!(dict.get(&"square of 3".into())?, Some(9));
    assert_eq!((dict.insert(&"sum".into(), &7)?, dict.get(&"sum".into())?), (Some(400), Some(7)));
    let mut numbers = list.to_vec()?;
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1, 2, 3]);
    assert_eq!((list.len()?, list.is_empty()?), (4, false));
    assert_eq!((list.get(0)?, list.get(4)?), (list.to_vec()?.first().copied(), None));
    assert!(ordered.is_empty()? && other.is_empty()?);
    let keys: Vec<u64> = (0..10).map(|number| number * 7 % 10).collect();
    keys.iter().try_for_each(|key| ordered.insert(key, &()).map(drop))?;
    assert!(ordered.items()?.into_iter().eq(keys.into_iter().map(|key| (key, ()))));
    assert!(!ordered.is_empty()? && other.is_empty()?);
    // Each is one of its own.
    assert_eq!((dict.len()?, list.len()?), (5, 4));
    Ok(())
}

fn killed_manager_is_broken() -> Result<()> {
    let manager = Manager::start()?;
    let list = manager.list::<u64>()?;
    list.push(&1)?;
    kill(manager.pid());
    assert!(matches!(list.push(&2), Err(Error::Broken { .. })));
    assert!(matches!(list.clone().len(), Err(Error::Broken { .. })));
    Ok(())
}
