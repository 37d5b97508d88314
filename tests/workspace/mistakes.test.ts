// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configCodes } from '../../src/errors/codes/config.ts';
import { local } from '../../src/files/connectors/local-connector.ts';
import { Secret, type SecretLookup } from '../../src/ports/secret.ts';
import { NotUtf8 } from '../../src/ports/workspace-files.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import type { LoadRequest } from '../../src/workspace/load/load.ts';
import { memoryLake } from '../support/memory-lake.ts';
import { filesOf, flow, mistakes, root, type Texts } from './shop.ts';

interface Mistake {
  readonly files: Texts;
  readonly request?: Partial<LoadRequest>;
  /** `file:line:col code` */
  readonly at: string;
  /** Part of what is said or of what to try. */
  readonly says: string;
  readonly fix: string;
}

/** A mistake of mistakes.yml: its workspace, what is asked of it, and what hygge says. Without `connectors` there are those of local files. */
interface WrittenMistake extends Omit<Mistake, 'request'>, Pick<Partial<LoadRequest>, 'env' | 'vars' | 'target' | 'rootless'> {
  readonly connectors?: 'all' | 'of the lake';
}

const lake = memoryLake();
const connectorsOf = {
  all: { types: connectorTypes, find: findConnector },
  'of the lake': { types: () => lake.map(({ id }) => id), find: async (type: string) => lake.find(({ id }) => id === type) ?? local },
};
const crm = (text: string, others: Texts = {}): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text, ...others });
const top = (text: string): Texts => ({ 'hygge.yml': text, 'flows/crm/flow.yml': flow });
const FLOW = 'flows/crm/flow.yml';

const written: Readonly<Record<string, WrittenMistake>> = parse(readFileSync(join(import.meta.dirname, 'mistakes.yml'), 'utf8'));
const asked = ({ files, at, says, fix, connectors, ...request }: WrittenMistake): Mistake => ({
  ...{ files, at, says, fix },
  request: { ...request, ...(connectors === undefined ? {} : { connectors: connectorsOf[connectors] }) },
});

const vault = 'secrets: { key_vault: "https://northwind.vault.azure.net" }\n';
const vaultOf = (answer: SecretLookup, mentions: readonly string[] = []): NonNullable<LoadRequest['opens']> => ({
  entities: (flows) => flows.flatMap(({ entities }) => entities),
  mentions,
  vault: () => ({ lookUp: async () => answer }),
});

/** What a file can't say: what the disk and the vault answer. */
const table: Readonly<Record<string, Mistake>> = {
  ...Object.fromEntries(Object.entries(written).map(([name, mistake]) => [name, asked(mistake)])),
  'a home where nothing is found': {
    files: crm(`${flow}entities: "*"\n`),
    request: { found: new Map([['crm', []]]) },
    at: `${FLOW}:3:11 HYG-1047`,
    says: 'Nothing was found at the home of flow `crm`.',
    fix: 'Check the path',
  },
  'a file in another encoding': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        read: (path) => (path.endsWith('flow.yml') ? Promise.reject(new NotUtf8(path)) : filesOf(crm(flow)).read(path)),
      },
    },
    at: `${FLOW}:1:1 HYG-1003`,
    says: 'flows/crm/flow.yml is not UTF-8 text.',
    fix: 'Save the file as UTF-8.',
  },
  'a secret that the vault does not have': {
    files: { ...crm(`home: in\nstore: out\nnotify: { webhook: "\${TEAMS_WEBHOOK}" }\n`), 'hygge.yml': vault },
    request: { opens: vaultOf({ lacks: 'unknown', said: '404 SecretNotFound' }) },
    at: `${FLOW}:3:21 HYG-1098`,
    says: 'The variable `TEAMS_WEBHOOK` is not set, and the vault has no secret `TEAMS-WEBHOOK`.',
    fix: 'Put the secret into the vault as `TEAMS-WEBHOOK`.',
  },
  'a secret whose name the vault cannot have': {
    files: { ...crm(`home: in\nstore: out\nnotify: { webhook: "\${TEAMS_WEBHOOK}" }\n`), 'hygge.yml': vault },
    request: { opens: vaultOf({ lacks: 'no name', said: 'it is too long' }) },
    at: `${FLOW}:3:21 HYG-1098`,
    says: 'the vault can have no secret called `TEAMS-WEBHOOK`',
    fix: 'Give the variable another name.',
  },
  'two variables that are one secret of the vault': {
    files: {
      ...crm(`home: in\nstore: out\nnotify: { webhook: "https://\${Hook}/x" }\n`),
      'hygge.yml': `${vault}connections: { c: { type: s3, bucket: lake, secret_access_key: "\${HOOK}", access_key_id: a } }\n`,
    },
    request: {
      opens: vaultOf({ secret: new Secret('x'), version: '1' }, ['c']),
      connectors: { types: connectorTypes, find: findConnector },
    },
    at: `${FLOW}:3:29 HYG-1099`,
    says: 'The variables `Hook` and `HOOK` would be one secret of the vault.',
    fix: 'Give one of the two another name.',
  },
  'a variable from a vault where it would be shown': {
    files: { ...crm('home: "in/${PART}"\nstore: out\n'), 'hygge.yml': vault },
    request: { opens: vaultOf({ secret: new Secret('x'), version: '1' }) },
    at: `${FLOW}:1:11 HYG-1020`,
    says: 'The variable `PART` is not set.',
    fix: 'Set PART',
  },
  'a file that may not be read': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        read: (path) =>
          path.endsWith('flow.yml') ? Promise.reject(new Error('EACCES: permission denied')) : filesOf(crm(flow)).read(path),
      },
    },
    at: `${FLOW}:1:1 HYG-1002`,
    says: 'flows/crm/flow.yml cannot be read.',
    fix: 'that you may read it',
  },
  'a folder of flows that may not be read, told without saying that there are no flows': {
    files: crm(flow),
    request: {
      files: {
        ...filesOf(crm(flow)),
        list: (path) =>
          path.endsWith('flows/crm') ? Promise.reject(new Error('EACCES: permission denied')) : filesOf(crm(flow)).list(path),
      },
    },
    at: 'flows/crm:1:1 HYG-1002',
    says: 'The folder flows/crm cannot be read.',
    fix: 'that you may read it',
  },
  'a folder that is not there': {
    files: top(''),
    request: { directory: `${root}/flws` },
    at: '- HYG-1001',
    says: `There is no folder ${root}/flws.`,
    fix: '`-C`',
  },
};

