import { describe, expect, test } from 'vitest';
import { load, mistakes, onlyEntity, type Texts } from '../shop.ts';

const texts = (validation: string, files: Texts): Texts => ({
  'hygge.yml': 'name: shop\n',
  'flows/crm/flow.yml': `home: in\nstore: out\nvalidation: ${validation}\n`,
  ...files,
});
const path = 'contracts/users.yml';
const at = (contract: string, mode = 'quarantine'): Texts => texts(`{ contract: ${path}, mode: ${mode} }`, { [path]: contract });
const specOf = async (contract: string) => onlyEntity(at(contract));
const rulesOf = async (contract: string) => (await specOf(contract)).validation?.rules;
const placed = (all: Awaited<ReturnType<typeof mistakes>>) =>
  all.map(({ code, where, what }) => `${where?.file}:${where?.line}:${where?.column} ${code} ${what}`);
const wrong = async (contract: string, more: Texts = {}) => placed(await mistakes({ ...at(contract), ...more }));

describe('a contract', () => {
  test('is made of rules in the order of its columns, with canonical values of their types', async () => {
    const contract = `columns:
  - { name: id, type: int64, nullable: false }
  - { name: amount, type: "decimal(10,2)", min: 0, max: 99.5 }
  - { name: at, type: "timestamp[us, UTC]", min: 2024-01-01T00:00:00Z }
  - { name: day, type: date, max: 2030-12-31 }
  - { name: country, type: string, length: 2, in: [DK, SE, NO, "007"] }
  - { name: email, type: string, format: email, length: { max: 200 }, regex: "@" }
  - { name: code, type: string, length: [1, 20] }
  - { name: rate, type: float64, min: -0.5, max: 1e3 }
  - { name: low, type: int32, at_most: high }
  - { name: high, type: int32 }
rules:
  - { name: sane age, check: low BETWEEN 0 AND 150, when: country = 'DK', severity: quarantine }
  - { name: no gap, check: high - low < 100 }
`;
    const fail = { severity: 'quarantine' } as const;
    expect(await rulesOf(contract)).toEqual([
      { name: 'id not null', column: 'id', what: 'not null', ...fail },
      { name: 'amount min and max', column: 'amount', what: 'between', min: '0.00', max: '99.50', ...fail },
      { name: 'at min', column: 'at', what: 'between', min: '2024-01-01T00:00:00.000000Z', max: null, ...fail },
      { name: 'day max', column: 'day', what: 'between', min: null, max: '2030-12-31', ...fail },
      { name: 'country length', column: 'country', what: 'length', min: 2, max: 2, ...fail },
      { name: 'country in', column: 'country', what: 'one of', texts: ['DK', 'SE', 'NO', '007'], ...fail },
      { name: 'email length', column: 'email', what: 'length', min: null, max: 200, ...fail },
      { name: 'email regex', column: 'email', what: 'matches', pattern: '@', ...fail },
      { name: 'email format', column: 'email', what: 'format', format: 'email', ...fail },
      { name: 'code length', column: 'code', what: 'length', min: 1, max: 20, ...fail },
      { name: 'rate min and max', column: 'rate', what: 'between', min: '-0.5', max: '1e3', ...fail },
      { name: 'low at_most high', column: 'low', what: 'holds', check: '"low" <= "high"', when: null, ...fail },
      { name: 'sane age', column: null, what: 'holds', check: 'low BETWEEN 0 AND 150', when: "country = 'DK'", severity: 'quarantine' },
      { name: 'no gap', column: null, what: 'holds', check: 'high - low < 100', when: null, ...fail },
    ]);
  });

  // A severity that is that of the mode would be right without being read.
  test.each(['strict', 'quarantine', 'warn'])(
    'gives a rule, of a column or of its own, the severity that it says (mode: %s)',
    async (mode) => {
      const said = [undefined, 'fail', 'quarantine', 'warn'];
      const severity = (one: string | undefined) => (one === undefined ? '' : `, severity: ${one}`);
      const columns = said.map((one, n) => `  c${n}: { type: int64, min: 0${severity(one)} }\n`);
      const rules = said.map((one, n) => `  - { name: r${n}, check: c${n} > 1${severity(one)} }\n`);
      const spec = await onlyEntity(at(`columns:\n${columns.join('')}rules:\n${rules.join('')}`, mode));
      const ofMode = mode === 'strict' ? 'fail' : mode;
      const expected = said.map((one) => one ?? ofMode);
      expect(spec.validation?.rules.map((one) => one.severity)).toEqual([...expected, ...expected]);
    },
  );

  test('says what becomes of broken rows, for all of them or for one rule', async () => {
    const contract = 'columns: { id: { type: int64, nullable: false }, n: { type: int64, min: 0, severity: warn } }\n';
    expect((await onlyEntity(at(contract, 'strict, max_quarantined: 1%, samples: show'))).validation).toEqual({
      contract: path,
      needed: ['id', 'n'],
      optional: [],
      mode: 'fail',
      rules: [
        { name: 'id not null', column: 'id', what: 'not null', severity: 'fail' },
        { name: 'n min', column: 'n', what: 'between', min: '0', max: null, severity: 'warn' },
      ],
      checks: [],
      maxQuarantined: { percent: 1 },
      keepQuarantinedMs: null,
      samples: 'show',
    });
    expect((await specOf('columns: { id: { type: int64, nullable: false } }\n')).validation).toEqual({
      contract: path,
      needed: ['id'],
      optional: [],
      mode: 'quarantine',
      rules: [{ name: 'id not null', column: 'id', what: 'not null', severity: 'quarantine' }],
      checks: [],
      maxQuarantined: null,
      keepQuarantinedMs: null,
      samples: 'mask',
    });
  });

  test('is the expected schema in each of its forms; nulls are judged row by row', async () => {
    const id = { name: 'id', type: { kind: 'int64' }, nullable: true };
    const total = { name: 'total', type: { kind: 'decimal', precision: 18, scale: 2 }, nullable: true };
    for (const form of [
      '{\n\t"columns": [\n\t\t{ "name": "id", "type": "int64", "nullable": false },\n\t\t{ "name": "total", "type": "decimal(18,2)" }\n\t]\n}\n',
      '[{ "name": "id", "type": "int64", "nullable": false }, { "name": "total", "type": "decimal(18,2)" }]',
      '{ "id": "int64", "total": "decimal(18,2)" }',
      'columns:\n  id: { type: int64, nullable: false }\n  total: decimal(18,2)\n',
    ]) {
      const { schema } = await onlyEntity(texts('{ contract: c.json, mode: quarantine }', { 'c.json': form }));
      expect(schema.expected).toEqual({ columns: [id, total] });
      expect(schema.expectsOthers).toBeUndefined();
    }
  });

  test('that leaves types out, or says so, expects other columns as they settled', async () => {
    const { schema } = await specOf('columns: { id: { type: int64 }, note: { nullable: false } }\n');
    expect(schema).toMatchObject({ expected: { columns: [{ name: 'id' }] }, expectsOthers: true });
    expect((await specOf('complete: false\ncolumns: { id: int64 }\n')).schema.expectsOthers).toBe(true);
    const { schema: none, validation } = await specOf('columns: { note: { nullable: false } }\n');
    expect(none.expected).toBeNull();
    expect(validation?.rules).toHaveLength(1);
  });

  test('is one for each entity, found by its name; files that it names are files of the workspace', async () => {
    const { flows, files } = await load({
      ...texts('{ contract: "contracts/{flow}/{entity}.yml", mode: quarantine }', {
        'contracts/crm/a.yml': 'id: int64\n',
        'contracts/crm/b.yml': 'columns: { land: { type: string, in_file: lands.txt } }\n',
        'lands.txt': 'DK\r\nSE\r\n',
      }),
      'flows/crm/entities/a.yml': '{}',
      'flows/crm/entities/b.yml': '{}',
    });
    expect(flows[0]?.entities.map(({ validation }) => validation?.rules)).toEqual([
      [],
      [{ name: 'land in_file', column: 'land', what: 'one of', texts: ['DK', 'SE'], severity: 'quarantine' }],
    ]);
    expect(files).toEqual(expect.arrayContaining(['contracts/crm/a.yml', 'contracts/crm/b.yml', 'lands.txt']));
  });

  test('of a layer above is taken back by nothing', async () => {
    const { validation } = await onlyEntity({
      'hygge.yml': `name: shop\ndefaults: { validation: { contract: ${path}, mode: warn } }\n`,
      'flows/crm/flow.yml': 'home: in\nstore: out\nvalidation:\n',
      [path]: 'id: int64\n',
    });
    expect(validation).toBeUndefined();
    const { validation: merged } = await onlyEntity({
      'hygge.yml': `name: shop\ndefaults: { validation: { contract: ${path}, mode: warn } }\n`,
      'flows/crm/flow.yml': 'home: in\nstore: out\nvalidation: { mode: quarantine }\n',
      [path]: 'id: int64\n',
    });
    expect(merged).toMatchObject({ contract: path, mode: 'quarantine' });
  });
});

