/** The errors with which the engine stops a run, in words for people. Codes: src/errors/codes/flow.ts. */

import { factsOf } from '../../checks/drift.ts';
import { driftSentence } from '../../checks/drift-text.ts';
import type { Decision } from '../../checks/evolve.ts';
import { asArgument, count, counted, entityName } from '../../errors/as-argument.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { FlowError, HomeError, StateError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Measures } from '../../frames/rules/measures.ts';
import { common } from '../../frames/widening.ts';
import type { Binding, Lease, StateRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Head, Store } from '../contracts/store.ts';

export const quoted = (key: EntityKey) => asArgument(entityName(key));

export function heldByOtherRun(key: EntityKey, lease: Lease): FlowError {
  const { holder } = lease;
  return new FlowError({
    code: 'HYG-2001',
    what: `${entityName(key)} is locked by another run: ${holder.program} on ${holder.host}, process ${holder.pid}.`,
    why: [`That run has the lease as ${lease.run} until ${lease.until} and renews it while it works.`],
    tryThis: ['Wait for it: hygge go --wait', `If you know that the run is gone permanently: hygge go -e ${quoted(key)} --take-over`],
  });
}

/** In a flow that finds its entities, an entity is gone from the home. Without this error, its settled rows would grow old unnoticed. */
export function notFound(key: EntityKey, spec: Pick<EntitySpec, 'where'>): HomeError {
  const { flow, entity } = key;
  return new HomeError({
    code: 'HYG-3214',
    what: `${entityName(key)} has settled before, but no longer exists at the home of flow ${flow}.`,
    why: ['The entity was dropped or renamed, or the role lost the right to read it. The settled rows are unchanged.'],
    tryThis: [
      'Restore the right or the name, and run again',
      `If the entity is gone permanently: \`entities: { exclude: [${/^[\w-]+$/.test(entity) ? entity : JSON.stringify(entity)}] }\` in flow ${flow}. The settled rows stay`,
    ],
    where: spec.where,
  });
}

/**
 * The error of a missing source. Any other error is returned unchanged. The usual reason is a mistyped path, so the error says where the path is
 * written. If the source has settled, it also says what happens to the settled rows.
 */
export function absentSource(
  error: unknown,
  { spec, store, row }: { readonly spec: EntitySpec; readonly store: Pick<Store, 'where'>; readonly row: StateRow | undefined },
): unknown {
  if (!(error instanceof HomeError) || !['HYG-3201', 'HYG-3501'].includes(error.code)) return error;
  const where = error.code === 'HYG-3201' ? { where: spec.homeWhere } : {};
  const placed = new HomeError({ ...error.toDetails(), ...where, cause: error.cause });
  if (!row?.settled || row.settled.nothing) return placed;
  return sourceGone(placed, spec, { rows: row.settled.total ?? undefined, where: store.where });
}

/** Adds what happens to the settled rows of an entity whose source is missing. @param rows how many rows have settled; undefined: they were not counted. */
function sourceGone(error: HomeError, spec: EntitySpec, { rows, where }: { rows: number | undefined; where: string }): HomeError {
  const settled =
    rows === undefined
      ? `Rows of ${entityName(spec)} have settled`
      : `${counted(rows, 'row')} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} settled`;
  const isThere = (line: string) => line.startsWith('There is ');
  const [renamed, others] = [error.tryThis.filter(isThere), error.tryThis.filter((line) => !isThere(line))];
  return new HomeError({
    ...error.toDetails(),
    why: [...error.why, `${settled} in ${where}, and stay there unchanged.`],
    tryThis: [
      ...renamed,
      `If the source is gone permanently: ${takenOut(spec)}; its rows stay in ${where} until you delete them`,
      ...others,
    ],
    cause: error.cause,
  });
}

/** How a person removes the entity: the person removes its file, or its entry in the flow’s file. */
function takenOut({ flow, entity, where: { file, line } }: EntitySpec): string {
  const out = `remove ${entity} from flow ${flow}`;
  return /(^|\/)entities\/[^/]+$/.test(file) ? `${out} (delete ${file})` : `${out} (${file}:${line})`;
}

