//! Which parts of a text are replaced by which tags, and what comes out.

use std::ops::Range;

use crate::error::SealError;
use crate::map::PseudonymMap;
use crate::scan::{View, find_all, find_others};
use crate::seal::Mark;
use crate::seal::leak::Needles;
use crate::tag::{Tag, TagKind};

/// More rounds than any text needs; one that needs more is not sent.
const ROUNDS: usize = 24;

/// A part of the source that a tag stands for.
pub(crate) struct Cut {
    pub(crate) range: Range<usize>,
    pub(crate) tag: Tag,
}

/// A part of the source that cuts may lie in; what stands between two of them is not ours to replace.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) range: Range<usize>,
    /// It is replaced as a whole or not at all.
    pub(crate) whole: bool,
}

/// A text on its way to being sealed.
pub(crate) struct Plan<'a> {
    source: &'a str,
    /// Where cuts may lie, sorted, without overlap; `None` for a text of one piece.
    pieces: Option<&'a [Piece]>,
    cuts: Vec<Cut>,
    needles: Needles,
}

/// The sealed text and where the tags stand in it.
pub(crate) struct Rendered {
    pub(crate) text: String,
    pub(crate) tags: Vec<Range<usize>>,
}

impl<'a> Plan<'a> {
    /// Replaces what was found and what looks like a tag. Parts that overlap become one: nothing between them
    /// stays in clear.
    pub(super) fn new(
        source: &'a str,
        pieces: Option<&'a [Piece]>,
        marks: &[Mark],
        map: &mut PseudonymMap,
    ) -> Result<Self, SealError> {
        let mut wanted: Vec<(Range<usize>, TagKind)> = Vec::with_capacity(marks.len());
        for (index, mark) in marks.iter().enumerate() {
            if source.get(mark.range.clone()).is_none_or(str::is_empty) {
                return Err(SealError::BadMark { index });
            }
            wanted.push((mark.range.clone(), mark.kind.clone()));
        }
        let (found, open) = find_all(source, View::Any);
        let look_alikes = found.into_iter().map(|f| f.start..f.end);
        let unfinished = open.map(|at| at..source.len());
        wanted.extend(
            look_alikes
                .chain(unfinished)
                .map(|range| (range, TagKind::TEXT)),
        );
        let mut plan = Self {
            source,
            pieces,
            cuts: Vec::new(),
            needles: Needles::default(),
        };
        plan.add(wanted, map)?;
        Ok(plan)
    }

    /// Cuts parts at the borders of the pieces. What lies between pieces alone is gone.
    pub(super) fn within(&self, range: Range<usize>, kind: &TagKind) -> Vec<Range<usize>> {
        let Some(pieces) = self.pieces else {
            return vec![range];
        };
        let first = pieces.partition_point(|piece| piece.range.end <= range.start);
        pieces
            .iter()
            .skip(first)
            .take_while(|piece| piece.range.start < range.end)
            .filter_map(|piece| {
                let part = range.start.max(piece.range.start)..range.end.min(piece.range.end);
                let text = self.source.get(part.clone())?;
                // A half that a border cut off may be nothing but the space before it.
                let bare = text.trim();
                let is_half = part != range;
                if bare.is_empty() && is_half
                    || is_half && *kind != TagKind::TEXT && !bare.contains(char::is_alphanumeric)
                {
                    return None;
                }
                if piece.whole {
                    return Some(piece.range.clone());
                }
                if !is_half {
                    return Some(part);
                }
                let start = part.start + (text.len() - text.trim_start().len());
                Some(start..start + bare.len())
            })
            .collect()
    }

