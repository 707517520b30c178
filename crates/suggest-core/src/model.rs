//! The port to language models. This crate holds no HTTP: an adapter implements [`ChatModel`].

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::prompt::Prompt;

/// What is behind a model, for the caller's policy: the facade turns it into a region and may refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelInfo {
    /// Name of provider and model.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of the country where the text is processed.
    pub country: String,
    /// How long the provider keeps what it is sent; `None` when it does not say.
    pub retention: Option<Duration>,
    /// Label of the sub-processor in the register of the integrator.
    pub sub_processor: String,
}

impl ModelInfo {
    /// Describes a model.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        country: impl Into<String>,
        retention: Option<Duration>,
        sub_processor: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            country: country.into(),
            retention,
            sub_processor: sub_processor.into(),
        }
    }
}

/// Limits of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallOptions {
    /// Longest answer in tokens of the model.
    pub max_tokens: u32,
    /// 0 for the most likely answer each time.
    pub temperature: f32,
    /// After this long the adapter gives up.
    pub timeout: Duration,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            max_tokens: 700,
            temperature: 0.0,
            timeout: Duration::from_secs(60),
        }
    }
}

/// What a model answered: untrusted. It goes on through the guards and [`redact::verify_beside`] alone; there is no
/// public way to read it. Debug prints its length.
pub struct ModelReply(Zeroizing<String>);

impl ModelReply {
    /// Takes the answer as it came.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn untrusted(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ModelReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModelReply({} bytes)", self.0.len())
    }
}

/// Why there is no answer. No variant holds text of the prompt or of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No answer in time.
    #[error("the model did not answer in time")]
    Timeout,
    /// The service said no for now.
    #[error("the model is busy: try later")]
    Busy,
    /// It could not be reached.
    #[error("the model could not be reached")]
    Unreachable,
    /// The service refused the call.
    #[error("the model refused the call with status {status}")]
    Refused {
        /// Status code of the service.
        status: u16,
    },
    /// The answer was no answer.
    #[error("the model's answer could not be read")]
    Unreadable,
    /// The answer was cut off at the limit.
    #[error("the model's answer was cut off")]
    CutOff,
}

/// A language model. It is given a [`Prompt`] and nothing else; a `Prompt` is made of redacted text alone.
///
/// ```compile_fail,E0308
/// # async fn call(model: &dyn suggest_core::ChatModel) {
/// let _ = model.complete("Marie Dupont asks where her parcel is", &Default::default()).await;
/// # }
/// ```
/// ```compile_fail,E0277
/// let prompt: suggest_core::Prompt = String::from("Marie Dupont asks where her parcel is").into();
/// ```
#[async_trait]
pub trait ChatModel: fmt::Debug + Send + Sync {
    /// What is behind it.
    fn info(&self) -> &ModelInfo;

    /// Answers a prompt.
    ///
    /// # Errors
    /// [`ModelError`]; the suggestion then says that there is none.
    async fn complete(
        &self,
        prompt: &Prompt,
        options: &CallOptions,
    ) -> Result<ModelReply, ModelError>;
}

/// A model for tests: answers in the order they were given, and remembers how long each prompt was.
#[derive(Debug)]
pub struct ScriptedModel {
    info: ModelInfo,
    script: Mutex<VecDeque<Result<ModelReply, ModelError>>>,
    seen: Mutex<Vec<Prompt>>,
}

impl ScriptedModel {
    /// A model that answers these, one a call, and is [`ModelError::Unreachable`] afterwards.
    #[must_use]
    pub fn new(script: impl IntoIterator<Item = Result<&'static str, ModelError>>) -> Self {
        Self {
            info: ModelInfo::new("scripted", "DE", Some(Duration::ZERO), "none"),
            script: Mutex::new(
                script
                    .into_iter()
                    .map(|answer| answer.map(ModelReply::new))
                    .collect(),
            ),
            seen: Mutex::new(Vec::new()),
        }
    }

    /// The same, with answers made at run time.
    #[must_use]
    pub fn with_replies(replies: impl IntoIterator<Item = String>) -> Self {
        let model = Self::new([]);
        if let Ok(mut script) = model.script.lock() {
            script.extend(replies.into_iter().map(|reply| Ok(ModelReply::new(reply))));
        }
        model
    }

    /// The prompts it was given, in order.
    #[must_use]
    pub fn prompts(&self) -> Vec<Prompt> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, prompt: &Prompt, _: &CallOptions) -> Result<ModelReply, ModelError> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(prompt.clone());
        self.script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
            .unwrap_or(Err(ModelError::Unreachable))
    }
}
