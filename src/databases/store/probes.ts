/** Tables by which `debug` tries what a run does. If DDL commits by itself, the tables of a killed `debug` stay in the database. */

const form = /^probe_([0-9a-z]{8,9})_[0-9a-z]+(?:_[dkr])?$/;

/** No `debug` runs for so long. */
const overAfterMs = 60 * 60_000;

/** The name has the time it was made, so that abandoned tables are recognised. */
export const probeName = (nowMs: number, nonce: string): string => `probe_${nowMs.toString(36)}_${nonce.toLowerCase()}`;

/** The names among these tables of a staging schema that a killed `debug` left behind. */
export function leftoverProbes(names: Iterable<string>, nowMs: number): readonly string[] {
  return [...names].filter((name) => {
    const [, made] = form.exec(name) ?? [];
    return made !== undefined && nowMs - Number.parseInt(made, 36) > overAfterMs;
  });
}
