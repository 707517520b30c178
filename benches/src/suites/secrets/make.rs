//! Random parts, encodings and the tokens themselves for `secrets.rs`.

use std::collections::BTreeMap;

const DATA: &str = include_str!("texts.txt");
pub(super) const HEX: &str = "0123456789abcdef";
pub(super) const DIGIT: &str = "0123456789";
pub(super) const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub(super) const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Marks where a secret starts and ends until the spans are counted.
pub(super) const OPEN: char = '\u{2}';
pub(super) const CLOSE: char = '\u{3}';

pub(super) fn decode(line: &str) -> String {
    let mut parts = line.split("\\u{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').unwrap_or(("", part));
        out.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        out.push_str(rest);
    }
    out.replace("\\n", "\n")
}

pub(super) fn load() -> BTreeMap<String, Vec<String>> {
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in DATA.lines().filter(|l| !l.starts_with('#')).map(decode) {
        let mut it = line.splitn(3, '|');
        let (Some(a), Some(b), Some(c)) = (it.next(), it.next(), it.next()) else {
            continue;
        };
        let list = lists.entry(format!("{a}|{b}")).or_default();
        match a {
            "token" => list.extend(c.split('|').map(str::to_owned)),
            "words" | "pass" => list.extend(c.split(',').map(str::to_owned)),
            _ => list.push(c.to_owned()),
        }
    }
    lists
}

pub(super) fn base64(bytes: &[u8], url: bool) -> String {
    let tail = if url { "-_" } else { "+/" };
    let alphabet: Vec<char> = [UPPER, LOWER, DIGIT, tail].concat().chars().collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = (at(0) << 16) | (at(1) << 8) | at(2);
        for k in 0..4_usize {
            let shift = 18 - 6 * u32::try_from(k).unwrap_or(0);
            let i = usize::try_from((n >> shift) & 63).unwrap_or(0);
            if k <= chunk.len() {
                out.push(alphabet.get(i).copied().unwrap_or('A'));
            } else if !url {
                out.push('=');
            }
        }
    }
    out
}

