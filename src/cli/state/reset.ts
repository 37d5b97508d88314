import { realClock } from '../../adapters/real-clock.ts';
import { withOwnSides } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { namingEntity } from '../../engine/errors/details.ts';
import type { ResetOutcome } from '../../engine/repair/reset.ts';
import { FlowError, HyggeError } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import { type ResetKind, resetClosing, resetLines, resetOfManyLines, resetQuestion } from '../../narrate/commands/reset-lines.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { type ChosenEntities, choose, chooseEntity } from '../select/chosen-flows.ts';
import { lookingPorts } from '../select/open-entities.ts';
import { type Filter, isFiltered, justOne, selectionBy } from '../select/selection.ts';
import { askToConfirm, mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit, heldCode } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface ResetFlags extends CommonFlags, Filter {
  /** The entity in the argument. Undefined: the entities that the filters name. With `--all`, all entities. */
  readonly named: string | undefined;
  readonly all?: true | undefined;
  readonly adopt?: true | undefined;
  readonly watermark?: string | undefined;
  readonly discard?: true | undefined;
  readonly takeOver?: true | undefined;
  readonly yes?: true | undefined;
  readonly confirm?: string | undefined;
}

/** `hygge reset`: asks for confirmation first, except with `--yes`. Several entities are reset one by one, and an error of one entity does not stop the others. */
export async function reset(flags: ResetFlags, surroundings: Surroundings): Promise<number> {
  if (flags.watermark !== undefined && !flags.adopt) {
    throw unreadable('--watermark is for --adopt.', ['hygge reset flow.entity --adopt --watermark VALUE']);
  }
  mustSayWhich(flags);
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, {
    now: clock.now(),
    tolerant: true,
    opens: flags.named === undefined ? selectionBy(flags) : justOne(flags.named),
  });
  const { workspace, entities, broken } = chosen(flags, opened);
  const how = flags.adopt ? 'adopt' : flags.discard ? 'discard' : 'full';
  if (flags.watermark !== undefined && entities.length > 1)
    throw unreadable(`--watermark is for one entity, but this selects ${entities.length} entities.`, [
      'hygge reset flow.entity --adopt --watermark VALUE',
    ]);
  await mustConfirmTarget(flags, workspace, surroundings);
  const names = entities.map(({ flow, entity }) => shownEntity(flow, entity));
  const command = commandOf(flags, how);
  if (!(await askToConfirm(flags, surroundings, { question: resetQuestion(names, how), name: 'reset', command }))) {
    printLines(surroundings, flags, () => ['Left unchanged.']);
    return exit.failed;
  }
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const all: ResetOfOne[] = [];
  for (const spec of entities) {
    const one = await withOwnSides(ports, (own) => resetOne(spec, { flags, how, ports: own }));
    // With a single entity, the error of the entity is the error of the command.
    if (one.error && flags.named !== undefined) throw one.error;
    all.push(one);
    const { flow, entity, facts, error } = one;
    if (flags.output === 'json')
      surroundings.out.write(`${JSON.stringify({ flow, entity, ...(facts ?? { how, error: error?.toDetails() }) })}\n`);
    else if (flags.named !== undefined && facts) printLines(surroundings, flags, (palette) => resetLines(spec, facts, palette));
    else printLines(surroundings, flags, (palette) => resetOfManyLines(spec, facts ?? error.toDetails(), palette));
  }
  if (flags.named === undefined) printLines(surroundings, flags, (palette) => resetClosing(all, palette));
  tellBroken(broken, surroundings, flags);
  const failed = all.flatMap(({ error }) => error ?? []);
  if (failed.length + broken.length === 0) return exit.ok;
  return broken.length === 0 && failed.every(({ code }) => code === heldCode) ? exit.held : exit.failed;
}

/** Throws if the command names no entity and lacks `--all`. */
function mustSayWhich(flags: ResetFlags): void {
  const ways = [flags.named !== undefined, isFiltered(flags), flags.all === true];
  if (ways.filter(Boolean).length !== 1)
    throw unreadable('Name what to reset: one entity, -f or -e, or --all.', [
      'hygge reset flow.entity',
      'hygge reset -f flow',
      'hygge reset --all',
    ]);
}

function chosen({ named, flow, entity }: ResetFlags, opened: Workspace): ChosenEntities {
  if (named === undefined) return choose(opened, { flow, entity });
  // The mirror of the journal is not a flow, but it may need a reset like an entity.
  const mirror = opened.mirror ? [{ name: opened.mirror.flow, entities: [opened.mirror] }] : [];
  const { workspace, spec } = chooseEntity(opened, named, mirror);
  return { workspace, entities: [spec], broken: [] };
}

function commandOf({ named, flow = [], entity = [], all }: ResetFlags, how: ResetKind): string {
  const word = (name: string) => (/^[\w.,-]+$/.test(name) ? name : JSON.stringify(name));
  const filters = [...flow.map((name) => `-f ${word(name)}`), ...entity.map((name) => `-e ${word(name)}`)];
  const which = named === undefined ? (all ? '--all' : filters.join(' ')) : word(named);
  return `hygge reset ${which}${how === 'full' ? '' : ` --${how}`}`;
}

type ResetOfOne = { readonly flow: string; readonly entity: string } & (
  | { readonly facts: ResetOutcome; readonly error?: undefined }
  | { readonly facts?: undefined; readonly error: HyggeError }
);

async function resetOne(
  spec: EntitySpec,
  { flags, how, ports }: { readonly flags: ResetFlags; readonly how: ResetKind; readonly ports: EnginePorts },
): Promise<ResetOfOne> {
  const { flow, entity } = spec;
  const { reset: resetEntity } = await import('../../engine/repair/reset.ts');
  const watermark = flags.watermark === undefined ? {} : { watermark: flags.watermark };
  try {
    return { flow, entity, facts: await resetEntity(spec, { how, takeOver: flags.takeOver === true, ...watermark }, ports) };
  } catch (error) {
    if (flags.named !== undefined && !(error instanceof HyggeError)) throw error;
    const told = namingEntity(readable(error), spec);
    const command = `hygge reset ${entityArgument(flow, entity)}${how === 'full' ? '' : ` --${how}`}`;
    return { flow, entity, error: told.code === heldCode ? heldFor(command, told) : told };
  }
}

/** The error if a run holds the entity. The message says that the run prevents the reset, not another run. */
function heldFor(command: string, held: HyggeError): FlowError {
  return new FlowError({
    ...held.toDetails(),
    tryThis: [
      'Wait until the run has ended; hygge status shows when',
      `If you know that the run is gone permanently: ${command} --take-over (its work without a decided commit is given up)`,
    ],
    cause: held,
  });
}
