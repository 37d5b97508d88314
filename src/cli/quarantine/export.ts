/** Exports rows in quarantine for the person who can correct them. All exported rows are of one kind, and are written as CSV on stdout, or as a file. */

import { dirname, join } from 'node:path';
import { isFileThere } from '../../adapters/disk-places.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { spoolToFile } from '../../adapters/spool.ts';
import { writeAtomically } from '../../adapters/version-folder.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Quarantine, QuarantinedPart } from '../../engine/contracts/replacing.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { asBrokenRows, columnsNoLongerSettled } from '../../engine/validation/quarantined-rows.ts';
import { count, counted, shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { Schema } from '../../frames/schema.ts';
import { asColumn } from '../../frames/values/conforms.ts';
import { brokenSchema, rejectedSchema } from '../../frames/values/rejected-rows.ts';
import { entityArgument, visible } from '../../narrate/text/visible.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer, printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { alreadyThere, encodedRows, type RowsFile, rowsFile } from './rows-file.ts';
import type { QuarantineShowFlags } from './show.ts';

interface Exporting {
  readonly spec: EntitySpec;
  readonly quarantine: Quarantine;
  /** The selected rows, which may be of both kinds. */
  readonly parts: readonly QuarantinedPart[];
  /** The columns that have settled. Null: no rows have settled. */
  readonly settled: Schema | null;
  readonly scratch: Scratch;
}

/** The file of `--to`. Null: the command has no `--to`. Throws HYG-1947 if the file can not be written. */
export function exportOf(
  { to, output }: Pick<QuarantineShowFlags, 'to' | 'output'>,
  { directory }: Pick<Surroundings, 'directory'>,
): RowsFile | null {
  if (to === undefined) return null;
  const file = rowsFile(to, directory);
  if (output === 'csv' && file.format !== 'csv') throw otherFormat(to);
  return file;
}

/** Writes all rows that break a rule. If no row breaks a rule, the unreadable rows are written. Rows that are left out are reported. Returns the exit code. */
export async function exportRows(
  exporting: Exporting,
  { flags, file }: { readonly flags: QuarantineShowFlags; readonly file: RowsFile | null },
  surroundings: Surroundings,
): Promise<number> {
  const { spec, settled, scratch } = exporting;
  const known = exporting.parts.filter(({ writtenBy }) => writtenBy === undefined);
  const unknown = rowsOf(exporting.parts.filter(({ writtenBy }) => writtenBy !== undefined));
  const because = known.some((part) => part.because === 'rule') ? 'rule' : 'unreadable';
  const parts = known.filter((part) => part.because === because);
  const others = known.filter((part) => part.because !== because);
  const reports = reporting(flags, file);
  if (parts.length === 0 || settled === null) {
    printLines(surroundings, reports, () => ['Nothing is in quarantine.']);
    return exit.failed;
  }
  if (file !== null && (await isFileThere(file.path))) throw alreadyThere(file.shown);
  const rows = new ExportedRows({ ...exporting, parts, settled, most: flags.rows ?? null });
  const schema = because === 'rule' ? brokenSchema(settled) : rejectedSchema;
  const bytes = encodedRows(rows.read(), { schema, scratch, format: file?.format ?? 'csv', delimiter: file?.delimiter ?? ',' });
  if (file === null) await printed(bytes, surroundings);
  else {
    const waiting = join(dirname(file.path), `.hygge-${realRandom().nonce()}.tmp`);
    await writeAtomically(file.path, waiting, (path) => spoolToFile(bytes, path));
  }
  const name = entityArgument(spec.flow, spec.entity);
  const left = rowsOf(others);
  const notes = [
    ...(rows.left === 0
      ? []
      : [`! ${counted(rows.left, 'more row')} of ${count(rows.rows + rows.left)} ${isAre(rows.left)} not in it, as --rows says.`]),
    ...(rows.columnsLeft.length === 0
      ? []
      : [`! Columns that no longer settle are not in it: ${rows.columnsLeft.map(visible).join(', ')}.`]),
    ...(unknown === 0 ? [] : [`! ${counted(unknown, 'row')} that another version of hygge wrote ${isAre(unknown)} not in it.`]),
    ...(left === 0
      ? []
      : [`! ${counted(left, 'row')} that can't be read ${isAre(left)} not in it. See them: hygge quarantine show ${name} --unreadable`]),
  ];
  if (file === null) {
    printLines(surroundings, reports, () => notes);
    return exit.ok;
  }
  printAnswer(surroundings, reports, {
    rows: [{ to: file.shown, format: file.format, rows: rows.rows, left: rows.left + left + unknown }],
    lines: () => [`${counted(rows.rows, 'row')} written to ${visible(file.shown)}.`, ...notes, ...wayBack(name, file, because)],
  });
  return exit.ok;
}

const rowsOf = (parts: readonly QuarantinedPart[]): number => parts.reduce((sum, { rows }) => sum + rows, 0);
const isAre = (n: number): string => (n === 1 ? 'is' : 'are');

/** The flags for messages. If rows are written to stdout, all messages go to stderr. */
function reporting(flags: QuarantineShowFlags, file: RowsFile | null): CommonFlags {
  const { output } = flags;
  return { ...flags, output: output === 'csv' ? (file === null ? 'json' : 'text') : output };
}

function wayBack(name: string, { shown }: RowsFile, because: QuarantinedPart['because']): readonly string[] {
  if (because === 'unreadable') return ['These rows settle when a run reads them again: correct the rows in the source.'];
  return [
    'Mend the values there, and leave _id and the columns unchanged. An empty field is null, "" an empty text. Rows that you remove stay in quarantine.',
    `Then: hygge quarantine replay ${name} --file ${shellWord(shown)}`,
  ];
}

async function printed(bytes: AsyncIterable<Uint8Array>, { out }: Pick<Surroundings, 'out'>): Promise<void> {
  if (out.pour !== undefined) return out.pour(bytes);
  for await (const piece of bytes) out.write(Buffer.from(piece).toString('utf8'));
}

/** The rows of one kind, with the columns of the file. */
class ExportedRows {
  rows = 0;
  /** The number of rows beyond the limit, which are left out. */
  left = 0;
  readonly #columnsLeft = new Set<string>();
  readonly #of: Exporting & { readonly settled: Schema; readonly most: number | null };

  constructor(of: Exporting & { readonly settled: Schema; readonly most: number | null }) {
    this.#of = of;
  }

  get columnsLeft(): readonly string[] {
    return [...this.#columnsLeft];
  }

  async *read(): AsyncGenerator<Frame> {
    const { quarantine, parts, most } = this.#of;
    const { signal } = new AbortController();
    for (const part of parts) {
      const room = () => (most === null ? Number.POSITIVE_INFINITY : most - this.rows);
      if (room() <= 0) {
        this.left += part.rows;
        continue;
      }
      for await (const frame of quarantine.read(part.slice, signal)) {
        const kept = Math.min(frame.rows, room());
        this.left += frame.rows - kept;
        if (kept === 0) continue;
        this.rows += kept;
        const some =
          kept === frame.rows ? frame : await frame.pick(Uint8Array.from({ length: frame.rows }, (_, at) => (at < kept ? 1 : 0)));
        yield await this.#inColumns(some, part);
      }
    }
  }

  async #inColumns(frame: Frame, { because }: QuarantinedPart): Promise<Frame> {
    const { settled } = this.#of;
    if (because === 'unreadable') {
      const columns = rejectedSchema.columns.map((column) => asColumn(column));
      return (await frame.conform({ schema: rejectedSchema, columns, samples: 'mask' })).told(rejectedSchema);
    }
    for (const name of columnsNoLongerSettled(frame.schema, settled)) this.#columnsLeft.add(name);
    return asBrokenRows(frame, settled);
  }
}

function otherFormat(written: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1947',
    what: `--output csv and --to ${visible(written)} disagree.`,
    why: ['The end of the name sets the format of the file.'],
    tryThis: ['Leave --output out', 'Or use a name for --to that ends in .csv'],
  });
}