    /// Adds parts; the ones that touch a cut already made are joined with it.
    fn add(
        &mut self,
        wanted: Vec<(Range<usize>, TagKind)>,
        map: &mut PseudonymMap,
    ) -> Result<(), SealError> {
        let mut wanted = if self.pieces.is_none() {
            wanted
        } else {
            wanted
                .into_iter()
                .flat_map(|(range, kind)| {
                    let parts = self.within(range, &kind);
                    parts.into_iter().map(move |part| (part, kind.clone()))
                })
                .collect()
        };
        let most = self.cuts.len() + wanted.len();
        let before = std::mem::replace(&mut self.cuts, Vec::with_capacity(most));
        let mut cuts = before.into_iter().peekable();
        wanted.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut wanted = wanted.into_iter().peekable();
        // Clusters of what overlaps, in the order of the text.
        let (mut parts, mut made) = (Vec::new(), Vec::new());
        loop {
            parts.clear();
            let first_cut = cuts.peek().map(|cut| cut.range.start);
            let first_wanted = wanted.peek().map(|(range, _)| range.start);
            let mut hull = match (first_cut, first_wanted) {
                (None, None) => return Ok(()),
                (Some(c), w) if w.is_none_or(|w| c <= w) => match cuts.next() {
                    Some(cut) => {
                        let hull = cut.range.clone();
                        made.push(cut);
                        hull
                    }
                    None => return Ok(()),
                },
                _ => match wanted.next() {
                    Some(part) => {
                        let hull = part.0.clone();
                        parts.push(part);
                        hull
                    }
                    None => return Ok(()),
                },
            };
            loop {
                if let Some(cut) = cuts.next_if(|cut| cut.range.start < hull.end) {
                    hull.end = hull.end.max(cut.range.end);
                    made.push(cut);
                } else if let Some(part) = wanted.next_if(|(range, _)| range.start < hull.end) {
                    hull.end = hull.end.max(part.0.end);
                    parts.push(part);
                } else {
                    break;
                }
            }
            if parts.is_empty() {
                self.cuts.append(&mut made);
                continue;
            }
            parts.extend(
                made.drain(..)
                    .map(|cut| (cut.range, cut.tag.kind().clone())),
            );
            // A kind says more than TEXT; among kinds the longest part decides.
            let kind = parts
                .iter()
                .max_by_key(|(range, kind)| (*kind != TagKind::TEXT, range.len()))
                .map_or(TagKind::TEXT, |(_, kind)| kind.clone());
            let value = self.source.get(hull.clone()).unwrap_or_default();
            let tag = map.tag_of(&kind, value)?;
            self.cuts.push(Cut { range: hull, tag });
        }
    }

    /// The parts of the source that stay as they are.
    fn gaps(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let starts = std::iter::once(0).chain(self.cuts.iter().map(|cut| cut.range.end));
        let ends = self
            .cuts
            .iter()
            .map(|cut| cut.range.start)
            .chain(std::iter::once(self.source.len()));
        starts
            .zip(ends)
            .filter_map(|(start, end)| Some((start, self.source.get(start..end)?)))
            .filter(|(_, gap)| !gap.is_empty())
    }

    /// Replaces further occurrences of values the map knows, then makes sure that none is left.
    pub(super) fn close_leaks(&mut self, map: &mut PseudonymMap) -> Result<(), SealError> {
        for _ in 0..4 {
            let hits = self.leaks(map);
            let Some(first) = hits.first() else {
                return Ok(());
            };
            let before = self.cuts.len();
            let first = first.1.clone();
            let count = hits.len();
            self.add(hits, map)?;
            if self.cuts.len() == before {
                return Err(SealError::Leak { kind: first, count });
            }
        }
        match self.leaks(map).as_slice() {
            [] => Ok(()),
            [(_, kind), rest @ ..] => Err(SealError::Leak {
                kind: kind.clone(),
                count: 1 + rest.len(),
            }),
        }
    }

    fn leaks(&mut self, map: &PseudonymMap) -> Vec<(Range<usize>, TagKind)> {
        self.needles.follow(map.table());
        let in_gap = |(offset, gap): (usize, &str)| {
            let hits = self.needles.hits(gap, false).into_iter();
            hits.map(move |hit| (offset + hit.start..offset + hit.end, hit.kind))
        };
        self.gaps()
            .flat_map(in_gap)
            .filter(|(range, kind)| !self.within(range.clone(), kind).is_empty())
            .collect()
    }

