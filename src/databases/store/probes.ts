/** Tables with which `debug` tries what a run does. If DDL commits by itself, the tables of a killed `debug` stay in the database. */

const form = /^probe_([0-9a-z]{8,9})_[0-9a-z]+(?:_[dkr])?$/;

/** The age in milliseconds from which a probe’s table is abandoned, because no `debug` runs for so long. */
const overAfterMs = 60 * 60_000;

/** The name of a probe’s table, which contains the time when the table was made, so that abandoned tables are recognised. */
export const probeName = (nowMs: number, nonce: string): string => `probe_${nowMs.toString(36)}_${nonce.toLowerCase()}`;

/** The tables of a staging schema, among these names, that a killed `debug` left behind. */
export function leftoverProbes(names: Iterable<string>, nowMs: number): readonly string[] {
  return [...names].filter((name) => {
    const [, made] = form.exec(name) ?? [];
    return made !== undefined && nowMs - Number.parseInt(made, 36) > overAfterMs;
  });
}
