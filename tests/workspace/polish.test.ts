// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { load, mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (text: string): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': `home: in\nstore: out\n${text}` });
const polishOf = async (written: string) => (await onlyEntity(crm(`polish: ${written}\n`))).polish;

describe('polish', () => {
  test('that is not written, or says nothing, is none', async () => {
    expect((await onlyEntity(crm(''))).polish).toBeUndefined();
    expect(await polishOf('{}')).toBeUndefined();
    expect(await polishOf('{ columns: { case: null, remove_spaces: false }, hash_ids: [] }')).toBeUndefined();
  });

  test('names columns', async () => {
    expect(await polishOf('{ columns: { remove_special: true, remove_spaces: true, case: snake } }')).toEqual({
      names: { removeSpecial: true, removeSpaces: true, case: 'snake' },
      hashIds: [],
      added: [],
    });
  });

  test('makes ids of one column or several, in the order they are named', async () => {
    const polish = await polishOf(
      '{ hash_ids: [{ name: a, from_columns: id }, { name: b, from_columns: [y, x], algo: sha256, hex: false }] }',
    );
    expect(polish?.hashIds).toEqual([
      { name: 'a', from: ['id'], form: 'hex' },
      { name: 'b', from: ['y', 'x'], form: 'bytes' },
    ]);
  });

  test('stamps rows with the start of the run, as a datetime or as text', async () => {
    const polish = await polishOf(
      '{ timestamps: [{ name: a }, { name: b, format: "%Y" }, { name: c, type: string }, { name: d, source: now_utc, type: datetime }] }',
    );
    expect(polish?.added).toEqual([
      { name: 'a', what: 'load time', format: null },
      { name: 'b', what: 'load time', format: '%Y' },
      { name: 'c', what: 'load time', format: '%FT%T.%fZ' },
      { name: 'd', what: 'load time', format: null },
    ]);
  });

  test('adds constants, then timestamps, then where rows come from, then the row marker', async () => {
    const polish = await polishOf(
      '{ add_row_marker: { enabled: true }, columns_from: { source_file: f, run_id: r, entity_run_id: e }, timestamps: [{ name: t }], constants: [{ name: c, value: x }] }',
    );
    expect(polish?.added.map(({ name }) => name)).toEqual(['c', 't', 'r', 'e', 'f', '__rowMarker__']);
  });
});

describe('a constant is what is written, not what YAML makes of it', () => {
  test.each<[string, string, string | null]>([
    ['value: erp', 'string', 'erp'],
    ['value: "007"', 'string', '007'],
    ['value: 007, type: string', 'string', '007'],
    ['value: true, type: string', 'string', 'true'],
    ['value: 007, type: int64', 'int64', '7'],
    ['value: 9007199254740993', 'int64', '9007199254740993'],
    ['value: -9223372036854775808', 'int64', '-9223372036854775808'],
    ['value: 1.5', 'float64', '1.5'],
    ['value: -.inf', 'float64', '-inf'],
    ['value: true', 'bool', 'true'],
    ['value: 2024-02-29', 'string', '2024-02-29'],
    ['value: 2024-02-29, type: date', 'date', '2024-02-29'],
    ['value: "2024-02-29 12:00", type: datetime', 'timestamp', '2024-02-29T12:00:00.000000Z'],
    ['value: 2024-02-29T12:00:00.5+02:00, type: datetime', 'timestamp', '2024-02-29T10:00:00.500000Z'],
    ['value: null, type: int64', 'int64', null],
  ])('%s', async (written, kind, text) => {
    const polish = await polishOf(`{ constants: [{ name: c, ${written} }] }`);
    expect(polish?.added).toMatchObject([{ name: 'c', what: 'constant', type: { kind }, text }]);
  });

  test('from a variable it is text, unless a type is named', async () => {
    const text = 'polish: { constants: [{ name: a, value: "${N}" }, { name: b, value: "${N}", type: int64 }] }\n';
    const { polish } = await onlyEntity(crm(text), { env: { N: '007' } });
    expect(polish?.added).toMatchObject([
      { type: { kind: 'string' }, text: '007' },
      { type: { kind: 'int64' }, text: '7' },
    ]);
  });
});

