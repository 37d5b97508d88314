/** Files that lack columns of a contract: how they affect a run, and what a dry run reports about them. */
import type { Note } from '../../ports/notes.ts';
import { filled } from '../../ports/values.ts';
import { type Home, isFrame, type PlannedFile } from '../contracts/home.ts';
import { type PlanFacts, readsSource, windowOfSlice } from '../contracts/records.ts';
import { type EntitySpec, rulesOf } from '../contracts/spec.ts';
import { fileLacksColumns } from '../errors/validation.ts';
import type { NeededColumn } from './columns-of-files.ts';
import { goneFromAll, looksAt } from './fit.ts';

/** For each column, by its settled name: a file that lacks the column. */
export type LackingColumns = Readonly<Record<string, string>>;

interface ShapedColumns extends Pick<PlanFacts, 'schema'> {
  /** For each column of `schema`, its column in the source. Null: the column is added. */
  readonly origins: readonly (string | null)[];
}

/** The columns of the contract that come from the source. */
export function neededColumns({ validation }: EntitySpec, { schema, origins }: ShapedColumns): readonly NeededColumn[] {
  return (validation?.needed ?? []).flatMap((column) => {
    const from = origins[schema?.columns.findIndex(({ name }) => name === column) ?? -1] ?? null;
    return from === null ? [] : [{ column, from }];
  });
}

/** Whether a file that lacks a column of the contract stops the run. */
export function stopsAtLackingFile({ validation, schema }: EntitySpec): boolean {
  const { removeColumns } = schema.policies;
  const isAccepted = removeColumns === 'null_fill' || removeColumns === 'ignore';
  return removeColumns === 'fail' || (validation?.mode === 'fail' && !isAccepted);
}

export function lackingNotes(spec: EntitySpec, lacking: LackingColumns): readonly Note[] {
  const byFile = Map.groupBy(Object.entries(lacking), ([, file]) => file);
  return [...byFile].map(([file, lacked]) => {
    const columns = lacked.map(([column]) => column);
    const rules = rulesOf(spec).flatMap((rule) => (columns.some((column) => looksAt(rule, column)) ? [rule.name] : []));
    return { code: 'file_lacks', file, columns, ...filled({ rules }) };
  });
}

type PlannedReads = ShapedColumns & Pick<PlanFacts, 'slices' | 'window' | 'windows' | 'boundaryWindow' | 'drift'>;

/**
 * Notes about planned files that lack a column of the contract. Throws HYG-2138 if the run would. Only such files are read, up to their first rows,
 * because a file without rows stops no run.
 * @param home the home that was used for the plan.
 */
export async function lackingPlannedFiles(spec: EntitySpec, home: Home, plan: PlannedReads, signal: AbortSignal): Promise<readonly Note[]> {
  if ((spec.validation?.needed ?? []).length === 0 || home.files === undefined) return [];
  const needed = neededColumns(spec, plan);
  const gone = goneFromAll(spec, plan.drift);
  const stops = stopsAtLackingFile(spec);
  const lackedBy = ({ columns }: PlannedFile) => [
    ...needed.filter(({ from }) => !columns.includes(from)).map(({ column }) => column),
    ...(stops ? gone : []),
  ];
  const files = (await home.files.planned()).filter((file) => lackedBy(file).length > 0);
  let lacking: LackingColumns = {};
  for await (const file of filesWithRows(home, files, plan, signal)) {
    if (stops) throw fileLacksColumns(spec, file.origin, lackedBy(file));
    lacking = { ...Object.fromEntries(lackedBy(file).map((column) => [column, file.origin])), ...lacking };
  }
  return lackingNotes(spec, lacking);
}

async function* filesWithRows(
  home: Home,
  files: readonly PlannedFile[],
  plan: Pick<PlannedReads, 'slices' | 'window' | 'windows' | 'boundaryWindow'>,
  signal: AbortSignal,
): AsyncGenerator<PlannedFile> {
  const left = new Set(files);
  for (const { slice, work } of plan.slices) {
    if (!readsSource(work)) continue;
    const paths = slice.sources ?? (slice.source === undefined ? null : [slice.source]);
    const inSlice = () => [...left].filter(({ path }) => paths === null || paths.includes(path));
    if (inSlice().length === 0) continue;
    for await (const item of home.read(slice, windowOfSlice(plan, work), undefined, signal)) {
      const file = isFrame(item) && item.rows > 0 ? [...left].find(({ origin }) => origin === item.origin) : undefined;
      if (file === undefined) continue;
      left.delete(file);
      yield file;
      if (inSlice().length === 0) break;
    }
  }
}
