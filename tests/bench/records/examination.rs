//! An examination in a filled clinic: a photograph read, and the report of it.

use std::time::Instant;

use clinic::views::{PaperSize, ReportCreateRequest, ReportPdfRequest};
use clinic::{Session, report};
use domain::{ImageId, ReportId};
use support::{doing, painted};

use super::probe::{milliseconds, quantile};

const SIDES: (u32, u32) = (1600, 1200);
const ROUNDS: usize = 7;

/// Milliseconds from a stored photograph to its stored reading, and from that to the pages of its report.
pub fn times(session: &Session) -> (f64, f64) {
    let patient = doing::registers(session, "Lindenhoff").expect("a patient");
    let lesion = doing::adds_lesion(session, patient).expect("a lesion");
    let photograph = painted(SIDES.0, SIDES.1).to_jpeg(92);
    let image = doing::imports(session, lesion, &photograph).expect("a photograph").image.id;
    let (mut readings, mut reports) = (vec![], vec![]);
    // The first loads the models.
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        let reading = reads(session, image);
        let read = milliseconds(begun.elapsed());
        let begun = Instant::now();
        let request = ReportCreateRequest {
            analysis_id: reading,
            conclusion: "Excision planned.".into(),
            proposal: None,
        };
        let draft = report::create(session, request).expect("a draft").id;
        shows(session, draft);
        if round > 0 {
            readings.push(read);
            reports.push(milliseconds(begun.elapsed()));
        }
    }
    (quantile(readings, 0.5), quantile(reports, 0.5))
}

fn reads(session: &Session, image: ImageId) -> domain::AnalysisId {
    let jobs = doing::analyses(session, &[image]).expect("a job");
    jobs.last().and_then(|job| job.analysis_id).expect("a reading")
}

fn shows(session: &Session, id: ReportId) {
    let request = ReportPdfRequest { id, paper: PaperSize::A4, print: false };
    assert!(report::shown(session, &request).expect("pages").starts_with(b"%PDF"));
}
