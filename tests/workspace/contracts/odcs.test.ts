import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reasonOf } from '../../../src/frames/rules/reason.ts';
import { readOdcs } from '../../../src/workspace/contracts/odcs.ts';
import { optionsOf } from '../../../src/workspace/contracts/odcs-rules.ts';
import { parseFile } from '../../../src/workspace/contracts/read-contract.ts';
import { ConfigErrors, collectProblems } from '../../../src/workspace/yaml/problems.ts';
import type { Tree } from '../../../src/workspace/yaml/tree.ts';
import { missingSuite, suitePath } from '../../support/suites.ts';
import { load, mistakes, type Texts } from '../shop.ts';

const path = 'contracts/sales.odcs.yaml';
const at = (contract: string, name = path, entity = 'orders'): Texts => ({
  'hygge.yml': 'name: shop\n',
  'flows/crm/flow.yml': `home: in\nstore: out\nentities: [${entity}]\nvalidation: { contract: "${name}", mode: quarantine }\n`,
  [name.replace(/#.*/, '')]: contract,
});
const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: active\n';
const orders = (properties: string) => `${head}schema:\n  - name: orders\n    properties:\n${properties}`;
const loaded = async (texts: Texts) => {
  const { flows, warnings } = await load(texts);
  return { spec: flows[0]?.entities[0], warnings: warnings.map(({ message }) => message) };
};
const rulesOf = async (properties: string) =>
  (await loaded(at(orders(properties)))).spec?.validation?.rules.map(({ severity, column, ...rule }) => ({
    ...rule,
    ...(severity === 'quarantine' ? {} : { severity }),
  }));
const told = async (texts: Texts) =>
  (await mistakes(texts)).map(({ code, where, what }) => `${where?.line}:${where?.column} ${code} ${what}`);

describe('a file of the Open Data Contract Standard', () => {
  test('is a contract: keys of properties, options of logical types and metrics of the library are rules', async () => {
    const properties = `      - { name: id, logicalType: integer, required: true, logicalTypeOptions: { minimum: 1, exclusiveMaximum: 100, multipleOf: 3, format: i64 } }
      - { name: code, logicalType: string, logicalTypeOptions: { minLength: 2, maxLength: 20, pattern: "^[A-Z]+$" } }
      - { name: mail, physicalName: e_mail, logicalType: string, logicalTypeOptions: { format: email } }
      - { name: day, logicalType: date, logicalTypeOptions: { minimum: "2020-01-01", format: yyyy-MM-dd } }
      - { name: at, logicalType: timestamp, logicalTypeOptions: { exclusiveMaximum: "2030-01-01T12:30:00" } }
      - name: unit
        logicalType: string
        quality:
          - { metric: invalidValues, arguments: { validValues: [pounds, "it's"] }, mustBe: 0 }
          - { metric: missingValues, arguments: { missingValues: [null, "", n/a] }, mustBeLessThan: 1, severity: high }
          - { type: text, description: Units are those of the scales. }
      - { name: state, enum: [{ value: open }, { value: closed }] }
      - { name: iban, quality: [{ metric: invalidValues, arguments: { pattern: "^[A-Z]{2}" }, mustBeLessOrEqualTo: 0, name: an IBAN }] }
      - { name: note, description: free text }
`;
    expect(await rulesOf(properties)).toEqual([
      { name: 'id is integer', what: 'there', as: 'integer' },
      { name: 'id not null', what: 'not null' },
      { name: 'id minimum', what: 'between', min: '1', max: null },
      { name: 'id exclusiveMaximum', what: 'between', min: null, max: '100', excludesMax: true },
      { name: 'id multipleOf', what: 'holds', check: '"id" % 3 = 0', when: null },
      { name: 'code is string', what: 'there', as: 'string' },
      { name: 'code regex', what: 'matches', pattern: '^[A-Z]+$' },
      { name: 'code length', what: 'length', min: 2, max: 20 },
      { name: 'e_mail is string', what: 'there', as: 'string' },
      { name: 'e_mail format', what: 'format', format: 'email' },
      { name: 'day is date', what: 'there', as: 'date' },
      { name: 'day minimum', what: 'between', min: '2020-01-01', max: null },
      { name: 'at is timestamp', what: 'there', as: 'timestamp' },
      { name: 'at exclusiveMaximum', what: 'between', min: null, max: '2030-01-01T12:30:00', excludesMax: true },
      { name: 'unit is string', what: 'there', as: 'string' },
      { name: 'unit invalid', what: 'one of', texts: ['pounds', "it's"] },
      { name: 'unit missing', what: 'none of', texts: ['', 'n/a'], orNull: true },
      { name: 'state is there', what: 'there', as: null },
      { name: 'state enum', what: 'one of', texts: ['open', 'closed'] },
      { name: 'iban is there', what: 'there', as: null },
      { name: 'an IBAN', what: 'matches', pattern: '^[A-Z]{2}' },
      { name: 'note is there', what: 'there', as: null },
    ]);
  });

  test('has patterns of ECMA-262, and messages show them as they are written', async () => {
    const checks = ['\\\\d', '[A-Z]'].map(
      (pattern) => `{ metric: invalidValues, arguments: { pattern: "${pattern}" }, mustBe: 0, name: has ${pattern.length} }`,
    );
    const rules = await rulesOf(`      - { name: a, logicalTypeOptions: { pattern: "^\\\\w$" }, quality: [${checks.join(', ')}] }\n`);
    const patterns = rules?.filter((rule) => rule.what === 'matches');
    expect(patterns).toMatchObject([
      { pattern: '^[0-9A-Z_a-z]$', written: '^\\w$' },
      { pattern: '[0-9]', written: '\\d' },
      { pattern: '[A-Z]' },
    ]);
    expect(patterns?.map((rule) => reasonOf({ ...rule, column: 'a' }))).toEqual([
      'a does not match ^\\w$',
      'a does not match \\d',
      'a does not match [A-Z]',
    ]);
  });

  test('says exact types in the custom property hyggeType: then it is the expected schema as well', async () => {
    const type = (written: string) => `customProperties: [{ property: hyggeType, value: "${written}" }]`;
    const { spec } = await loaded(
      at(orders(`      - { name: id, ${type('int64')} }\n      - { name: at, ${type('timestamp[us, UTC]')} }\n`)),
    );
    expect(spec?.schema).toMatchObject({
      expected: {
        columns: [
          { name: 'id', type: { kind: 'int64' } },
          { name: 'at', type: { kind: 'timestamp', unit: 'us', zone: 'UTC' } },
        ],
      },
    });
    expect(spec?.schema.expectsOthers).toBeUndefined();
    const part = await loaded(at(orders(`      - { name: id, ${type('int64')} }\n      - { name: at }\n`)));
    expect(part.spec?.schema).toMatchObject({ expected: { columns: [{ name: 'id' }] }, expectsOthers: true });
  });

  test('is taken by the object of the entity, by the one that is named, or by its only one', async () => {
    const two = `${head}schema:\n  - { name: orders, properties: [{ name: id, required: true }] }\n  - { name: item, physicalName: items, properties: [{ name: n, required: true }] }\n`;
    const first = async (texts: Texts) => (await loaded(texts)).spec?.validation?.rules[0]?.name;
    expect(await first(at(two))).toBe('id is there');
    expect(await first(at(two, path, 'items'))).toBe('n is there');
    expect(await first(at(two, `${path}#item`))).toBe('n is there');
    expect(await first(at(`${head}schema: [{ name: any, properties: [{ name: z, required: true }] }]\n`))).toBe('z is there');
    expect(await told(at(two, path, 'others'))).toEqual(['7:3 HYG-1013 The data contract has no object `others`.']);
    expect(await told(at(two, `${path}#itemz`))).toEqual(['7:3 HYG-1013 The data contract has no object `itemz`. Did you mean `item`?']);
  });

  test('names in one warning what it says of the data and hygge leaves to people and other tools', async () => {
    const { warnings } = await loaded(
      at(
        `${orders(`      - name: id
        required: true
        relationships: [{ to: customers.id }]
        quality:
          - { type: custom, engine: soda, implementation: x }
          - { type: text, description: An id of the shop. }
          - { metric: nullValues, mustBe: 0, schedule: 0 20 * * * }
      - { name: total, semanticType: measure, transformLogic: SUM(amount), required: true }
`)}slaProperties:
  - { property: retention, value: 3, unit: y, element: orders.id }
  - { property: endOfLife, value: "2042-05-12" }
  - { property: latency, value: 1, unit: d, element: customers.at }
`,
      ),
    );
    expect(warnings).toEqual([
      'Not checked by hygge in the data contract of orders: a check for soda (line 13); a text about quality (line 14); `schedule` of a check, which each run evaluates (line 15); `relationships` (line 11); a computed measure (line 16); the service level `retention` (line 18); the service level `endOfLife` (line 19); the service level `latency` (line 20).',
    ]);
  });

  test('that values come once: of a column, of a key, and of columns of a key together', async () => {
    const checks = async (properties: string) => (await loaded(at(orders(properties)))).spec?.validation?.checks;
    const once = (...columns: string[]) => ({
      type: 'uniqueness',
      name: `uniqueness ${columns.join(', ')}`,
      columns,
      onFail: 'quarantine',
    });
    expect(await checks('      - { name: a, unique: true }\n      - { name: b }\n')).toEqual([once('a')]);
    expect(await checks('      - { name: a, primaryKey: true, unique: true }\n      - { name: b }\n')).toEqual([once('a')]);
    const two =
      '      - { name: a, primaryKey: true, primaryKeyPosition: 2 }\n      - { name: b, primaryKey: true, primaryKeyPosition: 1 }\n';
    expect(await checks(two)).toEqual([once('b', 'a')]);
  });

  test('judges counts of rows: with a tolerance, of all rows, and by their age', async () => {
    const { spec } = await loaded(
      at(
        `${orders(`      - name: mail
        quality:
          - { metric: nullValues, mustBeLessThan: 1, unit: percent }
          - { metric: missingValues, arguments: { missingValues: [null, "", N/A] }, mustBeLessThan: 100, severity: warning, name: mails that lack }
          - { metric: invalidValues, arguments: { pattern: "@" }, mustBeBetween: [0, 5.5], unit: percent }
      - { name: at, physicalName: placed_at, logicalType: timestamp }
    quality:
      - { metric: rowCount, mustBeGreaterThan: 100 }
`)}slaProperties:
  - { property: latency, value: 4, unit: d, element: orders.at }
  - { property: freshness, value: PT36H, element: placed_at }
`,
      ),
    );
    const rule = { column: 'mail', severity: 'warn' };
    expect(spec?.validation?.checks).toEqual([
      {
        type: 'broken rows',
        name: 'nullValues mail',
        rule: { ...rule, name: 'nullValues mail', what: 'not null' },
        ...{ unit: 'percent', min: null, max: '1', excludesMax: true, onFail: 'quarantine' },
      },
      {
        type: 'broken rows',
        name: 'mails that lack',
        rule: { ...rule, name: 'mails that lack', what: 'none of', texts: ['', 'N/A'], orNull: true },
        ...{ unit: 'rows', min: null, max: '100', excludesMax: true, onFail: 'warn' },
      },
      {
        type: 'broken rows',
        name: 'invalidValues mail',
        rule: { ...rule, name: 'invalidValues mail', what: 'matches', pattern: '@' },
        ...{ unit: 'percent', min: '0', max: '5.5', excludesMin: true, excludesMax: true, onFail: 'quarantine' },
      },
      {
        type: 'volume',
        name: 'volume',
        minRows: 101,
        maxRows: null,
        withinPercent: null,
        rows: 'settled',
        ofAll: true,
        onFail: 'quarantine',
      },
      { type: 'freshness', name: 'latency placed_at', column: 'placed_at', maxAgeMs: 4 * 86_400_000, onFail: 'quarantine' },
      { type: 'freshness', name: 'freshness placed_at', column: 'placed_at', maxAgeMs: 36 * 3_600_000, onFail: 'quarantine' },
    ]);
  });

  test('asks the source by the queries of the standard, with the names of the object and the property', async () => {
    const query = (text: string, more: string) => `{ type: sql, query: "${text}", ${more} }`;
    const tree = parseFile(
      {
        name: path,
        text: orders(`      - name: total
        quality:
          - ${query('SELECT COUNT(*) FROM {object} WHERE {property} < 0', 'mustBeLessThan: 5, severity: warning')}
          - ${query(`select max(\${column}) from \${table}`, 'mustBeLessOrEqualTo: 1.5, name: largest')}
    quality: [${query('SELECT COUNT(*) FROM {object}', 'mustBeBetween: [10, 20]')}]
`),
      },
      collectProblems(),
    );
    const contract = await readOdcs(tree as Tree, { object: undefined, entity: 'orders', problems: collectProblems() });
    expect(contract?.checks.map(({ value }) => value)).toEqual([
      { type: 'sql', name: 'sql total', query: 'SELECT COUNT(*) FROM orders WHERE total < 0', min: null, max: '4', onFail: 'warn' },
      { type: 'sql', name: 'largest', query: 'select max(total) from orders', min: null, max: '1.5' },
      { type: 'sql', name: 'sql orders', query: 'SELECT COUNT(*) FROM orders', min: '11', max: '19' },
    ]);
  });

  // The shape of docs/examples/all/full-example.odcs.yaml: two objects, and service levels of an element that is of neither.
  test('takes service levels of its object and of the default element, passes over those of other objects, and names those of none', async () => {
    const levels = (more: string) =>
      loaded(
        at(
          `${head}schema:
  - { name: orders, properties: [{ name: id }, { name: at, logicalType: timestamp }] }
  - { name: receivers, physicalName: receivers_master, properties: [{ name: at }] }
${more}`,
        ),
      );
    const { spec, warnings } = await levels(`slaDefaultElement: orders.at
slaProperties:
  - { property: ly, value: 2, unit: hours }
  - { property: latency, value: 4, unit: d, element: tab1.txn_ref_dt }
  - { property: freshness, value: 4, unit: d, element: "receivers_master.at, receivers.id" }
  - { property: generalAvailability, value: "2022-05-12T09:30:10-08:00" }
`);
    expect(spec?.validation?.checks).toMatchObject([{ type: 'freshness', column: 'at', maxAgeMs: 7_200_000 }]);
    expect(warnings).toEqual([
      'Not checked by hygge in the data contract of orders: the service level `latency` (line 12); the service level `generalAvailability` (line 14).',
    ]);
    expect(
      await told(at(`${orders('      - { name: at }\n')}slaProperties: [{ property: latency, value: soon, unit: d, element: at }]\n`)),
    ).toEqual(['10:38 HYG-1103 `value` and `unit` of `latency` are not a length of time.']);
  });

  test.each([
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { format: iban } }\n',
      '9:63 HYG-1103 Texts of the format `iban` are not checked by hygge.',
    ],
    [
      '      - { name: a, logicalType: date, logicalTypeOptions: { minimum: soon } }\n',
      '9:61 HYG-1103 `soon` can’t be compared with a date.',
    ],
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { pattern: "(?=x)" } }\n',
      '9:63 HYG-1100 hygge can’t use the pattern `(?=x)`: it looks ahead or behind, but patterns are judged without going back in the text.',
    ],
    [
      '      - { name: a, quality: [{ metric: invalidValues, arguments: { pattern: "(a)\\\\1" }, mustBe: 0 }] }\n',
      '9:77 HYG-1100 hygge can’t use the pattern `(a)\\1`: it refers to the text that a group matched, but patterns are judged without going back in the text.',
    ],
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { pattern: "a{9999999}" } }\n',
      '9:63 HYG-1100 hygge can’t use the pattern `a{9999999}`: regex error: Compiled regex exceeds size limit of 10485760 bytes.',
    ],
    ['      - { name: a, quality: [nullValues] }\n', '9:30 HYG-1103 An entry of `quality` is a map.'],
    ['      - { name: a, logicalTypeOptions: [{ minimum: 0 }] }\n', '9:20 HYG-1011 `logicalTypeOptions` is a map.'],
    [
      '      - { name: a, customProperties: [{ property: hyggeType, value: decimall(3) }] }\n',
      '9:69 HYG-1013 `hyggeType` `decimall(3)` is not a type.',
    ],
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { minLength: two } }\n',
      '9:63 HYG-1103 `minLength` needs a number of characters.',
    ],
    [
      '      - { name: a, logicalType: number, logicalTypeOptions: { multipleOf: 0.01 } }\n',
      '9:63 HYG-1103 `multipleOf` of the logical type `number` is not checked by hygge.',
    ],
    [
      '      - { name: a, logicalType: object, logicalTypeOptions: { required: [b] } }\n',
      '9:63 HYG-1103 `required` of the logical type `object` is not checked by hygge.',
    ],
    [
      '      - { name: a, quality: [{ metric: invalidValues, mustBeLessThan: 5 }] }\n',
      '9:40 HYG-1103 `invalidValues` needs `arguments` with `validValues` or a `pattern`.',
    ],
    [
      '      - { name: a, quality: [{ metric: nullValues }] }\n',
      '9:40 HYG-1103 The allowed number is missing: write `mustBe: 0`, or another operator of the standard.',
    ],
    [
      '      - { name: a, quality: [{ metric: nullValues, mustNotBeBetween: [1, 2] }] }\n',
      '9:52 HYG-1103 `mustNotBeBetween` is not checked by hygge in this form.',
    ],
    [
      '      - { name: a, quality: [{ metric: nullValues, mustBe: 0, unit: buckets }] }\n',
      '9:69 HYG-1103 `buckets` is not a unit that hygge supports: write `rows` or `percent`.',
    ],
    [
      '      - { name: a, quality: [{ metric: rowCount, mustBe: 0 }] }\n',
      '9:40 HYG-1103 The metric `rowCount` of a property is not checked by hygge.',
    ],
    [
      '      - { name: a, quality: [{ metric: duplicateValues, mustBeLessThan: 5 }] }\n',
      '9:40 HYG-1103 hygge checks only that no duplicates exist, not how many exist: `mustBe: 0`.',
    ],
    [
      `      - { name: a, quality: [{ type: sql, query: "SELECT COUNT(*) FROM \${T}", mustBe: 0 }] }\n`,
      `9:43 HYG-1103 \`\${T}\` in a query is a placeholder that hygge does not replace.`,
    ],
    [
      '      - { name: a, quality: [{ type: sql, query: "SELECT AVG(a) FROM {object}", mustBeLessThan: 5 }] }\n',
      '9:81 HYG-1103 `mustBeLessThan` is not checked by hygge in this form.',
    ],
    ['      - { name: a, quality: [{ rule: between }] }\n', "9:38 HYG-1103 The rule `between` is not a metric of the standard's library."],
    [
      '      - { name: a, quality: [{ type: sql, query: SELECT 1, mustBe: 0 }] }\n',
      '9:38 HYG-1107 The check `sql a` needs SQL, and a home of type `local` is not a database.',
    ],
    [
      '      - { name: a, items: { properties: [{ name: b, required: true }] } }\n',
      '9:53 HYG-1103 `required` of a value inside a column is not checked by hygge.',
    ],
  ])('names what has no counterpart: %s', async (properties, line) => {
    expect(await told(at(orders(properties)))).toEqual([line]);
  });

  test('of another version of the standard is refused', async () => {
    expect(await told(at('apiVersion: v2.2.2\nkind: DataContract\nschema: [{ name: orders, properties: [{ name: a }] }]\n'))).toEqual([
      '1:13 HYG-1103 hygge does not know version `v2.2.2` of the Open Data Contract Standard.',
    ]);
  });
});

