import type { Region } from "./regions";

/** Of a hand with its thumb on the right. */
const FINGERS: readonly Region[] = [
  ["finger", "0,0 170,0 170,150 152,164 124,161 95,161 68,168 42,182 0,182"],
  ["finger", "162,204 170,140 250,130 250,180 196,216"],
  ["wrist", "0,314 250,314 250,362 0,362"],
];

export const HAND_BACK: readonly Region[] = [
  ["finger_nail", "30,95 44,94 49,108 33,113"],
  ["finger_nail", "65,42 80,41 85,56 67,61"],
  ["finger_nail", "105,27 119,28 123,44 105,47"],
  ["finger_nail", "145,51 159,52 163,70 145,71"],
  ["finger_nail", "203,154 216,154 214,174 202,174"],
  ...FINGERS,
  ["hand", "0,150 250,150 250,320 0,320"],
];

export const HAND_PALM: readonly Region[] = [...FINGERS, ["palm", "0,150 250,150 250,320 0,320"]];

/** Of a foot with its great toe on the right. */
const TOES: Region = ["toe", "0,0 200,0 200,98 156,98 120,100 94,108 72,118 52,128 28,140 0,140"];

export const FOOT_ABOVE: readonly Region[] = [
  ["toe_nail", "34,104 46,106 48,117 34,119"],
  ["toe_nail", "55,88 68,89 70,102 55,103"],
  ["toe_nail", "76,73 89,74 91,88 76,89"],
  ["toe_nail", "98,58 111,59 113,74 98,75"],
  ["toe_nail", "127,37 150,38 153,64 127,66"],
  TOES,
  ["ankle", "0,300 200,300 200,402 0,402"],
  ["foot", "0,90 200,90 200,302 0,302"],
];

export const FOOT_BELOW: readonly Region[] = [
  TOES,
  ["heel", "0,306 200,306 200,402 0,402"],
  ["sole", "0,90 200,90 200,308 0,308"],
];
