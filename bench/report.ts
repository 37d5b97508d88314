import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseResult, Check } from './cases/case.ts';
import type { SideResult } from './pairs.ts';

export interface BenchReport {
  readonly when: string;
  readonly machine: string;
  readonly quick: boolean;
  readonly cases: readonly CaseResult[];
}

/** `<name>.json` with every run, `<name>.md` for people. */
export async function writeReport(report: BenchReport, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, `${name}.md`), asMarkdown(report));
}

export function asMarkdown({ when, machine, quick, cases }: BenchReport): string {
  const scale = quick ? ' Quick run: small data, few pairs; no claim is made from it.' : '';
  const head = ['# Benchmark results', '', `${when}, on ${machine}.${scale}`, 'Trust the ratios: sides run in turn, A B A B.', ''];
  return [...head, ...cases.flatMap(caseLines)].join('\n');
}

function caseLines({ name, what, pairs, checks, notes }: CaseResult): readonly string[] {
  return [
    `## ${name}`,
    '',
    `${what}.`,
    '',
    ...(pairs === undefined
      ? []
      : [
          '| | median | of it fsync | processor time | fastest | peak memory | time of the first, median (lower quartile) |',
          '|---|---|---|---|---|---|---|',
        ]),
    ...(pairs?.sides.map((side) => sideLine(side, pairs.ratios[side.name])) ?? []),
    ...(pairs === undefined ? [] : ['']),
    ...checks.map((check) => `- ${checkLine(check)}`),
    ...notes.filter((note) => !isOfTable(note)).map((note) => `- ${note}`),
    '',
    ...notes.filter(isOfTable),
    '',
  ];
}

const isOfTable = (note: string): boolean => note.startsWith('|');

function sideLine(side: SideResult, ratio: { readonly median: number; readonly lowerQuartile: number } | undefined): string {
  const beside = ratio === undefined ? '' : `${ratio.median.toFixed(2)} (${ratio.lowerQuartile.toFixed(2)})`;
  const peak = side.peakBytes === null ? '' : `${Math.round(side.peakBytes / 1e6)} MB`;
  return `| ${side.name} | ${time(side.medianMs)} | ${side.fsyncMs === 0 ? '' : time(side.fsyncMs)} | ${side.cpuMs === 0 ? '' : time(side.cpuMs)} | ${time(side.fastestMs)} | ${peak} | ${beside} |`;
}

export function checkLine({ what, value, limit, unit, met }: Check): string {
  const gap = unit === '×' ? '' : ' ';
  return `${met ? '✓' : '✗'} ${what}: ${round(value)}${gap}${unit} (at most ${limit}${gap}${unit})`;
}

function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function round(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0);
}
