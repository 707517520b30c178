//! Text that comes in pieces: a chat as it is typed, a file that is too long for one string.
//!
//! The rules look at a whole text (its language, a name that is said again), so a finding is final only when its text
//! is complete. A [`Stream`] of one document says so: it keeps the text and gives the findings at the end. For longer
//! texts there are segments, cut where the text says and never where a piece ends, each looked at by itself.

use std::fmt;

use zeroize::Zeroizing;

use crate::detector::Detector;
use crate::error::Error;
use crate::finding::{Finding, Findings};
use crate::known::Known;
use crate::span::Span;

/// Where a long text is cut into segments; see [`Detector::stream_segments`].
///
/// A segment ends behind the first blank line that it reaches after `at_least` bytes. Where there is none in
/// `at_most` bytes it ends behind the last line break there, else behind the last space, else at the last character
/// border. Nothing that stands across a cut is found as a whole, so keep segments long and cut logs at lines.
///
/// ```
/// use pii_detect::Cut;
/// let cut = Cut::new(1 << 10, 1 << 20);
/// assert_eq!((cut.at_least(), cut.at_most()), (1024, 1048576));
/// assert_eq!(Cut::default().at_most(), 1 << 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    at_least: usize,
    at_most: usize,
}

impl Default for Cut {
    /// A blank line after 64 KiB, 1 MiB at most.
    fn default() -> Self {
        Self::new(64 << 10, 1 << 20)
    }
}

impl Cut {
    /// A rule; `at_most` is 4 bytes, the longest character, or more, `at_least` never more than that.
    #[must_use]
    pub const fn new(at_least: usize, at_most: usize) -> Self {
        let at_most = if at_most < 4 { 4 } else { at_most };
        Self {
            at_least: if at_least < at_most {
                at_least
            } else {
                at_most
            },
            at_most,
        }
    }

    /// Bytes after which a blank line ends a segment.
    #[must_use]
    pub const fn at_least(self) -> usize {
        self.at_least
    }

    /// The most bytes of a segment.
    #[must_use]
    pub const fn at_most(self) -> usize {
        self.at_most
    }

    /// Where the first segment of `rest` ends, if `rest` tells already. More text behind `rest` never changes the
    /// answer. No blank line ends before byte `looked`.
    fn end(self, rest: &str, looked: usize) -> Option<usize> {
        let bytes = rest.as_bytes();
        let from = looked.max(self.at_least.max(1)) - 1;
        let to = bytes.len().min(self.at_most);
        for at in memchr::memchr_iter(b'\n', bytes.get(from..to).unwrap_or(&[])) {
            let line = bytes.get(..from + at).unwrap_or(&[]);
            if line.ends_with(b"\n") || line.ends_with(b"\n\r") {
                return Some(from + at + 1);
            }
        }
        if bytes.len() <= self.at_most {
            return None;
        }
        let mut border = self.at_most;
        while !rest.is_char_boundary(border) {
            border -= 1;
        }
        let head = rest.get(..border)?;
        let behind = |sign: fn(char) -> bool| {
            let (at, c) = head.char_indices().rev().find(|(_, c)| sign(*c))?;
            Some(at + c.len_utf8())
        };
        behind(|c| c == '\n')
            .or_else(|| behind(char::is_whitespace))
            .or(Some(border))
    }
}

/// What became final with a piece of text.
///
/// Places are those of the whole text, in bytes.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// Findings that nothing to come can change, in the order of the text.
    pub findings: Findings,
    /// So many bytes of the whole text are done: what stands before is covered by findings given so far.
    pub safe: usize,
}

/// A text that comes in pieces, see [`Detector::stream`].
///
/// Whatever the pieces are, even parts of a character, the findings are those of the whole text. The text in hand
/// is wiped when it is done with. After an error a stream gives nothing but [`Error::StreamOver`]: a text of which
/// a part is missing never passes for a clean one.
pub struct Stream<'d> {
    detector: &'d Detector,
    known: &'d Known,
    cut: Option<Cut>,
    /// What is not final yet.
    text: Zeroizing<String>,
    /// The beginning of a character.
    part: Zeroizing<Vec<u8>>,
    /// Bytes of the whole text before `text`.
    done: usize,
    /// Where the search for a blank line goes on in `text`.
    looked: usize,
    over: bool,
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("done", &self.done)
            .field("waiting", &(self.text.len() + self.part.len()))
            .finish_non_exhaustive()
    }
}

