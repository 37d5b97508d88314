// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/workspace/check/explain.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { cases } from '../support/samples.ts';
import { load, type Texts } from './shop.ts';

const hygge = `name: shop
options: { concurrency: 8, continue_on_error: true }
defaults:
  batch_size: 50000
  store: { compression: zstd }
flows:
  users: { home: "in/users.parquet", store: 'out/users' }
`;
const flow = `home: { type: local, path: "in/{entity}" }
store:
  type: warehouse
  server: \${SERVER:-erp}
  password: "\${PASSWORD}"
watermark: { column: at, initial: 2024-01-01, key: [id], lag: 5m }
run_type: incremental
write_strategy: merge
schedule: "0 0 2 * * *"
entities:
  - Account
  - { name: Contact, source: Contacts, home: { path: /data/x } }
`;

const snippets = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '<<: ',
    '!x ',
    '|',
    '>',
    '\n',
    '\t',
    ' ',
    '${',
    '}',
    '~',
    'null',
    '\\',
    '%',
  ],
  ...[
    '{entity}',
    '{date}',
    '../',
    '/',
    'home: ',
    'entities: ',
    '__proto__: ',
    'constructor: ',
    '\u0000',
    '\u2028',
    '😀',
    '\ud800',
    '007',
    '1e999',
    '.nan',
    '0x',
  ],
);
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(6),
  insert: fc.oneof(snippets, fc.string({ maxLength: 3 })),
});

function edited(text: string, edits: readonly { readonly at: number; readonly remove: number; readonly insert: string }[]): string {
  return edits.reduce((now, { at, remove, insert }) => {
    const index = Math.floor(at * now.length);
    return now.slice(0, index) + insert + now.slice(index + remove);
  }, text);
}

async function outcome(texts: Texts, vars: readonly string[] = []): Promise<'fine' | ConfigErrors> {
  try {
    await load(texts, { vars, env: { PASSWORD: 'hunter2' } });
    return 'fine';
  } catch (error) {
    if (error instanceof ConfigErrors) return error;
    throw error;
  }
}

function expectHelpful(result: 'fine' | ConfigErrors): void {
  if (result === 'fine') return;
  expect(result.errors.length).toBeGreaterThan(0);
  for (const { tryThis, what, where } of result.errors) {
    expect(what).not.toBe('');
    expect(tryThis.filter((step) => step.trim() !== '')).not.toEqual([]);
    expect(where === undefined || (where.line >= 1 && where.column >= 1)).toBe(true);
  }
  const text = explain(result.errors);
  expect(text).not.toContain('hunter2');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
}

describe('whatever is in the files', () => {
  test('a workspace is fine as it is', async () => {
    expect(await outcome({ 'hygge.yml': hygge, 'flows/crm/flow.yml': flow })).toBe('fine');
  });

  test('it loads, or says what to do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 3 }), fc.array(edit, { minLength: 1, maxLength: 4 }), async (above, below) => {
        expectHelpful(await outcome({ 'hygge.yml': edited(hygge, above), 'flows/crm/flow.yml': edited(flow, below) }));
      }),
      cases(500),
    );
  });

  test('a --var too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        const vars = ['flow.crm.store.server={x: [1, "2"]}', 'flow.users.watermark=at'].map((written) => edited(written, edits));
        expectHelpful(await outcome({ 'hygge.yml': hygge, 'flows/crm/flow.yml': flow }, vars));
      }),
      cases(200),
    );
  });
});
