import { parseDocument } from 'yaml';
import type * as z from 'zod';
import { DefectError, StateError } from '../errors/hygge-error.ts';
import type { StateRow } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';
import { fromStored, type JournalEntry, newestStateVersion, parseStoredRow, toStored } from './stored-row.ts';

const opening = '# hygge keeps the state of this entity here.';
const advice = '# Change it with `hygge reset` or `hygge state`: an edit by hand can lose rows or settle them twice.';

/** The maximum depth of values in block form. A value that is nested deeper is written on one line. */
const deepestBlock = 3;

/**
 * A state file's text: YAML with every string quoted, so that no reader turns a string into a date, or `no` into false. Text that could not be read back
 * is never written: DefectError HYG-9403.
 */
export function stateText(key: EntityKey, row: StateRow, journal: JournalEntry | null): string {
  const stored = parseStoredRow(toStored(key, row, journal));
  if (stored.success) return written(stored.data);
  throw new DefectError({
    code: 'HYG-9403',
    what: `The state of ${key.flow}.${key.entity} could not be read back, so it was not written.`,
    why: reasons(stored.error),
    tryThis: ['Run it again with `-v` and report what it prints.'],
  });
}

function written(record: object): string {
  return `${[opening, advice, ...blockLines(record, 1)].join('\n')}\n`;
}

function blockLines(record: object, depth: number): string[] {
  const indent = '  '.repeat(depth - 1);
  return Object.entries(record).flatMap(([name, value]: [string, unknown]) => {
    const key = /^[a-z_]+$/.test(name) ? name : JSON.stringify(name);
    const block =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0 && depth < deepestBlock;
    return block ? [`${indent}${key}:`, ...blockLines(value, depth + 1)] : [`${indent}${key}: ${JSON.stringify(value)}`];
  });
}

/** The record in a text that `written` produced; undefined for any other text. Many times faster than a YAML parser. */
function asWritten(text: string): object | undefined {
  const record: Record<string, unknown> = {};
  const around = [record];
  try {
    for (const line of text.split('\n').slice(2, -1)) {
      const [, indent = '', key = '', value] = /^( *)("[^"]*"|[a-z_]+):(?: (.*))?$/.exec(line) ?? [];
      const depth = indent.length / 2;
      const inner: Record<string, unknown> = {};
      (around[depth] as typeof inner)[key.replaceAll('"', '')] = value === undefined ? inner : JSON.parse(value);
      around.splice(depth + 1, Number.POSITIVE_INFINITY, inner);
    }
  } catch {
    return undefined;
  }
  return written(record) === text ? record : undefined;
}

/**
 * The row in a state file's text. Throws StateError: incomplete (HYG-5001), newer (HYG-5002), not a state file (HYG-5003), another entity's (HYG-5004).
 * `file` is for messages.
 */
export function parseState(key: EntityKey, file: string, text: string): { readonly row: StateRow; readonly journal: JournalEntry | null } {
  const { value, broken } = contentOf(text);
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > newestStateVersion) throw newer(file, version);
  const parsed = parseStoredRow(value);
  const row = parsed.success ? fromStored(parsed.data) : undefined;
  if (!parsed.success || row === undefined) throw unreadable(key, file, text, broken ? [broken] : reasons(parsed.error));
  const { entity, protocol } = parsed.data;
  if (entity !== key.entity || protocol.flow !== key.flow) throw anothers(key, file, `${protocol.flow}.${entity}`);
  return { row, journal: protocol.journal };
}

function contentOf(text: string): { readonly value?: unknown; readonly broken?: string } {
  const value = asWritten(text);
  if (value !== undefined) return { value };
  const document = parseDocument(text, { prettyErrors: false });
  const broken = document.errors[0];
  return broken ? { broken: broken.message } : { value: document.toJS() as unknown };
}

function reasons(error: z.ZodError | undefined): string[] {
  if (!error) return ['Parts of the state contradict each other: the last entity run, the watermark and the settled commit.'];
  return error.issues.slice(0, 3).map((issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`);
}

/** The key of an entity, quoted for a shell. */
function quoted({ flow, entity }: EntityKey): string {
  const name = `${flow}.${entity}`;
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

const wayBack = (key: EntityKey, file: string): readonly [string, ...string[]] => [
  `Put ${file} back from a backup.`,
  `Or move the file away and run \`hygge reset ${quoted(key)} --adopt\`: hygge adopts the destination.`,
];

function unreadable(key: EntityKey, file: string, text: string, why: readonly string[]): StateError {
  const ours = text.startsWith(opening) || text.trim() === '' || text.includes('\0');
  const nothing = 'The run stopped before it read or wrote any data, because it does not guess the watermark.';
  return new StateError({
    code: ours ? 'HYG-5001' : 'HYG-5003',
    what: ours ? `The state file ${file} is damaged.` : `${file} is not a state file of hygge.`,
    why: [...why, nothing],
    tryThis: wayBack(key, file),
  });
}

function newer(file: string, version: number): StateError {
  return new StateError({
    code: 'HYG-5002',
    what: `${file} was written by a newer hygge (format ${version}; this one knows ${newestStateVersion}).`,
    tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
  });
}

function anothers(key: EntityKey, file: string, owner: string): StateError {
  return new StateError({
    code: 'HYG-5004',
    what: `${file} contains the state of ${owner}, not of ${key.flow}.${key.entity}.`,
    why: ['The file was copied or renamed. Or the disk ignores case, and the new name of the entity differs only in case.'],
    tryThis: ['Rename the entity in the configuration back to the name in the file.', ...wayBack(key, file)],
  });
}
