/** The rows that a commit removes from the table `rejected`, and the rows that it adds. Both happen in the commit’s transaction. */
import type { Boundary } from '../../../engine/contracts/boundary.ts';
import { othersWrote } from '../../../engine/contracts/errors.ts';
import type { Intent } from '../../../engine/contracts/intent.ts';
import type { Part, Supersede } from '../../../engine/contracts/store.ts';
import type { DataType } from '../../../frames/schema.ts';
import { schemaOfRole } from '../../../frames/values/rejected-rows.ts';
import { castTo, quotedTable } from '../../ddl.ts';
import type { ApartPart, PreparedCommit, ReplacedRows, StoreContext, StoreDialect } from '../context.ts';
import { entityCondition, headKeyValues, ownTable } from '../head.ts';
import { asStagedRef, changesDestination, stagedTableName } from '../staging/staged-tables.ts';
import { and, deleteCondition } from './delete-condition.ts';
import { fromUnmatchedRows } from './merge-statements.ts';

/** The part of the quarantine that a slice reads. */
export const apartPartOf = ({ ref }: Pick<Extract<Supersede, { what: 'quarantine' }>['parts'][number], 'ref'>): ApartPart =>
  ref as unknown as ApartPart;

/**
 * A condition for the entity’s rows that a commit removes from `rejected`. Null: no rows are removed. The whole open group is removed, whatever the watermarks
 * of its rows are. Outside of the group, a row without a watermark stays, because its position in the source is unknown.
 */
function apartThatGoes(dialect: StoreDialect, { supersede, groupAgain }: ReplacedRows): string | null {
  // Corrections that still apply stay until they are withdrawn.
  const mine = and(entityCondition(dialect), "role <> 'correction'");
  const group = 'of_group = 1';
  const asValue = (type: DataType) => dialect.columns.fromText?.('watermark', type) ?? castTo(dialect, 'watermark', type);
  // If the destination keeps fewer digits than the source, rows of a closed group may have the same value. Such rows are read again with the open group.
  const ofGroup = (one: Boundary) =>
    one.precision === 'exact' ? group : `(${group} or ${lying({ ...one, what: 'boundary' as const, nulls: false })})`;
  const lying = (where: Supersede & { readonly type: DataType }) =>
    deleteCondition({ ...dialect, quote: () => asValue(where.type) }, where, null) ?? '1 = 0';
  switch (supersede.what) {
    case 'all':
    case 'unmatched':
      return mine;
    case 'boundary':
      return and(mine, ofGroup(supersede));
    case 'range': {
      const within = lying({ ...supersede, group: 'rows' });
      // If a range has no end, it contains the whole group.
      return and(mine, supersede.ranges.at(-1)?.to === null ? `(${group} or ${within})` : within);
    }
    case 'nothing':
      return groupAgain === undefined ? null : and(mine, ofGroup(groupAgain));
    case 'sources':
    case 'quarantine':
      return null;
  }
}

/** A condition for the entity’s rows in `rejected` that stay when a commit replaces a range. */
export function apartThatStays(dialect: StoreDialect, replaced: ReplacedRows): string {
  const goes = apartThatGoes(dialect, replaced);
  const own = and(entityCondition(dialect), "role <> 'correction'");
  return goes === null ? own : and(own, `(watermark is null or not (${goes}))`);
}

/** Adds rows to `rejected`, and removes rows. A row is removed together with the rows that it arrived with, or when it is read again. */
export async function storeRejectedRows(context: StoreContext, intent: Intent, prepared: PreparedCommit): Promise<void> {
  const { session, dialect, place } = context;
  const { supersede, keepsGroup, apartGoes = [], expired = [] } = prepared;
  const rejected = ownTable(dialect, place, 'rejected');
  const of = headKeyValues(place.key);
  const parts = intent.parts.filter((one) => !changesDestination(one));
  if (parts.length === 0 && dialect.commit.isConflict && (await nothingLiesApart(context, rejected))) return;
  const goes = apartThatGoes(dialect, prepared);
  if (goes !== null) await session.query(`delete from ${rejected} where ${goes}`, of);
  for (const part of supersede.what === 'quarantine' ? supersede.parts.map(apartPartOf) : []) {
    const deleted = await deletePart(context, rejected, part);
    if (deleted !== part.rows) throw othersWrote(`${place.metadataSchema}.rejected`, { found: deleted, prepared: part.rows });
  }
  // Some of these parts may already have been removed with the range.
  for (const part of [...apartGoes, ...expired]) await deletePart(context, rejected, part);
  if (!keepsGroup && supersede.what !== 'all' && supersede.what !== 'range')
    await session.query(`update ${rejected} set of_group = 0 where ${entityCondition(dialect)} and of_group = 1`, of);
  await insertOnce(
    context,
    rejected,
    intent,
    parts.filter((part) => asStagedRef(part).apart),
  );
  for (const part of parts) if (!asStagedRef(part).apart) await insertAsBefore(context, rejected, { intent, part });
}

