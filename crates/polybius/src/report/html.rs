//! HTML that cannot be broken by what pages hold: only literals of the program go in as they are.

/// A piece of a page.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Empty.
    pub fn new() -> Html {
        Html::default()
    }

    /// Markup of the program's own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Text of any origin.
    pub fn text(&mut self, text: &str) -> &mut Html {
        escape_to(text, &mut self.0);
        self
    }

    /// A number.
    pub fn number(&mut self, n: impl std::fmt::Display) -> &mut Html {
        self.text(&n.to_string())
    }

    /// ` name="value"`, inside a tag that was begun.
    pub fn attr(&mut self, name: &'static str, value: &str) -> &mut Html {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        escape_to(value, &mut self.0);
        self.0.push('"');
        self
    }

    /// Another piece.
    pub fn add(&mut self, other: Html) -> &mut Html {
        self.0.push_str(&other.0);
        self
    }

    /// An element that holds text only.
    pub fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Html {
        self.raw(open).text(text).raw(close)
    }

    /// As text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Escapes for text and for attributes in double quotes; control characters and marks of direction become visible or vanish.
fn escape_to(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            '\n' | '\t' => out.push(c),
            '\r' => {}
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() || matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe => {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
}

/// Fills `{{name}}` places of a template; what is filled in is not searched again.
pub fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + values.iter().map(|v| v.1.len()).sum::<usize>());
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = from[2..].split_once("}}");
        match found.and_then(|(name, after)| Some((values.iter().find(|v| v.0 == name)?.1, after))) {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push_str("{{");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_page_becomes_markup() {
        let mut html = Html::new();
        html.raw("<p")
            .attr("title", "\" onclick='x' <b>")
            .raw(">")
            .text("</script><!-- {{body}} \0\u{202e}")
            .raw("</p>");
        assert_eq!(
            html.into_string(),
            "<p title=\"&quot; onclick=&#39;x&#39; &lt;b&gt;\">&lt;/script&gt;&lt;!-- {{body}} \u{fffd}</p>"
        );
    }

    #[test]
    fn what_is_filled_in_is_not_searched_again() {
        assert_eq!(filled("a {{x}} {{y}} {{z}}", &[("x", "{{y}}"), ("y", "2")]), "a {{y}} 2 {{z}}");
    }
}
