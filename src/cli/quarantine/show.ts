import { realClock } from '../../adapters/real-clock.ts';
import type { QuarantinedPart } from '../../engine/contracts/replacing.ts';
import { isOfRuns } from '../../engine/plan/lane.ts';
import { quarantineOf } from '../../engine/plan/settled-plan.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { snapshotInForce } from '../../engine/schema/snapshot.ts';
import { describeType } from '../../frames/describe-type.ts';
import { exactJson } from '../../frames/exact-json/exact-json.ts';
import type { Schema } from '../../frames/schema.ts';
import { overRows } from '../../frames/values/cells.ts';
import { brokenColumnsIn } from '../../frames/values/rejected-rows.ts';
import { previewLines } from '../../narrate/commands/preview-lines.ts';
import { counted } from '../../narrate/text/figures.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import { cellText, isNumeric } from '../inspect/cell-text.ts';
import { lookingPorts, openOne } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer, printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { exportOf, exportRows } from './export.ts';

export interface QuarantineShowFlags extends Omit<CommonFlags, 'output'> {
  readonly entity: string;
  readonly run?: readonly string[] | undefined;
  /** The maximum number of rows to show. Undefined: 20 rows for people, all rows for programs and files. */
  readonly rows?: number | undefined;
  readonly output: CommonFlags['output'] | 'csv';
  /** The file for the rows. Undefined: the rows are printed. */
  readonly to?: string | undefined;
  /** Whether only rows that are not readable are shown. */
  readonly unreadable?: true | undefined;
}

const shownRows = 20;

interface RowsOfKind {
  readonly because: QuarantinedPart['because'];
  readonly schema: Schema;
  readonly rows: (readonly Json[])[];
}

/** `hygge quarantine show`: shows the rows with their values. The store is only read, and only the file of `--to` is written. Exit 1: quarantine has no selected rows. */
export async function quarantineShow(flags: QuarantineShowFlags, surroundings: Surroundings): Promise<number> {
  const { output } = flags;
  const asFile = exportOf(flags, surroundings);
  const clock = realClock();
  const { workspace, spec } = await openOne(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const store = await ports.store(spec);
  const { row } = await readRow(ports, spec);
  const head = await store.head();
  const settled = head?.schema ?? { columns: [] };
  const quarantine = quarantineOf(spec, store, { of: await snapshotInForce(ports, spec, row), settled });
  const { run: named } = flags;
  const isOfThem = ({ runs }: QuarantinedPart): boolean => named === undefined || runs.some((run) => isOfRuns(run, named));
  const lying = await quarantine.parts();
  const parts = lying.filter((part) => isOfThem(part) && (flags.unreadable !== true || part.because === 'unreadable'));
  const ofOtherRuns = lying.reduce((sum, part) => sum + (isOfThem(part) ? 0 : part.rows), 0);
  if (asFile !== null || output === 'csv') {
    const { scratch } = ports.opening(spec);
    return exportRows({ spec, quarantine, parts, settled: head?.schema ?? null, scratch }, { flags, file: asFile }, surroundings);
  }
  const most = flags.rows ?? (output === 'json' ? Number.POSITIVE_INFINITY : shownRows);
  const kinds: RowsOfKind[] = [];
  let [total, found] = [0, 0];
  for (const { slice, because, rows } of parts) {
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
  printAnswer(
    surroundings,
    { ...flags, output },
    {
      rows: limited.flatMap(({ schema, rows }) =>
        rows.map((row) => Object.fromEntries(schema.columns.map(({ name }, at) => [name, row[at] ?? null]))),
      ),
      verbatim: true,
      lines: (palette, width) =>
        limited.length === 0
          ? [ofOtherRuns === 0 ? 'Nothing is in quarantine.' : noneOfRuns(ofOtherRuns)]
          : [
              ...limited.map(reasonFirst).flatMap(({ because, schema, rows }) =>
                previewLines(
                  {
                    name: shownEntity(spec.flow, spec.entity),
                    from: `quarantine: ${because === 'rule' ? 'rows that break a rule' : 'rows that cannot be read'}`,
                    columns: schema.columns.map(({ name, type }, at) => ({
                      name,
                      isWhole: at === 0,
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
            ],
    },
  );
  // The commands are printed apart from the rows, which are printed unchanged.
  if (output !== 'json' && limited.some(({ because }) => because === 'rule'))
    printLines(surroundings, { ...flags, output }, (palette) => ['', ...wayToMend(spec, palette)]);
  return limited.length === 0 ? exit.failed : exit.ok;
}

const noneOfRuns = (others: number) =>
  `Nothing of that run is in quarantine, but ${counted(others, 'row')} of other runs ${others === 1 ? 'is' : 'are'}. hygge journal names runs.`;

/** The rows. The error and the columns with the error come first, because a narrow terminal cuts off the last columns. */
function reasonFirst({ because, schema, rows }: RowsOfKind): RowsOfKind {
  const facts: { readonly reason?: string; readonly column?: string } = because === 'rule' ? brokenColumnsIn(schema) : { reason: 'reason' };
  const placeOf = (wanted: string | undefined) => schema.columns.findIndex(({ name }) => name === wanted);
  const [reason, column] = [placeOf(facts.reason), placeOf(facts.column)];
  const wrong = new Set(rows.map((row) => row[column]));
  const isFirst = (at: number): boolean => at === reason || wrong.has(schema.columns[at]?.name ?? '');
  const places = schema.columns.map((_, at) => at);
  const order = [...places.filter((at) => at === reason), ...places.filter((at) => at !== reason && isFirst(at))];
  const moved = <T>(all: readonly T[]): T[] => [...order, ...places.filter((at) => !isFirst(at))].map((at) => all[at] as T);
  return { because, schema: { columns: moved(schema.columns) }, rows: rows.map(moved) };
}

/** Lines that explain to a person who sees rows in quarantine for the first time how to correct them. */
function wayToMend({ flow, entity }: EntityKey, palette: Palette): readonly string[] {
  const name = entityArgument(flow, entity);
  return [
    `${palette.quiet('next')}  hygge quarantine show ${name} --to mended.csv    to mend them`,
    `      hygge quarantine replay ${name}    when the rules were corrected`,
  ];
}

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
