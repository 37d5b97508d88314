import { setImmediate } from 'node:timers/promises';
import { polars } from '../../frames/native.ts';
import type { FileContent, FileSource } from '../contract/format.ts';
import { damagedFooter, parquetError } from './errors.ts';
import { type Footer, readFooter } from './footer.ts';
import { type FileColumn, type FileSchema, type HowToRead, schemaOf } from './footer-schema.ts';
import { memoryOf } from './statistics.ts';
import { ThriftDamaged } from './thrift.ts';

/** The footer of a file, and what the footer means. */
export interface OpenedParquet {
  readonly footer: Footer;
  readonly schema: FileSchema;
}

const known = new WeakMap<FileContent, OpenedParquet>();

export async function inspectFile(source: FileSource, how: HowToRead): Promise<FileContent> {
  const opened = await open(source, how);
  const { footer, schema } = opened;
  const content: FileContent = {
    schema: {
      columns: schema.columns.map(({ name, type, nullable, sourceType, restated }) => ({
        name,
        type,
        nullable,
        ...(sourceType ? { sourceType } : {}),
        ...(restated ? { restated } : {}),
      })),
    },
    rows: footer.rows,
    pieces: footer.groups.map((group, i) => ({ from: i, to: i + 1, rows: group.rows, bytes: memoryOf(group, schema.columns) })),
  };
  known.set(content, opened);
  return content;
}

/** The footer of an inspected file. The footer is read again if another step or another machine inspected the file. */
export async function openedOf(source: FileSource, content: FileContent, how: HowToRead): Promise<OpenedParquet> {
  const opened = known.get(content) ?? (await open(source, how));
  known.set(content, opened);
  return opened;
}

async function open(source: FileSource, how: HowToRead): Promise<OpenedParquet> {
  const reading = readFooter(source);
  if (source.localPath === undefined) atHand();
  const footer = await reading;
  try {
    return { footer, schema: schemaOf(footer, source.name, how) };
  } catch (cause) {
    throw cause instanceof ThriftDamaged ? damagedFooter(source.name, cause) : cause;
  }
}

/** Loads the decoder while a remote footer arrives. If loading fails, the error is thrown where the decoder is needed. */
function atHand(): void {
  setImmediate()
    .then(polars)
    .catch(() => undefined);
}

export function columnNamed({ schema }: OpenedParquet, name: string, source: FileSource): FileColumn {
  const column = schema.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw parquetError('HYG-3107', `${source.name} has no column ${JSON.stringify(name)}.`, {
    why: [
      `Its columns: ${schema.columns
        .slice(0, 30)
        .map((candidate) => candidate.name)
        .join(', ')}`,
    ],
  });
}