export function stateElsewhere(
  key: EntityKey,
  { where, head, here, ways }: { where: string; head: Head; here: string; ways: readonly string[] },
): FlowError {
  const elsewhere = head.state !== here;
  return new FlowError({
    code: elsewhere ? 'HYG-2016' : 'HYG-2002',
    what: elsewhere
      ? `${where} contains rows of an installation of hygge that keeps its state in ${head.state}.`
      : `${where} contains rows from an earlier run, but their state is gone.`,
    why: [`Nothing is settled for ${entityName(key)} in ${here}, while the destination's last commit is ${head.id} (epoch ${head.epoch}).`],
    tryThis: [
      ...(elsewhere
        ? [
            `Run it with the state that belongs to the rows: ${head.state}`,
            'If a flow of another workspace has the same name, rename this flow or use another place',
          ]
        : ['Restore the state folder from a backup, if there is one']),
      ...ways
        .toReversed()
        .map((way) => (elsewhere ? `If no flow uses that state any more: ${way.charAt(0).toLowerCase()}${way.slice(1)}` : way)),
    ],
  });
}

export function destinationChanged(
  key: EntityKey,
  where: string,
  facts: { settled: string; head: string | null; ways: readonly string[] },
): FlowError {
  return new FlowError({
    code: 'HYG-2003',
    what: `${where} does not contain the last commit of ${entityName(key)}.`,
    why: [
      facts.head === null
        ? `The state remembers commit ${facts.settled}; the destination has no record of a commit.`
        : `The state remembers commit ${facts.settled}; the last commit of the destination is ${facts.head}.`,
    ],
    tryThis: [...facts.ways, 'If the destination was restored from a backup, restore the state from the same time'],
  });
}

export function settledDataMissing(
  { where, holds }: Pick<Store, 'where' | 'holds'>,
  missing: readonly string[],
  ways: readonly string[],
): FlowError {
  if (holds === 'table')
    return new FlowError({
      code: 'HYG-2004',
      what: `${where} is gone, together with the rows that settled there.`,
      why: ['A run that adds only new rows to an empty table would succeed with a wrong result.'],
      tryThis: ['Put the table back, with its rows', ...ways],
    });
  const shown = missing.slice(0, 3).join(', ');
  return new FlowError({
    code: 'HYG-2004',
    what: `${missing.length} settled ${missing.length === 1 ? 'file is' : 'files are'} missing in ${where}.`,
    why: [`Gone or changed: ${shown}${missing.length > 3 ? ', …' : ''}. A run that adds only new rows would succeed with a wrong result.`],
    tryThis: ['Put the files back', ...ways],
  });
}

export function settledDataEdited(spec: EntitySpec, where: string, edited: readonly string[], ways: readonly string[]): FlowError {
  const shown = edited.slice(0, 3).join(', ');
  const one = edited.length === 1;
  return new FlowError({
    code: 'HYG-2072',
    what: `${edited.length} settled ${one ? 'file was' : 'files were'} edited in ${where}.`,
    why: [
      `By checksum, ${one ? 'its content differs' : 'their contents differ'} from the settled content: ${shown}${edited.length > 3 ? ', …' : ''}.`,
    ],
    tryThis: [
      one ? 'Restore the earlier file' : 'Restore the earlier files',
      ...ways,
      `See all differences: hygge verify ${quoted(spec)} --settled`,
    ],
  });
}

export function partsLost(key: EntityKey, where: string): FlowError {
  return new FlowError({
    code: 'HYG-2005',
    what: `A commit of ${entityName(key)} was decided, but some of its staged parts are missing in ${where}.`,
    why: ['Someone emptied the staging area or the destination between the decision and the commit. Nothing of that commit was published.'],
    tryThis: [
      'Restore the staging area from a backup, if you have one',
      `Give that commit up: hygge reset ${quoted(key)} --discard, then hygge go`,
    ],
  });
}

