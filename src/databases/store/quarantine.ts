/** Reads the rows of an entity in quarantine back from the table `rejected`. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { SliceRef } from '../../engine/contracts/home.ts';
import type { Quarantine, QuarantinedPart } from '../../engine/contracts/replacing.ts';
import type { Json } from '../../ports/values.ts';
import type { Row } from '../engine.ts';
import { apartPartOf } from './commit/rejected-rows.ts';
import type { ApartPart, StoreContext } from './context.ts';
import { entityCondition, hasAllRejectedColumns, headKeyValues, ownTable } from './head.ts';
import { type ApartRole, asTexts, columnsFrom, fromApartRows, type StoredApartRow } from './staging/apart-rows.ts';
import type { Transactions } from './transactions.ts';

/** The number of rows that one statement reads. The number is small, so that the values fit into memory, whatever their length. */
const pageRows = 500;

export interface FoundApartPart {
  readonly part: ApartPart;
  readonly role: ApartRole;
  readonly run: string | null;
  readonly source: string | null;
  /** The value of `columns` in the rows of the part. Null: an older hygge wrote the rows. */
  readonly columns: string | null;
}

/** The entity’s rows in `rejected`, by part. Rows that were added together are one part. */
export async function apartParts(transactions: Transactions, context: StoreContext): Promise<readonly FoundApartPart[]> {
  const { session, dialect, place } = context;
  if (!(await transactions.hasOwnTables(context))) return [];
  const { quote, count } = dialect;
  const from = `from ${ownTable(dialect, place, 'rejected')} where ${entityCondition(dialect)}`;
  const of = headKeyValues(place.key);
  // In the usual case no row is in quarantine, and this one query shows it.
  const [all] = await session.query(`select ${count('*')} as n ${from}`, of);
  if (Number(all?.n) === 0) return [];
  const isWide = await hasAllRejectedColumns(session, dialect, place);
  const least = ['role', 'run', 'source', 'columns'].map((name) => `min(${quote(name)}) as n_${name}`).join(', ');
  const part = quote('part');
  const known = isWide
    ? await session.query(
        `select ${part} as n_part, of_group as n_group, min(intent_id) as n_first, ${count('*')} as n, ${least} ${from} and ${part} is not null group by ${part}, of_group`,
        of,
      )
    : [];
  const old = isWide ? `${from} and ${part} is null` : from;
  const before = await session.query(`select role as n_role, of_group as n_group, ${count('*')} as n ${old} group by role, of_group`, of);
  // The position of a part among the parts, because a database groups in any order. The oldest rows come first, and the open group comes last.
  const placeOf = ({ n_first: first = '', n_group: group }: Row) => `${Number(group)} ${first}`;
  const sorted = [...known].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return [...before.map((row) => foundPart(row, { old: roleOf(row) })), ...sorted.map((row) => foundPart(row, { part: row.n_part ?? '' }))];
}

const roleOf = ({ n_role: role }: Row): ApartRole => (role === 'broken' || role === 'correction' ? role : 'quarantine');

function foundPart(row: Row, which: { readonly part: string } | { readonly old: ApartRole }): FoundApartPart {
  const { n, n_group: group, n_run: run = null, n_source: source = null, n_columns: columns = null } = row;
  return { part: { ...which, ofGroup: Number(group) === 1, rows: Number(n) }, role: roleOf(row), run, source, columns };
}

type PageEnd = readonly [id: string, copy: number];

interface PageRequest {
  readonly part: string;
  readonly ofGroup: boolean;
  /** The last row of the previous page. Null: this page is the first. */
  readonly after: PageEnd | null;
}

async function pageOf({ session, dialect, place }: StoreContext, { part, ofGroup, after }: PageRequest): Promise<readonly Row[]> {
  const { quote } = dialect;
  const { parameter } = dialect.ownTables;
  const [id, copy] = [quote('id'), quote('copy')];
  const shown = ['role', 'rule', 'column', 'reason', 'run', 'columns', 'row', 'id', 'copy'];
  const list = shown.map((name) => `${quote(name)} as n_${name}`).join(', ');
  const beyond = after === null ? '' : ` and (${id} > ${parameter(5)} or (${id} = ${parameter(5)} and ${copy} > ${Number(after[1])}))`;
  const where = `${entityCondition(dialect)} and ${quote('part')} = ${parameter(4)} and of_group = ${ofGroup ? 1 : 0}${beyond}`;
  const rest = `from ${ownTable(dialect, place, 'rejected')} where ${where} order by ${id}, ${copy}`;
  const values = [...headKeyValues(place.key), part, ...(after === null ? [] : [after[0]])];
  return session.query(dialect.selectFirst(list, rest, pageRows), values);
}

