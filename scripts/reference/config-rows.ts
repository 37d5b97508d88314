import { anchor } from '../../src/docs/sections.ts';
import type { Key } from './config-keys.ts';
import { code, list } from './markdown.ts';

/** A heading of docs/config.md with its keys. */
export interface Section {
  readonly title: string;
  readonly intro: string;
  readonly keys: readonly Key[];
}

/** The keys of a home or a store, before those are taken out that have a place of their own. */
export interface SideSection extends Section {
  readonly side: 'home' | 'store';
  /** As the table of shared keys names it: `postgres`, `format: csv`. */
  readonly label: string;
  /** The types of connectors whose homes or stores have these keys. */
  readonly types: readonly string[];
  /** Where it has further keys from, with a link: `of [files of every type](#…)`. */
  readonly also: readonly string[];
}

/** The keys of a connector's connection. */
export interface Connection {
  readonly type: string;
  readonly intro: string;
  readonly keys: readonly Key[];
}

/** A set of connections with so many keys in common has a section for these. */
const enoughForSection = 4;

/** Types that the table of shared keys names together. */
const families = {
  databases: ['postgres', 'mysql', 'sqlserver', 'fabric_warehouse', 'duckdb', 'sqlite'].map(code),
  'cloud storage': ['azure_blob', 'adls', 'onelake', 's3', 'gcs'].map(code),
};

const severalSides = 'Homes and stores: keys of several types';
const severalConnections = 'Connection: keys of several types';

/** Each key in one row: those of a connection below it, and those of several types in a table that names the types. */
export function eachKeyOnce(connections: readonly Connection[], sides: readonly SideSection[]): readonly Section[] {
  const withoutConnection = sides.map((section) => ({
    ...section,
    keys: section.keys.filter((key) => !isOfConnection(key, section, connections)),
  }));
  const all = usersOf(withoutConnection);
  // A key of a map has its row below that of its map.
  const users = new Map([...all].filter(([, of]) => of.length > 1 && of.every(({ section, key }) => isMapShared(key, section, all))));
  const isShared = (key: Key): boolean => users.has(idOf(key));
  const connectors = new Map(connections.map(({ type, keys }) => [type, keys]));
  const sections = [
    ...connectionSections(connections.map((connection) => withDefaults(connection, sides))),
    ...withoutConnection.map(({ title, intro, keys, types, also }, nth) => {
      const shared = keys.filter(isShared);
      const moved = keys.length < (sides[nth]?.keys.length ?? 0) ? types.filter((type) => connectors.has(type)) : [];
      const further = [...also, ...(moved.length === 0 ? [] : [`of its [connection](#${anchor(titleOf(moved))})`])];
      return {
        title,
        intro: sentences([intro, further.length === 0 ? '' : `Also the keys ${list(further)}.`, alsoTakes(shared, severalSides)]),
        keys: keys.filter((key) => !isShared(key)),
      };
    }),
    {
      title: severalSides,
      intro: `Keys that mean the same in several homes and stores. ${Object.entries(families)
        .map(([name, types]) => `*${name}* is ${list(types)}`)
        .join('; ')}.`,
      keys: [...users.values()].map((of) => ({ ...(of[0] as User).key, usedBy: sidesIn(of.map(({ section }) => section)) })),
    },
  ];
  return sections.filter(({ keys, intro }) => keys.length > 0 || intro.includes('](#'));
}

