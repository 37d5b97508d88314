import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { day } from './day.ts';

/**
 * In how many days the files of a room have each had their turn in `npm test`, which a person waits for. The others run every day, and
 * `npm run test:all` runs all of them.
 */
const days: Readonly<Record<string, number>> = {
  databases: 4,
  acceptance: 3,
  cli: 2,
  connectors: 2,
  copy: 3,
  docs: 2,
  files: 3,
  filesystems: 3,
  formats: 3,
  functions: 2,
  'functions-host': 3,
  infra: 3,
  lakes: 3,
  simulator: 3,
  state: 3,
};

export interface Turns {
  readonly all: readonly string[];
  /** Those of them whose turn is another day. */
  readonly resting: readonly string[];
}

/** Files of tests, as paths from the root. */
export function turns(on = day, root = join(import.meta.dirname, '..', '..')): Turns {
  const all = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((name) => `tests/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .sort();
  const rooms = Map.groupBy(all, (path) => path.split('/')[1] ?? '');
  const resting = [...rooms].flatMap(([room, files]) => files.filter((_, at) => (at + on) % (days[room] ?? 1) !== 0));
  return { all, resting };
}
