//! What the erasures took, as figures.

use serde_json::json;

use super::super::store::fsync::Disk;
use super::case::Timed;
use super::plan::Plan;
use crate::figures::Figures;

pub(super) fn tell(plan: &Plan, all: &[Timed], disk: &Disk, figures: &mut Figures) {
    let quantile = |of: fn(&Timed) -> f64, share: f64| {
        let mut sorted: Vec<f64> = all.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        sorted.get((last as f64 * share).round() as usize).copied()
    };
    let p50 = quantile(|t| t.erase_ms, 0.5);
    figures.measured("erase_p50_ms", p50, 3);
    figures.measured("erase_max_ms", quantile(|t| t.erase_ms, 1.0), 3);
    figures.measured("erase_cpu_p50_ms", quantile(|t| t.cpu_ms, 0.5), 3);
    figures.measured(
        "store_p50_ms",
        quantile(|t| t.erase_ms - t.sources_ms, 0.5),
        3,
    );
    figures.measured("sources_p50_ms", quantile(|t| t.sources_ms, 0.5), 3);
    figures.measured("case_p50_ms", quantile(|t| t.case_ms, 0.5), 3);
    figures.measured("case_max_ms", quantile(|t| t.case_ms, 1.0), 3);
    let p99 = disk.quantile_ms(0.99);
    figures.measured("fsync_p50_ms", disk.quantile_ms(0.5), 4);
    figures.measured("fsync_p99_ms", p99, 4);
    figures.measured("erase_fsync_ratio", p50.zip(p99).map(|(e, f)| e / f), 2);
    let round = |ms: f64| (ms * 10.0).round() / 10.0;
    let each: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(person, one)| {
            let (own, mentions) = plan.size(person);
            json!({
                "tickets": own, "mentions": mentions, "found": one.found, "erase_ms": round(one.erase_ms),
                "cpu_ms": round(one.cpu_ms), "sources_ms": round(one.sources_ms), "case_ms": round(one.case_ms),
            })
        })
        .collect();
    figures.set("erasures", each);
}
