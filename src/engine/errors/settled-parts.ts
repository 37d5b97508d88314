/** Why small files are not written anew as larger ones, and rows do not leave the quarantine. Codes: src/errors/codes/flow.ts and store.ts. */
import { asArgument } from '../../errors/as-argument.ts';
import { FlowError, StoreError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

const named = ({ flow, entity }: EntityKey) => `${flow}.${entity}`;

export function storeNotCompacted(spec: EntitySpec, { where }: Pick<Store, 'where'>): FlowError {
  return new FlowError({
    code: 'HYG-2103',
    what: `${where} cannot be compacted: it is a ${spec.store.type} store, and only folders of files have small files to put together.`,
    why: ['A database, a mirrored table or a single file keeps its rows in an order of its own.'],
    tryThis: ['Leave it to that system, which has ways of its own'],
    where: spec.where,
  });
}

export function nothingToCompact(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2103',
    what: `There is nothing of ${named(spec)} to compact.`,
    why: ['Nothing has settled yet, or the next run loads everything anew, which writes full files.'],
    tryThis: [`Run it first: hygge go -e ${asArgument(named(spec))}`],
    where: spec.where,
  });
}

/** @param rows how many rows were read, and how many were read back. */
export function compactedRowsDiffer(key: EntityKey, where: string, rows: { readonly read: number; readonly written: number }): StoreError {
  const counts =
    rows.read === rows.written
      ? `${rows.read} rows each, and their row sums differ`
      : `${rows.read} rows were read, and ${rows.written} written`;
  return new StoreError({
    code: 'HYG-4117',
    what: `The files of ${named(key)} in ${where} were written anew with other rows: ${counts}.`,
    why: ['They were read back before the commit. Nothing was committed, and the settled files stay as they are.'],
    tryThis: [
      `Look whether they are intact: hygge verify --settled ${asArgument(named(key))}`,
      'Report this, with the columns and their types',
    ],
  });
}

export function quarantineNotRead(spec: EntitySpec, { where }: Pick<Store, 'where'>): FlowError {
  return new FlowError({
    code: 'HYG-2110',
    what: `The rows of ${named(spec)} in quarantine can't be read back: ${where} is a ${spec.store.type} store.`,
    why: ['hygge writes them there, and has no way to read them.'],
    tryThis: [
      'Read them with a client of that system',
      `Or load everything again, by the rules of now: hygge go -d -e ${asArgument(named(spec))}`,
    ],
    where: spec.where,
  });
}

export function nothingSettledToRelease(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2111',
    what: `Nothing of ${named(spec)} lies in quarantine.`,
    why: ['Nothing has settled yet, or the next run loads everything anew.'],
    tryThis: [`Run it first: hygge go -e ${asArgument(named(spec))}`],
    where: spec.where,
  });
}
