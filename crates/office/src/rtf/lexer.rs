//! RTF bytes to tokens.

/// One token. What a control word skips (`\bin`) is gone.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// `\word` with its number.
    Word(&'a str, Option<i32>),
    /// A backslash before a sign: `\~`, `\*`, `\{`.
    Sign(u8),
    /// `\'b9`, or a byte that stands for itself.
    Byte(u8),
}

pub(super) struct Lexer<'a> {
    rest: &'a [u8],
}

/// Longest control word.
const WORD_MAX: usize = 32;

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// A control word behind its backslash.
    fn word(&mut self) -> Option<Token<'a>> {
        let letters = |b: &&u8| b.is_ascii_alphabetic();
        let len = self.rest.iter().take(WORD_MAX).take_while(letters).count();
        let name = std::str::from_utf8(self.rest.get(..len)?).ok()?;
        self.skip(len);
        let minus = usize::from(self.rest.first() == Some(&b'-'));
        let figures = self.rest.get(minus..).unwrap_or_default();
        let digits = figures.iter().take_while(|b| b.is_ascii_digit()).count();
        let number = (digits > 0).then(|| {
            let text = self.rest.get(..minus + digits).unwrap_or_default();
            let text = std::str::from_utf8(text).unwrap_or_default();
            text.parse::<i32>().unwrap_or(0)
        });
        if digits > 0 {
            self.skip(minus + digits);
        }
        if self.rest.first() == Some(&b' ') {
            self.skip(1);
        }
        if name == "bin" {
            let count = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            self.skip(count);
        }
        Some(Token::Word(name, number))
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (&first, _) = self.rest.split_first()?;
            self.skip(1);
            return match first {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\r' | b'\n' | 0 => continue,
                b'\\' => match self.rest.first() {
                    Some(b) if b.is_ascii_alphabetic() => self.word(),
                    Some(b'\'') => {
                        let byte = self.rest.get(1..3).and_then(crate::mht::hex);
                        self.skip(if byte.is_some() { 3 } else { 1 });
                        match byte {
                            Some(byte) => Some(Token::Byte(byte)),
                            None => continue,
                        }
                    }
                    Some(&b) => {
                        self.skip(1);
                        Some(Token::Sign(b))
                    }
                    None => None,
                },
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}
