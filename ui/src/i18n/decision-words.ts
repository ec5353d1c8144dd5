import type {
  ChecklistKind,
  ChecklistVerdict,
  Confidence,
  ItemGroup,
  Plan,
  ProposalBasis,
} from "../ipc/generated";
import { formatNumber, formatPercent } from "./format";
import { m } from "./generated/messages";
import { colourWords } from "./outline-words";

type Words<T extends string> = Record<T, () => string>;

export const checklistWords: Words<ChecklistKind> = {
  abcd: m.checklist_abcd,
  seven_point: m.checklist_seven_point,
  weighted_seven_point: m.checklist_weighted_seven_point,
  menzies: m.checklist_menzies,
  abcde: m.checklist_abcde,
};

export const verdictWords: Words<ChecklistVerdict> = {
  benign: m.checklist_verdict_benign,
  suspicious: m.checklist_verdict_suspicious,
  highly_suspicious: m.checklist_verdict_highly_suspicious,
  not_melanoma: m.checklist_verdict_not_melanoma,
  melanoma: m.checklist_verdict_melanoma,
  no_referral: m.checklist_verdict_no_referral,
  refer: m.checklist_verdict_refer,
  no_warning_sign: m.checklist_verdict_no_warning_sign,
  warning_signs: m.checklist_verdict_warning_signs,
};

export const itemGroupWords: Words<ItemGroup> = {
  component: m.checklist_group_component,
  major: m.checklist_group_major,
  minor: m.checklist_group_minor,
  negative: m.checklist_group_negative,
  positive: m.checklist_group_positive,
  sign: m.checklist_group_sign,
};

export const confidenceWords: Words<Confidence> = {
  low: m.confidence_low,
  moderate: m.confidence_moderate,
  high: m.confidence_high,
};

export const planWords: Words<Plan["kind"]> = {
  reassure: m.plan_reassure,
  monitor: m.plan_monitor,
  biopsy: m.plan_biopsy,
  refer: m.plan_refer,
};

/** The plan in a line. */
export const planText = (plan: Plan): string =>
  plan.kind === "monitor" ? m.plan_monitor_months({ months: plan.months }) : planWords[plan.kind]();

/** The word of a plan as it is stored. */
export const planWord = (plan: string): string =>
  Object.hasOwn(planWords, plan) ? planWords[plan as Plan["kind"]]() : plan;

const ITEMS: Record<ChecklistKind, Record<string, () => string>> = {
  abcd: {
    asymmetry: m.checklist_item_abcd_asymmetry,
    border: m.checklist_item_abcd_border,
    colours: m.checklist_item_abcd_colours,
    structures: m.checklist_item_abcd_structures,
  },
  seven_point: {
    network: m.checklist_item_network,
    veil: m.checklist_item_veil,
    vessels: m.checklist_item_vessels,
    streaks: m.checklist_item_streaks,
    dots: m.checklist_item_dots,
    blotches: m.checklist_item_blotches,
    regression: m.checklist_item_regression,
  },
  weighted_seven_point: {
    size_change: m.checklist_item_size_change,
    shape: m.checklist_item_shape,
    colour: m.checklist_item_colour,
    diameter: m.checklist_item_diameter_seven,
    inflammation: m.checklist_item_inflammation,
    oozing: m.checklist_item_oozing,
    sensation: m.checklist_item_sensation,
  },
  menzies: {
    symmetry: m.checklist_item_symmetry,
    single_colour: m.checklist_item_single_colour,
    blue_white_veil: m.checklist_item_blue_white_veil,
    brown_dots: m.checklist_item_brown_dots,
    pseudopods: m.checklist_item_pseudopods,
    radial_streaming: m.checklist_item_radial_streaming,
    scar_depigmentation: m.checklist_item_scar_depigmentation,
    peripheral_black_dots: m.checklist_item_peripheral_black_dots,
    many_colours: m.checklist_item_many_colours,
    blue_grey_dots: m.checklist_item_blue_grey_dots,
    broad_network: m.checklist_item_broad_network,
  },
  abcde: {
    asymmetry: m.checklist_item_abcde_asymmetry,
    border: m.checklist_item_abcde_border,
    colour: m.checklist_item_abcde_colour,
    diameter: m.checklist_item_abcde_diameter,
    evolving: m.checklist_item_evolving,
  },
};

/** An item that this window does not know is shown as it is stored. */
export function checklistItemWord(kind: ChecklistKind, code: string): string {
  const known = ITEMS[kind];
  return Object.hasOwn(known, code) ? (known[code]?.() ?? code) : code.replaceAll("_", " ");
}

/** What a proposal rests on. */
export function basisText(basis: ProposalBasis): string {
  switch (basis.measure) {
    case "asymmetry":
      return m.checklist_basis_asymmetry({ axes: basis.axes });
    case "border":
      return m.checklist_basis_border({ eighths: basis.eighths });
    case "outline":
      return m.checklist_basis_outline({ share: formatPercent(basis.excess, 0) });
    case "colours":
      return basis.present.length === 0
        ? m.checklist_basis_colours_none()
        : m.checklist_basis_colours({ colours: basis.present.map((colour) => colourWords[colour]()).join(", ") });
    case "texture":
      return m.checklist_basis_texture();
    case "diameter":
      return (basis.at_least ? m.checklist_basis_diameter_least : m.checklist_basis_diameter)({ mm: formatNumber(basis.mm, 1) });
  }
}

const TERMS: Record<string, () => string> = {
  nv: m.term_nv,
  mel: m.term_mel,
  bcc: m.term_bcc,
  scc: m.term_scc,
  ak: m.term_ak,
  bkl: m.term_bkl,
  df: m.term_df,
  vasc: m.term_vasc,
  dysplastic_naevus: m.term_dysplastic_naevus,
  congenital_naevus: m.term_congenital_naevus,
  blue_naevus: m.term_blue_naevus,
  spitz_naevus: m.term_spitz_naevus,
  melanoma_in_situ: m.term_melanoma_in_situ,
  lentigo_maligna: m.term_lentigo_maligna,
  nodular_bcc: m.term_nodular_bcc,
  bowen: m.term_bowen,
  keratoacanthoma: m.term_keratoacanthoma,
  seborrhoeic_keratosis: m.term_seborrhoeic_keratosis,
  solar_lentigo: m.term_solar_lentigo,
  haemangioma: m.term_haemangioma,
  angiokeratoma: m.term_angiokeratoma,
  pyogenic_granuloma: m.term_pyogenic_granuloma,
  wart: m.term_wart,
  eczema: m.term_eczema,
  psoriasis: m.term_psoriasis,
};

/** What a lesion is taken for; another one says itself in words. */
export function termWord(code: string, text = ""): string {
  return Object.hasOwn(TERMS, code) ? (TERMS[code]?.() ?? code) : text || code;
}
