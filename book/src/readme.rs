//! What a lesson's README says of one of its examples.

use xtask::catalogue::Example;

/// What to try: the paragraphs that begin with the example's name, or else that have it in bold.
pub fn to_try(readme: &str, example: &Example) -> String {
    let section = section(readme, "## What to look at, what to try");
    let mut found = String::new();
    let mut ours = false;
    for paragraph in section.split("\n\n") {
        if let Some((names, _)) =
            paragraph.strip_prefix("**").and_then(|rest| rest.split_once("**"))
        {
            ours = names.trim_end_matches('.').split(", ").any(|name| name == example.name);
        }
        if ours {
            found += paragraph;
            found += "\n\n";
        }
    }
    if found.is_empty() {
        // One that is named beside another, and for want of that one in any paragraph.
        let (bold, named) = (format!("**{}**", example.name), format!("`{}", example.name));
        let prose = || {
            readme.split("\n\n").filter(|paragraph| {
                !paragraph.starts_with(['|', '#']) && !paragraph.contains("<details>")
            })
        };
        let having =
            |name: &str| prose().filter(|it| it.contains(name)).collect::<Vec<_>>().join("\n\n");
        found = having(&bold);
        if found.is_empty() {
            found = having(&named);
        }
    }
    found
}

/// The questions with their answers that are about the example: their command is its.
pub fn questions(readme: &str, example: &Example) -> Vec<String> {
    let section = section(readme, "## Before you run it");
    let is_item =
        |line: &str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    let mut items: Vec<String> = Vec::new();
    for line in section.lines() {
        if is_item(line) {
            items.push(String::new());
        }
        let Some(item) = items.last_mut() else { continue };
        *item += line
            .get(..3)
            .filter(|start| is_item(line) || start.trim().is_empty())
            .map_or(line, |_| &line[3..]);
        item.push('\n');
    }
    let (own, package) =
        (format!("{} {}", example.lesson, example.name), format!("-- {}", example.name));
    let is_own = |item: &String| {
        let question = item.split("<details>").next().unwrap_or_default();
        [&own, &package].iter().any(|command| {
            question.match_indices(command.as_str()).any(|(at, it)| {
                let next = question[at + it.len()..].chars().next();
                next.is_none_or(|next| !next.is_alphanumeric() && next != '-')
            })
        })
    };
    items.into_iter().filter(is_own).collect()
}

/// What stands below a heading, up to the next of the same level.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let Some((_, rest)) = text.split_once(heading) else { return "" };
    rest.split("\n## ").next().unwrap_or_default().trim_start_matches('\n')
}