describe('a contract that cannot be meant', () => {
  test.each([
    ['colums: { id: int64 }\n', '1:1 HYG-1010 There is no key `colums` in a contract. Did you mean `columns`?'],
    ['columns: [{ type: int64 }]\n', '1:11 HYG-1012 `name` is missing: a column of a contract needs it.'],
    ['columns: { id: { type: int65 } }\n', '1:24 HYG-1013 There is no type `int65`. Did you mean `int64`?'],
    ['columns: { id: { type: int64, min: 5, max: 4 } }\n', '1:36 HYG-1013 `min` of `id` is above its `max`, so no value would pass.'],
    ['columns: { id: { type: int64, min: 1.5 } }\n', '1:36 HYG-1013 `1.5` is not a valid int64.'],
    ['columns: { a: { type: "decimal(4,2)", max: 100 } }\n', '1:44 HYG-1013 `100` is not a valid decimal(4,2).'],
    ['columns: { id: { type: int64, in: [1, x] } }\n', '1:39 HYG-1013 `x` is not a valid int64.'],
    ['columns: { id: { type: int64, regex: a } }\n', '1:31 HYG-1010 `regex` has no effect on `id`, a column of type int64.'],
    ['columns: { id: { min: 1 } }\n', '1:18 HYG-1012 `type` is missing: `min` of `id` needs to know how values are compared.'],
    [
      'columns: { id: { type: string, length: [3, 2] } }\n',
      '1:32 HYG-1013 The least `length` of `id` is above its largest, so no value would pass.',
    ],
    ['columns: [{ name: a, type: int64 }, { name: a, type: int64 }]\n', '1:45 HYG-1018 The column `a` occurs twice.'],
    ['columns: { a: { type: int64, less_than: b } }\n', '1:41 HYG-1013 There is no column `b` in the contract.'],
    ['columns: { a: int64 }\nunique: [[a, b]]\n', '2:14 HYG-1013 There is no column `b` in the contract.'],
    ['columns: { a: { type: string, in: [x], in_file: y.txt } }\n', '1:49 HYG-1010 `in_file` of `a` has no meaning next to `in`.'],
    ['columns: { a: { type: string, in_file: y.txt } }\n', '1:40 HYG-1017 There is no file `y.txt`, where the possible values should be.'],
    ['columns: { a: { type: string, in_file: ../y.txt } }\n', '1:40 HYG-1013 `in_file` points outside the workspace: `../y.txt`.'],
    ['complete: true\ncolumns: { a: {} }\n', '2:12 HYG-1012 `type` is missing: `a` needs it in a contract that is `complete`.'],
    ['columns: { a: int64 }\nrules: [{ name: r, check: a > 0 }, { name: r, check: a > 1 }]\n', '2:54 HYG-1018 The rule `r` occurs twice.'],
    [
      'columns: { a: int64 }\nrules: [{ name: r, check: a > 0, when: a }]\n',
      '2:40 HYG-1101 The rule `r`, `when`: The rule is not a condition: its value is neither true nor false.',
    ],
    [
      'columns: { a: int64 }\nrules: [{ name: r, check: a, when: a > 0 }]\n',
      '2:27 HYG-1101 The rule `r`: The rule is not a condition: its value is neither true nor false.',
    ],
    ['{}\n', '1:1 HYG-1013 contracts/users.yml has no effect: it names neither a column nor a rule.'],
  ])('%j is told at its place', async (contract, told) => {
    expect(await wrong(contract)).toEqual([`${path}:${told}`]);
  });

  test.each([
    ['rules: [{ name: r, check: age > 0 }]', 'columns: { a: int64 }', 'columns: { a: int64, age: int64 }'],
    ['rules: [{ name: r, check: a > 0, when: age > 1 }]', 'columns: { a: int64 }', 'columns: { a: int64, age: int64 }'],
    ['unique: [[a, age]]', 'columns: [{ name: a, type: int64 }]', 'columns: [{ name: a, type: int64 }, { name: age, type: int64 }]'],
  ])('of a column that it lacks, %s says to add it to `columns`, after which it is sound', async (rule, lacks, has) => {
    const [told, ...others] = await mistakes(at(`${lacks}\n${rule}\n`));
    expect([told?.tryThis.at(-1), others]).toEqual(['Or add `age` to `columns`, with the type that it settles with.', []]);
    expect(await load(at(`${has}\n${rule}\n`))).toMatchObject({ flows: [{ name: 'crm' }] });
  });

  test('names a pattern that Rust refuses, with what it has against it', async () => {
    expect(await wrong("columns: { a: { type: string, regex: '(?=x)' } }\n")).toEqual([
      `${path}:1:38 HYG-1100 \`(?=x)\` is not a valid regular expression of Rust: look-around, including look-ahead and look-behind, is not supported.`,
    ]);
    expect(await wrong("columns: { a: { type: string, regex: '(' } }\n")).toEqual([
      `${path}:1:38 HYG-1100 \`(\` is not a valid regular expression of Rust: unclosed group.`,
    ]);
  });

  test.each([
    ['age', 'The rule is not a condition: its value is neither true nor false.'],
    ['agee > 1', 'There is no column `agee` in the contract. Did you mean `age`?'],
    ["name = 'x' AND", 'Polars says'],
    ['sum(age) > 1', 'sum(…) is not allowed in rules.'],
    ['age > (SELECT 1)', 'SELECT'],
    ['row_number() OVER (ORDER BY age) > 1', 'row_number(…) is not allowed in rules.'],
    ['age > 1; age < 2', 'The condition has a semicolon: a rule is one condition.'],
    ['age > 1) AS x, (age > 2', 'A parenthesis is closed that was not opened.'],
    ['(age > 1', 'A parenthesis is not closed.'],
    ["name = 'x", 'A quote is not closed.'],
    ["name ~ '(?=x)'", 'Polars says: look-around, including look-ahead and look-behind, is not supported.'],
  ])('refuses the condition %j', async (condition, told) => {
    const [first, ...others] = await wrong(
      `columns: { age: int64, name: string }\nrules: [{ name: r, check: ${JSON.stringify(condition)} }]\n`,
    );
    expect(others).toEqual([]);
    expect(first).toContain(`${path}:2:27 HYG-1101 The rule \`r\`: ${told}`);
  });

  test.each([
    'age BETWEEN 0 AND 150',
    "name LIKE 'a%' OR name ~ '^[a-z]+$'",
    "name IN ('a', 'it''s; -- fine')",
    '"of course" IS NOT NULL',
    'CASE WHEN age > 1 THEN true ELSE false END',
    "upper(coalesce(name, 'x')) = 'X'",
    'EXTRACT(year FROM day) = 2024',
  ])('takes the condition %j', async (condition) => {
    const contract = `columns: { age: int64, name: string, "of course": bool, day: date }\nrules: [{ name: r, check: ${JSON.stringify(condition)} }]\n`;
    expect(await rulesOf(contract)).toEqual([
      { name: 'r', column: null, what: 'holds', check: condition, when: null, severity: 'quarantine' },
    ]);
  });

  test('tries a condition on the columns it knows: of a contract that is not complete others may be there', async () => {
    const contract = (condition: string) => `complete: false\ncolumns: { age: int64 }\nrules: [{ name: r, check: "${condition}" }]\n`;
    expect(await rulesOf(contract('elsewhere > age'))).toHaveLength(1);
    expect(await wrong(contract('age'))).toHaveLength(1);
  });

  test('names the line of a list of values that is not a value, an empty list and one that is too long', async () => {
    const contract = 'columns: { a: { type: int64, in_file: y.txt } }\n';
    expect(await wrong(contract, { 'y.txt': '1\n2\nx\n' })).toEqual([`${path}:1:39 HYG-1013 Line 3 of y.txt is not a valid int64: \`x\`.`]);
    expect(await wrong(contract, { 'y.txt': '' })).toEqual([`${path}:1:39 HYG-1013 \`y.txt\` contains no value, so no row would pass.`]);
    expect(await wrong(contract, { 'y.txt': '1\n'.repeat(10_001) })).toEqual([
      `${path}:1:39 HYG-1013 \`y.txt\` is too large for a list of values: it has 10,001 lines.`,
    ]);
  });

  test('that is missing is asked for, with what it was probably called', async () => {
    expect(placed(await mistakes(texts('{ contract: contracts/user.yml }', { [path]: 'id: int64\n' })))).toEqual([
      'flows/crm/flow.yml:3:25 HYG-1017 There is no file `contracts/user.yml`, where a contract should be. Did you mean `contracts/users.yml`?',
    ]);
  });

  test('agrees with an expected schema that is written next to it', async () => {
    const both = (schema: string): Texts => ({
      ...at('columns:\n  id: { type: int64, nullable: false }\n  total: int32\n'),
      'flows/crm/flow.yml': `home: in\nstore: out\nvalidation: { contract: ${path}, mode: quarantine }\nschema: { expected_schema_path: s.yml }\n`,
      's.yml': schema,
    });
    const { schema } = await onlyEntity(both('[{ name: id, type: int64, nullable: false }, { name: total, type: int32 }]\n'));
    expect(schema.expected?.columns).toHaveLength(2);
    expect(placed(await mistakes(both('[{ name: id, type: int64 }, { name: total, type: int64 }, { name: more, type: date }]\n')))).toEqual(
      [
        `${path}:2:3 HYG-1102 \`id\` may not be null in the contract, and may in the expected schema.`,
        `${path}:3:3 HYG-1102 \`total\` is int32 in the contract, and int64 in the expected schema.`,
        'flows/crm/flow.yml:3:25 HYG-1102 `more` is a column of the expected schema, and not of the contract.',
      ],
    );
  });
});
