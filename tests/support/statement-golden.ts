/** Statements that a database was sent, as a golden file holds them: by scene, in their order, without what is another one in each run. */

import { hash } from 'node:crypto';

/** A statement as it was sent, and what it was bound to. */
export interface SentStatement {
  readonly sql: string;
  readonly values?: readonly unknown[];
}

/** What is another one in each run, and what stands in its place; with `#`, each of its values has a number of its own within a scene. */
export type Placeholder = readonly [pattern: RegExp, name: string];

const everywhere: readonly Placeholder[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '{uuid #}'],
  [/(?<![0-9a-z])(?=[0-9a-z]*\d)[0-9a-z]{20,}(?![0-9a-z])/g, '{id #}'],
];

/** A statement that is longer than this is written out once, and is named by its beginning and a short hash from then on. */
const longestRepeated = 110;

/** Writes down what a database is sent while a scene goes on. */
export class StatementGolden {
  readonly #sent: () => readonly SentStatement[];
  readonly #placeholders: readonly Placeholder[];
  readonly #written = new Set<string>();
  readonly #lines: string[] = [];

  /** @param sent everything that was sent so far. */
  constructor(sent: () => readonly SentStatement[], placeholders: readonly Placeholder[] = []) {
    this.#sent = sent;
    this.#placeholders = [...placeholders, ...everywhere];
  }

  async during<T>(scene: string, work: () => Promise<T>): Promise<T> {
    const before = this.#sent().length;
    const answer = await work();
    this.add(scene, this.#sent().slice(before));
    return answer;
  }

  add(scene: string, statements: readonly SentStatement[]): void {
    const numbers = new Map<string, number>();
    const stable = (text: string): string =>
      this.#placeholders.reduce(
        (done, [pattern, name]) =>
          done.replace(pattern, (value: string) => {
            if (!name.includes('#')) return name;
            const number = numbers.get(value) ?? numbers.size + 1;
            numbers.set(value, number);
            return name.replace('#', String(number));
          }),
        withoutNow(text),
      );
    this.#lines.push(`-- ===== ${scene}`);
    for (const { sql, values = [] } of statements) {
      const text = stable(sql.trim()).replace(/;?$/, ';');
      this.#lines.push(this.#written.has(text) ? again(text) : text);
      if (text.length > longestRepeated) this.#written.add(text);
      if (values.length > 0) this.#lines.push(`-- with ${values.map((value) => stable(shown(value))).join(', ')}`);
    }
    this.#lines.push('');
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}

/** Times and days of now, as hygge writes them by its clock. Those of rows are older. */
function withoutNow(text: string): string {
  const isNow = (date: string) => Math.abs(Date.parse(date) - Date.now()) < 2 * 24 * 3_600_000;
  return text
    .replace(/\b(20\d\d-\d\d-\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00(?::00)?)?/g, (time, date: string) =>
      isNow(date) ? '{time}' : time,
    )
    .replace(/'(20\d\d-\d\d-\d\d)'/g, (day, date: string) => (isNow(date) ? "'{day}'" : day));
}

function again(text: string): string {
  const begins = text
    .replace(/\s+/g, ' ')
    .slice(0, longestRepeated - 20)
    .trim();
  return `-- again ${hash('sha256', text).slice(0, 6)}: ${begins} …`;
}

function shown(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  return typeof value === 'string' ? `'${value}'` : String(value);
}
