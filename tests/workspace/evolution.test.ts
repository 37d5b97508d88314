// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { schemaDefaults } from '../../src/engine/contracts/spec.ts';
import { mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (text: string): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': `home: in\nstore: out\n${text}` });
const schemaOf = async (text: string, others: Texts = {}) => (await onlyEntity({ ...crm(text), ...others })).schema;
const migrationsOf = async (text: string) => (await schemaOf(`migrations:\n${text}`)).migrations;

describe('what becomes of changed columns', () => {
  test('is reported by the mode: with nothing written new columns settle, removed ones stay, another type stops the run', async () => {
    expect(await schemaOf('')).toEqual({
      mode: 'warn',
      policies: { addColumns: 'auto', removeColumns: 'warn', typeChanges: 'fail', nullableChanges: 'warn' },
      anyColumns: false,
      expected: null,
      migrations: [],
      overrides: [],
      samples: 'show',
    });
    expect(await schemaOf('schema: {}\nschema_evolution:\nmigrations: []\n')).toEqual(schemaDefaults);
  });

  test.each([
    ['strict', { addColumns: 'fail', removeColumns: 'fail', typeChanges: 'fail', nullableChanges: 'fail' }],
    ['warn', { addColumns: 'auto', removeColumns: 'warn', typeChanges: 'fail', nullableChanges: 'warn' }],
    ['adapt', { addColumns: 'auto', removeColumns: 'ignore', typeChanges: 'widen', nullableChanges: 'warn' }],
  ] as const)('in mode %s is what that mode means', async (mode, policies) => {
    expect(await schemaOf(`schema: { mode: ${mode} }\n`)).toMatchObject({ mode, policies });
  });

  const values = {
    add_columns: ['addColumns', ['auto', 'warn', 'ignore', 'fail']],
    remove_columns: ['removeColumns', ['warn', 'ignore', 'fail', 'null_fill']],
    type_changes: ['typeChanges', ['fail', 'warn', 'widen', 'cast', 'new_column']],
    nullable_changes: ['nullableChanges', ['warn', 'ignore', 'fail']],
  } as const;
  const every = Object.entries(values).flatMap(([key, [name, all]]) => all.map((value) => [key, value, name] as const));

  test.each(every)('%s: %s wins over every mode', async (key, value, name) => {
    for (const mode of ['strict', 'warn', 'adapt']) {
      const { policies } = await schemaOf(`schema: { mode: ${mode} }\nschema_evolution: { ${key}: ${value} }\n`);
      expect(policies[name]).toBe(value);
    }
  });

  test('what `hygge schema accept` allows once cannot be written as a policy', async () => {
    const [error] = await mistakes(crm('schema_evolution: { type_changes: accept }\n'));
    expect(error?.what).toBe("`schema_evolution.type_changes` can't be `accept`.");
  });
});

describe('closer to an entity', () => {
  const layers: Texts = {
    'hygge.yml': 'defaults: { schema: { mode: strict, samples: mask }, schema_evolution: { add_columns: warn, remove_columns: ignore } }\n',
    'flows/crm/flow.yml':
      'home: { path: in }\nstore: { path: out }\nschema: { mode: adapt }\nschema_evolution: { remove_columns: fail }\nmigrations:\n  - rename: { mail: email }\n',
    'flows/crm/entities/a.yml': 'schema_evolution: { type_changes: cast }\n',
  };

  test('wins, key by key, from the defaults of the workspace to the entity', async () => {
    expect((await onlyEntity(layers)).schema).toEqual({
      mode: 'adapt',
      policies: { addColumns: 'warn', removeColumns: 'fail', typeChanges: 'cast', nullableChanges: 'warn' },
      anyColumns: false,
      expected: null,
      migrations: [{ what: 'rename', from: 'mail', to: 'email' }],
      overrides: [],
      samples: 'mask',
    });
  });

  test('a list of migrations takes the place of the one above, and nothing takes it away', async () => {
    const own = (text: string) => onlyEntity({ ...layers, 'flows/crm/entities/a.yml': text });
    expect((await own('migrations: [{ cast: { n: int32 } }]\n')).schema.migrations).toEqual([
      { what: 'cast', column: 'n', type: { kind: 'int32' } },
    ]);
    expect((await own('migrations:\n')).schema.migrations).toEqual([]);
  });
});

describe('migrations', () => {
  test('are done in the order they are written', async () => {
    const all = await migrationsOf(
      '  - rename: { mail: email, tel: phone }\n  - cast: { amount: decimal(18,2) }\n  - default: { status: new }\n  - rename: { email: mail_address }\n',
    );
    expect(all).toEqual([
      { what: 'rename', from: 'mail', to: 'email' },
      { what: 'rename', from: 'tel', to: 'phone' },
      { what: 'cast', column: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
      { what: 'default', column: 'status', type: { kind: 'string' }, text: 'new' },
      { what: 'rename', from: 'email', to: 'mail_address' },
    ]);
  });

  test('cast to decimals as anyone would write them, though YAML ends a value at a comma', async () => {
    const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale });
    const types = async (text: string) => (await migrationsOf(text)).map((one) => ('type' in one ? one.type : null));
    expect(await types('  - cast: { a: decimal(18,2), b: decimal( 9, 2 ), c: "decimal(7,1)", d: decimal(5), e: NUMERIC(4,4) }\n')).toEqual([
      decimal(18, 2),
      decimal(9, 2),
      decimal(7, 1),
      decimal(5, 0),
      decimal(4, 4),
    ]);
    expect(await types('  - default: { a: { value: 1, type: decimal(18,2) } }\n')).toEqual([decimal(18, 2)]);
    expect(await types('  - cast:\n      a: decimal(18,2)\n')).toEqual([decimal(18, 2)]);
  });

  test('cast to every type there is', async () => {
    const all = await migrationsOf(
      '  - cast: { a: int32, b: "timestamp[us, UTC]", c: list<string>, d: datetime, e: "struct<x: int64>", 7: bool }\n',
    );
    expect(all.map((one) => ('type' in one ? one.type : null))).toEqual([
      { kind: 'int32' },
      { kind: 'timestamp', unit: 'us', zone: 'UTC' },
      { kind: 'list', item: { kind: 'string' } },
      { kind: 'timestamp', unit: 'us' },
      { kind: 'struct', fields: [{ name: 'x', type: { kind: 'int64' }, nullable: true }] },
      { kind: 'bool' },
    ]);
  });

  test.each([
    ['new', 'string', 'new'],
    ['2024-01-01', 'string', '2024-01-01'],
    ['7', 'int64', '7'],
    ['9007199254740993', 'int64', '9007199254740993'],
    ['1.50', 'float64', '1.50'],
    ['{ value: 7, type: string }', 'string', '7'],
    ['{ value: 12.5, type: "decimal(18,2)" }', 'decimal', '12.50'],
    ['{ value: 2024-01-01, type: date }', 'date', '2024-01-01'],
    ['{ value: 2024-01-01 10:00, type: timestamp }', 'timestamp', '2024-01-01T10:00:00.000000'],
    ['{ value: "2024-01-01T10:00:00+02:00", type: timestamptz }', 'timestamp', '2024-01-01T08:00:00.000000Z'],
  ])('a default of %s settles as %s', async (written, kind, text) => {
    expect(await migrationsOf(`  - default: { status: ${written} }\n`)).toEqual([
      { what: 'default', column: 'status', type: expect.objectContaining({ kind }), text },
    ]);
  });
});

