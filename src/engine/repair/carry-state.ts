import type { Host, LeaseHolder } from '../../ports/host.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { Random } from '../../ports/random.ts';
import { retry } from '../../ports/retry.ts';
import type { StateRow, StateStore } from '../../ports/state.ts';
import type { EntityKey, Instant } from '../../ports/values.ts';
import { emptyRow } from '../protocol/protocol.ts';
import { writeRowIfUnchanged } from '../protocol/row.ts';

type FoundRow = NonNullable<Awaited<ReturnType<StateStore['read']>>>;

/** Where an entity’s state is: its place, and the entity’s name there. */
export interface StatePlace {
  readonly state: StateStore;
  readonly key: EntityKey;
}

export interface CarryRequest {
  readonly from: StatePlace;
  readonly to: StatePlace;
}

export interface CarryPorts {
  readonly host: Pick<Host, 'fate'>;
  readonly random: Pick<Random, 'nonce'>;
  /** The time by this machine’s clock, for a state without a clock of its own. */
  readonly now: Instant;
}

/**
 * `nothing`: `from` has no settled state. `there already`: the state was carried before, and only the rest was done now. In all other cases it was
 * not carried. `decided`: a commit is decided and unfinished. `held`: a run has the entity. `occupied`: `to` has a state of its own. `same`: both are
 * the same row, because the place has two names or the row was copied by hand. `moved`: a row was written meanwhile.
 */
export type CarryOutcome =
  | { readonly outcome: 'carried' | 'there already' | 'nothing' }
  | { readonly outcome: 'decided' | 'occupied' | 'same' }
  | { readonly outcome: 'held'; readonly by: LeaseHolder }
  | { readonly outcome: 'moved'; readonly which: 'from' | 'to' };

/** The names of objects that only a claim in progress needs. Here no claim is in progress. */
const passing = /^(plans|receipts|intents)\//;

/**
 * Carries the settled state of an entity from one place or name to another. It carries the objects, then the row, then (to another place) the
 * journal, and empties the old row last. A crash on the way leaves two rows of one lineage, of which the store lets only one commit. If the call is
 * repeated, it finishes the work. Rows are never deleted and epochs only rise, so a run that still holds the old row is fenced out.
 */
export async function carryState({ from, to }: CarryRequest, around: CarryPorts): Promise<CarryOutcome> {
  const rows = await rowsToCarry({ from, to }, around);
  if ('outcome' in rows) return rows;
  const { old, target, isThere } = rows;
  if (!isThere) {
    await carryObjects({ from, to });
    const epoch = Math.max(old.row.epoch, target?.row.epoch ?? 0) + 1;
    const row = { ...old.row, owner: null, epoch, writeId: around.random.nonce() };
    if (!(await writeRowIfUnchanged(to, to.key, { etag: target?.etag, row, journal: undefined }))) return { outcome: 'moved', which: 'to' };
  }
  if (from.state !== to.state) await carryJournal({ from, to });
  const left = { ...emptyRow, lineage: around.random.nonce(), epoch: old.row.epoch + 1, writeId: around.random.nonce() };
  const isEmptied = await writeRowIfUnchanged(from, from.key, { etag: old.etag, row: left, journal: undefined });
  return isEmptied ? { outcome: isThere ? 'there already' : 'carried' } : { outcome: 'moved', which: 'from' };
}

/** Why `carryState` would not carry the state now. Undefined: it would. Read-only. */
export async function obstacleToCarrying(carrying: CarryRequest, around: CarryPorts): Promise<CarryOutcome | undefined> {
  const rows = await rowsToCarry(carrying, around);
  return 'outcome' in rows ? rows : undefined;
}

interface RowsToCarry {
  readonly old: FoundRow;
  readonly target: FoundRow | undefined;
  /** Whether an earlier call has carried the row. */
  readonly isThere: boolean;
}

async function rowsToCarry({ from, to }: CarryRequest, around: CarryPorts): Promise<RowsToCarry | CarryOutcome> {
  const old = await retry(() => from.state.read(from.key));
  if (old === undefined || old.row.settled === null) return { outcome: 'nothing' };
  const busy = await atWork(old.row, from.state, around);
  if (busy !== undefined) return busy;
  const target = await retry(() => to.state.read(to.key));
  // A lineage is created only once. So a row with the same lineage was carried before, though it may have changed since.
  const isThere = target !== undefined && target.row.lineage === old.row.lineage && target.row.settled !== null;
  // Every write has its own id. So rows with equal ids are the same row, and emptying one would empty the other.
  if (isThere && target.row.writeId === old.row.writeId) return { outcome: 'same' };
  if (!isThere && target !== undefined && !isEmpty(target.row)) return { outcome: 'occupied' };
  return { old, target, isThere };
}

async function atWork({ owner, pending }: StateRow, state: StateStore, around: CarryPorts): Promise<CarryOutcome | undefined> {
  if (pending !== null) return { outcome: 'decided' };
  const isOver = owner === null || owner.until <= (state.now?.() ?? around.now) || (await around.host.fate(owner.holder)) === 'dead';
  return isOver ? undefined : { outcome: 'held', by: owner.holder };
}

function isEmpty({ settled, owner, pending }: StateRow): boolean {
  return settled === null && owner === null && pending === null;
}

/** Carries the schemas and the lists of taken files: the objects that the row names, and their history. */
async function carryObjects({ from, to }: CarryRequest): Promise<void> {
  const refs = await retry(() => from.state.listObjects(from.key, ''));
  const carry = async (ref: string): Promise<void> => {
    const body = await retry(() => from.state.getObject(from.key, ref));
    if (body !== undefined) await retry(() => to.state.putObject(to.key, ref, body));
  };
  await mapConcurrent(
    refs.filter((ref) => !passing.test(ref)),
    carry,
  );
}

async function carryJournal({ from, to }: CarryRequest): Promise<void> {
  const rows = await retry(() => from.state.journal({ flow: from.key.flow, entity: from.key.entity, withVerifications: true }));
  await mapConcurrent(rows, (row) => retry(() => to.state.appendJournal(row)));
}
