import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNumber, numberText, type Plain, parsed, withoutNulls } from '../../support/documents.ts';
import { duck } from '../../support/duck.ts';
import { cases } from '../../support/samples.ts';
import { mulberry } from '../../support/sim/dice.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** So many files a test, of documents at random; ten times as many in `npm run soak`. */
const { numRuns: entities, seed } = cases(20);

/** What DuckDB shows of a value that was this in the document: numbers beyond a double as texts, json as the text that it is. */
function shownAs(expected: Plain, shown: unknown): Plain {
  if (shown === null || shown === undefined) return null;
  if (isNumber(expected) && (typeof shown === 'number' || typeof shown === 'string')) return { number: numberText(String(shown)) };
  if (typeof expected === 'string' || typeof expected === 'boolean') return shown as Plain;
  if (typeof shown === 'string') return parsed(shown);
  if (Array.isArray(expected) && Array.isArray(shown)) return shown.map((item, i) => shownAs(expected[i] ?? null, item));
  if (expected === null || Array.isArray(expected) || typeof shown !== 'object') return shown as Plain;
  const named = expected as { readonly [name: string]: Plain };
  return withoutNulls(Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, shownAs(named[name] ?? null, value)])));
}

const texts = [
  '',
  ' ',
  'null',
  '{}',
  '[1',
  '"',
  '\\',
  'é',
  'e\u0301',
  '𝔘 🏡',
  'a\u0001b',
  'line\r\nbreak',
  '\u2028',
  '0',
  '1e5',
  '2024-01-01',
  'x'.repeat(300),
];
// Neither a quote nor a backslash alone: JSON.parse of Node 24.21 takes the one for the other when it has seen many objects of both.
const names = ['a', 'b b', 'ü', 'say "x"', 'C:\\dir', 'a.b', '$ref', '0', 'long name '.repeat(5), 'c', 'd', 'e'];
const numbers = {
  whole: ['0', '-1', '42', '9007199254740991', '-9223372036854775808', '9223372036854775807', '9007199254740993'],
  beyond: ['18446744073709551615', '-99999999999999999999999999999999999999', '5', '0'],
  fraction: ['0.1', '-0.0', '1e5', '1.0', '2.5e-7', '1.7976931348623157e308', '5e-324', '123456.789', '7'],
} as const;

type Making = () => string;
class Documents {
  readonly #next: () => number;
  constructor(next: () => number) {
    this.#next = next;
  }

  pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.#next() * of.length)] as T;
  }

  /** Values of one kind, as a column has them. */
  kind(depth: number): Making {
    const simple: readonly Making[] = [
      ...Object.values(numbers).map(
        (some): Making =>
          () =>
            this.pick(some),
      ),
      () => JSON.stringify(this.pick(texts)),
      () => this.pick(['true', 'false']),
      () => 'null',
      () => '{}',
      () => '[]',
    ];
    const nested: readonly (() => Making)[] = [
      () => {
        const item = this.maybeNull(this.kind(depth - 1));
        return () => `[${Array.from({ length: Math.floor(this.#next() * 4) }, item).join(', ')}]`;
      },
      () => this.object(depth - 1),
    ];
    return depth > 0 && this.#next() < 0.6 ? this.pick(nested)() : this.pick(simple);
  }

  maybeNull(make: Making): Making {
    return () => (this.#next() < 0.15 ? 'null' : make());
  }

  object(depth: number): Making {
    const fields = names.filter(() => this.#next() < 0.4).map((name) => [JSON.stringify(name), this.maybeNull(this.kind(depth))] as const);
    return () =>
      `{${fields
        .filter(() => this.#next() < 0.85)
        .map(([name, make]) => `${name}: ${make()}`)
        .join(' ,')}}`;
  }

  /** Anything anywhere. */
  anything(depth: number): Making {
    return () => this.kind(depth)();
  }

  lines(make: Making, count: number): string {
    return Array.from({ length: count }, (_, id) => `{"id":${id}, "payload": ${make()} }\n`).join('');
  }
}

/** Files by the name of their entity. */
function files(from: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < entities; i++) {
    const documents = new Documents(mulberry(from + i));
    found.set(`e${i}`, documents.lines(documents.object(4), i === 0 ? 1_000 : 100));
  }
  return found;
}

const entityList = (of: ReadonlyMap<string, string>) => `entities:\n${[...of.keys()].map((name) => `  - ${name}\n`).join('')}`;

function written(workspace: TestWorkspace, folder: string): readonly Plain[] {
  const found = readdirSync(workspace.path(folder)).filter((name) => name.endsWith('.ndjson'));
  const lines = found.flatMap((name) => readFileSync(workspace.path(folder, name), 'utf8').split('\n').slice(0, -1));
  return lines.map(parsed).sort((a, b) => idOf(a) - idOf(b));
}

const idOf = (document: Plain): number => Number((document as { id: { number: string } }).id.number);
const documentsOf = (text: string): readonly Plain[] => text.split('\n').slice(0, -1).map(parsed);

describe(`NDJSON of nested documents at random (SEED=${seed})`, () => {
  test('settles as NDJSON of the same documents, and as parquet in which DuckDB finds them', async () => {
    const sources = files(seed);
    using workspace = new TestWorkspace({
      'flows/n/flow.yml': `home: 'in/{entity}.ndjson'\nstore: { path: 'lake/{entity}', format: ndjson }\n${entityList(sources)}`,
      'flows/p/flow.yml': `home: 'in/{entity}.ndjson'\nstore: 'parquet/{entity}'\n${entityList(sources)}`,
    });
    for (const [name, text] of sources) workspace.write({ [`in/${name}.ndjson`]: text });
    const run = await workspace.run(['go', '-f', 'n', '-f', 'p']);
    expect([run.code, run.stdout]).toEqual([0, expect.anything()]);
    for (const [name, text] of sources) {
      const expected = documentsOf(text);
      expect(written(workspace, join('lake', name)), `SEED=${seed} ${name} written`).toEqual(expected);
      const rows = await duck(`select * from '${workspace.path('parquet', name)}/*.parquet' order by id`);
      expect(
        rows.map((row, i) => shownAs(expected[i] ?? null, row)),
        `SEED=${seed} ${name}`,
      ).toEqual(expected);
    }
  });

  test('settles with mixed: json whatever is where, as the same documents', async () => {
    const sources = new Map(
      Array.from({ length: entities }, (_, i) => {
        const documents = new Documents(mulberry(seed + 1_000 + i));
        return [`m${i}`, documents.lines(documents.anything(3), 300)] as const;
      }),
    );
    using workspace = new TestWorkspace({
      'flows/n/flow.yml': `home: { path: 'in/{entity}.ndjson', mixed: json }\nstore: { path: 'lake/{entity}', format: ndjson }\n${entityList(sources)}`,
      'flows/p/flow.yml': `home: { path: 'in/{entity}.ndjson', mixed: json }\nstore: 'parquet/{entity}'\n${entityList(sources)}`,
    });
    for (const [name, text] of sources) workspace.write({ [`in/${name}.ndjson`]: text });
    const run = await workspace.run(['go']);
    expect([run.code, run.stdout]).toEqual([0, expect.anything()]);
    for (const [name, text] of sources) expect(written(workspace, join('lake', name)), `SEED=${seed} ${name}`).toEqual(documentsOf(text));
  });
});
