/** A source whose columns change at random, the same for the same seed. */

export type Kind = 'int32' | 'int64' | 'float64' | 'string';

/** Whole numbers as bigint, `float64` as number. */
export type Value = bigint | number | string | null;

export interface SourceColumn {
  readonly name: string;
  readonly type: Kind;
}

export interface Source {
  readonly columns: readonly SourceColumn[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
}

export type Draw = ReturnType<typeof drawing>;

/** Mulberry32: small, and the same everywhere. */
export function drawing(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability: number) => next() < probability,
    one<T>(of: readonly T[]): T {
      const chosen = of[below(of.length)];
      if (chosen === undefined) throw new Error('nothing to draw from');
      return chosen;
    },
  };
}

/** The narrow one twice: only from there can a type be widened. */
const kinds: readonly Kind[] = ['int32', 'int32', 'int64', 'float64', 'string'];
const sqlTypes: Readonly<Record<Kind, string>> = { int32: 'integer', int64: 'bigint', float64: 'double', string: 'varchar' };

/** Few, so that names come back; two are those that `new_column` would give. */
const names = ['a', 'b', 'c', 'd', 'a_int64', 'b_string'];

export function firstSource(draw: Draw): Source {
  const columns: SourceColumn[] = [{ name: 'id', type: 'int64' }];
  for (const name of ['a', 'b', 'c'].slice(0, 1 + draw.below(3))) columns.push({ name, type: draw.one(kinds) });
  return grown({ columns, rows: [] }, draw);
}

/** One change of its columns, and rows more. Answers what was changed as well. */
export function changedSource(source: Source, draw: Draw): { readonly source: Source; readonly change: string } {
  const changing = source.columns.filter(({ name }) => name !== 'id');
  const free = names.filter((name) => !source.columns.some((column) => column.name === name));
  const possible = [
    ...(free.length > 0 ? (['add', 'add', 'add'] as const) : []),
    ...(changing.length > 0 ? (['remove', 'remove', 'retype', 'retype', 'retype', 'retype'] as const) : []),
    ...(free.length > 0 && changing.length > 0 ? (['rename', 'rename'] as const) : []),
    'reorder' as const,
    'nothing' as const,
  ];
  const change = draw.one(possible);
  switch (change) {
    case 'add': {
      const column = { name: draw.one(free), type: draw.one(kinds) };
      return {
        source: grown(refilled({ ...source, columns: [...source.columns, column] }, column, draw), draw),
        change: `add ${said(column)}`,
      };
    }
    case 'remove': {
      const gone = draw.one(changing);
      return { source: grown({ ...source, columns: source.columns.filter((one) => one !== gone) }, draw), change: `remove ${said(gone)}` };
    }
    case 'retype': {
      const old = draw.one(changing);
      const column = { name: old.name, type: draw.one(kinds.filter((kind) => kind !== old.type)) };
      return { source: grown(replaced(source, old, column, draw), draw), change: `retype ${said(old)} to ${column.type}` };
    }
    case 'rename': {
      const old = draw.one(changing);
      const column = { name: draw.one(free), type: old.type };
      return { source: grown(replaced(source, old, column, draw), draw), change: `rename ${said(old)} to ${column.name}` };
    }
    case 'reorder': {
      const from = draw.below(source.columns.length);
      const columns = [...source.columns.slice(from), ...source.columns.slice(0, from)];
      return { source: grown({ ...source, columns }, draw), change: `reorder by ${from}` };
    }
    case 'nothing':
      return { source: grown(source, draw), change };
  }
}

function said({ name, type }: SourceColumn): string {
  return `${name} ${type}`;
}

function replaced(source: Source, old: SourceColumn, column: SourceColumn, draw: Draw): Source {
  return refilled({ ...source, columns: source.columns.map((one) => (one === old ? column : one)) }, column, draw);
}

/** The rows that are there get values in a column that is new to them. */
function refilled({ columns, rows }: Source, column: SourceColumn, draw: Draw): Source {
  const values = valuesOf(column.type, draw);
  return { columns, rows: rows.map((row) => ({ ...row, [column.name]: values() })) };
}

/** Up to three rows more; now and then one of them shares the highest id so far, as rows at a watermark do. */
function grown({ columns, rows }: Source, draw: Draw): Source {
  const last = rows.reduce((highest, { id }) => (typeof id === 'bigint' && id > highest ? id : highest), 0n);
  const ids = [
    ...(last > 0n && draw.chance(0.3) ? [last] : []),
    ...Array.from({ length: 1 + draw.below(3) }, (_, i) => last + 1n + BigInt(i)),
  ];
  const values = columns.map(({ name, type }) => [name, valuesOf(type, draw)] as const);
  return { columns, rows: [...rows, ...ids.map((id) => ({ ...Object.fromEntries(values.map(([name, value]) => [name, value()])), id }))] };
}

/** Mostly values that every type can hold; of some columns also such that only their own can. */
function valuesOf(type: Kind, draw: Draw): () => Value {
  const isOdd = draw.chance(0.3);
  return () => {
    if (draw.chance(0.15)) return null;
    const n = draw.below(100);
    return isOdd && draw.chance(0.5) ? odd(type, n, draw) : plain(type, n);
  };
}

function plain(type: Kind, n: number): Value {
  if (type === 'float64') return n;
  return type === 'string' ? `${n}` : BigInt(n);
}

function odd(type: Kind, n: number, draw: Draw): Value {
  switch (type) {
    case 'int32':
      return -BigInt(n);
    case 'int64':
      // Too large for int32; the others have no float64 either, and the way back from that of the last one ends outside int64.
      return draw.chance(0.5) ? 2n ** 40n + BigInt(n) : n % 2 === 0 ? 2n ** 53n + 1n + 2n * BigInt(n) : 2n ** 63n - BigInt(n);
    case 'float64':
      return n + 0.5;
    case 'string':
      return draw.chance(0.5) ? `x${n}` : `0${n}`;
  }
}

/** The source as a query, rows in order. */
export function queryOf({ columns, rows }: Source): string {
  const list = columns.map(({ name, type }) => `${name}::${sqlTypes[type]} as ${name}`).join(', ');
  const values = rows.map((row) => `(${columns.map(({ name, type }) => literal(row[name] ?? null, type)).join(', ')})`);
  return `select ${list} from (values ${values.join(', ')}) as source(${columns.map(({ name }) => name).join(', ')})`;
}

function literal(value: Value, type: Kind): string {
  if (value === null) return 'null';
  return type === 'string' ? `'${value}'` : type === 'float64' ? `${value}::double` : `${value}`;
}
