import type { Measurement } from './measure.ts';

export interface Side {
  readonly name: string;
  /** Puts things as they must be before each run; not measured. */
  prepare?(): Promise<void>;
  run(): Promise<Measurement>;
  /** After each run; not measured. */
  settle?(): Promise<void>;
}

export interface SideResult {
  readonly name: string;
  readonly medianMs: number;
  readonly fastestMs: number;
  /** The largest of all runs, and the lower quartile. */
  readonly peakBytes: number | null;
  readonly quartilePeakBytes: number | null;
  /** Processor time, median. */
  readonly cpuMs: number;
  /** Time in which an fsync was under way, median. */
  readonly fsyncMs: number;
  readonly runsMs: readonly number[];
}

export interface PairsResult {
  readonly sides: readonly SideResult[];
  /** Time of the first side over each other side's, pair by pair. */
  readonly ratios: Readonly<Record<string, { readonly median: number; readonly lowerQuartile: number; readonly all: readonly number[] }>>;
}

/** Runs the sides in turn, A B A B …, so that a machine that is busy for a while is busy for all of them. */
export async function alternate(sides: readonly Side[], pairs: number, warmUps = 1): Promise<PairsResult> {
  const measured = sides.map(() => [] as Measurement[]);
  for (let round = -warmUps; round < pairs; round += 1) {
    for (const [index, side] of sides.entries()) {
      await side.prepare?.();
      const measurement = await side.run();
      await side.settle?.();
      if (round >= 0) measured[index]?.push(measurement);
    }
  }
  return summarize(sides, measured);
}

function summarize(sides: readonly Side[], measured: readonly (readonly Measurement[])[]): PairsResult {
  const first = measured[0] ?? [];
  const ratios = sides.slice(1).map((side, index) => {
    const other = measured[index + 1] ?? [];
    const all = first.map((run, pair) => run.wallMs / (other[pair]?.wallMs ?? Number.NaN));
    return [side.name, { median: quantile(all, 0.5), lowerQuartile: quantile(all, 0.25), all }] as const;
  });
  return { sides: sides.map((side, index) => summarizeSide(side.name, measured[index] ?? [])), ratios: Object.fromEntries(ratios) };
}

function summarizeSide(name: string, runs: readonly Measurement[]): SideResult {
  const times = runs.map(({ wallMs }) => wallMs);
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    name,
    medianMs: quantile(times, 0.5),
    fastestMs: Math.min(...times),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    quartilePeakBytes: peaks.length === 0 ? null : quantile(peaks, 0.25),
    cpuMs: quantile(
      runs.map((run) => run.cpuMs),
      0.5,
    ),
    fsyncMs: quantile(
      runs.map((run) => run.fsyncMs),
      0.5,
    ),
    runsMs: times,
  };
}

/** Linear between the two nearest values. NaN of nothing. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
