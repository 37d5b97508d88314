/** The recent speed: a mean over the last few seconds, so that it neither jitters nor includes a slow start. */
export interface Pace {
  add(atMs: number, n: number): void;
  /** Units per second. */
  perSecond(): number;
}

const sampleEveryMs = 500;
const samplesKept = 10;

export function createPace(): Pace {
  const samples: { atMs: number; n: number }[] = [];
  let latest: { atMs: number; n: number } | undefined;
  return {
    add(atMs, n) {
      latest = { atMs, n };
      const last = samples.at(-1);
      if (last === undefined || atMs - last.atMs >= sampleEveryMs) samples.push(latest);
      if (samples.length > samplesKept) samples.shift();
    },
    perSecond() {
      const first = samples[0];
      if (first === undefined || latest === undefined || latest.atMs <= first.atMs) return 0;
      return Math.max(0, ((latest.n - first.n) * 1000) / (latest.atMs - first.atMs));
    },
  };
}
