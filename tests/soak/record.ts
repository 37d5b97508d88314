import { keep } from '../../bench/kept.ts';

/** Keeps the last result of each proof in bench/results/soak.md. */
export const record = (what: string, came: string): void => keep('soak', what, came);
