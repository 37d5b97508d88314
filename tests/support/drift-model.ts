/** What docs/schema.md says becomes of a destination, run by run: written from its tables, without a line of what is under test. */
import type { Draw, Kind, Source, SourceColumn, Value } from './drift-changes.ts';

type Mode = 'strict' | 'warn' | 'adapt';

export const choices = {
  add_columns: ['auto', 'warn', 'ignore', 'fail'],
  remove_columns: ['warn', 'ignore', 'null_fill', 'fail'],
  type_changes: ['warn', 'cast', 'widen', 'new_column', 'fail'],
} as const;

type Key = keyof typeof choices;
type Policies = { readonly [key in Key]: (typeof choices)[key][number] };

const byMode: Readonly<Record<Mode, Policies>> = {
  strict: { add_columns: 'fail', remove_columns: 'fail', type_changes: 'fail' },
  warn: { add_columns: 'auto', remove_columns: 'warn', type_changes: 'fail' },
  adapt: { add_columns: 'auto', remove_columns: 'ignore', type_changes: 'widen' },
};

export interface Settings {
  /** As an entity says them, YAML in flow style. */
  readonly yaml: string;
  readonly policies: Policies;
  /** `remove_columns: ignore` is written, not just what the mode means. */
  readonly anyColumns: boolean;
}

export function drawSettings(draw: Draw): Settings {
  const mode = draw.chance(0.6) ? undefined : draw.one(['strict', 'warn', 'adapt'] as const);
  // A run that stops shows little: policies that fail are drawn less often.
  const written = (Object.keys(choices) as Key[])
    .filter(() => draw.chance(0.85))
    .map((key) => [key, draw.one<string>(draw.chance(0.1) ? choices[key] : choices[key].filter((value) => value !== 'fail'))] as const);
  const yaml = [
    ...(mode === undefined ? [] : [`schema: { mode: ${mode} }`]),
    ...(written.length === 0 ? [] : [`schema_evolution: { ${written.map(([key, value]) => `${key}: ${value}`).join(', ')} }`]),
  ].join(', ');
  const explicit = Object.fromEntries(written) as Partial<Policies>;
  return { yaml, policies: { ...byMode[mode ?? 'warn'], ...explicit }, anyColumns: explicit.remove_columns === 'ignore' };
}

interface Settled {
  readonly name: string;
  readonly type: Kind;
  /** The column of the source it is filled by; null: `new_column` has given it a successor. */
  readonly from: string | null;
  /** The type that column had when it was there last. */
  readonly seen: Kind;
}

type Row = ReadonlyMap<string, Value>;

export type Outcome = 'pass' | 'warn' | Stop['code'];

class Stop extends Error {
  readonly code: 'HYG-2012' | 'HYG-2023' | 'HYG-2065';

  constructor(code: Stop['code']) {
    super(code);
    this.code = code;
  }
}

export class ModelledEntity {
  /** Each row of the tables that has come up, for both loads, and whether a type was really widened. */
  readonly happened = new Set<string>();
  readonly #load: 'full' | 'incremental';
  #columns: readonly Settled[] | null = null;
  #rows: readonly Row[] = [];
  #watermark: bigint | null = null;
  /** Columns of the source when it settled last. */
  #last: readonly string[] = [];

  constructor(load: 'full' | 'incremental') {
    this.#load = load;
  }

