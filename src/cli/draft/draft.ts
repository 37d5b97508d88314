import { sourceSegment } from '../../workspace/names.ts';
import { block, inlineMap, type Keys, quotedScalar } from './yaml.ts';

/** The YAML that hygge proposes for a source. `copy`, `init --from` and `generate entities` each create a draft. */
export interface Draft {
  /** The content of hygge.yml. Null: the workspace exists already. */
  readonly workspace: WorkspaceDraft | null;
  readonly flow: FlowDraft;
  /** The entities that get separate files. */
  readonly entities: readonly EntityDraft[];
}

export interface WorkspaceDraft {
  /** The name of the workspace, as YAML writes it. */
  readonly name: string;
  /** The lines below the name. An empty line separates the sections. */
  readonly sections: readonly (readonly string[])[];
}

export interface FlowDraft {
  readonly name: string;
  /** The origin of the flow, for a comment. */
  readonly origin: string;
  readonly home: Commented;
  readonly store: Commented;
  /** Lines about how the flow runs, and about the entities without a file. */
  readonly run: readonly string[];
}

/** Keys with a comment above them. */
interface Commented {
  readonly about: string;
  readonly keys: Keys;
}

export interface EntityDraft {
  readonly name: string;
  /** Keys of the entity’s own home. Empty: the home of the flow and the name of the entity are enough. */
  readonly home: Readonly<Record<string, string>>;
  /** Known facts about the entity, as comments. */
  readonly about: string;
}

/** All files of a draft. hygge.yml comes last, so that the folder becomes a workspace only when it is complete. @param first the first line of a file of each kind */
export function draftFiles({ workspace, flow, entities }: Draft, first: FirstLine = () => []): ReadonlyMap<string, string> {
  const path = `flows/${flow.name}/flow.yml`;
  const files = entities.map((one) => entityFile(`flows/${flow.name}`, one, first));
  const top = workspace === null ? [] : [['hygge.yml', linesOf([...first('hygge.yml', 'hygge'), ...workspaceLines(workspace)])] as const];
  return new Map([...files, [path, linesOf([...first(path, 'flow'), ...flowLines(flow)])], ...top]);
}

export type FirstLine = (path: string, kind: 'hygge' | 'flow' | 'entity') => readonly string[];

/** The path and the text of an entity’s file. @param folder the folder of the flow. */
export function entityFile(folder: string, { name, home, about }: EntityDraft, first: FirstLine): readonly [path: string, text: string] {
  const path = `${folder}/entities/${sourceSegment(name)}.yml`;
  const own = Object.keys(home).length === 0 ? [] : [`home: ${inlineMap(home)}`];
  return [path, [...first(path, 'entity'), `name: ${nameText(name)}`, ...own, '', about].join('\n')];
}

function workspaceLines({ name, sections }: WorkspaceDraft): readonly string[] {
  return [`name: ${name}`, ...sections.flatMap((lines) => ['', ...lines])];
}

function flowLines({ origin, home, store, run }: FlowDraft): readonly string[] {
  return [
    `# ${origin}`,
    ...['', `# ${home.about}`, 'home:', ...block(home.keys, 2)],
    ...['', `# ${store.about}`, 'store:', ...block(store.keys, 2)],
    ...['', ...run],
    ...['', '# schedule: "0 0 2 * * *"   # every night at two (UTC), in the function app'],
  ];
}

const linesOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** The name in quotes, if YAML would not read the name as a text. */
function nameText(name: string): string {
  const isPlain = /^[A-Za-z][\w-]*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name);
  return isPlain ? name : quotedScalar(name);
}

export const longestName = 60;

/** The text with only the characters that may be in the name of a flow. */
export function plain(text: string, dot = '_'): string {
  const name = text
    .replaceAll(/[.#]/g, dot)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/_+$/g, '');
  return (/^[a-z]/i.test(name) ? name : `copy${/^[_-]|^$/.test(name) ? '' : '_'}${name}`).slice(0, longestName);
}
