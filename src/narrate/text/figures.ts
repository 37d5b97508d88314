/** Numbers as people read them. */
import { count, counted } from '../../errors/as-argument.ts';

export { count, counted };

/** The number of rows that a run added. The number is negative if a file has fewer rows than before. */
export function settledRows(rows: number): string {
  return rows < 0 ? `${counted(-rows, 'row')} fewer than before` : `${counted(rows, 'row')} settled`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `812 bytes`, `9.4 kB`, `61 MB`. */
export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (Math.round(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${n === 1 ? 'byte' : units[unit]}`;
}

/** `0.04 s`, `6.2 s`, `1 m 05 s`, `2 h 03 m`. */
export function duration(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 0.995) return `${s.toFixed(2)} s`;
  if (s < 59.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(s / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

/** Rows a second, short: `950/s`, `412k/s`, `3.1M/s`. */
export function rate(perSecond: number): string {
  if (perSecond < 1000) return `${Math.round(perSecond)}/s`;
  if (perSecond < 999_500) return `${shortened(perSecond / 1000)}k/s`;
  return `${shortened(perSecond / 1_000_000)}M/s`;
}

function shortened(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** How long ago, roughly: `just now`, `12 minutes ago`, `3 days ago`. */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${counted(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${counted(hours, 'hour')} ago`;
  return `${counted(Math.floor(hours / 24), 'day')} ago`;
}
