import { describe, expect, test } from 'vitest';
import { realRandom } from '../../../../src/adapters/real-random.ts';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import type { FilesHead, HeadKind } from '../../../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../../../src/files/store/layout.ts';
import { fileStore } from '../../../../src/files/store/store.ts';
import type { StoreUnderTest } from '../../../support/connector-conformance/bench.ts';
import { simFrame } from '../../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../../support/connector-conformance/store.ts';
import { SEED, sampled } from '../../../support/samples.ts';
import { Unscheduled } from '../../../support/sim/at-once.ts';
import { deaths, matrix } from '../../../support/sim/deaths.ts';
import { filesDestination, type HeadReader } from '../../../support/sim/destination.ts';
import { directing, type Move } from '../../../support/sim/directed.ts';
import { Disk, SimFileSystem } from '../../../support/sim/disk.ts';
import { drowsy, execute, explain, type Plot, seeded } from '../../../support/sim/explore.ts';
import { jsonLines } from '../../../support/sim/jsonl-format.ts';
import { baseSchema, rowText } from '../../../support/sim/rows.ts';
import { rowsApart } from '../../../support/sim/rows-apart.ts';
import { isFor, references, scenarios } from '../../../support/sim/scenarios.ts';
import { directed } from '../../../support/sim/schedules.ts';
import type { Pair } from '../../../support/sim/world.ts';
import { logHeads, replay } from './log.ts';

/** Reads the log past every port; what it read last is kept, since the oracle looks after each call. */
function logReader(): HeadReader {
  let last: { readonly bodies: readonly Uint8Array[]; readonly head: FilesHead | null } = { bodies: [], head: null };
  return (disk) => {
    const bodies: Uint8Array[] = [];
    const folder = [...disk.bodies.keys()].find((path) => /^_hygge\/.*\/_log\/\d+\.json$/.test(path))?.replace(/\d+\.json$/, '');
    for (let number = 1; ; number++) {
      const body = disk.bodies.get(`${folder}${String(number).padStart(20, '0')}.json`);
      if (!body) break;
      bodies.push(body);
    }
    const isSame = bodies.length === last.bodies.length && bodies.every((body, i) => body === last.bodies[i]);
    if (!isSame) last = { bodies, head: bodies.reduce<ReturnType<typeof replay>>(replay, undefined)?.head ?? null };
    return last.head;
  };
}

function placeOf(partitionBy?: readonly string[]): FilePlace {
  const where = { type: 'test', root: 'lake', folder: 'crm/e', flow: 'f', entity: 'e', extension: jsonLines.extension };
  return { ...where, layout: 'plain', ...(partitionBy ? { partitionBy } : {}) };
}

async function inMemory(partitionBy?: readonly string[]): Promise<StoreUnderTest> {
  const disk = new Disk('memory://lake');
  const files = new SimFileSystem(new Unscheduled('test', () => undefined), disk, { name: 'lake', step: () => undefined });
  const scratch = realScratch();
  const open = async (place: FilePlace = placeOf(partitionBy)) =>
    fileStore({
      files,
      place,
      heads: logHeads,
      where: 'lake/crm/e',
      format: jsonLines,
      targetBytes: 1_000_000,
      apart: rowsApart,
      random: realRandom(),
      scratch,
    });
  const reader = logReader();
  return {
    open,
    at: (place) => open(place as unknown as FilePlace),
    frame: simFrame,
    settled: async () => filesDestination(disk, 'crm/e', reader).rows().map(rowText).sort(),
    plantForeign: async (rows) => {
      const lines = [JSON.stringify(baseSchema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`];
      disk.plant('crm/e/theirs.jsonl', `${lines.join('\n')}\n`);
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

const layouts = [
  ['files in memory whose head is a log', undefined],
  ['files in memory whose head is a log, partitioned', ['mark']],
] as const;
for (const [name, partitionBy] of sampled(layouts, 2)) storeConformance(`${name}`, () => inMemory(partitionBy));

const logPair = (store: 'plain' | 'versioned' | 'partitioned' | 'uploads', kind: HeadKind = logHeads): Pair => ({
  store,
  state: 'memory',
  head: { kind, destination: (disk, folder) => filesDestination(disk, folder, logReader()) },
});

const kinds = ['plain', 'versioned', 'partitioned', 'uploads'] as const;

/** `stride` as in the crash matrix of the stores that hygge brings. */
const stride = 32 * Object.keys(deaths).length + 1;

describe('killed or refused at a call, with a log for a head', () => {
  const cells = kinds
    .map((store) => logPair(store))
    .flatMap((pair, at) =>
      sampled(references.entries(), 12, SEED + 3 * at).flatMap(([i, scenario]) =>
        isFor(scenario, pair) ? [{ name: `${scenario.name}, ${pair.store}`, scenario, pair, i }] : [],
      ),
    );
  test.each(cells)('$name loses nothing and doubles nothing', async ({ scenario, pair, i }) => {
    const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride, first: SEED + i });
    expect(wounds).toEqual([]);
    expect(calls).toBeGreaterThan(4);
    expect(runs).toBeGreaterThan(0);
  });
});

describe('seeded runs over a log for a head', () => {
  test.each(kinds.map((store, i) => ({ store, i })))('settle the source, whatever goes wrong: $store', async ({ store, i }) => {
    const pair = logPair(store);
    const failures: string[] = [];
    for (const [at, scenario] of sampled(scenarios.filter((one) => isFor(one, pair)).entries(), 12, SEED + 3 * i)) {
      const plot: Plot = { scenario, pair };
      const seed = SEED + at * 4 + i;
      for (const pickBy of sampled([seeded, drowsy], 2, (SEED >> 1) + at))
        if ((await execute(plot, pickBy(seed), true)).violation !== null)
          failures.push([`${seed}: ${scenario.name}`, ...(await explain(plot, pickBy(seed), true))].join('\n'));
    }
    expect(failures).toEqual([]);
  });

  /** A run stops right before it moves the head, and the head moves to a fence meanwhile. */
  const fenced = directed.find(({ scenario }) => scenario.name === 'fenced between the look at the head and its move')?.scenario;
  const moves: readonly Move[] = [
    { process: 'adopt', until: /state list $/, more: 3 },
    { process: 'B', before: /put if none .*_log/ },
    { process: 'adopt' },
    { process: 'B' },
  ];

  async function overtaken(kind: HeadKind): Promise<string | null> {
    if (!fenced) throw new Error('no such scenario');
    const plot = { scenario: fenced, pair: logPair('plain', kind) };
    return (await execute(plot, directing(moves), true)).violation;
  }

  test('a run whose head was moved by another does not count as the winner', async () => {
    expect(await overtaken(logHeads)).toBeNull();
  });
});
