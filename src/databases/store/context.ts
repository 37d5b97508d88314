/** What the parts of a store get: the engine’s dialect, the destination, and the open transaction. */
import type { Boundary } from '../../engine/contracts/boundary.ts';
import type { TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Intent } from '../../engine/contracts/intent.ts';
import { type StoredSupersede, supersedeIn } from '../../engine/contracts/replacing.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { type DdlDialect, quotedTable } from '../ddl.ts';
import type { Dialect, Session } from '../engine.ts';
import type { BulkLoad, OpenedStore, TableName, Writes } from '../writes.ts';
import type { HeadKey, HeadTable } from './head.ts';
import type { ApartRole } from './staging/apart-rows.ts';

/** The engine’s dialect, and how one store loads rows into its staged tables. */
export type StoreDialect<S extends Session = Session> = Dialect &
  DdlDialect &
  Omit<Writes<S>, 'staging'> & { readonly staging: Omit<Writes<S>['staging'], 'load'> & { readonly load: BulkLoad<S> } };

/** The dialect with the loader of one store. */
export function dialectOf<S extends Session>(dialect: Dialect, writes: Writes<S>, store: OpenedStore): StoreDialect<S> {
  const { load } = writes.staging;
  return {
    ...dialect,
    ...writes,
    staging: { ...writes.staging, load: load.by === 'files in a place of the store' ? load.of(store) : load },
  };
}

/** Where an entity’s rows are staged, and where they settle. */
export interface StagingPlace {
  /** The destination, for messages. */
  readonly where: string;
  readonly key: HeadKey;
  /** The table that rows settle in. */
  readonly table: TableName;
  readonly stagingSchema: string;
  readonly metadataSchema: string;
  /** The name of the column that marks rows. Frames lack this column. Null: no column marks rows. */
  readonly markColumn: string | null;
  /** Makes a part of a name that differs for each call. */
  nonce(): string;
  /** The folder for files that rows are loaded from. Absent: the engine loads no files. */
  readonly scratch?: Scratch;
}

export interface TablePlace extends StagingPlace {
  readonly steps: Opening['steps'];
  readonly stop?: Opening['stop'];
  /** Values of the engine’s own keys of the store. */
  readonly storeKeyValues: Readonly<Record<string, Json>>;
  /** The present time in milliseconds. Absent: tables that a killed `debug` left behind are not searched for. */
  readonly nowMs?: () => number;
  /** Waits for a random time up to this number of milliseconds. Absent: the store never waits. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** An open transaction of a store, and its destination. */
export interface StoreContext {
  readonly session: Session;
  readonly dialect: StoreDialect;
  readonly place: TablePlace;
  readonly heads: HeadTable;
}

/** The quoted name of the destination’s table. */
export const quotedDestination = ({ dialect, place }: Pick<StoreContext, 'dialect' | 'place'>): string => quotedTable(dialect, place.table);

/** The destination’s columns. Null: the table does not exist. */
export const destinationColumns = ({ session, dialect, place }: StoreContext): Promise<readonly TargetColumn[] | null> =>
  dialect.catalog.columns(session, place.table);

/** Counts the rows of a SELECT. @param from the text after FROM. */
export async function countFrom({ session, dialect }: Pick<StoreContext, 'session' | 'dialect'>, from: string): Promise<number> {
  const [row] = await session.query(`select ${dialect.count('*')} as n from ${from}`);
  return Number(row?.n);
}

/** The number of the destination’s rows that match the condition. */
export const countDestinationRows = (context: StoreContext, where = '1 = 1'): Promise<number> =>
  countFrom(context, `${quotedDestination(context)} where ${where}`);

/** Whether staged rows repeat a key. If keys are `repeated`, only the newest row of each key settles, and equal rows settle once. */
export type StagedKeys = 'once' | 'repeated';

/** The rows of the destination that a commit replaces. */
export interface ReplacedRows {
  readonly supersede: Supersede;
  /** The open group, if its rows are merged again. In that case the group’s rows in `rejected` are removed. */
  readonly groupAgain?: Boundary;
}

/** A part of quarantine: the rows that were added to `rejected` together. `old`: rows that an older hygge added, which only their role distinguishes. */
export type ApartPart = ({ readonly part: string } | { readonly old: ApartRole }) & {
  readonly ofGroup: boolean;
  readonly rows: number;
};

/** The rows of a range that stay, because their newer versions go to `rejected`. `any`: all rows stay that no row of the commit replaces, because the keys are unknown or too many. */
export interface LastGood {
  readonly key: readonly { readonly name: string; readonly type: DataType }[];
  /** The values of each key that stays, as canonical texts. */
  readonly rows: readonly (readonly string[])[] | 'any';
}

/** The result of `prepare`. */
export interface PreparedCommit extends ReplacedRows {
  /** The number of rows that the commit deletes. */
  readonly goes: number;
  /** The run is not live, so the open group stays open in quarantine. Absent: the run is live, or an older hygge prepared the commit. */
  readonly keepsGroup?: true;
  /** Parts of `rejected` with unreadable rows of source files that were read again, and are therefore removed. Absent: no such rows exist. */
  readonly apartGoes?: readonly ApartPart[];
  /** The rows of the range that stay. Absent: all rows of the range are deleted, or the commit replaces no range. */
  readonly lastGood?: LastGood;
  /** Parts of `rejected` that are removed because they are old. Absent: no part is old enough. */
  readonly expired?: readonly ApartPart[];
  /** `by key`: each staged key occurs once. `distinct`: some keys repeat. Stored intents have these words, which `stagedKeysOf` reads. */
  readonly apart: 'by key' | 'distinct';
  /** The table that is used up when another table takes the destination’s name. Absent: a staged table is used up. */
  readonly token?: string;
}

/** The result of `prepare` that the intent stores. */
export function preparedOf({ target }: Pick<Intent, 'target'>): PreparedCommit {
  const stored = target as unknown as Omit<PreparedCommit, 'supersede'> & { readonly supersede: StoredSupersede };
  return { ...stored, supersede: supersedeIn(stored.supersede) };
}

export const stagedKeysOf = ({ apart }: Pick<PreparedCommit, 'apart'>): StagedKeys => (apart === 'by key' ? 'once' : 'repeated');
