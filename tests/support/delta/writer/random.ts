/**
 * A table whose life is played by a seed: what it has (partitions, mapping, vectors, change feed, v2 checkpoints, …) and what happens to it, step by step.
 *
 *     await using life = await randomTable(seed, diskFolder(folder));
 *     for (let i = 0; i < 20; i++) await life.step();      // or between two reads of a run
 *     life.table.versions                                   // what every version was; `lost` tells which can't be read any more
 *     life.steps                                            // what happened, for the message of a test that failed
 *
 * The same seed and the same options play the same life. `without` keeps features away that a reader lacks, `calm` everything that takes older versions away
 * (VACUUM, log clean-up, drop and create again).
 */
import { type Dice, dice } from '../../sim/dice.ts';
import type { CheckpointKind } from './checkpoints.ts';
import type { Feature } from './features.ts';
import type { TableFolder } from './folder.ts';
import type { How, PlainColumn, PlainRow, PlainType, TableOptions } from './options.ts';
import type { Column, Primitive, Value } from './schema.ts';
import { DeltaTable } from './table.ts';

export interface LifeOptions {
  readonly without?: readonly (Feature | 'partitions' | 'misleading hint' | 'twin checkpoints')[];
  readonly calm?: boolean;
}

export interface Life extends AsyncDisposable {
  readonly table: DeltaTable;
  /** What happened so far. */
  readonly steps: readonly string[];
  /** Plays one step more, and says which. */
  step(): Promise<string>;
}

export async function randomTable(seed: number, folder: TableFolder, options: LifeOptions = {}): Promise<Life> {
  const roll = dice(seed ^ 0x5eed);
  // The first throws of neighbouring seeds are alike.
  for (let i = 0; i < 8; i++) roll();
  const born = birth(seed, roll, options);
  const table = await DeltaTable.create(folder, born);
  return new Player(table, roll, options, describe(born));
}

const describe = (born: TableOptions): string =>
  `create ${[...(born.features ?? []), `partitions ${born.partitionBy?.join() || 'none'}`, `mapping ${born.mapping ?? ''}`].join(', ')}`;

const optional: readonly Feature[] = [
  ...(['deletionVectors', 'columnMapping', 'v2Checkpoint', 'timestampNtz', 'typeWidening', 'changeDataFeed'] as const),
  ...(['inCommitTimestamp', 'vacuumProtocolCheck', 'domainMetadata'] as const),
];
/** How many tables of ten have it. */
const often: Readonly<Partial<Record<Feature, number>>> = { deletionVectors: 6, columnMapping: 4, changeDataFeed: 5 };

function birth(seed: number, roll: Dice, { without = [] }: LifeOptions): TableOptions {
  const features = optional.filter((feature) => roll() * 10 < (often[feature] ?? 2.5) && !without.includes(feature));
  const columns: PlainColumn[] = [
    { name: 'id', type: 'long' },
    { name: 'n', type: pick(roll, ['integer', 'short', 'byte'] as const) },
    { name: 's', type: 'string' },
    { name: 'd', type: pick(roll, ['double', 'float'] as const) },
    { name: 'flag', type: 'boolean' },
    { name: 'day', type: 'date' },
    { name: 'at', type: 'timestamp' },
    { name: 'price', type: 'decimal(12,3)' },
    { name: 'place', type: { struct: { x: 'integer', y: 'string' } } },
    { name: 'list', type: { array: 'integer' } },
    { name: 'p', type: 'string' },
    { name: 'k', type: 'integer' },
    ...(features.includes('timestampNtz') ? ([{ name: 'local', type: 'timestamp_ntz' }] as const) : []),
  ];
  const partitionBy = without.includes('partitions') ? [] : pick(roll, [[], [], [], ['p'], ['k'], ['day'], ['k', 'p']]);
  return {
    ...{ seed, columns, features, partitionBy, mapping: pick(roll, ['name', 'id'] as const), listed: roll() < 0.5 },
    indexed: pick(roll, [32, 32, 3, 0]),
  };
}

