import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { shownName, visible } from '../text/visible.ts';

type Places = readonly { readonly file: string; readonly line: number }[];

/** What one flow may do where, and which of its parts need that. */
export interface RightTold {
  readonly kind: 'right';
  readonly flow: string;
  readonly system: string;
  readonly resource: Readonly<Record<string, string>>;
  /** The same as a sentence has it. */
  readonly on: string;
  readonly right: string;
  readonly doing: readonly string[];
  readonly for: readonly string[];
  readonly where: Places;
}

export interface HostTold {
  readonly kind: 'host';
  readonly flow: string;
  readonly host: string;
  readonly port: number;
  readonly for: readonly string[];
  readonly where: Places;
}

export interface VariableTold {
  readonly kind: 'variable';
  readonly flow: string;
  readonly name: string;
  /** It holds a secret. */
  readonly secret: boolean;
  readonly has_default: boolean;
  readonly for: readonly string[];
  readonly where: Places;
}

export interface WideTold {
  readonly kind: 'wide';
  readonly flows: readonly string[];
  readonly right: string;
  readonly on: string;
  readonly why: string;
  readonly change: string;
  readonly where: Places;
}

export type ExplainedTold = RightTold | HostTold | VariableTold | WideTold;

/** Rights first; then hosts, variables, and what is wider than it need be. */
export function explainLines(rows: readonly ExplainedTold[], palette: Palette, room: number | null): readonly string[] {
  const of = <K extends ExplainedTold['kind']>(kind: K) =>
    rows.filter((row): row is Extract<ExplainedTold, { readonly kind: K }> => row.kind === kind);
  const rights = of('right').map((one) => [shownName(one.flow), visible(one.on), visible(one.right), forWhat(one)]);
  const hosts = of('host').map((one) => [shownName(one.flow), `${visible(one.host)}:${one.port}`, forWhat(one)]);
  const variables = of('variable').map((one) => [shownName(one.flow), one.name, kindOf(one), forWhat(one)]);
  return [
    ...table(
      [{ title: 'flow' }, { title: 'resource' }, { title: 'right' }, { title: 'why', least: 24, isProse: true }],
      rights,
      palette,
      room,
    ),
    ...(hosts.length === 0
      ? []
      : ['', ...table([{ title: 'flow' }, { title: 'host' }, { title: 'why', least: 24, isProse: true }], hosts, palette, room)]),
    ...(variables.length === 0
      ? []
      : [
          '',
          ...table(
            [{ title: 'flow' }, { title: 'variable' }, { title: 'what' }, { title: 'why', least: 24, isProse: true }],
            variables,
            palette,
            room,
          ),
        ]),
    ...of('wide').flatMap((one) => [
      '',
      `${palette.caution('!')} ${visible(one.right)} on ${visible(one.on)} is wider than it need be${places(one.where)}`,
      `    why  ${visible(one.why)}`,
      `    try  ${visible(one.change)}`,
    ]),
  ];
}

function kindOf({ secret, has_default }: VariableTold): string {
  if (secret) return 'a secret';
  return has_default ? 'has a default' : 'a setting';
}

function forWhat({ for: who, where }: { readonly for: readonly string[]; readonly where: Places }): string {
  const [first = '', ...others] = who;
  return `${first}${others.length === 0 ? '' : ` and ${others.length} more`}${places(where)}`;
}

function places([first, ...others]: Places): string {
  return first === undefined ? '' : ` (${visible(first.file)}:${first.line}${others.length === 0 ? '' : `, +${others.length}`})`;
}

export interface RenderedTold {
  readonly target: string;
  readonly directory: string;
  /** All that there is now, below the folder. */
  readonly files: readonly string[];
  /** Those that are new or changed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** What the vault has to hold, under which name. */
  readonly secrets: readonly { readonly variable: string; readonly name: string }[];
  readonly notes: readonly string[];
}

/** What was rendered, and what comes next. */
export function renderedLines(told: RenderedTold, palette: Palette): readonly string[] {
  const directory = visible(told.directory);
  const unchanged = told.files.length - told.written.length;
  return [
    ...told.written.map((file) => `${palette.good('+')} ${directory}/${file}`),
    ...told.removed.map((file) => `${palette.caution('-')} ${directory}/${visible(file)}`),
    ...(unchanged === 0 ? [] : [palette.quiet(`  ${unchanged} unchanged`)]),
    ...(told.secrets.length === 0 ? [] : ['', 'Secrets that the vault has to hold:']),
    ...told.secrets.map(({ variable, name }) => `  ${variable}${variable === name ? '' : ` as ${name}`}`),
    ...told.notes.flatMap((note) => ['', `${palette.caution('!')} ${visible(note)}`]),
    '',
    `What to do with them is in ${directory}/README.md.`,
  ];
}