/** Whether the entity has no row in `rejected`. In that case statements on `rejected` are left out, because transactions could conflict in that table. */
const nothingLiesApart = async ({ session, dialect, place }: StoreContext, rejected: string): Promise<boolean> =>
  (await session.query(dialect.selectFirst('1 as one', `from ${rejected} where ${entityCondition(dialect)}`), headKeyValues(place.key)))
    .length === 0;

async function deletePart({ session, dialect, place }: StoreContext, rejected: string, part: ApartPart): Promise<number> {
  const { parameter } = dialect.ownTables;
  const [which, value] =
    'part' in part
      ? [`${dialect.quote('part')} = ${parameter(4)}`, part.part]
      : [`${dialect.quote('part')} is null and role = ${parameter(4)}`, part.old];
  const of = [...headKeyValues(place.key), value];
  return session.execute(
    `delete from ${rejected} where ${entityCondition(dialect)} and of_group = ${part.ofGroup ? 1 : 0} and ${which}`,
    of,
  );
}

/** The columns that have the same name in `rejected` and in the staged table. */
const carried = ['watermark', 'row', 'part', 'id', 'source', 'rule', 'column', 'reason', 'run', 'columns'] as const;

/** The maximum number of SELECTs in a UNION. Some engines accept only a little more. */
const mostSelects = 200;

/** Adds rows that do not exist yet, because a row may be read twice. Equal rows of one commit count as different rows. */
async function insertOnce(
  { session, dialect, place }: StoreContext,
  rejected: string,
  { id }: Intent,
  parts: readonly Part[],
): Promise<void> {
  if (parts.length === 0) return;
  const { quote } = dialect;
  const { parameter, nowExpression } = dialect.ownTables;
  const mine = entityCondition(dialect);
  const of = headKeyValues(place.key);
  const names = (from: string) => carried.map((name) => `${from}${quote(name)}`).join(', ');
  const named = (part: Part) => quotedTable(dialect, stagedTableName(dialect, place, asStagedRef(part).name));
  // Rows that were read again with the open group are replaced with the group, whenever they were added to `rejected`.
  for (const part of parts.filter(({ ofGroup }) => ofGroup)) {
    const again = `${quote('id')} in (select ${quote('id')} from ${named(part)})`;
    await session.query(`update ${rejected} set of_group = 1 where ${mine} and of_group = 0 and ${again}`, of);
  }
  const selects = parts.map(
    (part) => `select ${names('p.')}, '${part.role}' as role, ${part.ofGroup ? 1 : 0} as of_group from ${named(part)} p`,
  );
  const groups = Array.from({ length: Math.ceil(selects.length / mostSelects) }, (_, at) =>
    selects.slice(at * mostSelects, (at + 1) * mostSelects).join(' union all '),
  );
  const all = groups.length === 1 ? groups[0] : groups.map((group, at) => `select * from (${group}) g${at}`).join(' union all ');
  const by = `row_number() over (partition by ${quote('id')} order by ${quote('id')}) as ${quote('copy')}`;
  const numbered = `(select ${names('')}, role, of_group, ${by} from (${all}) a)`;
  const on = `${mine} and hygge_now.${quote('id')} = hygge_new.${quote('id')} and hygge_now.${quote('copy')} = hygge_new.${quote('copy')}`;
  const unmatched = fromUnmatchedRows(dialect, { rows: numbered, table: rejected, on, key: quote('id') });
  const into = `flow, entity, table_name, intent_id, role, of_group, ${quote('copy')}, ${quote('at')}, ${names('')}`;
  const values = `${[1, 2, 3, 4].map((place) => parameter(place)).join(', ')}, hygge_new.role, hygge_new.of_group, hygge_new.${quote('copy')}, ${nowExpression}, ${names('hygge_new.')}`;
  await session.query(`insert into ${rejected} (${into}) select ${values} from ${unmatched}`, [...of, id]);
}

/** Adds rows of a commit that an older hygge decided. The older hygge staged such rows in their own columns, and they are added as it would have added them. */
async function insertAsBefore(
  { session, dialect, place }: StoreContext,
  rejected: string,
  { intent, part }: { readonly intent: Intent; readonly part: Part },
): Promise<void> {
  const { quote } = dialect;
  const { parameter, rowAsText, nowExpression } = dialect.ownTables;
  const { name, mark, markType = null, columns: staged } = asStagedRef(part);
  const { columns: all } = schemaOfRole(part.role, intent.schema, markType);
  const type = all.find((column) => column.name === mark)?.type;
  const text = mark === null || type === undefined ? 'null' : dialect.canonicalText(`hygge_new.${quote(mark)}`, type);
  const row = rowAsText(all.filter((column) => staged.includes(column.name)));
  const columns = `flow, entity, table_name, role, intent_id, of_group, watermark, ${quote('row')}, ${quote('at')}`;
  const values = `${[1, 2, 3, 4, 5].map((place) => parameter(place)).join(', ')}, ${part.ofGroup ? 1 : 0}, ${text}, ${row}, ${nowExpression}`;
  const from = quotedTable(dialect, stagedTableName(dialect, place, name));
  const of = [...headKeyValues(place.key), part.role, intent.id];
  await session.query(`insert into ${rejected} (${columns}) select ${values} from ${from} hygge_new`, of);
}
