import { sourceSegment } from '../../workspace/names.ts';
import { block, inlineMap, type Keys, quotedScalar } from './yaml.ts';

/** What was found in a source, as the YAML that is proposed for it. `copy`, `init --from` and `generate entities` make one each. */
export interface Draft {
  /** hygge.yml; null: the workspace is there. */
  readonly workspace: WorkspaceDraft | null;
  readonly flow: FlowDraft;
  /** The entities that have a file of their own. */
  readonly entities: readonly EntityDraft[];
}

export interface WorkspaceDraft {
  /** As YAML has it. */
  readonly name: string;
  /** The lines below the name, an empty line before each section. */
  readonly sections: readonly (readonly string[])[];
}

export interface FlowDraft {
  readonly name: string;
  /** Where the flow comes from. */
  readonly origin: string;
  readonly home: Commented;
  readonly store: Commented;
  /** Lines: how it runs, and the entities that have no file. */
  readonly run: readonly string[];
}

/** Keys below a comment. */
interface Commented {
  readonly about: string;
  readonly keys: Keys;
}

export interface EntityDraft {
  readonly name: string;
  /** Keys of its own home, where the flow's and its name do not lead there. */
  readonly home: Readonly<Record<string, string>>;
  /** What is known of it, as comments. */
  readonly about: string;
}

/** Every file of a draft: hygge.yml comes last, since a folder is a workspace when all of it is there. @param first the line above a file of its kind */
export function draftFiles({ workspace, flow, entities }: Draft, first: FirstLine = () => []): ReadonlyMap<string, string> {
  const path = `flows/${flow.name}/flow.yml`;
  const files = entities.map((one) => entityFile(`flows/${flow.name}`, one, first));
  const top = workspace === null ? [] : [['hygge.yml', linesOf([...first('hygge.yml', 'hygge'), ...workspaceLines(workspace)])] as const];
  return new Map([...files, [path, linesOf([...first(path, 'flow'), ...flowLines(flow)])], ...top]);
}

export type FirstLine = (path: string, kind: 'hygge' | 'flow' | 'entity') => readonly string[];

/** The path and the text of an entity's file. @param folder of its flow */
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

/** In quotes where YAML would take it for something else than a text. */
function nameText(name: string): string {
  const isPlain = /^[A-Za-z][\w-]*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name);
  return isPlain ? name : quotedScalar(name);
}

export const longestName = 60;

/** As much of a text as may stand in the name of a flow. */
export function plain(text: string, dot = '_'): string {
  const name = text
    .replaceAll(/[.#]/g, dot)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/_+$/g, '');
  return (/^[a-z]/i.test(name) ? name : `copy${/^[_-]|^$/.test(name) ? '' : '_'}${name}`).slice(0, longestName);
}
