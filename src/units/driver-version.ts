/** The version of an NVIDIA driver, part by part: `550.54.15` is `[550, 54, 15]`. The first part is its branch. */
export type DriverVersion = readonly number[];

/** Reads `550.54.15`, `551.61` (Windows) and `580` (a branch). `undefined` for anything else. */
export function parseDriverVersion(text: string): DriverVersion | undefined {
  const trimmed = text.trim();
  return /^\d{1,5}(?:\.\d{1,5}){0,4}$/.test(trimmed) ? trimmed.split('.').map(Number) : undefined;
}

/** Negative, zero or positive, as `Array.prototype.sort` wants it. A part that is absent counts as 0. */
export function compareDriverVersions(left: DriverVersion, right: DriverVersion): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `550.54.15`. NVIDIA pads every part after the first to two digits: `535.54.03`. */
export function formatDriverVersion(version: DriverVersion): string {
  return version
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
    .join('.');
}
