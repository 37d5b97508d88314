import { setTimeout as sleep } from 'node:timers/promises';
import { workspace as fabricWorkspace } from '../azure-hosts/azure.ts';
import type { FileNode } from '../dfs/tree.ts';
import { type Growing, growingParquet, growingRows } from '../kill-rounds.ts';
import type { TestWorkspace } from '../workspace.ts';
import { type Fabric, mirror } from './fabric.ts';
import { numbered } from './scene.ts';

/** `keyed`: rows change as well, and are updated by their key. `inserted`: rows without a key, of which one that Fabric applies twice is there twice. */
export const growingKinds = ['keyed', 'inserted'] as const;
export type GrowingKind = (typeof growingKinds)[number];

const table = 'growing';
const landed = /LandingZone\/growing\/(_[A-Za-z]+\/)?\d{20}\.parquet$/;
const sixHours = 6 * 60 * 60 * 1000;

/** A growing source that settles in a mirrored database, whose replicator works meanwhile. */
export interface GrowingInFabric extends AsyncDisposable {
  readonly flow: Readonly<Record<string, string>>;
  readonly growing: Growing;
  /** Files that Fabric has taken. */
  readonly taken: () => number;
}

/**
 * Fabric looks at the landing zone all the time, at most three files in a look, and six hours pass between two of them: what it took is moved away and removed while
 * hygge publishes.
 */
export function growingIntoFabric({ azure, replicator, clock }: Fabric, kind: GrowingKind): GrowingInFabric {
  const to = `{ type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}, path: Files/LandingZone/${table}, target_file_size: 300KB }`;
  const watermark = kind === 'keyed' ? '{ column: at, key: [id] }' : '{ column: id, boundary: open }';
  const contents = new Map<string, Buffer>();
  const files = () => [...azure.dfs.files('onelake', fabricWorkspace.name)];
  const taken = () => replicator.table(table)?.taken ?? [];

  async function look(): Promise<void> {
    clock.now += sixHours;
    keepContents(
      files().filter(([path]) => landed.test(path)),
      contents,
    );
    await replicator.turn();
  }

  /** Until Fabric has nothing left to take. Throws where it refused something, waits at a gap, or took other numbers than all there are. */
  async function bring(workspace: TestWorkspace): Promise<void> {
    for (let before = -1; before !== taken().length; ) {
      before = taken().length;
      await look();
    }
    const { error, waitsFor } = replicator.table(table) ?? {};
    const broken = replicator.violations.map(({ rule, detail }) => `${rule}: ${detail}`);
    if (broken.length > 0 || error) throw new Error(`Fabric refuses: ${[...broken, error?.message].join('; ')}`);
    if (waitsFor !== undefined) throw new Error(`Fabric waits for ${waitsFor}`);
    const odd = taken().find((name, i) => name !== numbered(i + 1));
    if (odd !== undefined) throw new Error(`Fabric took ${odd} out of its order`);
    await replicator.copyTo(table, workspace.path('mirrored.parquet'));
  }

  let isOver = false;
  const working = (async () => {
    for (; !isOver; await sleep(50)) await look();
  })();
  // What it throws is thrown when the replicator is let go.
  working.catch(() => undefined);
  const { settled: _, ...parquet } = growingParquet;
  return {
    flow: { 'flows/f/flow.yml': `home: in\nstore: ${to}\nrun_type: incremental\nwatermark: ${watermark}\n` },
    growing: {
      ...parquet,
      write: (workspace, from, end) =>
        workspace.parquet(
          `in/${from}.parquet`,
          kind === 'keyed' ? changingRows(from, end) : growingRows(from, end),
          ', row_group_size 10000',
        ),
      source: (workspace) => (kind === 'keyed' ? newestOf(parquet.source(workspace)) : parquet.source(workspace)),
      listed: (workspace) => `'${workspace.path('mirrored.parquet')}'`,
      passed: bring,
      fetch: async (workspace) => {
        await bring(workspace);
        return files().flatMap(([path, file]) => (isLeft(path, file) ? [path] : []));
      },
      env: azure.env,
    },
    taken: () => taken().length,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await working;
    },
  };
}

/** Throws where a number has another content than it had before. */
function keepContents(files: readonly (readonly [string, FileNode])[], contents: Map<string, Buffer>): void {
  for (const [path, { content }] of files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const before = contents.get(name);
    if (before !== undefined && !before.equals(content)) throw new Error(`${name} has another content than it had`);
    contents.set(name, content);
  }
}

const isLeft = (path: string, { pending }: FileNode) => pending.size > 0 || path.includes('/staging/');

/** New rows, and one newer row of an old key for every ten of them. No key has two rows at the same time. */
function changingRows(from: number, to: number): string {
  const known = from - 100;
  if (known <= 0) return growingRows(from, to);
  const changed = `select (range * 7919) % ${known} as id, timestamp '2024-01-01' + interval (range // 7) second as "at", md5('again ' || range) as noise from range(${from}, ${to}, 10)`;
  return `${growingRows(from, to)} union all ${changed}`;
}

const newestOf = (files: string) => `(select * from ${files} qualify row_number() over (partition by id order by "at" desc) = 1)`;
