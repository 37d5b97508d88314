/**
 * Decides by the protocol whether a table can be read. A reader must support every reader feature of the table, but no writer feature.
 *
 * | the table has                                             | so |
 * | --------------------------------------------------------- | -------------------------------------------------------------------- |
 * | reader version 1 or 2, any writer version                 | the table is read; version 2 means column mapping |
 * | reader version 3                                          | the table is read if every feature in `readerFeatures` is in `known` |
 * | reader version 3 without `readerFeatures`                 | HYG-3707: the protocol requires the list |
 * | a higher reader version                                   | HYG-3708 |
 * | `readerFeatures` with a lower reader version              | the list is ignored, by the protocol |
 * | a known feature in `readerFeatures` and not in `writerFeatures` | the table is read: only writers must refuse it |
 * | a feature for a column type alone (variants, geometries)  | the table is read if no column has such a type; else HYG-3708 |
 * | a feature by which a catalog decides what is committed    | HYG-3708, in either list: a listing does not show the newest version |
 */
import { fewNames } from '../../errors/few-names.ts';
import type { DeltaMetadata, DeltaProtocol, DeltaType } from '../table.ts';
import { contradiction, deltaError } from './errors.ts';

export type ReaderFeature =
  | 'columnMapping'
  | 'deletionVectors'
  | 'timestampNtz'
  | 'typeWidening'
  | 'typeWidening-preview'
  | 'v2Checkpoint'
  | 'vacuumProtocolCheck';

const known: ReadonlySet<string> = new Set<ReaderFeature>([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
]);

/** Features of tables whose commits may be known only to a catalog. The preview of coordinated commits is a writer feature. */
const catalogs: ReadonlySet<string> = new Set([
  'catalogManaged',
  'catalogOwned-preview',
  'coordinatedCommits',
  'coordinatedCommits-preview',
]);

/** Features for one type of columns: a table without such a column has nothing that a reader could misread. */
const typed: readonly { readonly feature: RegExp; readonly type: RegExp; readonly reason: string }[] = [
  {
    feature: /^variant(Type|Shredding)(-preview)?$/,
    type: /^variant$/,
    reason: 'The table has columns of variants, for which hygge has no type.',
  },
  { feature: /^geospatial$/, type: /^(geometry|geography)\b/, reason: 'The table has columns of geometries, for which hygge has no type.' },
];
const byCatalog = 'A catalog decides which commits count, and the folder does not show all of them.';

/** Whether readers of the table have to respect a feature. */
export function hasReaderFeature({ minReaderVersion, readerFeatures }: DeltaProtocol, feature: ReaderFeature): boolean {
  if (minReaderVersion === 2) return feature === 'columnMapping';
  return minReaderVersion === 3 && readerFeatures?.includes(feature) === true;
}

/** The features that prevent a read of the table. */
export function unreadFeatures(protocol: DeltaProtocol, { schema }: Pick<DeltaMetadata, 'schema'>): readonly string[] {
  const { minReaderVersion, readerFeatures, writerFeatures } = protocol;
  const read = minReaderVersion >= 3 ? (readerFeatures ?? []).filter((name) => !known.has(name) && !isUnused(name, schema)) : [];
  const managed = [...(readerFeatures ?? []), ...(writerFeatures ?? [])].filter((name) => catalogs.has(name));
  return [...new Set([...read, ...managed])].sort();
}

function isUnused(name: string, schema: DeltaMetadata['schema']): boolean {
  const about = typed.find(({ feature }) => feature.test(name));
  return about !== undefined && !hasType(schema, about.type);
}

function hasType(type: DeltaType, wanted: RegExp): boolean {
  if (typeof type === 'string') return wanted.test(type);
  if (type.type === 'struct') return type.fields.some((field) => hasType(field.type, wanted));
  if (type.type === 'array') return hasType(type.elementType, wanted);
  return hasType(type.keyType, wanted) || hasType(type.valueType, wanted);
}

/** Throws HYG-3708 with the names of the features, or HYG-3707. @param table for messages. */
export function requireReadable(protocol: DeltaProtocol, metadata: Pick<DeltaMetadata, 'schema'>, table: string): void {
  const { minReaderVersion, readerFeatures } = protocol;
  const unread = unreadFeatures(protocol, metadata);
  if (unread.length > 0) {
    const told = typed.filter(({ feature }) => unread.some((name) => feature.test(name))).map(({ reason }) => reason);
    if (unread.some((name) => catalogs.has(name))) told.push(byCatalog);
    const names = unread.length === 1 ? `the feature ${unread[0]}` : `the features ${fewNames(unread)}`;
    throw deltaError('HYG-3708', `${table} has ${names}, which hygge can’t read.`, {
      why: told.length > 0 ? told : ['The table’s protocol requires that every reader knows its features.'],
    });
  }
  if (minReaderVersion > 3)
    throw deltaError('HYG-3708', `${table} needs readers of version ${minReaderVersion}.`, {
      why: ['hygge reads Delta tables up to reader version 3.'],
    });
  if (minReaderVersion < 1) throw contradiction(`The protocol of ${table}`, `The minReaderVersion is ${minReaderVersion}.`);
  if (minReaderVersion === 3 && readerFeatures === null)
    throw contradiction(`The protocol of ${table}`, 'The minReaderVersion is 3, but the protocol has no list readerFeatures.');
}
