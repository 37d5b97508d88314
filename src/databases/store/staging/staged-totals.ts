/** Checks that staged tables which several attempts share have the sent rows. The check runs once, before a commit is decided. */
import type { Part } from '../../../engine/contracts/store.ts';
import type { StoreError } from '../../../errors/hygge-error.ts';
import type { Column, DataType, Schema } from '../../../frames/schema.ts';
import { quotedTable } from '../../ddl.ts';
import type { Row, Session } from '../../engine.ts';
import type { Total } from '../../totals.ts';
import type { StagingPlace, StoreDialect } from '../context.ts';
import { totalsMismatch } from '../errors.ts';
import { asStagedRef, fromStagedSource, stagedSources, stagedTableName } from './staged-tables.ts';
import { splitIntoSelects, totalsExpressions, totalsMismatchIn } from './totals-check.ts';

/** Whether `sharedMustBeAsSent` has a table to check. */
export function hasTotalsToCompare({ staging: { attemptTags, totals } }: Pick<StoreDialect, 'staging'>, parts: readonly Part[]): boolean {
  return attemptTags !== undefined && totals !== undefined && parts.some((part) => asStagedRef(part).totals !== undefined);
}

/** Compares each table that several attempts share with the sent rows, before the commit is decided. Throws the StoreError of a mismatch. */
export async function sharedMustBeAsSent(
  session: Session,
  dialect: StoreDialect,
  {
    place,
    parts,
    schema,
  }: { readonly place: StagingPlace & { readonly where: string }; readonly parts: readonly Part[]; readonly schema: Schema },
): Promise<void> {
  const { quote } = dialect;
  const ours = parts.filter((part) => asStagedRef(part).totals !== undefined);
  for (const source of stagedSources(ours)) {
    if (source.tags.size === 0) continue;
    const all = source.columns.flatMap((name) => schema.columns.filter((one) => one.name === name));
    // A column with an override is left out, since the database would write its values differently.
    const columns = all.filter(({ override }) => override === undefined);
    const asked = totalsExpressions(dialect, columns);
    const counts = all.map(({ name }, at) => `count(${quote(name)}) as ${countOf(at)}`);
    const selects = splitIntoSelects([...counts, ...asked]);
    const mine = ours.filter((part) => asStagedRef(part).name === source.name);
    const differs = async (from: string): Promise<StoreError | 'others' | null> => {
      const row: Record<string, Row[string]> = {};
      for (const some of selects)
        Object.assign(row, (await session.query(`select ${[`${dialect.count('*')} as n`, ...some].join(', ')} from ${from} p`))[0]);
      return Number(row.n) === source.rows ? sharedOtherwise(place.where, { all, columns, parts: mine, row }) : 'others';
    };
    // Usually the table has only the rows to be committed. In that case the query needs no tags.
    if ((await differs(quotedTable(dialect, stagedTableName(dialect, place, source.name)))) === null) continue;
    const otherwise = await differs(fromStagedSource(dialect, place, source));
    // If rows are gone, the error is left to the commit.
    if (otherwise !== null && otherwise !== 'others') throw otherwise;
  }
}

const countOf = (at: number) => `count${at}`;

/** HYG-4292 if the nulls or values of these parts in the shared table differ from the sent rows. */
function sharedOtherwise(
  where: string,
  {
    all,
    columns,
    parts,
    row,
  }: { readonly all: readonly Column[]; readonly columns: readonly Column[]; readonly parts: readonly Part[]; readonly row: Row },
): StoreError | null {
  const sum = (of: (part: Part) => number) => parts.reduce((so, part) => so + of(part), 0);
  const rows = sum((part) => part.rows);
  const placeIn = (part: Part, { name }: Column) => asStagedRef(part).columns.indexOf(name);
  for (const [at, column] of all.entries()) {
    const [read, held] = [sum((part) => part.nulls[placeIn(part, column)] ?? 0), rows - Number(row[countOf(at)])];
    if (read !== held) return totalsMismatch(where, { column, measure: 'nulls', read: `${read}`, held: `${held}` });
  }
  const sent = columns.map((column) =>
    together(
      column.type,
      parts
        .filter((part) => (part.nulls[placeIn(part, column)] ?? 0) < part.rows)
        .map((part) => asStagedRef(part).totals?.[placeIn(part, column)] ?? {}),
    ),
  );
  return totalsMismatchIn(where, { columns, sent, row });
}

/** The combined totals of several parts in one table. Each part must have values. */
function together(type: DataType, totals: readonly Total[]): Total {
  const known = (measure: keyof Total) => totals.flatMap((one) => one[measure] ?? []);
  const isFloat = type.kind === 'float32' || type.kind === 'float64';
  const order = (a: string, b: string) => (isFloat ? Number(a) - Number(b) : BigInt(a) < BigInt(b) ? -1 : 1);
  const added = (all: readonly string[]) => `${all.reduce((sum, one) => sum + BigInt(one), 0n)}`;
  const [sums, days, mins, maxes] = [known('sum'), known('days'), known('min').sort(order), known('max').sort(order)];
  return {
    ...(sums.length === totals.length ? { sum: added(sums) } : {}),
    ...(days.length === totals.length ? { days: added(days) } : {}),
    ...(mins[0] === undefined || mins.length < totals.length ? {} : { min: mins[0] }),
    ...(maxes.length === 0 || maxes.length < totals.length ? {} : { max: maxes.at(-1) ?? '' }),
  };
}
