import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigErrors } from '../../../src/workspace/yaml/problems.ts';
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
      { name: 'id not null', what: 'not null' },
      { name: 'id minimum', what: 'holds', check: '"id" >= 1', when: null },
      { name: 'id exclusiveMaximum', what: 'holds', check: '"id" < 100', when: null },
      { name: 'id multipleOf', what: 'holds', check: '"id" % 3 = 0', when: null },
      { name: 'code regex', what: 'matches', pattern: '^[A-Z]+$' },
      { name: 'code length', what: 'length', min: 2, max: 20 },
      { name: 'e_mail format', what: 'format', format: 'email' },
      { name: 'day minimum', what: 'holds', check: '"day" >= DATE \'2020-01-01\'', when: null },
      { name: 'at exclusiveMaximum', what: 'holds', check: '"at" < TIMESTAMP \'2030-01-01 12:30:00\'', when: null },
      { name: 'unit invalid', what: 'holds', check: `"unit" IN ('pounds', 'it''s')`, when: null },
      { name: 'unit not null', what: 'not null' },
      { name: 'unit missing', what: 'holds', check: `"unit" NOT IN ('', 'n/a')`, when: null },
      { name: 'state enum', what: 'holds', check: `"state" IN ('open', 'closed')`, when: null },
      { name: 'an IBAN', what: 'matches', pattern: '^[A-Z]{2}' },
      { name: 'note is there', what: 'holds', check: '"note" IS NULL OR "note" IS NOT NULL', when: null },
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
    expect(await first(at(two))).toBe('id not null');
    expect(await first(at(two, path, 'items'))).toBe('n not null');
    expect(await first(at(two, `${path}#item`))).toBe('n not null');
    expect(await first(at(`${head}schema: [{ name: any, properties: [{ name: z, required: true }] }]\n`))).toBe('z not null');
    expect(await told(at(two, path, 'others'))).toEqual(['7:3 HYG-1013 The data contract has no object `others`.']);
    expect(await told(at(two, `${path}#itemz`))).toEqual(['7:3 HYG-1013 The data contract has no object `itemz`. Did you mean `item`?']);
  });

  test('that another tool is to check is told of, and left to it', async () => {
    const { warnings } = await loaded(
      at(orders('      - { name: id, primaryKey: true, quality: [{ type: custom, engine: soda, implementation: "x" }] }\n')),
    );
    expect(warnings).toEqual([
      'A check of the data contract is left to soda: hygge does not make it.',
      'The values of `primaryKey` are checked for nulls, not yet for being unique.',
    ]);
  });

  test.each([
    [
      '      - { name: a, requird: true }\n',
      '9:20 HYG-1010 There is no key `requird` in a property of a data contract. Did you mean `required`?',
    ],
    ['      - { name: a, unique: true }\n', '9:20 HYG-1014 A check of type `uniqueness` is not part of this version of hygge.'],
    [
      '      - { name: a, logicalType: array, logicalTypeOptions: { minItems: 1 } }\n',
      '9:62 HYG-1103 `minItems` of the logical type `array` is not checked by hygge.',
    ],
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { format: ipv6 } }\n',
      '9:63 HYG-1103 Texts of the format `ipv6` are not checked by hygge.',
    ],
    [
      '      - { name: a, logicalType: date, logicalTypeOptions: { minimum: soon } }\n',
      '9:61 HYG-1103 `soon` is no value that a date can be compared with.',
    ],
    [
      '      - { name: a, logicalType: string, logicalTypeOptions: { pattern: "(?=x)" } }\n',
      '9:63 HYG-1100 `(?=x)` is no regular expression of Rust: look-around, including look-ahead and look-behind, is not supported.',
    ],
    [
      '      - { name: a, quality: [{ metric: invalidValues, mustBeLessThan: 5 }] }\n',
      '9:40 HYG-1103 A number of rows for `invalidValues` is not checked by hygge, but that there is none: `mustBe: 0`.',
    ],
    [
      '      - { name: a, quality: [{ metric: duplicateValues, mustBeLessThan: 5 }] }\n',
      '9:40 HYG-1103 A number of duplicates is not checked by hygge, but that there is none: `mustBe: 0`.',
    ],
    ['      - { name: a, quality: [{ rule: between }] }\n', "9:38 HYG-1103 The rule `between` is no metric of the standard's library."],
    [
      '      - { name: a, quality: [{ type: sql, query: SELECT 1, mustBe: 0 }] }\n',
      '9:38 HYG-1103 Checks of type `sql` of a data contract are not made by hygge.',
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

const published = join(process.env.HYGGE_TEST_SUITES ?? '', 'odcs');
const missing =
  process.env.HYGGE_TEST_SUITES === undefined
    ? 'HYGGE_TEST_SUITES names no folder'
    : existsSync(published)
      ? ''
      : `there is no ${published}`;

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
        expect(error.errors.every(({ code }) => ['HYG-1103', 'HYG-1010', 'HYG-1014', 'HYG-1100'].includes(code))).toBe(true);
      }
    },
  );
});
