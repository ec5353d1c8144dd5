//! Two photographs of one lesion compared: outlined, laid over each other, measured, kept.

use domain::comparison::{Alignment, COMPARISON_VERSION, ComparedOutline, Comparison, Monitoring, SizeBasis};
use domain::image::ImageRecord;
use domain::outline::{OutlineGap, OutlineMethod};
use domain::scale::ImageScale;
use domain::uncertainty::Spread;
use domain::{Actor, ComparisonId, ImageId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::{Reading, RecordsError, comparisons, image_scales, images, origins, patients};
use serde::{Deserialize, Serialize};
use vision::change::{Seen, change, polygon};
use vision::mask::Mask;
use vision::measure::{Measures, measure};
use vision::outline::Outliner;
use vision::{DecodeLimits, Photograph};

use crate::break_glass;
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::examination::open_original;
use crate::names::Names;
use crate::session::{Office, Session};
use crate::views::{
    ComparedPhotograph, ComparisonProgress, ComparisonRequest, ComparisonStep, ComparisonView,
};

type Stored<T> = std::result::Result<T, RecordsError>;

/// The comparison of a pair as it was found; nothing where the pair was never compared, or where its scales
/// or the way of comparing have changed since.
///
/// # Errors
/// `not_found`, also for a photograph that was deleted; `invalid_input` unless both show one lesion.
pub fn read(session: &Session, request: &ComparisonRequest) -> Result<Option<ComparisonView>> {
    let patient = || Ok(session.store().read(|tx| images::get(tx, request.earlier_id))?.patient_id);
    let actor = break_glass::admit(session, Command::ComparisonRead, patient)?;
    let pair = Pair::read(session, request)?;
    current(session, &actor, &pair)
}

/// Compares a pair anew and keeps the result; a pair that cannot be laid over each other is a result too.
///
/// # Errors
/// `not_found`, also for a photograph that was deleted; `invalid_input` unless the two are different
/// photographs of one lesion; `model_unavailable`, `record_damaged`.
pub fn start(
    session: &Session,
    request: &ComparisonRequest,
    progress: impl Fn(&ComparisonProgress),
) -> Result<ComparisonView> {
    let actor = session.authorise(Command::ComparisonStart)?;
    session.sealed()?;
    let pair = Pair::read(session, request)?;
    let comparison = work(session.office(), &actor, &pair, &progress)?;
    session.store().write(&actor, |tx| comparisons::insert(tx, &comparison))?;
    let names = session.store().read(Names::read)?;
    Ok(pair.view(comparison, &names))
}

fn current(session: &Session, actor: &Actor, pair: &Pair) -> Result<Option<ComparisonView>> {
    let (earlier, later) = (pair.images[0].id, pair.images[1].id);
    let (found, names) =
        session.store().write(actor, |tx| Ok((comparisons::read(tx, earlier, later)?, Names::read(tx)?)))?;
    Ok(found.filter(|found| pair.is_told_by(found)).map(|comparison| pair.view(comparison, &names)))
}

/// A comparison with the photographs it is about and their days, as a report keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct ComparedPair {
    pub comparison: Comparison,
    /// Earlier and later.
    pub images: [ImageRecord; 2],
    pub days: [Date; 2],
    pub author: String,
}

