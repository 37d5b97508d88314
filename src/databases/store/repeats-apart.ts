/** If several staged rows have one key, stages them again. The newest row of each key settles, and the other rows go to `rejected`. The rows are staged again before anything is decided, under new names. */

import { crc32 } from 'node:zlib';
import type { Frame } from '../../engine/contracts/frame.ts';
import { everything, isFrame, usualSliceBytes } from '../../engine/contracts/home.ts';
import {
  type FrameToStage,
  isData,
  type Part,
  type RepeatsApart,
  type RepeatsToSetApart,
  rowsOf,
  type StageRequest,
} from '../../engine/contracts/store.ts';
import { documentCell } from '../../frames/exact-json/document-cell.ts';
import { asBroken } from '../../frames/rules/judge.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { frameBuilder } from '../../frames/values/builders.ts';
import { overRows } from '../../frames/values/cells.ts';
import { asColumn } from '../../frames/values/conforms.ts';
import { quotedTable } from '../ddl.ts';
import type { Session } from '../engine.ts';
import { staysAfterFailure, type TableName } from '../writes.ts';
import { mustHaveAllStagedRows } from './commit/incoming-rows.ts';
import { mustBeAsSent } from './commit/prepare.ts';
import { countFrom, type StoreContext, type StoreDialect } from './context.ts';
import { newestVersions, RankedRows, type RankNames } from './ranked-rows.ts';
import { stage } from './staging/stage.ts';
import { columnsOfParts, PartsLost, StagingAttempt, stagedSources } from './staging/staged-tables.ts';
import type { StoreOptions } from './store.ts';
import { dropExistingTables, dropTables } from './sweep.ts';
import { stagesOnly, type Transactions } from './transactions.ts';

/** Ranked rows, in tables of hygge’s own. */
interface Separated {
  /** The table of rows that go to `rejected`, whose rank is above 1. */
  readonly ranked: TableName;
  readonly columns: readonly Column[];
  readonly names: RankNames;
  readonly settling: readonly Part[];
  /** The numbers of rows that go to `rejected`, outside of the open group and in the open group. */
  readonly rows: readonly [others: number, ofGroup: number];
}

const positionColumns = ({ place, group }: RankNames): readonly Column[] =>
  [place, group].map((name) => ({ name, type: { kind: 'int64' }, nullable: false }));

export async function setRepeatsApart<S extends Session>(
  transactions: Transactions,
  settledHome: StoreOptions<S>['settledHome'],
  request: RepeatsToSetApart,
): Promise<RepeatsApart | 'parts lost'> {
  const { parts, schema } = request;
  await mustBeAsSent(transactions, { parts: parts.filter(isData), schema });
  const separated = await asFound(transactions, () => separate(transactions, request));
  if (separated === 'parts lost') return separated;
  const frames = framesApart(transactions.dialect, settledHome, separated, request);
  const apart = await stage(transactions, stagingOf(request), frames, request.signal);
  await dropTables(transactions, [separated.ranked.name]);
  return {
    parts: [...parts.filter((part) => !isData(part)), ...separated.settling, ...apart],
    rows: separated.rows[0] + separated.rows[1],
  };
}

/** Ignores missing tables: an earlier delivery of the step may have settled the rows and dropped their tables. */
async function asFound<T>(transactions: Transactions, work: () => Promise<T>): Promise<T | 'parts lost'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PartsLost || transactions.errorClassBehind(error) === 'missing_object') return 'parts lost';
    throw error;
  }
}

/** How the rows are staged. If all rows come from one source file, so do the rows for `rejected`. */
function stagingOf({ parts, run, writing, slice, schema, watermark, precision }: RepeatsToSetApart): StageRequest {
  const sources = new Set(parts.filter(isData).map(({ source }) => source));
  const [source] = sources.size === 1 ? sources : [];
  return {
    ...{ run, writing, slice, schema, watermark, emptyPart: false },
    ...(precision === undefined ? {} : { precision }),
    ...(source === undefined ? {} : { source }),
  };
}

async function separate(transactions: Transactions, request: RepeatsToSetApart): Promise<Separated> {
  const attempts: StagingAttempt[] = [];
  try {
    return await transactions.withOwnTables(
      (context) => {
        const attempt = new StagingAttempt(context.dialect, context.place, { request: stagingOf(request), shared: null });
        attempts.push(attempt);
        return separateIn(context, attempt, request);
      },
      { ...stagesOnly, signal: request.signal },
    );
  } catch (error) {
    // The tables of the attempt may still exist. If some can’t be dropped now, the next run drops them.
    if (staysAfterFailure(transactions.dialect))
      await dropExistingTables(
        transactions,
        attempts.flatMap(({ names }) => names),
      ).catch(() => undefined);
    throw error;
  }
}

