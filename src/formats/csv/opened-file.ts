import { noValueYet } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';
import type { FileContent, FileSource } from '../contract/format.ts';
import { beginningOf, type CsvBeginning } from './beginning.ts';
import { isRanged, type Storage } from './file-start.ts';
import type { CsvReading } from './options.ts';
import { pinnedOf } from './pinned.ts';
import { sampleFiles, wholeHead } from './sample.ts';

/** What the beginning of a file shows about the file. */
export interface OpenedCsv extends CsvBeginning {
  readonly reading: CsvReading;
  readonly storage: Storage;
}

const opened = new WeakMap<FileContent, OpenedCsv>();

/** How many times the memory of their text values need, approximately. */
const inMemory = 1.2;
/** How many times larger than a compressed file its text is, approximately. */
const unpacked = 5;

/** See `Format.inspect`. The number of rows is unknown, because the file would have to be read to count them. */
export async function inspectFile(source: FileSource, json: Json | null, reading: CsvReading): Promise<FileContent> {
  const pinned = pinnedOf(json) ?? pinnedOf((await sampleFiles({ sources: [source], pinned: null, complete: true }, reading)).pinned);
  if (pinned === null) throw new Error('a sample of a file decides how it is read');
  const head = await wholeHead(source, reading);
  const { dialect, columns, firstRow, namesToFind, trailing } = beginningOf(source, { head, pinned, reading });
  const undecided = new Set(pinned.columns.flatMap((column) => (column.undecided ? [column.name] : [])));
  const seen = new Set(pinned.columns.map(({ name }) => name));
  const configured = new Set(pinned.columns.flatMap((column) => (column.configured ? [column.name] : [])));
  const stored = { compression: head.compression, encoding: head.encoding, mark: head.mark };
  const bytes = Math.ceil((source.bytes - (isRanged(stored) ? firstRow : 0)) * inMemory * (stored.compression === 'none' ? 1 : unpacked));
  const content: FileContent = {
    schema: {
      columns: columns.map(({ name, type, told }) => {
        const isDecided = told || (seen.has(name) && !undecided.has(name));
        const byConfig = configured.has(name) ? { configured: true as const } : {};
        return { name, type, nullable: true, ...(isDecided ? {} : { sourceType: noValueYet }), ...byConfig };
      }),
    },
    rows: null,
    pieces: [{ from: isRanged(stored) ? firstRow : 0, to: source.bytes, rows: null, bytes: Math.max(1, bytes) }],
  };
  opened.set(content, { reading, dialect, storage: stored, firstRow, columns, namesToFind, trailing });
  return content;
}

/** What `inspectFile` detected about this content. */
export function openedOf(content: FileContent): OpenedCsv {
  const found = opened.get(content);
  if (found === undefined) throw new Error('the content was made by another format');
  return found;
}

/** How many bytes of memory are needed for a stretch of the file. */
export function memoryOf(bytes: number): number {
  return Math.ceil(bytes * inMemory);
}