function sliceOf({ part, role, run, source }: Omit<FoundApartPart, 'columns'>): SliceRef {
  return {
    ref: part as unknown as Json,
    rows: part.rows,
    bytes: null,
    apart: { role, ofGroup: part.ofGroup, ...(run === null ? {} : { run }) },
    ...(source === null ? {} : { source }),
  };
}

export class TableQuarantine implements Quarantine {
  readonly #in: Transactions;

  constructor(transactions: Transactions) {
    this.#in = transactions;
  }

  async parts(): Promise<readonly QuarantinedPart[]> {
    const found = (await this.#all()).filter(({ role }) => role !== 'correction');
    return found.map(({ part, role, run, source, columns }) => ({
      slice: sliceOf({ part, role, run, source }),
      because: role === 'broken' ? 'rule' : 'unreadable',
      rows: part.rows,
      runs: run === null ? [] : [run],
      ...(columns === null
        ? { writtenBy: 'earlier version' as const }
        : columnsFrom(columns) === undefined
          ? { writtenBy: 'later version' as const }
          : {}),
    }));
  }

  async corrections(): Promise<readonly SliceRef[]> {
    return (await this.#all()).filter(({ role }) => role === 'correction').map(sliceOf);
  }

  #all(): Promise<readonly FoundApartPart[]> {
    return this.#in.inReadTransaction((context) => apartParts(this.#in, context));
  }

  /** Reads the rows of a slice page by page. */
  async *read(slice: SliceRef, signal: AbortSignal): AsyncGenerator<Frame> {
    const part = apartPartOf(slice);
    yield* 'part' in part ? this.#pages(part, part.part, signal) : this.#old(part, part.old);
  }

  /** The connection is released before the last page is passed on, so reading a single page keeps no connection. */
  async *#pages(of: ApartPart, part: string, signal: AbortSignal): AsyncGenerator<Frame> {
    await using reader = await this.#in.openReader(signal);
    let after: PageEnd | null = null;
    for (;;) {
      signal.throwIfAborted();
      const asked: PageEnd | null = after;
      const rows: readonly Row[] = await reader.ask((context) => pageOf(context, { part, ofGroup: of.ofGroup, after: asked }));
      const [first] = rows;
      const isLast = rows.length < pageRows;
      if (isLast) {
        await reader.end();
        await reader[Symbol.asyncDispose]();
      }
      if (first === undefined) return;
      const columns = columnsFrom(first.n_columns ?? '');
      const role = roleOf(first);
      yield columns === undefined ? await asTexts(rows.map(storedRow), role) : await fromApartRows(rows.map(storedRow), { role, columns });
      if (isLast) return;
      const last = rows.at(-1);
      after = [last?.n_id ?? '', Number(last?.n_copy)];
    }
  }

  async *#old({ ofGroup }: ApartPart, role: ApartRole): AsyncGenerator<Frame> {
    const rows = await this.#in.inReadTransaction(async ({ session, dialect, place }) => {
      const { quote, ownTables } = dialect;
      const isWide = await hasAllRejectedColumns(session, dialect, place);
      const where = `${entityCondition(dialect)} and role = ${ownTables.parameter(4)} and of_group = ${ofGroup ? 1 : 0}${isWide ? ` and ${quote('part')} is null` : ''}`;
      const from = ownTable(dialect, place, 'rejected');
      return session.query(`select ${quote('row')} as n_row from ${from} where ${where}`, [...headKeyValues(place.key), role]);
    });
    if (rows.length > 0) yield await asTexts(rows.map(storedRow), role);
  }
}

function storedRow({ n_id: id = null, n_rule, n_column, n_reason, n_run, n_row }: Row): StoredApartRow {
  return { id, rule: n_rule ?? null, column: n_column ?? null, reason: n_reason ?? null, run: n_run ?? null, row: n_row ?? '{}' };
}