/// The newest comparison of a photograph with one that was taken before it, unless scales or the way of
/// comparing have changed since; for work that records itself.
pub(crate) fn newest_of(
    tx: &Reading<'_>,
    later_id: ImageId,
    zone: &TimeZone,
    names: &Names,
) -> Stored<Option<ComparedPair>> {
    for comparison in comparisons::of_later(tx, later_id)? {
        let request = ComparisonRequest { earlier_id: comparison.earlier_id, later_id };
        let pair = match Pair::stored(tx, &request, zone) {
            Ok(pair) => pair,
            Err(RecordsError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        if pair.days[0] <= pair.days[1] && pair.is_told_by(&comparison) {
            let author = names.name(comparison.author);
            return Ok(Some(ComparedPair { comparison, images: pair.images, days: pair.days, author }));
        }
    }
    Ok(None)
}

/// The two photographs, earlier first, with what is known of them.
struct Pair {
    images: [ImageRecord; 2],
    days: [Date; 2],
    scales: [Option<f64>; 2],
    spreads: [Option<Spread>; 2],
    /// Standard uncertainty of the ratio of the scales, where both are known and it is stated.
    scale_error: Option<f64>,
    /// The patient agreed to models that look at photographs.
    consent: bool,
}

impl Pair {
    fn read(session: &Session, request: &ComparisonRequest) -> Result<Self> {
        let zone = session.workstation().clock().zone();
        let pair = session.store().read(|tx| Self::stored(tx, request, &zone))?;
        let [earlier, later] = &pair.images;
        if earlier.id == later.id || earlier.lesion_id != later.lesion_id {
            return Err(ErrorCode::InvalidInput.into());
        }
        Ok(pair)
    }

    fn stored(tx: &Reading<'_>, request: &ComparisonRequest, zone: &TimeZone) -> Stored<Self> {
        let ids = [request.earlier_id, request.later_id];
        for id in ids {
            records::deletions::image_stands(tx, id)?;
        }
        let images = [images::get(tx, ids[0])?, images::get(tx, ids[1])?];
        let consent = patients::get(tx, images[0].patient_id)?.details.ai_consent;
        // Lengths in pixels that are not square depend on their direction.
        let known = |id: ImageId| -> Stored<Option<ImageScale>> {
            Ok(image_scales::get(tx, id)?.filter(|known| known.scale.mm_per_px().is_some()))
        };
        let known = [known(ids[0])?, known(ids[1])?];
        let scales = known.each_ref().map(|known| known.as_ref()?.scale.mm_per_px());
        let spreads = known.each_ref().map(|known| known.as_ref()?.spread());
        let [earlier, later] = &known;
        let scale_error = earlier.as_ref().zip(later.as_ref()).and_then(|(a, b)| a.error_of_ratio(b));
        let days = [day(tx, &images[0], zone)?, day(tx, &images[1], zone)?];
        Ok(Self { days, scales, spreads, scale_error, consent, images })
    }

    /// Whether the comparison was made as it would be made today.
    fn is_told_by(&self, comparison: &Comparison) -> bool {
        let calibrated = comparison.change.as_ref().and_then(|change| change.size.as_ref());
        let calibrated = calibrated.filter(|size| size.basis == SizeBasis::Calibrated);
        let same_error = calibrated.is_none_or(|size| match (size.scale_error, self.scale_error) {
            (Some(then), Some(now)) => (then - now).abs() < 1e-9,
            (then, now) => then == now,
        });
        comparison.version == COMPARISON_VERSION && comparison.mm_per_px == self.scales && same_error
    }

    fn view(&self, comparison: Comparison, names: &Names) -> ComparisonView {
        let days = self.days[0].until(self.days[1]).map_or(0, |span| i64::from(span.get_days()));
        let photograph = |at: usize, outline: ComparedOutline| ComparedPhotograph {
            image: self.images[at].clone(),
            day: self.days[at],
            outline,
            mm_per_px: self.scales[at],
            spread: self.spreads[at],
        };
        ComparisonView {
            id: comparison.id,
            earlier: photograph(0, comparison.earlier_outline),
            later: photograph(1, comparison.later_outline),
            days,
            monitoring: Monitoring::of_days(days),
            alignment: comparison.alignment,
            change: comparison.change,
            outline_method: comparison.outline_method,
            compared_by_name: names.name(comparison.author),
            compared_at: comparison.compared_at,
        }
    }
}

/// The day a photograph was taken where that is known, else the day it came in.
fn day(tx: &Reading<'_>, image: &ImageRecord, zone: &TimeZone) -> Stored<Date> {
    let taken = origins::taken_on(tx, image.id)?;
    Ok(taken.unwrap_or_else(|| image.imported_at.to_zoned(zone.clone()).date()))
}

/// One photograph with its outline, where there is one.
struct Outlined {
    photo: Photograph,
    found: std::result::Result<(Mask, Measures), OutlineGap>,
}

impl Outlined {
    fn mask(&self) -> Option<&Mask> {
        self.found.as_ref().ok().map(|(mask, _)| mask)
    }

    fn seen(&self) -> Option<Seen<'_>> {
        let (mask, measures) = self.found.as_ref().ok()?;
        Some(Seen { photo: &self.photo, mask, measures })
    }

    fn compared(&self) -> ComparedOutline {
        match &self.found {
            Ok((mask, _)) => ComparedOutline::Found { polygon: polygon(mask) },
            Err(reason) => ComparedOutline::Missing { reason: *reason },
        }
    }
}

fn work(
    office: &Office,
    actor: &Actor,
    pair: &Pair,
    progress: &dyn Fn(&ComparisonProgress),
) -> Result<Comparison> {
    let tell = |step: ComparisonStep, fraction: f64| progress(&ComparisonProgress { step, fraction });
    tell(ComparisonStep::Opening, 0.05);
    let mut photos = Vec::with_capacity(2);
    for image in &pair.images {
        let bytes = open_original(office, image.id)?;
        photos.push(vision::decode(&bytes, &DecodeLimits::default())?);
    }
    tell(ComparisonStep::Outlining, 0.3);
    let shared = if pair.consent { Some(office.workstation.model().outliner()?) } else { None };
    let classical = Outliner::classical();
    let outliner = shared.as_deref().unwrap_or(&classical);
    let outlined: Vec<Outlined> = photos
        .into_iter()
        .zip(pair.scales)
        .map(|(photo, scale)| {
            let found = outliner.outline(&photo).map_err(|error| error.gap()).and_then(|outline| {
                let measures = measure(&photo, &outline.mask, scale).map_err(|error| error.gap())?;
                Ok((outline.mask, measures))
            });
            Outlined { photo, found }
        })
        .collect();
    tell(ComparisonStep::Registering, 0.5);
    let [earlier, later] = <[Outlined; 2]>::try_from(outlined).map_err(|_| ErrorCode::Internal)?;
    let registered =
        vision::register::register((&earlier.photo, earlier.mask()), (&later.photo, later.mask()));
    tell(ComparisonStep::Measuring, 0.85);
    let (alignment, change) = match registered {
        Ok(registration) => {
            let both = earlier.seen().zip(later.seen());
            let change = both.map(|(earlier, later)| change(earlier, later, &registration, pair.scale_error));
            (Alignment::Registered { registration }, change)
        }
        Err(reason) => (Alignment::Refused { reason }, None),
    };
    Ok(Comparison {
        id: ComparisonId::fresh(),
        patient_id: pair.images[0].patient_id,
        earlier_id: pair.images[0].id,
        later_id: pair.images[1].id,
        alignment,
        change,
        earlier_outline: earlier.compared(),
        later_outline: later.compared(),
        outline_method: if shared.is_some() { outliner.method() } else { OutlineMethod::Classical },
        outline_model: outliner.identity().cloned(),
        mm_per_px: pair.scales,
        version: COMPARISON_VERSION,
        author: actor.user,
        compared_at: office.workstation.clock().now(),
    })
}
