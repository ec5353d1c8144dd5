/** Light modules around a QR code, without which scanners do not find it (ISO/IEC 18004). */
export const QUIET_ZONE = 4;

/** The dark modules as one path: a rectangle for every run of them in a row. */
export function qrPath(modules: string, size: number): string {
  const runs: string[] = [];
  for (let y = 0; y < size; y++) {
    const row = modules.slice(y * size, (y + 1) * size);
    for (const run of row.matchAll(/1+/g)) {
      const width = run[0].length;
      runs.push(`M${run.index + QUIET_ZONE} ${y + QUIET_ZONE}h${width}v1h-${width}z`);
    }
  }
  return runs.join("");
}
