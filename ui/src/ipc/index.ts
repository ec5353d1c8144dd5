export type * from "./generated";
export { call, importImage, onSessionRefused, saveSignature } from "./call";
export type { CommandName } from "./call";
export { fieldProblems, PROBLEM_CODES, toAppError } from "./errors";
export type { FieldProblem, ProblemCode } from "./errors";
export { onRecordChanged, onSessionLocked } from "./events";
export type { RecordChanged } from "./events";
export { heatmapUrl, imageUrl, ownUrl, signatureUrl } from "./pictures";
export type { ImageSize } from "./pictures";
