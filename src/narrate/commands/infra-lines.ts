import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { table } from '../text/table.ts';
import { shownName, visible } from '../text/visible.ts';

type Places = readonly { readonly file: string; readonly line: number }[];

/** One right of a flow on one resource, and the parts of the flow that need the right. */
export interface RightTold {
  readonly kind: 'right';
  readonly flow: string;
  readonly system: string;
  readonly resource: Readonly<Record<string, string>>;
  /** The same resource as text for a sentence. */
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
  /** Whether the variable holds a secret. */
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

/** Lines about rights, then hosts, then variables, then rights that are wider than needed. */
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
      `${palette.caution('!')} ${visible(one.right)} on ${visible(one.on)} is wider than needed${places(one.where)}`,
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
  /** All rendered files that exist now, below the folder. */
  readonly files: readonly string[];
  /** The files that are new or changed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** The secrets that the vault must hold, by name. */
  readonly secrets: readonly { readonly variable: string; readonly name: string }[];
  readonly notes: readonly string[];
}

/** The rendered files, and the next steps. */
export function renderedLines(told: RenderedTold, palette: Palette): readonly string[] {
  const directory = visible(told.directory);
  const unchanged = told.files.length - told.written.length;
  return [
    ...told.written.map((file) => `${palette.good('+')} ${directory}/${file}`),
    ...told.removed.map((file) => `${palette.caution('-')} ${directory}/${visible(file)}`),
    ...(unchanged === 0 ? [] : [palette.quiet(`  ${unchanged} unchanged`)]),
    ...(told.secrets.length === 0 ? [] : ['', 'Secrets that the vault must contain:']),
    ...told.secrets.map(({ variable, name }) => `  ${variable}${variable === name ? '' : ` as ${name}`}`),
    ...told.notes.flatMap((note) => ['', `${palette.caution('!')} ${visible(note)}`]),
    '',
    `${directory}/README.md shows what to do with the files.`,
  ];
}

/** The changes that the next render of a target would make. */
export interface PlannedTold {
  readonly target: string;
  /** The folder that the new render is compared with. */
  readonly directory: string;
  /** Whether the folder has no earlier render. */
  readonly first: boolean;
  readonly changes: readonly {
    readonly app: string;
    readonly kind: 'app' | 'network' | 'flow' | 'right' | 'secret' | 'setting' | 'alert';
    readonly change: 'added' | 'removed' | 'changed' | 'grew';
    readonly what: string;
  }[];
  /** Servers that may get more connections than they accept, in sentences. Absent: no such server. */
  readonly connections?: readonly string[];
  /** Files of the folder that would change. */
  readonly files: readonly string[];
  /** Files of the folder that a person changed since the last render. Another render or deployment stops at an edited file. */
  readonly edited: readonly string[];
  /** The commands that write the files, and overwrite edited files. */
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

/** The changed rights of each app: new rights, lost rights, and rights that become wider. */
export function changeLines(told: PlannedTold, palette: Palette): readonly string[] {
  return [...plannedChanges(told, palette), ...editedLines(told, palette)];
}

function editedLines({ directory, edited }: Pick<PlannedTold, 'directory' | 'edited'>, palette: Palette): readonly string[] {
  if (edited.length === 0) return [];
  const names = `${edited.slice(0, 4).map(visible).join(', ')}${edited.length > 4 ? ', …' : ''}`;
  const lost = 'The next render or deployment stops at these files, so that no edit is lost (HYG-1117).';
  return [
    `${palette.caution('!')} ${counted(edited.length, 'file')} in ${visible(directory)} changed after the last render: ${names}. ${lost}`,
  ];
}

function plannedChanges({ target, directory, first, changes, files, edited }: PlannedTold, palette: Palette): readonly string[] {
  if (files.length === 0 && changes.length === 0 && edited.length > 0) return [`The workspace changes nothing in ${target}.`];
  if (files.length === 0 && changes.length === 0) return [`Nothing changes in ${target}: ${visible(directory)} is up to date.`];
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
  if (files.length === 0) return `Changes since the deployment, compared with ${visible(directory)}:`;
  return first ? `Nothing was rendered in ${visible(directory)} yet: everything is new.` : `Since ${visible(directory)} was rendered:`;
}

/** The lines about the changes, with the command that makes the changes. */
export function plannedLines(told: PlannedTold, palette: Palette): readonly string[] {
  const connections = (told.connections ?? []).map((one) => `${palette.caution('!')} ${visible(one)}`);
  return [
    ...changeLines(told, palette),
    ...connections,
    ...told.commands.map((command) => `${command.endsWith(' --force') ? 'Overwrite the edits' : 'Render it'}: ${visible(command)}`),
  ];
}

/** Commands are shown unchanged, to be copied; only characters that would move the cursor are replaced. */
export function stepBegan(name: string, command: string, palette: Palette): readonly string[] {
  return [palette.strong(visible(name)), `  ${palette.quiet('$')} ${visible(command)}`];
}

export function stepEnded(seconds: number, palette: Palette): readonly string[] {
  return [`  ${palette.good('✓')} ${shownSeconds(seconds)}`];
}

/** A number below ten is shown with tenths. */
function shownSeconds(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

export const stoppingLine = 'Stopping when this command has ended. Press Ctrl-C again to end this command too.';

/** The completed and the remaining steps of an interrupted deployment. */
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

/** What exists after the deployment. */
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
        ({ app }) =>
          `${palette.caution('!')} ${visible(app)} answers with an older config: restart the app, or wait until its machine stops.`,
      ),
    palette.good(`Deployed to ${visible(target)}.`),
  ];
}

