/** Large CSV files of all kinds, and a comparison of what hygge and DuckDB read of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { FileSource } from '../../src/formats/contract/format.ts';
import { csvFormat } from '../../src/formats/csv/csv.ts';
import { mostFields } from '../../src/formats/kernels/layout.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { everything } from '../formats/csv/files.ts';
import { duck } from './duck.ts';
import { seeded } from './kill-rounds.ts';

type Draw = () => number;

/** Sources of randomness: what one of them never does, another may. */
const sources: Readonly<Record<string, (seed: number) => Draw>> = {
  mixed: seeded,
  /** The plainest there is, with its short periods in the low bits. */
  congruent: (seed) => {
    let state = seed >>> 0;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  },
  shifted: (seed) => {
    let state = (seed + 1) >>> 0;
    return () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state = (state ^ (state << 5)) >>> 0;
      return state / 2 ** 32;
    };
  },
  /** Evenly spread, and so without any runs. */
  golden: (seed) => {
    let state = (seed * 0.754_877_666) % 1;
    return () => {
      state = (state + 0.618_033_988_749_895) % 1;
      return state;
    };
  },
};

const kinds = ['text', 'whole', 'amount', 'float', 'day', 'moment', 'truth'] as const;
type Kind = (typeof kinds)[number];
const duckTypes: Readonly<Record<Kind, string>> = {
  text: 'VARCHAR',
  whole: 'BIGINT',
  amount: 'DECIMAL(18,2)',
  float: 'DOUBLE',
  day: 'DATE',
  moment: 'TIMESTAMP',
  truth: 'BOOLEAN',
};
const types: Readonly<Record<Kind, string>> = {
  text: 'string',
  whole: 'int64',
  amount: 'decimal(18,2)',
  float: 'float64',
  day: 'date',
  moment: 'timestamp[us]',
  truth: 'bool',
};