  /** What a run comes to; one that stops changes nothing. */
  run(source: Source, { policies, anyColumns }: Settings): Outcome {
    try {
      const left = this.#last.filter((name) => typeIn(source, name) !== undefined).length;
      if (!anyColumns && left * 2 < this.#last.length) throw new Stop('HYG-2065');
      const next =
        this.#columns === null
          ? firstOf(source)
          : decided({ before: this.#columns, source, policies, load: this.#load, happened: this.happened });
      const columns = next.columns.map((column) => ({ ...column, seen: typeIn(source, column.from) ?? column.seen }));
      const lower = this.#load === 'full' ? null : this.#watermark;
      const read = source.rows.filter(({ id }) => lower === null || idOf(id) >= lower);
      const rows = read.map((row) => new Map(columns.map((column) => [column.name, valueIn(row, source, column)])));
      // The rows at the watermark are read again: what they were before goes.
      const kept = lower === null ? [] : this.#rows.filter((row) => idOf(row.get('id')) < lower);
      this.#columns = columns;
      this.#last = source.columns.map(({ name }) => name);
      this.#rows = [...kept, ...rows];
      for (const row of rows) this.#watermark = later(this.#watermark, idOf(row.get('id')));
      return next.warns ? 'warn' : 'pass';
    } catch (error) {
      if (error instanceof Stop) return error.code;
      throw error;
    }
  }

  /** Columns with their types, and the rows as JSON in an order of their own. */
  settled(): { readonly columns: readonly string[]; readonly rows: readonly string[] } {
    const columns = this.#columns ?? [];
    return {
      columns: columns.map(({ name, type }) => `${name} ${type}`),
      rows: this.#rows.map((row) => JSON.stringify(columns.map(({ name, type }) => asRead(row.get(name) ?? null, type)))).sort(),
    };
  }
}

interface Decided {
  readonly columns: readonly Settled[];
  readonly warns: boolean;
}

function firstOf({ columns }: Source): Decided {
  return { columns: columns.map(({ name, type }) => ({ name, type, from: name, seen: type })), warns: false };
}

interface Request {
  readonly before: readonly Settled[];
  readonly source: Source;
  readonly policies: Policies;
  readonly load: 'full' | 'incremental';
  readonly happened: Set<string>;
}

function decided({ before, source, policies, load, happened }: Request): Decided {
  let columns = before;
  let warns = false;
  const gone = before.filter(({ from }) => from !== null && typeIn(source, from) === undefined);
  if (gone.length > 0) {
    happened.add(`remove_columns: ${policies.remove_columns}, ${load}`);
    if (policies.remove_columns === 'fail') throw new Stop('HYG-2012');
    warns ||= policies.remove_columns === 'warn';
    if (policies.remove_columns === 'ignore' && load === 'full') columns = columns.filter((column) => !gone.includes(column));
  }
  const fresh = source.columns.filter(({ name }) => !before.some(({ from }) => from === name));
  if (fresh.length > 0) {
    happened.add(`add_columns: ${policies.add_columns}, ${load}`);
    if (policies.add_columns === 'fail') throw new Stop('HYG-2012');
    warns ||= policies.add_columns !== 'ignore';
    if (policies.add_columns === 'auto') for (const column of fresh) columns = withColumn(columns, column.name, column);
  }
  for (const column of source.columns) {
    const old = before.find(({ from }) => from === column.name);
    if (old === undefined || old.seen === column.type) continue;
    happened.add(`type_changes: ${policies.type_changes}, ${load}`);
    const made = retyped(columns, old, column, policies.type_changes);
    if (policies.type_changes === 'widen' && made.warns) happened.add(`widened, ${load}`);
    columns = made.columns;
    warns ||= made.warns;
  }
  return { columns, warns };
}

function retyped(columns: readonly Settled[], old: Settled, now: SourceColumn, policy: Policies['type_changes']): Decided {
  switch (policy) {
    case 'fail':
      throw new Stop('HYG-2012');
    case 'warn':
    case 'cast':
      // Text may have more digits than a float holds: there is no such conversion.
      if (old.type === 'float64' && now.type === 'string') throw new Stop('HYG-2012');
      return { columns, warns: policy === 'warn' };
    case 'widen': {
      const wide = holdsBoth(old.type, now.type);
      if (wide === undefined) throw new Stop('HYG-2012');
      return { columns: columns.map((one) => (one === old ? { ...one, type: wide } : one)), warns: wide !== old.type };
    }
    case 'new_column': {
      if (old.type === now.type) return { columns, warns: false };
      const parked = columns.map((one) => (one === old ? { ...one, from: null } : one));
      return { columns: withColumn(parked, `${now.name}_${now.type}`, now), warns: true };
    }
  }
}

function holdsBoth(one: Kind, other: Kind): Kind | undefined {
  const pair = [one, other].sort().join(' ');
  if (one === other) return one;
  return pair === 'int32 int64' ? 'int64' : pair === 'float64 int32' ? 'float64' : undefined;
}

/** Last; a name that is taken gets the first number that is free. */
function withColumn(columns: readonly Settled[], wanted: string, { name: from, type }: SourceColumn): readonly Settled[] {
  const taken = new Set(columns.map(({ name }) => name));
  let name = wanted;
  for (let n = 2; taken.has(name); n += 1) name = `${wanted}_${n}`;
  return [...columns, { name, type, from, seen: type }];
}

function typeIn({ columns }: Source, name: string | null): Kind | undefined {
  return columns.find((column) => column.name === name)?.type;
}

function valueIn(row: Readonly<Record<string, Value>>, source: Source, { from, type }: Settled): Value {
  if (from === null || typeIn(source, from) === undefined) return null;
  const value = row[from] ?? null;
  const exact = value === null ? null : exactly(value, type);
  if (exact === undefined) throw new Stop('HYG-2023');
  return exact;
}

/** Undefined: the type has no such value. */
function exactly(value: bigint | number | string, type: Kind): Value | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : `${value}`;
    case 'float64':
      if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : undefined;
      return typeof value === 'number' ? value : undefined;
    case 'int32':
    case 'int64':
      return inRange(wholeOf(value), type === 'int32' ? 31n : 63n);
  }
}

function wholeOf(value: bigint | number | string): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return /^(0|-?[1-9][0-9]*)$/.test(value) ? BigInt(value) : undefined;
}

function inRange(whole: bigint | undefined, bits: bigint): bigint | undefined {
  return whole !== undefined && whole >= -(2n ** bits) && whole < 2n ** bits ? whole : undefined;
}

/** As DuckDB's JSON has a value of the type: int64 as text. */
function asRead(value: Value, type: Kind): string | number | null {
  if (value === null) return null;
  return type === 'int64' || type === 'string' ? `${value}` : Number(value);
}

function later(one: bigint | null, other: bigint): bigint {
  return one === null || other > one ? other : one;
}

function idOf(value: Value | undefined): bigint {
  if (typeof value !== 'bigint') throw new Error('an id is a bigint');
  return value;
}
