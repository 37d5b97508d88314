import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Cell } from '../../../src/frames/cell.ts';
import { apartOnly, judged as judgedBy } from '../../../src/frames/rules/judge.ts';
import { addMeasures, type Measures, noMeasures, readOf, settledOf } from '../../../src/frames/rules/measures.ts';
import type { Rule } from '../../../src/frames/rules/rule.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { asPolars, type PolarsFrame } from '../../../src/frames/values/polars-frame.ts';
import { brokenColumns, brokenColumnsIn, brokenSchema } from '../../../src/frames/values/rejected-rows.ts';
import { emptyFrame } from '../../../src/frames/values/to-polars.ts';
import { duck } from '../../support/duck.ts';
import { firstOf, frameOf, framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';
import { SEED } from '../../support/samples.ts';

const schema: Schema = {
  columns: [
    { name: 'n', type: { kind: 'int64' }, nullable: true },
    { name: 'amount', type: { kind: 'decimal', precision: 20, scale: 4 }, nullable: true },
    { name: 'day', type: { kind: 'date' }, nullable: true },
    { name: 'at', type: { kind: 'timestamp', unit: 'us' }, nullable: true },
    { name: 'word', type: { kind: 'string' }, nullable: true },
  ],
};

/** Beyond what a double tells apart. */
const big = 9_007_199_254_740_993n;
const words = ['a', 'A', 'æble', '', 'b c', '😀', '2024', "o'clock"];
const texts: Readonly<Record<string, readonly string[]>> = {
  n: ['-3', '0', '7', `${big}`, `${big + 1n}`],
  amount: ['-1.5000', '0.0000', '0.0001', '9007199254740993.0001'],
  day: ['1969-12-31', '2024-02-29', '2024-03-01'],
  at: ['2024-01-01T00:00:00.000000', '2024-01-01T00:00:00.000001', '1960-05-05T05:05:05.050505'],
  word: words,
};

/** Bounds as a person writes them: before the type of the column is known. */
const written: Readonly<Record<string, readonly string[]>> = {
  n: ['0.5', '-2.999', '+7', '007', '7.0'],
  amount: ['0.00005', '-1.5', '0', '-1.49999', '9007199254740993'],
  day: ['2024-02-29T00:00:00', '2024-02-28'],
  at: ['2024-01-01', '2024-01-01 00:00:00', '2024-01-01T00:00:00.000001'],
  word: ['b'],
};
/** Beyond all values of the type. */
const beyond: Readonly<Record<string, string>> = { n: '99999999999999999999', amount: '12345678901234567890.5' };

const cells: Readonly<Record<string, (text: string) => Cell>> = {
  n: BigInt,
  amount: (text) => BigInt(text.replace('.', '')),
  day: (text) => Math.floor(Date.parse(text) / 86_400_000),
  at: (text) => BigInt(Date.parse(`${text.slice(0, 23)}Z`)) * 1000n + BigInt(text.slice(23)),
  word: (text) => text,
};

const names = schema.columns.map(({ name }) => name);

const measured = names.map((column) => ({ column, of: ['extremes'] as const }));
const judged = (frame: PolarsFrame, rules: readonly Rule[], run = 'run-1') => judgedBy(frame, { ...apartOnly, rules, measured, run });
const textOf = (name: string) => fc.option(fc.constantFrom(...(texts[name] ?? [])), { freq: 4 });
const rowOf = fc.tuple(...names.map(textOf));

const ruleOf: fc.Arbitrary<Rule> = fc.constantFrom(...names).chain((column) => {
  const text = fc.constantFrom(...(texts[column] ?? []));
  const end = fc.option(fc.oneof(text, fc.constantFrom(...(written[column] ?? []))), { freq: 3 });
  const sign = fc.constantFrom({}, { excludesMin: true as const }, { excludesMax: true as const });
  const far = fc.constantFrom({}, {}, ...(beyond[column] === undefined ? [] : [{ max: beyond[column] }, { min: `-${beyond[column]}` }]));
  return fc.oneof(
    fc.record({ what: fc.constant('not null' as const), name: fc.constant(`${column} is there`), column: fc.constant(column) }),
    fc.record({
      what: fc.constant('one of' as const),
      name: fc.constant(`${column} is known`),
      column: fc.constant(column),
      texts: fc.array(text, { maxLength: 3 }),
    }),
    fc.record({
      what: fc.constant('none of' as const),
      name: fc.constant(`${column} is something`),
      column: fc.constant(column),
      texts: fc.array(fc.oneof(text, fc.constant('n/a')), { maxLength: 3 }),
      orNull: fc.constantFrom(undefined, true as const),
    }) as fc.Arbitrary<Rule>,
    fc.record({
      what: fc.constant('there' as const),
      name: fc.constant(`${column} is a column`),
      column: fc.constant(column),
      as: fc.constant(null),
    }),
    fc
      .tuple(
        fc.record({
          what: fc.constant('between' as const),
          name: fc.constant(`${column} is within`),
          column: fc.constant(column),
          min: end,
          max: end,
        }),
        sign,
        far,
      )
      .map((parts): Rule => Object.assign({}, ...parts)),
    fc.record({
      what: fc.constant('matches' as const),
      name: fc.constant('word is like'),
      column: fc.constant('word'),
      pattern: fc.constantFrom('^[a-z]+$', ' ', '^$', '\\d{4}', 'æ'),
    }),
    fc.record({
      what: fc.constant('length' as const),
      name: fc.constant('word is as long'),
      column: fc.constant('word'),
      min: fc.option(fc.nat({ max: 4 })),
      max: fc.option(fc.nat({ max: 5 })),
    }),
    fc.record({
      what: fc.constant('holds' as const),
      name: fc.constant('row is right'),
      column: fc.constantFrom(null, 'n'),
      // Words that both systems understand alike.
      check: fc.constantFrom(
        'n BETWEEN 0 AND 7',
        "n > 0 OR word = 'a'",
        'length(word) < 3 -- of one row',
        "word LIKE '%a%'",
        'amount > 0',
        'n = 9007199254740993',
      ),
      when: fc.constantFrom(null, 'n IS NOT NULL', "word <> ''"),
    }),
  );
});

const sqlTypes: Readonly<Record<string, string>> = { n: 'BIGINT', amount: 'DECIMAL(20,4)', day: 'DATE', at: 'TIMESTAMP', word: 'VARCHAR' };
const numeric = (column: string, text: string) => (['n', 'amount'].includes(column) ? `'${text}'::DECIMAL(38,10)` : literal(column, text));
const literal = (column: string, text: string) => `'${text.replaceAll("'", "''")}'::${sqlTypes[column]}`;

/** What a second system says of a rule: true for rows that break it. */
function sql(rule: Rule): string {
  if (rule.what === 'holds') return `coalesce(${rule.when === null ? '' : `(\n${rule.when}\n) AND `}NOT (\n${rule.check}\n), false)`;
  const column = `"${rule.column}"`;
  switch (rule.what) {
    case 'not null':
      return `${column} IS NULL`;
    case 'one of':
      return rule.texts.length === 0
        ? `${column} IS NOT NULL`
        : `coalesce(${column} NOT IN (${rule.texts.map((text) => literal(rule.column, text)).join(', ')}), false)`;
    case 'there':
      return 'false';
    case 'none of': {
      const known = rule.texts.filter((text) => rule.column === 'word' || text !== 'n/a');
      const isNull = rule.orNull === true ? `${column} IS NULL` : 'false';
      const isIn = known.length === 0 ? 'false' : `${column} IN (${known.map((text) => literal(rule.column, text)).join(', ')})`;
      return `(${isNull} OR coalesce(${isIn}, false))`;
    }
    case 'between': {
      const low = rule.min === null ? 'false' : `${column} ${rule.excludesMin ? '<=' : '<'} ${numeric(rule.column, rule.min)}`;
      const high = rule.max === null ? 'false' : `${column} ${rule.excludesMax ? '>=' : '>'} ${numeric(rule.column, rule.max)}`;
      return `coalesce(${low} OR ${high}, false)`;
    }
    case 'length': {
      const low = rule.min === null ? 'false' : `length(${column}) < ${rule.min}`;
      const high = rule.max === null ? 'false' : `length(${column}) > ${rule.max}`;
      return `coalesce(${low} OR ${high}, false)`;
    }
    case 'format':
      throw new Error('formats have tests of their own');
    case 'matches':
      return `coalesce(NOT regexp_matches(${column}, '${rule.pattern}'), false)`;
  }
}

const distinct = (rules: readonly Rule[]) => rules.filter(({ name }, i) => rules.findIndex((one) => one.name === name) === i);

async function frameFrom(rows: readonly (readonly (string | null)[])[]): Promise<PolarsFrame> {
  return frameOf(
    schema,
    rows.map((row) => row.map((text, i) => (text === null ? null : (cells[names[i] ?? '']?.(text) ?? null)))),
  );
}

describe('rows judged by rules', () => {
  test('break each bound that a person can write, with its end and without it, where a second system says so', async () => {
    const folder = await testFolder();
    const rules = names.flatMap((column) =>
      [...(texts[column] ?? []), ...(written[column] ?? []), ...(beyond[column] === undefined ? [] : [beyond[column]])].flatMap((text) =>
        [{}, { excludesMin: true as const }, { excludesMax: true as const }].flatMap((sign) =>
          [{ min: text === beyond[column] ? `-${text}` : text }, { max: text }].map((end, at): Rule => {
            const name = `${column} ${at} ${text} ${JSON.stringify(sign)}`;
            return { name, column, what: 'between', min: null, max: null, ...end, ...sign, severity: 'warn' };
          }),
        ),
      ),
    );
    const frame = await frameFrom(
      Array.from({ length: 9 }, (_, at) =>
        names.map((name) => [...(texts[name] ?? []), null][at % ((texts[name]?.length ?? 0) + 1)] ?? null),
      ),
    );
    const path = `${folder}/bounds.parquet`;
    await writeParquet(path, [frame], { schema: frame.schema, scratch: testScratch(folder) });
    const { measures } = await judged(frame, rules);
    const [counts] = await duck(`SELECT ${rules.map((rule, i) => `count(*) FILTER (${sql(rule)}) AS r${i}`).join(', ')} FROM '${path}'`);
    expect(Object.fromEntries(rules.map(({ name }) => [name, measures.broken[name]]))).toEqual(
      Object.fromEntries(rules.map(({ name }, i) => [name, Number(counts?.[`r${i}`])])),
    );
  });

  test('are kept and broken as a second system tells them apart, and counted as it counts them', async () => {
    const folder = await testFolder();
    const scratch = testScratch(folder);
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowOf, { minLength: 1, maxLength: 60 }),
        fc.array(ruleOf, { minLength: 1, maxLength: 4 }),
        async (rows, some) => {
          const rules = distinct(some);
          const frame = await frameFrom(rows);
          const { kept, broken, measures } = await judged(frame, rules);
          const paths = await Promise.all(
            [frame, kept, broken ?? (await emptyFrame(brokenSchema(schema)))].map(async (one) => {
              const path = `${folder}/${file++}.parquet`;
              await writeParquet(path, [one], { schema: one.schema, scratch });
              return path;
            }),
          );
          const [all, good, bad] = paths;
          const breaks = rules.map((rule) => `(${sql(rule)})`).join(' OR ');
          const first = (say: (rule: Rule) => string | null) =>
            `CASE ${rules.map((rule) => `WHEN ${sql(rule)} THEN ${say(rule) === null ? 'NULL' : `'${say(rule)}'`}`).join(' ')} END`;
          const sorted = (rows_: readonly Record<string, unknown>[]) => rows_.map((row) => JSON.stringify(row)).sort();
          expect(sorted(await duck(`SELECT * FROM '${good}'`))).toEqual(sorted(await duck(`SELECT * FROM '${all}' WHERE NOT (${breaks})`)));
          expect(sorted(await duck(`SELECT * EXCLUDE (_reason, _run, _id) FROM '${bad}'`))).toEqual(
            sorted(
              await duck(
                `SELECT *, ${first(({ name }) => name)} AS _rule, ${first(({ column }) => column)} AS _column FROM '${all}' WHERE ${breaks}`,
              ),
            ),
          );
          const counts = await duck(
            `SELECT count(*) AS n, ${rules.map((rule, i) => `count(*) FILTER (${sql(rule)}) AS r${i}`).join(', ')} FROM '${all}'`,
          );
          expect([measures.rows, ...rules.map(({ name }) => measures.broken[name])].map(String)).toEqual(
            ['n', ...rules.map((_, i) => `r${i}`)].map((name) => String(counts[0]?.[name])),
          );
          for (const [name, { nulls, min, max }] of Object.entries(measures.columns)) {
            const of = (edge: string | undefined) => (edge === undefined ? `NULL::${sqlTypes[name]}` : literal(name, edge));
            const same = await duck(
              `SELECT count(*) FILTER ("${name}" IS NULL) = ${nulls} AND min("${name}") IS NOT DISTINCT FROM ${of(min)} AND max("${name}") IS NOT DISTINCT FROM ${of(max)} AS same FROM '${all}'`,
            );
            expect(same).toEqual([{ same: true }]);
          }
        },
      ),
      { seed: SEED, numRuns: 3 },
    );
  });

  test('of more than one buffer are told apart like those of one', async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => [`${i % 5 === 0 ? -i : i}`, null, null, null, `w${i}`]);
    const { kept, broken, measures } = await judged(await frameFrom(rows), [
      { name: 'positive', column: 'n', what: 'between', min: '0', max: null },
    ]);
    expect([kept.rows, broken?.rows, measures.broken]).toEqual([56_001, 13_999, { positive: 13_999 }]);
    expect(measures.columns.n).toMatchObject({ nulls: 0, min: '-69995', max: '69999' });
  });

  test('none of which breaks a rule stay the frame they are', async () => {
    const frame = await frameFrom([['1', null, null, null, 'a']]);
    const { kept, broken } = await judged(frame, [{ name: 'there', column: 'n', what: 'not null' }]);
    expect([kept === frame, broken]).toEqual([true, null]);
  });
});

