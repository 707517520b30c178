//! Threads, maps and a small knowledge base in seven languages.

use chrono::{DateTime, Utc};
use redact::{Detector, Kind, Locale, MapId, Mark, PseudonymMap, Redacted, seal_marks};
use suggest_core::{Author, Engine, Fact, KnowledgeBase, Message, Request, Suggestion, Thread};

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-01T10:00:00Z")
        .unwrap()
        .to_utc()
}

pub(crate) fn locale(code: &str) -> Locale {
    Locale::from_code(code).unwrap()
}

/// Seals a text in which personal data stands as `{KIND:value}`.
pub(crate) fn seal(text: &str, map: &mut PseudonymMap) -> Redacted {
    let (mut clear, mut marks, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        clear.push_str(before);
        let (inner, tail) = after.split_once('}').unwrap();
        let (kind, value) = inner.split_once(':').unwrap();
        let start = clear.len();
        clear.push_str(value);
        marks.push(Mark::new(start..clear.len(), Kind::from_label(kind).unwrap()).unwrap());
        rest = tail;
    }
    clear.push_str(rest);
    seal_marks(&clear, &marks, map).unwrap()
}

pub(crate) fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([9; 16]))
}

/// Messages written `customer: ...` or `agent: ...`; a text without that is the customer's.
pub(crate) fn thread(messages: &[&str], map: &mut PseudonymMap) -> Thread {
    let messages = messages
        .iter()
        .map(|text| match text.strip_prefix("agent: ") {
            Some(text) => Message::new(Author::Agent, seal(text, map)),
            None => Message::new(Author::Customer, seal(text, map)),
        })
        .collect();
    Thread::new(messages).unwrap()
}

/// Articles of an invented shop: name, Markdown.
pub(crate) fn articles() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (lang, topic, title, heading, text) in ARTICLES {
        out.push((
            format!("{lang}/{topic}.md"),
            format!("---\nid: {topic}-{lang}\ntitle: {title}\nlang: {lang}\naudience: customer\nvalid_from: 2025-01-01\n---\n\n## {heading}\n{text}\n"),
        ));
    }
    out
}

