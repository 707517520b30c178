//! Generator of secrets as they stand in support messages, and of harmless look-alikes.
//!
//! [`cases`] builds every secret at run time from short parts, so that no complete
//! key stands in the source. Sentence frames are in `secrets/texts.txt` (ASCII,
//! `\u{..}` escapes decoded when read).
//!
//! Rules of the spans: in URLs, headers, cookies and connection strings only the
//! secret part (the password, the token, the cookie's value, the account key) is
//! inside; both halves of a key pair are marked; a webhook address and a PEM block are inside
//! as a whole. Recovery phrases use BIP-39 words without its checksum.

mod make;

use make::{CLOSE, DIGIT, Gen, LOWER, OPEN, UPPER, base64, load};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const LANGS: [&str; 7] = ["en", "fr", "de", "es", "it", "nl", "pt"];
/// Kinds that are not a token named in the data file.
const SPECIAL: &str = "private_key_pem ssh_key basic_auth_url database_url bearer session_cookie \
                       password pin cvv otp recovery_phrase";
const HARMLESS: usize = 150;
impl Gen {
    /// A block of configuration, a command or a log line with the marked secret.
    fn technical(&mut self, env: &str, host: &str, s: &str) -> String {
        let low = env.to_lowercase();
        let time = format!(
            "2024-0{}-1{}T0{}:2{}:4{}",
            1 + self.below(9),
            self.below(9),
            self.below(9),
            self.below(9),
            self.below(9)
        );
        match self.below(12) {
            0 => format!("APP_ENV=prod\n{env}={s}\nDEBUG=0"),
            1 => format!("export {env}=\"{s}\""),
            2 => format!("service:\n  host: {host}\n  {low}: {s}\n  retries: 3"),
            3 => format!("{low}: '{s}'"),
            4 => format!("{{\"host\": \"{host}\", \"{low}\": \"{s}\", \"timeout\": 30}}"),
            5 => format!("curl -H \"Authorization: Bearer {s}\" https://{host}/v1/status"),
            6 => format!("curl https://{host}/v1/items -u {s}:"),
            7 => format!("{time}Z ERROR [worker-3] {low}={s} rejected: 401 Unauthorized"),
            8 => format!("[{time}] WARN auth: {env} {s} has expired"),
            9 => format!("client = Client({low}='{s}', host='{host}')"),
            10 => format!("docker run -e {env}={s} -p 8080:80 shop/worker"),
            _ => format!("{time} DEBUG headers={{'X-Api-Key': '{s}'}} url=https://{host}/v2"),
        }
    }

    fn framed(&mut self, lang: &str, block: &str) -> String {
        let mut text = format!("{}\n{block}", self.line(&format!("{lang}|intro")));
        if self.below(3) == 0 {
            text = format!("{text}\n{}", self.line(&format!("{lang}|outro")));
        }
        text
    }

    fn token_row(&mut self, kind: &str, lang: &str, i: usize) -> String {
        let info = self
            .lists
            .get(&format!("token|{kind}"))
            .cloned()
            .unwrap_or_default();
        let part = |k: usize| info.get(k).map_or("", String::as_str);
        let token = self.token(kind, i);
        let s = self.mark(&token);
        match (kind, i % 4) {
            ("aws_secret_key", 1) => {
                self.planted.clear();
                let id = self.token("aws_access_key_id", i);
                let id = self.mark(&id);
                let _ = self.mark(&token);
                let pair =
                    format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {s}");
                return self.framed(lang, &pair);
            }
            ("azure_storage", 1 | 2) => {
                let name = self.chars(LOWER, 9);
                let head = format!("DefaultEndpointsProtocol=https;AccountName={name}");
                let line = format!("{head};AccountKey={s};EndpointSuffix=core.windows.net");
                return self.framed(lang, &line);
            }
            ("twilio", 1) => {
                self.planted.clear();
                let id = format!("{}{}", "AC", self.hex(32));
                let id = self.mark(&id);
                let token = self.hex(32);
                let s = self.mark(&token);
                let line = self.bar("curl -X POST https://api.twilio.com/2010-04-01 -u II:SS|TWILIO_ACCOUNT_SID=II\nTWILIO_AUTH_TOKEN=SS|Account SID: II\nAuth Token: SS");
                return self.framed(lang, &line.replace("II", &id).replace("SS", &s));
            }
            _ => {}
        }
        if self.below(5) < 2 {
            let frame = self.line(&format!("{lang}|token"));
            return frame.replace("{N}", part(0)).replace("{S}", &s);
        }
        let hook = token.starts_with("whsec");
        let env = if hook {
            "STRIPE_WEBHOOK_SECRET"
        } else {
            part(1)
        };
        let block = self.technical(env, part(2), &s);
        self.framed(lang, &block)
    }

