/** The log of a table as its writers spell it: actions, commits in the style of Spark or of delta-rs, and the names of files in `_delta_log`. */
import { createHash } from 'node:crypto';
import type { Dice } from '../../sim/dice.ts';
import type { Style } from './partitions.ts';

export interface VectorDescriptor {
  readonly storageType: 'u' | 'i' | 'p';
  readonly pathOrInlineDv: string;
  readonly offset?: number;
  readonly sizeInBytes: number;
  readonly cardinality: number;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

export interface MetaData {
  readonly id: string;
  readonly format: { readonly provider: 'parquet'; readonly options: object };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime: number;
}

export interface Add {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  readonly stats?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly deletionVector?: VectorDescriptor;
}

export interface Remove {
  readonly path: string;
  readonly deletionTimestamp: number;
  readonly dataChange: boolean;
  readonly extendedFileMetadata: boolean;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly stats?: string;
  readonly deletionVector?: VectorDescriptor;
}

export interface Cdc {
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly dataChange: false;
}

export interface Txn {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated: number;
}

export interface DomainMetadata {
  readonly domain: string;
  readonly configuration: string;
  readonly removed: boolean;
}

export type Action =
  | { readonly commitInfo: object }
  | { readonly protocol: Protocol }
  | { readonly metaData: MetaData }
  | { readonly add: Add }
  | { readonly remove: Remove }
  | { readonly cdc: Cdc }
  | { readonly txn: Txn }
  | { readonly domainMetadata: DomainMetadata };

/** What every writer writes of a file's vector into the key of the file. */
export function vectorId(vector: VectorDescriptor | undefined): string {
  if (vector === undefined) return '';
  return `${vector.storageType}${vector.pathOrInlineDv}${vector.offset === undefined ? '' : `@${vector.offset}`}`;
}

export const keyOf = (file: { readonly path: string; readonly deletionVector?: VectorDescriptor }): string =>
  `${file.path}\n${vectorId(file.deletionVector)}`;

const padded = (version: number): string => String(version).padStart(20, '0');
const part = (number: number): string => String(number).padStart(10, '0');

export const names = {
  commit: (version: number): string => `_delta_log/${padded(version)}.json`,
  compacted: (from: number, to: number): string => `_delta_log/${padded(from)}.${padded(to)}.compacted.json`,
  classic: (version: number): string => `_delta_log/${padded(version)}.checkpoint.parquet`,
  part: (version: number, one: number, of: number): string => `_delta_log/${padded(version)}.checkpoint.${part(one)}.${part(of)}.parquet`,
  named: (version: number, uuid: string, ending: 'json' | 'parquet'): string =>
    `_delta_log/${padded(version)}.checkpoint.${uuid}.${ending}`,
  sidecar: (name: string): string => `_delta_log/_sidecars/${name}`,
  last: '_delta_log/_last_checkpoint',
} as const;

/**
 * A commit's text. Spark puts `commitInfo` first and leaves out what is absent; delta-rs writes absent fields as null, the keys of statistics in any order, and no
 * newline at the end. Actions come in any order but for `commitInfo` where times are in commits.
 */
export function commitText(
  actions: readonly Action[],
  how: { readonly style: Style; readonly dice: Dice; readonly infoFirst: boolean },
): string {
  const [info, others] = [
    actions.filter(isInfo),
    shuffled(
      actions.filter((action) => !isInfo(action)),
      how.dice,
    ),
  ];
  const ordered = how.infoFirst || how.style === 'spark' ? [...info, ...others] : [...others, ...info];
  if (how.style === 'spark') return ordered.map((action) => `${JSON.stringify(asSpark(action))}\n`).join('');
  return ordered.map((action) => JSON.stringify(asDeltaRs(action, how.dice))).join('\n');
}

const isInfo = (action: Action): boolean => 'commitInfo' in action;

/** A remove of a file in a partition of null has no value for it. */
function asSpark(action: Action): Action {
  if (!('remove' in action)) return action;
  const partitionValues = Object.fromEntries(Object.entries(action.remove.partitionValues).filter(([, value]) => value !== null));
  return { remove: { ...action.remove, partitionValues } };
}

function asDeltaRs(action: Action, dice: Dice): object {
  const anyOrder = (stats: string | undefined): string | null =>
    stats === undefined ? null : JSON.stringify(anyKeyOrder(JSON.parse(stats), dice));
  if ('add' in action) {
    const absent = { tags: null, deletionVector: null, baseRowId: null, defaultRowCommitVersion: null, clusteringProvider: null };
    return { add: { ...absent, ...action.add, stats: anyOrder(action.add.stats) } };
  }
  if ('remove' in action) {
    const absent = { tags: null, deletionVector: null, baseRowId: null, defaultRowCommitVersion: null };
    return { remove: { ...absent, ...action.remove, stats: anyOrder(action.remove.stats) } };
  }
  return 'metaData' in action ? { metaData: { name: null, description: null, ...action.metaData } } : action;
}

function anyKeyOrder(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(shuffled(Object.entries(value), dice).map(([key, one]) => [key, anyKeyOrder(one, dice)]));
}

export function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(dice() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** What is left of several commits: the newest of each key, as checkpoints and compacted logs have it. */
export class Reconciled {
  protocol: Protocol | undefined;
  metaData: MetaData | undefined;
  readonly adds = new Map<string, Add>();
  readonly removes = new Map<string, Remove>();
  readonly txns = new Map<string, Txn>();
  readonly domains = new Map<string, DomainMetadata>();

  /** The actions of one commit, all at once: their order in it means nothing. */
  take(actions: readonly Action[]): void {
    for (const action of actions) {
      if ('protocol' in action) this.protocol = action.protocol;
      if ('metaData' in action) this.metaData = action.metaData;
      if ('txn' in action) this.txns.set(action.txn.appId, action.txn);
      if ('domainMetadata' in action) this.domains.set(action.domainMetadata.domain, action.domainMetadata);
      if ('remove' in action) {
        this.adds.delete(keyOf(action.remove));
        this.removes.set(keyOf(action.remove), action.remove);
      }
      if ('add' in action) {
        this.removes.delete(keyOf(action.add));
        this.adds.set(keyOf(action.add), action.add);
      }
    }
  }

  /** Without the files; domains that were removed are left out of a checkpoint, and stay in a compacted log. */
  others(keep: 'all' | 'present'): readonly Action[] {
    const domains = [...this.domains.values()].filter(({ removed }) => keep === 'all' || !removed);
    return [
      ...(this.protocol ? [{ protocol: this.protocol }] : []),
      ...(this.metaData ? [{ metaData: this.metaData }] : []),
      ...[...this.txns.values()].map((txn) => ({ txn })),
      ...domains.map((domainMetadata) => ({ domainMetadata })),
    ];
  }

  /** In a checkpoint no action changes data, and a remove has neither statistics nor tags. */
  files(): readonly ({ readonly add: Add } | { readonly remove: Remove })[] {
    const adds = [...this.adds.values()].map((add) => ({ add: { ...add, dataChange: false } }));
    return [...adds, ...[...this.removes.values()].map(({ stats: _, ...remove }) => ({ remove: { ...remove, dataChange: false } }))];
  }
}

/** `_last_checkpoint`, with its checksum over what it says. */
export function lastCheckpointText(says: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...says, checksum: createHash('md5').update(canonicalText(says)).digest('hex') });
}

/** The written form that the checksum of `_last_checkpoint` is taken of. */
export function canonicalText(says: Readonly<Record<string, unknown>>): string {
  const pairs: [path: string, value: string][] = [];
  const walk = (path: readonly string[], value: unknown): void => {
    if (Array.isArray(value)) for (const [i, one] of value.entries()) walk([...path, String(i)], one);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) walk([...path, `"${urlEncoded(key)}"`], one);
    else pairs.push([path.join('+'), typeof value === 'string' ? `"${urlEncoded(value)}"` : JSON.stringify(value)]);
  };
  for (const [key, value] of Object.entries(says)) if (key !== 'checksum') walk([`"${urlEncoded(key)}"`], value);
  return pairs
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([path, value]) => `${path}=${value}`)
    .join(',');
}

function urlEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const c = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
