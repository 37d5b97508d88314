import { setTimeout as sleep } from 'node:timers/promises';
import { workspace as fabricWorkspace } from '../azure-hosts/azure.ts';
import type { ComparedDestination } from '../compared-kill-rounds.ts';
import type { FileNode } from '../dfs/tree.ts';
import { type Growing, growingParquet, growingRows } from '../kill-rounds.ts';
import type { TestWorkspace } from '../workspace.ts';
import { type Fabric, mirror } from './fabric.ts';
import { numbered } from './scene.ts';

/** `keyed`: rows change as well, and are updated by their key. `inserted`: rows without a key, of which one that Fabric applies twice is there twice. */
export const growingKinds = ['keyed', 'inserted'] as const;
export type GrowingKind = (typeof growingKinds)[number];

const sixHours = 6 * 60 * 60 * 1000;

/** A mirrored table whose replicator works while hygge does. */
interface ReplicatorAtWork extends AsyncDisposable {
  /** The store of the flow, without its last brace. */
  readonly store: string;
  /** Names of the files that Fabric has taken, in order. */
  readonly taken: () => readonly string[];
  /** Works until Fabric has nothing left to take. Throws where it refused something, waits at a gap, or took other numbers than all there are. */
  readonly bring: () => Promise<void>;
  /** Paths of what was begun and not ended. */
  readonly unfinished: () => readonly string[];
}

/**
 * Fabric looks at the landing zone all the time, at most three files in a look, and six hours pass between two of them: what it took is moved away and removed while
 * hygge publishes.
 */
function workOn({ azure, replicator, clock }: Fabric, table: string): ReplicatorAtWork {
  const landed = new RegExp(`LandingZone/${table}/(_[A-Za-z]+/)?\\d{20}\\.parquet$`);
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

  async function bring(): Promise<void> {
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
  }

  let isOver = false;
  const working = (async () => {
    for (; !isOver; await sleep(50)) await look();
  })();
  // What it throws is thrown when the replicator is let go.
  working.catch(() => undefined);
  return {
    store: `{ type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}`,
    ...{ taken, bring },
    unfinished: () => files().flatMap(([path, file]) => (isLeft(path, file) ? [path] : [])),
    async [Symbol.asyncDispose]() {
      isOver = true;
      await working;
    },
  };
}

/** A growing source that settles in a mirrored database. */
export interface GrowingInFabric extends AsyncDisposable {
  readonly flow: Readonly<Record<string, string>>;
  readonly growing: Growing;
  /** The number of files that Fabric has taken. */
  readonly taken: () => number;
}

export function growingIntoFabric(fabric: Fabric, kind: GrowingKind): GrowingInFabric {
  const table = 'growing';
  const work = workOn(fabric, table);
  const watermark = kind === 'keyed' ? '{ column: at, key: [id] }' : '{ column: id, boundary: open }';
  const bring = async (workspace: TestWorkspace) => {
    await work.bring();
    await fabric.replicator.copyTo(table, workspace.path('mirrored.parquet'));
  };
  const { settled: _, ...parquet } = growingParquet;
  return {
    flow: {
      'flows/f/flow.yml': `home: in\nstore: ${work.store}, path: Files/LandingZone/${table}, target_file_size: 300KB }\nrun_type: incremental\nwatermark: ${watermark}\n`,
    },
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
        return work.unfinished();
      },
      env: fabric.azure.env,
    },
    taken: () => work.taken().length,
    [Symbol.asyncDispose]: () => work[Symbol.asyncDispose](),
  };
}

/** A table whose keys are compared, mirrored. */
export function comparedInFabric(
  fabric: Fabric,
): AsyncDisposable & { readonly destination: ComparedDestination; readonly taken: () => number } {
  // The flow's one entity.
  const table = 'e';
  const work = workOn(fabric, table);
  return {
    destination: {
      store: () => `${work.store} }`,
      env: fabric.azure.env,
      async rows() {
        await work.bring();
        const rows = await fabric.replicator.query(`select id, v, n from "${table}" order by id`);
        return rows.map((row) => Object.values(row).map(String).join(' '));
      },
      unfinished: work.unfinished,
    },
    taken: () => work.taken().length,
    [Symbol.asyncDispose]: () => work[Symbol.asyncDispose](),
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