export function claimedByLaterRun(key: EntityKey): FlowError {
  return new FlowError({
    code: 'HYG-2006',
    what: `${entityName(key)} was claimed by a later run while this run did not respond.`,
    why: ['This run ends. The later run removes the staged files of this run.'],
    tryThis: ['Nothing to do, because the later run continues: hygge status'],
  });
}

export function isFenced(error: unknown): boolean {
  return error instanceof FlowError && error.code === 'HYG-2006';
}

export function bindingChanged(
  spec: EntitySpec,
  { was, is }: { readonly was: Binding; readonly is: Binding },
  ways: readonly string[],
): FlowError {
  const part = (['source', 'target', 'watermark'] as const).find((p) => was[p] !== is[p]) ?? 'source';
  return new FlowError({
    code: 'HYG-2007',
    what: `${entityName(spec)} now has another ${part} than its settled rows came from.`,
    why: [`Settled: ${was[part] || '(none)'}`, `Configured now: ${is[part] || '(none)'}`],
    tryThis: ['If that is not intended, change it back', ...ways],
    where: spec.where,
  });
}

export function anotherTarget(
  spec: EntitySpec,
  { was, is, where }: { readonly was: string; readonly is: string | undefined; readonly where: string },
): FlowError {
  const place = where.replace(/ \(target [^)]*\)$/, '');
  const anew = `hygge reset ${quoted(spec)}, then hygge go -e ${quoted(spec)}`;
  return new FlowError({
    code: 'HYG-2086',
    what: `${entityName(spec)} was settled for target ${was}, and this run is for ${is === undefined ? 'a workspace without targets' : `target ${is}`}.`,
    why: [
      is === undefined
        ? `The state of the settled rows is in ${place}. hygge.yml then had a target ${was}; it has no target now.`
        : `Both keep their state in ${place}: ${is} would continue after the last row of ${was}, and never load the earlier rows.`,
    ],
    tryThis: [
      is === undefined
        ? `Write target ${was} into hygge.yml again, with this \`state\` below it, and run it: hygge go --target ${was}`
        : `Give ${is} a state of its own: remove \`state\` from the target, or name another place there`,
      ...(is === undefined ? [] : [`If you meant ${was}: hygge go --target ${was}`]),
      `To continue with this state ${is === undefined ? 'without targets' : `for ${is}, and no more for ${was}`}, loading all rows again: ${anew}`,
    ],
    where: spec.where,
  });
}

export function rowsDiffer(key: EntityKey, read: number, staged: number): FlowError {
  return new FlowError({
    code: 'HYG-2008',
    what: `${counted(read, 'row')} of ${entityName(key)} ${read === 1 ? 'was' : 'were'} read, but ${count(staged)} ${staged === 1 ? 'was' : 'were'} written.`,
    why: ['Every row that is read must be written. The run was stopped before anything became visible.'],
    tryThis: ['Run it again with -v and report what it prints: this is a fault in hygge or in a connector'],
  });
}

export function nullsDiffer(key: EntityKey, column: string, read: number, staged: number): FlowError {
  return new FlowError({
    code: 'HYG-2009',
    what: `Column ${JSON.stringify(column)} of ${entityName(key)} had ${read} nulls when read and ${staged} when written.`,
    why: ['A value was lost or added between the two. The run was stopped before anything became visible.'],
    tryThis: ['Run it again with -v and report what it prints: this is a fault in hygge or in a connector'],
  });
}

export function nullWatermarks(spec: EntitySpec, column: string, rows: number): FlowError {
  return new FlowError({
    code: 'HYG-2010',
    what: `${counted(rows, 'row')} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} no ${column}.`,
    why: ['An incremental run could never find these rows again.'],
    tryThis: [
      'watermark.nulls: include reads them again each run and replaces them',
      'watermark.nulls: exclude leaves them out',
      'Choose a column that is always filled',
    ],
    where: spec.where,
  });
}

