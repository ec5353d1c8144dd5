//! The six colours of dermoscopy.
//!
//! The ABCD rule (Stolz et al. 1994, Nachbar et al. 1994) and the Menzies method count white, red, light
//! brown, dark brown, blue-grey and black. Each pixel gets the name of the nearest reference colour in
//! CIE L*a*b* (as Celebi and Zornberg, IEEE Syst J 2014;8:980, do with a palette of clusters), or none
//! where the skin around is nearer still. A colour counts when it fills a patch of its own: names are
//! opened by a disc, so that the rim where two others blend is not taken for a third.

use super::view::View;
use crate::lab::{self, Lab};
use crate::mask::Mask;
use domain::measure::{ColourShare, Colours, DermoscopicColour};

/// Share of the lesion from which a colour counts.
const MIN_SHARE: f64 = 0.03;
/// Depth of the rim that is left out because skin shines through, as a share of the radius of the circle
/// with the lesion's area.
const RIM: f64 = 0.06;
/// Radius of the disc a patch must hold, as a share of the same radius.
const PATCH: f64 = 0.06;
/// Skin is taken between these distances from the outline, as shares of the same radius.
const SKIN: (f64, f64) = (0.12, 0.4);
/// Fewest pixels of the view that have colours.
const MIN_AREA: usize = 20;

/// `None` for a lesion of fewer than 20 pixels in the view.
pub fn measure(view: &View) -> Option<Colours> {
    if view.area < MIN_AREA {
        return None;
    }
    let radius = view.radius();
    let core = core(view, radius);
    let skin = lab::median(view.skin(SKIN).map(|index| view.lab[index]));
    let names: Vec<Option<DermoscopicColour>> = view
        .smooth()
        .iter()
        .zip(core.pixels())
        .map(|(&colour, &inside)| if inside { name(colour, skin) } else { None })
        .collect();
    let area = core.area() as f64;
    let mut present: Vec<ColourShare> = DermoscopicColour::ALL
        .into_iter()
        .map(|colour| {
            let named = names.iter().map(|name| *name == Some(colour)).collect();
            let patches = Mask::of(view.width, view.mask.height(), named).opened(radius * PATCH);
            ColourShare { colour, share: patches.area() as f64 / area }
        })
        .filter(|found| found.share >= MIN_SHARE)
        .collect();
    present.sort_by(|a, b| b.share.total_cmp(&a.share));
    Some(Colours { present })
}

/// The lesion without its rim, or with it where nothing else would be left.
fn core(view: &View, radius: f64) -> Mask {
    let rim = (radius * RIM) as f32;
    let inner = view.depth.iter().map(|&depth| depth > rim).collect();
    let inner = Mask::of(view.width, view.mask.height(), inner);
    if inner.area() < MIN_AREA { view.mask.clone() } else { inner }
}

fn name(colour: Lab, skin: Option<Lab>) -> Option<DermoscopicColour> {
    let (nearest, distance) = DermoscopicColour::ALL
        .into_iter()
        .map(|name| (name, lab::difference(colour, lab::from_srgb(name.rgb()))))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let is_skin = skin.is_some_and(|skin| lab::difference(colour, skin) < distance);
    (!is_skin).then_some(nearest)
}
