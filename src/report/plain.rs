//! Values as they may stand in somebody else's page: what would break it, or hide in it, is seen instead.

/// What stands for a character that XML cannot have, or that a reader would not see.
const HIDDEN: char = '\u{fffd}';

/// A text without characters that steer a terminal, a parser or the direction of writing. Line breaks and tabs stay.
pub(super) fn visible(text: &str) -> String {
    text.replace("\r\n", "\n").chars().map(|character| if steers(character) { HIDDEN } else { character }).collect()
}

/// The same on one line, cut after `most` characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let visible = visible(text);
    let mut line = String::with_capacity(visible.len().min(most));
    for (position, character) in visible.chars().enumerate() {
        if position == most {
            line.push('…');
            break;
        }
        line.push(if matches!(character, '\n' | '\t') { ' ' } else { character });
    }
    line
}

/// The same, whole: for a person's terminal.
pub(super) fn whole(text: &str) -> String {
    line(text, usize::MAX)
}

fn steers(character: char) -> bool {
    let directs = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_control = character.is_control() && !matches!(character, '\n' | '\t');
    // XML has no such characters, and Unicode none that mean anything.
    let is_none = matches!(character, '\u{fffe}' | '\u{ffff}');
    // Some readers of pages end a line here.
    let ends = matches!(character, '\u{2028}' | '\u{2029}');
    directs || is_control || is_none || ends
}

#[cfg(test)]
mod tests {
    use super::{line, visible};

    #[test]
    fn nothing_steers_and_what_is_cut_is_told() {
        assert_eq!(visible("a\u{1b}[31mb\u{0}\r\nc\td\re\u{202e}f\u{ffff}"), "a�[31mb�\nc\td�e�f�");
        assert_eq!(line("un\ndeux\ttrois", 40), "un deux trois");
        assert_eq!(line("éàü", 3), "éàü");
        assert_eq!(line("éàüß", 3), "éàü…");
    }
}