const ownColumns = ['_rule', '_column', '_reason', '_run', '_id'];
const recordsOf = async (broken: PolarsFrame | null) => (await broken?.collect())?.select(...ownColumns).toRecords() ?? [];

describe('rows that break a rule', () => {
  const rules: readonly Rule[] = [
    { name: 'there', column: 'n', what: 'not null' },
    { name: 'age', column: 'n', what: 'between', min: '0', max: '150' },
  ];

  test('say why, and in which run; their id is the same for the same row and rule, whatever stands next to them', async () => {
    const rows = [
      ['-3', '0.0001', '2024-02-29', null, 'æ'],
      ['7', null, null, null, null],
      [null, null, null, null, 'a'],
      ['-3', null, null, null, 'æ'],
    ];
    const told = async (some: typeof rows, run = 'r') => recordsOf((await judged(await frameFrom(some), rules, run)).broken);
    const all = await told(rows);
    expect(all.map(({ _rule, _column, _reason, _run }) => [_rule, _column, _reason, _run])).toEqual([
      ['age', 'n', 'n is below 0 or above 150', 'r'],
      ['there', 'n', 'n is null', 'r'],
      ['age', 'n', 'n is below 0 or above 150', 'r'],
    ]);
    const ids = all.map(({ _id }) => String(_id));
    expect([new Set(ids).size, ids.every((id) => /^[0-9a-f]{32}$/.test(id))]).toEqual([3, true]);
    const again = await told([...rows].reverse(), 'another run');
    expect(again.map(({ _id }) => String(_id)).reverse()).toEqual(ids);
  });

  test('say all that is wrong with them, with the name and the id of the first rule', async () => {
    const frame = await frameFrom([
      ['-3', null, null, null, null],
      ['-3', null, null, null, 'a'],
      ['3', null, null, null, null],
    ]);
    const warns: Rule = { name: 'dated', column: 'day', what: 'not null', severity: 'warn' };
    const word: Rule = { name: 'word', column: 'word', what: 'not null' };
    const above = await recordsOf((await judged(frame, [...rules, warns, word])).broken);
    expect(above.map(({ _rule, _column, _reason }) => [_rule, _column, _reason])).toEqual([
      ['age', 'n', 'n is below 0 or above 150; word is null'],
      ['age', 'n', 'n is below 0 or above 150'],
      ['word', 'word', 'word is null'],
    ]);
    const alone = await recordsOf((await judged(frame, rules)).broken);
    expect(above[0]?._id).toBe(alone[0]?._id);
  });

  test('keep their own columns, whatever those are called', async () => {
    const own: Schema = {
      columns: ['_rule', '_Column', '_id', '_id_', 'n'].map((name) => ({ name, type: { kind: 'string' }, nullable: true })),
    };
    const frame = await frameOf(own, [['mine', 'yours', 'x', 'y', null]]);
    const { broken } = await judgedBy(frame, { ...apartOnly, rules: rules.slice(0, 1), run: 'r' });
    expect((await broken?.collect())?.toRecords()).toMatchObject([
      { _rule: 'mine', _Column: 'yours', _id: 'x', _id_: 'y', n: null, _rule_: 'there', _column_: 'n', _reason: 'n is null', _run: 'r' },
    ]);
    expect(broken?.schema.columns.map(({ name }) => name)).toEqual([
      '_rule',
      '_Column',
      '_id',
      '_id_',
      'n',
      '_rule_',
      '_column_',
      '_reason',
      '_run',
      '_id__',
    ]);
  });

  test('tell their reasons from columns of their own with such names, also where an earlier version wrote them', () => {
    const named = (...names: readonly string[]): Schema => ({
      columns: names.map((name) => ({ name, type: { kind: 'string' }, nullable: true })),
    });
    const own = ['_rule', '_column', '_reason__', 'n', '_run___', '_id'] as const;
    for (const names of [own, own.toReversed(), []]) {
      const settled = named(...names);
      expect(brokenColumnsIn(brokenSchema(settled))).toEqual(brokenColumns(settled));
    }
    expect(brokenColumnsIn(named(...own, '_rule_', '_column_'))).toEqual({ rule: '_rule_', column: '_column_' });
    expect(brokenColumnsIn(named('n', '_reason__', '_id'))).toEqual({});
  });

  test('have the same id though another run stamped them', async () => {
    const ids = await Promise.all(
      ['monday', 'tuesday'].map(async (word) => {
        const { broken } = await judgedBy(await frameFrom([[null, null, null, null, word]]), {
          ...apartOnly,
          rules,
          run: 'r',
          stamped: ['word'],
        });
        return (await recordsOf(broken)).map(({ _id }) => _id);
      }),
    );
    expect(ids[0]).toEqual(ids[1]);
  });

  test('settle all the same where the rule only warns, or ends the run', async () => {
    const severe = rules.map((rule, i): Rule => ({ ...rule, severity: i === 0 ? 'warn' : 'fail' }));
    const frame = await frameFrom([
      ['-3', null, null, null, 'a'],
      [null, null, null, null, 'b'],
    ]);
    const { kept, broken, measures } = await judged(frame, severe);
    expect([kept === frame, broken, measures.broken]).toEqual([true, null, { there: 1, age: 1 }]);
  });

  test('show what their values look like, and the values only where that is allowed', async () => {
    const frame = await frameFrom(['Anna7@mail.dk', 'a b', 'Anna7@mail.dk'].map((word) => ['1', null, null, null, word]));
    const email: readonly Rule[] = [{ name: 'mail', column: 'word', what: 'matches', pattern: '^$' }];
    const shown = async (samples: 'mask' | 'show') => (await judgedBy(frame, { ...apartOnly, rules: email, samples })).samples;
    expect(await shown('mask')).toEqual({ mail: [{ form: 'Aa9@a.a' }, { form: 'a a' }] });
    expect(await shown('show')).toEqual({
      mail: [
        { form: 'Aa9@a.a', value: 'Anna7@mail.dk' },
        { form: 'a a', value: 'a b' },
      ],
    });
  });

  test('are the same rows in whatever order and frames they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowOf, { minLength: 2, maxLength: 40 }),
        fc.array(ruleOf, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (all, some, seed) => {
          const rules_ = distinct(some);
          const idsIn = async (rows: readonly (readonly (string | null)[])[]) =>
            (await recordsOf((await judged(await frameFrom(rows), rules_)).broken)).map(({ _id }) => String(_id));
          const whole = (await idsIn(all)).sort();
          const mixed = [...all].sort((a, b) => (JSON.stringify([seed, a]) < JSON.stringify([b, seed]) ? -1 : 1));
          const at = 1 + (seed % (all.length - 1));
          const parts = [...(await idsIn(mixed.slice(0, at))), ...(await idsIn(mixed.slice(at)))].sort();
          expect(parts).toEqual(whole);
        },
      ),
      { seed: SEED, numRuns: 3 },
    );
  });
});

