import { realClock } from '../../adapters/real-clock.ts';
import { proposalFor } from '../../assembly/probes/check-sides.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { snapshotInForce } from '../../engine/schema/snapshot.ts';
import { StateError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import { previewLines } from '../../narrate/commands/preview-lines.ts';
import { suggestedLines } from '../../narrate/commands/proposal-lines.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import type { Json } from '../../ports/values.ts';
import { lookingPorts, openOne } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { cellText, isNumeric } from './cell-text.ts';
import { firstRows, type PreviewRows } from './first-rows.ts';

export interface PreviewFlags extends CommonFlags {
  readonly entity: string;
  readonly rows: number;
}

/** `hygge preview`: shows the first rows of an entity as a run would get them from its home. The state is only read, and the store is not opened. */
export async function preview(flags: PreviewFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOne(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const pinned = await pinnedSoFar(spec, ports);
  const found = await firstRows((given) => ports.home(spec, given), { pinned, limit: flags.rows, clock });
  const columns = found.schema?.columns ?? [];
  const proposal = flags.output === 'json' ? undefined : await proposalFor(spec, ports);
  printAnswer(surroundings, flags, {
    rows: found.rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null]))),
    verbatim: true,
    lines: (palette, width) => [
      ...previewLines(
        {
          name: shownEntity(spec.flow, spec.entity),
          from: found.from,
          columns: columns.map(({ name, type }) => ({ name, type: describeType(type), align: isNumeric(type) ? 'right' : 'left' })),
          rows: found.rows.map((row) => columns.map(({ type }, at) => shownCell(type, row[at] ?? null))),
          total: found.total,
          limit: flags.rows,
          rejected: found.rejected,
        },
        { palette, width, all: flags.verbose === true },
      ),
      ...(proposal === undefined ? [] : suggestedLines(proposal, palette, width)),
    ],
  });
  return exit.ok;
}

/** The decisions on how to read the source, as the last run stored them. Null: the state is not readable, so the preview decides again. */
async function pinnedSoFar(spec: EntitySpec, ports: EnginePorts): Promise<Json | null> {
  try {
    return (await snapshotInForce(ports, spec, (await readRow(ports, spec)).row))?.pinned ?? null;
  } catch (error) {
    if (error instanceof StateError) return null;
    throw error;
  }
}

function shownCell(type: Parameters<typeof cellText>[0], value: PreviewRows['rows'][number][number]) {
  return { text: cellText(type, value), isNull: value === null };
}
