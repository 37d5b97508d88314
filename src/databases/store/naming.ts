/**
 * A table that is made anew where DDL commits by itself: filled under a name that nobody knows, it says which intent made it and takes the destination's name in
 * one step. That step also takes away the staged table that comes first, which was made once and under a name that is used once: whoever comes late with the same
 * step, however long ago he was fenced, finds it gone and does nothing.
 */
import { hash } from 'node:crypto';
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Part } from '../../engine/contracts/store.ts';
import type { Schema } from '../../frames/schema.ts';
import { type DdlDialect, named } from '../ddl.ts';
import type { Session } from '../engine.ts';
import type { TableName } from '../writes.ts';
import type { StoreDialect, TablePlace } from './publishing.ts';
import { dropStaged, likenessOf, mustBeWhole, recordStaged, refOf, type StagedRef, sourcesOf } from './staging.ts';

interface Naming {
  readonly session: Session;
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
}

const settles = ({ role }: Part) => role === 'data' || role === 'boundary' || role === 'deleted';

/** The staged table that the step takes away; undefined: nothing is staged. */
export const tokenOf = ({ parts }: Pick<Intent, 'parts'>): string | undefined => {
  const first = parts.find(settles) ?? parts[0];
  return first && refOf(first).name;
};

/** What is left of the step, in the staging schema: the table that was there, and the one that was taken away. */
export function leftBy({ id }: Pick<Intent, 'id'>): { readonly old: string; readonly used: string } {
  const own = hash('sha256', id).slice(0, 24);
  return { old: `old_${own}`, used: `used_${own}` };
}

export async function takeName(
  { session, dialect, place }: Naming,
  intent: Intent,
  of: {
    readonly isThere: boolean;
    readonly columns: Schema['columns'];
    readonly areApart: boolean;
    /** Makes a table of that name, with the rows. @returns how many. */
    fill(into: TableName): Promise<number>;
    /** Asked last of all before the step: filling takes its time, and others may have written meanwhile. */
    mustBeAsPrepared(): Promise<unknown>;
  },
): Promise<void> {
  const { ddl } = dialect;
  if (ddl === undefined) throw new Error('DDL is undone with its transaction there');
  const { id, epoch, lineage } = intent;
  const staging = (name: string): TableName => ({ schema: place.stagingSchema, name });
  const record = (name: string) => recordStaged(session, dialect, place, { name, run: { epoch, lineage } });
  const token = tokenOf(intent);
  // The engine stages at least a part without rows (`emptyPart`): without one nothing would keep a late step from being taken.
  if (of.isThere && token === undefined) throw new Error(`nothing is staged for intent ${id}, which replaces a table as a whole`);
  const whole = wholeTable(dialect, intent, of);
  const { old, used } = leftBy(intent);
  const shadow = whole ?? `new_${place.nonce()}`;
  for (const name of [
    ...(whole === null ? [shadow] : []),
    ...(of.isThere ? [old] : []),
    ...(whole === null && token !== undefined ? [used] : []),
  ])
    await record(name);
  const sources = sourcesOf(intent.parts.filter(settles));
  for (const source of sources) await mustBeWhole(session, dialect, { place, source });
  const rows = whole === null ? await of.fill(staging(shadow)) : sources.reduce((sum, source) => sum + source.rows, 0);
  // The one staged table may be so already: of the same step, which was cut behind this statement.
  if ((await ddl.bearing(session, staging(shadow)))?.id !== id) {
    const there = of.isThere ? place.table : null;
    const parts = await ddl.likeThere(session, { there, id, rows, columns: of.columns, key: intent.writing?.key ?? [] });
    await session.run(ddl.like(named(dialect, staging(shadow)), parts));
  }
  await of.mustBeAsPrepared();
  await session.run(
    ddl.swap([
      ...(of.isThere ? [{ from: place.table, to: staging(old) }] : []),
      { from: staging(shadow), to: place.table },
      ...(whole === null && token !== undefined ? [{ from: staging(token), to: staging(used) }] : []),
    ]),
  );
  // It has another name by now: what is left is its record.
  if (whole === null) await dropStaged(session, dialect, place, { names: [shadow] });
}

/** The one staged table, where it lies as it settles. */
function wholeTable(
  dialect: DdlDialect,
  { parts, writing }: Intent,
  { columns, areApart }: { readonly columns: Schema['columns']; readonly areApart: boolean },
): string | null {
  const [only, ...others] = parts.filter(settles);
  if (only === undefined || others.length > 0 || only.role === 'deleted' || (!areApart && (writing?.key.length ?? 0) > 0)) return null;
  const { name, like }: StagedRef = refOf(only);
  return like === likenessOf(dialect, { columns }) ? name : null;
}
