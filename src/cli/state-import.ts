import { realClock } from '../adapters/real-clock.ts';
import { realHost } from '../adapters/real-host.ts';
import { realRandom } from '../adapters/real-random.ts';
import { openState, stateInFiles } from '../assembly/open-state.ts';
import { ConfigError } from '../errors/hygge-error.ts';
import { importedLines } from '../narrate/state-lines.ts';
import { entityArgument, shownEntity } from '../narrate/visible.ts';
import type { Host } from '../ports/host.ts';
import type { Random } from '../ports/random.ts';
import type { StateRow, StateStore } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';
import { exit } from './exit-code.ts';
import { openWorkspace } from './open-workspace.ts';
import { printAnswer } from './print.ts';
import { emptied } from './state-move.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

/** `hygge state import`: brings what is settled in files to where state lives now. May be repeated. */
export async function stateImport(flags: CommonFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const workspace = await openWorkspace(flags, surroundings, { now });
  if (workspace.state.type === 'files') throw nowhere();
  const [from, to] = await Promise.all([stateInFiles(workspace.root), openState(workspace)]);
  const around = { host: realHost(), random: realRandom(), now };
  const brought: Brought[] = [];
  for (const key of await from.entities()) {
    const outcome = await bring({ from, to, key }, around);
    if (outcome !== 'nothing') brought.push({ key, outcome });
  }
  printAnswer(surroundings, flags, {
    rows: brought.map(({ key, outcome }) => ({ ...key, outcome, location: to.location })),
    lines: (palette) => importedLines(brought, { from: from.location, to: to.location }, palette),
  });
  return exit.ok;
}

interface Brought {
  readonly key: EntityKey;
  readonly outcome: 'brought' | 'there already';
}

interface Bringing {
  readonly from: StateStore;
  readonly to: StateStore;
  readonly key: EntityKey;
}

interface Around {
  readonly host: Pick<Host, 'fate'>;
  readonly random: Pick<Random, 'nonce'>;
  readonly now: string;
}

/** Objects that only a claim in progress needs; there is none. */
const passing = /^(plans|receipts|intents)\//;

/**
 * Objects first, then the row, then the journal, and the old row is emptied last: a crash between leaves two rows of one lineage, of which the
 * store lets only one commit, and repeating finishes it.
 */
export async function bring(bringing: Bringing, around: Around): Promise<Brought['outcome'] | 'nothing'> {
  const { from, to, key } = bringing;
  const old = await from.read(key);
  if (old === undefined || old.row.settled === null) return 'nothing';
  await mustRest(bringing, old.row, around);
  const target = await to.read(key);
  // A lineage is born once: who has it was brought before, and may have moved on since.
  const isThere = target !== undefined && target.row.lineage === old.row.lineage && target.row.settled !== null;
  if (!isThere) {
    if (target !== undefined && (target.row.settled !== null || target.row.owner !== null || target.row.pending !== null))
      throw cannot(bringing, 'It has a state of its own there.', [
        `Look at it: hygge state show ${argument(key)}`,
        'Decide for one of the two; hygge reset --adopt takes the destination over',
      ]);
    for (const ref of await from.listObjects(key, '')) await copyObject(bringing, ref);
    const epoch = Math.max(old.row.epoch, target?.row.epoch ?? 0) + 1;
    const written = await to.write(key, target?.etag, { ...old.row, owner: null, epoch, writeId: around.random.nonce() });
    if (written === 'moved') throw changed(bringing);
  }
  for (const row of await from.journal({ flow: key.flow, entity: key.entity })) await to.appendJournal(row);
  if ((await from.write(key, old.etag, emptied(old.row, around))) === 'moved') throw changed(bringing);
  return isThere ? 'there already' : 'brought';
}

async function copyObject({ from, to, key }: Bringing, ref: string): Promise<void> {
  const body = passing.test(ref) ? undefined : await from.getObject(key, ref);
  if (body !== undefined) await to.putObject(key, ref, body);
}

async function mustRest(bringing: Bringing, { owner, pending }: StateRow, around: Around): Promise<void> {
  if (pending !== null)
    throw cannot(bringing, 'A decided commit waits to be finished.', [
      'Set `state:` back to files and let a run finish it first: hygge go',
    ]);
  if (owner !== null && owner.until > around.now && (await around.host.fate(owner.holder)) !== 'dead') {
    throw cannot(bringing, `It is held by ${owner.holder.program} on ${owner.holder.host}, process ${owner.holder.pid}.`, [
      'Wait until that run has ended',
    ]);
  }
}

function changed(bringing: Bringing): ConfigError {
  return cannot(bringing, 'It changed at this very moment.', ['Somebody else is at work: try again when nothing runs']);
}

function cannot({ key, to }: Bringing, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1906',
    what: `The state of ${shownEntity(key.flow, key.entity)} cannot be brought to ${to.location}.`,
    why: [why],
    tryThis,
  });
}

function nowhere(): ConfigError {
  return new ConfigError({
    code: 'HYG-1906',
    what: 'State lives in files already: there is nowhere to bring it to.',
    why: ['`state:` of hygge.yml says files, or nothing.'],
    tryThis: ['Say where it is to live: state: { type: table_storage, … }, then hygge state import'],
  });
}

function argument(key: EntityKey): string {
  return entityArgument(key.flow, key.entity);
}
