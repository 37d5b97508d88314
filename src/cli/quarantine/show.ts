import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { sharedSidePorts } from '../../assembly/ports.ts';
import { isOfRuns } from '../../engine/plan/lane.ts';
import { quarantineOf } from '../../engine/plan/settled-plan.ts';
import { overRows } from '../../frames/cells.ts';
import { describeType } from '../../frames/describe-type.ts';
import { exactJson } from '../../frames/exact-json/exact-json.ts';
import type { Schema } from '../../frames/schema.ts';
import { previewLines } from '../../narrate/commands/preview-lines.ts';
import { counted } from '../../narrate/text/figures.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import type { Json } from '../../ports/values.ts';
import { cellText, isNumeric } from '../inspect/cell-text.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { justOne } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface QuarantineShowFlags extends CommonFlags {
  readonly entity: string;
  readonly run?: readonly string[] | undefined;
  /** Rows that are shown; undefined: 20 for people, all for programs. */
  readonly rows?: number | undefined;
}

const shownRows = 20;

interface RowsOfKind {
  readonly because: 'rule' | 'unreadable';
  readonly schema: Schema;
  readonly rows: (readonly Json[])[];
}

/** `hygge quarantine show`: the rows that lie there, with their values. Reads the store, writes nothing. 1: there are none. */
export async function quarantineShow(flags: QuarantineShowFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true, opens: justOne(flags.entity) });
  const { workspace, spec } = chooseEntity(opened, flags.entity);
  await using ports = await sharedSidePorts(workspace, { clock, random: realRandom(), emit: () => {}, network: surroundings.network });
  const store = await ports.store(spec);
  const quarantine = quarantineOf(spec, store);
  const most = flags.rows ?? (flags.output === 'json' ? Number.POSITIVE_INFINITY : shownRows);
  const kinds: RowsOfKind[] = [];
  let [total, found, ofOtherRuns] = [0, 0, 0];
  for (const { slice, because, rows, runs } of await quarantine.parts()) {
    const { run: named } = flags;
    if (named !== undefined && !runs.some((run) => isOfRuns(run, named))) {
      ofOtherRuns += rows;
      continue;
    }
    total += rows;
    if (found >= most) continue;
    for await (const frame of quarantine.read(slice, new AbortController().signal)) {
      const { columns } = frame.schema;
      const texts = await overRows(frame, (cells) =>
        Array.from(cells, (row) => columns.map(({ type }, at) => exactJson(type, row[at] ?? null))),
      );
      const alike = kinds.find((kind) => kind.because === because && JSON.stringify(kind.schema) === JSON.stringify(frame.schema));
      if (alike) alike.rows.push(...texts);
      else kinds.push({ because, schema: frame.schema, rows: texts });
      found += texts.length;
      if (found >= most) break;
    }
  }
  const limited = upTo(most, kinds);
  printAnswer(surroundings, flags, {
    rows: limited.flatMap(({ schema, rows }) =>
      rows.map((row) => Object.fromEntries(schema.columns.map(({ name }, at) => [name, row[at] ?? null]))),
    ),
    verbatim: true,
    lines: (palette, width) =>
      limited.length === 0
        ? [ofOtherRuns === 0 ? 'Nothing lies in quarantine.' : noneOfRuns(ofOtherRuns)]
        : limited.flatMap(({ because, schema, rows }) =>
            previewLines(
              {
                name: shownEntity(spec.flow, spec.entity),
                from: `quarantine: ${because === 'rule' ? 'rows that break a rule' : 'rows that cannot be read'}`,
                columns: schema.columns.map(({ name, type }) => ({
                  name,
                  type: describeType(type),
                  align: isNumeric(type) ? 'right' : 'left',
                })),
                rows: rows.map((row) => row.map((value, at) => shownCell(schema, at, value))),
                total: { n: total, exact: true },
                limit: rows.length,
                rejected: 0,
              },
              { palette, width, all: flags.verbose === true },
            ),
          ),
  });
  return limited.length === 0 ? exit.failed : exit.ok;
}

const noneOfRuns = (others: number) =>
  `Nothing of that run lies in quarantine: ${counted(others, 'row')} of other runs ${others === 1 ? 'does' : 'do'}. hygge journal names runs.`;

function upTo(most: number, kinds: readonly RowsOfKind[]): readonly RowsOfKind[] {
  let left = most;
  return kinds.flatMap((kind) => {
    const rows = kind.rows.slice(0, left);
    left -= rows.length;
    return rows.length === 0 ? [] : [{ ...kind, rows }];
  });
}

function shownCell({ columns }: Schema, at: number, value: Json) {
  const type = columns[at]?.type ?? { kind: 'string' as const };
  return { text: cellText(type, value), isNull: value === null };
}