describe('measures', () => {
  const measures = (rows: readonly (readonly (string | null)[])[], rules: readonly Rule[]) =>
    frameFrom(rows).then(async (frame) => (await judged(frame, rules)).measures);

  test('count for each rule the rows that it has an answer about', async () => {
    const builder = await frameBuilder({
      columns: [
        { name: 'n', type: { kind: 'int64' }, nullable: true },
        { name: 't', type: { kind: 'string' }, nullable: true },
      ],
    });
    for (const row of [
      [1n, 'x'],
      [null, 'y'],
      [null, null],
      [4n, null],
    ] as const)
      builder.append([...row]);
    const rules: readonly Rule[] = [
      { name: 'between', column: 'n', what: 'between', min: '2', max: null },
      { name: 'one of', column: 't', what: 'one of', texts: ['x', 'y', 'z'] },
      { name: 'length', column: 't', what: 'length', min: 1, max: null },
      { name: 'matches', column: 't', what: 'matches', pattern: 'x' },
      { name: 'not null', column: 't', what: 'not null' },
      { name: 'none of or null', column: 't', what: 'none of', texts: ['q'], orNull: true },
      { name: 'holds', column: null, what: 'holds', check: 'n > 0', when: null },
      { name: 'when', column: null, what: 'holds', check: 'n > 0', when: "t = 'x'" },
      { name: 'of null', column: null, what: 'holds', check: 'n > 0', when: "t = 'y'" },
      { name: 'never', column: null, what: 'holds', check: 'n > 0', when: "t = 'none'" },
    ];
    const { measures: found } = await judged(await builder.take(), rules);
    const counts = {
      between: 2,
      'one of': 2,
      length: 2,
      matches: 2,
      'not null': 4,
      'none of or null': 4,
      holds: 2,
      when: 1,
      'of null': 0,
      never: 0,
    };
    expect(found.judged).toEqual({ rows: 4, rules: counts });
    expect(addMeasures(found, { ...noMeasures, rows: 1 }).judged, 'an earlier version did not count').toBeUndefined();
    expect(addMeasures(found, noMeasures)).toEqual(found);
  });

  test('of frames add up to those of all rows, in any order and any grouping', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowOf, { minLength: 3, maxLength: 30 }),
        fc.array(ruleOf, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (rows, some, at) => {
          const rules = distinct(some);
          const [one, two] = [1 + (at % (rows.length - 1)), at % rows.length].sort((a, b) => a - b);
          const parts = await Promise.all(
            [rows.slice(0, one), rows.slice(one, two), rows.slice(two)].map((some_) => measures(some_, rules)),
          );
          const [a, b, c] = parts as [Measures, Measures, Measures];
          const whole = await measures(rows, rules);
          expect(addMeasures(addMeasures(a, b), c)).toEqual(whole);
          expect(addMeasures(c, addMeasures(b, a))).toEqual(whole);
          expect(addMeasures(noMeasures, whole)).toEqual(whole);
        },
      ),
      { seed: SEED, numRuns: 3 },
    );
  });
});

