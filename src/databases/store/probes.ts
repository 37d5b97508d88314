/** Tables that `debug` makes to try what a run does. A database whose DDL commits by itself keeps those of a `debug` that was killed. */

const form = /^probe_([0-9a-z]{8,9})_[0-9a-z]+(?:_[dkr])?$/;

/** No `debug` takes as long. */
const overAfterMs = 60 * 60_000;

/** It says when it was made, so that what was left behind is known by its name. */
export const probeName = (nowMs: number, nonce: string): string => `probe_${nowMs.toString(36)}_${nonce.toLowerCase()}`;

/** Those names of tables in a staging schema that a killed `debug` left behind. */
export function leftoverProbes(names: Iterable<string>, nowMs: number): readonly string[] {
  return [...names].filter((name) => {
    const [, made] = form.exec(name) ?? [];
    return made !== undefined && nowMs - Number.parseInt(made, 36) > overAfterMs;
  });
}