describe('a mistake in the config is told with its place and its fix', () => {
  test.each(Object.entries(table))('%s', async (_, { files, request, at, says, fix }) => {
    const [error, ...others] = await mistakes(files, request);
    const place = error?.where === undefined ? '-' : `${error.where.file}:${error.where.line}:${error.where.column}`;
    expect(`${place} ${error?.code}`).toBe(at);
    expect(error?.what).toContain(says);
    expect(error?.tryThis.join('\n')).toContain(fix);
    expect(others.map(({ message }) => message)).toEqual([]);
  });

  test('every code of the catalogue is met by one of them', () => {
    const met = new Set(Object.values(table).map(({ at }) => at.split(' ').at(-1)));
    expect(Object.keys(configCodes).filter((code) => !met.has(code))).toEqual([]);
  });
});

test('all mistakes are reported at once, in reading order, and one flow never hides those of another', async () => {
  const errors = await mistakes({
    'hygge.yml': 'nme: shop\n',
    'flows/a/flow.yml': 'home: "in\n',
    'flows/b/flow.yml': 'hom: in\nstore: out\nrun_type: often\n',
    'flows/b/entities/one.yml': 'name: one\nhome: { colums: [x] }\n',
    'flows/b/entities/two.yml': '\tname: two\n',
  });
  expect(errors.map(({ code, where }) => `${where?.file}:${where?.line} ${code}`)).toEqual([
    'hygge.yml:1 HYG-1010',
    'flows/a/flow.yml:2 HYG-1005',
    'flows/b/flow.yml:1 HYG-1010',
    'flows/b/flow.yml:3 HYG-1013',
    'flows/b/entities/one.yml:2 HYG-1010',
    'flows/b/entities/two.yml:1 HYG-1007',
  ]);
});

test('a mistake in a flow is reported once, however many entities it has', async () => {
  const errors = await mistakes(crm('home: { type: lcal, path: in }\nstore: { path: out, formt: parquet }\nentities: [a, b, c]\n'));
  expect(errors.map(({ code }) => code)).toEqual(['HYG-1030', 'HYG-1010']);
});

test('a connector that is neither home nor store says what it is', async () => {
  const flows = crm('home: { type: sqlite, path: in.db, table: t }\nstore: out\n');
  const find: typeof findConnector = async (type) => {
    const { home, store, ...others } = (await findConnector(type)) ?? {};
    return type === 'sqlite' ? (others as Awaited<ReturnType<typeof findConnector>>) : findConnector(type);
  };
  const errors = await mistakes(flows, { connectors: { types: connectorTypes, find } });
  expect(errors).toMatchObject([{ code: 'HYG-1031', why: ['This connector only offers a place for the state.'] }]);
});
