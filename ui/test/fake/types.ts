export type * from "../../src/ipc/generated";
export type { FieldProblem } from "../../src/ipc/errors";
