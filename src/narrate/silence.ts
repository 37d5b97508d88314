import { counted } from './figures.ts';
import type { Palette } from './palette.ts';
import { type Running, silenceOf } from './running.ts';
import { stillLooking, stillThere } from './sentences.ts';

/** What is said of a run of which nothing new is heard. */
export interface Silence {
  /** Something was heard, of whatever it was. */
  heard(atMs: number): void;
  /** Milliseconds of it, for when nothing is known of any entity. */
  lasts(nowMs: number): number;
  /** Lines for entities that were silent for long, once a minute; of many, one line. */
  lines(nowMs: number, running: readonly Running[], inFull: boolean): readonly string[];
}

const saidEveryMs = 60_000;

export function createSilence(palette: Palette): Silence {
  let heardMs = Number.POSITIVE_INFINITY;
  let saidMs = Number.NEGATIVE_INFINITY;
  const lasts = (nowMs: number): number => Math.max(0, nowMs - heardMs);
  const said = (text: string): string => `${palette.caution('…')} ${text}`;

  function beforeAnything(nowMs: number): readonly string[] {
    if (lasts(nowMs) < saidEveryMs || nowMs - saidMs < saidEveryMs) return [];
    saidMs = nowMs;
    return [said(stillLooking(lasts(nowMs)))];
  }

  return {
    heard(atMs) {
      heardMs = atMs;
    },
    lasts,
    lines(nowMs, running, inFull) {
      if (running.length === 0) return beforeAnything(nowMs);
      const silent = running.filter((one) => silenceOf(one, nowMs) >= saidEveryMs && nowMs - one.toldAtMs >= saidEveryMs);
      for (const one of silent) one.toldAtMs = nowMs;
      const shown = inFull ? silent : silent.slice(0, 1);
      const more = silent.length - shown.length;
      const others = more === 0 ? '' : ` (and ${counted(more, 'more entity', 'more entities')})`;
      return shown.map((one) => said(`${one.label}  ${stillThere(one, silenceOf(one, nowMs))}${others}`));
    },
  };
}
