//! The lists as they were published.

use super::{Checklist, ChecklistItem, ChecklistKind, ChecklistSource, ItemGroup};

const fn item(
    code: &'static str,
    name: &'static str,
    group: ItemGroup,
    weight_tenths: u16,
    (low, high): (u8, u8),
) -> ChecklistItem {
    ChecklistItem { code, name, group, weight_tenths, low, high }
}

const fn yes_no(
    code: &'static str,
    name: &'static str,
    group: ItemGroup,
    weight_tenths: u16,
) -> ChecklistItem {
    item(code, name, group, weight_tenths, (0, 1))
}

const fn source(year: u16, citation: &'static str) -> ChecklistSource {
    ChecklistSource { citation, year }
}

pub(super) const ABCD: Checklist = Checklist {
    kind: ChecklistKind::Abcd,
    version: 1,
    name: "ABCD rule of dermoscopy",
    items: &[
        item("asymmetry", "Axes of asymmetry", ItemGroup::Component, 13, (0, 2)),
        item("border", "Eighths with an abrupt border", ItemGroup::Component, 1, (0, 8)),
        item("colours", "Colours", ItemGroup::Component, 5, (1, 6)),
        item("structures", "Differential structures", ItemGroup::Component, 5, (1, 5)),
    ],
    rule: "Total dermoscopy score = 1.3 A + 0.1 B + 0.5 C + 0.5 D. Below 4.75 benign, 4.75 to 5.45 suspicious, \
           above 5.45 highly suspicious of melanoma.",
    scope: "Melanocytic lesions under the dermatoscope.",
    sources: &[
        source(1994, "Stolz W et al. ABCD rule of dermatoscopy. Eur J Dermatol 1994;4:521-527."),
        source(1994, "Nachbar F et al. The ABCD rule of dermatoscopy. J Am Acad Dermatol 1994;30:551-559."),
    ],
};

pub(super) const SEVEN_POINT: Checklist = Checklist {
    kind: ChecklistKind::SevenPoint,
    version: 1,
    name: "Seven-point checklist of dermoscopy",
    items: &[
        yes_no("network", "Atypical pigment network", ItemGroup::Major, 20),
        yes_no("veil", "Blue-whitish veil", ItemGroup::Major, 20),
        yes_no("vessels", "Atypical vascular pattern", ItemGroup::Major, 20),
        yes_no("streaks", "Irregular streaks", ItemGroup::Minor, 10),
        yes_no("dots", "Irregular dots or globules", ItemGroup::Minor, 10),
        yes_no("blotches", "Irregular blotches", ItemGroup::Minor, 10),
        yes_no("regression", "Regression structures", ItemGroup::Minor, 10),
    ],
    rule: "Major criteria count 2 points, minor ones 1. From 3 points on the criteria of melanoma are met.",
    scope: "Melanocytic lesions under the dermatoscope.",
    sources: &[source(
        1998,
        "Argenziano G et al. Epiluminescence microscopy for the diagnosis of doubtful melanocytic skin lesions. \
         Arch Dermatol 1998;134:1563-1570.",
    )],
};

pub(super) const WEIGHTED_SEVEN_POINT: Checklist = Checklist {
    kind: ChecklistKind::WeightedSevenPoint,
    version: 1,
    name: "Weighted seven-point checklist",
    items: &[
        yes_no("size_change", "Change in size", ItemGroup::Major, 20),
        yes_no("shape", "Irregular shape or border", ItemGroup::Major, 20),
        yes_no("colour", "Irregular colour", ItemGroup::Major, 20),
        yes_no("diameter", "Largest diameter 7 mm or more", ItemGroup::Minor, 10),
        yes_no("inflammation", "Inflammation", ItemGroup::Minor, 10),
        yes_no("oozing", "Oozing or crusting", ItemGroup::Minor, 10),
        yes_no("sensation", "Change in sensation", ItemGroup::Minor, 10),
    ],
    rule: "Major features count 2 points, minor ones 1. Refer from 3 points on.",
    scope: "Pigmented lesions seen with the naked eye.",
    sources: &[
        source(
            2015,
            "National Institute for Health and Care Excellence. Suspected cancer: recognition and referral. \
             Guideline NG12, 2015, recommendation 1.7.1.",
        ),
        source(
            1990,
            "MacKie RM. Clinical recognition of early invasive malignant melanoma. BMJ 1990;301:1005-1006.",
        ),
    ],
};

pub(super) const MENZIES: Checklist = Checklist {
    kind: ChecklistKind::Menzies,
    version: 1,
    name: "Menzies method",
    items: &[
        yes_no("symmetry", "Symmetry of pattern", ItemGroup::Negative, 0),
        yes_no("single_colour", "Presence of a single colour", ItemGroup::Negative, 0),
        yes_no("blue_white_veil", "Blue-white veil", ItemGroup::Positive, 10),
        yes_no("brown_dots", "Multiple brown dots", ItemGroup::Positive, 10),
        yes_no("pseudopods", "Pseudopods", ItemGroup::Positive, 10),
        yes_no("radial_streaming", "Radial streaming", ItemGroup::Positive, 10),
        yes_no("scar_depigmentation", "Scar-like depigmentation", ItemGroup::Positive, 10),
        yes_no("peripheral_black_dots", "Peripheral black dots or globules", ItemGroup::Positive, 10),
        yes_no("many_colours", "Multiple colours (five or six)", ItemGroup::Positive, 10),
        yes_no("blue_grey_dots", "Multiple blue or grey dots", ItemGroup::Positive, 10),
        yes_no("broad_network", "Broadened network", ItemGroup::Positive, 10),
    ],
    rule: "Melanoma: neither of the two negative features is found, and at least one of the nine positive ones is.",
    scope: "Pigmented lesions under the dermatoscope.",
    sources: &[source(
        1996,
        "Menzies SW et al. Frequency and morphologic characteristics of invasive melanomas lacking specific \
         surface microscopic features. Arch Dermatol 1996;132:1178-1182.",
    )],
};

pub(super) const ABCDE: Checklist = Checklist {
    kind: ChecklistKind::Abcde,
    version: 1,
    name: "ABCDE of the clinical look",
    items: &[
        yes_no("asymmetry", "Asymmetry", ItemGroup::Sign, 10),
        yes_no("border", "Border irregular", ItemGroup::Sign, 10),
        yes_no("colour", "Colour varied", ItemGroup::Sign, 10),
        yes_no("diameter", "Diameter more than 6 mm", ItemGroup::Sign, 10),
        yes_no("evolving", "Evolving", ItemGroup::Sign, 10),
    ],
    rule: "Each letter is a sign that a lesion deserves a closer look. No number of them was published as a limit.",
    scope: "Pigmented lesions seen with the naked eye.",
    sources: &[
        source(
            1985,
            "Friedman RJ, Rigel DS, Kopf AW. Early detection of malignant melanoma. CA Cancer J Clin 1985;35:130-151.",
        ),
        source(
            2004,
            "Abbasi NR et al. Early diagnosis of cutaneous melanoma: revisiting the ABCD criteria. \
             JAMA 2004;292:2771-2776.",
        ),
    ],
};
