//! Catalogues that nobody would write: each is refused, or answers all questions.

use std::{fs, sync::LazyLock};

use proptest::prelude::*;

use super::{Catalogue, root};

static TEXT: LazyLock<String> =
    LazyLock::new(|| fs::read_to_string(root().join("catalogue.toml")).expect("there is one"));

/// Asks it all that the commands ask.
fn ask(catalogue: &Catalogue, name: &str) {
    for lesson in catalogue.lessons() {
        let _ = catalogue.lesson(lesson);
        let _ = catalogue.example(lesson, name);
    }
    let _ =
        (catalogue.lesson(name), catalogue.tutorial(name), catalogue.select(&[name.to_owned()]));
    for example in &catalogue.examples {
        example.purpose();
        example.module();
        example.command(&[name.to_owned()]);
        for port in &example.ports {
            catalogue.ports(&port.tutorial, port.part);
        }
    }
}

proptest! {
    #[test]
    fn any_name_is_found_or_unknown(name in any::<String>(), lesson in "[0-9]{0,2}[-/a-z]{0,9}") {
        let catalogue = Catalogue::load().expect("it is sound");
        ask(&catalogue, &name);
        ask(&catalogue, &lesson);
        ask(&catalogue, &format!("{lesson}/{name}"));
    }

    #[test]
    fn a_catalogue_with_anything_in_one_place_is_refused_or_answers(
        at in any::<prop::sample::Index>(), length in 0..40_usize, text in any::<String>()
    ) {
        // Cut to its beginning, which has all kinds of entries.
        let whole: String = TEXT.lines().take(300).map(|line| format!("{line}\n")).collect();
        let characters: Vec<_> = whole.char_indices().map(|(at, _)| at).collect();
        let begin = at.index(characters.len());
        let end = (begin + length).min(characters.len() - 1);
        let spoilt = [&whole[..characters[begin]], &text, &whole[characters[end]..]].concat();
        if let Ok(catalogue) = Catalogue::parse(&spoilt) {
            ask(&catalogue, &text);
        }
    }
}