test('docs/odcs.md says what becomes of each option, metric and operator of a property', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'odcs.md'), 'utf8');
  const table = page.slice(page.indexOf('| element |'), page.indexOf('A key that the standard does not have'));
  const refused = ['uniqueItems', 'minProperties', 'maxProperties', 'required', 'relationships', 'schedule', 'rowCount', 'duplicateValues'];
  const ofVectors: readonly string[] = optionsOf.vector;
  const options = Object.values(optionsOf).flat();
  for (const key of [...options.filter((one) => !ofVectors.includes(one)), ...refused]) expect(table, key).toContain(key);
});

const published = suitePath('odcs');
const missing = missingSuite('odcs');

/** The examples of github.com/bitol-io/open-data-contract-standard, docs/examples, as files of one folder. */
describe.skipIf(missing !== '')(`examples of the standard${missing && ` (skipped: ${missing})`}`, () => {
  test.each(missing === '' ? readdirSync(published).filter((name) => name.endsWith('.odcs.yaml')) : [])(
    '%s loads, or is refused line by line',
    async (name) => {
      const text = readFileSync(join(published, name), 'utf8');
      const object = /^ {2}- (?:.*\n {4})*?name: "?([\w-]+)/m.exec(text)?.[1] ?? 'orders';
      try {
        const { spec } = await loaded(at(text, 'c.odcs.yaml', object));
        expect(spec?.validation?.rules.length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof ConfigErrors)) throw error;
        expect(error.errors.map(({ where }) => where?.file)).toEqual(error.errors.map(() => 'c.odcs.yaml'));
        const codes = ['HYG-1103', 'HYG-1010', 'HYG-1012', 'HYG-1013', 'HYG-1014', 'HYG-1100', 'HYG-1107'];
        expect(error.errors.every(({ code, where }) => codes.includes(code) && (where?.line ?? 0) > 0)).toBe(true);
      }
    },
  );
});

test.each([
  ['mustBeGreaterThan: 2.5', 3, null],
  ['mustBeGreaterThan: 2', 3, null],
  ['mustBeGreaterOrEqualTo: 2.5', 3, null],
  ['mustBeLessThan: 9.5', null, 9],
  ['mustBeLessThan: 9', null, 8],
])('a count of rows with %s is from %s to %s', async (written, minRows, maxRows) => {
  const { spec } = await loaded(at(`${orders('      - name: a\n')}    quality:\n      - { metric: rowCount, ${written} }\n`));
  expect(spec?.validation?.checks).toMatchObject([{ type: 'volume', minRows, maxRows }]);
});
