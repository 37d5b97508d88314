import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atMost, type CaseResult, type Scale } from './cases/case.ts';
import { measure } from './measure.ts';
import { alternate, type Side } from './pairs.ts';
import { type BenchWorkspace, hygge } from './workspace.ts';

export const megabyte = 1e6;

/** DuckDB keeps the order of rows unless it is told not to. */
export type Order = 'ordered' | 'unordered';

export interface Race {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  /** What DuckDB writes, and how: a module that is called with the source, the copy, the order, and `also`. */
  readonly copy: string;
  readonly rival: string;
  readonly also?: readonly string[];
  /** The mode of DuckDB that the limit is about. */
  readonly against: Order;
  readonly limit: number;
  readonly peakMegabytes: number;
  /** How often the sides run, when nobody says. */
  readonly pairs?: number;
  /** Whether what settled is what the source holds. */
  same(): Promise<boolean>;
  /** More to say about what settled. */
  more?(): Promise<Pick<CaseResult, 'checks' | 'notes'>>;
}

/** `hygge go` in a workspace against DuckDB's COPY of the same source, in both of its modes. */
export async function race(scale: Scale, of: Race, space: BenchWorkspace): Promise<CaseResult> {
  const sides = [hyggeSide(space), duckdbSide(of, 'ordered'), duckdbSide(of, 'unordered')];
  scale.say('hygge, DuckDB, DuckDB unordered, in turn…');
  const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 2 : (of.pairs ?? 5)));
  await space.empty();
  await sides[0]?.run();
  if (!(await of.same())) throw new Error('what hygge settled is not what the source holds');
  const more = await of.more?.();
  const ratio = pairs.ratios[sideName(of.against)]?.lowerQuartile ?? Number.NaN;
  const peak = pairs.sides[0]?.quartilePeakBytes ?? Number.NaN;
  const { size } = await stat(of.source);
  const mode = of.against === 'ordered' ? 'at its defaults' : 'unordered';
  return {
    name: of.name,
    what: of.what,
    pairs,
    checks: [
      atMost(`time of DuckDB COPY ${mode}, lower quartile`, ratio, of.limit, '×'),
      atMost('peak memory, lower quartile', peak / megabyte, of.peakMegabytes, 'MB'),
      ...(more?.checks ?? []),
    ],
    notes: [`the source has ${Math.round(size / megabyte)} MB; what settled is equal to it by column hashes`, ...(more?.notes ?? [])],
  };
}

/** A module of this folder. */
export const moduleHere = (name: string): string => join(import.meta.dirname, name);

/** A workspace with one flow. */
export const flowOver = (source: string, store: string): Readonly<Record<string, string>> => ({
  'hygge.yml': 'name: bench\n',
  'flows/copy/flow.yml': `home: { path: ${JSON.stringify(source)} }\nstore: { path: lake, ${store} }\n`,
});

const sideName = (order: Order): string => `DuckDB COPY, ${order}`;

function hyggeSide(space: BenchWorkspace): Side {
  return {
    name: 'hygge go',
    prepare: () => space.empty(),
    run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
    // Before the others' turn: gigabytes of dirty pages would be written at their cost.
    settle: () => space.empty(),
  };
}

function duckdbSide({ source, copy, rival, also = [] }: Race, order: Order): Side {
  const name = sideName(order);
  return { name, run: () => measure({ name, args: [rival, source, copy, order, ...also] }), settle: () => rm(copy, { force: true }) };
}
