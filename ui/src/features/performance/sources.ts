/** The papers that the figures follow, as they are cited in every language. */
export const SOURCES = {
  wilson: "Wilson, J Am Stat Assoc 1927;22:209–212",
  delong: "DeLong et al., Biometrics 1988;44:837–845; Sun, Xu, IEEE Signal Process Lett 2014;21:1389–1393",
  calibration: "Naeini et al., AAAI 2015;29:2901–2907; Brier, Mon Weather Rev 1950;78:1–3",
  kappa: "Cohen, Educ Psychol Meas 1960;20:37–46; Fleiss, Cohen, Everitt, Psychol Bull 1969;72:323–327",
  mcnemar: "McNemar, Psychometrika 1947;12:153–157",
  stability: "Siddiqi, Credit Risk Scorecards, Wiley 2006; Yurdakul, Western Michigan University 2018",
} as const;