    fn special_row(&mut self, kind: &str, lang: &str, i: usize) -> String {
        let user = self.bar("anna|support|deploy|shopadmin|jkowalski|reader");
        let host =
            self.bar("db.example.com|10.0.4.17|shop.example.org|intranet.example|mail.example.net");
        let block = match kind {
            "private_key_pem" | "ssh_key" => {
                let key = self.pem(kind == "ssh_key");
                let flat = i % 3 == 2;
                let key = if flat { key.replace('\n', "\\n") } else { key };
                let s = self.mark(&key);
                if flat {
                    format!("PRIVATE_KEY=\"{s}\"")
                } else {
                    s
                }
            }
            "basic_auth_url" => {
                let p = self.alnum(12);
                let s = self.mark(&p);
                let scheme = self.bar("https|https|ftp|http");
                let url = format!("{scheme}://{user}:{s}@{host}/export/list.csv");
                self.bar(&format!("{url}|curl {url}|git clone {url}|url: \"{url}\""))
            }
            "database_url" => {
                let p = self.alnum(14);
                let s = self.mark(&p);
                match i % 6 {
                    0 => format!("DATABASE_URL=postgres://{user}:{s}@{host}:5432/shop"),
                    1 => format!("mysql://{user}:{s}@{host}:3306/orders?ssl=true"),
                    2 => format!("mongodb+srv://{user}:{s}@{host}/?retryWrites=true"),
                    3 => format!("REDIS_URL=redis://:{s}@{host}:6379/0"),
                    4 => format!("Server={host};Database=shop;User Id={user};Password={s};"),
                    _ => format!("jdbc:postgresql://{host}/shop?user={user}&password={s}"),
                }
            }
            "bearer" => {
                let t = if i.is_multiple_of(3) {
                    self.jwt()
                } else {
                    self.url(32 + 8 * (i % 3))
                };
                let s = self.mark(&t);
                let head = format!("Authorization: Bearer {s}");
                match self.below(4) {
                    0 => format!("GET /v1/orders HTTP/1.1\nHost: {host}\n{head}\nAccept: */*"),
                    1 => format!("curl -H '{head}' https://{host}/v1/orders"),
                    2 => format!("> {head}\n< HTTP/2 401"),
                    _ => head,
                }
            }
            "session_cookie" => {
                let (name, value) = match i % 4 {
                    0 => ("sid", self.alnum(32)),
                    1 => ("PHPSESSID", self.chars(&[LOWER, DIGIT].concat(), 26)),
                    2 => ("JSESSIONID", self.chars("0123456789ABCDEF", 32)),
                    _ => (
                        "connect.sid",
                        format!("s%3A{}.{}", self.url(32), self.alnum(43)),
                    ),
                };
                let s = self.mark(&value);
                match self.below(3) {
                    0 => format!("Set-Cookie: {name}={s}; Path=/; HttpOnly; Secure"),
                    1 => format!("Cookie: lang={lang}; {name}={s}; theme=dark"),
                    _ => format!("curl -b \"{name}={s}\" https://{host}/account"),
                }
            }
            _ => return self.cued_row(kind, lang, &user, i),
        };
        self.framed(lang, &block)
    }

    fn cued_row(&mut self, kind: &str, lang: &str, user: &str, i: usize) -> String {
        let (secret, frame) = match kind {
            "password" => (self.password(), "password"),
            "pin" => (
                self.chars(
                    DIGIT,
                    4 + usize::from(i % 5 == 4) + 2 * usize::from(i % 5 == 2),
                ),
                "pin",
            ),
            "cvv" => (self.chars(DIGIT, if i % 5 == 4 { 4 } else { 3 }), "cvv"),
            "otp" => {
                let (a, b) = (self.number(3), self.chars(DIGIT, 3));
                let code = self.bar(&format!("{a}{b}|{a}{b}|{a} {b}|{a}-{b}|{a}{b}71|5{a}"));
                (code, "otp")
            }
            _ => {
                let list: Vec<String> = (0..12).map(|_| self.line("words|*")).collect();
                let numbered = list.iter().zip(1..).map(|(w, n)| format!("{n}. {w}"));
                let numbered: Vec<String> = numbered.collect();
                let all = match i % 4 {
                    2 => list.join(", "),
                    3 => numbered.join(" "),
                    _ => list.join(" "),
                };
                (all, "seed")
            }
        };
        let s = self.mark(&secret);
        let text = self.line(&format!("{lang}|{frame}"));
        text.replace("{U}", user).replace("{S}", &s)
    }