/** Files with rights that templates can't grant, which a person must run. */
export function byHandLines(files: readonly string[], palette: Palette): readonly string[] {
  if (files.length === 0) return [];
  return [
    `${palette.caution('!')} Run these once by hand, as someone who may grant these rights:`,
    ...files.map((file) => `    ${visible(file)}`),
  ];
}

export interface DestroyedTold {
  readonly target: string;
  readonly apps: readonly string[];
  /** Ids of the existing resources. */
  readonly removed: readonly string[];
  readonly stays: readonly string[];
  /** Sites with names like apps of the workspace that are unknown to the workspace. */
  readonly others: readonly OtherApp[];
}

export interface OtherApp {
  readonly site: string;
  /** The app; null: the app can’t be read from the name of its site. */
  readonly app: string | null;
}

/** Apps to which no flow of the workspace belongs. */
export function otherAppLines(others: readonly OtherApp[], target: string, palette: Palette): readonly string[] {
  return others.map(({ site, app }) =>
    app === null
      ? `${palette.caution('!')} ${visible(site)} exists too: this app belongs to removed flows or to another workspace. If the app is yours, remove it by its name: hygge infra destroy --target ${target} --app NAME`
      : `${palette.caution('!')} ${visible(app)} exists too, but no flow belongs to it: hygge infra destroy --target ${target} --app ${visible(app)}`,
  );
}

/** Lines about apps that neither the workspace nor the render knows: their flows may be removed, or the name is misspelt. If commands are printed, the lines are comments. */
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
      `# Neither the workspace nor the last rendered templates of ${target} have an app ${visible(app)}: they have ${known.map(visible).join(', ')}.${meant}`,
    );
  });
}

/** What was removed, and where the data is. */
export function destroyedLines({ target, apps, removed, stays, others }: DestroyedTold, palette: Palette): readonly string[] {
  return [
    removed.length === 0
      ? `Nothing of ${apps.map(visible).join(', ')} exists in ${visible(target)} any more.`
      : palette.good(`Removed ${apps.map(visible).join(', ')} from ${visible(target)}: ${removed.length} things.`),
    '',
    'What stays:',
    ...stays.map((one) => `  ${visible(one)}`),
    ...otherAppLines(others, target, palette),
    palette.quiet(
      'Rights on locked resources remain, but belong to no one now. To remove the remaining resources, first remove their locks.',
    ),
  ];
}
