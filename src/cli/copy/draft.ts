import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Place } from './place.ts';

/** A copy as the flow that it is. */
export interface FlowDraft {
  readonly flow: string;
  /** The keys of the home and of the store beside `type`, as YAML takes them. */
  readonly home: Keys;
  readonly store: Keys;
  /** The tables, each an entity of its own; null: the flow is its own entity. */
  readonly tables: readonly DraftTable[] | null;
  readonly runType: 'full_drop' | 'incremental';
  readonly watermark: { readonly column: string; readonly key: readonly string[] } | null;
  readonly changedFiles: 'replace' | null;
  readonly ifExists: 'fail' | 'append' | 'replace' | null;
  readonly state: DraftState;
  /** What lies in FROM and is not copied, as sentences. */
  readonly leftOut: readonly string[];
  /** The values of variables that are not set. */
  readonly variables: Readonly<Record<string, string>>;
}

export type Keys = Readonly<Record<string, Value>>;
export type Value = string | readonly string[] | Verbatim;

/** YAML as it is written; variables in it are filled in. */
export interface Verbatim {
  readonly yaml: string;
}

export interface DraftTable {
  readonly name: string;
  /** The table as `table:` of the home takes it. */
  readonly table: string;
}

export type DraftState =
  /** The state lies in files below `folder` (absolute), beside the settled data. */
  | { readonly type: 'files'; readonly folder: string }
  | { readonly type: 'object'; readonly url: string; readonly keys: Keys }
  /** The state lies in the destination's database. `keys` are the keys of the connection. */
  | { readonly type: 'sql'; readonly keys: Keys };

/** Below the folder that is filled: no reader looks there. */
export const recordsFolder = '_hygge';

/**
 * The name of the flow: the same whenever the same place is filled, and that of no other place whose state lies where its state does.
 * @param isFile TO is one file: others of its folder keep their state there too. A folder has a state of its own.
 */