describe('mistakes about changed columns', () => {
  const at = async (texts: Texts) =>
    (await mistakes(texts)).map(({ code, where, what }) => `${where?.file}:${where?.line}:${where?.column} ${code} ${what}`);

  test('are told all at once, each at its place', async () => {
    const flow = [
      'schema: { mod: strict, samples: hide }',
      'schema_evolution:',
      '  add_colums: auto',
      '  remove_columns: null-fill',
      '  type_changes: true',
      'migrations:',
      '  - renam: { a: b }',
      '  - cast: { amount: decimal, at: datetime2, n: strng, q: "list<strng>", d: "decimal(99,2)" }',
      '  - default: { status:, x: [1], y: { value: 1, typ: string } }',
      '',
    ].join('\n');
    expect(await at(crm(flow))).toEqual([
      'flows/crm/flow.yml:3:11 HYG-1010 There is no key `mod` in `schema`. Did you mean `mode`?',
      "flows/crm/flow.yml:3:33 HYG-1013 `schema.samples` can't be `hide`.",
      'flows/crm/flow.yml:5:3 HYG-1010 There is no key `add_colums` in `schema_evolution`. Did you mean `add_columns`?',
      "flows/crm/flow.yml:6:19 HYG-1013 `schema_evolution.remove_columns` can't be `null-fill`. Did you mean `null_fill`?",
      "flows/crm/flow.yml:7:17 HYG-1013 `schema_evolution.type_changes` can't be `true`.",
      'flows/crm/flow.yml:9:5 HYG-1010 There is no key `renam` in item 1 of `migrations`. Did you mean `rename`?',
      'flows/crm/flow.yml:10:21 HYG-1013 There is no type `decimal`. Did you mean `decimal(18,2)`?',
      'flows/crm/flow.yml:10:34 HYG-1013 There is no type `datetime2`. Did you mean `timestamp`?',
      'flows/crm/flow.yml:10:48 HYG-1013 There is no type `strng`. Did you mean `string`?',
      expect.stringContaining('flows/crm/flow.yml:10:58 HYG-1013 "strng" is not a type.'),
      expect.stringContaining('flows/crm/flow.yml:10:76 HYG-1013 decimal(99,2) is not a decimal'),
      'flows/crm/flow.yml:11:16 HYG-1011 `default.status` has no value; it needs text or a number or true or false.',
      'flows/crm/flow.yml:11:25 HYG-1011 `default.x` needs text or a number or true or false, but it is a list.',
      'flows/crm/flow.yml:11:48 HYG-1010 There is no key `typ` in `default.y`. Did you mean `type`?',
    ]);
  });

  test('a change that is none, or two in one item', async () => {
    const says = (line: number) =>
      `flows/crm/flow.yml:${line}:5 HYG-1013 An item of \`migrations\` names one change, \`rename\`, \`cast\` or \`default\`, and at least one column.`;
    const flow = 'migrations:\n  - {}\n  - { rename: { a: b }, cast: { c: date } }\n  - { rename: {} }\n';
    expect(await at(crm(flow))).toEqual([says(4), says(5), says(6)]);
  });

  test.each([
    ['{ value: x, type: int64 }', '`x` is not a valid int64.'],
    ['{ value: 256, type: uint8 }', '`256` is not a valid uint8.'],
    ['{ value: 2024-02-30, type: date }', '`2024-02-30` is not a valid date.'],
    ['{ value: "2024-01-01T10:00:00+02:00", type: timestamp }', '`2024-01-01T10:00:00+02:00` is not a valid timestamp[us].'],
    ['{ value: x, type: "list<string>" }', "A default can't be a list<string>."],
    ['007', "The type of `007` can't be decided."],
    ['9223372036854775808', '`9223372036854775808` is not a valid int64.'],
  ])('a default of %s', async (written, what) => {
    expect((await mistakes(crm(`migrations: [{ default: { status: ${written} } }]\n`))).map((error) => error.what)).toEqual([what]);
  });

  test('renames that cannot both be meant', async () => {
    expect(await at(crm('migrations:\n  - rename: { a: x, b: x }\n'))).toEqual([
      'flows/crm/flow.yml:4:24 HYG-1013 Both `a` and `b` would settle as `x`.',
    ]);
    expect(await at(crm('migrations:\n  - rename: { a: x }\n  - rename: { a: y }\n'))).toEqual([
      'flows/crm/flow.yml:5:15 HYG-1013 `a` is renamed already, to `x`.',
    ]);
  });
});