export function noWatermarkColumn(spec: EntitySpec, column: string, columns: readonly string[]): FlowError {
  const near = didYouMean(column, columns);
  return new FlowError({
    code: 'HYG-2011',
    what: `The source of ${entityName(spec)} has no column ${JSON.stringify(column)}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    why: [`It has: ${columns.slice(0, 20).join(', ')}${columns.length > 20 ? ', …' : ''}`],
    tryThis: ['Name one of them in watermark.column, exactly as the source has it'],
    where: spec.watermarkWhere,
  });
}

/** All decisions to stop in one error. Each has advice on how a person can decide otherwise. */
/** @param configured the columns whose types the home’s config decides. */
export function schemaDrifted(spec: EntitySpec, refused: readonly Decision[], configured: readonly string[] = []): FlowError {
  const kinds = new Set(refused.map(({ drift }) => drift.kind));
  const retyped = refused.filter(({ drift }) => drift.kind === 'type' && configured.includes(drift.name));
  const typesSaid = typesOfHome(spec, refused);
  const canWiden = refused.every(({ drift }) => drift.kind !== 'type' || common(drift.before, drift.now) !== undefined);
  const policies = [
    ...(kinds.has('added') ? ['add_columns: auto'] : []),
    ...(kinds.has('removed') ? ['remove_columns: null_fill'] : []),
    ...(kinds.has('type') ? [`type_changes: ${canWiden ? 'widen' : 'new_column'}`] : []),
    ...(kinds.has('nullable') ? ['nullable_changes: ignore'] : []),
  ];
  return new FlowError({
    code: 'HYG-2012',
    what: `${spec.polish ? 'The rows' : 'The source'} of ${entityName(spec)}${spec.polish ? ', as polish leaves them,' : ''} ${spec.polish ? 'have' : 'has'} another schema than what is ${spec.schema.expected ? 'expected' : 'settled'}.`,
    why: refused.slice(0, 8).map((one) => driftSentence({ ...factsOf(one.drift), ...one })),
    tryThis: [
      ...(retyped.length > 0
        ? [`If the home's keys were changed on purpose, load all rows with the new types: hygge go -e ${quoted(spec)} -d`]
        : []),
      ...(typesSaid === undefined ? [] : [`If the home has the key types, write the expected types there: ${typesSaid} in home`]),
      `${retyped.length > 0 || typesSaid !== undefined ? 'Or accept' : 'Accept'} the present source: hygge schema accept ${quoted(spec)}`,
      `Or set how hygge handles such changes: schema_evolution: { ${policies.join(', ')} }`,
      'Or change the source back',
    ],
    where: spec.where,
  });
}

/** The config key with which text files are read with the types of an expected schema. Undefined: no key does that, or the source’s columns may have other names. */
function typesOfHome({ schema, polish }: EntitySpec, refused: readonly Decision[]): string | undefined {
  if (!schema.expected || polish || schema.migrations.length > 0) return undefined;
  const types = refused.flatMap(({ drift }) =>
    drift.kind === 'type' && !['list', 'struct'].includes(drift.before.kind)
      ? [`${JSON.stringify(drift.name)}: ${JSON.stringify(describeType(drift.before))}`]
      : [],
  );
  return types.length === 0 ? undefined : `types: { ${types.join(', ')} }`;
}

interface NoRowSettles {
  /** How many rows the destination has. Null: they were not counted. */
  readonly rows: number | null;
  readonly measures: Measures;
  readonly rejected: number;
  /** How many rows the source has, though they do not settle. Absent: the source is empty. */
  readonly unsettled?: number;
}