    /// Escapes what reads as a tag only now: a bracket typed before a name, a backslash, half a tag at the end.
    pub(super) fn settle(&mut self, map: &mut PseudonymMap) -> Result<Rendered, SealError> {
        for _ in 0..ROUNDS {
            let rendered = self.render();
            let mut places = Vec::new();
            let whole = (0..rendered.text.len(), rendered.tags.as_slice());
            let pieces = self.rendered_pieces().into_iter();
            let pieces = pieces.map(|piece| (piece, [].as_slice()));
            for (range, known) in std::iter::once(whole).chain(pieces) {
                // Each piece is read as part of the whole and on its own: its end may cut a tag off.
                let text = rendered.text.get(range.clone()).unwrap_or_default();
                let (found, open) = find_others(text, View::Any, known);
                places.extend(
                    found
                        .into_iter()
                        .map(|f| f.start..f.end)
                        .chain(open.map(|at| at..text.len()))
                        .map(|place| range.start + place.start..range.start + place.end),
                );
            }
            let strays: Vec<(Range<usize>, TagKind)> = places
                .into_iter()
                .filter_map(|place| self.stray(&rendered, &place))
                .map(|range| (range, TagKind::TEXT))
                .collect();
            if strays.is_empty() {
                return Ok(rendered);
            }
            self.add(strays, map)?;
        }
        Err(SealError::NotExact {
            len: self.source.len(),
        })
    }

    /// Where the pieces stand in the rendered text.
    fn rendered_pieces(&self) -> Vec<Range<usize>> {
        let mut cuts = self.cuts.iter().peekable();
        // What the cuts so far took and what their tags gave.
        let (mut taken, mut given) = (0, 0);
        let mut out = Vec::with_capacity(self.pieces.map_or(0, <[Piece]>::len));
        for piece in self.pieces.unwrap_or_default() {
            let start = piece.range.start - taken + given;
            while let Some(cut) = cuts.next_if(|cut| cut.range.start < piece.range.end) {
                taken += cut.range.len();
                given += cut.tag.to_string().len();
            }
            out.push(start..piece.range.end - taken + given);
        }
        out
    }

    /// The parts that were cut out, in the order of the source.
    pub(crate) fn into_cuts(self) -> Vec<Cut> {
        self.cuts
    }

    /// The first part of the source inside `place` of the rendered text, when that is not exactly one tag.
    fn stray(&self, rendered: &Rendered, place: &Range<usize>) -> Option<Range<usize>> {
        let first = rendered.tags.partition_point(|tag| tag.end <= place.start);
        if rendered.tags.get(first) == Some(place) {
            return None;
        }
        self.plain_parts(rendered, place)
            .into_iter()
            .find(|part| !self.within(part.clone(), &TagKind::TEXT).is_empty())
    }

    /// The parts of the source that stand within a range of the rendered text, tags left out.
    pub(super) fn plain_parts(
        &self,
        rendered: &Rendered,
        place: &Range<usize>,
    ) -> Vec<Range<usize>> {
        let first = rendered.tags.partition_point(|tag| tag.end <= place.start);
        let mut parts = Vec::new();
        let mut at = place.start;
        // Behind tag i the source goes on at the end of cut i.
        let source_of = |index: usize, at: usize| match index.checked_sub(1) {
            None => Some(at),
            Some(i) => {
                let (tag, cut) = (rendered.tags.get(i)?, self.cuts.get(i)?);
                Some(cut.range.end + at.checked_sub(tag.end)?)
            }
        };
        for index in first..=rendered.tags.len() {
            let tag = rendered.tags.get(index);
            let end = tag.map_or(place.end, |tag| tag.start.min(place.end));
            if at < end
                && let (Some(from), Some(to)) = (source_of(index, at), source_of(index, end))
            {
                parts.push(from..to);
            }
            match tag {
                Some(tag) if tag.end < place.end => at = at.max(tag.end),
                _ => break,
            }
        }
        parts
    }

    fn render(&self) -> Rendered {
        let mut text = String::with_capacity(self.source.len() + 8 * self.cuts.len());
        let mut tags = Vec::with_capacity(self.cuts.len());
        let mut at = 0;
        for cut in &self.cuts {
            text.push_str(self.source.get(at..cut.range.start).unwrap_or_default());
            let start = text.len();
            cut.tag.write_to(&mut text);
            tags.push(start..text.len());
            at = cut.range.end;
        }
        text.push_str(self.source.get(at..).unwrap_or_default());
        Rendered { text, tags }
    }
}
