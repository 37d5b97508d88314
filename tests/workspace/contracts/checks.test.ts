import { describe, expect, test } from 'vitest';
import { connectors } from '../../../src/registry.ts';
import { check } from '../../../src/workspace/check/check.ts';
import { checksOf } from '../../../src/workspace/contracts/checks.ts';
import { validationSchema } from '../../../src/workspace/schema/validation-schema.ts';
import { ConfigErrors, collectProblems } from '../../../src/workspace/yaml/problems.ts';
import { child } from '../../../src/workspace/yaml/tree.ts';
import { parseTree } from '../../../src/workspace/yaml/yaml-tree.ts';
import { load, type Texts } from '../shop.ts';

const real = { connectors };
/** None where there is nothing wrong. */
const mistakes = async (texts: Texts) => {
  try {
    await load(texts, real);
    return [];
  } catch (error) {
    if (error instanceof ConfigErrors) return error.errors;
    throw error;
  }
};

/** The second tier of the roadmap, as it is written there. */
const roadmap = `# In flow config
validation:
  contract: contracts/users.yml  # optional: explicit contract
  mode: strict  # fail | warn | quarantine

  quality:
    checks:
      - type: completeness
        column: email
        threshold: 0.95
      - type: uniqueness
        columns: [id]
      - type: freshness
        column: updated_at
        max_age_hours: 24
      - type: volume
        min_rows: 1000
        max_rows: 1000000
`;

function read(text: string) {
  const problems = collectProblems();
  const tree = child(parseTree({ name: 'flow.yml', text }, problems), 'validation');
  if (tree === undefined) throw new Error('there is no validation');
  const read = check(validationSchema, tree, { name: 'validation', spot: tree.spot, prefix: ['validation'] }, problems)?.value;
  const checks = checksOf(child(child(tree, 'quality'), 'checks'), read?.quality?.checks ?? [], problems);
  return {
    checks: checks.map(({ value }) => value),
    told: problems.errors().map(({ code, what, where }) => `${where?.line}:${where?.column} ${code} ${what}`),
  };
}
const one = (written: string) => read(`validation: { quality: { checks: [${written}] } }\n`);