export function sourceIsEmpty(spec: EntitySpec, where: string, { rows, measures, rejected, unsettled }: NoRowSettles): FlowError {
  const held = rows === null ? 'data' : rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`;
  return new FlowError({
    code: 'HYG-2068',
    what:
      unsettled === undefined
        ? `The source of ${entityName(spec)} has no rows, but ${where} contains ${held}.`
        : `${unsettled === 1 ? 'The only row' : `None of the ${unsettled.toLocaleString('en-US')} rows`} of the source of ${entityName(spec)} ${unsettled === 1 ? "can't" : 'can'} settle, but ${where} contains ${held}.`,
    why: [
      ...Object.entries(measures.broken)
        .flatMap(([rule, n]) => (n === 0 ? [] : [`Rows that break the rule ${rule}: ${n.toLocaleString('en-US')}`]))
        .slice(0, 5),
      ...(rejected === 0 ? [] : [`Rows that can't be read: ${rejected.toLocaleString('en-US')}`]),
      'A full load would leave the destination empty, and on_empty is fail.',
    ],
    tryThis: [
      unsettled === undefined
        ? 'Look at the source: was it emptied by mistake, or is it not filled yet?'
        : 'Check the rows against the rules and types that they break: is a rule wrong?',
      'If it is empty on purpose: on_empty: replace',
      'on_empty: keep leaves the destination unchanged, without an error',
    ],
    where: spec.where,
  });
}

/** @param rows how many rows the load has. They would replace `before` rows. */
export function loadShrinks(
  spec: EntitySpec,
  where: string,
  { rows, before }: { readonly rows: number; readonly before: number },
): FlowError {
  return new FlowError({
    code: 'HYG-2128',
    what: `A full load of ${entityName(spec)} would leave ${counted(rows, 'row')} in ${where}, which has ${count(before)} now.`,
    why: ['That is at most half of the existing rows, and on_shrink is stop. The destination is unchanged.'],
    tryThis: [
      'Look at the source: was a part of it removed, or is it not filled yet?',
      `If this is intended, load it once: hygge go -d -e ${asArgument(entityName(spec))} --var flow.${spec.flow}.on_shrink=allow`,
      'If the source often shrinks so: on_shrink: allow, or warn for a WARN',
    ],
    where: spec.where,
  });
}

/** The settled columns that a file lacks, by their names for people. */
export interface LackingColumns {
  readonly settledCount: number;
  readonly presentCount: number;
  readonly lacks: readonly string[];
  readonly others: readonly string[];
}

const listed = (names: readonly string[]) =>
  `${names
    .slice(0, 6)
    .map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name))
    .join(', ')}${names.length > 6 ? ', …' : ''}`;

/** @param file the name of the file; null: the source as a whole. */
/** The name for rows that came from no file. */
export const partWithoutFileName = 'a part of the source';

export function anotherSource(
  spec: EntitySpec,
  file: string | null,
  { settledCount, presentCount, lacks, others }: LackingColumns,
): FlowError {
  const { expected } = spec.schema;
  const whose =
    expected === null
      ? `${file === null ? 'it' : entityName(spec)} had when it settled`
      : `are expected of ${file === null ? 'it' : entityName(spec)}`;
  const has =
    settledCount === 1
      ? `does not have the one column that ${whose.replace(/^are/, 'is')}`
      : `has ${presentCount === 0 ? 'none' : presentCount} of the ${settledCount} columns that ${whose}`;
  return new FlowError({
    code: 'HYG-2065',
    what: `${file ?? `The source of ${entityName(spec)}`} ${has}.`,
    why: [
      ...(lacks.length === 0 ? [] : [`It lacks ${listed(lacks)}`]),
      ...(others.length === 0 ? [] : [`It has ${listed(others)}${spec.schema.expectsOthers ? '' : ' instead'}`]),
    ],
    tryThis: [
      expected === null
        ? 'Check the file: is it an error page, has it no header, or has it another delimiter?'
        : `Compare its columns with those of ${spec.validation?.contract ?? 'the expected schema'}: is a name wrong there, or is this another source?`,
      `If this is intended, accept it: hygge schema accept ${quoted(spec)}`,
      'If its columns often disappear and return: schema_evolution: { remove_columns: ignore }',
    ],
    where: spec.where,
  });
}

interface CaseDiffers {
  /** The column that settled, or that a contract or an expected schema names. */
  readonly known: string;
  readonly isExpected: boolean;
  /** The column that the source has now. */
  readonly now: string;
}

