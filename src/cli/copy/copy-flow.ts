import { hash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { type Draft, longestName, plain } from '../draft/draft.ts';
import { block, inlineMap, type Keys, quotedScalar, scalar, sequence } from '../draft/yaml.ts';
import type { Place } from './place.ts';

/** A copy in the form of a flow. */
export interface CopyFlow {
  readonly flow: string;
  /** The keys of the home and of the store, named as in YAML, without `type`. */
  readonly home: Keys;
  readonly store: Keys;
  /** The tables, each of which is an entity. Null: the flow itself is the only entity. */
  readonly tables: readonly DraftTable[] | null;
  readonly runType: 'full_drop' | 'incremental';
  readonly watermark: DraftWatermark | null;
  readonly changedFiles: 'replace' | null;
  readonly ifExists: 'fail' | 'append' | 'replace' | null;
  readonly state: DraftState;
  /** Sentences about parts of FROM that are left out, or that are copied in another way than the command says. */
  readonly notes: readonly string[];
  /** Values for variables that are not set in the environment. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface DraftWatermark {
  readonly column: string;
  readonly key: readonly string[];
  /** The value of `nulls` for the watermark. Null: the key is not written. */
  readonly nulls: 'fail' | 'include' | 'exclude' | null;
}

export interface DraftTable {
  readonly name: string;
  /** The name of the table, as in `table:` of the home. */
  readonly table: string;
  /** The column that identifies new rows, spelled as in the table. Null: the whole table is loaded each time. */
  readonly watermark: string | null;
}

export type DraftState =
  /** The state is in files below the absolute path `folder`, next to the settled data. */
  | { readonly type: 'files'; readonly folder: string }
  | { readonly type: 'object'; readonly url: string; readonly keys: Keys }
  /** The state is in the database of the destination. `keys`: the keys of the connection. */
  | { readonly type: 'sql'; readonly keys: Keys };

/** The name of the folder for the state. The folder is in the destination folder, and readers of the data ignore it. */
export const recordsFolder = '_hygge';

/**
 * The name of the flow. The name depends only on TO, and differs from the names for other destinations with state in the same folder.
 * @param isFile whether TO is one file. All files in a folder share one folder for their state. If TO is a folder, it has its own folder
 * for its state.
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
      // A hyphen separates schema and table, and is part of the prefix for both, because the name of a table without quotes never contains a hyphen.
      if (state.type === 'sql') return named(own, /^[a-z]\w*(\.\w+)?$/i, '-');
      const address = to.address.value.replace(/\?.*$/s, '');
      // Database files in one folder share one folder for their state. For all servers, the state is in the folder in which copies run.
      const database = basename(address);
      if (to.address.key === 'path') return named(`${database}#${own}`, /^[a-z]\w*\.[a-z0-9]+#[a-z]\w*(\.\w+)?$/i, '-');
      return withHash(plain(`${database}-${own}`), `${address.replace(/^[a-z0-9+.-]*:\/\/([^@/]*@)?/i, '')}#${own}`);
    }
  }
}

/** A name for a text. @param isOne texts of this form get distinct names without a hash. @param dot the replacement for a dot, and for `#`. */
function named(text: string, isOne: RegExp, dot = '_'): string {
  const name = plain(text, dot);
  return isOne.test(text) && name.length < longestName ? name : withHash(name, text);
}

function withHash(name: string, text: string): string {
  return `${name.slice(0, longestName - 8)}_${hash('sha256', text).slice(0, 7)}`;
}

/** The workspace of a copy. @param state the keys for the location of the state. Null: the usual location. */
export function draftedCopy(
  copy: CopyFlow,
  { command, name, state }: { readonly command: string; readonly name: string; readonly state: Keys | null },
): Draft {
  const { flow, home, store } = copy;
  const options = ['options:', '  local_places: absolute   # stores the absolute paths of files, like a copy, wherever this folder is'];
  const connections = copy.state.type === 'sql' ? [['connections:', '  destination:', ...block(copy.state.keys, 4)]] : [];
  const about = '# The state is next to the data, in the place that the copy used.';
  const places = state === null ? [] : [[about, 'state:', ...block(state, 2)]];
  return {
    workspace: { name: scalar(name), sections: [options, ...connections, ...places] },
    flow: {
      ...{ name: flow, origin: command },
      home: { about: 'The place of the data now.', keys: home },
      store: { about: 'The place where it settles.', keys: store },
      run: [...runLines(copy), ...tableLines(copy)],
    },
    entities: [],
  };
}

function runLines({ runType, watermark, changedFiles, ifExists }: CopyFlow): readonly string[] {
  const how =
    runType !== 'incremental'
      ? 'Each run loads all rows and replaces the earlier ones.'
      : watermark === null
        ? 'Only files that are new or have changed.'
        : 'Only new rows, by a column whose values increase.';
  const key = watermark === null || watermark.key.length === 0 ? [] : [`  key: ${sequence(watermark.key)}`];
  const nulls = watermark === null || watermark.nulls === null ? [] : [`  nulls: ${watermark.nulls}`];
  return [
    ...[`# ${how}`, `run_type: ${runType}`],
    ...(watermark === null ? [] : ['watermark:', `  column: ${scalar(watermark.column)}`, ...key, ...nulls]),
    ...(changedFiles === null ? [] : [`changed_files: ${changedFiles}   # replaces the earlier rows of a changed file`]),
    ...(ifExists === null ? [] : [`if_exists: ${ifExists}`]),
  ];
}

function tableLines({ tables, watermark }: CopyFlow): readonly string[] {
  if (tables === null) return [];
  const own = (column: string | null) =>
    column === (watermark?.column ?? null)
      ? ''
      : column === null
        ? ', run_type: full_drop, watermark: null'
        : `, watermark: ${inlineMap({ column })}`;
  const lines = tables.map(
    (one) => `  - { name: ${quotedScalar(one.name)}, home: ${inlineMap({ table: one.table })}${own(one.watermark)} }`,
  );
  return ['', 'entities:', ...lines];
}

/** The folder that contains the data of a local copy, and the folder `_hygge` for its state. */
export function settlingFolder(path: string, isFile: boolean): string {
  return isFile ? dirname(path) : path;
}
