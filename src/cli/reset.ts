import { realClock } from '../adapters/real-clock.ts';
import { realRandom } from '../adapters/real-random.ts';
import { enginePorts } from '../assembly/ports.ts';
import { FlowError, HyggeError } from '../errors/hygge-error.ts';
import { resetLines, resetQuestion } from '../narrate/reset-lines.ts';
import { entityArgument, shownEntity } from '../narrate/visible.ts';
import { agreed } from './agreed.ts';
import { chooseOne } from './chosen.ts';
import { exit, heldCode } from './exit-code.ts';
import { openWorkspace } from './open-workspace.ts';
import { printLines } from './print.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';
import { unreadable } from './usage.ts';

export interface ResetFlags extends CommonFlags {
  readonly entity: string;
  readonly adopt?: true | undefined;
  readonly watermark?: string | undefined;
  readonly discard?: true | undefined;
  readonly takeOver?: true | undefined;
  readonly yes?: true | undefined;
}

/** `hygge reset`: asks first, unless told `--yes`. */
export async function reset(flags: ResetFlags, surroundings: Surroundings): Promise<number> {
  if (flags.watermark !== undefined && !flags.adopt) {
    throw unreadable('--watermark is for --adopt.', ['hygge reset flow.entity --adopt --watermark VALUE']);
  }
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true });
  // The mirror of the journal is no flow, but it may have to begin anew like any entity.
  const mirror = opened.mirror ? [{ name: opened.mirror.flow, entities: [opened.mirror] }] : [];
  const { workspace, spec } = chooseOne(opened, flags.entity, mirror);
  const how = flags.adopt ? 'adopt' : flags.discard ? 'discard' : 'full';
  const name = shownEntity(spec.flow, spec.entity);
  const command = `hygge reset ${entityArgument(spec.flow, spec.entity)}${how === 'full' ? '' : ` --${how}`}`;
  if (!(await agreed(flags, surroundings, { question: resetQuestion(name, how), name: 'reset', command }))) {
    printLines(surroundings, flags, () => ['Left as it is.']);
    return exit.failed;
  }
  await using ports = await enginePorts(workspace, { clock, random: realRandom(), emit: () => {} });
  const { reset: resetEntity } = await import('../engine/reset.ts');
  const watermark = flags.watermark === undefined ? {} : { watermark: flags.watermark };
  const facts = await resetEntity(spec, { how, takeOver: flags.takeOver === true, ...watermark }, ports).catch((error) => {
    throw error instanceof HyggeError && error.code === heldCode ? heldFor(command, error) : error;
  });
  if (flags.output === 'json') surroundings.out.write(`${JSON.stringify({ flow: spec.flow, entity: spec.entity, ...facts })}\n`);
  else printLines(surroundings, flags, (palette) => resetLines(spec, facts, palette));
  return exit.ok;
}

/** The run that holds it is in the way of a reset, not of another run. */
function heldFor(command: string, held: HyggeError): FlowError {
  return new FlowError({
    ...held.toDetails(),
    tryThis: [
      'Wait until it has ended; hygge status shows when',
      `If you know that it is gone for good: ${command} --take-over (what it had not decided to commit is given up)`,
    ],
    cause: held,
  });
}