/** The source has a column whose name differs from a known one only in the case of its letters. */
export function onlyCaseDiffers(spec: EntitySpec, { known, isExpected, now }: CaseDiffers): HomeError {
  const [came, other] = [JSON.stringify(now), JSON.stringify(known)];
  return new HomeError({
    code: 'HYG-3313',
    what: `The source of ${entityName(spec)} has a column ${came}, and ${other} ${isExpected ? 'is expected' : 'settled'}: they differ only in upper and lower case.`,
    why: ['With two columns, earlier rows would have their values in one of them, and new rows in the other.'],
    tryThis: [
      ...(isExpected ? [`Write it as the source does, in ${spec.validation?.contract ?? 'the expected schema'}: ${came}`] : []),
      `${isExpected ? 'Or, if' : 'If'} it is the same column, declare that: migrations: [{ rename: { ${came}: ${other} } }]`,
      `If it is another column, accept it: hygge schema accept ${quoted(spec)}`,
    ],
    where: spec.where,
  });
}

export function hashesChanged(spec: EntitySpec, changes: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2012',
    what: `The rows of ${entityName(spec)}, as polish leaves them, have hash ids that can't be compared with the settled ones.`,
    why: changes,
    tryThis: [`Compute all of them again: hygge reset ${quoted(spec)}, then hygge go`, 'Or change polish back'],
    where: spec.where,
  });
}

export function polishChanged(spec: EntitySpec, changes: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2012',
    what: `The rows of ${entityName(spec)}, as polish leaves them, have another schema than what is settled.`,
    why: ['polish has changed since these rows settled', ...changes.slice(0, 6)],
    tryThis: [
      `Load everything again with the new polish: hygge go -d -e ${quoted(spec)}`,
      `Or keep both next to each other: hygge schema accept ${quoted(spec)}`,
      'Or change polish back',
    ],
    where: spec.where,
  });
}

export function migrationsDoNotFit(spec: EntitySpec, problems: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2024',
    what: `The migrations of ${entityName(spec)} can't be applied to its source.`,
    why: problems,
    tryThis: ['Correct migrations, or remove the steps that the source has already made'],
    where: spec.where,
  });
}

export function slicesDisagree(key: EntityKey, changes: readonly string[]): FlowError {
  return new FlowError({
    code: 'HYG-2013',
    what: `Two parts of ${entityName(key)} have different schemas.`,
    why: changes.slice(0, 6),
    tryThis: ['Move files with other columns into separate entities', 'Write the files with the same columns'],
  });
}

export function cannotTellNewRows(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2015',
    what: `${entityName(spec)} must run incrementally, but no watermark separates new rows from old ones.`,
    why: ['It has no watermark, and its home does not read files.'],
    tryThis: ['Add watermark: { column: … }', 'Or run_type: full_drop'],
    where: spec.where,
  });
}

export function changedFile(spec: EntitySpec, path: string): FlowError {
  return new FlowError({
    code: 'HYG-2019',
    what: `${path} changed after ${entityName(spec)} had read it.`,
    why: ['Its rows are settled already, and changed_files is fail.'],
    tryThis: [
      'changed_files: replace replaces its old rows by the new ones',
      'changed_files: append adds the whole file again',
      'changed_files: ignore skips the change',
    ],
    where: spec.where,
  });
}

/** The object that the state row names is gone, and hygge does not guess its content. `way`: the option of `reset` that repairs this. */
export function lostRecord(key: EntityKey, ref: string, location: string, way: '' | '--discard'): StateError {
  return new StateError({
    code: 'HYG-5006',
    what: `A record of ${entityName(key)} is missing from its state: ${ref}.`,
    why: [`The state (${location}) refers to this record, so another program removed it.`],
    tryThis: [
      'Restore the record from a backup',
      `Or continue without the record: hygge reset ${quoted(key)}${way === '' ? '' : ` ${way}`}, then hygge go`,
    ],
  });
}