function connectionSections(connections: readonly Connection[]): readonly Section[] {
  const users = usersOf(connections);
  const groups = Map.groupBy(users.values(), (of) => of.map(({ section }) => section.type).join(' '));
  const large = [...groups].filter(([types, keys]) => types.includes(' ') && keys.length >= enoughForSection);
  const inSection = new Set(large.flatMap(([, keys]) => keys.map(([first]) => idOf((first as User<Connection>).key))));
  const isSmall = (key: Key): boolean => (users.get(idOf(key))?.length ?? 0) > 1 && !inSection.has(idOf(key));
  return [
    ...connections.map(({ type, intro, keys }) => ({
      title: titleOf([type]),
      intro: sentences([
        intro,
        ...large
          .map(([types]) => types.split(' '))
          .filter((types) => types.includes(type))
          .map(
            (types) =>
              `Also [keys that it shares](#${anchor(titleOf(types))}) with ${list(types.filter((one) => one !== type).map(code))}.`,
          ),
        alsoTakes(keys.filter(isSmall), severalConnections),
      ]),
      keys: keys.filter((key) => users.get(idOf(key))?.length === 1),
    })),
    ...large.map(([types, keys]) => ({
      title: titleOf(types.split(' ')),
      intro: 'Keys that mean the same in these connections.',
      keys: keys.map(([first]) => (first as User<Connection>).key),
    })),
    {
      title: severalConnections,
      intro: 'Other keys that mean the same in several connections.',
      keys: [...users.values()]
        .filter(([first]) => first !== undefined && isSmall(first.key))
        .map((of) => ({ ...(of[0] as User<Connection>).key, usedBy: list(of.map(({ section }) => code(section.type))) })),
    },
  ];
}

interface User<S = SideSection> {
  readonly section: S;
  readonly key: Key;
}

/** The sections that have a key with the same values, default and meaning, by key. */
function usersOf<S extends { readonly keys: readonly Key[] }>(sections: readonly S[]): ReadonlyMap<string, readonly User<S>[]> {
  return Map.groupBy(
    sections.flatMap((section) => section.keys.map((key) => ({ section, key }))),
    ({ key }) => idOf(key),
  );
}

function idOf({ name, values, byDefault, meaning }: Key): string {
  return JSON.stringify([name, values, byDefault, meaning]);
}

/** Whether a key of a home or store is one of the connection, which may leave the default to it. */
function isSame(key: Key, ofConnection: Key): boolean {
  return idOf(key) === idOf(ofConnection) || idOf({ ...key, byDefault: '' }) === idOf(ofConnection);
}

function isOfConnection(key: Key, { types }: SideSection, connections: readonly Connection[]): boolean {
  return types.every((type) => connections.find((one) => one.type === type)?.keys.some((one) => isSame(key, one)) === true);
}

/** A connection with the defaults of its homes and stores: a default holds there, and a key is required there. */
function withDefaults({ type, intro, keys }: Connection, sides: readonly SideSection[]): Connection {
  const ofSides = sides.filter(({ types }) => types.includes(type)).flatMap((section) => section.keys);
  return {
    type,
    intro,
    keys: keys.map((key) => ({ ...key, byDefault: key.byDefault || (ofSides.find((one) => isSame(one, key))?.byDefault ?? '') })),
  };
}

function isMapShared(key: Key, section: SideSection, all: ReadonlyMap<string, readonly unknown[]>): boolean {
  const map = section.keys.find(({ name }) => name === key.name.split('.')[0]);
  return map === undefined || (all.get(idOf(map))?.length ?? 0) > 1;
}

const titleOf = (types: readonly string[]): string => `Connection: ${types.map((type) => code(`type: ${type}`)).join(', ')}`;

/** Which shared keys a section has: those of maps are named by their map. */
function alsoTakes(keys: readonly Key[], title: string): string {
  const names = [...new Set(keys.map(({ name }) => name.split('.')[0] ?? name))];
  return names.length === 0 ? '' : `Keys of [several types](#${anchor(title)}): ${list(names.map(code))}.`;
}

/** `home: files, databases; store: files`, or `home, store: files` where both are the same. */
function sidesIn(sections: readonly SideSection[]): string {
  const [home, store] = (['home', 'store'] as const).map((side) =>
    namesOf(sections.filter((section) => section.side === side).map(({ label }) => label)),
  );
  if (home === store) return `home, store: ${home}`;
  return [...(home === '' ? [] : [`home: ${home}`]), ...(store === '' ? [] : [`store: ${store}`])].join('; ');
}

function namesOf(labels: readonly string[]): string {
  const family = Object.entries(families).find(([, types]) => types.every((type) => labels.includes(type)));
  if (family === undefined) return labels.join(', ');
  const [name, types] = family;
  return [...labels.filter((label) => !types.includes(label)), name].join(', ');
}

const sentences = (all: readonly string[]): string => all.filter((one) => one !== '').join(' ');
