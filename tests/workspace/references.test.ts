// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, test } from 'vitest';
import { readReferences } from '../../src/workspace/read/references.ts';

test.each([
  ['/', '/flows/crm/flow.yml'],
  ['/srv/shop', '/srv/shop/flows/crm/flow.yml'],
])('variables are looked for in the files of flows below the root %s', async (root, path) => {
  const asked: string[] = [];
  const from = {
    list: async () => [],
    read: async (file: string) => {
      asked.push(file);
      return 'home: "${PLACE}"\nstore: out\n';
    },
  };
  const files = ['apis/acme.yml', 'flows/crm/flow.yml', 'hygge.yml'];
  const { variables } = await readReferences(from, { root, files, written: undefined, target: null, signing: (tree) => tree });
  expect(asked).toEqual([path]);
  expect(variables.map(({ name, flow }) => [name, flow])).toEqual([['PLACE', 'crm']]);
});
