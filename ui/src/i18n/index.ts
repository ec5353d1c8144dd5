export { m } from "./generated/messages";
export * from "./audit-words";
export * from "./dates";
export * from "./errors";
export * from "./format";
export { formatLocale } from "./locale";
export * from "./words";
