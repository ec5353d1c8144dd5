export type * from "./generated";
export { addDeskPhoto, addToTray, call, onSessionRefused, previewPhoto, saveLogo, savePortrait, saveSignature } from "./call";
export type { CommandName } from "./call";
export { fieldProblems, PROBLEM_CODES, toAppError } from "./errors";
export type { FieldProblem, ProblemCode } from "./errors";
export { onRecordChanged, onSessionLocked } from "./events";
export type { RecordChanged } from "./events";
export { deskPhotoUrl, heatmapUrl, imageUrl, logoUrl, outlineUrl, ownUrl, portraitUrl, readOwnReport, signatureUrl, tileUrl, trayPhotoUrl } from "./pictures";
export type { ImageSize } from "./pictures";
