import type { StagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import { deletedColumn } from '../../../src/engine/contracts/home.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { EnginePorts } from '../../../src/engine/contracts/ports.ts';
import { type EntitySpec, entityDefaults, schemaDefaults, type WatermarkSpec } from '../../../src/engine/contracts/spec.ts';
import type { Part, Store } from '../../../src/engine/contracts/store.ts';
import { recordsOfTable, tableHeads } from '../../../src/files/landing-zone/records.ts';
import { landingStore } from '../../../src/files/landing-zone/store.ts';
import type { HeadKind } from '../../../src/files/store/head/head-log.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { type FileStoreOptions, fileStore } from '../../../src/files/store/store.ts';
import { wording } from '../../../src/narrate/text/notes.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { StagedFile } from '../../../src/ports/filesystem.ts';
import type { Random } from '../../../src/ports/random.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';
import type { StateRow, StateStore } from '../../../src/ports/state.ts';
import type { Json } from '../../../src/ports/values.ts';
import { filesState } from '../../../src/state/files.ts';
import { objectsState } from '../../../src/state/objects/state.ts';
import { but } from '../but.ts';
import { ApiHome, ApiServer } from './api-home.ts';
import type { Step } from './call.ts';
import type { Coverage } from './coverage.ts';
import { Database } from './database.ts';
import { type Destination, filesDestination, sqlDestination } from './destination.ts';
import { Disk, SimFileSystem } from './disk.ts';
import { SimServer } from './engine/server.ts';
import { SimPool, SimSession } from './engine/session.ts';
import { databaseDestination, databaseStore, loseAll, loseStaging, plantRows } from './engine/store.ts';
import { encodedLines, jsonLines } from './jsonl-format.ts';
import { MemoryState } from './memory-state.ts';
import { Mirror, MirrorDisk, mirrorDestination, mirroredFolder, simulatedNewest } from './mirror.ts';
import { PagesHome } from './pages-home.ts';
import { Pool } from './pool.ts';
import type { Process } from './process.ts';
import { Refusals } from './refusals.ts';
import { inTens, keyHashing, type Row, simulatedTools, withoutCell } from './rows.ts';
import { rowsApart } from './rows-apart.ts';
import { settledFiles } from './settled-home.ts';
import { SimHome } from './sim-home.ts';
import { simState, stepOfRowWrite } from './sim-state.ts';
import { Source } from './source.ts';
import { SqlStore } from './sql-store.ts';
import { Bucket, SimBucket } from './uploads.ts';

/** `sql`: a model of a table that merges and deletes by value. `uploads`: plain, in a bucket, where what is staged has no name of its own. `mirrored`: a landing zone. */
export type StoreKind = 'sql' | 'plain' | 'versioned' | 'partitioned' | 'uploads' | 'mirrored' | DatabaseKind;
/**
 * The store of databases, as the product has it, on a simulated server. `committing`: its DDL commits by itself. `heedless`: a SELECT that asks for a lock
 * gets none, as a server does that ignores hints of T-SQL.
 */
export const databaseKinds = ['database', 'committing', 'heedless'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];
export type StateKind = 'memory' | 'files' | 'objects';

/** A store and a state backend, to be proven together. */
export interface Pair {
  readonly store: StoreKind;
  readonly state: StateKind;
  /** Of stores of files: how the head is kept, and read past every port. Default: `current.json`. */
  readonly head?: {
    readonly kind: HeadKind;
    readonly destination: (disk: Disk, folder: string) => Destination;
    /** Tells readers of a file that another program wrote. Absent: they find it themselves. */
    readonly announce?: (disk: Disk, file: string) => void;
    /** A store of its own. Absent: that of files. */
    readonly open?: (options: Omit<FileStoreOptions, 'heads'>) => Store;
  };
}

export type SpecChanges = Partial<Omit<EntitySpec, 'watermark'>> & { readonly watermark?: Partial<WatermarkSpec> | null };

export interface Setting {
  readonly pair: Pair;
  readonly rows: readonly Row[];
  /** `versioned`: slices, of a source that tells when it has changed. */
  readonly home:
    | 'slices'
    | 'pages'
    | 'partly'
    | 'versioned'
    | 'api'
    | 'api that tells its columns'
    | 'api with a clock'
    | 'api that only adds'
    | 'api that tells deletes';
  /** `store.mark_column`, of a table. */
  readonly markColumn?: boolean;
  /** A table that keeps watermarks in tens. */
  readonly tens?: boolean;
  readonly spec: SpecChanges;
}

export const key = { flow: 'sim', entity: 'orders' } as const;
const folder = 'sim/orders';

const watermark: WatermarkSpec = {
  column: 'mark',
  initial: null,
  key: [],
  lagMs: 0,
  overlapMs: 0,
  nulls: 'include',
  boundary: 'closed',
  future: 'wait',
};

const where = { file: 'flows/sim/flow.yml', line: 1, column: 1 };

export function specOf(changes: SpecChanges): EntitySpec {
  const mark = changes.watermark === null ? null : { ...watermark, ...changes.watermark };
  return {
    ...entityDefaults,
    workspace: 'simulated',
    root: '/simulated',
    ...key,
    home: { type: 'sim', config: {} },
    store: { type: 'sim', config: {} },
    runType: 'incremental',
    ifExists: 'fail',
    writeStrategy: null,
    onEmpty: 'replace',
    onShrink: 'warn',
    changedFiles: 'fail',
    schema: schemaDefaults,
    keepMs: 90 * 86_400_000,
    schedule: null,
    ...{ where, homeWhere: where, watermarkWhere: where },
    ...changes,
    watermark: mark,
  };
}

const noScratch: Scratch = {
  path: () => Promise.reject(new Error('the simulator has no scratch')),
  free: () => Promise.reject(new Error('the simulator has no scratch')),
  [Symbol.asyncDispose]: async () => undefined,
};

/** Parsing costs more than all the rest: once for each content, which is the same in many simulations. */
const rowsOfTexts = new Map<string, StateRow | undefined>();

/** Everything outside the processes of one simulation: source, destination, state, time and chance. */
export class World {
  readonly setting: Setting;
  /** As somebody has written it last. A process keeps the one that it began with. */
  spec: EntitySpec;
  readonly source: Source;
  readonly api: ApiServer;
  readonly lake: Disk;
  /** What Fabric makes of the lake. */
  readonly mirror: Mirror | null;
  readonly db = new Database();
  readonly server: SimServer | null;
  readonly #sessions = new Map<Process, SimPool>();
  readonly stateDisk = new Disk('memory://workspace');
  readonly memoryState = new MemoryState();
  readonly #pools = new Map<Process, Pool>();
  readonly destination: Destination;
  readonly coverage: Coverage;
  /** What is refused for good, for now. */
  readonly refusals = new Refusals();
  readonly processes = new Map<number, Process>();
  /** What durable runs have recorded: name of a step → its first outcome. */
  readonly history = new Map<string, unknown>();
  /** The state was lost, or the destination was: the row and the head part ways until somebody resets. */
  estranged = false;
  /** Somebody gives up what is decided, where its token goes before the head is its fence. */
  discarding = false;
  /** Staged names that somebody threw away. */
  readonly thrownAway = new Set<string>();
  /** Dropped by somebody: a request that was under way may still land in the ruins. */
  ruined = false;
  /** Told when state or destination are lost, or rows alone: what was seen before counts no more. */
  onLoss: (what: 'state' | 'destination' | 'rows') => void = () => undefined;
  /** Of every head there has been: nothing of theirs may lie about unlisted. One that was lost before its first commit nobody knows. */
  readonly lineages = new Set<string>();
  /** Rows that somebody else put into the destination. */
  planted: readonly Row[] = [];
  /** Rows that somebody has dropped from quarantine, or is about to. */
  readonly dropped = new Set<string>();
  /** How often readers have seen each row at most. */
  readonly shown = new Map<string, number>();
  /** Entity runs whose intent the head has been. */
  readonly committed = new Set<string>();
  /** What each of them made readers see more, or in the place of all there was: as many rows it has to say that it settled. */
  readonly added = new Map<string, number>();
  /** Entity runs that somebody stopped before they held anything: the journal says so, whatever came later. */
  readonly stopped = new Set<string>();
  #now = Date.UTC(2026, 10, 20, 8);
  #count = 0;

  constructor(setting: Setting, coverage: Coverage) {
    this.setting = setting;
    this.spec = specOf(setting.spec);
    const lake = setting.pair.store === 'mirrored' ? new MirrorDisk('memory://lake') : null;
    this.lake = lake ?? (setting.pair.store === 'uploads' ? new Bucket('memory://lake') : new Disk('memory://lake'));
    this.mirror = lake && new Mirror(lake, { key: this.spec.watermark?.key ?? [], nowMs: () => this.#now });
    this.coverage = coverage;
    this.source = new Source(setting.rows, () => this.#now, keptBy(setting));
    this.api = new ApiServer({ source: this.source, nowMs: () => this.#now, tick: (ms) => this.tick(ms) });
    const { store } = setting.pair;
    const now = () => new Date(this.#now).toISOString();
    const ddl = store === 'committing' ? 'commits' : 'in transactions';
    this.server = isDatabase(store) ? new SimServer(ddl, now, { heedsHints: store !== 'heedless' }) : null;
    if (this.mirror) this.destination = mirrorDestination(this.mirror);
    else if (this.server) this.destination = databaseDestination(this.server, () => this.planted);
    else
      this.destination =
        store === 'sql' ? sqlDestination(this.db) : (setting.pair.head?.destination ?? filesDestination)(this.lake, folder);
  }

  /** As days since 1970: what a row has for a date that is of so long ago. */
  day(agoMs = 0): number {
    return Math.floor((this.#now - agoMs) / 86_400_000);
  }

  tick(ms = 7): void {
    this.#now += ms;
  }

  /** The state row, read past all ports. */
  async row(): Promise<StateRow | undefined> {
    if (this.setting.pair.state === 'memory') return (await this.memoryState.read(key))?.row;
    const body = [...this.stateDisk.bodies].find(([path]) => path.endsWith('.state.yml'))?.[1];
    if (body === undefined) return undefined;
    const text = Buffer.from(body).toString('latin1');
    if (!rowsOfTexts.has(text)) rowsOfTexts.set(text, (await this.rawState().read(key))?.row);
    return rowsOfTexts.get(text);
  }

  rawState(): StateStore {
    const files = this.stateDisk.raw;
    if (this.setting.pair.state === 'memory') return this.memoryState;
    return this.setting.pair.state === 'files' ? filesState({ files }) : objectsState({ files });
  }

  async loseState(): Promise<void> {
    this.estranged = true;
    this.onLoss('state');
    this.memoryState.forget(key);
    for (const path of [...this.stateDisk.bodies.keys()]) if (path.endsWith('.state.yml')) await this.stateDisk.remove(path);
  }

  /** Somebody drops the table or removes the folder, hygge's records with it. */
  async loseDestination(): Promise<void> {
    this.estranged = true;
    this.ruined = true;
    this.onLoss('destination');
    this.planted = [];
    if (this.server) loseAll(this.server);
    this.db.head = null;
    this.db.table = [];
    this.db.staging.clear();
    for (const path of [...this.lake.bodies.keys()]) await this.lake.remove(path);
  }

  async loseStaged(): Promise<void> {
    // While a commit publishes it, a table may have another name than its part.
    const pending = (await this.rawState().read(key))?.row.pending;
    const intent = pending && ((await this.rawState().getObject(key, pending.ref)) as unknown as Intent | undefined);
    for (const part of intent?.parts ?? []) this.thrownAway.add(stagedName(part));
    for (const name of this.destination.staged()) this.thrownAway.add(this.server ? name.replace(/^stg_\d+_[^_]+_/, '') : name);
    if (this.server) loseStaging(this.server);
    this.db.staging.clear();
    for (const path of this.destination.staged()) await this.lake.remove(path);
  }

  /** Data of somebody else, where ours is to settle. */
  plantForeign(rows: readonly Row[]): void {
    this.planted = [...this.planted, ...rows];
    if (this.server) plantRows(this.server, this.source.schema, rows);
    else if (this.setting.pair.store === 'sql')
      this.db.table = [...this.db.table, ...rows.map((row) => ({ row, ours: false, mark: null, source: undefined }))];
    else {
      const body = encodedLines(this.source.schema, rows);
      if (this.mirror) this.mirror.plantNext(body);
      else {
        this.lake.plant(`${folder}/theirs.jsonl`, body);
        this.setting.pair.head?.announce?.(this.lake, `${folder}/theirs.jsonl`);
      }
    }
  }

  ports(process: Process): EnginePorts {
    const pid = [...this.processes].find(([, each]) => each === process)?.[0] ?? this.processes.size + 1;
    this.processes.set(pid, process);
    const { random, spec } = this;
    return {
      clock: this.#clock(process),
      random,
      host: {
        self: { host: 'sim', boot: '1', pid, started: '0', program: process.name },
        processors: 2,
        fate: async (holder) => (this.processes.get(holder.pid)?.life === 'dead' ? 'dead' : 'alive'),
      },
      state: this.#state(process),
      emit: () => undefined,
      words: wording,
      budget: { acquire: async () => () => undefined },
      trace: (phase, event, outcome) => {
        process.event = event;
        this.coverage.transition(phase, event, outcome);
      },
      onDefect: () => undefined,
      withSumsOfFiles: (_files, _spec, work) => work(undefined),
      version: '0.0.0',
      frames: simulatedTools,
      entity: () => spec,
      home: async (_spec, pinned) => this.#home(process, pinned),
      store: async () => this.#store(process),
      storeAt: async (_, place) => this.#store(process, place),
    };
  }

  readonly random: Random = {
    id: () => `01SIM${String(++this.#count).padStart(21, '0')}`,
    nonce: () => (++this.#count).toString(36).padStart(10, '0'),
    fraction: () => 0.5,
  };

  #clock(process: Process): Clock {
    return {
      now: () => new Date(this.#now).toISOString(),
      monotonicMs: () => this.#now,
      sleep: (ms, signal) => {
        const slept = process.call<void>({ label: `sleep ${ms}`, kind: 'sleep', apply: () => this.tick(ms) });
        return signal ? Promise.race([slept, aborted(signal)]) : slept;
      },
    };
  }

  #state(process: Process): StateStore {
    if (this.setting.pair.state === 'memory') return simState(process, this.memoryState);
    const step = (_: string, path: string) => (path.endsWith('.state.yml') ? stepOfRowWrite(process) : undefined);
    const files = new SimFileSystem(process, this.stateDisk, { name: 'state', step });
    return this.setting.pair.state === 'files' ? filesState({ files }) : objectsState({ files });
  }

  #home(process: Process, pinned: Json | null): Home {
    const now = () => new Date(this.#now).toISOString();
    const { home } = this.setting;
    if (home === 'pages') return new PagesHome(process, this.source, now, () => this.tick(100_000));
    if (home.startsWith('api'))
      return new ApiHome(process, this.api, {
        revealed: home === 'api',
        upper: home === 'api with a clock' ? 'clock' : home === 'api that only adds' ? 'appended' : 'observed',
        deletes: home === 'api that tells deletes',
      });
    return new SimHome(process, this.source, now, {
      versioned: home === 'versioned',
      ...(home === 'partly' ? { partly: { pinned } } : {}),
    });
  }

  #store(process: Process, place?: Json): Store {
    const { server } = this;
    if (server) {
      const pool = this.#sessions.get(process) ?? new SimPool(() => new SimSession(process, server));
      this.#sessions.set(process, pool);
      return databaseStore(server, { pool, random: this.random, key, marked: this.setting.markColumn ?? false });
    }
    if (this.setting.pair.store === 'sql') {
      const pool = this.#pools.get(process) ?? new Pool();
      this.#pools.set(process, pool);
      return new SqlStore(process, this.db, {
        pool,
        random: this.random,
        mark: this.setting.markColumn ? 'sim.orders' : null,
        tens: this.setting.tens ?? false,
      });
    }
    const step = (operation: string) => (operation === 'stage' ? 'stage' : operation === 'discard' ? undefined : 'commit');
    if (this.mirror) return this.#mirrored(process, { mirror: this.mirror, place: place as unknown as FilePlace | undefined, step });
    const { store, head } = this.setting.pair;
    const layout = store === 'versioned' ? store : 'plain';
    const partitionBy = store === 'partitioned' ? { partitionBy: ['mark'] } : {};
    const here: FilePlace = { type: 'sim', root: 'lake', folder, ...key, layout, extension: jsonLines.extension, ...partitionBy };
    const options: Omit<FileStoreOptions, 'heads'> = {
      files:
        this.lake instanceof Bucket
          ? new SimBucket(process, this.lake, { name: 'lake', step })
          : new SimFileSystem(process, this.lake, { name: 'lake', step }),
      place: (place as unknown as FilePlace | undefined) ?? here,
      where: 'lake/sim/orders',
      format: jsonLines,
      targetBytes: 1_000_000,
      apart: rowsApart,
      random: this.random,
      scratch: noScratch,
    };
    const made = head?.open?.(options) ?? fileStore({ ...options, ...(head ? { heads: head.kind } : {}) });
    return but(made, { settled: { gives: 'rows', open: (head) => settledFiles(made, head) } });
  }

  #mirrored(
    process: Process,
    {
      mirror,
      place,
      step,
    }: { readonly mirror: Mirror; readonly place: FilePlace | undefined; readonly step: (operation: string) => Step | undefined },
  ): Store {
    const named = { folder: mirroredFolder, records: recordsOfTable(mirroredFolder), ...key };
    const here: FilePlace = { type: 'sim', root: 'lake', ...named, layout: 'plain', extension: jsonLines.extension };
    return landingStore({
      files: new SimFileSystem(process, mirror.disk, { name: 'lake', step }),
      place: place ?? here,
      heads: tableHeads,
      newest: simulatedNewest,
      keyHashes: keyHashing.exact,
      // Few, so that some become one, and are read in shares.
      keyLimits: { mostFiles: 3, mostHeld: 2 },
      ...{ keyColumns: null, rowMarker: null, partner: { name: 'sim' } },
      where: 'lake/LandingZone/orders',
      format: jsonLines,
      targetBytes: 1_000_000,
      apart: rowsApart,
      random: this.random,
      scratch: noScratch,
      clock: this.#clock(process),
      item: () => Promise.reject(new Error('no simulated run reads the mirrored table')),
      replication: () => process.call({ label: 'fabric status', kind: 'read', apply: () => mirror.replication() }),
    });
  }
}

export const isDatabase = (store: StoreKind): store is DatabaseKind => databaseKinds.some((kind) => kind === store);

/** What the destination makes of a row. */
function keptBy({ tens, spec }: Setting): ((row: Row) => Row) | undefined {
  if (spec.deletes === 'apply') return (row) => withoutCell(row, deletedColumn);
  return tens ? inTens : undefined;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** As `thrownAway` has it. */
export function stagedName({ ref }: Pick<Part, 'ref'>): string {
  if (typeof ref === 'string') return ref;
  const { staged, name } = ref as unknown as Partial<StagedFile> & Partial<StagedRef>;
  return staged ?? name ?? '';
}