/** What can come next, and how often beside the others. */
const kinds: Readonly<Record<string, number>> = {
  append: 6,
  delete: 4,
  update: 4,
  merge: 3,
  overwrite: 0.7,
  'replace where': 1,
  optimize: 2,
  statistics: 1,
  checkpoint: 3,
  'compact log': 1.5,
  vacuum: 1,
  'clean log': 1,
  restore: 1.2,
  'add column': 1,
  'rename column': 1,
  'drop column': 0.7,
  'swap names': 0.5,
  widen: 1.2,
  enable: 0.6,
  recreate: 0.3,
  'no rows': 0.6,
  domain: 0.4,
  'misleading hint': 0.3,
};
const destructive = ['vacuum', 'clean log', 'recreate'];

class Player implements Life {
  readonly table: DeltaTable;
  readonly steps: string[];
  readonly #roll: Dice;
  readonly #options: LifeOptions;
  readonly #compacted = new Set<string>();
  #checkpointed = '';
  #nextId = 1;
  #names = 0;

  constructor(table: DeltaTable, roll: Dice, options: LifeOptions, born: string) {
    this.table = table;
    this.#roll = roll;
    this.#options = options;
    this.steps = [born];
  }

  async step(): Promise<string> {
    const { calm = false, without = [] } = this.#options;
    const possible = Object.entries(kinds).filter(
      ([kind]) => !(calm && destructive.includes(kind)) && !without.some((one) => one === kind),
    );
    const total = possible.reduce((sum, [, weight]) => sum + weight, 0);
    for (;;) {
      let left = this.#roll() * total;
      const [kind = ''] =
        possible.find(([, weight]) => {
          left -= weight;
          return left < 0;
        }) ?? [];
      const said = await this.#play(kind);
      if (said === undefined) continue;
      this.steps.push(`${this.table.current.version}: ${kind} ${said}`.trimEnd());
      return this.steps.at(-1) ?? '';
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.table[Symbol.asyncDispose]();
  }

  /** What it did beside its name; undefined: it can't be done to this table now. */
  async #play(kind: string): Promise<string | undefined> {
    const { table } = this;
    switch (kind) {
      case 'append': {
        const many = this.#roll() < 0.06 ? 300 : 12;
        const [rows, files] = [this.#rows(this.#count(many)), this.#count(3)];
        await table.append(rows, files);
        return `${rows.length} rows`;
      }
      case 'delete': {
        const [how, share] = [this.#how(), pick(this.#roll, [0.1, 0.3, 0.3, 1])];
        const chosen = this.#some(share);
        return saidIf(await table.delete((row) => chosen.has(row.id), how), `${chosen.size} rows, ${how}`);
      }
      case 'update': {
        const [how, chosen] = [this.#how(), this.#some(0.2)];
        return saidIf(
          await table.update((row) => (chosen.has(row.id) ? this.#row(row.id) : undefined), how),
          `${chosen.size} rows, ${how}`,
        );
      }
      case 'merge': {
        const [how, chosen] = [this.#how(), this.#some(0.2)];
        const rows = [...[...chosen].map((id) => this.#row(id)), ...this.#rows(this.#count(4))];
        const goes = new Set([...chosen].filter(() => this.#roll() < 0.3));
        return saidIf(await table.merge('id', rows, how, (row) => goes.has(row.id)), `${rows.length} rows, ${how}`);
      }
      case 'overwrite':
        return done(table.overwrite(this.#rows(this.#count(10)), undefined, this.#count(2)));
      case 'replace where': {
        const [column] = table.partitionColumns;
        const value = pick(this.#roll, [null, ...table.rows().map((row) => row[column?.name ?? 'id'] ?? null)]);
        const where = (row: PlainRow) => (row[column?.name ?? 'id'] ?? null) === value;
        return done(
          table.overwrite(this.#rows(this.#count(5), column === undefined ? {} : { [column.name]: value }), where),
          String(value),
        );
      }
      case 'optimize':
        return saidIf(await table.optimize());
      case 'statistics':
        return saidIf(await table.rewriteStatistics());
      case 'checkpoint':
        return this.#checkpoint();
      case 'compact log': {
        const to = table.current.version;
        const from = Math.max(table.logFrom, to - this.#count(5));
        if (from >= to || this.#compacted.has(`${from} ${to}`)) return undefined;
        this.#compacted.add(`${from} ${to}`);
        return done(table.compactLog(from, to), `${from} to ${to}`);
      }
      case 'vacuum': {
        const keep = this.#count(4);
        return `keeps ${keep} versions, removes ${(await table.vacuum(keep)).length} files`;
      }
      case 'clean log': {
        const last = await table.cleanLog();
        return last === undefined ? undefined : `below ${last}`;
      }
      case 'restore': {
        const target = pick(
          this.#roll,
          table.versions.slice(0, -1).filter(({ lost }) => lost === undefined),
        );
        return target === undefined ? undefined : done(table.restore(target.version), `to ${target.version}`);
      }
      case 'add column': {
        const type = pick<PlainType>(this.#roll, ['string', 'integer', 'double', { struct: { a: 'string' } }]);
        return done(table.addColumn({ name: this.#name('extra'), type }), JSON.stringify(type));
      }
      case 'rename column': {
        const column = pick(this.#roll, this.#movable(true));
        if (!table.has('columnMapping') || column === undefined) return undefined;
        return done(table.renameColumn(column.name, this.#name('renamed')), column.name);
      }
      case 'drop column': {
        const column = pick(this.#roll, this.#movable(false));
        if (!table.has('columnMapping') || column === undefined) return undefined;
        return done(table.dropColumn(column.name), column.name);
      }
      case 'swap names': {
        const [one, other] = this.#movable(true);
        if (!table.has('columnMapping') || one === undefined || other === undefined) return undefined;
        const between = this.#name('between');
        await table.renameColumn(one.name, between);
        await table.renameColumn(other.name, one.name);
        return done(table.renameColumn(between, other.name), `${one.name} and ${other.name}`);
      }
      case 'widen':
        return this.#widen();
      case 'enable': {
        const { without = [] } = this.#options;
        const others = (['deletionVectors', 'columnMapping', 'changeDataFeed', 'typeWidening', 'inCommitTimestamp'] as const).filter(
          (feature) => !table.has(feature) && !without.includes(feature),
        );
        const feature = pick(this.#roll, others);
        return feature === undefined ? undefined : done(table.enable(feature), feature);
      }
      case 'recreate': {
        const born = birth(this.#count(1_000_000), this.#roll, this.#options);
        this.#compacted.clear();
        return done(table.recreate(born), describe(born));
      }
      case 'no rows':
        return done(table.commitOther('vacuum end', []));
      case 'domain': {
        if (!table.has('domainMetadata')) return undefined;
        const removed = this.#roll() < 0.3;
        return done(
          table.commitOther('domain', [{ domainMetadata: { domain: 'tests.mood', configuration: `{"n":${this.#count(9)}}`, removed } }]),
        );
      }
      case 'misleading hint':
        return done(table.misleadLastCheckpoint(table.current.version + this.#count(3)));
      default:
        throw new Error(`there is no step ${kind}`);
    }
  }

  async #checkpoint(): Promise<string | undefined> {
    const { table } = this;
    const at = `${table.current.id} ${table.current.version}`;
    // Two of one version are as good as one; the kernel refuses where the hint is about the other.
    if (at === this.#checkpointed && this.#options.without?.includes('twin checkpoints')) return undefined;
    this.#checkpointed = at;
    const kind = pick<CheckpointKind>(
      this.#roll,
      table.has('v2Checkpoint') ? ['v2-parquet', 'v2-json', 'v2-classic', 'classic'] : ['classic', 'classic', 'multipart'],
    );
    const parts = kind === 'multipart' ? 1 + this.#count(2) : pick(this.#roll, [0, 1, 2, 3]);
    const statistics = pick(this.#roll, ['json', 'json', 'struct', 'both', 'none'] as const);
    // Where older commits are gone the newest checkpoint is found by listing, whatever the hint says.
    const named = this.#roll() < 0.85;
    await table.checkpoint(kind, { parts, statistics, named });
    return `${kind}, ${parts} parts, statistics ${statistics}${named ? '' : ', not named'}`;
  }

  async #widen(): Promise<string | undefined> {
    const { table } = this;
    const next = (type: Column['type']): Primitive | undefined => {
      if (type === 'date') return table.has('timestampNtz') ? 'timestamp_ntz' : undefined;
      return typeof type === 'string' ? wider[type] : undefined;
    };
    const column = pick(
      this.#roll,
      this.#movable(false).filter(({ type }) => next(type) !== undefined),
    );
    const to = column && next(column.type);
    if (!table.has('typeWidening') || column === undefined || to === undefined) return undefined;
    return done(table.widen(column.name, to), `${column.name} to ${to}`);
  }

  /** The id stays what it is: the rows are told apart by it. */
  #movable(partitions: boolean): readonly Column[] {
    const of = new Set(this.table.partitionColumns.map(({ id }) => id));
    return this.table.columns.filter(({ id, name }) => name !== 'id' && (partitions || !of.has(id)));
  }

  #how(): How {
    return this.table.has('deletionVectors') && this.#roll() < 0.75 ? 'vectors' : 'rewrite';
  }

  #count(most: number): number {
    return 1 + Math.floor(this.#roll() * most);
  }

  #name(kind: string): string {
    return `${kind} ${++this.#names}`;
  }

  #some(share: number): Set<Value | undefined> {
    return new Set(
      this.table
        .rows()
        .map((row) => row.id)
        .filter(() => this.#roll() < share),
    );
  }

  #rows(count: number, more: PlainRow = {}): readonly PlainRow[] {
    return Array.from({ length: count }, () => ({ ...this.#row(this.#nextId++), ...more }));
  }

  #row(id: Value | undefined): PlainRow {
    const partitions = new Set(this.table.partitionColumns.map((column) => column.id));
    const values = this.table.columns.map((column) => [column.name, randomValue(column, this.#roll, partitions.has(column.id))] as const);
    return { ...Object.fromEntries(values), id: id ?? null };
  }
}

const wider: Readonly<Record<string, Primitive>> = {
  byte: 'short',
  short: 'integer',
  integer: 'long',
  float: 'double',
  'decimal(12,3)': 'decimal(14,4)',
  'decimal(14,4)': 'decimal(20,4)',
};

const texts = [
  '',
  'a',
  'Ünïcödé',
  "it's",
  'two\nlines',
  '"quoted"',
  '😀',
  'x'.repeat(32),
  `${'y'.repeat(32)}z`,
  `${'é'.repeat(40)}`,
  'null',
];
const partitionTexts = ['a', 'b', 'a/b', 'with space', 'é', 'p%q', 'x=1', '{curly}', 'c:d'];
/** No zero beside minus zero: DuckDB's dictionaries take one for the other. */
const numbers = [-0, 1.5, -2.25, 0.5, 1024, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Partitions have few values, none of them empty: an empty text is null there, and readers disagree on it. */
function randomValue({ type }: { readonly type: Column['type'] }, roll: Dice, partition: boolean): Value {
  const below = (most: number): number => Math.floor(roll() * most);
  if (roll() < 0.12) return null;
  if (typeof type === 'object') {
    if (type.type === 'array') return Array.from({ length: below(4) }, () => randomValue({ type: type.elementType }, roll, false));
    return Object.fromEntries(type.fields.map((field) => [field.name, randomValue(field, roll, false)]));
  }
  if (partition && type !== 'string') return type === 'date' ? `2026-01-0${1 + below(3)}` : below(4) - 1;
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = (): string => `${1950 + below(200)}-${two(1 + below(12))}-${two(1 + below(28))}`;
  const time = (): string => `${two(below(24))}:${two(below(60))}:${two(below(60))}.${String(below(1_000_000)).padStart(6, '0')}`;
  switch (type) {
    case 'byte':
      return below(256) - 128;
    case 'short':
      return below(2 ** 16) - 2 ** 15;
    case 'integer':
      return below(2 ** 32) - 2 ** 31;
    case 'long':
      return (below(2 ** 32) - 2 ** 31) * 1000;
    case 'float':
    case 'double':
      return pick(roll, numbers);
    case 'string':
      return pick(roll, partition ? partitionTexts : texts);
    case 'boolean':
      return roll() < 0.5;
    case 'date':
      return day();
    case 'timestamp':
    case 'timestamp_ntz':
      return `${day()} ${time()}`;
    default: {
      const scale = Number(/,(\d+)\)/.exec(type)?.[1]);
      const [whole, digits] = [below(10_000), String(below(10 ** scale)).padStart(scale, '0')];
      return `${roll() < 0.5 ? '-' : ''}${whole}.${digits}`;
    }
  }
}

/** One of several; of none, undefined, though its type does not say so. */
function pick<T>(roll: Dice, from: readonly T[]): T {
  return from[Math.floor(roll() * from.length)] as T;
}

const saidIf = (did: boolean, said = ''): string | undefined => (did ? said : undefined);

async function done(doing: Promise<void>, said = ''): Promise<string> {
  await doing;
  return said;
}
