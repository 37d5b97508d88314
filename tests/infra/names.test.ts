import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AppNames, appNames, type Scope, secretName, sharedNames } from '../../infra/azure/names.ts';

const scope: Scope = { subscription: '11111111-1111-1111-1111-111111111111', resourceGroup: 'northwind-prod', workspace: 'northwind' };

/** Names alike in their first 59 letters, in all but case, dashes and underscores, and of sixty characters. */
const hostile = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/),
  fc.stringMatching(/^a{32}[a-cA-C_-]{1,28}$/),
  fc.stringMatching(/^[aA][bB][-_]{0,3}[cC][-_]{0,2}$/),
  fc.stringMatching(/^[A-Z][_-]{10,59}$/),
);

const legal: Readonly<Record<keyof AppNames, RegExp>> = {
  site: /^[a-z](?!.*--)[a-z0-9-]{0,57}[a-z0-9]$/,
  plan: /^[a-z][a-z0-9-]{0,58}[a-z0-9]$/,
  identity: /^[a-z][a-z0-9-]{2,126}[a-z0-9]$/,
  insights: /^[a-z][a-z0-9-]{0,252}[a-z0-9]$/,
  storage: /^[a-z0-9]{3,24}$/,
  hostId: /^[a-z](?!.*--)[a-z0-9-]{0,30}[a-z0-9]$/,
  hub: /^[A-Za-z][A-Za-z0-9]{2,44}$/,
};

test('names of 200 hostile flows are legal and each its own, whatever the case', () => {
  const seed = 2_611_23;
  fc.assert(
    fc.property(fc.uniqueArray(hostile, { minLength: 200, maxLength: 200 }), (flows) => {
      const named = flows.map((name) => appNames(scope, { name, flows: [name] }));
      for (const [kind, form] of Object.entries(legal)) {
        const all = named.map((one) => one[kind as keyof AppNames]);
        expect(
          all.filter((one) => !form.test(one)),
          kind,
        ).toEqual([]);
        expect(new Set(all.map((one) => one.toLowerCase())).size, kind).toBe(flows.length);
      }
    }),
    { numRuns: 10, seed },
  );
});

test('two workspaces in one group share no name, nor does one workspace in two groups', () => {
  const others = [
    { ...scope, workspace: 'Northwind' },
    { ...scope, resourceGroup: 'northwind-test' },
    { ...scope, workspace: 'north-wind' },
  ];
  const all = [scope, ...others].map((one) =>
    Object.values({ ...appNames(one, { name: 'crm', flows: ['crm'] }), hub: '' }).concat(Object.values(sharedNames(one))),
  );
  const flat = all.flat().filter((name) => name !== '');
  expect(new Set(flat).size).toBe(flat.length);
  const { config, vault } = sharedNames({ ...scope, workspace: '7 bridges & ünïcødé !!! very long indeed' });
  expect(config).toMatch(/^[a-z0-9]{3,24}$/);
  expect(vault).toMatch(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/);
});

test('secrets have names that the vault takes, one for each variable whatever its case', () => {
  expect(secretName('PG_PASSWORD')).toBe('PG-PASSWORD');
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Za-z_]\w{0,150}$/), { minLength: 50 }), (variables) => {
      const names = variables.map(secretName);
      expect(names.filter((name) => !/^[A-Za-z0-9-]{1,127}$/.test(name))).toEqual([]);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(variables.length);
    }),
    { seed: 7 },
  );
  const alike = ['A_B', 'a_b', 'A__B', '_A_B', 'A_B_'].map((name) => secretName(name).toLowerCase());
  expect(new Set(alike).size).toBe(5);
});
