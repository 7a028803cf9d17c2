//! A catalogue is refused, or answers all that the commands ask.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::catalogue::Catalogue;

fuzz_target!(|text: &str| {
    let Ok(catalogue) = Catalogue::parse(text) else { return };
    for lesson in catalogue.lessons() {
        let _ = (catalogue.lesson(lesson), catalogue.select(&[lesson.into()]));
    }
    for tutorial in &catalogue.tutorials {
        let _ = catalogue.tutorial(&tutorial.title);
    }
    for example in &catalogue.examples {
        let _ = catalogue.example(&example.lesson, &example.name);
        let _ = (example.purpose(), example.full_name(), example.twin());
        example.command(&example.bench);
        for port in &example.ports {
            catalogue.ports(&port.tutorial, port.part);
        }
    }
});