    fn harmless(&mut self, lang: &str, i: usize) -> String {
        let kinds = "talk commit talk request talk order link talk product image colour talk checksum holder";
        let kind = kinds.split(' ').nth(i % 14).unwrap_or("talk");
        let value = match kind {
            "commit" => {
                let n = if self.below(2) == 0 { 40 } else { 9 };
                self.hex(n)
            }
            "request" => self.uuid(),
            "order" => {
                let n = self.number(8);
                self.bar(&format!("ORD-{n}|{n}|2024-{n}|#{n}"))
            }
            "product" => {
                let (a, b, c) = (self.chars(UPPER, 3), self.number(4), self.chars(UPPER, 2));
                format!("{a}-{b}{c}/{}", 1 + self.below(9))
            }
            "link" => {
                let (a, b, c) = (self.number(9), self.uuid(), self.number(6));
                let path =
                    self.bar("shop/kitchen/kettles|help/returns/labels|account/orders/archive");
                format!(
                    "https://www.example.com/{path}/{a}?utm_source=mail&utm_campaign=spring-{c}&ref={b}"
                )
            }
            "image" => {
                let (head, mime) = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "image/png");
                let body = [head, &self.bytes(140)].concat();
                format!("<img src=\"data:{mime};base64,{}\">", base64(&body, false))
            }
            "colour" => format!("#{}", self.hex(6)),
            "checksum" => {
                let n = if self.below(2) == 0 { 64 } else { 32 };
                self.hex(n)
            }
            "holder" => {
                let line = self.bar("password=********|API_KEY=<your-api-key>|token: ${GITHUB_TOKEN}|Authorization: Bearer <token>|DB_PASSWORD=<redacted>|secret_key: xxxxxxxxxxxx|\"api_key\": \"YOUR_API_KEY\"|export AWS_SECRET_ACCESS_KEY=$SECRET");
                return self.framed(lang, &line);
            }
            _ => {
                let mut text = self.line(&format!("{lang}|talk"));
                let second = self.line(&format!("{lang}|talk"));
                if self.below(2) == 0 && second != text {
                    text = format!("{text} {second}");
                }
                if self.below(3) == 0 {
                    text = format!("{text} {}", self.line(&format!("{lang}|outro")));
                }
                return text;
            }
        };
        self.line(&format!("{lang}|{kind}")).replace("{S}", &value)
    }
}

struct Row {
    kind: String,
    lang: &'static str,
    text: String,
    spans: Vec<(usize, usize)>,
    #[cfg(test)]
    planted: Vec<String>,
}

/// Takes the marks out and counts the spans in characters.
fn finish(kind: &str, lang: &'static str, marked: &str, planted: &[String]) -> Row {
    let (mut text, mut n, mut start, mut spans) = (String::new(), 0, 0, Vec::new());
    for c in marked.chars() {
        match c {
            OPEN => start = n,
            CLOSE => spans.push((start, n)),
            _ => {
                text.push(c);
                n += 1;
            }
        }
    }
    debug_assert_eq!(spans.len(), planted.len());
    Row {
        kind: kind.to_owned(),
        lang,
        text,
        spans,
        #[cfg(test)]
        planted: planted.to_vec(),
    }
}

fn build(seed: u64, per_kind: usize) -> Vec<Row> {
    let lists = load();
    let tokens = lists
        .keys()
        .filter_map(|k| k.strip_prefix("token|"))
        .map(str::to_owned);
    let tokens: Vec<String> = tokens.collect();
    let state = seed ^ 0x7365_6372_6574_0000;
    let mut g = Gen {
        state,
        lists,
        planted: Vec::new(),
    };
    let mut rows = Vec::new();
    let special = SPECIAL.split_whitespace().map(str::to_owned);
    for (k, kind) in tokens.iter().cloned().chain(special).enumerate() {
        for i in 0..per_kind {
            let lang = LANGS.get((i + k) % 7).copied().unwrap_or("en");
            let text = if k < tokens.len() {
                g.token_row(&kind, lang, i)
            } else {
                g.special_row(&kind, lang, i)
            };
            let planted = std::mem::take(&mut g.planted);
            rows.push(finish(&kind, lang, &text, &planted));
        }
    }
    let mut texts = BTreeSet::new();
    for i in 0..HARMLESS {
        let lang = LANGS.get((i + i / 14) % 7).copied().unwrap_or("en");
        let mut text = g.harmless(lang, i);
        for _ in 0..200 {
            if texts.insert(text.clone()) {
                break;
            }
            text = g.harmless(lang, i);
        }
        rows.push(finish("harmless", lang, &text, &[]));
    }
    rows
}

