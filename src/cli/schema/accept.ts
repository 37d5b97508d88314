import { realClock } from '../../adapters/real-clock.ts';
import { acceptSchema } from '../../engine/schema/acceptance.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { acceptedLines, acceptQuestion, comparedLines, wouldStop } from '../../narrate/commands/schema-diff-lines.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import { lookingPorts, openOne } from '../select/open-entities.ts';
import { askToConfirm, mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { type Comparison, compare, comparisonJson } from './compare.ts';

export interface SchemaAcceptFlags extends CommonFlags {
  readonly entity: string;
  readonly yes?: true | undefined;
  readonly confirm?: string | undefined;
}

/** `hygge schema accept`: shows the changes in the columns, asks for confirmation, and accepts exactly the shown changes. */
export async function schemaAccept(flags: SchemaAcceptFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOne(flags, surroundings, clock);
  await mustConfirmTarget(flags, workspace, surroundings);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const found = await compare(spec, ports);
  const { source } = found.look;
  const reason = nothingToAccept(found);
  if (reason !== null || source === null) throw refused(found, reason ?? '');
  if (!found.compared.accepted) {
    printLines(surroundings, flags, (palette) => comparedLines(found.compared, palette, { asking: true }));
    const command = `hygge schema accept ${entityArgument(spec.flow, spec.entity)}`;
    if (!(await askToConfirm(flags, surroundings, { question: acceptQuestion(found.compared), name: 'schema accept', command }))) {
      printLines(surroundings, flags, () => ['Left unchanged.']);
      return exit.failed;
    }
    await acceptSchema(ports, spec, source);
  }
  const after = found.compared.accepted ? found : await compare(spec, ports);
  if (flags.output === 'json') surroundings.out.write(`${JSON.stringify(comparisonJson(after, wouldStop(after.compared)))}\n`);
  else printLines(surroundings, flags, (palette) => acceptedLines(after.compared, palette, { already: after === found }));
  return after.compared.accepted ? exit.ok : exit.failed;
}

/** The reason why no change can be accepted. Null: a change can be accepted. */
function nothingToAccept({ compared, look, acceptHelps }: Comparison): string | null {
  const { against, columns, changes, accepted, load, fullNext } = compared;
  const stop = compared.stop ?? look.stopIfAccepted ?? look.stop;
  if (columns === null) return 'The source shows its columns only while it is read, so there is nothing to compare beforehand.';
  if (stop !== null && !acceptHelps) return `Accepting would not let a run continue: ${stop.what}`;
  if (fullNext && against === null) return 'The entity was reset: the next run accepts the columns anyway.';
  if (against === null) return 'Nothing has settled yet: the first run accepts the columns anyway.';
  if (changes.length === 0) return `The columns are ${against === 'expected' ? 'as expected_schema_path says' : 'as they settled'}.`;
  if (accepted) return null;
  if (changes.every(({ kind }) => kind === 'key')) return 'Only the key has changed: the next run accepts the change, and says so.';
  if (changes.every(({ kind }) => kind === 'returned'))
    return 'A missing column has returned, so the columns are again the same as in the settled rows.';
  // Columns settle by name, so only data that is written again can have another order.
  if (load === 'incremental' && changes.every(({ kind }) => kind === 'reordered'))
    return 'Only the order has changed, and columns settle by name.';
  return null;
}

function refused({ compared, look }: Comparison, reason: string): ConfigError {
  const { flow, entity, columns } = compared;
  const stop = compared.stop ?? look.stopIfAccepted;
  const name = entityArgument(flow, entity);
  return new ConfigError({
    code: 'HYG-1907',
    what: `There is no change to accept for ${shownEntity(flow, entity)}.`,
    why: [reason],
    tryThis:
      columns === null
        ? ['Set in schema_evolution how a run handles changes']
        : stop === null
          ? [`See what a run would do: hygge go --dry-run -e ${name}`]
          : [...stop.tryThis],
  });
}