impl Detector {
    /// A text that comes in pieces and is one document: its findings are final when it ends, exactly those of
    /// [`Detector::detect`] on the whole.
    ///
    /// Memory is bounded by the detector's limit; a longer text is refused with the piece that passes it.
    /// [`Stream::so_far`] looks at an unfinished text, for a chat that is masked while it is typed.
    ///
    /// ```
    /// use pii_detect::{Detector, Known};
    /// let (detector, known) = (Detector::new(), Known::new());
    /// let mut stream = detector.stream(&known);
    /// for piece in ["Hi, Zo\u{eb} here: zq@exa", "mple.org\n", "thanks"] {
    ///     let step = stream.push(piece)?;
    ///     assert_eq!((step.safe, step.findings.len()), (0, 0)); // the next piece may change everything
    ///     let shown = stream.so_far()?; // provisional, for the eye
    ///     assert!(shown.len() <= 2);
    /// }
    /// let whole = detector.detect("Hi, Zo\u{eb} here: zq@example.org\nthanks", &known)?;
    /// assert_eq!(stream.finish()?.findings, whole);
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    #[must_use]
    pub fn stream<'d>(&'d self, known: &'d Known) -> Stream<'d> {
        Stream::new(self, known, None)
    }

    /// A text of any length that comes in pieces and is looked at in segments: those of [`Detector::detect_segments`].
    ///
    /// Memory is bounded by the longest segment and the longest piece. A segment is never longer than the
    /// detector's limit.
    ///
    /// ```
    /// use pii_detect::{Cut, Detector, Known};
    /// let (detector, known) = (Detector::new(), Known::new());
    /// let mut stream = detector.stream_segments(&known, Cut::new(16, 64));
    /// let step = stream.push(b"mail zq@example.org\n\nnext entry: 06 12 34")?;
    /// assert_eq!((step.safe, step.findings.len()), (21, 1)); // the first entry is final
    /// stream.push(b" 56 78\n")?;
    /// assert_eq!(stream.finish()?.findings.len(), 1);
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    #[must_use]
    pub fn stream_segments<'d>(&'d self, known: &'d Known, cut: Cut) -> Stream<'d> {
        Stream::new(self, known, Some(self.shorter(cut)))
    }

