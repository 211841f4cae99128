//! Tokens of content streams and character maps. What is no token is stepped over: a broken piece costs itself only.

/// Bytes of one string; longer ones are cut.
const STRING_BYTES_MAX: usize = 64 * 1024;
/// Parentheses within parentheses.
const PARENTHESES_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    /// With `#` escapes resolved.
    Name(Vec<u8>),
    String(Vec<u8>),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
    /// An operator, `true`, `null` and the like.
    Word(&'a [u8]),
}

pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_second(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = self.peek()?;
            match byte {
                b if is_space(b) => self.at += 1,
                b'%' => self.skip_comment(),
                b'(' => return Some(Token::String(self.literal())),
                b'<' if self.peek_second() == Some(b'<') => {
                    self.at += 2;
                    return Some(Token::DictOpen);
                }
                b'<' => return Some(Token::String(self.hexadecimal())),
                b'>' if self.peek_second() == Some(b'>') => {
                    self.at += 2;
                    return Some(Token::DictClose);
                }
                b'[' => {
                    self.at += 1;
                    return Some(Token::ArrayOpen);
                }
                b']' => {
                    self.at += 1;
                    return Some(Token::ArrayClose);
                }
                b'/' => return Some(Token::Name(self.name())),
                b'>' | b')' | b'{' | b'}' => self.at += 1,
                _ => return Some(self.word()),
            }
        }
    }

    fn skip_comment(&mut self) {
        while self.peek().is_some_and(|b| !matches!(b, b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> Token<'a> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|b| !is_space(b) && !is_delimiter(b))
        {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        match number(word) {
            Some(number) => Token::Number(number),
            None => Token::Word(word),
        }
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|&b| !is_space(b) && !is_delimiter(b)) {
            self.at += 1;
            let escape = self
                .bytes
                .get(self.at..self.at + 2)
                .filter(|_| byte == b'#');
            match escape.and_then(|pair| Some((hex(*pair.first()?)?, hex(*pair.get(1)?)?))) {
                Some((high, low)) => {
                    name.push(high << 4 | low);
                    self.at += 2;
                }
                None => name.push(byte),
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut depth) = (Vec::new(), 1usize);
        while let Some(byte) = self.peek() {
            self.at += 1;
            let keep = match byte {
                b'(' if depth < PARENTHESES_MAX => {
                    depth += 1;
                    Some(byte)
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    Some(byte)
                }
                b'\\' => self.escape(),
                byte => Some(byte),
            };
            if text.len() < STRING_BYTES_MAX {
                text.extend(keep);
            }
        }
        text
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                None
            }
            b'\n' => None,
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            code = code * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                Some((code & 0xFF) as u8)
            }
            other => Some(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut high) = (Vec::new(), None);
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = hex(byte) else { continue };
            match high.take() {
                None => high = Some(digit),
                Some(first) if text.len() < STRING_BYTES_MAX => text.push(first << 4 | digit),
                Some(_) => {}
            }
        }
        text.extend(high.map(|digit| digit << 4));
        text
    }

    /// Steps over the data of an inline image, from its `ID` to its `EI`.
    pub(super) fn skip_inline_image(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = rest.windows(4).position(|window| match window {
            [before, b'E', b'I', after] => is_space(*before) && is_space(*after),
            _ => false,
        });
        self.at += end.map_or(rest.len(), |end| end + 3);
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Plain decimals are read by hand: content streams are mostly numbers.
fn number(word: &[u8]) -> Option<f64> {
    let (negative, digits) = match word {
        [b'-', rest @ ..] => (true, rest.strip_prefix(b"-").unwrap_or(rest)),
        [b'+', rest @ ..] => (false, rest),
        word => (false, word),
    };
    let (mut value, mut scale, mut point, mut any) = (0f64, 1f64, false, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                value = value * 10.0 + f64::from(byte - b'0');
                if point {
                    scale *= 10.0;
                }
            }
            b'.' if !point => point = true,
            b'-' if any => break, // some writers print 0.00-35
            _ => return None,
        }
    }
    any.then(|| {
        if negative {
            -value / scale
        } else {
            value / scale
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| lexer.next()).collect()
    }

    #[test]
    fn numbers_names_strings_and_operators() {
        let got = tokens(b"-.5 12 /F#201 [(a\\)\\101(b))-7.25<4E2>] TJ T* % x\n<</K true>>");
        let want = [
            Token::Number(-0.5),
            Token::Number(12.0),
            Token::Name(b"F 1".to_vec()),
            Token::ArrayOpen,
            Token::String(b"a)A(b)".to_vec()),
            Token::Number(-7.25),
            Token::String(b"N ".to_vec()),
            Token::ArrayClose,
            Token::Word(b"TJ"),
            Token::Word(b"T*"),
            Token::DictOpen,
            Token::Name(b"K".to_vec()),
            Token::Word(b"true"),
            Token::DictClose,
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn broken_pieces_cost_themselves_only() {
        assert_eq!(tokens(b") > } 1"), [Token::Number(1.0)]);
        assert_eq!(
            tokens(b"(never closed"),
            [Token::String(b"never closed".to_vec())]
        );
        assert_eq!(tokens(b"<4"), [Token::String(b"@".to_vec())]);
        assert_eq!(
            tokens(b"--5 1.2.3"),
            [Token::Number(-5.0), Token::Word(b"1.2.3")]
        );
    }

    #[test]
    fn inline_images_are_stepped_over() {
        let mut lexer = Lexer::new(b"ID \x00EI\xff (x\nEI Q");
        assert_eq!(lexer.next(), Some(Token::Word(b"ID")));
        lexer.skip_inline_image();
        assert_eq!(lexer.next(), Some(Token::Word(b"Q")));
    }
}