fn quoted(s: &str) -> String {
    let s = s.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", s.replace('\n', "\\n"))
}

/// Cases of secrets: `per_kind` JSON rows of each kind, then 150 harmless rows.
///
/// Offsets count Unicode scalar values, ends are exclusive. The same arguments
/// give the same rows.
#[must_use]
pub fn cases(seed: u64, per_kind: usize) -> Vec<String> {
    let mut out = Vec::new();
    for (n, r) in build(seed, per_kind).iter().enumerate() {
        let mut spans = Vec::new();
        for (a, b) in &r.spans {
            spans.push(format!(
                "{{\"start\":{a},\"end\":{b},\"label\":\"SECRET\"}}"
            ));
        }
        let mut row = format!(
            "{{\"id\":\"secret-{seed}-{n}\",\"kind\":\"{}\",\"lang\":\"{}\",",
            r.kind, r.lang
        );
        let _ = write!(
            row,
            "\"text\":{},\"spans\":[{}]}}",
            quoted(&r.text),
            spans.join(",")
        );
        out.push(row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::make::checksum;
    use super::*;

    #[test]
    fn spans_are_what_was_planted() {
        for seed in 1..4 {
            for r in build(seed, 14) {
                let cut = |(a, b): &(usize, usize)| r.text.chars().skip(*a).take(b - a).collect();
                let found: Vec<String> = r.spans.iter().map(cut).collect();
                assert_eq!(found, r.planted, "{}", r.kind);
                assert_eq!(found.is_empty(), r.kind == "harmless");
                assert!(
                    !["{S}", "{N}", "{U}"]
                        .iter()
                        .any(|slot| r.text.contains(slot))
                );
                assert!(!r.text.contains([OPEN, CLOSE]) && !r.text.is_empty());
            }
        }
    }

    #[test]
    fn same_seed_same_rows() {
        assert_eq!(cases(1, 12), cases(1, 12));
        assert_ne!(cases(1, 12), cases(2, 12));
        let rows = build(1, 3);
        let kinds: BTreeSet<&str> = rows.iter().map(|r| r.kind.as_str()).collect();
        assert!(kinds.len() > 30);
        let harmless: BTreeSet<&str> = rows
            .iter()
            .filter(|r| r.kind == "harmless")
            .map(|r| r.text.as_str())
            .collect();
        assert_eq!(harmless.len(), 150);
        assert!(cases(4, 3).iter().all(|r| !r.contains('\n')));
    }

    #[test]
    fn encodings_are_right() {
        assert_eq!(base64(b"Ma", false), "TWE=");
        assert_eq!(base64(b"light work", true), "bGlnaHQgd29yaw");
        assert_eq!(checksum("123456789"), "3jZRME");
    }

    #[test]
    fn tokens_have_the_documented_length() {
        let mut g = Gen {
            state: 5,
            lists: load(),
            planted: Vec::new(),
        };
        let lengths = [
            ("aws_access_key_id", 20),
            ("aws_secret_key", 40),
            ("gitlab", 26),
            ("google_api_key", 39),
            ("google_oauth", 35),
            ("azure_storage", 88),
            ("npm", 40),
            ("sendgrid", 69),
            ("mailgun", 36),
            ("digitalocean", 71),
            ("heroku", 36),
            ("shopify", 38),
            ("telegram", 46),
            ("huggingface", 37),
        ];
        for (kind, n) in lengths {
            assert!((0..9).all(|i| g.token(kind, i).len() == n), "{kind}");
        }
        assert_eq!(g.token("github", 0).len(), 40);
        assert_eq!(g.token("github", 2).len(), 93);
        assert_eq!(g.token("openai", 0).len(), 51);
        assert_eq!(g.token("openai", 1).len(), 164);
        assert_eq!(g.token("anthropic", 0).len(), 108);
    }
}