/** What the next render of a target would change. */
export interface PlannedTold {
  readonly target: string;
  /** What it is compared with. */
  readonly directory: string;
  /** Nothing was rendered there yet. */
  readonly first: boolean;
  readonly changes: readonly {
    readonly app: string;
    readonly kind: 'app' | 'network' | 'flow' | 'right' | 'secret' | 'setting' | 'alert';
    readonly change: 'added' | 'removed' | 'changed' | 'grew';
    readonly what: string;
  }[];
  /** Servers that may be asked for more connections than they take, in sentences. Absent: none. */
  readonly connections?: readonly string[];
  /** That would be others, from that folder. */
  readonly files: readonly string[];
  /** Files of that folder that a person changed since the last render. A render and a deployment stop there. */
  readonly edited: readonly string[];
  /** The commands that write the files. They overwrite edited ones. */
  readonly commands: readonly string[];
}

const signs = { added: '+', removed: '-', changed: '~', grew: '!' } as const;

const words: Readonly<Record<PlannedTold['changes'][number]['kind'], string>> = {
  app: '',
  network: '',
  flow: 'serves ',
  right: 'may ',
  secret: 'reads the secret ',
  setting: 'has the setting ',
  alert: 'is watched: ',
};

/** App by app: what comes, what goes, and which right is wider than it was. */
export function changeLines(told: PlannedTold, palette: Palette): readonly string[] {
  return [...plannedChanges(told, palette), ...editedLines(told, palette)];
}

function editedLines({ directory, edited }: Pick<PlannedTold, 'directory' | 'edited'>, palette: Palette): readonly string[] {
  if (edited.length === 0) return [];
  const names = `${edited.slice(0, 4).map(visible).join(', ')}${edited.length > 4 ? ', …' : ''}`;
  const lost = 'A render and a deployment stop there, so that no edit is lost (HYG-1117).';
  return [
    `${palette.caution('!')} ${counted(edited.length, 'file')} in ${visible(directory)} changed after the last render: ${names}. ${lost}`,
  ];
}

function plannedChanges({ target, directory, first, changes, files, edited }: PlannedTold, palette: Palette): readonly string[] {
  if (files.length === 0 && changes.length === 0 && edited.length > 0) return [`Nothing changes in ${target} by the workspace.`];
  if (files.length === 0 && changes.length === 0)
    return [`Nothing changes in ${target}: ${visible(directory)} is as it would be rendered.`];
  const apps = [...new Set(changes.map(({ app }) => app))];
  const lines = apps.flatMap((app) => [
    '',
    palette.strong(visible(app)),
    ...changes
      .filter((one) => one.app === app)
      .map(({ kind, change, what }) => {
        const sign = change === 'added' ? palette.good('+') : palette.caution(signs[change]);
        return `  ${sign} ${words[kind]}${kind === 'right' ? 'use ' : ''}${visible(what)}${change === 'grew' ? ', which is more than it was' : ''}`;
      }),
  ]);
  return [
    openingOf({ directory, first, files }),
    ...lines,
    ...(files.length === 0
      ? []
      : [
          '',
          palette.quiet(
            `${files.length} ${files.length === 1 ? 'file' : 'files'} would be rewritten: ${files.slice(0, 4).map(visible).join(', ')}${files.length > 4 ? ', …' : ''}`,
          ),
        ]),
  ];
}

function openingOf({ directory, first, files }: Pick<PlannedTold, 'directory' | 'first' | 'files'>): string {
  if (files.length === 0) return `Since it was deployed, by what ${visible(directory)} says:`;
  return first ? `Nothing was rendered in ${visible(directory)} yet: everything is new.` : `Since ${visible(directory)} was rendered:`;
}

/** The same, with the command that makes it so. */
export function plannedLines(told: PlannedTold, palette: Palette): readonly string[] {
  const connections = (told.connections ?? []).map((one) => `${palette.caution('!')} ${visible(one)}`);
  return [
    ...changeLines(told, palette),
    ...connections,
    ...told.commands.map((command) => `${command.endsWith(' --force') ? 'Overwrite the edits' : 'Render it'}: ${visible(command)}`),
  ];
}

