//! `polybius story`: one story on the terminal, as JSON, or as a page.

mod text;

use crate::args::StoryArgs;
use crate::failure::Failure;
use crate::find::{find_story, stories_by_number};
use crate::report;
use crate::term::{Terminal, Text};
use polybius_view::story::{StoryRows, gather};

/// Shows the story that the user named.
pub fn story(args: &StoryArgs) -> Result<(), Failure> {
    let store = args.store.open()?;
    let stories = stories_by_number(&store)?;
    let index = find_story(&stories, &args.story, &store)?;
    let view = gather(&StoryRows::read(&store, &stories, index)?);
    let terminal = Terminal::of_stdout();
    let lines = if let Some(path) = &args.html {
        let page = report::page(&view);
        if path.as_os_str() != "-" {
            return std::fs::write(path, page)
                .map_err(|e| Failure::caused(&format!("cannot write `{}`", path.display()), &e));
        }
        vec![Text::raw(page)]
    } else if args.json {
        vec![Text::raw(serde_json::to_string_pretty(&view).expect("plain data"))]
    } else {
        text::lines(&view, &args.store.store.display().to_string(), args.all, terminal.width)
    };
    terminal.print(&lines).map_err(|e| Failure::caused("cannot write to standard output", &e))
}