export interface CsvCase {
  /** Everything that was drawn: enough to know what failed. */
  readonly about: string;
  /** As hygge gets it, and without the rows that don't fit. */
  readonly text: Buffer;
  readonly clean: Buffer;
  readonly rows: number;
  readonly bad: number;
  readonly kinds: readonly Kind[];
  readonly delimiter: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
const upTo = (draw: Draw, most: number): number => Math.floor(draw() * most);
const two = (n: number): string => String(n).padStart(2, '0');

/** The same file for the same seed, of about so many bytes. */
export function csvCase(seed: number, bytes: number): CsvCase {
  const setting = seeded(Math.imul(seed, 2_654_435_761));
  const source = pick(setting, Object.keys(sources));
  const draw = sources[source]?.(seed) ?? setting;
  const columns = pick(setting, [1, 2, 4, 4, 9, 30, 200]);
  const capacity = Math.floor(mostFields / columns);
  const share = pick(setting, [0, 0.0005, 0.05, 0.5, 1]);
  const where = pick(setting, ['by chance', 'in runs', 'at the end of a turn'] as const);
  const doubled = pick(setting, [0, 0.1, 1]);
  const newline = pick(setting, ['\n', '\n', '\r\n']);
  const delimiter = pick(setting, [',', ';', '\t', '|']);
  const nulls = columns === 1 ? 0 : pick(setting, [0, 0.02, 0.5]);
  const long = pick(setting, [0, 0, 0.000_2]);
  const badShare = pick(setting, [0, 0, 0.01]);
  // What a column holds is to be seen in the samples where its type is proposed.
  const told = nulls > 0.1 || pick(setting, [true, false]);
  const endsOpen = pick(setting, [true, false]);
  const column = Array.from({ length: columns }, (): Kind => (setting() < 0.4 ? 'text' : pick(setting, kinds)));
  const about = JSON.stringify({ seed, source, columns, share, where, doubled, newline, delimiter, nulls, long, badShare, told, endsOpen });

  const letters = ['a', 'bc', ' ', 'Stra\u00dfe', '\u{1f3e1}', 'x1', '-', 'lorem ipsum '];
  const plain = (): string => {
    let text = `t${upTo(draw, 1000)}`;
    for (let left = draw() < long ? upTo(draw, 20_000) : upTo(draw, 5); left > 0; left--) text += pick(draw, letters);
    return text;
  };
  const inQuotes = (): string => {
    const inner = pick(draw, [`Springfield${delimiter} IL`, 'two\nlines', 'cr\r\nlf', '', 'plain', `${delimiter}${delimiter}`]);
    const escapes = draw() < doubled ? pick(draw, ['say ""hi""', '""', '""""', '"",""\n']) : '';
    return `"${inner}${escapes}${draw() < 0.3 ? plain() : ''}"`;
  };
  const value: Readonly<Record<Exclude<Kind, 'text'>, () => string>> = {
    whole: () => String(Math.round((draw() - 0.5) * 10 ** upTo(draw, 16)) || 7),
    amount: () => `${upTo(draw, 100_000)}.${two(upTo(draw, 10) * 10)}`,
    float: () => `${upTo(draw, 1000)}.${'5'.repeat(1 + upTo(draw, 3))}`,
    day: () => `20${two(upTo(draw, 60))}-${two(1 + upTo(draw, 12))}-${two(1 + upTo(draw, 28))}`,
    moment: () =>
      `${value.day()} ${two(upTo(draw, 24))}:${two(upTo(draw, 60))}:${two(upTo(draw, 60))}${draw() < 0.3 ? `.${1 + upTo(draw, 8)}` : ''}`,
    truth: () => (draw() < 0.5 ? 'true' : 'false'),
  };
  const cell = (kind: Kind, quoted: boolean): string => {
    if (draw() < nulls) return '';
    if (kind === 'text') return quoted ? inQuotes() : plain();
    const written = value[kind]();
    return quoted && draw() < 0.5 ? `"${written}"` : written;
  };

  const names = column.map((_, at) => `c${at}`).join(delimiter) + newline;
  let run = 0;
  let isRun = false;
  const isQuoted = (row: number): boolean => {
    if (where === 'at the end of a turn') return share > 0 && (row % capacity) + 3 >= capacity && row % 3 !== 0;
    if (where === 'by chance') return draw() < share;
    if (run-- <= 0) {
      isRun = draw() < share;
      run = upTo(draw, capacity * 1.5);
    }
    return isRun;
  };
  const bad = (): string => column.map(() => pick(draw, ['1', 'x', '"a"'])).join(delimiter) + delimiter + (draw() < 0.5 ? 'more' : '');

  const [dirty, clean] = [[names], [names]];
  let [size, rows, badRows] = [0, 0, 0];
  for (; size < bytes; rows++) {
    const quoted = isQuoted(rows);
    const all = share === 1 && quoted;
    const line = column.map((kind) => cell(kind, quoted && (all || draw() < 0.5))).join(delimiter);
    // Of one column, a line of nothing would be a null.
    const written = (line === '' ? 'x' : line) + newline;
    size += written.length;
    dirty.push(written);
    clean.push(written);
    if (rows > 5_000 && draw() < badShare) badRows += dirty.push(bad() + newline) > 0 ? 1 : 0;
  }
  const whole = (lines: readonly string[]): Buffer => Buffer.from(endsOpen ? lines.join('').slice(0, -newline.length) : lines.join(''));
  const typed = Object.fromEntries(column.map((kind, at) => [`c${at}`, types[kind]]));
  return {
    about,
    text: whole(dirty),
    clean: badShare === 0 ? whole(dirty) : whole(clean),
    rows,
    bad: badRows,
    kinds: column,
    delimiter,
    options: {
      ...(columns === 1 || setting() < 0.5 ? { delimiter } : {}),
      ...(told ? { types: typed } : {}),
      bad_rows: badShare === 0 ? 'fail' : 'skip',
    },
  };
}

/** What a reader finds: rows, and of each column a sum over every value and its row. */
type Sums = Readonly<Record<string, unknown>>;

async function sumsOf(from: string, columns: number): Promise<Sums> {
  const sums = Array.from({ length: columns }, (_, at) => `bit_xor(hash(n, c${at})) as c${at}`);
  const [found = {}] = await duck(`select count(*) as rows, ${sums.join(', ')} from (select *, row_number() over () as n from ${from})`);
  return found;
}

/** What hygge reads of the file, and what DuckDB does. They are to be equal. */
async function readBoth(
  of: CsvCase,
): Promise<{ readonly hygge: Sums; readonly duckdb: Sums; readonly rejected: number; readonly types: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'hygge-csv-'));
  try {
    const clean = join(folder, 'clean.csv');
    writeFileSync(clean, of.clean);
    const columns = `{${of.kinds.map((kind, at) => `c${at}: '${duckTypes[kind]}'`).join(', ')}}`;
    const options = `delim = '${of.delimiter}', quote = '"', escape = '"', header = true, allow_quoted_nulls = false, auto_detect = false, parallel = false`;
    const duckdb = await sumsOf(`read_csv('${clean}', columns = ${columns}, ${options}, max_line_size = 16000000)`, of.kinds.length);
    const { files, rejected, found } = await framesOf(of, folder);
    const hygge = await sumsOf(`read_parquet([${files.map((file) => `'${file}'`).join(', ')}])`, of.kinds.length);
    return { hygge, duckdb, rejected, types: found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function framesOf(
  { text, options }: CsvCase,
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly rejected: number; readonly found: readonly string[] }> {
  await using scratch = realScratch();
  const path = join(folder, 'source.csv');
  writeFileSync(path, text);
  await using handle = await open(path);
  const source: FileSource = {
    name: 'source.csv',
    bytes: text.length,
    localPath: path,
    read: async ({ start, end }, into) => {
      const bytes = Math.min(end, text.length) - start;
      const memory = into && into.length >= bytes ? into.subarray(0, bytes) : new Uint8Array(bytes);
      await handle.read(memory, 0, bytes, start);
      return memory;
    },
  };
  const format = csvFormat(options);
  const sampled = await format.sample?.({ sources: [source], pinned: null, scratch, look: 'for a run' });
  const content = await format.inspect(source, sampled?.pinned ?? null);
  const pieces = (await format.cut?.({ source, content, pieceBytes: Number.MAX_SAFE_INTEGER })) ?? content.pieces;
  const files: string[] = [];
  let rejected = 0;
  for (const { from, to } of pieces) {
    const request = {
      source,
      content,
      from,
      to,
      window: everything,
      frameBytes: 32 * 1024 * 1024,
      frameRows: 122_880,
      columns: null,
      scratch,
    };
    for await (const item of format.read({ ...request, signal: new AbortController().signal })) {
      if ('rejected' in item) rejected += item.rejected.length;
      else {
        const file = join(folder, `${files.length}.parquet`);
        (await asPolars(item).collect()).writeParquet(file);
        files.push(file);
      }
    }
  }
  return { files, rejected, found: content.schema.columns.map(({ type }) => describeType(type)) };
}

const expectedTypes = ({ kinds: column }: CsvCase): readonly string[] => column.map((kind) => types[kind]);

/** A file of so many bytes, read by hygge and by DuckDB. */
export async function mustReadAlike(seed: number, bytes: number): Promise<void> {
  const file = csvCase(seed, bytes);
  const { hygge, duckdb, rejected, types } = await readBoth(file);
  expect({ about: file.about, types, rejected, ...hygge }).toEqual({
    about: file.about,
    types: expectedTypes(file),
    rejected: file.bad,
    ...duckdb,
  });
  expect(Number(duckdb.rows)).toBe(file.rows);
}