describe('polish is written where it is meant', () => {
  test('in defaults, flow and entity, which are merged key by key; a list takes the place of another', async () => {
    const { flows } = await load({
      'hygge.yml': 'defaults: { polish: { columns: { case: snake }, constants: [{ name: from_defaults, value: 1 }] } }\n',
      'flows/crm/flow.yml':
        'home: in\nstore: out\npolish: { columns: { remove_special: true }, timestamps: [{ name: at }] }\nentities:\n  - a\n  - { name: b, polish: { constants: [{ name: own, value: 2 }] } }\n  - { name: c, polish: null }\n',
    });
    const [a, b, c] = flows[0]?.entities ?? [];
    expect([a, b].map((entity) => entity?.polish?.names)).toEqual(
      Array(2).fill({ removeSpecial: true, removeSpaces: false, case: 'snake' }),
    );
    expect([a, b].map((entity) => entity?.polish?.added.map(({ name }) => name))).toEqual([
      ['from_defaults', 'at'],
      ['own', 'at'],
    ]);
    expect(c?.polish).toBeUndefined();
  });

  test('below store too, where it used to be', async () => {
    const texts = {
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': 'home: in\nstore: { path: out, polish: { columns: { case: camel } } }\n',
    };
    expect((await onlyEntity(texts)).polish?.names?.case).toBe('camel');
  });
});

describe('an older spelling is taken, with a warning', () => {
  test.each([
    ['{ add_row_marker: { enabled: true, value: 1 } }', '`add_row_marker` is an older spelling', [{ name: '__rowMarker__', text: '1' }]],
    ['{ add_row_marker: { enabled: false } }', '`add_row_marker` is an older spelling', undefined],
    ['{ timestamps: [{ name: t, source: now_local }] }', '`now_local` means `now_utc`', [{ name: 't', format: null }]],
  ])('%s', async (written, says, added) => {
    const { warnings, flows } = await load(crm(`polish: ${written}\n`));
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
    const polish = flows[0]?.entities[0]?.polish;
    if (added === undefined) expect(polish).toBeUndefined();
    else expect(polish?.added).toMatchObject(added);
  });
});

describe('what cannot be meant is refused at its place', () => {
  const FLOW = 'flows/crm/flow.yml';
  test.each<[string, string, string, string]>([
    ['polish: { constants: [{ name: c, value: 007 }] }', `${FLOW}:3:41 HYG-1013`, 'its value is `007`', '`type: string`'],
    ['polish: { constants: [{ name: c, value: null }] }', `${FLOW}:3:41 HYG-1013`, 'its value is nothing', '`type: string`'],
    [
      'polish: { constants: [{ name: c, value: 2147483648, type: int32 }] }',
      `${FLOW}:3:41 HYG-1013`,
      '`2147483648` is not a valid int32.',
      'another `type`',
    ],
    ['polish: { constants: [{ name: c, value: 9223372036854775808 }] }', `${FLOW}:3:41 HYG-1013`, 'not a valid int64', 'another `type`'],
    [
      'polish: { constants: [{ name: c, value: 2023-02-29, type: date }] }',
      `${FLOW}:3:41 HYG-1013`,
      '`2023-02-29` is not a valid date.',
      'another `type`',
    ],
    [
      'polish: { constants: [{ name: c, value: 1 }, { name: C, value: 2 }] }',
      `${FLOW}:3:54 HYG-1016`,
      'two columns named `C`',
      'another name',
    ],
    [
      'polish: { hash_ids: [{ name: a, from_columns: x }], timestamps: [{ name: a }] }',
      `${FLOW}:3:74 HYG-1016`,
      'two columns named `a`',
      'another name',
    ],
    ['polish: { hash_ids: [{ name: a, from_columns: [] }] }', `${FLOW}:3:33 HYG-1013`, 'at least one item', 'at least one'],
    ['polish: { hash_ids: [{ name: a, from_columns: b, algo: md5 }] }', `${FLOW}:3:56 HYG-1013`, "`algo` can't be `md5`", '`sha256`'],
    ['polish: { timestamps: [{ name: t, format: "%b" }] }', `${FLOW}:3:43 HYG-1013`, '`%b` has no meaning in a format.', '`%Y`'],
    [
      'polish: { timestamps: [{ name: t, type: datetime, format: "%Y" }] }',
      `${FLOW}:3:59 HYG-1013`,
      '`type` is `datetime`',
      '`type: string`',
    ],
    [
      'polish: { hash_id: [] }',
      `${FLOW}:3:11 HYG-1010`,
      'Did you mean `hash_ids`?',
      'The page config of the documentation has all 7 keys.',
    ],
  ])('%s', async (written, at, says, fix) => {
    const errors = await mistakes(crm(`${written}\n`));
    expect(errors.map(({ code, where }) => `${where?.file}:${where?.line}:${where?.column} ${code}`)).toEqual([at]);
    expect(errors[0]?.what).toContain(says);
    expect(errors[0]?.tryThis.join(' ')).toContain(fix);
  });

  test('polish in two places of one layer', async () => {
    const texts = {
      'hygge.yml': 'name: shop\n',
      'flows/crm/flow.yml': 'home: in\nstore: { path: out, polish: { columns: { case: camel } } }\npolish: { columns: { case: snake } }\n',
    };
    expect((await mistakes(texts)).map(({ code, where }) => `${where?.line}:${where?.column} ${code}`)).toEqual(['2:21 HYG-1015']);
  });
});
