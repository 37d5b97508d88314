/** Rows in quarantine as a run of now would bring them: under the names and with the values that migrations give, and masked. */
import type { Conforms } from '../../frames/conform.ts';
import { type Mask, type MaskBy, maskedFrame } from '../../frames/polish/mask.ts';
import { brokenColumnsIn } from '../../frames/rejected.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Quarantine } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';

/** @param settledName the settled name of a column of the source. */
export function quarantineOfNow(spec: EntitySpec, quarantine: Quarantine, settledName: (source: string) => string): Quarantine {
  return {
    parts: () => quarantine.parts(),
    async *read(part, signal) {
      for await (const frame of quarantine.read(part, signal)) {
        // Rows that can't be read are no rows of columns.
        yield part.apart?.role === 'broken' ? await maskedNow(spec, await migratedNow(spec, frame, settledName), settledName) : frame;
      }
    },
  };
}

async function migratedNow({ schema: { migrations } }: EntitySpec, frame: Frame, settledName: (source: string) => string): Promise<Frame> {
  const before = frame.schema.columns;
  let columns: readonly (Conforms & Pick<Schema['columns'][number], 'nullable'>)[] = before.map(({ name, type, nullable }) => {
    return { name, type, nullable, from: name, fill: null };
  });
  const has = (name: string) => columns.some((one) => one.name === name);
  for (const migration of migrations) {
    if (migration.what === 'rename') {
      const to = settledName(migration.to);
      const from = [settledName(migration.from), migration.from].find(has);
      if (from !== undefined && !has(to)) columns = columns.map((one) => (one.name === from ? { ...one, name: to } : one));
    }
    if (migration.what === 'default') {
      const { type, text } = migration;
      const name = settledName(migration.column);
      // The facts of a broken row stand behind its own columns.
      if (!has(name)) columns = [{ name, type, nullable: false, from: null, fill: { type, text } }, ...columns];
    }
  }
  if (columns.length === before.length && columns.every(({ name }, at) => name === before[at]?.name)) return frame;
  const schema = { columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
  return frame.conform({ schema, columns, samples: 'mask' });
}

const masked = /^[0-9a-f]{64}$/;

/** Rows that were set apart before a mask was added have clear values. A hash is no value that is hashed once more. */
async function maskedNow(spec: EntitySpec, frame: Frame, settledName: (source: string) => string): Promise<Frame> {
  if (spec.mask === undefined) return frame;
  const facts = new Set(Object.values(brokenColumnsIn(frame.schema)));
  const clear = new Map<string, MaskBy>();
  for (const [source, by] of spec.mask.columns) {
    const column = frame.schema.columns.find(({ name }) => name === settledName(source) && !facts.has(name));
    if (column === undefined) continue;
    const isMasked =
      by === 'hash' &&
      column.type.kind === 'string' &&
      (await canonicalTexts(frame, [column])).every(([text]) => text == null || masked.test(text));
    if (!isMasked) clear.set(column.name, by);
  }
  if (clear.size === 0) return frame;
  const mask: Mask = { ...spec.mask, columns: clear };
  return maskedFrame(frame, mask, spec);
}
