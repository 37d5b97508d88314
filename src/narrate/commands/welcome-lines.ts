import { bytes, count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { visible } from '../text/visible.ts';
import { columns, pad } from '../text/width.ts';

export interface MadeWorkspace {
  readonly name: string;
  readonly files: readonly string[];
  /** Files that were left unchanged. */
  readonly kept: readonly string[];
  readonly directory: string;
  readonly example: boolean;
  /** The URL of the lake, in a workspace that is ready to deploy; null: the workspace is for this machine. */
  readonly lake: string | null;
}

/** The message of `hygge init` after it created the workspace. */
export function welcomeLines(made: MadeWorkspace, palette: Palette): readonly string[] {
  const inside = made.directory === '.' ? [] : [`cd ${quotedForShell(made.directory)}`];
  const first = made.example
    ? ['hygge go            watch 1,000 orders and 50 customers settle', 'hygge go            again: nothing is new, nothing moves']
    : [
        'put a parquet file at data/inbox/orders.parquet, or edit flows/hello/flow.yml',
        'hygge go --dry-run  see what would happen',
        'hygge go            let it settle',
      ];
  const steps = [...inside, ...(made.lake === null ? [...first, 'hygge status        see what is settled'] : cloudSteps(made.lake))];
  return [
    `Welcome home. ${palette.strong(visible(made.name))} is ready:`,
    ...made.files.map((file) => `  ${palette.good('+')} ${visible(file)}`),
    ...made.kept.map(
      (file) =>
        `  ${palette.quiet('=')} ${visible(file)} was there and stays unchanged${file === '.gitignore' ? '; .hygge/* and .env belong in it' : ''}`,
    ),
    '',
    'Next:',
    ...steps.map((step, nth) => `  ${nth + 1}. ${step}`),
  ];
}

function cloudSteps(lake: string): readonly string[] {
  return [
    `put a file into ${visible(`${lake.replace(/\/+$/, '')}/inbox/orders/`)}, or edit flows/inbox/flow.yml`,
    'hygge debug                      see whether it can be read and written',
    'hygge infra init --target prod   set where the app runs',
    'hygge infra render azure --target prod --out out/prod',
  ];
}

function quotedForShell(path: string): string {
  return /^[\w./+@:-]+$/.test(path) ? path : `'${visible(path).replaceAll("'", "'\\''")}'`;
}

/** A table, file or folder that may become an entity. */
export interface Listed {
  readonly name: string;
  readonly kind: string;
  /** The estimated number of rows; null: unknown. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Whether the size is exact, not an estimate. */
  readonly isExact?: true;
  /** How hygge would read the table, file or folder. */
  readonly proposed: string;
}

/** The findings of `hygge init --from`, shown before its questions. */
export function listedLines(
  of: {
    readonly shown: string;
    readonly leftOut: readonly string[];
    /** Items that are not read, as sentences. */
    readonly notTaken: readonly string[];
    readonly listed: readonly Listed[];
    readonly numbered: boolean;
  },
  palette: Palette,
  room: number | null,
): readonly string[] {
  const { listed, shown, leftOut, notTaken, numbered } = of;
  const kinds = new Set(listed.map(({ kind }) => kind));
  return [
    `In ${palette.strong(visible(shown))}:`,
    '',
    ...table(
      [
        { title: numbered ? '#' : '', align: 'right' },
        { title: 'name', least: 12 },
        { title: kinds.size > 1 ? 'kind' : '', leave: 1 },
        { title: 'rows', align: 'right', leave: 3 },
        { title: 'size', align: 'right', leave: 2 },
        { title: 'would read', least: 20, isProse: true },
      ],
      listed.map((one, nth) => [
        numbered ? String(nth + 1) : '',
        visible(one.name),
        kinds.size > 1 ? one.kind : '',
        one.rows === null ? '' : `~${count(one.rows)}`,
        one.bytes === null ? '' : `${one.isExact ? '' : '~'}${bytes(one.bytes)}`,
        visible(one.proposed),
      ]),
      palette,
      room,
    ),
    ...leftOutLines(leftOut, palette),
    ...sentenceLines(notTaken, palette),
    '',
  ];
}

function leftOutLines(names: readonly string[], palette: Palette): readonly string[] {
  return names.map((name) => `${palette.caution('!')} ${visible(name)} can't be an entity, and is left out`);
}

function sentenceLines(sentences: readonly (string | undefined)[], palette: Palette): readonly string[] {
  return sentences.flatMap((one) => (one === undefined ? [] : [`${palette.caution('!')} ${one}`]));
}

export interface MadeFrom {
  readonly name: string;
  readonly flow: string;
  /** True: a new workspace was made. False: a flow was added to an existing workspace. */
  readonly isNew: boolean;
  readonly directory: string;
  readonly from: string;
  readonly found: number;
  readonly files: readonly string[];
  readonly kept: readonly string[];
  /** Paths of the entities’ files. */
  readonly entities: readonly string[];
  /** The name of one entity, as an argument of commands. */
  readonly first: string;
  /** The variables that must be set. */
  readonly toSet: readonly string[];
  readonly leftOut: readonly string[];
  /** Other items that were left out, as sentences. */
  readonly notTaken: readonly (string | undefined)[];
}

function aligned(steps: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...steps.map(([command]) => columns(command)));
  return steps.map(([command, what]) => `${pad(command, width)}  ${what}`);
}

/** The message of `hygge init --from` at its end. */
export function madeFromLines(made: MadeFrom, palette: Palette): readonly string[] {
  const { name, flow, entities, found, toSet } = made;
  const inside = made.directory === '.' ? [] : [`cd ${quotedForShell(made.directory)}`];
  const plus = palette.good('+');
  const shownEntities = entities.length > 12 ? [`flows/${flow}/entities/   ${counted(entities.length, 'file')}`] : entities;
  const which = `${entities.length === found ? counted(found, 'entity', 'entities') : `${entities.length} of ${counted(found, 'entity', 'entities')}`} from ${visible(made.from)}`;
  const steps = [
    ...inside,
    ...toSet.map((variable) => `set ${variable}, in the environment or in .env`),
    ...aligned([
      [`hygge preview ${made.first}`, 'look at ten rows'],
      ['hygge go --dry-run', 'see what would happen'],
      ['hygge go', 'let it settle'],
    ]),
  ];
  return [
    made.isNew
      ? `Welcome home. ${palette.strong(visible(name))} is ready, with ${which}:`
      : `${palette.strong(visible(flow))} is ready, with ${which}:`,
    ...[
      ...made.files.filter((path) => path.startsWith('hygge.')),
      ...made.files.filter((path) => path.startsWith('flows/')),
      ...shownEntities,
      ...made.files.filter((path) => path.startsWith('.')),
    ].map((file) => `  ${plus} ${visible(file)}${file === '.env' ? '   the password; git passes it over' : ''}`),
    ...made.kept
      .filter((path) => !path.startsWith('.hygge/'))
      .map((file) => `  ${palette.quiet('=')} ${visible(file)} was there and stays unchanged`),
    ...[...leftOutLines(made.leftOut, palette), ...sentenceLines(made.notTaken, palette)].map((line) => `  ${line}`),
    '',
    'Next:',
    ...steps.map((step, nth) => `  ${nth + 1}. ${step}`),
  ];
}
