import { realClock } from '../../adapters/real-clock.ts';
import type { Head } from '../../engine/contracts/store.ts';
import { type CarryOutcome, type CarryPorts, type CarryRequest, carryState, obstacleToCarrying } from '../../engine/repair/carry-state.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { movedLines } from '../../narrate/commands/state-lines.ts';
import { entityArgument, shownEntity, visible } from '../../narrate/text/visible.ts';
import type { StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { lookingPorts } from '../select/open-entities.ts';
import { justOne, splitName } from '../select/selection.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge state mv`: moves the state of an entity to its new name. */
export async function stateMove(
  flags: CommonFlags & { readonly from: string; readonly to: string; readonly confirm?: string | undefined },
  surroundings: Surroundings,
): Promise<number> {
  const clock = realClock();
  const now = clock.now();
  const opened = await openWorkspace(flags, surroundings, { now, tolerant: true, opens: justOne(flags.to) });
  const { workspace, spec } = chooseEntity(opened, flags.to);
  await mustConfirmTarget(flags, workspace, surroundings);
  const [from, to] = [splitName(flags.from), splitName(flags.to)];
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const store = await ports.store(spec);
  const move = { state: ports.state, from, to };
  const around = { host: ports.host, random: ports.random, now };
  // The head is moved first, so that a refused move leaves no state under the new name.
  await mustBeMovable(move, around);
  const old = (await ports.state.read(from))?.row;
  mustBeOwn(move, await (await ports.store({ ...spec, ...from })).head(), old?.settled?.id);
  const carried = await store.carryHead(from);
  // The entity has settled, but this store has no head of the entity. So the head is in the store of the old name.
  const isLost = carried === 'no head' && old?.settled != null && (await store.head())?.id !== old.settled.id;
  mustLieThere(move, isLost ? 'other place' : carried, old?.binding?.target);
  await moveState(move, around);
  await store.dropHead(from);
  printLines(surroundings, flags, (palette) => movedLines(from, to, palette));
  return exit.ok;
}

/** Throws if the store of the new name uses another location, since the data is not moved. */
function mustLieThere(move: Move, carried: 'carried' | 'no head' | 'other place', settledIn: string | undefined): void {
  if (carried !== 'other place') return;
  const where = settledIn === undefined ? '' : ` (${visible(settledIn)})`;
  throw cannot(move, `The data is where ${shown(move.from)} settled${where}, but ${shown(move.to)} would look in another place.`, [
    `Give ${shown(move.to)} the old place, below the flow's: store: { path: ${JSON.stringify(encodeSegment(move.from.entity))} }`,
    `Or load it again under the new name: hygge go -e ${argument(move.to)}`,
  ]);
}

/** Throws if the head of the old name is another commit than the state says. For example, a flow with that name in another workspace replaced the rows. */
function mustBeOwn(move: Move, head: Pick<Head, 'id'> | null, settled: string | undefined): void {
  if (head === null || settled === undefined || head.id === settled) return;
  const why = `The last commit in the destination is ${head.id}, and the state of ${shown(move.from)} remembers ${settled}. Another state may belong to the rows.`;
  throw cannot(move, why, [
    `Load the rows under the new name, into a place of their own: store: { path: … }, then hygge go -e ${argument(move.to)}`,
  ]);
}

interface Move {
  readonly state: StateStore;
  readonly from: EntityKey;
  readonly to: EntityKey;
}

/** Moves the state. Throws ConfigError HYG-1906 if the move is impossible. A repeated move finishes an interrupted move. */
export async function moveState(move: Move, around: CarryPorts): Promise<void> {
  mustBeCarried(move, await carryState(carryingOf(move), around));
}

/** Throws the error that `moveState` would throw now, without a change. */
async function mustBeMovable(move: Move, around: CarryPorts): Promise<void> {
  const obstacle = await obstacleToCarrying(carryingOf(move), around);
  if (obstacle !== undefined) mustBeCarried(move, obstacle);
}

function carryingOf({ state, from, to }: Move): CarryRequest {
  return { from: { state, key: from }, to: { state, key: to } };
}

function mustBeCarried(move: Move, carried: CarryOutcome): void {
  const { from, to } = move;
  switch (carried.outcome) {
    case 'carried':
    case 'there already':
      return;
    case 'nothing':
      throw cannot(move, `${shown(from)} has no settled state to move.`, ['See what has settled: hygge status']);
    case 'same':
      throw cannot(move, 'Both names have the same state.', ['Name two entities', 'Or, if a file was copied by hand, remove the copy']);
    case 'decided':
      throw cannot(move, 'A decided commit waits to be finished.', [
        'Let the next run finish the commit first, under the old name: hygge go',
      ]);
    case 'held': {
      const { program, host, pid } = carried.by;
      throw cannot(move, `${shown(from)} is held by ${program} on ${host}, process ${pid}.`, [
        'Wait until that run has ended: hygge status',
      ]);
    }
    case 'occupied':
      throw cannot(move, `${shown(to)} has state of its own.`, [
        `Look at it: hygge state show ${argument(to)}`,
        'Move to a name that has never run',
      ]);
    case 'moved':
      throw cannot(move, `${shown(carried.which === 'from' ? from : to)} changed just now.`, [
        'Another process is active. Try again when hygge status shows no run of either entity',
      ]);
  }
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
