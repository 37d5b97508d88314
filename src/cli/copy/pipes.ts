import { readPieces, spoolToFile } from '../../adapters/spool.ts';
import { formatKinds } from '../../formats/formats.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Stream, Surroundings } from '../terminal/surroundings.ts';
import { cannotPipe, unknownFormat } from './errors.ts';
import type { Place } from './place.ts';

export interface PipeFlags {
  readonly from: string;
  readonly to: string;
  readonly format?: string | undefined;
  readonly output: 'text' | 'json';
  readonly watermark?: string | undefined;
  readonly save?: string | undefined;
  readonly ifExists?: string | undefined;
}

/** Refuses addresses and options that are impossible with a pipe, before the pipe is read. */
export function mustPipe(flags: PipeFlags, { input }: Pick<Surroundings, 'input'>): void {
  const { from, to, format } = flags;
  if (from !== '-' && to !== '-') return;
  if (from === '-' && to === '-')
    throw cannotPipe('FROM and TO are both -.', 'A copy from a pipe to a pipe would keep nothing.', ['Name a place for one of them']);
  if (flags.save !== undefined)
    throw cannotPipe('A copy of - can not be saved.', 'A flow runs by itself, without a pipe.', ['Leave --save out']);
  if (format !== undefined && !texts.includes(format))
    throw cannotPipe(
      `- is CSV or NDJSON, but not ${format}.`,
      'A pipe is read and written from beginning to end, which other formats do not allow.',
      ['Write --format csv or --format ndjson'],
    );
  if (from === '-') {
    if (format === undefined) throw unknownFormat('-', 'FROM', null);
    if (input === undefined)
      throw cannotPipe('Nothing is piped into this copy.', 'FROM is -, which means a pipe, but the input is the terminal.', [
        'cat orders.csv | hygge copy - lake/orders --format csv',
      ]);
    return;
  }
  const needless = [
    flags.output === 'json' ? '--output json' : undefined,
    flags.watermark && '--watermark',
    flags.ifExists && '--if-exists',
  ].find(Boolean);
  if (needless !== undefined)
    throw cannotPipe(`${needless} has no effect if TO is -.`, 'All rows are printed, and nothing is stored.', [`Leave ${needless} out`]);
}

const texts: readonly string[] = ['csv', 'ndjson'];

/** FROM or TO as a temporary file, if it is a pipe. */
export async function spoolInput(
  place: Place,
  format: string,
  scratch: Scratch,
  input: AsyncIterable<Uint8Array> | undefined,
): Promise<Exclude<Place, { kind: 'pipe' }>> {
  if (place.kind !== 'pipe') return place;
  const extension = formatKinds.find(({ id }) => id === format)?.extensions[0] ?? format;
  const path = await scratch.path(`.${extension}`);
  // If the pipe is empty, the program before the pipe has probably failed, so existing rows are kept.
  if (input !== undefined && (await spoolToFile(input, path)) === 0)
    throw cannotPipe('The pipe contained nothing.', 'Even the names of columns are missing. The command before the pipe may have failed.', [
      'Run the command before the pipe by itself, and read its messages',
    ]);
  return { kind: 'local', path, folder: false, pattern: false, shown: '-', piped: true };
}

/** A stream whose texts show the original name in place of the path of a temporary file. */
export function calling(stream: Stream, names: ReadonlyMap<string, string>): Stream {
  // A long path may be on a separate line, which is joined again.
  const wrapped = (path: string) => new RegExp(`(\\n +)?${path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?:\\n +(\\())?`, 'g');
  const put = (name: string) => (_: string, before?: string, after?: string) => `${before ? ' ' : ''}${name}${after ? ` ${after}` : ''}`;
  const called = (text: string) => [...names].reduce((now, [path, name]) => now.replace(wrapped(path), put(name)), text);
  return { terminal: stream.terminal, size: () => stream.size(), write: (text) => stream.write(called(text)) };
}

/** Writes the rows to stdout. If the reader has enough rows and closes the pipe, the copy has not failed. */
export async function pourFile(path: string, { out }: Pick<Surroundings, 'out'>): Promise<void> {
  if (out.pour === undefined) throw new Error('nothing to print to');
  await out.pour(readPieces(path));
}