/** Commands are shown as they are, to be copied: nothing in them is replaced but what would move the cursor. */
export function stepBegan(name: string, command: string, palette: Palette): readonly string[] {
  return [palette.strong(visible(name)), `  ${palette.quiet('$')} ${visible(command)}`];
}

export function stepEnded(seconds: number, palette: Palette): readonly string[] {
  return [`  ${palette.good('✓')} ${shownSeconds(seconds)}`];
}

/** Tenths below ten. */
function shownSeconds(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

export const stoppingLine = 'Stopping when this command has ended. Once more Ctrl-C ends it as well.';

/** What is done and what is not, where it broke off. */
export function brokenOffLines(
  { done, left }: { readonly done: readonly string[]; readonly left: readonly string[] },
  palette: Palette,
): readonly string[] {
  return [
    '',
    palette.quiet(`done      ${done.length === 0 ? 'nothing' : done.map(visible).join(', ')}`),
    palette.quiet(`not done  ${left.map(visible).join(', ')}`),
  ];
}

export interface DeployedTold {
  readonly target: string;
  readonly apps: readonly { readonly app: string; readonly site: string; readonly checks: number; readonly older: boolean }[];
}

/** What is there now. */
export function deployedLines({ target, apps }: DeployedTold, palette: Palette): readonly string[] {
  return [
    '',
    ...apps.map(
      ({ app, site, checks }) =>
        `${palette.good('✓')} ${visible(app)}: all ${counted(checks, 'check')} passed at https://${site}.azurewebsites.net`,
    ),
    ...apps
      .filter(({ older }) => older)
      .map(
        ({ app }) => `${palette.caution('!')} ${visible(app)} answers with an older config: restart it, or wait until its machine goes.`,
      ),
    palette.good(`Deployed to ${visible(target)}.`),
  ];
}

/** Files with rights that templates can't give, which a person has to run. */
export function byHandLines(files: readonly string[], palette: Palette): readonly string[] {
  if (files.length === 0) return [];
  return [`${palette.caution('!')} By hand, once, by anyone who may give these rights:`, ...files.map((file) => `    ${visible(file)}`)];
}

export interface DestroyedTold {
  readonly target: string;
  readonly apps: readonly string[];
  /** Ids of what was there. */
  readonly removed: readonly string[];
  readonly stays: readonly string[];
  /** Sites that are called as apps of the workspace are, and that it knows nothing of. */
  readonly others: readonly OtherApp[];
}

export interface OtherApp {
  readonly site: string;
  /** Null: the name of its site does not tell. */
  readonly app: string | null;
}

/** Apps that no flow of the workspace belongs to. */
export function otherAppLines(others: readonly OtherApp[], target: string, palette: Palette): readonly string[] {
  return others.map(({ site, app }) =>
    app === null
      ? `${palette.caution('!')} ${visible(site)} is there as well: an app of flows that are gone, which hygge infra destroy --target ${target} --app removes by its name, or of another workspace.`
      : `${palette.caution('!')} ${visible(app)} is there as well, and no flow is for it: hygge infra destroy --target ${target} --app ${visible(app)}`,
  );
}

/** Apps that nothing tells of: they may be of flows that are gone, or misspelt. Comments, where commands are printed. */
export function unknownAppLines(
  {
    target,
    unknown,
    known,
    near,
  }: Readonly<Record<'unknown' | 'known', readonly string[]>> & {
    readonly target: string;
    readonly near: readonly (string | undefined)[];
  },
  palette: Palette,
): readonly string[] {
  return unknown.map((app, at) => {
    const meant = near[at] === undefined ? '' : ` Did you mean ${visible(near[at])}?`;
    return palette.caution(
      `# Neither the workspace nor what was rendered last for ${target} has an app ${visible(app)}: they have ${known.map(visible).join(', ')}.${meant}`,
    );
  });
}

/** What went, and where the data is. */
export function destroyedLines({ target, apps, removed, stays, others }: DestroyedTold, palette: Palette): readonly string[] {
  return [
    removed.length === 0
      ? `Nothing of ${apps.map(visible).join(', ')} is there any more in ${visible(target)}.`
      : palette.good(`Removed ${apps.map(visible).join(', ')} from ${visible(target)}: ${removed.length} things.`),
    '',
    'What stays:',
    ...stays.map((one) => `  ${visible(one)}`),
    ...otherAppLines(others, target, palette),
    palette.quiet('Rights on what is locked are rights of no one now. Anyone who wants to remove the rest lifts its lock first.'),
  ];
}
