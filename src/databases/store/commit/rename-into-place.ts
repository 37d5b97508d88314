/**
 * Recreates a table if DDL commits by itself. The new table is filled under a name that no attempt knows. The table records its intent, and takes the
 * destination’s name in one step. That step also removes the token, which is a table whose name is used only once. If a late run repeats the step, however long
 * ago it was fenced, it finds no token and does nothing. The token is the first staged table. Attempts that share a staged table could make its name again. In
 * that case the token is a table without rows that the intent names.
 */
import { hash } from 'node:crypto';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import type { Schema } from '../../../frames/schema.ts';
import { quotedTable } from '../../ddl.ts';
import { type CommitByDdl, committingDdl, type TableName } from '../../writes.ts';
import { preparedOf, type StoreContext, type StoreDialect } from '../context.ts';
import { dropStaged } from '../staging/removal.ts';
import { asStagedRef, changesDestination, mustHoldAllParts, PartsLost, recordStaged, type StagedSource } from '../staging/staged-tables.ts';
import { removeOtherRows, runUnlessLocked } from './adopt-staged-table.ts';
import { mustHaveAllStagedRows } from './incoming-rows.ts';

/** The name of the token in the staging schema. Undefined: nothing is staged. */
export const tokenTableOf = ({ parts, target }: Pick<Intent, 'parts' | 'target'>): string | undefined => {
  const first = parts.find(changesDestination) ?? parts[0];
  return preparedOf({ target }).token ?? (first && asStagedRef(first).name);
};

/** Whether a separate token is needed, because the step would not use up a table that only one attempt knows. */
export const needsTokenTable = (dialect: Pick<StoreDialect, 'commit'>, parts: readonly Part[]): boolean =>
  committingDdl(dialect) !== undefined && parts.some((part) => asStagedRef(part).tag !== undefined);

export async function makeTokenTable({ session, dialect, place }: StoreContext, run: Pick<Intent, 'epoch' | 'lineage'>): Promise<string> {
  const name = `token_${place.nonce()}`;
  await recordStaged(session, dialect, place, { name, run });
  await session.run(
    `create table ${quotedTable(dialect, { schema: place.stagingSchema, name })} (used ${dialect.ownTables.types.number} ${dialect.ownTables.primaryKeyClause})`,
  );
  return name;
}

/** The tables that the step makes or leaves in the staging schema: the shared table that becomes the destination’s table, the old table, and the token. */
export function leftoverTables({ id }: Pick<Intent, 'id'>): { readonly whole: string; readonly old: string; readonly used: string } {
  const own = hash('sha256', id).slice(0, 24);
  return { whole: `whole_${own}`, old: `old_${own}`, used: `used_${own}` };
}

export async function renameIntoPlace(
  context: StoreContext,
  intent: Intent,
  of: {
    readonly isThere: boolean;
    readonly columns: Schema['columns'];
    /** The shared table, if it has all rows and becomes the destination’s table. Null: the rows are copied. */
    readonly taking: StagedSource | null;
    /** Makes a table with this name and fills it with the rows. @returns the number of rows. */
    fill(into: TableName): Promise<number>;
    /** A check just before the step, because others may have written to the table while the new table was filled. */
    mustBeAsPrepared(): Promise<unknown>;
  },
): Promise<void> {
  const { session, dialect, place } = context;
  const ddl = committingDdl(dialect);
  if (ddl === undefined) throw new Error('DDL is undone with its transaction there');
  const { id, epoch, lineage } = intent;
  const staging = (name: string): TableName => ({ schema: place.stagingSchema, name });
  const token = tokenTableOf(intent);
  // The engine stages at least a part without rows (`emptyPart`), because without a part nothing would stop a late step.
  if (of.isThere && token === undefined) throw new Error(`nothing is staged for intent ${id}, which replaces a table as a whole`);
  const { whole, old, used } = leftoverTables(intent);
  const shadow = of.taking ? whole : `new_${place.nonce()}`;
  for (const name of [shadow, ...(of.isThere ? [old] : []), ...(token === undefined ? [] : [used])])
    await recordStaged(session, dialect, place, { name, run: { epoch, lineage } });
  // The new table may be ready already, if an earlier attempt ended before its last statement.
  if ((await ddl.madeByIntent(session, staging(shadow)))?.id !== id) {
    const rows = of.taking ? await gathered(context, ddl, intent, of.taking) : await filled();
    const there = of.isThere ? place.table : null;
    const parts = await ddl.likenessAndIntentClauses(session, {
      there,
      id,
      rows,
      columns: of.columns,
      key: intent.writing?.key ?? [],
      shadow: staging(shadow),
    });
    await session.run(ddl.likenessAndIntentStatement(quotedTable(dialect, staging(shadow)), parts));
  }
  await of.mustBeAsPrepared();
  await session.run(
    ddl.renameAllStatement([
      ...(of.isThere ? [{ from: place.table, to: staging(old) }] : []),
      { from: staging(shadow), to: place.table },
      ...(token === undefined ? [] : [{ from: staging(token), to: staging(used) }]),
    ]),
  );
  // The staged table has another name now, so only its record is left to remove.
  await dropStaged(session, dialect, place, { names: [shadow] });

  async function filled(): Promise<number> {
    await mustHaveAllStagedRows(context, intent.parts.filter(changesDestination));
    return of.fill(staging(shadow));
  }
}

/** Renames the shared table to a name that no attempt knows, and then removes all rows that are not recorded. A repeated call continues the work. @returns the number of rows. */
async function gathered(of: StoreContext, ddl: CommitByDdl, intent: Intent, source: StagedSource): Promise<number> {
  const { session, dialect, place } = of;
  const { whole: name } = leftoverTables(intent);
  const whole = { schema: place.stagingSchema, name };
  const there = await dialect.catalog.tablesIn(session, place.stagingSchema);
  if (!there?.has(name)) {
    if (!there?.has(source.name)) throw new PartsLost();
    await runUnlessLocked(of, ddl.renameAllStatement([{ from: { ...whole, name: source.name }, to: whole }]));
  }
  const tagged = dialect.staging.attemptTags?.tagColumn?.name;
  const columns = await dialect.catalog.columns(session, whole);
  if (columns === null) throw new PartsLost();
  if (tagged === undefined || !columns.some((column) => column.name === tagged)) {
    await mustHoldAllParts(session, dialect, { place, source: { ...source, name, tags: new Map() } });
    return source.rows;
  }
  await removeOtherRows(of, { ...source, name }, intent);
  await session.run(`alter table ${quotedTable(dialect, whole)} drop column ${dialect.quote(tagged)}`);
  return source.rows;
}
