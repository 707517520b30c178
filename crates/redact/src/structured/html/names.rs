//! Names of HTML: what they mean for the text around them, and which of them are nobody's.

use zeroize::Zeroizing;

/// Elements without an end tag.
pub(super) const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag is often left out: no measure of depth.
pub(super) const LOOSE: [&str; 15] = [
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup",
    "html", "body", "head",
];

/// Elements whose content is no text for a reader: left out with all that is in them.
pub(super) const UNREAD: [&str; 8] = [
    "script",
    "style",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "xmp",
    "plaintext",
];

/// Elements that do not interrupt a line. All others begin a new one.
const INLINE: [&str; 37] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "output", "q", "ruby", "rt", "rp", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

const BLOCK: [&str; 76] = [
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "button",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "datalist",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "img",
    "input",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "menu",
    "meta",
    "meter",
    "nav",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "search",
    "section",
    "select",
    "slot",
    "source",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

const MORE: [&str; 6] = ["area", "base", "br", "track", "video", "hgroup"];

/// Attributes that say nothing about anybody by their name.
const ATTRIBUTES: [&str; 96] = [
    "abbr",
    "accept",
    "accesskey",
    "action",
    "align",
    "alt",
    "autocomplete",
    "autofocus",
    "background",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "charset",
    "checked",
    "cite",
    "class",
    "clear",
    "color",
    "cols",
    "colspan",
    "content",
    "contenteditable",
    "controls",
    "coords",
    "data",
    "datetime",
    "decoding",
    "dir",
    "disabled",
    "download",
    "draggable",
    "enctype",
    "face",
    "for",
    "form",
    "formaction",
    "frame",
    "frameborder",
    "headers",
    "height",
    "hidden",
    "high",
    "href",
    "hreflang",
    "hspace",
    "http-equiv",
    "id",
    "inputmode",
    "itemid",
    "itemprop",
    "itemscope",
    "itemtype",
    "label",
    "lang",
    "link",
    "list",
    "loading",
    "low",
    "max",
    "maxlength",
    "media",
    "method",
    "min",
    "minlength",
    "multiple",
    "name",
    "nowrap",
    "open",
    "pattern",
    "placeholder",
    "poster",
    "property",
    "readonly",
    "rel",
    "required",
    "role",
    "rows",
    "rowspan",
    "rules",
    "scope",
    "selected",
    "shape",
    "size",
    "span",
    "spellcheck",
    "src",
    "step",
    "style",
    "summary",
    "tabindex",
    "target",
    "title",
    "type",
    "valign",
    "value",
];

const ATTRIBUTES_MORE: [&str; 10] = [
    "width",
    "wrap",
    "vspace",
    "xmlns",
    "usemap",
    "alink",
    "vlink",
    "text",
    "aria-label",
    "srcset",
];

pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

/// Whether the standard names this element.
pub(super) fn is_element(name: &str) -> bool {
    is_inline(name) || BLOCK.contains(&name) || MORE.contains(&name)
}

/// Whether the standard names this attribute.
pub(super) fn is_attribute(name: &str) -> bool {
    ATTRIBUTES.contains(&name) || ATTRIBUTES_MORE.contains(&name)
}

/// Attributes that are addresses.
pub(super) fn is_url(name: &str) -> bool {
    matches!(
        name,
        "href"
            | "src"
            | "action"
            | "cite"
            | "poster"
            | "formaction"
            | "data"
            | "background"
            | "longdesc"
            | "usemap"
    ) || name.ends_with(":href")
}

/// Attributes whose value a browser runs or reads as a document.
pub(super) fn is_script(name: &str) -> bool {
    name == "srcdoc"
        || name
            .strip_prefix("on")
            .is_some_and(|event| !event.is_empty() && event.bytes().all(|b| b.is_ascii_lowercase()))
}

/// The beginning of a value without spaces and control characters, as browsers read a scheme.
pub(super) fn scheme(value: &str) -> Option<Zeroizing<String>> {
    let (before, _) = value.split_once(':')?;
    let mut scheme = Zeroizing::new(String::with_capacity(before.len()));
    let letters = before
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control());
    scheme.extend(letters.map(|c| c.to_ascii_lowercase()));
    let first = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (first && rest).then_some(scheme)
}
