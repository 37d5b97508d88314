import * as z from 'zod';
import { anchor } from '../../src/docs/sections.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { keysIn, type Schema } from './config-keys.ts';
import { type Connection, eachKeyOnce, type Section, type SideSection } from './config-rows.ts';
import { code, list } from './markdown.ts';

interface Side {
  /** Those whose keys are all the same. */
  readonly types: string[];
  readonly intro: string;
  readonly shared: Schema;
  readonly branches: readonly Branch[];
}

interface Branch {
  readonly format: string;
  readonly own: Schema;
}

/** Connections, homes and stores. Of a side: what a type has of its own, then what all types with the same formats have alike, then each format. */
export async function sideSections(): Promise<readonly Section[]> {
  const sections: SideSection[] = [];
  for (const side of ['home', 'store'] as const) {
    for (const family of familiesOf(await sidesOf(side))) sections.push(...sectionsOf(side, family));
  }
  return eachKeyOnce(await connectionsOfAll(), sections);
}

async function connectionsOfAll(): Promise<readonly Connection[]> {
  const connectors = await Promise.all(connectorTypes().map(findConnector));
  return connectors.flatMap((one) => {
    if (one?.connection === undefined) return [];
    const schema = z.toJSONSchema(one.connection, { io: 'input', unrepresentable: 'any' }) as Schema;
    return [{ type: one.id, intro: schema.description ?? '', keys: keysIn(schema) }];
  });
}

async function sidesOf(side: 'home' | 'store'): Promise<readonly Side[]> {
  const found = new Map<string, Side>();
  for (const type of connectorTypes()) {
    const connector = await findConnector(type);
    const config = connector?.[side]?.config;
    if (config === undefined) continue;
    const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as Schema;
    const same = JSON.stringify(schema);
    const entry = found.get(same) ?? { types: [], intro: schema.description ?? '', ...split(schema) };
    entry.types.push(type);
    found.set(same, entry);
  }
  return [...found.values()];
}

/** Types that take the same formats, with the same keys each. */
function familiesOf(sides: readonly Side[]): readonly (readonly Side[])[] {
  const families = new Map<string, Side[]>();
  for (const side of sides) {
    const formats = side.branches.length === 0 ? side.types : side.branches.map(({ format, own }) => [format, own.properties]);
    const same = JSON.stringify(formats);
    families.set(same, [...(families.get(same) ?? []), side]);
  }
  return [...families.values()];
}

function sectionsOf(side: 'home' | 'store', family: readonly Side[]): readonly SideSection[] {
  const name = side === 'home' ? 'Home' : 'Store';
  const alike = family.length === 1 ? new Set<string>() : keysAlike(family);
  const [first] = family;
  const ofAll = family.flatMap((one) => one.types);
  const types = ofAll.map(code);
  return [
    ...family.map((one) => ({
      side,
      label: one.types.map(code).join(', '),
      types: one.types,
      title: `${name}: ${one.types.map((type) => code(`type: ${type}`)).join(', ')}`,
      intro: one.intro,
      also: alike.size === 0 ? [] : [`of [files of every type](#${anchor(filesOf(name))})`],
      keys: keysIn(one.shared, new Set([...ownBusiness, ...alike])),
    })),
    {
      side,
      label: 'files',
      also: [],
      types: ofAll,
      title: filesOf(name),
      intro: `What each ${side} of files takes, wherever they are: ${list(types)}.`,
      keys: keysIn(first?.shared ?? {}).filter(({ name: key }) => alike.has(key)),
    },
    ...(first?.branches ?? []).map(({ format, own }) => ({
      side,
      label: code(`format: ${format}`),
      also: [],
      types: ofAll,
      title: `${name}: ${code(`format: ${format}`)}`,
      intro:
        format === 'delta' && side === 'store'
          ? 'What a store that is a [Delta table](delta.md#a-store-that-is-a-delta-table) takes in addition to the keys above. Its files are parquet, and `layout` has no meaning there. `path` is the folder of the table.'
          : format === 'delta'
            ? 'What a [Delta table](delta.md) takes next to the keys above, without those for files: `hive_partitions`, `differing_files` and `empty_files`. `path` is the folder of the table.'
            : `What ${side === 'home' ? 'reading' : 'writing'} ${format} takes next to the keys above.`,
      keys: keysIn(own, ownBusiness),
    })),
  ];
}

const filesOf = (name: string): string => `${name}: files of every type`;

/** Keys that all of them describe in the same words. */
function keysAlike(family: readonly Side[]): ReadonlySet<string> {
  const said = family.map(({ shared }) => new Map(Object.entries(shared.properties ?? {}).map(([key, one]) => [key, JSON.stringify(one)])));
  const [first = new Map<string, string>(), ...others] = said;
  return new Set([...first].filter(([key, text]) => others.every((other) => other.get(key) === text)).map(([key]) => key));
}

/** Filled in by hygge, written by nobody. */
const ownBusiness: ReadonlySet<string> = new Set(['base']);

/** What all branches of a choice by `format` have alike, and what each has of its own. */
function split(schema: Schema): Pick<Side, 'shared' | 'branches'> {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return { shared: schema, branches: [] };
  // A table is no file of another format: what it leaves out is said of it.
  const ofFiles = branches.filter((branch) => branch.properties?.format?.const !== 'delta');
  const isShared = (key: string) => {
    const [said, other] = new Set(ofFiles.map((branch) => JSON.stringify(branch.properties?.[key])));
    return said !== undefined && other === undefined && ofFiles.every((branch) => branch.properties?.[key] !== undefined);
  };
  const picked = (branch: Schema | undefined, wanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(branch?.properties ?? {}).filter(([key]) => key !== 'format' && wanted(key)));
  const formats = branches.map((branch) => branch.properties?.format?.const);
  const chosen: Schema = {
    enum: formats,
    description:
      `${branches[0]?.properties?.format?.description ?? ''} Without it, the ending of the path tells; parquet where that tells none.`.trim(),
  };
  const [first] = branches;
  return {
    shared: { properties: { ...picked(first, isShared), format: chosen }, required: first?.required ?? [] },
    branches: branches.map((branch, nth) => ({
      format: String(formats[nth]),
      own: { properties: picked(branch, (key) => !isShared(key)), required: branch.required ?? [] },
    })),
  };
}