describe('checks of all rows of a run', () => {
  test('are read as the roadmap writes them', () => {
    expect(read(roadmap)).toEqual({
      told: [],
      checks: [
        { type: 'completeness', name: 'completeness email', column: 'email', threshold: 0.95, rows: null },
        { type: 'uniqueness', name: 'uniqueness id', columns: ['id'] },
        { type: 'freshness', name: 'freshness updated_at', column: 'updated_at', maxAgeMs: 86_400_000 },
        { type: 'volume', name: 'volume', minRows: 1000, maxRows: 1_000_000, withinPercent: null, rows: null },
      ],
    });
  });

  test('have names, severities, durations, shares and bounds of their own', () => {
    expect(one('{ type: freshness, column: at, max_age: 1h30m, on_fail: warn, name: fresh }').checks).toEqual([
      { type: 'freshness', name: 'fresh', column: 'at', maxAgeMs: 5_400_000, onFail: 'warn' },
    ]);
    expect(one('{ type: freshness, max_age_hours: 2 }').checks).toEqual([
      { type: 'freshness', name: 'freshness', column: null, maxAgeMs: 7_200_000 },
    ]);
    expect(one('{ type: volume, within: 30% }').checks).toEqual([
      { type: 'volume', name: 'volume', minRows: null, maxRows: null, withinPercent: 30, rows: null },
    ]);
    expect(one('{ type: range, column: amount, of: sum, min: 0.10, max: "9007199254740993" }').checks).toEqual([
      { type: 'range', name: 'range amount sum', column: 'amount', of: 'sum', min: '0.10', max: '9007199254740993', rows: null },
    ]);
    expect(one('{ type: sql, name: open, query: "SELECT count(*) FROM orders", max: 5 }').checks).toEqual([
      { type: 'sql', name: 'open', query: 'SELECT count(*) FROM orders', min: null, max: '5' },
    ]);
    expect(one('{ type: uniqueness, columns: id }').checks).toMatchObject([{ columns: ['id'] }]);
  });

  test.each([
    ['{ type: completness, column: a }', "HYG-1013 `type` can't be `completness`. Did you mean `completeness`?"],
    ['{ type: completeness, column: a }', 'HYG-1012 `threshold` is missing: a check of type `completeness` needs it.'],
    ['{ type: completeness, column: a, threshold: 95 }', 'HYG-1013 `threshold` needs at most 1, not `95`.'],
    ['{ type: volume }', 'HYG-1012 `min_rows` is missing: a check of type `volume` needs it.'],
    ['{ type: volume, min_rows: 5, max_rows: 4 }', 'HYG-1013 `min_rows` is above `max_rows`, so no run would pass.'],
    ['{ type: volume, min_rows: 5, threshold: 0.5 }', 'HYG-1010 `threshold` has no effect in a check of type `volume`.'],
    ['{ type: freshness, column: a, max_age: 1d, max_age_hours: 2 }', 'HYG-1013 `max_age_hours` has no meaning next to `max_age`.'],
    [
      '{ type: freshness, column: a, max_age: soon }',
      'HYG-1013 `max_age` needs a duration such as `90s`, `5m`, `1h30m` or `2d`, not `soon`.',
    ],
    ['{ type: range, column: a, of: sum, min: 2, max: 1 }', 'HYG-1013 `min` is above `max`, so no run would pass.'],
    ['{ type: freshness, column: a }', 'HYG-1012 `max_age` is missing: a check of type `freshness` needs it.'],
    ['{ type: sql, name: n, query: SELECT 1, min: many }', 'HYG-1013 `min` needs a number, not `many`.'],
    ['{ type: sql, query: SELECT 1, min: 1 }', 'HYG-1012 `name` is missing: a check of type `sql` needs it.'],
  ])('%s is told', (written, told) => {
    expect(one(written).told.map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([told]);
  });
});

describe('a check that the source is asked for', () => {
  const asking = (home: string, check: string, more: Texts = {}): Texts => ({
    'hygge.yml': 'name: shop\n',
    'flows/crm/flow.yml': `home: ${home}\nstore: out\nentities: [{ name: orders, source: t_orders }]\nvalidation: { quality: { checks: [${check}] } }\n`,
    ...more,
  });
  const told = async (home: string, check: string) =>
    (await mistakes(asking(home, check))).map(({ code, where, what, why }) => `${where?.line} ${code} ${[what, ...(why ?? [])].join(' ')}`);
  const count = '{ type: sql, name: n, query: "SELECT count(*) AS n FROM t", min: 1 }';

  test('is refused where the source is not a database, and where it has no files', async () => {
    expect(await told('in', count)).toEqual(['4 HYG-1107 The check `n` needs SQL, and a home of type `local` is not a database.']);
    expect(await told('{ type: sqlite, path: a.db }', '{ type: freshness, max_age: 1d }')).toEqual([
      '4 HYG-1107 The check `freshness` names no column, and a home of type `sqlite` has no files with an age.',
    ]);
  });

  test.each(['sqlite', 'duckdb'])('takes one SELECT to a home of type %s, and no other statement', async (type) => {
    expect(await told(`{ type: ${type}, path: a.db }`, count)).toEqual([]);
    expect(await told(`{ type: ${type}, path: a.db }`, count.replace(' FROM t', ' FROM t;'))).toEqual([]);
    for (const [query, why] of [
      ['SELECT 1 AS n; DELETE FROM t', 'The SQL has a semicolon: one SELECT is expected, and no other statement.'],
      ['SELECT 1 AS n) AS q; DELETE FROM t WHERE (1 = 1', 'A closing bracket has no opening one.'],
      ['SELECT (1 AS n', 'An opening bracket is never closed.'],
    ])
      expect(await told(`{ type: ${type}, path: a.db }`, `{ type: sql, name: n, query: "${query}", min: 1 }`)).toEqual([
        `4 HYG-1107 The query of the check \`n\` can't be run. ${why}`,
      ]);
  });

  test("speaks of the entity by its source's name", async () => {
    const { flows } = await load(asking('{ type: sqlite, path: a.db }', count.replace('FROM t', 'FROM {entity} /* {flow} */')), real);
    expect(flows[0]?.entities[0]?.validation?.checks).toMatchObject([{ query: 'SELECT count(*) AS n FROM t_orders /* crm */' }]);
  });
});