async function separateIn(context: StoreContext, attempt: StagingAttempt, request: RepeatsToSetApart): Promise<Separated> {
  const { session, dialect } = context;
  const settling = request.parts.filter(isData);
  await mustHaveAllStagedRows(context, settling);
  const own = columnsOfParts(settling);
  const columns = own.flatMap((name) => request.schema.columns.filter((column) => column.name === name));
  const { watermark } = request;
  const statements = new RankedRows(context, request, { columns: own, newest: await newestVersions(context, request), watermark });
  const { names } = statements;
  const all = rowsOf(settling, isData);
  const open = await countFrom(context, `${statements.all} o where ${names.group} = 1`);
  const known = rowsOf(settling, ({ role }) => role === 'boundary');
  if (open !== known)
    throw new Error(`${open} staged rows have watermarks of the open group of ${context.place.where}, and ${known} are of it`);
  const ranked = await attempt.addWorking(session, 'ranked', [...columns, ...positionColumns(names)]);
  const table = quotedTable(dialect, ranked);
  await session.execute(statements.insertRanked(table));
  await session.run(dialect.tables.analyze(table));
  const apart = (group: 0 | 1) => countFrom(context, `${table} f where ${names.place} > 1 and ${names.group} = ${group}`);
  const rows = [await apart(0), await apart(1)] as const;
  const left = all - rows[0] - rows[1];
  const into = await attempt.addCopied(session, { role: 'data', columns, ...copyOf(settling, left / all) });
  for (const statement of statements.insertSettling(into, table)) await session.execute(statement);
  const parts = await attempt.parts(session);
  if (rowsOf(parts, isData) !== left) throw new PartsLost();
  return { ranked, columns, names, settling: parts, rows };
}

/** The size and the checksum of rows that the database copies from other staged tables. @param share the share of rows that is copied. */
function copyOf(parts: readonly Part[], share: number) {
  const bytes = Math.max(1, Math.round(share * parts.reduce((sum, part) => sum + part.bytes, 0)));
  const checksum = crc32(parts.map((part) => part.checksum).join(' '));
  return { copiedFrom: stagedSources(parts).map(({ name }) => name), bytes, checksum };
}

async function* framesApart<S extends Session>(
  { quote }: Pick<StoreDialect, 'quote'>,
  settledHome: StoreOptions<S>['settledHome'],
  { ranked, columns, names, rows }: Separated,
  { apartFor, run, signal }: RepeatsToSetApart,
): AsyncGenerator<FrameToStage> {
  const schema: Schema = { columns };
  for (const [group, some] of rows.entries()) {
    if (some === 0) continue;
    const ownRowsCondition = `${quote(names.place)} > 1 AND ${quote(names.group)} = ${group}`;
    await using home = settledHome({ table: ranked, schema, ownRowsCondition });
    await home.describe();
    const planned = await home.plan(everything, { sliceBytes: usualSliceBytes });
    for (const slice of 'done' in planned ? planned.done.slices : [])
      for await (const read of home.read(slice, everything, undefined, signal)) {
        signal.throwIfAborted();
        if (!isFrame(read) || read.rows === 0) continue;
        const frame = await asBroken(await inSchema(read, schema), apartFor, run.entityRunId);
        yield { frame, role: 'broken', ...(group === 1 ? { ofGroup: true as const } : {}) };
      }
  }
}

const isNested = ({ kind }: DataType): boolean => kind === 'list' || kind === 'struct';

/** Reads the rows with the types of the schema. A database without lists and structs stores them as documents. */
async function inSchema(read: Frame, schema: Schema): Promise<Frame> {
  const there = schema.columns.map(({ name, type }) => {
    const at = read.schema.columns.findIndex((column) => column.name === name);
    return { at, type, isDocument: isNested(type) && !isNested(read.schema.columns[at]?.type ?? type) };
  });
  if (there.some(({ isDocument }) => isDocument)) {
    const builder = await frameBuilder(schema);
    await overRows(read, (rows) => {
      for (const cells of rows)
        builder.append(
          there.map(({ at, type, isDocument }) => {
            const cell = cells[at] ?? null;
            return isDocument && typeof cell === 'string' ? documentCell(type, cell) : cell;
          }),
        );
    });
    return builder.take();
  }
  const columns = schema.columns.map((column) => asColumn(column));
  const conformed = await read.conform({ schema, columns, samples: 'mask' });
  return conformed.told(schema);
}
