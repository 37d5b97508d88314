import { noValueYet } from '../../../frames/schema.ts';
import type { Json } from '../../../ports/values.ts';
import type { FileContent, FileSource } from '../../format.ts';
import type { CsvColumn } from './columns/decoder.ts';
import { dialectOf, firstRecords } from './detect.ts';
import type { Dialect } from './dialect.ts';
import { isRanged, type Storage } from './head.ts';
import { namesOf } from './names.ts';
import type { Reading } from './options.ts';
import { pinnedOf } from './pinned.ts';
import { sampleFiles, wholeHead } from './sample.ts';

/** A file, as far as its beginning tells. */
export interface Opened {
  readonly reading: Reading;
  readonly dialect: Dialect;
  readonly storage: Storage;
  /** Where the first row begins in the text. */
  readonly firstRow: number;
  /** In the order of the file. */
  readonly columns: readonly CsvColumn[];
}

const opened = new WeakMap<FileContent, Opened>();

/** Values take about so many times their text in memory. */
const inMemory = 1.2;
/** Compressed text is about so much larger than it looks. */
const unpacked = 5;

/** See `Format.inspect`. How many rows there are nobody knows without reading them. */
export async function inspectFile(source: FileSource, json: Json | null, reading: Reading): Promise<FileContent> {
  const pinned = pinnedOf(json) ?? pinnedOf((await sampleFiles({ sources: [source], pinned: null, complete: true }, reading)).pinned);
  if (pinned === null) throw new Error('a sample of a file decides how it is read');
  const head = await wholeHead(source, reading);
  const dialect = dialectOf(reading.options, pinned);
  const [first] = firstRecords(head, dialect, 1);
  const names = namesOf(source.name, first, pinned, reading.options);
  const known = new Map(pinned.columns.map((column) => [column.name, column]));
  const columns = names.map((name): CsvColumn => {
    const told = reading.types.get(name);
    return { name, type: told ?? known.get(name)?.type ?? { kind: 'string' }, told: told !== undefined };
  });
  const firstRow = pinned.header && first ? first.next : head.from;
  const stored = { compression: head.compression, encoding: head.encoding, mark: head.mark };
  const bytes = Math.ceil((source.bytes - (isRanged(stored) ? firstRow : 0)) * inMemory * (stored.compression === 'none' ? 1 : unpacked));
  const content: FileContent = {
    schema: {
      columns: columns.map(({ name, type, told }) => {
        const isDecided = told || (known.get(name) !== undefined && !known.get(name)?.undecided);
        return { name, type, nullable: true, ...(isDecided ? {} : { sourceType: noValueYet }) };
      }),
    },
    rows: null,
    pieces: [{ from: isRanged(stored) ? firstRow : 0, to: source.bytes, rows: null, bytes: Math.max(1, bytes) }],
  };
  opened.set(content, { reading, dialect, storage: stored, firstRow, columns });
  return content;
}

/** What `inspectFile` found out about this content. */
export function openedOf(content: FileContent): Opened {
  const found = opened.get(content);
  if (found === undefined) throw new Error('the content was made by another format');
  return found;
}

/** Bytes of a stretch of the file, in memory. */
export function memoryOf(bytes: number): number {
  return Math.ceil(bytes * inMemory);
}