export function flowNameOf(to: Place, state: DraftState, isFile: boolean): string {
  switch (to.kind) {
    case 'pipe':
      return 'copy';
    case 'local':
      return isFile ? named(basename(to.path), /^[a-z][\w-]*\.[a-z0-9]+$/i) : plain(basename(to.path));
    case 'remote':
      return plain(to.url.replace(/\/+$/, '').split('/').at(-1) ?? '');
    case 'database': {
      const table = (to.table ?? '').replaceAll(/["[\]`]/g, '');
      const own = table === to.table || /^\w+$/.test(table) ? table : (to.table ?? '');
      // Between schema and table, and before both: no table is called so without quotes.
      if (state.type === 'sql') return named(own, /^[a-z]\w*(\.\w+)?$/i, '-');
      const address = to.address.value.replace(/\?.*$/s, '');
      // Several files share the folder that keeps their state; servers share the one where copies are made.
      const database = basename(address);
      if (to.address.key === 'path') return named(`${database}#${own}`, /^[a-z]\w*\.[a-z0-9]+#[a-z]\w*(\.\w+)?$/i, '-');
      return withHash(plain(`${database}-${own}`), `${address.replace(/^[a-z0-9+.-]*:\/\/([^@/]*@)?/i, '')}#${own}`);
    }
  }
}

/** `isOne`: texts of this form have a name each. @param dot what stands for a dot, and for `#`. */
function named(text: string, isOne: RegExp, dot = '_'): string {
  const name = plain(text, dot);
  return isOne.test(text) && name.length < longestName ? name : withHash(name, text);
}

const longestName = 60;

/** As much of a text as may stand in the name of a flow. */
export function plain(text: string, dot = '_'): string {
  const name = text
    .replaceAll(/[.#]/g, dot)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/_+$/g, '');
  return (/^[a-z]/i.test(name) ? name : `copy${/^[_-]|^$/.test(name) ? '' : '_'}${name}`).slice(0, longestName);
}

function withHash(name: string, text: string): string {
  return `${name.slice(0, longestName - 8)}_${createHash('sha256').update(text).digest('hex').slice(0, 7)}`;
}

/** The workspace that a draft is: hygge.yml and one flow, with comments. */
export function filesOf(
  draft: FlowDraft,
  about: { readonly command: string; readonly name: string; readonly state: Keys | null; readonly header?: (path: string) => string },
): Readonly<Record<string, string>> {
  const { header = () => '' } = about;
  const flow = `flows/${draft.flow}/flow.yml`;
  return {
    'hygge.yml': `${header('hygge.yml')}${workspaceText(draft, about)}`,
    [flow]: `${header(flow)}${flowText(draft, about.command)}`,
  };
}

function workspaceText({ state }: FlowDraft, about: { readonly name: string; readonly state: Keys | null }): string {
  return [
    `name: ${scalar(about.name)}`,
    '',
    'options:',
    '  local_places: absolute   # files are remembered whole, as a copy does, wherever this folder is',
    ...(state.type === 'sql' ? ['', 'connections:', '  destination:', ...block(state.keys, 4)] : []),
    ...(about.state === null
      ? []
      : ['', '# What is settled is remembered beside the data, where the copy has kept it.', 'state:', ...block(about.state, 2)]),
    '',
  ].join('\n');
}

function flowText(draft: FlowDraft, command: string): string {
  const { home, store, tables, watermark } = draft;
  const isIncremental = draft.runType === 'incremental';
  return [
    `# ${command}`,
    '',
    '# Where the data lives now.',
    'home:',
    ...block(home, 2),
    '',
    '# Where it settles.',
    'store:',
    ...block(store, 2),
    '',
    isIncremental
      ? watermark === null
        ? '# Only files that are new or have changed.'
        : '# Only what is new, told by a column that rises.'
      : '# Everything each time; it replaces what was there.',
    `run_type: ${draft.runType}`,
    ...(watermark === null
      ? []
      : [
          'watermark:',
          `  column: ${scalar(watermark.column)}`,
          ...(watermark.key.length === 0 ? [] : [`  key: ${sequence(watermark.key)}`]),
        ]),
    ...(draft.changedFiles === null
      ? []
      : [`changed_files: ${draft.changedFiles}   # what came from a file before goes when it has changed`]),
    ...(draft.ifExists === null ? [] : [`if_exists: ${draft.ifExists}`]),
    ...(tables === null
      ? []
      : [
          '',
          'entities:',
          ...tables.map(({ name, table }) => `  - { name: ${quotedScalar(name)}, home: { table: ${quotedScalar(table)} } }`),
        ]),
    '',
    '# schedule: "0 0 2 * * *"   # every night at two (UTC), in the function app',
    '',
  ].join('\n');
}

/** The keys of one side as a file of YAML. */
export function blockText(keys: Keys): string {
  return `${block(keys, 0).join('\n')}\n`;
}

export function block(keys: Keys, indent: number): readonly string[] {
  const margin = ' '.repeat(indent);
  return Object.entries(keys).map(([key, value]) => `${margin}${key}: ${valueText(value)}`);
}

function valueText(value: Value): string {
  if (typeof value === 'string') return scalar(value);
  return 'yaml' in value ? value.yaml : sequence(value);
}

const sequence = (items: readonly string[]) => `[${items.map(quotedScalar).join(', ')}]`;

export function scalar(text: string): string {
  return /^[A-Za-z_./][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|~|\.(inf|nan))$/i.test(text)
    ? text
    : quotedScalar(text);
}

/** JSON is YAML; a `${` in it is not a variable. */
function quotedScalar(text: string): string {
  return JSON.stringify(text).replaceAll('${', () => '$${');
}

/** The folder of a local place that is filled, in which `_hygge` lies. */
export function settlingFolder(path: string, isFile: boolean): string {
  return isFile ? dirname(path) : path;
}
