//! Who uses whom goes one way: no files form a circle, and none is too long to be read at once. The process library is
//! built in layers besides, and its folders say which.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use xtask::catalogue::root;

/// Lowest first. `lib.rs` stands above them all.
const LAYERS: [&str; 10] =
    ["exit", "error", "sync", "travel", "memory", "workers", "pipe", "queue", "pool", "manager"];

/// A module by the names that lead to it from the crate's root, which has none itself.
type Module = Vec<String>;

/// The text of each file of a crate by its module; `pool/mod.rs` and `grid.rs` are `pool` and `grid`.
fn files(folder: &Path, module: &Module) -> Result<BTreeMap<Module, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().context("no name")?.to_string_lossy().into_owned();
        // A `main.rs` beside a `lib.rs` is another crate, which the library cannot use.
        let is_face = stem == "mod"
            || module.is_empty()
                && (stem == "lib" || stem == "main" && !folder.join("lib.rs").exists());
        let named = if is_face { module.clone() } else { child(module, &stem) };
        if path.is_dir() {
            found.extend(files(&path, &named)?);
        } else {
            found.insert(named, fs::read_to_string(&path)?);
        }
    }
    Ok(found)
}

fn child(module: &Module, name: &str) -> Module {
    module.iter().map(String::as_str).chain([name]).map(String::from).collect()
}

/// The uses in a file: by `crate::`, `super::`, `self::`, and by the name of a module below.
struct Uses<'a> {
    files: &'a BTreeMap<Module, String>,
    found: BTreeSet<Module>,
}

impl Uses<'_> {
    /// Looks through what stands in `module`, which may be within a file.
    fn read(&mut self, tokens: &[TokenTree], module: &Module) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at..] {
                [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..]
                    if word == "mod" && body.delimiter() == Delimiter::Brace =>
                {
                    self.read(&inside(body.stream()), &child(module, &name.to_string()));
                    at += 3;
                }
                [TokenTree::Group(group), ..] => {
                    self.read(&inside(group.stream()), module);
                    at += 1;
                }
                // `$crate` is another's, and `::name` the rest of something.
                [TokenTree::Punct(mark), TokenTree::Ident(_), ..] if mark.as_char() == '$' => {
                    at += 2;
                }
                [colon, other, TokenTree::Ident(_), ..] if is_path(colon, Some(other)) => at += 3,
                [TokenTree::Ident(head), colon, other, ..] if is_path(colon, Some(other)) => {
                    let from = match head.to_string().as_str() {
                        "crate" => Some(Module::new()),
                        "self" => Some(module.clone()),
                        "super" => Some(parent(module)),
                        name => Some(child(module, name)).filter(|it| self.files.contains_key(it)),
                    };
                    at += 1;
                    match from {
                        Some(from) => at += self.follow(&tokens[at..], from),
                        None => at += names(&tokens[at..]),
                    }
                }
                _ => at += 1,
            }
        }
    }

    /// Follows a path on from `module`: `::a::b` or `::{a, b::c}`. Says how many tokens that took.
    fn follow(&mut self, tokens: &[TokenTree], mut module: Module) -> usize {
        let mut at = 0;
        while is_path_at(&tokens[at..]) {
            match tokens.get(at + 2) {
                Some(TokenTree::Ident(name)) if name == "super" => module = parent(&module),
                Some(TokenTree::Ident(name)) => module.push(name.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let tokens = inside(group.stream());
                    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
                    for part in tokens.split(is_comma) {
                        let Some(TokenTree::Ident(name)) = part.first() else { continue };
                        let below = if name == "self" {
                            module.clone()
                        } else {
                            child(&module, &name.to_string())
                        };
                        self.follow(&part[1..], below);
                    }
                    return at + 3;
                }
                _ => break,
            }
            at += 3;
        }
        // What is named last is a file's item, or one in it: the longest name that a file has is its own.
        while !self.files.contains_key(&module) && module.pop().is_some() {}
        self.found.insert(module);
        at
    }
}

fn inside(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn parent(module: &Module) -> Module {
    module.split_last().map_or_else(Module::new, |(_, above)| above.to_vec())
}

fn is_path(first: &TokenTree, second: Option<&TokenTree>) -> bool {
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
    is_colon(first) && second.is_some_and(is_colon)
}

fn is_path_at(tokens: &[TokenTree]) -> bool {
    tokens.first().is_some_and(|first| is_path(first, tokens.get(1)))
}

/// How many tokens the names of somebody else's path take.
fn names(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while is_path_at(&tokens[at..]) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
        at += 3;
    }
    at
}