/// CRC-32 in six base-62 digits, the checksum of GitHub's and npm's tokens.
pub(super) fn checksum(body: &str) -> String {
    let mut crc = u32::MAX;
    for b in body.bytes() {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    crc = !crc;
    let alphabet: Vec<char> = [DIGIT, UPPER, LOWER].concat().chars().collect();
    let mut out = Vec::new();
    for _ in 0..6 {
        let i = usize::try_from(crc % 62).unwrap_or(0);
        out.push(alphabet.get(i).copied().unwrap_or('0'));
        crc /= 62;
    }
    out.iter().rev().collect()
}

pub(super) fn wrap(text: &str, width: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunks(width)
        .map(|c| c.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}

/// `SplitMix64` with the lists and what was planted in the row under work.
pub(super) struct Gen {
    pub(super) state: u64,
    pub(super) lists: BTreeMap<String, Vec<String>>,
    pub(super) planted: Vec<String>,
}

impl Gen {
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }
    /// One of the `|`-separated choices.
    pub(super) fn bar(&mut self, from: &str) -> String {
        let list: Vec<&str> = from.split('|').collect();
        list.get(self.below(list.len()))
            .copied()
            .unwrap_or("")
            .to_owned()
    }
    pub(super) fn line(&mut self, key: &str) -> String {
        let n = self.lists.get(key).map_or(0, Vec::len);
        let i = self.below(n);
        self.lists
            .get(key)
            .and_then(|l| l.get(i))
            .cloned()
            .unwrap_or_default()
    }
    pub(super) fn chars(&mut self, alphabet: &str, n: usize) -> String {
        let list: Vec<char> = alphabet.chars().collect();
        (0..n)
            .filter_map(|_| list.get(self.below(list.len())).copied())
            .collect()
    }
    pub(super) fn alnum(&mut self, n: usize) -> String {
        self.chars(&[UPPER, LOWER, DIGIT].concat(), n)
    }
    pub(super) fn hex(&mut self, n: usize) -> String {
        self.chars(HEX, n)
    }
    /// Letters, digits, `-` and `_`; the last one is a letter or digit.
    pub(super) fn url(&mut self, n: usize) -> String {
        let body = self.chars(&[UPPER, LOWER, DIGIT, "-_"].concat(), n.saturating_sub(1));
        body + &self.alnum(1)
    }
    pub(super) fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n)
            .map(|_| u8::try_from(self.below(256)).unwrap_or(0))
            .collect()
    }
    pub(super) fn number(&mut self, n: usize) -> String {
        self.chars("123456789", 1) + &self.chars(DIGIT, n.saturating_sub(1))
    }
    pub(super) fn uuid(&mut self) -> String {
        let (a, b, c) = (self.hex(8), self.hex(4), self.hex(3));
        format!(
            "{a}-{b}-4{c}-{}{}-{}",
            self.chars("89ab", 1),
            self.hex(3),
            self.hex(12)
        )
    }
    pub(super) fn mark(&mut self, secret: &str) -> String {
        self.planted.push(secret.to_owned());
        format!("{OPEN}{secret}{CLOSE}")
    }

    pub(super) fn jwt(&mut self) -> String {
        let (alg, bytes) = if self.below(3) == 0 {
            ("RS256", 256)
        } else {
            ("HS256", 32)
        };
        let head = base64(
            format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\"}}").as_bytes(),
            true,
        );
        let (sub, iat) = (self.number(10), self.number(9));
        let body = format!("{{\"sub\":\"{sub}\",\"scope\":\"read\",\"iat\":1{iat}}}");
        let sign = self.bytes(bytes);
        format!(
            "{head}.{}.{}",
            base64(body.as_bytes(), true),
            base64(&sign, true)
        )
    }

    /// The bare token of a provider; `i` runs through its variants.
    pub(super) fn token(&mut self, kind: &str, i: usize) -> String {
        match (kind, i % 3) {
            ("aws_access_key_id", 2) => format!("{}IA{}", "AS", self.chars(BASE32, 16)),
            ("aws_access_key_id", _) => format!("{}IA{}", "AK", self.chars(BASE32, 16)),
            ("aws_secret_key", _) => base64(&self.bytes(30), false),
            ("github", 2) => format!("github_{}_{}_{}", "pat", self.alnum(22), self.alnum(59)),
            ("github" | "npm", v) => {
                let prefix = match (kind, v) {
                    ("npm", _) => "npm",
                    (_, 0) => "ghp",
                    _ => "gho",
                };
                let body = self.alnum(30);
                format!("{prefix}_{body}{}", checksum(&body))
            }
            ("gitlab", _) => format!("glpat-{}", self.url(20)),
            ("slack_token", 0) => {
                let (a, b, c) = (self.number(12), self.number(12), self.number(13));
                format!("xox{}-{a}-{b}-{c}-{}", "p", self.hex(32))
            }
            ("slack_token", _) => {
                format!(
                    "xox{}-{}-{}-{}",
                    "b",
                    self.number(12),
                    self.number(13),
                    self.alnum(24)
                )
            }
            ("slack_webhook", _) => {
                let base = [UPPER, DIGIT].concat();
                let (t, b) = (self.chars(&base, 8), self.chars(&base, 10));
                format!(
                    "https://hooks.slack.com/{}/T{t}/B{b}/{}",
                    "services",
                    self.alnum(24)
                )
            }
            ("stripe", 0) => format!("sk_{}_{}", "live", self.alnum(24)),
            ("stripe", 1) => format!("rk_{}_{}", "live", self.alnum(99)),
            ("stripe", _) => format!("{}_{}", "whsec", self.alnum(32)),
            ("google_api_key", _) => format!("AI{}{}", "za", self.url(35)),
            ("google_oauth", _) => format!("GOC{}-{}", "SPX", self.url(28)),
            ("azure_storage", _) => base64(&self.bytes(64), false),
            ("openai", 0) => {
                format!(
                    "sk-{}{}{}",
                    self.alnum(20),
                    base64(b"OpenAI", true),
                    self.alnum(20)
                )
            }
            ("openai", _) => {
                format!(
                    "sk-proj-{}{}{}",
                    self.url(74),
                    base64(b"OpenAI", true),
                    self.url(74)
                )
            }
            ("anthropic", 2) => format!("sk-ant-{}-{}AA", "admin01", self.url(93)),
            ("anthropic", _) => format!("sk-ant-{}-{}AA", "api03", self.url(93)),
            ("sendgrid", _) => format!("SG.{}.{}", self.url(22), self.url(43)),
            ("twilio", 0) => format!("{}{}", "SK", self.hex(32)),
            ("twilio", _) => self.hex(32),
            ("mailgun", _) => format!("key-{}", self.hex(32)),
            ("mailchimp", _) => format!("{}-us{}", self.hex(32), 1 + self.below(21)),
            ("pypi", _) => {
                let (id, rest) = (self.uuid(), self.bytes(60));
                let head = [&[2, 1, 8], b"pypi.org".as_slice(), &[2, 36], id.as_bytes()].concat();
                let body = [head.as_slice(), &[0, 2, 42], &rest].concat();
                format!("pypi-{}", base64(&body, true))
            }
            ("digitalocean", _) => format!("dop_{}_{}", "v1", self.hex(64)),
            ("heroku", _) => self.uuid(),
            ("shopify", _) => format!("shp{}_{}", "at", self.hex(32)),
            ("telegram", _) => format!("{}:AA{}", self.number(10), self.url(33)),
            ("discord", _) => {
                let id = format!("{}{}", 1 + i % 9, self.number(17));
                let id = base64(id.as_bytes(), true);
                format!(
                    "{id}.{}.{}",
                    self.url(6),
                    self.url(if i.is_multiple_of(2) { 27 } else { 38 })
                )
            }
            ("huggingface", _) => format!("hf_{}", self.chars(&[UPPER, LOWER].concat(), 34)),
            ("vault", 0) => format!("hvs.{}", self.alnum(24)),
            ("vault", _) => format!("hvs.{}{}", "CAESI", self.url(90)),
            ("databricks", 2) => format!("dapi{}-2", self.hex(32)),
            ("databricks", _) => format!("dapi{}", self.hex(32)),
            ("square", 0) => format!("EA{}{}", "AA", self.url(60)),
            ("square", 1) => format!("sq0{}-{}", "atp", self.url(22)),
            ("square", _) => format!("sq0{}-{}", "csp", self.url(43)),
            _ => self.jwt(),
        }
    }

    pub(super) fn password(&mut self) -> String {
        let (a, b) = (self.line("pass|*"), self.line("pass|*"));
        let sign = self.chars("!#$%&*+?@-_", 1);
        match self.below(7) {
            0 => format!("{a}20{}{sign}", 10 + self.below(16)),
            1 => format!("{}{sign}{}", a.to_lowercase(), self.number(3)),
            2 => format!("{a}{b}{}", self.number(2)),
            3 => format!(
                "{}4{}",
                self.alnum(5),
                self.chars("abcdefghkmnpqrstuvwxyzABCDEFGH23456789!#$%*+", 8)
            ),
            4 => {
                let (c, d) = (self.line("words|*"), self.line("words|*"));
                format!("{}-{c}-{d}-{}", b.to_lowercase(), self.number(2))
            }
            5 => format!(
                "{}_{}",
                a.replace('o', "0").replace('i', "1").replace('e', "3"),
                self.number(4)
            ),
            _ => format!("{}{}{sign}{}", self.number(2), b, self.chars(UPPER, 2)),
        }
    }

    pub(super) fn pem(&mut self, ssh: bool) -> String {
        let (name, body) = if ssh {
            let head = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01\0\0\0\x33\0\0\0\x0bssh-ed25519\0\0\0\x20";
            let body = [head.as_slice(), &self.bytes(211)].concat();
            ("OPENSSH", wrap(&base64(&body, false), 70))
        } else {
            let (name, head, n) = match self.below(4) {
                0 => ("RSA", [0x30, 0x82, 0x04], 1190),
                1 => ("EC", [0x30, 0x77, 0x02], 118),
                2 => ("ENCRYPTED", [0x30, 0x82, 0x05], 1310),
                _ => ("", [0x30, 0x82, 0x04], 1215),
            };
            let body = [head.as_slice(), &self.bytes(n)].concat();
            (name, wrap(&base64(&body, false), 64))
        };
        let gap = if name.is_empty() { "" } else { " " };
        let rule = |word: &str| format!("-----{word} {name}{gap}{} KEY-----", "PRIVATE");
        format!("{}\n{body}\n{}", rule("BEGIN"), rule("END"))
    }
}
