/** The entities of hygge that have written to a Delta table, from the transactions in its log. The identifier of a transaction is `hygge/<flow>/<entity>/<lineage>`. */
import type { DeltaTransaction } from '../../delta/table.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import { decodeSegment, encodeSegment } from '../../workspace/names.ts';
import { type FilesHead, lineagesOf, namesOf, ownFiles } from '../store/head/head-log.ts';
import { type FilePlace, partOwner } from '../store/layout.ts';
import type { DeltaHeadAt, TableAt } from './head.ts';

/** The newest transaction of an entity in one lineage. */
export interface Writer extends EntityKey {
  readonly lineage: string;
  readonly transaction: DeltaTransaction;
}

export const applicationOf = ({ flow, entity }: EntityKey): string => `hygge/${encodeSegment(flow)}/${encodeSegment(entity)}/`;

/** Each lineage with the entity that used it last. After `state mv` both names have transactions of one lineage, and the new name has the later one. */
export function ownersOfLineages(transactions: ReadonlyMap<string, DeltaTransaction>): ReadonlyMap<string, Writer> {
  const owners = new Map<string, Writer>();
  for (const [id, transaction] of transactions) {
    const [program, flow, entity, lineage, ...more] = id.split('/');
    if (program !== 'hygge' || flow === undefined || entity === undefined || lineage === undefined || more.length > 0) continue;
    const last = owners.get(lineage)?.transaction;
    if (last !== undefined && isLater(last, transaction)) continue;
    owners.set(lineage, { flow: decodeSegment(flow) ?? flow, entity: decodeSegment(entity) ?? entity, lineage, transaction });
  }
  return owners;
}

function isLater(a: DeltaTransaction, b: DeltaTransaction): boolean {
  const [of, than] = [a.lastUpdated ?? -1, b.lastUpdated ?? -1];
  return of === than ? a.version > b.version : of > than;
}

/** The newest transaction of the entity. A lineage that another name of the entity used later counts only if the entity has no other lineage. */
export function newestOf(key: EntityKey, transactions: ReadonlyMap<string, DeltaTransaction>): DeltaTransaction | undefined {
  const application = applicationOf(key);
  const owners = ownersOfLineages(transactions);
  const own = [...transactions].filter(([id]) => id.startsWith(application));
  const current = own.filter(([id, transaction]) => owners.get(id.slice(application.length))?.transaction === transaction);
  let newest: DeltaTransaction | undefined;
  for (const [, one] of current.length > 0 ? current : own) if (one.version > (newest?.version ?? -1)) newest = one;
  return newest;
}

/**
 * The other entities whose rows the table may contain. The name of a file shows its lineage. Other programs give other names when they put files together or restore
 * the table. If such files exist, the heads of the other entities decide, and a head whose rows may be in any of these files counts.
 * @param head of the entity; undefined: nothing has settled. @param headOf reads the head of another entity.
 */
export async function otherWriters(
  { snapshot, active }: TableAt,
  {
    place,
    head,
    headOf,
  }: { readonly place: FilePlace; readonly head: FilesHead | undefined; headOf(key: EntityKey): Promise<DeltaHeadAt | undefined> },
): Promise<readonly EntityKey[]> {
  const application = applicationOf(place);
  const lineages = head === undefined ? new Set<string>() : lineagesOf(head);
  const writers = [...ownersOfLineages(snapshot.transactions).values()];
  const ofEntities = Map.groupBy(
    writers.filter((one) => !lineages.has(one.lineage) && applicationOf(one) !== application),
    applicationOf,
  );
  if (ofEntities.size === 0) return [];
  const own = namesOf(ownFiles(head));
  const rest = new Set([...active.keys()].filter((name) => !own.has(name)));
  const named = new Set([...rest].map((name) => partOwner(place, name)?.lineage));
  const others: EntityKey[] = [];
  for (const ofEntity of ofEntities.values()) {
    const { flow, entity } = ofEntity[0] as Writer;
    const hasNamed = ofEntity.some(({ lineage }) => named.has(lineage));
    if (hasNamed || (named.has(undefined) && (await mayHaveRows(rest, () => headOf({ flow, entity }))))) others.push({ flow, entity });
  }
  return others;
}

/** Whether files without a name of hygge may have rows of an entity. A head that can’t be read excludes nothing. */
async function mayHaveRows(rest: ReadonlySet<string>, read: () => Promise<DeltaHeadAt | undefined>): Promise<boolean> {
  try {
    const found = await read();
    return found !== undefined && (found.lost?.isMixed === true || ownFiles(found.head).some(({ name }) => rest.has(name)));
  } catch (error) {
    if (!(error instanceof HyggeError) || error.transient) throw error;
    return true;
  }
}