/// Which files of a crate each of its files uses.
fn arrows(files: &BTreeMap<Module, String>) -> Result<BTreeMap<Module, BTreeSet<Module>>> {
    let arrows = files.iter().map(|(module, text)| {
        let tokens: TokenStream =
            text.parse().map_err(|error| anyhow::anyhow!("{module:?}: {error}"))?;
        let mut uses = Uses { files, found: BTreeSet::new() };
        uses.read(&inside(tokens), module);
        uses.found.remove(module);
        Ok((module.clone(), uses.found))
    });
    arrows.collect()
}

/// The folders of all crates' programs and libraries.
fn crates() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root())? {
        let folder = entry?.path();
        if folder.join("Cargo.toml").exists() {
            found.extend(["src", "library"].map(|name| folder.join(name)));
        }
    }
    found.retain(|folder| folder.exists());
    ensure!(found.len() >= 11, "{found:?}");
    Ok(found)
}

#[test]
fn no_files_form_a_circle() -> Result<()> {
    let mut circles = Vec::new();
    for folder in crates()? {
        let mut graph = arrows(&files(&folder, &Module::new())?)?;
        // What uses nothing that is left, or is used by nothing, is taken away, until nothing is left, or circles.
        loop {
            let left: BTreeSet<Module> = graph.keys().cloned().collect();
            let used: BTreeSet<Module> = graph.values().flatten().cloned().collect();
            graph.retain(|module, uses| {
                uses.retain(|below| left.contains(below));
                !uses.is_empty() && used.contains(module)
            });
            if graph.len() == left.len() {
                break;
            }
        }
        let ties = graph.iter().flat_map(|(file, uses)| uses.iter().map(move |used| (file, used)));
        circles.extend(ties.map(|(file, used)| {
            format!("{}: {} -> {}", folder.display(), file.join("::"), used.join("::"))
        }));
    }
    ensure!(circles.is_empty(), "circles:\n{}", circles.join("\n"));
    Ok(())
}

#[test]
fn each_folder_of_the_process_library_uses_those_below() -> Result<()> {
    let files = files(&root().join("02-multiprocessing/library"), &Module::new())?;
    assert!(files.len() > 20, "{:?}", files.keys());
    let layer = |module: &Module| {
        let folder = module.first();
        LAYERS
            .iter()
            .position(|layer| folder.is_some_and(|folder| folder == layer))
            .with_context(|| format!("no layer: {module:?}"))
    };
    for (module, used) in arrows(&files)?.iter().filter(|(module, _)| !module.is_empty()) {
        for below in used {
            assert!(
                layer(below)? <= layer(module)?,
                "{module:?} uses {below:?}, which stands above it"
            );
        }
    }
    Ok(())
}

#[test]
fn no_file_is_long() -> Result<()> {
    let mut long = Vec::new();
    for folder in crates()? {
        for (module, text) in files(&folder, &Module::new())? {
            let lines = text.lines().count();
            if lines > 300 {
                long.push(format!("{}: {} has {lines} lines", folder.display(), module.join("::")));
            }
        }
    }
    ensure!(long.is_empty(), "{}", long.join("\n"));
    Ok(())
}

#[test]
fn each_kind_of_use_is_seen() -> Result<()> {
    let files: BTreeMap<Module, String> = [
        ("", "mod a; mod b; pub use a::below::X; lesson!(b); fn f() { std::a::g(); $crate::b::g(); }"),
        ("a", "mod below; //! crate::b\n fn f() { let _ = \"crate::b\"; g!(self::below::g); }"),
        ("a::below", "use crate::{b::{self, Y}}; mod tests { use super::*; use super::super::Z; }"),
        ("b", "fn f() { Vec::<u8>::a::f(); ::a::f(); }"),
    ]
    .map(|(name, text)| (name.split("::").filter(|it| !it.is_empty()).map(String::from).collect(), text.into()))
    .into();
    let found = arrows(&files)?;
    let found: Vec<String> = found
        .iter()
        .flat_map(|(file, used)| {
            used.iter().map(|it| format!("{} -> {}", file.join("::"), it.join("::")))
        })
        .collect();
    assert_eq!(found, [" -> a::below", "a -> a::below", "a::below -> a", "a::below -> b"]);
    Ok(())
}