test('floats are shown as numbers, and NaN for what it is', async () => {
  const float: Schema = { columns: [{ name: 'f', type: { kind: 'float64' }, nullable: true }] };
  const rules: readonly Rule[] = [{ name: 'f max', column: 'f', what: 'between', min: null, max: '1' }];
  const frame = await frameOf(float, [[1.5], [Number.NaN], [0.5], [null], [Number.POSITIVE_INFINITY]]);
  const { broken, samples } = await judgedBy(frame, { ...apartOnly, rules, run: 'r', samples: 'show' });
  expect(samples['f max']).toEqual([{ form: '9.9', value: '1.5' }, { form: 'NaN' }, { form: 'Infinity' }]);
  const { reason } = brokenColumns(float);
  expect((await broken?.collect())?.getColumn(reason).toArray()).toEqual(['f is above 1', 'f is NaN', 'f is above 1']);
});

describe('rows that lie encoded', () => {
  const rules: readonly Rule[] = [
    { name: 'n min', column: 'n', what: 'between', min: '-5', max: null },
    { name: 'known', column: null, what: 'holds', check: "word <> 'nowhere'", when: '"day" IS NOT NULL' },
  ];
  const rows = Array.from({ length: 500 }, (_, i) => [`${i % 7}`, '1.5000', '2024-03-01', null, words[i % words.length] ?? null]);

  async function stored(broken: readonly (readonly (string | null)[])[]): Promise<PolarsFrame> {
    const folder = await testFolder();
    const scratch = testScratch(folder);
    const frame = await frameFrom([...rows, ...broken]);
    const path = join(folder, 'in.parquet');
    await writeParquet(path, [frame], { schema, scratch });
    const read = asPolars(await firstOf(framesOf({ source: await sourceOf(path), scratch })));
    expect(read.stored).toBeDefined();
    return read;
  }

  test('are decoded in the columns of the rules and the measures only', async () => {
    const frame = await stored([]);
    const [decodes, plans] = [vi.spyOn(frame, 'collect'), vi.spyOn(frame, 'lazy')];
    const measured = [{ column: 'amount', of: ['sum'] }] as const;
    const { kept, measures } = await judgedBy(frame, { ...apartOnly, rules, measured, run: 'r', samples: 'show' });
    expect(kept).toBe(frame);
    expect(measures).toMatchObject({ rows: 500, broken: { 'n min': 0, known: 0 }, columns: { amount: { sum: String(500n * 15_000n) } } });
    expect(decodes).not.toHaveBeenCalled();
    expect(plans).not.toHaveBeenCalled();
    // A rule that names no column is asked of each row all the same.
    const { measures: ofNone } = await judgedBy(frame, {
      ...apartOnly,
      rules: [{ name: 'never', column: null, what: 'holds', check: '1 = 2', when: null }],
      run: 'r',
    });
    expect(ofNone.broken).toEqual({ never: 500 });
  });

  test('are judged as rows in memory are', async () => {
    const broken = [
      ['-6', '1.0000', '2024-03-01', null, 'a'],
      ['0', null, '2024-03-01', null, 'nowhere'],
      ['0', null, null, null, 'nowhere'],
    ];
    const judging = { ...apartOnly, rules, measured: [{ column: 'day', of: ['extremes'] }] as const, run: 'r', samples: 'show' } as const;
    const [here, there] = [await judgedBy(await frameFrom([...rows, ...broken]), judging), await judgedBy(await stored(broken), judging)];
    expect(there.measures).toEqual(here.measures);
    expect(there.samples).toEqual(here.samples);
    expect(await recordsOf(there.broken)).toEqual(await recordsOf(here.broken));
    expect(await there.kept.fingerprint()).toEqual(await here.kept.fingerprint());
    expect(there.broken?.rows).toBe(2);
  });
});

test('rows that mark a deletion are counted, and have no part in the figures of columns', async () => {
  const marked: Schema = {
    columns: [
      { name: 'n', type: { kind: 'int64' }, nullable: true },
      { name: 'gone', type: { kind: 'bool' }, nullable: true },
    ],
  };
  const builder = await frameBuilder(marked);
  for (const row of [
    [10n, false],
    [null, true],
    [30n, null],
    [200n, false],
    [null, true],
  ] as const)
    builder.append([...row]);
  const rules: readonly Rule[] = [{ name: 'small', column: 'n', what: 'between', min: null, max: '100' }];
  const of = { ...apartOnly, measured: [{ column: 'n', of: ['sum'] as const }], run: 'run-1', exempts: 'gone' };
  const { kept, measures } = await judgedBy(await builder.take(), { ...of, rules });
  const sum = (digits: string) => ({ n: expect.objectContaining({ nulls: 0, sum: digits }) });
  expect([kept.rows, measures.rows]).toEqual([4, 5]);
  expect(settledOf(measures)).toEqual({ rows: 2, columns: sum('40') });
  expect(readOf(measures)).toEqual({ rows: 3, columns: sum('240') });
});
