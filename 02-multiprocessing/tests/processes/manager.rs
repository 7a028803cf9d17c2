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
    let (dict, list) = (manager.dict()?, manager.list()?);
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
    let ordered = manager.dict::<u64, ()>()?;
    [3, 1, 2].iter().try_for_each(|key| ordered.insert(key, &()).map(drop))?;
    assert_eq!(ordered.items()?, [(3, ()), (1, ()), (2, ())]);
    assert!(!ordered.is_empty()?);
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
