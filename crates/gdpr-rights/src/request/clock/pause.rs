//! Time in which the controller waits for the person: a policy, not a rule of the law.

use chrono::NaiveDate;

use super::Step;
use crate::Error;

/// A question to the person, and the answer.
///
/// The GDPR knows no pause; EDPB 01/2022, paragraph 159, says that there may be one where the controller asked without undue
/// delay. The days after the question up to and including that of the answer are credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    asked: NaiveDate,
    answered: Option<NaiveDate>,
}

impl Pause {
    /// A question that was answered.
    ///
    /// # Errors
    /// [`Error::InvalidPause`] when the answer precedes the question.
    pub fn new(asked: NaiveDate, answered: NaiveDate) -> Result<Self, Error> {
        if answered < asked {
            return Err(Error::InvalidPause);
        }
        Ok(Self {
            asked,
            answered: Some(answered),
        })
    }

    /// A question that is not answered yet. It credits nothing: silence has no length that one could count on.
    #[must_use]
    pub fn open(asked: NaiveDate) -> Self {
        Self {
            asked,
            answered: None,
        }
    }

    /// The day of the question.
    #[must_use]
    pub fn asked(&self) -> NaiveDate {
        self.asked
    }

    /// The day of the answer.
    #[must_use]
    pub fn answered(&self) -> Option<NaiveDate> {
        self.answered
    }
}

/// The days credited, each once, and why others are not.
pub(super) fn credit(
    received: NaiveDate,
    pauses: &[Pause],
    within: u32,
) -> Result<(u32, Vec<Step>), Error> {
    let mut steps = Vec::new();
    let mut counted: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for pause in pauses {
        if pause.asked < received {
            return Err(Error::InvalidPause);
        }
        let asked = pause.asked;
        if (asked - received).num_days() > i64::from(within) {
            steps.push(Step::AskedLate { asked, within });
        } else if let Some(answered) = pause.answered {
            counted.push((asked, answered));
        } else {
            steps.push(Step::Unanswered { asked });
        }
    }
    counted.sort_unstable();
    let mut days = 0;
    let mut seen = received;
    for (asked, answered) in counted {
        let start = asked.max(seen);
        days += (answered - start).num_days().max(0);
        seen = seen.max(answered);
    }
    let days = u32::try_from(days).map_err(|_| Error::CalendarOutOfRange)?;
    if days > 0 {
        steps.push(Step::Pause { days });
    }
    Ok((days, steps))
}
