//! A layer that gives another one scrubbed events and spans.

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::scrub::Scrubber;
use super::values::Values;

/// Wraps a layer, so that it sees only what a [`Scrubber`] has read.
///
/// Every value of every event and span is read before the inner layer is called: text, messages, what Debug and Display
/// print, errors with their causes, bytes, and numbers of five digits or more. So it holds for whatever lies behind it,
/// be it lines, JSON or an exporter, and not for what lies beside it: wrap each layer that writes, or all of them together
/// (`RedactingLayer::new(one.and_then(other), ..)`). Names of spans, fields and targets stay: they are constants.
///
/// Put filters round it, not into it (`RedactingLayer::new(..).with_filter(..)`): a filter inside that looks at values
/// sees those of spans scrubbed and those of events not at all. What the inner layer is asked by `downcast_ref` it does not
/// answer, as that needs unsafe code.
///
/// A value longer than the scrubber's limit is cut, with a note. Where the detector fails or panics, or a value's own
/// Debug does, [`super::UNCHECKED`] is written.
///
/// ```
/// use redact::Detector;
/// use redact::log::{RedactingLayer, Scrubber};
/// use tracing_subscriber::layer::SubscriberExt;
///
/// # use std::sync::{Arc, Mutex};
/// # #[derive(Clone, Default)] struct Lines(Arc<Mutex<Vec<u8>>>);
/// # impl std::io::Write for Lines {
/// #     fn write(&mut self, b: &[u8]) -> std::io::Result<usize> { self.0.lock().unwrap().extend(b); Ok(b.len()) }
/// #     fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
/// # }
/// # let lines = Lines::default();
/// # let writer = { let lines = lines.clone(); move || lines.clone() };
/// let inner = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
/// let layer = RedactingLayer::new(inner, Scrubber::new(Detector::new()));
/// tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
///     tracing::info!(to = "zoe.quirk@example.org", rows = 3, "sent to zoe.quirk@example.org");
/// });
/// let said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
/// assert!(said.ends_with("sent to <EMAIL> to=\"<EMAIL>\" rows=3\n"), "{said}");
/// ```
#[derive(Clone, Debug)]
pub struct RedactingLayer<L> {
    inner: L,
    scrubber: Scrubber,
}

impl<L> RedactingLayer<L> {
    /// Wraps a layer.
    pub const fn new(inner: L, scrubber: Scrubber) -> Self {
        Self { inner, scrubber }
    }
}

impl<S, L> Layer<S> for RedactingLayer<L>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    L: Layer<S>,
{
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.inner.on_register_dispatch(subscriber);
    }

    fn on_layer(&mut self, subscriber: &mut S) {
        self.inner.on_layer(subscriber);
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.inner.register_callsite(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, ctx: Context<'_, S>) -> bool {
        self.inner.enabled(metadata, ctx)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.inner.max_level_hint()
    }

    fn on_new_span(&self, attrs: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let metadata = attrs.metadata();
        let mut values = Values::new(&self.scrubber, metadata.fields());
        attrs.record(&mut values);
        values.with(metadata.fields(), |set| {
            let attrs = match attrs.parent() {
                Some(parent) => Attributes::child_of(parent.clone(), metadata, set),
                None if attrs.is_root() => Attributes::new_root(metadata, set),
                None => Attributes::new(metadata, set),
            };
            self.inner.on_new_span(&attrs, id, ctx);
        });
    }

    fn on_record(&self, span: &Id, record: &Record<'_>, ctx: Context<'_, S>) {
        let Some(fields) = ctx.metadata(span).map(Metadata::fields) else {
            // A span that nobody knows has no fields to write values under.
            return;
        };
        let mut values = Values::new(&self.scrubber, fields);
        record.record(&mut values);
        values.with(fields, |set| {
            self.inner.on_record(span, &Record::new(set), ctx)
        });
    }

    fn on_follows_from(&self, span: &Id, follows: &Id, ctx: Context<'_, S>) {
        self.inner.on_follows_from(span, follows, ctx);
    }

    fn event_enabled(&self, event: &Event<'_>, ctx: Context<'_, S>) -> bool {
        // Asked before every event: reading the values for it would read them twice, so the inner layer sees none.
        Values::new(&self.scrubber, event.metadata().fields())
            .with(event.metadata().fields(), |set| {
                self.inner.event_enabled(&like(event, set), ctx)
            })
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let fields = event.metadata().fields();
        let mut values = Values::new(&self.scrubber, fields);
        event.record(&mut values);
        values.with(fields, |set| self.inner.on_event(&like(event, set), ctx));
    }

    fn on_enter(&self, id: &Id, ctx: Context<'_, S>) {
        self.inner.on_enter(id, ctx);
    }

    fn on_exit(&self, id: &Id, ctx: Context<'_, S>) {
        self.inner.on_exit(id, ctx);
    }

    fn on_close(&self, id: Id, ctx: Context<'_, S>) {
        self.inner.on_close(id, ctx);
    }

    fn on_id_change(&self, old: &Id, new: &Id, ctx: Context<'_, S>) {
        self.inner.on_id_change(old, new, ctx);
    }
}

/// The same event with other values.
fn like<'v>(event: &Event<'_>, set: &'v tracing::field::ValueSet<'v>) -> Event<'v> {
    let metadata = event.metadata();
    match event.parent() {
        Some(parent) => Event::new_child_of(parent.clone(), metadata, set),
        None if event.is_root() => Event::new_child_of(None, metadata, set),
        None => Event::new(metadata, set),
    }
}
