//! The access package: made when it is delivered, sealed under a token that nobody keeps, fetched a few times, destroyed.

use crypto_store::{Accessor, Erased, NewRecord, ParcelToken, Receipt};
use gdpr_rights::request::package::{
    Automation, LINK_DAYS, LINK_OPENS, LetterLanguage, Package, PackageInput, PackageRight, Reason,
    SourceReport,
};
use gdpr_rights::{Right, SourceId};
use retention_policy::{
    CaseId, Category, Expiry, LegalBasis, Lifetime, Purpose, PurposeSet, RecordId, RecordMeta,
    Timestamp,
};

use super::file::{CaseFile, Parcel};
use super::work::{STORE, person};
use crate::desk::Desk;
use crate::desk::erase::ANSWER;
use crate::{Collected, Customer, Error, Handover};

impl Desk {
    /// Collects everything from every source, writes the package and seals it. An earlier one of the case is destroyed.
    pub(super) async fn make_package(
        &self,
        by: &Accessor,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Handover, Error> {
        let key = self.signing_key()?;
        let input = self.package_input(by, file, now).await?;
        let package = Package::build(&input, key)?;
        drop(input);
        let token = ParcelToken::random(&*self.entropy)?;
        let parcel = token.seal(package.expose_bytes(), &*self.entropy)?;
        let expiry = Expiry::after(now, Lifetime::days(LINK_DAYS)?)?;
        let put = |whose| {
            let meta = RecordMeta::new(
                by.tenant(),
                whose,
                Category::RightsCase,
                PurposeSet::only(Purpose::AnswerRequest),
                self.region,
                expiry,
            )?;
            Ok::<_, Error>(NewRecord::new(meta, parcel.clone()))
        };
        // With the person: an erasure ends the package too. One who was erased meanwhile is answered all the same.
        let mine = put(file.request().subject)?;
        let record = match self.store.put(mine, by, &ANSWER, now).await {
            Err(error) if error.is_erased() => {
                let of_the_case = put(file.case.subject())?;
                self.store.put(of_the_case, by, &ANSWER, now).await?.id()
            }
            put => put?.id(),
        };
        if let Some(earlier) = file.parcel.take() {
            self.destroy(by, earlier.record, now).await?;
        }
        file.parcel = Some(Parcel {
            record,
            id: token.id(),
            until: expiry.at(),
            left: LINK_OPENS,
        });
        Ok(Handover {
            token,
            until: expiry.at(),
            downloads: LINK_OPENS,
        })
    }

    async fn package_input(
        &self,
        by: &Accessor,
        file: &CaseFile,
        now: Timestamp,
    ) -> Result<PackageInput, Error> {
        let controller = self.controller(by)?;
        let right = match file.case.right() {
            Right::Portability => PackageRight::Portability,
            _ => PackageRight::Access,
        };
        let own = SourceId::new(STORE)?;
        let copy = self.own_copy(by, file, now).await?;
        let (mut items, mut reasons) = (copy.items, copy.reasons);
        let mut given: Vec<(SourceId, Option<usize>)> = vec![(own, Some(items.len()))];
        let nobody = Customer::new();
        for source in &self.sources {
            match source.export(&person(file, &nobody)).await {
                Ok(export) => {
                    given.push((source.id(), Some(export.items.len())));
                    items.extend(export.items);
                    for reason in export.reasons {
                        if !reasons.iter().any(|r| r.category == reason.category) {
                            reasons.push(reason);
                        }
                    }
                }
                Err(_) => given.push((source.id(), None)),
            }
        }
        if right == PackageRight::Portability {
            // What rests on another ground is no part of it (article 20(1)(a)).
            let portable =
                |r: &Reason| matches!(r.basis, LegalBasis::Consent | LegalBasis::Contract);
            items.retain(|item| {
                reasons
                    .iter()
                    .any(|r| r.category == *item.category() && portable(r))
            });
            for (source, count) in &mut given {
                let left = items.iter().filter(|i| i.source() == source).count();
                *count = count.map(|_| left);
            }
        }
        let reports = given
            .iter()
            .map(|(source, count)| match count {
                Some(n) => SourceReport::answered(source, *n as u64),
                None => SourceReport::failed(source),
            })
            .collect();
        Ok(PackageInput {
            case: file.case.id(),
            right,
            language: LetterLanguage::of(file.language),
            controller: controller.name.clone(),
            country: controller.country,
            contact: controller.contact.clone(),
            authority: controller.authority.name().to_owned(),
            received: file.case.received(),
            due: file.case.due().day(),
            made: now,
            asked: self.source_ids()?,
            reports,
            items,
            reasons,
            recipients: controller.disclosures.clone(),
            automation: Automation::HumanDecides,
            redacted_values: copy.withheld,
        })
    }

    /// Fetches a package with the token of its link. Every time is counted before anything is returned; with the last one,
    /// and after its end, the package is destroyed.
    ///
    /// # Errors
    /// [`Error::PackageGone`] for a wrong token, a package that ended, was destroyed, or was fetched as often as it may be:
    /// the same for all of them. [`Error::is_denied`]; the store failed.
    pub async fn collect(
        &self,
        by: &Accessor,
        case: CaseId,
        token: &ParcelToken,
    ) -> Result<Collected, Error> {
        let now = self.now()?;
        let lock = self.cases.of(case);
        let _one = lock.lock().await;
        let gone = |why: &'static str| {
            tracing::warn!(%case, why, "a package was asked for in vain");
            Error::PackageGone
        };
        let (record, mut file) = match self.load(by, case, now).await {
            Err(Error::UnknownCase) => return Err(gone("no such case")),
            other => other?,
        };
        let Some(parcel) = file.parcel.clone() else {
            return Err(gone("no package"));
        };
        if !token.is_of(&parcel.id) {
            return Err(gone("another token"));
        }
        if now >= parcel.until {
            file.parcel = None;
            self.save(by, record, &mut file, now).await?;
            self.destroy(by, parcel.record, now).await?;
            return Err(gone("over"));
        }
        let opened = match self.store.export(parcel.record, by, &ANSWER, now).await {
            Err(error) if error.is_erased() || error.is_expired() || error.is_not_found() => {
                return Err(gone("erased"));
            }
            other => other?,
        };
        let bytes = token.open(opened.expose())?;
        let left = parcel.left.saturating_sub(1);
        file.parcel = (left > 0).then_some(Parcel { left, ..parcel });
        self.save(by, record, &mut file, now).await?;
        let destroyed = if left == 0 {
            self.destroy(by, opened.id(), now).await?
        } else {
            None
        };
        tracing::info!(%case, left, "a package was fetched");
        Ok(Collected {
            bytes,
            left,
            destroyed,
        })
    }

    /// Ends a package.
    async fn destroy(
        &self,
        by: &Accessor,
        record: RecordId,
        now: Timestamp,
    ) -> Result<Option<Receipt>, Error> {
        match self.store.shred(&[record], by, &ANSWER, now).await {
            Ok(Erased::Done(receipt) | Erased::Pending(receipt)) => Ok(Some(receipt)),
            Err(error) if error.is_erased() || error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