pub(crate) fn knowledge() -> KnowledgeBase {
    let articles = articles();
    KnowledgeBase::from_markdown(articles.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap()
}

pub(crate) fn engine() -> Engine {
    Engine::new(knowledge())
}

pub(crate) fn ask(
    engine: &Engine,
    messages: &[&str],
    facts: &[(suggest_core::FactKind, &str)],
) -> Suggestion {
    let mut map = map();
    let thread = thread(messages, &mut map);
    let facts: Vec<Fact> = facts
        .iter()
        .map(|(kind, value)| Fact::new(*kind, seal(value, &mut map)))
        .collect();
    let detector = Detector::new();
    engine.suggest_embedded(&Request::new(&thread, &map, &detector, now()).with_facts(&facts))
}

const ARTICLES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "en",
        "returns",
        "Returns",
        "How to return",
        "You can send goods back within 40 days. Print the return label from your account.",
    ),
    (
        "en",
        "refunds",
        "Refunds",
        "When you get your money",
        "We pay back within 6 days after the parcel has arrived at our warehouse.",
    ),
    (
        "en",
        "damaged",
        "Damaged goods",
        "Arrived broken",
        "Send us a photo of the damage within 9 days. We send a replacement.",
    ),
    (
        "en",
        "invoice",
        "Invoices",
        "Where is my invoice",
        "You can download every invoice as a PDF in your account.",
    ),
    (
        "en",
        "shipping",
        "Delivery",
        "Delivery times",
        "An order arrives after 3 to 4 working days. Delivery costs 4.90 EUR.",
    ),
    (
        "en",
        "late",
        "Late parcels",
        "My parcel has not arrived",
        "If a parcel is late by more than 5 days, we ask the carrier.",
    ),
    (
        "en",
        "cancel",
        "Cancel an order",
        "Until when",
        "An order can be cancelled until it is packed.",
    ),
    (
        "de",
        "returns",
        "Rückgabe",
        "So geben Sie etwas zurück",
        "Sie können Ware innerhalb von 40 Tagen zurücksenden. Drucken Sie das Etikett in Ihrem Konto aus.",
    ),
    (
        "de",
        "refunds",
        "Erstattung",
        "Wann das Geld kommt",
        "Wir erstatten innerhalb von 6 Tagen, nachdem das Paket im Lager angekommen ist.",
    ),
    (
        "de",
        "damaged",
        "Beschädigte Ware",
        "Beschädigt angekommen",
        "Schicken Sie uns innerhalb von 9 Tagen ein Foto vom Schaden. Wir senden Ersatz.",
    ),
    (
        "de",
        "invoice",
        "Rechnung",
        "Wo die Rechnung liegt",
        "Jede Rechnung können Sie in Ihrem Konto als PDF herunterladen.",
    ),
    (
        "de",
        "late",
        "Verspätete Pakete",
        "Mein Paket ist nicht angekommen",
        "Ist ein Paket mehr als 5 Tage verspätet, fragen wir beim Zusteller nach.",
    ),
    (
        "de",
        "cancel",
        "Bestellung stornieren",
        "Bis wann",
        "Eine Bestellung kann storniert werden, bis sie gepackt ist.",
    ),
    (
        "fr",
        "returns",
        "Retours",
        "Comment retourner un article",
        "Vous pouvez renvoyer un article sous 40 jours. Imprimez l'étiquette de retour dans votre compte.",
    ),
    (
        "fr",
        "refunds",
        "Remboursements",
        "Quand serai-je remboursé",
        "Nous remboursons sous 6 jours après l'arrivée du colis dans notre entrepôt.",
    ),
    (
        "fr",
        "damaged",
        "Articles endommagés",
        "Arrivé endommagé",
        "Envoyez-nous une photo du dommage sous 9 jours. Nous envoyons un remplacement.",
    ),
    (
        "fr",
        "invoice",
        "Factures",
        "Où trouver la facture",
        "Chaque facture peut être téléchargée en PDF dans votre compte.",
    ),
    (
        "fr",
        "late",
        "Colis en retard",
        "Mon colis n'est pas arrivé",
        "Si un colis a plus de 5 jours de retard, nous interrogeons le transporteur.",
    ),
    (
        "fr",
        "cancel",
        "Annuler une commande",
        "Jusqu'à quand",
        "Une commande peut être annulée jusqu'à son emballage.",
    ),
    (
        "es",
        "returns",
        "Devoluciones",
        "Cómo devolver un artículo",
        "Puede devolver un artículo en 40 días. Imprima la etiqueta de devolución en su cuenta.",
    ),
    (
        "es",
        "refunds",
        "Reembolsos",
        "Cuándo recibe el dinero",
        "Reembolsamos en 6 días después de que el paquete llegue a nuestro almacén.",
    ),
    (
        "es",
        "damaged",
        "Artículos dañados",
        "Llegó roto",
        "Envíenos una foto del daño en 9 días. Enviamos un artículo nuevo.",
    ),
    (
        "es",
        "invoice",
        "Facturas",
        "Dónde está la factura",
        "Cada factura se puede descargar en PDF en su cuenta.",
    ),
    (
        "es",
        "late",
        "Paquetes con retraso",
        "Mi paquete no ha llegado",
        "Si un paquete tiene más de 5 días de retraso, preguntamos al transportista.",
    ),
    (
        "es",
        "cancel",
        "Cancelar un pedido",
        "Hasta cuándo",
        "Un pedido se puede cancelar hasta que se embala.",
    ),
    (
        "it",
        "returns",
        "Resi",
        "Come restituire un articolo",
        "Può restituire un articolo entro 40 giorni. Stampi l'etichetta di reso dal Suo account.",
    ),
    (
        "it",
        "refunds",
        "Rimborsi",
        "Quando arriva il rimborso",
        "Rimborsiamo entro 6 giorni dall'arrivo del pacco nel nostro magazzino.",
    ),
    (
        "it",
        "damaged",
        "Articoli danneggiati",
        "Arrivato rotto",
        "Ci mandi una foto del danno entro 9 giorni. Inviamo una sostituzione.",
    ),
    (
        "it",
        "invoice",
        "Fatture",
        "Dove si trova la fattura",
        "Ogni fattura si può scaricare in PDF dal Suo account.",
    ),
    (
        "it",
        "late",
        "Pacchi in ritardo",
        "Il mio pacco non è arrivato",
        "Se un pacco è in ritardo di oltre 5 giorni, chiediamo al corriere.",
    ),
    (
        "it",
        "cancel",
        "Annullare un ordine",
        "Fino a quando",
        "Un ordine si può annullare finché non è imballato.",
    ),
    (
        "nl",
        "returns",
        "Retourneren",
        "Zo stuurt u iets terug",
        "U kunt een artikel binnen 40 dagen terugsturen. Print het retourlabel in uw account.",
    ),
    (
        "nl",
        "refunds",
        "Terugbetaling",
        "Wanneer het geld terugkomt",
        "Wij betalen terug binnen 6 dagen nadat het pakket in ons magazijn is aangekomen.",
    ),
    (
        "nl",
        "damaged",
        "Beschadigde artikelen",
        "Beschadigd aangekomen",
        "Stuur ons binnen 9 dagen een foto van de schade. Wij sturen een nieuw artikel.",
    ),
    (
        "nl",
        "invoice",
        "Facturen",
        "Waar de factuur staat",
        "Elke factuur kunt u als PDF downloaden in uw account.",
    ),
    (
        "nl",
        "late",
        "Late pakketten",
        "Mijn pakket is niet aangekomen",
        "Is een pakket meer dan 5 dagen te laat, dan vragen wij het na bij de vervoerder.",
    ),
    (
        "nl",
        "cancel",
        "Bestelling annuleren",
        "Tot wanneer",
        "Een bestelling kan worden geannuleerd tot zij is ingepakt.",
    ),
    (
        "pt",
        "returns",
        "Devoluções",
        "Como devolver um artigo",
        "Pode devolver um artigo em 40 dias. Imprima a etiqueta de devolução na sua conta.",
    ),
    (
        "pt",
        "refunds",
        "Reembolsos",
        "Quando recebe o dinheiro",
        "Reembolsamos em 6 dias depois de a encomenda chegar ao nosso armazém.",
    ),
    (
        "pt",
        "damaged",
        "Artigos danificados",
        "Chegou partido",
        "Envie-nos uma fotografia do dano em 9 dias. Enviamos um artigo novo.",
    ),
    (
        "pt",
        "invoice",
        "Faturas",
        "Onde está a fatura",
        "Cada fatura pode ser descarregada em PDF na sua conta.",
    ),
    (
        "pt",
        "late",
        "Encomendas atrasadas",
        "A minha encomenda não chegou",
        "Se uma encomenda tiver mais de 5 dias de atraso, perguntamos à transportadora.",
    ),
    (
        "pt",
        "cancel",
        "Cancelar uma encomenda",
        "Até quando",
        "Uma encomenda pode ser cancelada até ser embalada.",
    ),
];

/// A day.
pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// A text with tags, anonymised.
pub(crate) fn anonymised(text: &str) -> redact::Anonymised {
    let mut map = PseudonymMap::new(MapId([3; 16]));
    let sealed = redact::seal_marks(&text.replace("[PERSON_1]", "Marie"), &[], &mut map).unwrap();
    redact::anonymise(&sealed, &Detector::new(), redact::Relaxation::SingleText).unwrap()
}