    /// Finds personal data in a text of any length, segment by segment; see [`Cut`].
    ///
    /// The language of the findings is that of the first segment that tells one.
    ///
    /// ```
    /// use pii_detect::{Cut, Detector, Known};
    /// let log = "2026-01-02 login zq@example.org ok\n".repeat(1000);
    /// let found = Detector::new().detect_segments(&log, &Known::new(), Cut::default())?;
    /// assert!(found.len() >= 1000);
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Detector::detect`].
    pub fn detect_segments(&self, text: &str, known: &Known, cut: Cut) -> Result<Findings, Error> {
        let cut = self.shorter(cut);
        let mut all = Collected::default();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let end = cut.end(rest, 0).unwrap_or(rest.len());
            let segment = rest.get(..end).unwrap_or(rest);
            all.add(&self.detect(segment, known)?, at);
            at += segment.len();
        }
        Ok(all.into_findings())
    }

    fn shorter(&self, cut: Cut) -> Cut {
        Cut::new(cut.at_least, cut.at_most.min(self.max_bytes()))
    }
}

impl<'d> Stream<'d> {
    fn new(detector: &'d Detector, known: &'d Known, cut: Option<Cut>) -> Self {
        Self {
            detector,
            known,
            cut,
            text: Zeroizing::default(),
            part: Zeroizing::default(),
            done: 0,
            looked: 0,
            over: false,
        }
    }

    /// Takes the next piece, and says what is final now.
    ///
    /// # Errors
    /// [`Error::NotUtf8`] for bytes that are no text, [`Error::TooLarge`] as soon as a document passes the limit, those
    /// of [`Detector::detect`]; [`Error::StreamOver`] after any of them.
    pub fn push(&mut self, piece: impl AsRef<[u8]>) -> Result<Step, Error> {
        let step = self.live().and_then(|()| self.take(piece.as_ref()));
        self.over |= step.is_err();
        step
    }

    /// What would be found if the text ended here, from the last final place on. Provisional: the next piece may
    /// make more of it, or something else. Nothing is kept, so a call costs what the waiting text costs.
    ///
    /// # Errors
    /// Those of [`Detector::detect`], and [`Error::StreamOver`].
    pub fn so_far(&self) -> Result<Findings, Error> {
        self.live()?;
        let mut all = Collected::default();
        all.add(&self.detector.detect(&self.text, self.known)?, self.done);
        Ok(all.into_findings())
    }

    /// Ends the text, and gives the findings that were not final before.
    ///
    /// # Errors
    /// [`Error::NotUtf8`] when the text ends within a character, and those of [`Stream::push`].
    pub fn finish(self) -> Result<Step, Error> {
        self.live()?;
        if !self.part.is_empty() {
            return Err(self.not_utf8(0));
        }
        let findings = self.so_far()?;
        Ok(Step {
            findings,
            safe: self.done + self.text.len(),
        })
    }

    fn live(&self) -> Result<(), Error> {
        if self.over {
            Err(Error::StreamOver)
        } else {
            Ok(())
        }
    }

    fn not_utf8(&self, ahead: usize) -> Error {
        Error::NotUtf8 {
            at: self.done + self.text.len() + ahead,
        }
    }

    fn take(&mut self, mut piece: &[u8]) -> Result<Step, Error> {
        let len = self.text.len() + self.part.len() + piece.len();
        if self.cut.is_none() && len > self.detector.max_bytes() {
            let limit = self.detector.max_bytes();
            return Err(Error::TooLarge { len, limit });
        }
        // A character that began in an earlier piece, byte by byte: it needs three more at most.
        while !self.part.is_empty()
            && let Some((first, rest)) = piece.split_first()
        {
            self.part.push(*first);
            piece = rest;
            let part = std::mem::take(&mut self.part);
            self.text_of(&part)?;
        }
        if self.part.is_empty() {
            self.text_of(piece)?;
        }
        self.settle()
    }

    /// Adds bytes to the text, and keeps the beginning of a character at their end.
    fn text_of(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (whole, part) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, &[][..]),
            Err(error) => {
                if error.error_len().is_some() {
                    return Err(self.not_utf8(error.valid_up_to()));
                }
                let (whole, part) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(whole).unwrap_or(""), part)
            }
        };
        // Room is made by hand: a string that grows by itself leaves its old bytes behind.
        let need = self.text.len() + whole.len();
        if need > self.text.capacity() {
            let mut more = Zeroizing::new(String::with_capacity(need.max(2 * self.text.len())));
            more.push_str(&self.text);
            self.text = more;
        }
        self.text.push_str(whole);
        if !part.is_empty() {
            let mut kept = Vec::with_capacity(4);
            kept.extend_from_slice(part);
            self.part = Zeroizing::new(kept);
        }
        Ok(())
    }

    /// Looks at every segment that is complete.
    fn settle(&mut self) -> Result<Step, Error> {
        let mut all = Collected::default();
        let mut at = 0;
        while let Some(cut) = self.cut
            && let Some(rest) = self.text.get(at..)
        {
            let Some(end) = cut.end(rest, self.looked) else {
                self.looked = rest.len();
                break;
            };
            let segment = rest.get(..end).unwrap_or(rest);
            all.add(&self.detector.detect(segment, self.known)?, self.done + at);
            at += segment.len();
            self.looked = 0;
        }
        if at > 0 {
            // What is done with is overwritten where it lies; a new buffer a segment would be made and wiped again and again.
            self.text.drain(..at);
            let waiting = self.text.len();
            self.text.extend(std::iter::repeat_n('\0', at));
            self.text.truncate(waiting);
            self.done += at;
        }
        Ok(Step {
            findings: all.into_findings(),
            safe: self.done,
        })
    }
}

/// Findings of segments, in the places of the whole.
#[derive(Default)]
struct Collected {
    list: Vec<Finding>,
    locale: Option<crate::locale::Locale>,
    parts: crate::locale::Parts,
}

impl Collected {
    fn add(&mut self, findings: &Findings, before: usize) {
        self.locale = self.locale.or(findings.locale());
        self.parts.extend(findings.parts(), before);
        self.list.extend(findings.iter().filter_map(|finding| {
            let span = finding.span();
            let span = Span::new(span.start() + before, span.end() + before)?;
            Some(finding.clone().with_span(span))
        }));
    }

    fn into_findings(self) -> Findings {
        Findings::new(self.list, self.locale, self.parts)
    }
}
