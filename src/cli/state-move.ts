import { realClock } from '../adapters/real-clock.ts';
import { realRandom } from '../adapters/real-random.ts';
import { enginePorts } from '../assembly/ports.ts';
import { noRow } from '../engine/protocol.ts';
import { ConfigError } from '../errors/hygge-error.ts';
import { movedLines } from '../narrate/state-lines.ts';
import { entityArgument, shownEntity, visible } from '../narrate/visible.ts';
import type { Host } from '../ports/host.ts';
import type { Random } from '../ports/random.ts';
import type { StateRow, StateStore } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';
import { encodeSegment } from '../workspace/names.ts';
import { exit } from './exit-code.ts';
import { openWorkspace } from './open-workspace.ts';
import { printLines } from './print.ts';
import { selectOne, splitName } from './selection.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

/** `hygge state mv`: carries state over to an entity's new name. */
export async function stateMove(
  flags: CommonFlags & { readonly from: string; readonly to: string },
  surroundings: Surroundings,
): Promise<number> {
  const clock = realClock();
  const now = clock.now();
  const workspace = await openWorkspace(flags, surroundings, { now });
  const [from, to] = [splitName(flags.from), splitName(flags.to)];
  await using ports = await enginePorts(workspace, { clock, random: realRandom(), emit: () => {} });
  const store = await ports.store(selectOne(workspace.flows, flags.to));
  const move = { state: ports.state, from, to };
  mustLieThere(move, await store.carryHead(from), (await ports.state.read(from))?.row.binding?.target);
  await moveState(move, { host: ports.host, random: ports.random, now: ports.state.now?.() ?? now });
  await store.dropHead(from);
  printLines(surroundings, flags, (palette) => movedLines(from, to, palette));
  return exit.ok;
}

/** The data stays where it is: under the new name the store must look for it in the same place. */
function mustLieThere(move: Move, carried: 'carried' | 'no head' | 'other place', settledIn: string | undefined): void {
  if (carried !== 'other place') return;
  const where = settledIn === undefined ? '' : ` (${visible(settledIn)})`;
  throw cannot(move, `Its data lies where ${shown(move.from)} settled${where}, and ${shown(move.to)} would look elsewhere.`, [
    `Give ${shown(move.to)} the old place, below the flow's: store: { path: ${JSON.stringify(encodeSegment(move.from.entity))} }`,
    `Or load it anew under the new name: hygge go -e ${argument(move.to)}`,
  ]);
}

interface Move {
  readonly state: StateStore;
  readonly from: EntityKey;
  readonly to: EntityKey;
}

interface Around {
  readonly host: Pick<Host, 'fate'>;
  readonly random: Pick<Random, 'nonce'>;
  readonly now: string;
}

/**
 * The new row is written first, then the old one is emptied: a crash between leaves two rows of one lineage, of which the store lets
 * only one commit, and repeating the move finishes it. Both writes are compare-and-swap. Throws a ConfigError when either is not at rest.
 */
export async function moveState(move: Move, around: Around): Promise<void> {
  const { state, from, to } = move;
  const old = await state.read(from);
  if (old === undefined || old.row.settled === null)
    throw cannot(move, `${shown(from)} has no settled state to move.`, ['See what there is: hygge status']);
  await mustRest(move, old.row, around);
  const target = await state.read(to);
  const repeated = target?.row.settled?.id === old.row.settled.id && target.row.lineage === old.row.lineage;
  if (!repeated) {
    if (target !== undefined && (target.row.settled !== null || target.row.owner !== null || target.row.pending !== null)) {
      throw cannot(move, `${shown(to)} has state of its own.`, [
        `Look at it: hygge state show ${argument(to)}`,
        'Move to a name that has never run',
      ]);
    }
    await copyObjects(move, old.row);
    const epoch = Math.max(old.row.epoch, target?.row.epoch ?? 0) + 1;
    await swap(move, to, { etag: target?.etag, row: { ...old.row, owner: null, epoch, writeId: around.random.nonce() } });
  }
  await swap(move, from, { etag: old.etag, row: emptied(old.row, around) });
}

/** Rows are never deleted and epochs only rise: whoever still holds the old one finds itself fenced out. */
export function emptied(row: StateRow, around: Pick<Around, 'random'>): StateRow {
  return { ...noRow, lineage: around.random.nonce(), epoch: row.epoch + 1, writeId: around.random.nonce() };
}

async function mustRest(move: Move, row: StateRow, around: Around): Promise<void> {
  const { owner, pending } = row;
  if (pending !== null)
    throw cannot(move, 'A decided commit waits to be finished.', ['Let the next run finish it first, under the old name: hygge go']);
  if (owner !== null && owner.until > around.now && (await around.host.fate(owner.holder)) !== 'dead') {
    throw cannot(move, `${shown(move.from)} is held by ${owner.holder.program} on ${owner.holder.host}, process ${owner.holder.pid}.`, [
      'Wait until it has ended: hygge status',
    ]);
  }
}

/** Schemas and seen lists that the row points at live under the entity's name. */
async function copyObjects({ state, from, to }: Move, row: StateRow): Promise<void> {
  for (const ref of [row.settled?.snapshot, row.settled?.seen]) {
    const body = ref ? await state.getObject(from, ref) : undefined;
    if (ref && body !== undefined) await state.putObject(to, ref, body);
  }
}

async function swap(move: Move, key: EntityKey, write: { readonly etag: string | undefined; readonly row: StateRow }): Promise<void> {
  if ((await move.state.write(key, write.etag, write.row)) === 'written') return;
  throw cannot(move, `${shown(key)} changed at this very moment.`, [
    'Somebody else is at work: try again when hygge status shows both at rest',
  ]);
}

function cannot(move: Move, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1906',
    what: `The state of ${shown(move.from)} cannot be moved to ${shown(move.to)}.`,
    why: [why],
    tryThis,
  });
}

function shown(key: EntityKey): string {
  return shownEntity(key.flow, key.entity);
}

function argument(key: EntityKey): string {
  return entityArgument(key.flow, key.entity);
}
